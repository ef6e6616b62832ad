#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include <Eigen/Core>

#include "eyemodel/fit/pupil_outline.h"
#include "eyemodel/geometry/corneal_refraction.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/optical_anatomy.h"

namespace yarbus {

/// What all frames share: eye centre in cam (3), then OpticalAnatomy::vector() (4). Units: mm.
using EyeShape = Eigen::Matrix<double, 7, 1>;
/// What is one frame's own: the gaze's offsets a, b from a chart's base (rad, at the base), pupil radius
/// (mm).
using EyeTurn = Eigen::Vector3d;
/// Derivatives by EyeShape (7), then EyeTurn (3).
constexpr int refraction_parameters = 10;
using RefractionRow = Eigen::Matrix<double, 1, refraction_parameters>;
/// Of an image point: x, y.
using RefractionRows = Eigen::Matrix<double, 2, refraction_parameters>;

/// The camera of the undistorted image, its lights kept (CameraIntrinsics::pinhole drops them).
CameraIntrinsics pinhole_with_lights(const CameraIntrinsics& intrinsics);

EyeShape shape_of(const Eigen::Vector3d& eye_center_in_cam_mm, const OpticalAnatomy& anatomy);
/// Everything positive, the pupil's plane inside the cornea, the limbus on it, the eye before the camera.
bool is_possible(const EyeShape& shape);

/// One frame's eye as the camera sees it through the cornea: the forward model of the refraction stage.
/// Frames & units: undistorted image, px; cam, mm. Every distance is to the exact curve: an outline point is
/// where the ray of a pixel, refracted by Snell's law (pass_cornea), meets the pupil's rim. Derivatives by
/// the implicit function theorem. Threads: concurrent-safe. No heap.
class RefractedFrame {
 public:
  /// Exact points of an outline that stand for it where an ellipse is asked for.
  static constexpr int outline_points = 24;

  /// `shape` must be possible; the radius positive. The lights are those of `intrinsics`.
  RefractedFrame(const EyeShape& shape, const PupilChart& chart, const EyeTurn& turn,
                 const CameraIntrinsics& intrinsics);

  /// Distance (px, negative inside) of an image point to the pupil's outline, and its derivatives.
  /// Errors: nullopt where the point's ray or its nearest outline point's misses the cornea.
  /// Cost: about 0.2 us.
  std::optional<double> pupil_distance_px(const Eigen::Vector2d& point_px,
                                          RefractionRow* row = nullptr) const;
  /// The same to the limbus, which lies on the cornea and is not refracted.
  std::optional<double> limbus_distance_px(const Eigen::Vector2d& point_px,
                                           RefractionRow* row = nullptr) const;

  /// The lights' number, and the mirror image (px) of one of them on the cornea with its derivatives.
  /// Errors: nullopt where the light's reflection would lie beyond the limbus or behind the cornea's horizon.
  /// Cost: under 1 us.
  [[nodiscard]] std::size_t light_count() const { return lights_in_cam_mm_.size(); }
  std::optional<Eigen::Vector2d> glint_px(std::size_t light, RefractionRows* rows = nullptr) const;

  /// The apparent pupil and limbus as ellipses: exact outline points at even angles about the middle, a
  /// least-squares conic through them. Errors: nullopt if part of the outline cannot be seen.
  [[nodiscard]] std::optional<Ellipse> pupil_ellipse() const;
  [[nodiscard]] std::optional<Ellipse> limbus_ellipse() const;

  [[nodiscard]] const Eigen::Vector3d& gaze_dir_in_cam() const { return eye_.optical_axis_in_cam; }
  /// How it turns with the chart's offsets (1/rad), across it.
  [[nodiscard]] Eigen::Matrix<double, 3, 2> axis_by_turn() const {
    Eigen::Matrix<double, 3, 2> by_turn;
    by_turn << axis_by_a_, axis_by_b_;
    return by_turn;
  }
  /// The pupil itself.
  [[nodiscard]] Circle3 pupil_in_cam() const;

 private:
  /// An implicit curve's value at a pixel (mm), its gradient by the pixel (mm/px) and by the parameters.
  struct Curve {
    double value_mm = 0.0;
    Eigen::Vector2d by_pixel;
    RefractionRow by_parameters;
  };
  struct Outline {
    std::array<Eigen::Vector2d, outline_points> points_px;
  };
  template <bool refracted>
  std::optional<Outline> outline() const;
  [[nodiscard]] Eigen::Vector2d pixel_of(const Eigen::Vector3d& in_cam_mm) const;
  [[nodiscard]] std::optional<Eigen::Vector2d> apparent_center_px() const;
  [[nodiscard]] std::optional<Eigen::Vector2d> limbus_center_px() const;
  template <bool refracted>
  std::optional<Curve> curve_at(const Eigen::Vector2d& pixel, bool with_parameters) const;
  template <bool refracted>
  std::optional<double> distance(const Eigen::Vector2d& point, RefractionRow* row) const;

  RefractingEye eye_;
  double radius_mm_ = 0.0;
  double limbus_radius_mm_ = 0.0;
  Eigen::Vector3d axis_by_a_;
  Eigen::Vector3d axis_by_b_;
  CameraIntrinsics intrinsics_;  ///< without the lights, which would be on the heap
  FixedVector<Eigen::Vector3d, max_leds> lights_in_cam_mm_;
};

}  // namespace yarbus
