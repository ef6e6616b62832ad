#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Geometry>

#include "calibration/calibration_sample.h"

namespace yarbus::testing_support {

/// How somebody sits before a webcam, and how well it sees. Frames & units: as FaceSight; px at 60 cm.
struct WebcamOptions {
  ScreenGeometry screen{345.0, 194.0, 1920, 1080, 600.0};
  double focal_px = 1005.0;  ///< 1280 x 720 of a usual laptop
  double iris_across_px = 0.09;
  double iris_down_px = 0.55;
  double iris_bias_down_px = 0.15;  ///< of a target, by what the lids leave to see
  double iris_bend_px = 0.0;        ///< a smooth error, across as well, that grows with the angle across
  double lid_mm = 0.15;             ///< of a frame
  double opening_mm = 0.25;         ///< how far the lids' opening wanders from target to target
  double head_turn_deg = 0.3;       ///< noise of the pose, about the face's middle
  double head_shift_px = 0.1;
  double depth_mm = 2.0;
  double fixation_deg = 0.3;
  double patch_levels = 4.0;
  double turn_deg = 0.0;  ///< how far the head turns from target to target, 0: still
  double shift_mm = 0.0;  ///< and moves
};
inline WebcamOptions moving_head(WebcamOptions options = {}) {
  options.turn_deg = 7.0;
  options.shift_mm = 25.0;
  return options;
}

/// A person by geometry alone, sharing no code with the mappers: two eyes that turn by Listing's law about
/// centres in a moving head, the lids that follow them, and a drawing of both.
class WebcamSubject {
 public:
  WebcamSubject(std::uint64_t seed, const WebcamOptions& options)
      : options_(options), random_(seed * 8191 + 3) {
    scale_ = 1.0 + normal(0.03);
    anatomical_turn_ = turn(normal(4.0), normal(2.0), normal(1.0));
    const double apart = 63.0 + normal(3.0);
    const Eigen::Vector3d middle(normal(1.5), normal(1.5), -66.0 + normal(3.0));
    for (std::size_t eye = 0; eye < 2; ++eye) {
      const double sign = eye == 0 ? -1.0 : 1.0;
      center_in_head_[eye] = middle + Eigen::Vector3d(sign * 0.5 * apart, normal(0.7), normal(0.7));
      assumed_center_[eye] = Eigen::Vector3d(sign * 31.5, 0.0, -66.0);
      kappa_deg_[eye] = {5.0 + normal(1.5), 1.5 + normal(1.0)};
      radius_mm_[eye] = 10.6 + normal(0.3);
      lid_slope_[eye] = {0.115 + normal(0.02), 0.045 + normal(0.012)};
      lid_at_rest_[eye] = {-3.8 + normal(0.4), 5.6 + normal(0.4)};
    }
    cam_from_screen_.rotation =
        Eigen::Vector3d(-1.0, 1.0, -1.0).asDiagonal() * turn(normal(7.0), normal(3.0), normal(1.5));
    const Eigen::Vector3d camera_in_screen(0.5 * options.screen.width_mm + normal(12.0), -9.0 + normal(5.0),
                                           normal(6.0));
    cam_from_screen_.translation_mm = -(cam_from_screen_.rotation * camera_in_screen);
    const Eigen::Vector3d before(0.5 * options.screen.width_mm + normal(20.0),
                                 0.35 * options.screen.height_mm + normal(25.0),
                                 -options.screen.viewing_distance_mm * (1.0 + normal(0.07)) - 66.0);
    place_in_cam_ = cam_from_screen_.point(before);
    rest_ = turn(normal(4.0), normal(4.0), normal(2.0));
  }
  void set(const WebcamOptions& options) { options_ = options; }
  [[nodiscard]] const ScreenGeometry& screen() const { return options_.screen; }

