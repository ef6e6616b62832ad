#include "tracker/events/main_sequence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tracker/events/median.h"

namespace yarbus {
namespace {

constexpr std::size_t least_saccades = 15;
constexpr double least_ratio = 3.0;
constexpr int grid_steps = 400;

double shape(double amplitude_deg, double bend_deg) { return -std::expm1(-amplitude_deg / bend_deg); }

struct Point {
  double amplitude_deg;
  double log_velocity;
};

struct Trial {
  double log_limit = 0.0;
  double cost = std::numeric_limits<double>::infinity();
};

Trial try_bend(const std::vector<Point>& points, double bend_deg, std::vector<double>& scratch) {
  scratch.clear();
  for (const Point& point : points)
    scratch.push_back(point.log_velocity - std::log(shape(point.amplitude_deg, bend_deg)));
  Trial trial;
  trial.log_limit = median_in_place(scratch);
  trial.cost = 0.0;
  for (const double value : scratch) trial.cost += std::abs(value - trial.log_limit);
  return trial;
}

}  // namespace

double MainSequence::peak_velocity_deg_s(double amplitude_deg) const {
  return limit_deg_s * shape(amplitude_deg, bend_deg);
}

MainSequenceOutcome fit_main_sequence(std::span<const Saccade> saccades) {
  std::vector<Point> points;
  for (const Saccade& saccade : saccades) {
    if (saccade.amplitude_deg > 0.0 && saccade.peak_velocity_deg_s > 0.0 &&
        std::isfinite(saccade.amplitude_deg) && std::isfinite(saccade.peak_velocity_deg_s))
      points.push_back({saccade.amplitude_deg, std::log(saccade.peak_velocity_deg_s)});
  }
  if (points.size() < least_saccades) return MainSequenceMiss::too_few;
  const auto [smallest, largest] =
      std::minmax_element(points.begin(), points.end(),
                          [](const Point& a, const Point& b) { return a.amplitude_deg < b.amplitude_deg; });
  MainSequence fitted;
  fitted.saccades = points.size();
  fitted.smallest_deg = smallest->amplitude_deg;
  fitted.largest_deg = largest->amplitude_deg;
  if (fitted.largest_deg < least_ratio * fitted.smallest_deg) return MainSequenceMiss::one_size;

  const double first = std::log(0.1 * fitted.smallest_deg);
  const double last = std::log(3.0 * fitted.largest_deg);
  std::vector<double> scratch;
  scratch.reserve(points.size());
  Trial best;
  int best_step = 0;
  for (int step = 0; step <= grid_steps; ++step) {
    const double bend_deg = std::exp(first + (last - first) * step / grid_steps);
    const Trial trial = try_bend(points, bend_deg, scratch);
    if (!(trial.cost < best.cost)) continue;
    best = trial;
    best_step = step;
    fitted.bend_deg = bend_deg;
  }
  if (best_step == 0 || best_step == grid_steps) return MainSequenceMiss::not_determined;
  fitted.limit_deg_s = std::exp(best.log_limit);
  scratch.clear();
  for (const Point& point : points)
    scratch.push_back(
        std::abs(point.log_velocity - std::log(fitted.peak_velocity_deg_s(point.amplitude_deg))));
  fitted.spread = median_in_place(scratch);
  return fitted;
}

}  // namespace yarbus
