#include "calibration/mapping/webcam/webcam_geometry_mapper.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>

#include "calibration/mapping/combine_eyes.h"
#include "calibration/mapping/webcam/webcam_model.h"

namespace yarbus {
namespace {

using webcam_model::Vector2;
using webcam_model::Vector3;

/// By the eye's six parameters, the screen's six, the scale; the iris (across, down) and the head's pose.
constexpr int parameters = 13;
constexpr int measured = 8;
using Jet = ceres::Jet<double, parameters + measured>;
/// What was measured of both eyes: the right iris, the left one, the head's pose.
using Measured = Eigen::Matrix<double, 10, 1>;
using MeasuredCovariance = Eigen::Matrix<double, 10, 10>;

/// An iris further out than this share of the radius is taken to be there.
constexpr double farthest_share = 0.97;
constexpr double no_eye_share = 1.35;

struct EyeLook {
  Eigen::Vector2d point_mm = Eigen::Vector2d::Zero();
  Eigen::Vector3d optical_axis_in_head = -Eigen::Vector3d::UnitZ();
  Eigen::Matrix<double, 2, parameters + measured> point_by =
      Eigen::Matrix<double, 2, parameters + measured>::Zero();
  Eigen::Matrix<double, 2, measured> axis_by = Eigen::Matrix<double, 2, measured>::Zero();  ///< its x and y
  double reach_mm = 0.0;
};

std::optional<EyeLook> look_with(const WebcamGeometry& geometry, const HeadPose& head, const EyeSight& seen,
                                 EyeSide side) {
  const auto at = static_cast<std::size_t>(side);
  std::array<Jet, 6> eye;
  std::array<Jet, 6> screen;
  for (int k = 0; k < 6; ++k) {
    const auto i = static_cast<std::size_t>(k);
    eye[i] = Jet(geometry.eyes[at][i], k);
    screen[i] = Jet(geometry.screen[i], 6 + k);
  }
  const Jet scale(geometry.head_scale, 12);
  const Eigen::Matrix<double, 3, 2> across = geometric_model::tangents<double>(seen.iris_dir_in_cam);
  const std::array<Jet, 2> iris_off{Jet(0.0, parameters), Jet(0.0, parameters + 1)};
  std::array<Jet, 3> turn;
  Vector3<Jet> shift;
  for (int k = 0; k < 3; ++k) {
    turn[static_cast<std::size_t>(k)] = Jet(0.0, parameters + 2 + k);
    shift[k] = Jet(0.0, parameters + 5 + k);
  }
  const auto to_cam = [&](const Vector3<Jet>& in_head) {
    Vector3<Jet> in_cam = head.cam_from_head.rotation.cast<Jet>() * in_head;
    Vector3<Jet> turned;
    ceres::AngleAxisRotatePoint(turn.data(), in_cam.data(), turned.data());
    return turned;
  };
  const Vector3<Jet> center =
      (to_cam(Vector3<Jet>(eye[0], eye[1], eye[2])) + head.cam_from_head.translation_mm.cast<Jet>() + shift) *
      scale;
  Vector3<Jet> line =
      seen.iris_dir_in_cam.cast<Jet>() + across.cast<Jet>() * Vector2<Jet>(iris_off[0], iris_off[1]);
  line /= line.norm();
  const Jet along = center.dot(line);
  Vector3<Jet> beside = line * along - center;
  const Jet radius = eye[3];
  const Jet past = beside.norm();
  if (!(along.a > radius.a) || !(past.a < no_eye_share * radius.a)) return std::nullopt;
  Jet depth_squared = radius * radius - past * past;
  if (past.a > farthest_share * radius.a) {
    beside *= radius * farthest_share / past;
    depth_squared = radius * radius * (1.0 - farthest_share * farthest_share);
  }
  const Vector3<Jet> optical = (beside - line * sqrt(depth_squared)) / radius;  // in cam
  // Back into the head: the turn of the pose taken back.
  const std::array<Jet, 3> back{-turn[0], -turn[1], -turn[2]};
  Vector3<Jet> unturned;
  ceres::AngleAxisRotatePoint(back.data(), optical.data(), unturned.data());
  Vector3<Jet> in_head = head.cam_from_head.rotation.transpose().cast<Jet>() * unturned;
  in_head /= in_head.norm();
  const Vector3<Jet> visual = to_cam(
      webcam_model::turned_by_listing(in_head, webcam_model::visual_axis_at_rest(eye.data() + 4, side)));
  const webcam_model::Matrix3<Jet> screen_from_cam =
      webcam_model::cam_from_screen_rotation(screen.data()).transpose();
  const Vector3<Jet> origin = screen_from_cam * (center - Vector3<Jet>(screen[3], screen[4], screen[5]));
  const Vector3<Jet> direction = screen_from_cam * visual;
  // At grazing incidence (beyond 84 degrees) the point means nothing.
  if (!(direction[2].a > 0.1) || !(origin[2].a < 0.0)) return std::nullopt;
  const Jet reach = -origin[2] / direction[2];
  EyeLook look;
  look.reach_mm = reach.a;
  for (int k = 0; k < 2; ++k) {
    const Jet point = origin[k] + reach * direction[k];
    look.point_mm[k] = point.a + geometry.middle_mm()[k];
    look.point_by.row(k) = point.v.transpose();
    look.axis_by.row(k) = in_head[k].v.transpose().tail<measured>();
  }
  for (int k = 0; k < 3; ++k) look.optical_axis_in_head[k] = in_head[k].a;
  if (!look.point_mm.allFinite() || !look.point_by.allFinite()) return std::nullopt;
  return look;
}

/// Where an eye's measurements are among those of both.
void place(const Eigen::Matrix<double, 2, measured>& of_eye, int eye, Eigen::Matrix<double, 2, 10>& of_both) {
  of_both.setZero();
  of_both.middleCols<2>(2 * eye) = of_eye.leftCols<2>();
  of_both.rightCols<6>() = of_eye.rightCols<6>();
}

}  // namespace

WebcamLook WebcamGeometryMapper::look(const GazeRays& rays) const {
  WebcamLook result;
  if (!rays.face) return result;
  MeasuredCovariance noise = MeasuredCovariance::Zero();
  const HeadPose& head = rays.face->head;
  noise.bottomRightCorner<6, 6>() = with_turn_doubt(geometry_, head.cam_from_head, head.covariance);
  Eigen::Matrix<double, 4, 10> point_by_measured = Eigen::Matrix<double, 4, 10>::Zero();
  Eigen::Matrix<double, 4, webcam_parameters> point_by_parameters =
      Eigen::Matrix<double, 4, webcam_parameters>::Zero();
  Eigen::Matrix<double, 4, 10> lid_by_measured = Eigen::Matrix<double, 4, 10>::Zero();
  Eigen::Vector4d lid_off = Eigen::Vector4d::Zero();
  Eigen::Vector4d lid_widening = Eigen::Vector4d::Zero();  // 0: no lid
  double reach_mm = 0.0;
  for (int i = 0; i < 2; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto side = static_cast<EyeSide>(i);
    const EyeSight* seen = eye_to_use(rays, side);
    if (seen == nullptr || !geometry_.has_eye[at]) continue;
    const auto eye = look_with(geometry_, head, *seen, side);
    if (!eye) continue;
    result.eyes[at] = true;
    result.points_in_screen_mm.segment<2>(2 * i) = eye->point_mm;
    result.optical_axes_in_head[at] = eye->optical_axis_in_head;
    reach_mm += eye->reach_mm;
    noise.block<2, 2>(2 * i, 2 * i) = seen->iris_covariance_rad2;
    noise.block<2, 2>(2 * i, 2 * i).diagonal() += geometry_.iris_extra_rad.cwiseAbs2();
    point_by_parameters.block<2, 6>(2 * i, 6 * i) = eye->point_by.leftCols<6>();
    point_by_parameters.block<2, 7>(2 * i, 12) = eye->point_by.middleCols<7>(6);
    Eigen::Matrix<double, 2, 10> of_both;
    place(eye->point_by.rightCols<measured>(), i, of_both);
    point_by_measured.middleRows<2>(2 * i) = of_both;
    if (!geometry_.lids || !geometry_.lids->eyes[at].is_fitted) continue;
    const LidModel::Eye& lids = geometry_.lids->eyes[at];
    const Eigen::Vector3d x(1.0, eye->optical_axis_in_head[0], eye->optical_axis_in_head[1]);
    place(eye->axis_by, i, of_both);
    lid_by_measured.middleRows<2>(2 * i) = lids.weights.rightCols<2>() * of_both;
    lid_off.segment<2>(2 * i) = Eigen::Vector2d(seen->upper_lid_mm, seen->lower_lid_mm) - lids.weights * x;
    lid_widening.segment<2>(2 * i).setConstant(std::sqrt(1.0 + std::max(0.0, x.dot(lids.doubt * x))));
  }
  if (!result.eyes[0] && !result.eyes[1]) return result;
  result.mm_by_rad = reach_mm / (result.eyes[0] && result.eyes[1] ? 2.0 : 1.0);
  if (!noise.allFinite()) {
    result.eyes = {};
    return result;
  }
  if (geometry_.lids && lid_widening.any() && lid_off.allFinite()) {
    // The lid as seen is that of the axis as seen, less what the measurements' errors do to it.
    Eigen::Matrix4d lid_noise =
        lid_widening.asDiagonal() * geometry_.lids->noise_mm2 * lid_widening.asDiagonal();
    for (int k = 0; k < 4; ++k) {
      if (lid_widening[k] == 0.0) lid_noise(k, k) = 1.0;  // no lid, and no row beside
    }
    const Eigen::Matrix4d sum = lid_by_measured * noise * lid_by_measured.transpose() + lid_noise;
    const Eigen::LLT<Eigen::Matrix4d> cholesky(sum);
    const Eigen::Matrix<double, 4, 10> gained = cholesky.solve(lid_by_measured * noise);
    // A blink is no gaze: what is beyond 3 sigmas counts as 3.
    const double sigmas = std::sqrt(lid_off.dot(cholesky.solve(lid_off)));
    const double share = sigmas > 3.0 ? 3.0 / sigmas : 1.0;
    const Measured correction = share * gained.transpose() * lid_off;
    result.points_in_screen_mm += point_by_measured * correction;
    noise -= noise * lid_by_measured.transpose() * gained;
    for (int i = 0; i < 2; ++i) {  // to first order
      if (!result.eyes[static_cast<std::size_t>(i)]) continue;
      result.points_in_screen_mm.segment<2>(2 * i) =
          result.points_in_screen_mm.segment<2>(2 * i).cwiseMin(1e5).cwiseMax(-1e5);
    }
  }
  Eigen::Matrix4d covariance = point_by_measured * noise * point_by_measured.transpose() +
                               point_by_parameters * geometry_.covariance * point_by_parameters.transpose();
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 2; ++j) {
      if (!result.eyes[static_cast<std::size_t>(i)] || !result.eyes[static_cast<std::size_t>(j)]) continue;
      covariance.block<2, 2>(2 * i, 2 * j) +=
          geometry_.target_sigma_mm.cwiseAbs2().asDiagonal().toDenseMatrix();
    }
  }
  result.covariance_mm2 = fitted_scale_ * 0.5 * (covariance + covariance.transpose());
  return result;
}

std::optional<GazePoint> point_of(const WebcamLook& look) {
  if (look.eyes[0] && look.eyes[1])
    return combine_eyes({look.points_in_screen_mm.head<2>(), look.points_in_screen_mm.tail<2>()},
                        look.covariance_mm2);
  if (look.eyes[0])
    return GazePoint{
        look.points_in_screen_mm.head<2>(), look.covariance_mm2.topLeftCorner<2, 2>(), {true, false}};
  if (look.eyes[1])
    return GazePoint{
        look.points_in_screen_mm.tail<2>(), look.covariance_mm2.bottomRightCorner<2, 2>(), {false, true}};
  return std::nullopt;
}

std::optional<GazePoint> WebcamGeometryMapper::map(const GazeRays& rays) const {
  return point_of(look(rays));
}

}  // namespace yarbus