  /// `frames` samples at 30 Hz. `sweep`: the head goes about meanwhile instead of from target to target.
  void look_at(int target, const Eigen::Vector2d& at_mm, int frames, std::vector<CalibrationSample>& samples,
               bool sweep = false, double sweep_deg = 10.0) {
    fixation_deg_ = {normal(options_.fixation_deg), normal(options_.fixation_deg)};
    for (auto& bias : bias_px_) bias = normal(options_.iris_bias_down_px);
    opening_mm_ = normal(options_.opening_mm);
    const Eigen::Matrix3d head_at_target =
        rest_ *
        turn(normal(0.7 * options_.turn_deg), normal(options_.turn_deg), normal(0.4 * options_.turn_deg));
    const Eigen::Vector3d place_at_target =
        place_in_cam_ + options_.shift_mm * Eigen::Vector3d(normal(1.0), normal(0.6), normal(1.0)) +
        Eigen::Vector3d(normal(1.0), normal(1.0), normal(2.0));
    for (int i = 0; i < frames; ++i) {
      const double phase = 2.0 * std::numbers::pi * i / std::max(1, frames);
      RigidTransform cam_from_head{head_at_target, place_at_target};
      if (sweep) {
        cam_from_head.rotation = rest_ * turn(sweep_deg * 0.7 * std::sin(2.0 * phase),
                                              sweep_deg * std::sin(3.0 * phase), 3.0 * std::sin(phase));
        cam_from_head.translation_mm +=
            Eigen::Vector3d(15.0 * std::sin(phase), 8.0 * std::cos(phase), 20.0 * std::sin(2.0 * phase));
      }
      samples.push_back(frame(target, at_mm, cam_from_head));
    }
  }

 private:
  double normal(double sigma) { return std::normal_distribution<double>(0.0, 1.0)(random_) * sigma; }
  static Eigen::Matrix3d turn(double pitch_deg, double yaw_deg, double roll_deg) {
    constexpr double rad = std::numbers::pi / 180.0;
    return (Eigen::AngleAxisd(yaw_deg * rad, Eigen::Vector3d::UnitY()) *
            Eigen::AngleAxisd(pitch_deg * rad, Eigen::Vector3d::UnitX()) *
            Eigen::AngleAxisd(roll_deg * rad, Eigen::Vector3d::UnitZ()))
        .toRotationMatrix();
  }

  /// The optical axis in the anatomical head whose visual axis is `visual` (unit).
  [[nodiscard]] Eigen::Vector3d optical_axis(const Eigen::Vector3d& visual, std::size_t eye) const {
    const double nasal = eye == 0 ? -kappa_deg_[eye][0] : kappa_deg_[eye][0];
    const Eigen::Vector3d forward(0.0, 0.0, -1.0);
    const Eigen::Vector3d in_eye = turn(0.0, nasal, 0.0) * (turn(kappa_deg_[eye][1], 0.0, 0.0) * forward);
    Eigen::Vector3d optical = visual;
    for (int i = 0; i < 60; ++i) {
      const Eigen::Quaterniond listing = Eigen::Quaterniond::FromTwoVectors(forward, optical);
      optical = (Eigen::Quaterniond::FromTwoVectors(listing * in_eye, visual) * optical).normalized();
    }
    return optical;
  }

