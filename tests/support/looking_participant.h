#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <optional>
#include <random>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "calibration/calibration_sample.h"
#include "eyemodel/types/angle.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::testing_support {

/// Whose eyes look at a screen: rays by geometry alone, no image and no code of the mappers.
struct Participant {
  ScreenGeometry screen{531.0, 299.0, 1920, 1080, 600.0};
  std::array<Eigen::Vector3d, 2> eye_in_screen_mm{Eigen::Vector3d(297.0, 150.0, -600.0),
                                                  Eigen::Vector3d(234.0, 150.0, -600.0)};
  std::array<Eigen::Vector2d, 2> kappa_deg{Eigen::Vector2d(5.0, 1.5),
                                           Eigen::Vector2d(5.0, 1.5)};  ///< nasal, up
  std::array<RigidTransform, 2> screen_from_cam;
  std::array<double, 2> gain{1.0, 1.0};  ///< of the eye model's angles from its camera's axis (wrong anatomy)
  double noise_deg = 0.0;                ///< of a frame's axis, in each direction
  double stated_share = 1.0;             ///< stated over true noise (sigma)
  double jitter_deg = 0.0;               ///< of a frame's true gaze, both eyes alike
  double fixation_deg = 0.0;             ///< of a target's mean gaze from the target, both eyes alike
  double eye_scatter_deg = 0.0;          ///< of a target's mean axis, each eye by itself
  /// Added to the axis: (azimuth, elevation) of the axis in screen, deg -> turn, deg.
  std::function<Eigen::Vector2d(const Eigen::Vector2d&)> distortion;
};

/// The optical axis (screen) of an eye that obeys Listing's law and whose visual axis points along `visual`.
inline Eigen::Vector3d optical_axis_for(const Eigen::Vector3d& visual, const Eigen::Vector2d& kappa_deg,
                                        EyeSide side) {
  const double right_deg = side == EyeSide::right ? -kappa_deg[0] : kappa_deg[0];
  const Eigen::Vector3d in_eye =
      Eigen::AngleAxisd(right_deg * rad_per_deg, Eigen::Vector3d::UnitY()) *
      (Eigen::AngleAxisd(kappa_deg[1] * rad_per_deg, Eigen::Vector3d::UnitX()) * Eigen::Vector3d::UnitZ());
  Eigen::Vector3d optical = visual;
  for (int i = 0; i < 50; ++i) {
    const Eigen::Quaterniond listing = Eigen::Quaterniond::FromTwoVectors(Eigen::Vector3d::UnitZ(), optical);
    optical = (Eigen::Quaterniond::FromTwoVectors(listing * in_eye, visual) * optical).normalized();
  }
  return optical;
}

/// Draws what differs between people: kappa 5 +- 2 and 1.5 +- 1.5 deg, pupils 63 +- 4 mm apart, distance
/// asked +- 10 %, head and cameras anywhere in a headset's reach, an eye model whose pupil plane (10 +- 0.35
/// mm) is partly wrong, and noise.
inline Participant draw_participant(std::uint64_t seed) {
  std::mt19937_64 random(seed * 7919 + 17);
  const auto normal = [&](double sigma) { return std::normal_distribution<double>(0.0, sigma)(random); };
  const auto between = [&](double a, double b) {
    return std::uniform_real_distribution<double>(a, b)(random);
  };
  Participant who;
  const Eigen::Vector3d middle(265.5 + normal(25.0), 150.0 + normal(35.0), -600.0 * (1.0 + normal(0.1)));
  const Eigen::Quaterniond head(Eigen::AngleAxisd(normal(5.0 * rad_per_deg), Eigen::Vector3d::UnitY()) *
                                Eigen::AngleAxisd(normal(2.0 * rad_per_deg), Eigen::Vector3d::UnitZ()));
  const double apart_mm = 63.0 + normal(4.0);
  for (std::size_t eye = 0; eye < 2; ++eye) {
    const double sign = eye == 0 ? 1.0 : -1.0;
    who.eye_in_screen_mm[eye] = middle + head * Eigen::Vector3d(sign * 0.5 * apart_mm, 0.0, 0.0);
    who.kappa_deg[eye] = {5.0 + normal(2.0), 1.5 + normal(1.5)};
    who.gain[eye] = 1.0 + normal(0.02);
    // Below the eye and to its outer side, looking back at it; rolled, one of them perhaps upside down.
    const Eigen::Vector3d to_camera =
        head * Eigen::Vector3d(sign * between(0.0, 0.4), between(0.2, 0.7), 1.0).normalized();
    const double roll = normal(10.0 * rad_per_deg) + (eye == 0 ? std::numbers::pi : 0.0);
    Eigen::Matrix3d turn;
    turn.col(2) = -to_camera;
    turn.col(0) = Eigen::Vector3d(-1.0, 0.0, 0.0).cross(to_camera).cross(to_camera).normalized() * -1.0;
    turn.col(0) = (turn.col(0) - turn.col(2) * turn.col(2).dot(turn.col(0))).normalized();
    turn.col(1) = turn.col(2).cross(turn.col(0));
    turn = turn * Eigen::AngleAxisd(roll, Eigen::Vector3d::UnitZ()).toRotationMatrix();
    const Eigen::Vector3d center_in_cam(normal(3.0), normal(3.0), 38.0 + normal(4.0));
    who.screen_from_cam[eye] = {turn, who.eye_in_screen_mm[eye] - turn * center_in_cam};
  }
  who.noise_deg = between(0.1, 0.4);
  who.stated_share = between(0.5, 2.0);
  who.jitter_deg = between(0.05, 0.15);
  who.fixation_deg = between(0.1, 0.3);
  who.eye_scatter_deg = between(0.1, 0.3);
  return who;
}

