#include "eyemodel/simulation/gaze_motion.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/types/angle.h"

namespace yarbus::simulation {
namespace {

/// Saccades smaller than this belong to the fixation they happen in.
constexpr double microsaccade_deg = 1.0;

/// Van der Corput's radical inverse.
double radical_inverse(std::uint64_t index, std::uint64_t base) {
  double value = 0.0;
  double digit = 1.0 / static_cast<double>(base);
  for (; index > 0; index /= base, digit /= static_cast<double>(base))
    value += digit * static_cast<double>(index % base);
  return value;
}

}  // namespace

double saccade_duration_s(double amplitude_deg) { return 0.021 + 0.0022 * amplitude_deg; }

double saccade_progress(double fraction) {
  const double t = std::clamp(fraction, 0.0, 1.0);
  return t * t * t * (10.0 + t * (6.0 * t - 15.0));
}

GazeMotion::GazeMotion(const GazePlan& plan, std::uint64_t seed)
    : plan_(plan), random_(scramble(seed ^ 0x6A2E)), place_deg_(plan.center_deg) {
  for (double& phase : phase_) phase = random_.uniform(0.0, two_pi);
}

Eigen::Vector2d GazeMotion::drift(double t) const {
  return {0.05 * std::sin(two_pi * 0.37 * t + phase_[0]) + 0.03 * std::sin(two_pi * 1.13 * t + phase_[1]) +
              0.006 * std::sin(two_pi * 83.0 * t + phase_[2]),
          0.05 * std::sin(two_pi * 0.43 * t + phase_[3]) + 0.03 * std::sin(two_pi * 0.97 * t + phase_[4]) +
              0.006 * std::sin(two_pi * 79.0 * t + phase_[5])};
}

Eigen::Vector2d GazeMotion::lissajous(double t) const {
  // Slow enough that the fastest of it stays within what pursuit can follow (about 30 deg/s).
  constexpr double x_hz = 0.19;
  constexpr double y_hz = 0.13;
  return plan_.center_deg + Eigen::Vector2d(plan_.range_deg.x() * std::sin(two_pi * x_hz * t + phase_[6]),
                                            plan_.range_deg.y() * std::sin(two_pi * y_hz * t + phase_[7]));
}

Eigen::Vector2d GazeMotion::scattered(std::int64_t index) const {
  // Evenly over the ellipse, in an order that leaves no region for later (Halton 1960); shifted by the seed.
  const auto i = static_cast<std::uint64_t>(index) + 1;
  const double u = std::fmod(radical_inverse(i, 2) + phase_[6] / two_pi, 1.0);
  const double v = std::fmod(radical_inverse(i, 3) + phase_[7] / two_pi, 1.0);
  const double radius = std::sqrt(u);
  return plan_.center_deg + Eigen::Vector2d(plan_.range_deg.x() * radius * std::cos(two_pi * v),
                                            plan_.range_deg.y() * radius * std::sin(two_pi * v));
}

Eigen::Vector2d GazeMotion::next_target() {
  const double radius = std::sqrt(random_.uniform());
  const double turn = random_.uniform(0.0, two_pi);
  return plan_.center_deg +
         radius * Eigen::Vector2d(plan_.range_deg.x() * std::cos(turn), plan_.range_deg.y() * std::sin(turn));
}

void GazeMotion::add_saccade(const Eigen::Vector2d& to_deg) {
  const double duration = saccade_duration_s((to_deg - place_deg_).norm());
  segments_.push_back(
      {planned_until_s_, planned_until_s_ + duration, Segment::Kind::saccade, place_deg_, to_deg});
  planned_until_s_ += duration;
  place_deg_ = to_deg;
}

void GazeMotion::add_fixation(double duration_s) {
  // Microsaccades come about every 0.8 s and lead back towards where the fixation was meant to be.
  const Eigen::Vector2d meant = place_deg_;
  const double end = planned_until_s_ + duration_s;
  constexpr double room_s = 0.05;  // one that would outlast the fixation is left out
  while (planned_until_s_ < end) {
    const double pause = -0.8 * std::log(1.0 - random_.uniform());
    const double next = planned_until_s_ + std::max(0.15, pause);
    const bool is_last = next + room_s >= end;
    const double until = is_last ? end : next;
    segments_.push_back({planned_until_s_, until, Segment::Kind::fixation, place_deg_, place_deg_});
    planned_until_s_ = until;
    if (is_last) return;
    const double size = random_.uniform(0.1, 0.45);
    const double turn = random_.uniform(0.0, two_pi);
    add_saccade(meant + size * Eigen::Vector2d(std::cos(turn), std::sin(turn)));
  }
}

void GazeMotion::extend(double time_s) {
  while (planned_until_s_ <= time_s) {
    if (plan_.kind == GazePlan::Kind::still) {
      add_fixation(5.0);
      continue;
    }
    const double mean = plan_.fixation_mean_s;
    add_fixation(std::clamp(mean * (1.0 + 0.45 * random_.normal()), 0.12, 3.0 * mean));
    if (plan_.kind == GazePlan::Kind::mixed && random_.uniform() < 0.25) {
      const Eigen::Vector2d to = next_target();
      const double speed_deg_s = random_.uniform(8.0, 22.0);
      const double duration = std::max(0.2, (to - place_deg_).norm() / speed_deg_s);
      segments_.push_back(
          {planned_until_s_, planned_until_s_ + duration, Segment::Kind::pursuit, place_deg_, to});
      planned_until_s_ += duration;
      place_deg_ = to;
    } else {
      add_saccade(next_target());
    }
  }
}

GazeMotion::State GazeMotion::at(double time_s) {
  if (plan_.kind == GazePlan::Kind::scatter)
    return {scattered(static_cast<std::int64_t>(std::floor(time_s * plan_.scatter_rate_hz + 0.5))), false};
  if (plan_.kind == GazePlan::Kind::pursuit) return {lissajous(time_s) + drift(time_s), false};
  const double t = std::max(0.0, time_s);
  extend(t);
  const auto segment = std::prev(
      std::upper_bound(segments_.begin(), segments_.end(), t,
                       [](double time, const Segment& candidate) { return time < candidate.start_s; }));
  const double fraction = (t - segment->start_s) / std::max(1e-9, segment->end_s - segment->start_s);
  State state;
  switch (segment->kind) {
    case Segment::Kind::fixation:
      state.gaze_deg = segment->from_deg;
      break;
    case Segment::Kind::saccade:
      state.gaze_deg = segment->from_deg + saccade_progress(fraction) * (segment->to_deg - segment->from_deg);
      state.is_saccade = (segment->to_deg - segment->from_deg).norm() > microsaccade_deg;
      break;
    case Segment::Kind::pursuit:
      state.gaze_deg = segment->from_deg + fraction * (segment->to_deg - segment->from_deg);
      break;
  }
  state.gaze_deg += drift(t);
  return state;
}

GazeMotion::State GazeFollower::follow(const Eigen::Vector2d& target_deg, double time_s) {
  constexpr double saccade_from_deg = 2.5;
  constexpr double refractory_s = 0.15;
  constexpr double pursuit_time_s = 0.12;
  const double step_s = std::max(0.0, time_s - last_time_s_.value_or(time_s));
  last_time_s_ = time_s;
  if (in_saccade_) {
    const double fraction = (time_s - saccade_start_s_) / (saccade_end_s_ - saccade_start_s_);
    place_deg_ = from_deg_ + saccade_progress(fraction) * (to_deg_ - from_deg_);
    in_saccade_ = fraction < 1.0;
    return {place_deg_, in_saccade_};
  }
  const Eigen::Vector2d error = target_deg - place_deg_;
  if (error.norm() > saccade_from_deg && time_s >= saccade_end_s_ + refractory_s) {
    from_deg_ = place_deg_;
    to_deg_ = target_deg;
    saccade_start_s_ = time_s;
    saccade_end_s_ = time_s + saccade_duration_s(error.norm());
    in_saccade_ = true;
  } else {
    place_deg_ += error * (1.0 - std::exp(-step_s / pursuit_time_s));
  }
  return {place_deg_, in_saccade_};
}

}  // namespace yarbus::simulation