  CalibrationSample frame(int target, const Eigen::Vector2d& at_mm, const RigidTransform& cam_from_head) {
    constexpr double rad = std::numbers::pi / 180.0;
    CalibrationSample sample;
    sample.target = target;
    sample.target_in_screen_mm = at_mm;
    sample.rays.captured_at = now_;
    now_ += std::chrono::microseconds(33333);
    auto sight = std::make_shared<FaceSight>();
    // The pose as seen: turned about the face's middle, shifted, and of another scale.
    const Eigen::Vector3d face(0.0, 0.0, -70.0);
    const double turn_sigma = options_.head_turn_deg;
    const Eigen::Matrix3d wrong = turn(normal(turn_sigma), normal(turn_sigma), normal(0.4 * turn_sigma));
    const double depth = cam_from_head.translation_mm.z();
    const double shift = options_.head_shift_px / options_.focal_px * depth;
    sight->head.cam_from_head.rotation = wrong * cam_from_head.rotation;
    const Eigen::Vector3d face_in_cam = cam_from_head.point(face);
    const Eigen::Vector3d face_seen = face_in_cam + Eigen::Vector3d(normal(shift), normal(shift), 0.0) +
                                      normal(options_.depth_mm) * face_in_cam.normalized();
    sight->head.cam_from_head.translation_mm =
        (face_seen - sight->head.cam_from_head.rotation * face) / scale_;
    Eigen::Matrix<double, 6, 6> by = Eigen::Matrix<double, 6, 6>::Identity();
    const Eigen::Vector3d arm = cam_from_head.rotation * face;
    by.bottomLeftCorner<3, 3>() << 0.0, -arm.z(), arm.y(), arm.z(), 0.0, -arm.x(), -arm.y(), arm.x(), 0.0;
    Eigen::Matrix<double, 6, 1> sigma;
    sigma << turn_sigma * rad, turn_sigma * rad, 0.4 * turn_sigma * rad, shift, shift, options_.depth_mm;
    sight->head.covariance = by * sigma.cwiseAbs2().asDiagonal() * by.transpose();
    sight->head.features = 300;
    const Eigen::Matrix3d cam_from_anatomical = cam_from_head.rotation * anatomical_turn_;
    const double jitter[2] = {normal(0.1), normal(0.1)};
    for (std::size_t eye = 0; eye < 2; ++eye) {
      const Eigen::Vector3d center = cam_from_head.point(center_in_head_[eye]);
      Eigen::Vector3d visual =
          (cam_from_screen_.point(Eigen::Vector3d(at_mm[0], at_mm[1], 0.0)) - center).normalized();
      visual = turn((fixation_deg_[1] + jitter[1]), (fixation_deg_[0] + jitter[0]), 0.0) * visual;
      const Eigen::Vector3d axis_in_head = optical_axis(cam_from_anatomical.transpose() * visual, eye);
      const Eigen::Vector3d iris = center + radius_mm_[eye] * (cam_from_anatomical * axis_in_head);
      Eigen::Vector3d in_image = iris / iris.z();
      const double px = 1.0 / options_.focal_px;
      in_image.x() += px * normal(options_.iris_across_px);
      in_image.y() += px * (normal(options_.iris_down_px) + bias_px_[eye]);
      in_image +=
          px * options_.iris_bend_px * std::sin(9.0 * axis_in_head.x()) * Eigen::Vector3d(0.5, 1.0, 0.0);
      EyeSight seen;
      seen.iris_dir_in_cam = in_image.normalized();
      seen.iris_covariance_rad2 =
          Eigen::Vector2d(px * options_.iris_across_px, px * options_.iris_down_px).cwiseAbs2().asDiagonal();
      seen.limbus_radius_rad = 5.85 / center.norm();
      seen.limbus_radius_sigma_rad = 0.02 * seen.limbus_radius_rad;
      seen.eye_center_in_head_mm = assumed_center_[eye];
      const double down_deg = std::asin(axis_in_head.y()) / rad;
      const double upper = lid_at_rest_[eye][0] + lid_slope_[eye][0] * down_deg - opening_mm_;
      const double lower = lid_at_rest_[eye][1] + lid_slope_[eye][1] * down_deg;
      seen.upper_lid_mm = upper + normal(options_.lid_mm);
      seen.lower_lid_mm = lower + normal(options_.lid_mm);
      seen.openness = 0.9;
      seen.confidence = 0.9;
      draw(axis_in_head, radius_mm_[eye], upper, lower, seen.patch);
      sight->eyes[eye] = seen;
      EyeRay ray;
      ray.eye_center_in_cam_mm = center;
      ray.optical_axis_in_cam = cam_from_anatomical * axis_in_head;
      ray.axis_covariance_in_cam = 1e-4 * Eigen::Matrix3d::Identity();
      ray.confidence = 0.9;
      sample.rays.eyes[eye] = ray;
    }
    sample.rays.face = sight;
    return sample;
  }

