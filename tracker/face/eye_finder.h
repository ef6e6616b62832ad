#pragma once

#include <array>
#include <optional>

#include "eyemodel/types/face_box.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"
#include "tracker/face/eye_landmarks.h"
#include "tracker/face/eye_network.h"

namespace yarbus {

/// The eyes of a face that was found. By EyeSide.
struct FoundEyes {
  bool has_any = false;
  std::array<std::optional<EyeLandmarks>, 2> eyes;
  /// Between the corners of each eye; of one that is not seen, where it should be.
  std::array<Eigen::Vector2d, 2> middles_px{Eigen::Vector2d::Zero(), Eigen::Vector2d::Zero()};
  double iris_radius_px = 0.0;  ///< mean of those that are seen
};

/// Finds eyes: with the network, or without it by votes for the iris, to compare. Frames & units: image as
/// captured, px. Threads: one owner.
class EyeFinder {
 public:
  /// Errors: EyeNetwork::create()'s.
  static Result<EyeFinder> create(bool uses_network);

  /// Near a place that is known.
  EyeLandmarks find(const GrayView& image, const EyePlace& place);
  /// On a face that was found. An eye less probable than that is not seen.
  FoundEyes search(const GrayView& image, const FaceBox& face, double least_probability);

 private:
  explicit EyeFinder(std::optional<EyeNetwork> network) : network_(std::move(network)) {}
  EyeLandmarks look(const GrayView& image, const EyePlace& place, int looks);

  std::optional<EyeNetwork> network_;
};

}  // namespace yarbus
