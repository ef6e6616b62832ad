#include "eyemodel/geometry/vergence.h"

#include <cmath>

#include <Eigen/Geometry>
#include <Eigen/LU>

namespace yarbus {
namespace {

/// The two feet as parameters along their lines, with what their derivatives need.
struct Feet {
  Eigen::Vector3d d_r;
  Eigen::Vector3d d_l;
  Eigen::Vector3d from_right_to_left_mm;
  Eigen::Matrix2d inverse_normal;
  Eigen::Vector2d along_mm;  ///< s, t

  /// How the middle of the feet moves when the right (or left) direction or origin does.
  enum class Input : std::uint8_t { right_direction, left_direction, right_origin, left_origin };
  [[nodiscard]] Eigen::Matrix3d jacobian(Input input) const {
    Eigen::Matrix3d out;
    for (int i = 0; i < 3; ++i) {
      const Eigen::Vector3d e = Eigen::Vector3d::Unit(i);
      Eigen::Matrix2d d_normal = Eigen::Matrix2d::Zero();
      Eigen::Vector2d d_rhs = Eigen::Vector2d::Zero();
      Eigen::Vector3d own = e;  // the direct part of twice the middle
      switch (input) {
        case Input::right_direction:
          d_normal << 2.0 * d_r.dot(e), -e.dot(d_l), -e.dot(d_l), 0.0;
          d_rhs.x() = from_right_to_left_mm.dot(e);
          own = along_mm.x() * e;
          break;
        case Input::left_direction:
          d_normal << 0.0, -e.dot(d_r), -e.dot(d_r), 2.0 * d_l.dot(e);
          d_rhs.y() = -from_right_to_left_mm.dot(e);
          own = along_mm.y() * e;
          break;
        case Input::right_origin:
          d_rhs << -d_r.dot(e), d_l.dot(e);
          break;
        case Input::left_origin:
          d_rhs << d_r.dot(e), -d_l.dot(e);
          break;
      }
      const Eigen::Vector2d d_along = inverse_normal * (d_rhs - d_normal * along_mm);
      out.col(i) = 0.5 * (own + d_along.x() * d_r + d_along.y() * d_l);
    }
    return out;
  }
};

}  // namespace

std::optional<GazeLine> GazeLine::of(const GazeSample& sample) {
  if (!sample.pose) return std::nullopt;
  GazeLine line;
  line.origin_mm = sample.pose->eye_center_in_cam_mm;
  line.direction = sample.pose->gaze_dir_in_cam();
  if (sample.pose->uncertainty) {
    line.direction_covariance = sample.pose->uncertainty->gaze_covariance_in_cam;
    if (sample.model) line.origin_covariance_mm2 = sample.model->covariance_mm2.topLeftCorner<3, 3>();
  }
  return line;
}

GazeLine GazeLine::transformed(const RigidTransform& a_from_b) const {
  GazeLine out;
  out.origin_mm = a_from_b.point(origin_mm);
  out.direction = a_from_b.direction(direction);
  if (direction_covariance) out.direction_covariance = a_from_b.covariance(*direction_covariance);
  out.origin_covariance_mm2 = a_from_b.covariance(origin_covariance_mm2);
  return out;
}

VergenceOutcome vergence_of(const GazeLine& right, const GazeLine& left, const VergenceOptions& options) {
  Feet feet{right.direction, left.direction, left.origin_mm - right.origin_mm, {}, {}};
  const double angle_rad = std::atan2(feet.d_r.cross(feet.d_l).norm(), feet.d_r.dot(feet.d_l));
  constexpr double half_turn_rad = 3.14159265358979323846;
  if (!(angle_rad >= options.min_angle_rad && angle_rad <= half_turn_rad - options.min_angle_rad))
    return VergenceMiss::parallel;
  Eigen::Matrix2d normal;
  normal << feet.d_r.squaredNorm(), -feet.d_r.dot(feet.d_l), -feet.d_r.dot(feet.d_l), feet.d_l.squaredNorm();
  feet.inverse_normal = normal.inverse();
  feet.along_mm = feet.inverse_normal * Eigen::Vector2d(feet.from_right_to_left_mm.dot(feet.d_r),
                                                        -feet.from_right_to_left_mm.dot(feet.d_l));
  if (!(feet.along_mm.minCoeff() > 0.0)) return VergenceMiss::diverging;

  const Eigen::Vector3d foot_r_mm = right.origin_mm + feet.along_mm.x() * feet.d_r;
  const Eigen::Vector3d foot_l_mm = left.origin_mm + feet.along_mm.y() * feet.d_l;
  VergencePoint point;
  point.point_in_right_cam_mm = 0.5 * (foot_r_mm + foot_l_mm);
  point.gap_mm = (foot_r_mm - foot_l_mm).norm();
  point.distance_mm = (point.point_in_right_cam_mm - 0.5 * (right.origin_mm + left.origin_mm)).norm();
  point.angle_rad = angle_rad;
  if (right.direction_covariance && left.direction_covariance) {
    const auto spread = [&](Feet::Input input, const Eigen::Matrix3d& covariance) -> Eigen::Matrix3d {
      const Eigen::Matrix3d jacobian = feet.jacobian(input);
      return jacobian * covariance * jacobian.transpose();
    };
    point.covariance_mm2 = spread(Feet::Input::right_direction, *right.direction_covariance) +
                           spread(Feet::Input::left_direction, *left.direction_covariance) +
                           spread(Feet::Input::right_origin, right.origin_covariance_mm2) +
                           spread(Feet::Input::left_origin, left.origin_covariance_mm2);
  }
  return point;
}

VergenceOutcome vergence_of(const GazeSample* right, const GazeSample* left,
                            const std::optional<RigidTransform>& right_cam_from_left_cam,
                            const VergenceOptions& options) {
  const auto right_line = right != nullptr ? GazeLine::of(*right) : std::nullopt;
  const auto left_line = left != nullptr ? GazeLine::of(*left) : std::nullopt;
  if (!right_line || !left_line) return VergenceMiss::one_eye;
  if (!right_cam_from_left_cam) return VergenceMiss::unknown_geometry;
  return vergence_of(*right_line, left_line->transformed(*right_cam_from_left_cam), options);
}

}  // namespace yarbus