  /// Skin, white and iris, each a soft step; 1.2 mm a pixel.
  void draw(const Eigen::Vector3d& axis_in_head, double radius_mm, double upper_mm, double lower_mm,
            EyePatch& patch) {
    const auto step = [](double mm) { return 1.0 / (1.0 + std::exp(-2.5 * mm)); };
    for (int y = 0; y < eye_patch_height; ++y) {
      for (int x = 0; x < eye_patch_width; ++x) {
        const double at_x = 1.2 * (x - 0.5 * (eye_patch_width - 1));
        const double at_y = 1.2 * (y - 0.5 * (eye_patch_height - 1));
        const double narrowing = std::max(0.0, 1.0 - at_x * at_x / (14.0 * 14.0));
        const double open = step(at_y - upper_mm * narrowing) * step(lower_mm * narrowing - at_y);
        const double off =
            std::hypot(at_x - radius_mm * axis_in_head.x(), at_y - radius_mm * axis_in_head.y());
        const double eye = 190.0 - 120.0 * step(5.85 - off);
        const double level = 130.0 + (eye - 130.0) * open + normal(options_.patch_levels);
        patch[static_cast<std::size_t>(y * eye_patch_width + x)] =
            static_cast<std::uint8_t>(std::clamp(level, 0.0, 255.0));
      }
    }
  }

  WebcamOptions options_;
  std::mt19937_64 random_;
  double scale_ = 1.0;
  Eigen::Matrix3d anatomical_turn_;
  std::array<Eigen::Vector3d, 2> center_in_head_;
  std::array<Eigen::Vector3d, 2> assumed_center_;
  std::array<Eigen::Vector2d, 2> kappa_deg_;
  std::array<double, 2> radius_mm_{};
  std::array<Eigen::Vector2d, 2> lid_slope_;
  std::array<Eigen::Vector2d, 2> lid_at_rest_;
  RigidTransform cam_from_screen_;
  Eigen::Vector3d place_in_cam_;
  Eigen::Matrix3d rest_;
  Eigen::Vector2d fixation_deg_ = Eigen::Vector2d::Zero();
  std::array<double, 2> bias_px_{};
  double opening_mm_ = 0.0;
  CaptureTime now_{};
};

inline std::vector<Eigen::Vector2d> five_targets() {
  return {{0.5, 0.5}, {0.08, 0.1}, {0.92, 0.1}, {0.92, 0.9}, {0.08, 0.9}};
}
inline std::vector<Eigen::Vector2d> thirteen_targets() {
  auto places = five_targets();
  for (const Eigen::Vector2d& place : {Eigen::Vector2d(0.5, 0.1),
                                       {0.5, 0.9},
                                       {0.08, 0.5},
                                       {0.92, 0.5},
                                       {0.29, 0.3},
                                       {0.71, 0.3},
                                       {0.29, 0.7},
                                       {0.71, 0.7}})
    places.push_back(place);
  return places;
}

/// Samples at places given as shares of the screen; their targets count from `first`.
inline std::vector<CalibrationSample> look_with_webcam(WebcamSubject& subject,
                                                       const std::vector<Eigen::Vector2d>& places, int frames,
                                                       int first = 0) {
  std::vector<CalibrationSample> samples;
  for (std::size_t i = 0; i < places.size(); ++i)
    subject.look_at(first + static_cast<int>(i),
                    {places[i][0] * subject.screen().width_mm, places[i][1] * subject.screen().height_mm},
                    frames, samples);
  return samples;
}

}  // namespace yarbus::testing_support
