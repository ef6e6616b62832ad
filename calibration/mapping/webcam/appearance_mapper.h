#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "calibration/mapping/webcam/appearance_process.h"
#include "calibration/mapping/webcam/patch_pixels.h"
#include "calibration/mapping/webcam/webcam_geometry_mapper.h"

namespace yarbus {

/// The geometric mapper, corrected by a Gaussian process of what it left over at the calibration's frames,
/// eye by eye, over the eye's angles in the head, its lids, the head's pose and the eye's patch. Far from
/// what was seen then it is the geometric mapper. Frames & units: as GazeMapper. No heap per call, about 0.1
/// ms.
class AppearanceMapper final : public GazeMapper {
 public:
  static constexpr std::size_t least_targets = 4;
  /// An eye seen at fewer targets is left as it is. `fitted_scale`: of the stated variance.
  AppearanceMapper(std::shared_ptr<const WebcamGeometryMapper> geometric, std::span<const FaceTarget> targets,
                   double fitted_scale = 1.0);

  [[nodiscard]] AppearanceMapper scaled(double scale) const {
    AppearanceMapper copy = *this;
    copy.fitted_scale_ *= scale;
    return copy;
  }
  [[nodiscard]] std::string_view name() const override { return "appearance process"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;
  /// nullptr: that eye is not corrected.
  [[nodiscard]] const AppearanceProcess* process(EyeSide side) const {
    const auto& eye = eyes_[static_cast<std::size_t>(side)];
    return eye ? &eye->process : nullptr;
  }

 private:
  /// Numbers as seen: of the place, then the patch's levels about their mean.
  struct Seen {
    Eigen::Matrix<double, appearance_place_numbers, 1> place;
    Eigen::Matrix<double, small_patch_pixels, 1> levels;
  };
  struct Eye {
    Eigen::Matrix3d mean_cam_from_head = Eigen::Matrix3d::Identity();
    Eigen::Matrix<double, appearance_place_numbers, 1> place_mean;
    Eigen::Matrix<double, appearance_place_numbers, 1> place_spread;
    Eigen::Matrix<double, appearance_place_numbers, 1> lowest;  ///< of the calibration
    Eigen::Matrix<double, appearance_place_numbers, 1> highest;
    Eigen::Matrix<double, small_patch_pixels, 1> level_mean;
    /// Columns, divided by their spread.
    Eigen::Matrix<double, small_patch_pixels, appearance_patch_numbers> components;
    AppearanceProcess process;
  };
  static Seen seen_of(const EyeSight& sight, const HeadPose& head,
                      const Eigen::Vector3d& optical_axis_in_head, const Eigen::Matrix3d& mean_cam_from_head);
  static AppearanceNumbers numbers_of(const Seen& seen, const Eye& eye);
  void fit_eye(EyeSide side, std::span<const FaceTarget> targets);

  std::shared_ptr<const WebcamGeometryMapper> geometric_;
  std::array<std::optional<Eye>, 2> eyes_;
  double fitted_scale_ = 1.0;
};

}  // namespace yarbus
