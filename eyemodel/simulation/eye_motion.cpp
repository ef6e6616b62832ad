#include "eyemodel/simulation/eye_motion.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/simulation/scalar_functions.h"
#include "eyemodel/types/angle.h"

namespace yarbus::simulation {
namespace {

constexpr double never_s = 1e18;
/// A headset slips along the face, downwards above all, more than towards it.
const Eigen::Vector3d slip_shares(0.7, 1.2, 0.5);

/// A waiting time of this mean, never shorter than `least_s`.
double waiting_s(Random& random, double mean_s, double least_s) {
  return least_s - std::max(0.0, mean_s - least_s) * std::log(1.0 - random.uniform());
}

}  // namespace

double blink_closure(double since_s) {
  constexpr double down_s = 0.075;
  constexpr double closed_until_s = 0.120;
  if (since_s <= 0.0 || since_s >= blink_duration_s) return 0.0;
  if (since_s < down_s) return smooth_step(0.0, 1.0, since_s / down_s);
  if (since_s < closed_until_s) return 1.0;
  return 1.0 - smooth_step(0.0, 1.0, (since_s - closed_until_s) / (blink_duration_s - closed_until_s));
}

EyeMotion::EyeMotion(const MotionPlan& plan, std::uint64_t seed)
    : plan_(plan),
      gaze_(plan.gaze, seed),
      blink_random_(scramble(seed ^ 0xB11)),
      slip_random_(scramble(seed ^ 0x511B)) {
  Random random(scramble(seed ^ 0x9051));
  for (double& phase : phase_) phase = random.uniform(0.0, two_pi);
  if (plan_.first_blink_s > 0.0) blinks_s_.push_back(plan_.first_blink_s);
  if (plan_.blink_interval_s <= 0.0) blinks_s_.push_back(never_s);
  slips_.push_back({});
  add_scripted_slips();
  if (plan_.slip_interval_s <= 0.0 || !plan_.scripted_slips.empty()) {
    Slip none_more;
    none_more.start_s = never_s;
    slips_.push_back(none_more);
  }
}

void EyeMotion::add_scripted_slips() {
  const auto direction = [&](const Eigen::Vector3d& shares) {
    const Eigen::Vector3d drawn(slip_random_.normal(), slip_random_.normal(), slip_random_.normal());
    return Eigen::Vector3d(drawn.cwiseProduct(shares).normalized());
  };
  for (const ScriptedSlip& scripted : plan_.scripted_slips) {
    Slip slip = slips_.back();
    slip.start_s = scripted.time_s;
    slip.slip_in_head_mm += scripted.size_mm * direction(slip_shares);
    slip.tilt_deg += scripted.size_deg * direction(Eigen::Vector3d::Ones());
    slips_.push_back(slip);
  }
}

void EyeMotion::extend(double time_s) {
  while (blinks_s_.empty() || blinks_s_.back() <= time_s) {
    const double last = blinks_s_.empty() ? 0.0 : blinks_s_.back();
    blinks_s_.push_back(last + waiting_s(blink_random_, plan_.blink_interval_s, 0.8));
  }
  while (slips_.back().start_s <= time_s) {
    Slip slip;
    slip.start_s =
        slips_.back().start_s + waiting_s(slip_random_, plan_.slip_interval_s, 0.5 * plan_.slip_interval_s);
    const auto direction = [&] {
      return Eigen::Vector3d(slip_random_.normal(), slip_random_.normal(), slip_random_.normal())
          .normalized();
    };
    slip.slip_in_head_mm = plan_.slip_mm * direction().cwiseProduct(slip_shares);
    slip.tilt_deg = plan_.slip_deg * direction();
    slips_.push_back(slip);
  }
}

double EyeMotion::hippus_mm(double t) const {
  return plan_.pupil_unrest_mm *
         (0.6 * std::sin(two_pi * 0.31 * t + phase_[0]) + 0.4 * std::sin(two_pi * 0.83 * t + phase_[1]));
}

EyeMotion::State EyeMotion::at(double time_s) {
  const double t = std::max(0.0, time_s);
  extend(t);
  State state;
  state.gaze = gaze_.at(time_s);
  state.pupil_radius_mm = plan_.pupil_radius_mm + hippus_mm(t) +
                          plan_.dilation_mm * std::sin(two_pi * t / plan_.dilation_period_s + phase_[2]);
  constexpr double lid_swing_hz = 0.37;
  state.lid_lift_deg = plan_.lid_swing_deg * std::sin(two_pi * lid_swing_hz * t + phase_[3]);
  // The latest blink that has begun.
  const auto next_blink = std::upper_bound(blinks_s_.begin(), blinks_s_.end(), t);
  if (next_blink != blinks_s_.begin()) {
    const double since = t - *std::prev(next_blink);
    state.closure = blink_closure(since);
    state.is_blinking = since < blink_duration_s;
  }
  const auto next_slip = std::upper_bound(slips_.begin(), slips_.end(), t,
                                          [](double time, const Slip& slip) { return time < slip.start_s; });
  const Slip& now = *std::prev(next_slip);
  state.slip_in_head_mm = now.slip_in_head_mm;
  state.tilt_deg = now.tilt_deg;
  if (std::prev(next_slip) != slips_.begin()) {
    // The headset takes a moment to get there.
    const Slip& before = *std::prev(next_slip, 2);
    const double done = smooth_step(0.0, 1.0, (t - now.start_s) / slip_duration_s);
    state.slip_in_head_mm = (1.0 - done) * before.slip_in_head_mm + done * now.slip_in_head_mm;
    state.tilt_deg = (1.0 - done) * before.tilt_deg + done * now.tilt_deg;
  }
  return state;
}

}  // namespace yarbus::simulation
