#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <Eigen/Core>

#include "app/benchmark/frame_kind.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus::benchmark {

/// How the detector is run over a recording.
enum class DetectionWay : std::uint8_t {
  cold,     ///< every frame as if it were the first: no prior
  tracked,  ///< with the prior that the tracker takes from the frame before (next_prior)
};
constexpr std::size_t way_count = 2;
constexpr std::array<DetectionWay, way_count> ways{DetectionWay::cold, DetectionWay::tracked};
constexpr std::string_view to_string(DetectionWay way) {
  return way == DetectionWay::cold ? "cold" : "tracked";
}

template <class T>
using PerWay = std::array<T, way_count>;

/// PupilObservation::confidence is the probability that the outline is nowhere farther off than this.
constexpr double claimed_outline_px = 2.0;

/// What the detector said about one labelled frame, run one way, against the truth. Frames & units: image as
/// captured, px; differences are found minus true.
struct DetectionScore {
  FrameKind kind = FrameKind::counted;
  std::optional<double> visible_fraction;
  bool was_found = false;               ///< a pupil was reported, right or wrong
  std::optional<PupilMissReason> miss;  ///< of a frame without; nullopt also if the frame has no image
  double confidence = 0.0;              ///< of the reported pupil
  std::optional<double> lid_closure;    ///< as stated, for a pupil or a miss
  std::optional<Eigen::Vector2d> center_offset_px;
  /// Of the mean diameter, 2 sqrt(semi_major * semi_minor): that of the circle of the same area.
  std::optional<double> diameter_offset_px;
  std::optional<double> outline_px;  ///< Hausdorff distance; NaN for an ellipse that is not finite

  /// False without a pupil or without a truth, and for a distance that is not finite.
  [[nodiscard]] bool center_is_within(double px) const {
    return center_offset_px && center_offset_px->norm() < px;
  }
  [[nodiscard]] bool outline_is_within(double px) const { return outline_px && *outline_px < px; }
  /// Whether what the confidence claims is so. Where the eye is closed any pupil is wrong.
  [[nodiscard]] bool is_as_claimed() const {
    return kind != FrameKind::closed && outline_px && *outline_px <= claimed_outline_px;
  }
};

/// `outcome` is null for a frame whose image is missing: no pupil, for no reason of the detector's.
DetectionScore score_outcome(const FrameLabel& label, const PupilOutcome* outcome);

}  // namespace yarbus::benchmark
