#include "eyemodel/simulation/face/gaze_course.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eyemodel/simulation/gaze_motion.h"
#include "eyemodel/types/angle.h"

namespace yarbus::simulation {
namespace {

constexpr double margin = 0.05;
constexpr double jump_deg = 1.5;  ///< a steered target that moves less from one frame to the next glides
constexpr double pursuit_lag_s = 0.09;
constexpr std::array<std::array<double, 2>, 13> calibration_places{{{0, 0},
                                                                    {0.5, 0},
                                                                    {1, 0},
                                                                    {0.25, 0.25},
                                                                    {0.75, 0.25},
                                                                    {0, 0.5},
                                                                    {0.5, 0.5},
                                                                    {1, 0.5},
                                                                    {0.25, 0.75},
                                                                    {0.75, 0.75},
                                                                    {0, 1},
                                                                    {0.5, 1},
                                                                    {1, 1}}};
static_assert(calibration_places.size() == GazeCourse::calibration_targets);

}  // namespace

GazeCourse::GazeCourse(const ScreenGeometry& screen, const GazeHabits& habits, std::uint64_t seed)
    : size_mm_(screen.width_mm, screen.height_mm),
      habits_(habits),
      seed_(seed),
      random_(scramble(seed ^ 0x6A2EC0ULL)) {
  for (double& phase : phases_) phase = random_.uniform(0.0, two_pi);
  for (const auto& [x, y] : calibration_places)
    calibration_order_.push_back(size_mm_.cwiseProduct(
        Eigen::Vector2d(margin + (1.0 - 2.0 * margin) * x, margin + (1.0 - 2.0 * margin) * y)));
  for (std::size_t i = calibration_order_.size(); i > 1; --i)
    std::swap(calibration_order_[i - 1], calibration_order_[random_.bits() % i]);
  // Before the first target the gaze is in the middle.
  steps_.push_back({-10.0, 0.5 * size_mm_, 0.5 * size_mm_, GazeSplit::calibration});
}

void GazeCourse::add(double start_s, const Eigen::Vector2d& target_mm, GazeSplit split) {
  Random error(scramble(seed_ * 0x9E37ULL + steps_.size() * 0x51ULL));
  const double sigma_mm = habits_.fixation_sigma_deg / std::numbers::sqrt2 * habits_.mm_per_deg;
  const double across = error.normal();
  steps_.push_back(
      {start_s, target_mm, target_mm + sigma_mm * Eigen::Vector2d(across, error.normal()), split});
}

void GazeCourse::plan_until(double time_s) {
  while (!is_steered_ && planned_until_s_ <= time_s) {
    const bool is_calibration = planned_ < calibration_targets;
    Eigen::Vector2d target_mm;
    if (is_calibration) {
      target_mm = calibration_order_[static_cast<std::size_t>(planned_)];
    } else {
      const double x = random_.uniform(margin, 1.0 - margin);
      target_mm = size_mm_.cwiseProduct(Eigen::Vector2d(x, random_.uniform(margin, 1.0 - margin)));
    }
    add(planned_until_s_, target_mm, is_calibration ? GazeSplit::calibration : GazeSplit::test);
    planned_until_s_ += is_calibration ? calibration_target_s : test_target_s;
    ++planned_;
  }
}

void GazeCourse::end_glide() {
  if (moves_.empty()) return;
  const Eigen::Vector2d come_mm = moves_.back().target_mm - steps_.back().target_mm;
  steps_.back().target_mm += come_mm;
  steps_.back().place_mm += come_mm;
  moves_.clear();
}

void GazeCourse::look_at(const std::optional<Eigen::Vector2d>& target_in_screen_mm, double time_s) {
  if (!target_in_screen_mm) {
    if (is_steered_) planned_until_s_ = time_s;
    end_glide();
    is_steered_ = false;
    return;
  }
  if (!is_steered_) {
    std::erase_if(steps_, [&](const Step& step) { return step.start_s > time_s; });
  }
  const bool is_first = !is_steered_;
  is_steered_ = true;
  const Eigen::Vector2d last_mm = moves_.empty() ? steps_.back().target_mm : moves_.back().target_mm;
  const double step_mm = (*target_in_screen_mm - last_mm).norm();
  if (step_mm == 0.0 && !is_first) return;
  if (is_first || step_mm > jump_deg * habits_.mm_per_deg) {
    end_glide();
    add(time_s, *target_in_screen_mm, GazeSplit::test);
  } else {
    moves_.push_back({time_s, *target_in_screen_mm});
  }
}

Eigen::Vector2d GazeCourse::moved_mm(const Step& step, double time_s) const {
  if (&step != &steps_.back() || moves_.empty()) return Eigen::Vector2d::Zero();
  Eigen::Vector2d before_mm = step.target_mm;
  double before_s = moves_.front().time_s - 1.0 / 30.0;
  for (const Move& move : moves_) {
    if (move.time_s > time_s) {
      const double share = std::clamp((time_s - before_s) / (move.time_s - before_s), 0.0, 1.0);
      return before_mm + share * (move.target_mm - before_mm) - step.target_mm;
    }
    before_mm = move.target_mm;
    before_s = move.time_s;
  }
  return before_mm - step.target_mm;
}

Eigen::Vector2d GazeCourse::unrest_mm(double t) const {
  // Drift, and a microsaccade about every second.
  const auto wave = [&](double hz, double phase) { return std::sin(two_pi * hz * t + phase); };
  Eigen::Vector2d unrest_deg(
      0.07 * wave(0.31, phases_[0]) + 0.04 * wave(0.83, phases_[1]) + 0.006 * wave(13.0, phases_[2]),
      0.07 * wave(0.27, phases_[3]) + 0.04 * wave(0.91, phases_[4]) + 0.006 * wave(12.1, phases_[5]));
  constexpr double pause_s = 0.9;
  const auto slot = static_cast<std::uint64_t>(std::floor(t / pause_s + phases_[6]) + 100.0);
  Random random(scramble(seed_ ^ scramble(slot)));
  const double across = random.normal();
  unrest_deg += 0.07 * Eigen::Vector2d(across, random.normal());
  return habits_.mm_per_deg * unrest_deg;
}

GazeCourse::State GazeCourse::at(double time_s) {
  plan_until(time_s);
  State state;
  // The target that stands now, and the one that the eyes know of.
  std::size_t shown = 0;
  std::size_t known = 0;
  constexpr double tolerance_s = 1e-9;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (steps_[i].start_s <= time_s + tolerance_s) shown = i;
    if (steps_[i].start_s + habits_.latency_s <= time_s) known = i;
  }
  const Step& target = steps_[shown];
  state.target_in_screen_mm = target.target_mm + moved_mm(target, time_s);
  state.target_age_s = time_s - target.start_s;
  if (shown + 1 == steps_.size() && !moves_.empty()) state.target_age_s = time_s - moves_.back().time_s;
  state.split = target.split;

  const Step& goal = steps_[known];
  const Step& from = steps_[known > 0 ? known - 1 : 0];
  const double size_deg = (goal.place_mm - from.place_mm).norm() / habits_.mm_per_deg;
  const double fraction = (time_s - goal.start_s - habits_.latency_s) / saccade_duration_s(size_deg);
  state.is_saccade = fraction < 1.0 && size_deg > 1.0;
  state.gaze_in_screen_mm = from.place_mm + saccade_progress(fraction) * (goal.place_mm - from.place_mm) +
                            moved_mm(goal, time_s - pursuit_lag_s) + unrest_mm(time_s);
  return state;
}

}  // namespace yarbus::simulation
