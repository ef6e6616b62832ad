#pragma once

#include <array>
#include <optional>

#include "eyemodel/types/iris_pair.h"

namespace yarbus {

/// Notices that a face does nothing that a living one does: a photograph, or a screen that shows one.
/// Method: over 20 s of frames with eyes, neither a blink nor a turn of the eyes in the head by more than two
/// degrees, as the iris' place between the corners tells. Time comes with the frames. One owner; no heap.
class Liveness {
 public:
  void push(CaptureTime at, const FaceOutcome& outcome);
  /// The face has been lifeless for that long until now.
  [[nodiscard]] bool is_lifeless() const { return is_lifeless_; }
  void forget() { *this = Liveness(); }

 private:
  std::optional<CaptureTime> since_;  ///< of the last sign of life, or the first frame
  std::array<Eigen::Vector2d, 2> low_;
  std::array<Eigen::Vector2d, 2> high_;
  std::array<std::optional<Eigen::Vector2d>, 2> mean_;  ///< slow
  bool is_lifeless_ = false;
};

}  // namespace yarbus
