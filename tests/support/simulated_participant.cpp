#include "tests/support/simulated_participant.h"

#include <cmath>
#include <limits>

#include <Eigen/Geometry>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/gaze_motion.h"

namespace yarbus::support {
namespace {

constexpr double blink_s = 0.25;
constexpr double unrest_time_s = 0.3;
constexpr double half_pupil_distance_mm = 31.5;

Eigen::Matrix3d turn(double deg, const Eigen::Vector3d& axis) {
  return Eigen::AngleAxisd(radians_of(deg), axis).toRotationMatrix();
}

}  // namespace

SimulatedParticipant::SimulatedParticipant(const ParticipantOptions& options)
    : options_(options), random_(simulation::scramble(options.seed)) {
  gaze_mm_ = 0.5 * Eigen::Vector2d(options.screen.width_mm, options.screen.height_mm);
  wander_mm_ = gaze_mm_;
  for (const EyeSide side : eye_sides) {
    const std::size_t eye = index_of(side);
    // Nasal is towards the middle between the eyes: to the left for the right eye.
    const double nasal = side == EyeSide::right ? -1.0 : 1.0;
    kappa_deg_[eye] = {nasal * (5.0 + random_.normal()), -1.5 + 0.5 * random_.normal()};
    // The camera stands upright, looks back at the eye from below, and is turned a little about its axis.
    cam_from_screen_[eye] = turn(10.0 * random_.normal(), Eigen::Vector3d::UnitZ()) *
                            turn(20.0 + 5.0 * random_.normal(), Eigen::Vector3d::UnitX()) *
                            turn(180.0 + 8.0 * random_.normal(), Eigen::Vector3d::UnitY());
    center_in_cam_mm_[eye] = {2.0 * random_.normal(), 2.0 * random_.normal(), 40.0 + 3.0 * random_.normal()};
  }
  next_blink_s_ = options.blink_interval_s > 0.0
                      ? 1.0 - options.blink_interval_s * std::log(1.0 - random_.uniform())
                      : std::numeric_limits<double>::infinity();
}

ProcedureFrame SimulatedParticipant::look(CaptureTime at, const std::optional<VisibleTarget>& target) {
  const double t_s = seconds_of(at);
  const double step_s = last_s_ ? t_s - *last_s_ : 0.0;
  last_s_ = t_s;
  move_gaze(t_s, step_s, wanted_place(t_s, target));
  if (t_s > next_blink_s_ + blink_s) {
    next_blink_s_ = t_s + 1.0 - (options_.blink_interval_s - 1.0) * std::log(1.0 - random_.uniform());
  }
  const bool in_blink = t_s >= next_blink_s_;
  using Fault = ParticipantFault;
  const Fault fault = options_.fault;
  has_seen_target_ = has_seen_target_ || target.has_value();
  const bool is_late = options_.fault_s < 0.0 ? has_seen_target_ : t_s >= options_.fault_s;
  const bool is_low = gaze_mm_.y() > 0.6 * options_.screen.height_mm;
  ProcedureFrame frame;
  frame.rays.captured_at = at;
  for (const EyeSide side : eye_sides) {
    const std::size_t eye = index_of(side);
    EyeStatus& status = frame.status[eye];
    if (!options_.is_tracked[eye]) continue;
    EyeRay ray = ray_of(side, t_s);
    status.is_tracked = status.has_model = status.is_model_settled = true;
    status.mean_gray = 110.0;
    const bool is_lost = fault == Fault::no_eye || (fault == Fault::eye_lost_at_start && is_late) ||
                         (fault == Fault::one_eye_lost && is_late && side == EyeSide::left);
    const bool is_under_lid =
        (fault == Fault::lower_half_lost || fault == Fault::lost_looking_down) && is_low;
    status.in_blink = in_blink && !is_lost;
    if (is_lost) {
      status.pupil_miss = PupilMissReason::no_candidate;
    } else if (in_blink) {
      status.pupil_miss = PupilMissReason::blink;
    } else if (is_under_lid) {
      status.pupil_miss = PupilMissReason::occluded;
    }
    if (status.pupil_miss) continue;
    status.confidence = ray.confidence;
    const bool is_invalid =
        fault == Fault::all_invalid || (fault == Fault::some_invalid && random_.uniform() < 0.2);
    if (is_invalid && is_late) ray.optical_axis_in_cam.x() = std::nan("");
    frame.rays.eyes[eye] = ray;
  }
  return frame;
}

Eigen::Vector2d SimulatedParticipant::wanted_place(double t_s, const std::optional<VisibleTarget>& target) {
  using Fault = ParticipantFault;
  const Eigen::Vector2d size_mm(options_.screen.width_mm, options_.screen.height_mm);
  const Eigen::Vector2d middle_mm = 0.5 * size_mm;
  if (options_.fault == Fault::one_place) return middle_mm;
  const bool looks_about =
      options_.fault == Fault::elsewhere || (options_.fault == Fault::lost_looking_down && !target);
  if (looks_about) {
    if (t_s >= next_wander_s_) {
      next_wander_s_ = t_s + 1.3;
      const bool is_down = wander_mm_.y() > 0.5 * size_mm.y();
      wander_mm_ =
          options_.fault == Fault::elsewhere
              ? Eigen::Vector2d(size_mm.cwiseProduct(Eigen::Vector2d(random_.uniform(), random_.uniform())))
              : Eigen::Vector2d(0.5 * size_mm.x(), (is_down ? 0.3 : 0.95) * size_mm.y());
    }
    return wander_mm_;
  }
  Eigen::Vector2d place_mm =
      target ? target->position_in_screen_mm : (seen_.empty() ? middle_mm : seen_.back().place_mm);
  if (target && options_.fault == Fault::half_screen) place_mm = middle_mm + 0.5 * (place_mm - middle_mm);
  if (target && options_.fault == Fault::one_point_elsewhere && target->point == options_.elsewhere_point) {
    if (!first_showing_) first_showing_ = target->target;
    if (*first_showing_ == target->target) place_mm += Eigen::Vector2d(85.0, 0.0);
  }
  seen_.push_back({t_s, place_mm});
  while (seen_.size() > 2 && seen_[1].t_s < t_s - 1.0) seen_.pop_front();
  const double speed_mm_s = (place_before(t_s) - place_before(t_s - 0.05)).norm() / 0.05;
  const bool is_moving = speed_mm_s > 1.0 && speed_mm_s < 300.0;
  return place_before(t_s - (is_moving ? options_.pursuit_lag_s : options_.latency_s));
}

Eigen::Vector2d SimulatedParticipant::place_before(double t_s) const {
  for (auto seen = seen_.rbegin(); seen != seen_.rend(); ++seen) {
    if (seen->t_s <= t_s + 1e-9) return seen->place_mm;
  }
  return seen_.front().place_mm;
}

void SimulatedParticipant::move_gaze(double t_s, double step_s, const Eigen::Vector2d& wanted_mm) {
  const double mm_per_deg = options_.screen.viewing_distance_mm * radians_of(1.0);
  Eigen::Vector2d place_mm = wanted_mm;
  if (t_s < saccade_end_s_) {
    const double share = (t_s - saccade_start_s_) / (saccade_end_s_ - saccade_start_s_);
    place_mm = saccade_from_mm_ + simulation::saccade_progress(share) * (saccade_to_mm_ - saccade_from_mm_);
  } else if (in_saccade_) {
    place_mm = saccade_to_mm_;
    in_saccade_ = false;
  } else {
    const Eigen::Vector2d rest_mm = gaze_mm_ - unrest_mm_;
    const double jump_deg = (wanted_mm - rest_mm).norm() / mm_per_deg;
    if (jump_deg > 1.0 && step_s > 0.0) {
      saccade_from_mm_ = place_mm = rest_mm;
      saccade_to_mm_ = wanted_mm;
      saccade_start_s_ = t_s;
      in_saccade_ = true;
      saccade_end_s_ = t_s + simulation::saccade_duration_s(jump_deg);
    }
  }
  const double forget = std::exp(-step_s / unrest_time_s);
  const double sigma_mm = options_.fixation_deg * mm_per_deg * std::sqrt(1.0 - forget * forget);
  unrest_mm_ = forget * unrest_mm_ + sigma_mm * Eigen::Vector2d(random_.normal(), random_.normal());
  gaze_mm_ = place_mm + unrest_mm_;
}

EyeRay SimulatedParticipant::ray_of(EyeSide side, double t_s) {
  const std::size_t eye = index_of(side);
  const double x_mm =
      0.5 * options_.screen.width_mm + (side == EyeSide::right ? 1.0 : -1.0) * half_pupil_distance_mm;
  const Eigen::Vector3d eye_in_screen_mm(x_mm, 0.5 * options_.screen.height_mm,
                                         -options_.screen.viewing_distance_mm);
  const Eigen::Vector3d point_in_screen_mm(gaze_mm_.x(), gaze_mm_.y(), 0.0);
  const Eigen::Vector3d visual = (point_in_screen_mm - eye_in_screen_mm).normalized();
  const double yaw_deg = -kappa_deg_[eye].x() + options_.noise_deg * random_.normal();
  const double pitch_deg = -kappa_deg_[eye].y() + options_.noise_deg * random_.normal();
  const Eigen::Vector3d optical =
      turn(yaw_deg, Eigen::Vector3d::UnitY()) * turn(-pitch_deg, Eigen::Vector3d::UnitX()) * visual;
  EyeRay ray;
  ray.optical_axis_in_cam = (cam_from_screen_[eye] * optical).normalized();
  ray.eye_center_in_cam_mm =
      center_in_cam_mm_[eye] + 0.03 * Eigen::Vector3d(random_.normal(), random_.normal(), random_.normal());
  if (options_.fault == ParticipantFault::slippage && t_s >= options_.fault_s) {
    ray.eye_center_in_cam_mm += Eigen::Vector3d(1.2, -1.6, 0.0);
    ray.optical_axis_in_cam = turn(1.0, Eigen::Vector3d::UnitX()) * ray.optical_axis_in_cam;
  }
  const double variance = std::pow(radians_of(options_.noise_deg), 2);
  ray.axis_covariance_in_cam = variance * (Eigen::Matrix3d::Identity() -
                                           ray.optical_axis_in_cam * ray.optical_axis_in_cam.transpose());
  ray.confidence = 0.9;
  return ray;
}

}  // namespace yarbus::support
