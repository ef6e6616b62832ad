#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include <Eigen/Core>

#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/gaze_sample.h"

namespace yarbus {

/// Where the two gaze lines come nearest to each other. Frames & units: the cam of the right eye, mm.
struct VergencePoint {
  Eigen::Vector3d point_in_right_cam_mm = Eigen::Vector3d::Zero();  ///< middle of the two nearest points
  double gap_mm = 0.0;                                              ///< between the two nearest points
  double distance_mm = 0.0;  ///< of the point from the middle between the two eyes
  double angle_rad = 0.0;    ///< between the two lines
  /// Of the point; absent where a pose does not tell how sure it is.
  std::optional<Eigen::Matrix3d> covariance_mm2;
};

/// Why two eyes give no vergence point.
enum class VergenceMiss : std::uint8_t {
  one_eye,           ///< only one eye has a gaze at this time
  unknown_geometry,  ///< two cameras, and nobody said where one is seen from the other
  parallel,          ///< the lines are too nearly parallel to tell where they meet
  diverging,         ///< the lines come nearest behind an eye
};

constexpr std::string_view to_string(VergenceMiss miss) {
  switch (miss) {
    case VergenceMiss::one_eye:
      return "one_eye";
    case VergenceMiss::unknown_geometry:
      return "unknown_geometry";
    case VergenceMiss::parallel:
      return "parallel";
    case VergenceMiss::diverging:
      return "diverging";
  }
  return "unknown";
}

/// No point is an outcome with a reason.
using VergenceOutcome = std::variant<VergenceMiss, VergencePoint>;

/// What both eyes did at one time: a new sample of one eye with the other eye's nearest in capture time.
struct BinocularSample {
  EyeSide newest = EyeSide::right;  ///< whose sample is the new one; the other's may have come before
  CaptureTime time{};               ///< of the new sample
  GazeSamplePtr right;              ///< null: no sample near enough in time
  GazeSamplePtr left;               ///< likewise
  std::chrono::nanoseconds partner_offset{};  ///< partner's capture time minus `time`; 0 without a partner
  VergenceOutcome vergence = VergenceMiss::one_eye;

  [[nodiscard]] const GazeSamplePtr& of(EyeSide side) const { return side == EyeSide::right ? right : left; }
  [[nodiscard]] const GazeSamplePtr& newest_sample() const { return of(newest); }
  [[nodiscard]] const GazeSamplePtr& partner() const { return newest == EyeSide::right ? left : right; }
  [[nodiscard]] const VergencePoint* vergence_point() const { return std::get_if<VergencePoint>(&vergence); }
};

}  // namespace yarbus
