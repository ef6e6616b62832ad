#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include <Eigen/Core>

#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus {

/// A sub-pixel point on the pupil's outline. Frames & units: image, px.
struct EdgePoint {
  Eigen::Vector2f position_px = Eigen::Vector2f::Zero();
  float sigma_px = 0.5F;  ///< standard deviation across the edge
};

constexpr std::size_t max_edge_points = 256;

/// A pupil found in one image: the outline, the edge points it rests on, and the probability that it is
/// right.
struct PupilObservation {
  Ellipse ellipse;
  FixedVector<EdgePoint, max_edge_points> edge_points;           ///< inliers only
  OutlineCovariance covariance_px2 = OutlineCovariance::Zero();  ///< of the ellipse, from its edges
  double confidence = 0.0;  ///< 0..1: probability that the outline is nowhere more than 2 px off the pupil's
  /// 0..1: share of the pupil's height that a lid covers; absent where the image's border does.
  std::optional<double> lid_closure;
};

/// Why an image shows no usable pupil.
enum class PupilMissReason : std::uint8_t {
  no_candidate,      ///< nothing dark and round
  blink,             ///< the eye is closed or closing
  low_contrast,      ///< a dark region, but no edge worth the name
  rejected_ellipse,  ///< an outline that does not sit on the image's edges
  out_of_frame,      ///< the dark disc is cut by the image border
  occluded,          ///< where the pupil is expected, lashes, a lid or a reflection hide most of it
};

/// How many reasons there are, for counting by reason.
constexpr std::size_t pupil_miss_reason_count = static_cast<std::size_t>(PupilMissReason::occluded) + 1;

constexpr std::string_view to_string(PupilMissReason reason) {
  switch (reason) {
    case PupilMissReason::no_candidate:
      return "no_candidate";
    case PupilMissReason::blink:
      return "blink";
    case PupilMissReason::low_contrast:
      return "low_contrast";
    case PupilMissReason::rejected_ellipse:
      return "rejected_ellipse";
    case PupilMissReason::out_of_frame:
      return "out_of_frame";
    case PupilMissReason::occluded:
      return "occluded";
  }
  return "unknown";
}

struct PupilMiss {
  PupilMissReason reason = PupilMissReason::no_candidate;
  double best_confidence = 0.0;  ///< of the best rejected hypothesis, 0..1
  /// 0 open, 1 the lid covers the pupil; absent where nothing tells
  std::optional<double> lid_closure = std::nullopt;
};

/// No pupil is an outcome with a reason, not an error and not confidence 0.
using PupilOutcome = std::variant<PupilMiss, PupilObservation>;

/// Confidence for event filters: the observation's, or 0 for a miss.
inline double confidence_of(const PupilOutcome& outcome) {
  const auto* observation = std::get_if<PupilObservation>(&outcome);
  return observation != nullptr ? observation->confidence : 0.0;
}

/// How much of the pupil the lid covers, 0..1, where the image tells.
inline std::optional<double> lid_closure_of(const PupilOutcome& outcome) {
  if (const auto* observation = std::get_if<PupilObservation>(&outcome)) return observation->lid_closure;
  return std::get<PupilMiss>(outcome).lid_closure;
}

}  // namespace yarbus