/// What the participant's eyes do while targets are shown one after another.
class Looking {
 public:
  Looking(const Participant& who, std::uint64_t seed) : who_(who), random_(seed * 104729 + 5) {}

  /// `frames` samples at 120 Hz while the target is shown.
  void look_at(int target, const Eigen::Vector2d& target_in_screen_mm, int frames,
               std::vector<CalibrationSample>& samples) {
    const Eigen::Vector2d fixation = two_normals(who_.fixation_deg);
    const std::array<Eigen::Vector2d, 2> scatter{two_normals(who_.eye_scatter_deg),
                                                 two_normals(who_.eye_scatter_deg)};
    for (int i = 0; i < frames; ++i) {
      const Eigen::Vector2d jitter = two_normals(who_.jitter_deg);
      CalibrationSample sample;
      sample.target = target;
      sample.target_in_screen_mm = target_in_screen_mm;
      sample.rays.captured_at = now_;
      for (std::size_t eye = 0; eye < 2; ++eye)
        sample.rays.eyes[eye] = ray(eye, target_in_screen_mm, fixation + jitter, scatter[eye]);
      samples.push_back(sample);
      now_ += std::chrono::microseconds(8333);
    }
  }

 private:
  Eigen::Vector2d two_normals(double sigma) {
    std::normal_distribution<double> normal(0.0, 1.0);
    const double first = normal(random_);
    return sigma * Eigen::Vector2d(first, normal(random_));
  }

  static Eigen::Vector3d turned(const Eigen::Vector3d& direction, const Eigen::Vector2d& by_deg) {
    const Eigen::Vector3d across = Eigen::Vector3d::UnitY().cross(direction).normalized();
    const Eigen::Vector3d down = direction.cross(across);
    return (direction + rad_per_deg * (by_deg[0] * across + by_deg[1] * down)).normalized();
  }

  EyeRay ray(std::size_t eye, const Eigen::Vector2d& target_mm, const Eigen::Vector2d& gaze_off_deg,
             const Eigen::Vector2d& axis_off_deg) {
    const Eigen::Vector3d& center = who_.eye_in_screen_mm[eye];
    const Eigen::Vector3d visual =
        turned((Eigen::Vector3d(target_mm[0], target_mm[1], 0.0) - center).normalized(), gaze_off_deg);
    Eigen::Vector3d optical = optical_axis_for(visual, who_.kappa_deg[eye], static_cast<EyeSide>(eye));
    if (who_.distortion) {
      const Eigen::Vector2d at(std::atan2(optical[0], optical[2]) / rad_per_deg,
                               std::asin(optical[1]) / rad_per_deg);
      optical = turned(optical, who_.distortion(at));
    }
    optical = turned(optical, axis_off_deg + two_normals(who_.noise_deg));
    const Eigen::Matrix3d cam_from_screen = who_.screen_from_cam[eye].rotation.transpose();
    Eigen::Vector3d axis = cam_from_screen * optical;
    if (who_.gain[eye] != 1.0) {
      const Eigen::Vector3d about = Eigen::Vector3d(0.0, 0.0, -1.0).cross(axis);
      const double angle = std::atan2(about.norm(), -axis[2]);
      axis = Eigen::AngleAxisd((who_.gain[eye] - 1.0) * angle, about.normalized()) * axis;
    }
    EyeRay seen;
    seen.eye_center_in_cam_mm = cam_from_screen * (center - who_.screen_from_cam[eye].translation_mm);
    seen.optical_axis_in_cam = axis;
    const double stated = who_.stated_share * who_.noise_deg * rad_per_deg;
    seen.axis_covariance_in_cam = stated * stated * (Eigen::Matrix3d::Identity() - axis * axis.transpose());
    seen.confidence = 0.95;
    return seen;
  }

  const Participant& who_;
  std::mt19937_64 random_;
  CaptureTime now_{};
};

/// Places on the screen as shares of its size.
inline std::vector<Eigen::Vector2d> nine_places() {
  std::vector<Eigen::Vector2d> places;
  for (const double y : {0.1, 0.5, 0.9})
    for (const double x : {0.1, 0.5, 0.9}) places.emplace_back(x, y);
  return places;
}
/// Other places than nine_places(), between them.
inline std::vector<Eigen::Vector2d> validation_places() {
  return {{0.3, 0.3}, {0.7, 0.3}, {0.3, 0.7}, {0.7, 0.7}, {0.5, 0.25}};
}

inline std::vector<CalibrationSample> look_at_places(const Participant& who, std::uint64_t seed,
                                                     const std::vector<Eigen::Vector2d>& places,
                                                     int frames = 40) {
  std::vector<CalibrationSample> samples;
  Looking looking(who, seed);
  for (std::size_t i = 0; i < places.size(); ++i)
    looking.look_at(static_cast<int>(i),
                    {places[i][0] * who.screen.width_mm, places[i][1] * who.screen.height_mm}, frames,
                    samples);
  return samples;
}

}  // namespace yarbus::testing_support
