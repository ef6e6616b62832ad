#include "eyemodel/simulation/face/head_course.h"

#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

Eigen::Matrix3d turn(double deg, const Eigen::Vector3d& axis) {
  return Eigen::AngleAxisd(deg * rad_per_deg, axis).toRotationMatrix();
}

/// 0 at rest, 1 away: away from the third to the sixth second of every eight.
double away(double time_s) {
  constexpr double period_s = 8.0;
  const double t = std::fmod(time_s, period_s);
  constexpr double passage_s = 0.9;
  return saccade_progress((t - 3.0) / passage_s) - saccade_progress((t - 6.0) / passage_s);
}

}  // namespace

HeadCourse::HeadCourse(const HeadMotion& motion, const Eigen::Vector3d& seat_in_screen_mm,
                       const Eigen::Vector3d& faces_in_screen_mm, double eyes_before_middle_mm,
                       std::uint64_t seed)
    : motion_(motion), seat_mm_(seat_in_screen_mm), eyes_before_middle_mm_(eyes_before_middle_mm) {
  Random random(scramble(seed ^ 0x4EADULL));
  for (double& phase : phases_) phase = random.uniform(0.0, 2.0 * std::numbers::pi);
  // Upright, the head's z (into it) points away from what it faces.
  const Eigen::Vector3d z = (seat_in_screen_mm - faces_in_screen_mm).normalized();
  const Eigen::Vector3d x = Eigen::Vector3d::UnitY().cross(z).normalized();
  screen_from_rest_.col(0) = x;
  screen_from_rest_.col(1) = z.cross(x);
  screen_from_rest_.col(2) = z;
  const double yaw_deg = 2.5 * random.normal();
  const double pitch_deg = 2.5 * random.normal();
  screen_from_rest_ = screen_from_rest_ * turn(yaw_deg, Eigen::Vector3d::UnitY()) *
                      turn(pitch_deg, Eigen::Vector3d::UnitX()) *
                      turn(1.5 * random.normal(), Eigen::Vector3d::UnitZ());
}

double HeadCourse::wave(int channel, double time_s) const {
  const double base_hz = (1.0 + 0.13 * channel) / motion_.period_s;
  const auto k = static_cast<std::size_t>(2 * channel);
  return 0.75 * std::sin(2.0 * std::numbers::pi * base_hz * time_s + phases_[k]) +
         0.25 * std::sin(2.0 * std::numbers::pi * 2.7 * base_hz * time_s + phases_[k + 1]);
}

RigidTransform HeadCourse::screen_from_head(double time_s) const {
  const double yaw_deg = motion_.yaw_deg * wave(0, time_s) + motion_.turn_away_deg * away(time_s);
  RigidTransform pose;
  pose.rotation = screen_from_rest_ * turn(yaw_deg, Eigen::Vector3d::UnitY()) *
                  turn(motion_.pitch_deg * wave(1, time_s), Eigen::Vector3d::UnitX()) *
                  turn(motion_.roll_deg * wave(2, time_s), Eigen::Vector3d::UnitZ());
  Eigen::Vector3d shift_mm(wave(3, time_s), 0.5 * wave(4, time_s), 0.8 * wave(5, time_s));
  shift_mm *= motion_.shift_mm;
  shift_mm.x() += motion_.leave_mm * away(time_s);
  // It turns about the middle of the skull.
  pose.translation_mm = seat_mm_ + shift_mm + eyes_before_middle_mm_ * screen_from_rest_.col(2);
  return pose;
}

}  // namespace yarbus::simulation
