#pragma once

#include <array>
#include <memory>
#include <optional>

#include <Eigen/Core>

#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/webcam/webcam_geometry.h"

namespace yarbus {

/// Both eyes' lines of sight on the screen, as one frame shows them. Frames & units: screen, mm; head.
struct WebcamLook {
  std::array<bool, 2> eyes{};  ///< which there are, by EyeSide
  /// The right eye's point, then the left's; what is absent is zero.
  Eigen::Vector4d points_in_screen_mm = Eigen::Vector4d::Zero();
  Eigen::Matrix4d covariance_mm2 = Eigen::Matrix4d::Zero();
  std::array<Eigen::Vector3d, 2> optical_axes_in_head{-Eigen::Vector3d::UnitZ(), -Eigen::Vector3d::UnitZ()};
  double mm_by_rad = 1.0;  ///< of gaze, straight before the eyes
};

/// From the iris on the sphere about the eye's centre in the head to the visual axis, and on to the screen.
/// The lids, as a fitted linear function of the same axis, correct each frame's noise. Frames & units: as
/// GazeMapper. No heap per call, about 10 us.
class WebcamGeometryMapper final : public GazeMapper {
 public:
  /// `fitted_scale`: of the stated variance.
  explicit WebcamGeometryMapper(WebcamGeometry geometry, double fitted_scale = 1.0)
      : geometry_(std::move(geometry)), fitted_scale_(fitted_scale) {}

  [[nodiscard]] std::string_view name() const override { return "geometric"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;
  [[nodiscard]] const WebcamGeometry& geometry() const { return geometry_; }
  [[nodiscard]] WebcamLook look(const GazeRays& rays) const;

 private:
  WebcamGeometry geometry_;
  double fitted_scale_ = 1.0;
};

/// One point of a look; nullopt without an eye.
std::optional<GazePoint> point_of(const WebcamLook& look);

}  // namespace yarbus
