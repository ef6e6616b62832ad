#include "tracker/face/face_sight_maker.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>

#include "tracker/face/eye_patch.h"
#include "tracker/face/head_shape.h"
#include "tracker/face/limbus_fit.h"

namespace yarbus {
namespace {

/// The eye turns about a point this far behind the middle of its corners.
constexpr double center_behind_corners_mm = 5.5;
constexpr int frames_to_learn_place = 45;
constexpr double limbus_radius_mm = 5.85;
/// A landmark's error goes along from frame to frame: at least so much of the iris' radius.
constexpr double least_landmark_share = 0.04;
/// An iris is found if its middle is nearer to the truth than this share of its radius.
constexpr double found_share = 0.2;
/// Of the square that the face finder gives, as the eyes lie in it (EyeFinder).
constexpr double face_width_mm = 143.0;
constexpr double face_middle_below_eyes_mm = 33.0;

/// Axes: long semi-axis only; the shape keeps its form.
OutlineCovariance outline_covariance(const Ellipse& limbus, const Eigen::Matrix3d& middle_and_radius_px2) {
  const OutlineShape shape = OutlineShape::from(limbus);
  Eigen::Matrix<double, 5, 3> from = Eigen::Matrix<double, 5, 3>::Zero();
  from(0, 0) = from(1, 1) = 1.0;
  from(2, 2) = shape.s_xx_px / limbus.semi_major_px;
  from(3, 2) = shape.s_xy_px / limbus.semi_major_px;
  from(4, 2) = shape.s_yy_px / limbus.semi_major_px;
  return from * middle_and_radius_px2 * from.transpose();
}

/// Height of a point under the line of the corners, mm of the face.
double below_corners_mm(const EyeFrame& frame, const EyeLandmarks& eye, const Eigen::Vector2d& px) {
  const Eigen::Vector2d outer = frame.to_mm(eye.outer_corner_px);
  const Eigen::Vector2d inner = frame.to_mm(eye.inner_corner_px);
  const Eigen::Vector2d at = frame.to_mm(px);
  const double along = inner.x() - outer.x();
  const double share = std::abs(along) > 1e-6 ? (at.x() - outer.x()) / along : 0.5;
  return at.y() - (outer.y() + share * (inner.y() - outer.y()));
}

/// The margin above or below the iris' middle.
Eigen::Vector2d lid_at(const std::array<Eigen::Vector2d, lid_points>& lid, const Eigen::Vector2d& iris_px) {
  std::size_t nearest = 0;
  for (std::size_t i = 1; i < lid_points; ++i) {
    if (std::abs(lid[i].x() - iris_px.x()) < std::abs(lid[nearest].x() - iris_px.x())) nearest = i;
  }
  // Along the piece on the iris' side of the nearest point.
  const bool is_left = iris_px.x() < lid[nearest].x();
  const bool rises = lid.back().x() > lid.front().x();
  const std::size_t other = (is_left == rises) ? (nearest > 0 ? nearest - 1 : nearest)
                                               : (nearest + 1 < lid_points ? nearest + 1 : nearest);
  const double width = lid[other].x() - lid[nearest].x();
  if (std::abs(width) < 1e-9) return lid[nearest];
  const double share = std::clamp((iris_px.x() - lid[nearest].x()) / width, 0.0, 1.0);
  return lid[nearest] + share * (lid[other] - lid[nearest]);
}

}  // namespace

FaceSightMaker::FaceSightMaker(const CameraIntrinsics& intrinsics) : intrinsics_(intrinsics) { forget(); }

void FaceSightMaker::forget() {
  scale_.forget();
  for (std::size_t side = 0; side < 2; ++side) {
    const double x_mm = (side == 0 ? -0.5 : 0.5) * eyes_apart_mm;
    places_[side] = {{x_mm, 0.0, eyes_in_head_z_mm}, 0};
  }
}

FaceBox FaceSightMaker::face_of(const HeadPose& assumed) const {
  const RigidTransform& pose = assumed.cam_from_head;
  FaceBox face;
  face.center_px = intrinsics_.project(pose.point({0.0, face_middle_below_eyes_mm, eyes_in_head_z_mm}));
  face.size_px = intrinsics_.fx_px * face_width_mm / std::max(1.0, pose.translation_mm.z());
  return face;
}

void FaceSightMaker::begin(const HeadPose& assumed) {
  assumed_ = assumed;
  sight_ = FaceSight{};
}

EyeFrame FaceSightMaker::eye_frame(EyeSide side) const {
  return EyeFrame::on_head(assumed_.cam_from_head, places_[static_cast<std::size_t>(side)].in_head_mm,
                           intrinsics_);
}

void FaceSightMaker::learn_place(EyeSide side, const EyeLandmarks& landmarks, const EyeFrame& frame) {
  Place& place = places_[static_cast<std::size_t>(side)];
  if (place.frames >= frames_to_learn_place) return;
  const Eigen::Vector2d off_mm = frame.to_mm(landmarks.corners_middle_px());
  if (!off_mm.allFinite() || off_mm.norm() > 15.0) return;
  ++place.frames;
  place.in_head_mm.head<2>() += off_mm / place.frames;
}

IrisObservation FaceSightMaker::observe(const GrayView& image, EyeSide side, const EyeLandmarks& landmarks) {
  const EyeFrame frame = eye_frame(side);
  const Place& place = places_[static_cast<std::size_t>(side)];
  const Eigen::Vector3d center_in_head_mm =
      place.in_head_mm + Eigen::Vector3d(0.0, 0.0, center_behind_corners_mm);

  IrisObservation seen;
  Eigen::Matrix3d covariance_px2 = Eigen::Matrix3d::Zero();
  const double least_px = least_landmark_share * landmarks.iris_radius_px;
  EyeLandmarks prior = landmarks;
  prior.iris_sigma_px = landmarks.iris_sigma_px.cwiseMax(least_px);
  const double factor = scale_.factor();
  LimbusExpectation expected;
  expected.eye_center_in_cam_mm = factor * assumed_.cam_from_head.point(center_in_head_mm);
  const auto fit = fit_limbus(image, intrinsics_, prior, expected);
  if (fit) {
    seen.limbus = fit->limbus;
    covariance_px2 = fit->covariance_px2;
    seen.limbus_points_px = fit->points_px;
    scale_.push(fit->limbus.semi_major_px / intrinsics_.fx_px,
                std::sqrt(covariance_px2(2, 2)) / intrinsics_.fx_px,
                assumed_.cam_from_head.point(center_in_head_mm).norm() - 10.0 / factor);
  } else {  // what the landmarks say
    seen.limbus = {landmarks.iris_px, landmarks.iris_radius_px, landmarks.iris_radius_px, 0.0};
    covariance_px2.diagonal() << prior.iris_sigma_px.cwiseAbs2(),
        std::pow(0.1 * landmarks.iris_radius_px, 2.0);
  }
  seen.limbus_covariance_px2 = outline_covariance(seen.limbus, covariance_px2);
  seen.inner_corner_px = landmarks.inner_corner_px;
  seen.outer_corner_px = landmarks.outer_corner_px;
  seen.upper_lid_px = lid_at(landmarks.upper_lid_px, seen.limbus.center_px);
  seen.lower_lid_px = lid_at(landmarks.lower_lid_px, seen.limbus.center_px);
  seen.openness = landmarks.openness;
  const double error_px2 = 0.5 * covariance_px2.topLeftCorner<2, 2>().trace();
  const double far_px = found_share * seen.limbus.semi_major_px;
  seen.confidence =
      landmarks.eye_probability * (1.0 - std::exp(-0.5 * far_px * far_px / std::max(1e-9, error_px2)));

  EyeSight& eye = sight_.eyes[static_cast<std::size_t>(side)].emplace();
  const Eigen::Vector2d straight_px =
      intrinsics_.undistort(seen.limbus.center_px).value_or(seen.limbus.center_px);
  const Eigen::Vector3d ray((straight_px.x() - intrinsics_.cx_px) / intrinsics_.fx_px,
                            (straight_px.y() - intrinsics_.cy_px) / intrinsics_.fy_px, 1.0);
  eye.iris_dir_in_cam = ray.normalized();
  const double cosine = eye.iris_dir_in_cam.z();
  eye.iris_covariance_rad2 =
      covariance_px2.topLeftCorner<2, 2>() * cosine * cosine / (intrinsics_.fx_px * intrinsics_.fx_px);
  eye.limbus_radius_rad = seen.limbus.semi_major_px * cosine / intrinsics_.fx_px;
  eye.limbus_radius_sigma_rad = std::sqrt(covariance_px2(2, 2)) * cosine / intrinsics_.fx_px;
  eye.eye_center_in_head_mm = center_in_head_mm;  // scaled in finish()
  eye.upper_lid_mm = below_corners_mm(frame, landmarks, seen.upper_lid_px);
  eye.lower_lid_mm = below_corners_mm(frame, landmarks, seen.lower_lid_px);
  eye.openness = seen.openness;
  eye.confidence = seen.confidence;
  cut_eye_patch(image, frame, cutter_, scratch_, eye.patch);
  learn_place(side, landmarks, frame);
  return seen;
}

std::shared_ptr<const FaceSight> FaceSightMaker::finish() {
  const double factor = scale_.factor();
  sight_.head = assumed_;
  sight_.head.cam_from_head.translation_mm *= factor;
  Eigen::Matrix<double, 6, 1> scale;
  scale << 1.0, 1.0, 1.0, factor, factor, factor;
  sight_.head.covariance = scale.asDiagonal() * assumed_.covariance * scale.asDiagonal();
  for (auto& eye : sight_.eyes) {
    if (!eye) continue;
    eye->eye_center_in_head_mm *= factor;
    eye->upper_lid_mm *= factor;
    eye->lower_lid_mm *= factor;
  }
  return std::make_shared<const FaceSight>(sight_);
}

}  // namespace yarbus
