#include "app/benchmark/calibration.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "app/benchmark/in_parallel.h"

namespace yarbus::benchmark {
namespace {

constexpr std::array<const char*, 3> mapper_names{"geometric", "polynomial", "gaussian process"};

/// The values of those subjects that have one.
template <class Get>
std::vector<double> values_of(const std::vector<SubjectFigures>& subjects, const Get& get) {
  std::vector<double> values;
  for (const SubjectFigures& subject : subjects) {
    const std::optional<double> value = get(subject);
    if (value) values.push_back(*value);
  }
  return values;
}

std::optional<double> apart(const std::optional<double>& a, const std::optional<double>& b) {
  if (!a || !b) return std::nullopt;
  return std::abs(*a - *b);
}

SubjectPlan outlined_plan(const SubjectPlan& rendered) {
  SubjectPlan plan = rendered;
  plan.level = SubjectLevel::outlined;
  plan.fresh_places = 0;
  plan.wander_s = 0.0;
  plan.moves_head = plan.slips = false;
  return plan;
}

}  // namespace

void CalibrationOptions::make_quick() {
  subjects = 1;
  outline_subjects = 4;
  plan.layout = TargetLayout::five;
  plan.look_around_s = 6.0;
  plan.fresh_places = 2;
  plan.wander_s = 1.0;
  plan.slips = false;
}

std::optional<MiddleAndWorst> middle_and_worst(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const bool is_finite =
      std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
  if (!is_finite) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    return MiddleAndWorst{values.size(), none, none};
  }
  std::sort(values.begin(), values.end());
  return MiddleAndWorst{values.size(), quantile_of(values, 0.5), values.back()};
}

CalibrationSummary summarise(const std::vector<SubjectFigures>& subjects, ViewerFault fault) {
  CalibrationSummary summary;
  summary.subjects = subjects.size();
  const auto over = [&](const auto& get) { return middle_and_worst(values_of(subjects, get)); };
  const auto of = [&](auto member) { return over([member](const SubjectFigures& s) { return s.*member; }); };
  using S = SubjectFigures;
  summary.reported_deg = of(&S::reported_deg);
  summary.true_deg = over([](const S& s) { return s.validation.to_truth_deg; });
  summary.fresh_deg = over([](const S& s) { return s.fresh.to_truth_deg; });
  summary.wander_deg = of(&S::wander_deg);
  summary.reported_off_deg =
      over([](const S& s) { return apart(s.reported_deg, s.validation.to_truth_deg); });
  summary.reported_off_fresh_deg =
      over([](const S& s) { return apart(s.reported_deg, s.fresh.to_truth_deg); });
  for (std::size_t i = 0; i < mapper_names.size(); ++i)
    summary.left_out_deg[i] = over([i](const S& s) { return s.left_out_deg[i]; });
  summary.axis_error_deg = of(&S::axis_error_deg);
  summary.gate_s = of(&S::gate_s);
  summary.to_gaze_s = of(&S::to_gaze_s);
  summary.map_us = of(&S::map_us);
  summary.slip_deg = of(&S::slip_deg);
  summary.recentred_deg = of(&S::recentred_deg);
  const auto if_done = [](const S& s, double value) {
    return s.is_done ? std::optional(value) : std::nullopt;
  };
  summary.length_s = over([&](const S& s) { return if_done(s, s.length_s); });
  summary.samples = over([&](const S& s) { return if_done(s, static_cast<double>(s.samples)); });
  const auto coverage =
      statistics_of(values_of(subjects, [](const S& s) { return s.validation.covers_target; }));
  if (coverage) {
    summary.coverage_68 = coverage->mean;
    summary.coverage_68_se = standard_error_of_mean(*coverage);
  }
  if (const auto truth =
          statistics_of(values_of(subjects, [](const S& s) { return s.validation.covers_truth; })))
    summary.truth_coverage_68 = truth->mean;
  std::vector<std::chrono::nanoseconds> fits;
  std::vector<double> named_s;
  for (const S& s : subjects) {
    summary.done += s.is_done ? 1 : 0;
    summary.named += is_named(s, fault) ? 1 : 0;
    for (std::size_t i = 0; i < mapper_names.size(); ++i)
      summary.chosen[i] += s.mapper == mapper_names[i] ? 1 : 0;
    if (s.fit_ms)
      fits.push_back(
          std::chrono::round<std::chrono::nanoseconds>(std::chrono::duration<double, std::milli>(*s.fit_ms)));
    summary.slips += s.is_slip_imagined ? 1 : 0;
    summary.slips_imagined += s.is_slip_imagined.value_or(false) ? 1 : 0;
    summary.slips_in_time += s.slip_named_s && *s.slip_named_s <= slip_within_s ? 1 : 0;
    if (s.slip_named_s && std::isfinite(*s.slip_named_s)) named_s.push_back(*s.slip_named_s);
    summary.head_moves += s.head_moved ? 1 : 0;
    summary.head_moves_named += s.head_moved && s.head_moved->cause == DriftCause::head_moved ? 1 : 0;
  }
  summary.fit = times_of(std::move(fits));
  summary.slip_named_s = middle_and_worst(std::move(named_s));
  return summary;
}

CalibrationResult run_calibration(
    const CalibrationOptions& options,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& on_progress,
    const std::stop_token& stop) {
  CalibrationResult result;
  result.machine = this_machine();
  result.options = options;
  for (std::size_t i = 0; i < options.subjects && !stop.stop_requested(); ++i) {
    on_progress("rendered subjects", i, options.subjects);
    auto subject = run_subject(options.plan, options.first_seed + i, stop);
    if (!stop.stop_requested()) result.rendered.push_back(std::move(subject));
  }
  result.outlined.resize(options.outline_subjects);
  const SubjectPlan plan = outlined_plan(options.plan);
  in_parallel(
      options.outline_subjects, options.threads,
      [&](std::size_t i) { result.outlined[i] = run_subject(plan, options.first_seed + i, stop); },
      [&](std::size_t done) { on_progress("outlined subjects", done, options.outline_subjects); }, stop);
  result.was_interrupted = stop.stop_requested();
  if (result.was_interrupted) result.outlined.clear();
  result.peak_memory_bytes = peak_memory_bytes();
  return result;
}

}  // namespace yarbus::benchmark
