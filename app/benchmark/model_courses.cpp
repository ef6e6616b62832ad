#include "app/benchmark/model_courses.h"

#include <cmath>
#include <utility>

#include "app/benchmark/in_parallel.h"

namespace yarbus::benchmark {
namespace {

// What docs/model-benchmark.md asks for.
constexpr double near_deg = 1.0;
constexpr double exact_deg = 0.5;
constexpr double learn_within_s = 3.0;
constexpr double near_within_s = 2.0;
constexpr double exact_within_s = 5.0;

constexpr double course_step_s = 0.1;
constexpr double long_course_step_s = 1.0;

std::vector<FrameSpan> between(const std::vector<std::vector<FollowedFrame>>& subjects, double from_s,
                               double to_s) {
  std::vector<FrameSpan> spans;
  spans.reserve(subjects.size());
  for (const auto& subject : subjects) spans.push_back(frames_between(subject, from_s, to_s));
  return spans;
}

/// From and to, s.
std::pair<double, double> span_of(CoursePhase phase, const CoursePlan& plan) {
  switch (phase) {
    case CoursePhase::all:
      break;
    case CoursePhase::first_second:
      return {0.0, 1.0};
    case CoursePhase::before_slip:
      return {1.0, plan.slip_at_s};
    case CoursePhase::after_slip:
      return {plan.slip_at_s, plan.slip_at_s + after_slip_s};
    case CoursePhase::later:
      return {plan.slip_at_s + after_slip_s, plan.length_s};
  }
  return {0.0, plan.length_s};
}

SettlingFigure settling_between(const std::vector<FrameSpan>& subjects, double from_s, double limit_deg,
                                double within_s) {
  std::vector<std::optional<double>> times;
  for (const FrameSpan& subject : subjects)
    times.push_back(settled_after_s(subject, running_error_deg(subject), from_s, limit_deg));
  return settling_of(times, limit_deg, within_s);
}

/// Follows every subject; nullopt after a stop.
std::optional<std::vector<std::vector<FollowedFrame>>> follow_all(
    std::size_t count, double length_s,
    const std::function<simulation::SimulatedOutlineOptions(std::size_t)>& options_of, const RunCourses& run,
    const std::stop_token& stop) {
  std::vector<std::vector<FollowedFrame>> subjects(count);
  const auto work = [&](std::size_t i) {
    simulation::SimulatedOutlines outlines(options_of(i));
    const auto follower = run.make_follower(outlines);
    const auto frames = static_cast<std::uint64_t>(std::llround(length_s * outlines.options().rate_hz));
    subjects[i] = follow(outlines, *follower, frames, stop);
  };
  in_parallel(count, run.threads, work, run.on_done, stop);
  if (stop.stop_requested()) return std::nullopt;
  return subjects;
}

}  // namespace

simulation::SimulatedOutlineOptions subject_options(const SubjectSettings& settings, std::size_t index,
                                                    simulation::Population population) {
  simulation::SimulatedOutlineOptions options;
  options.seed = settings.first_seed + index;
  options.population = population;
  options.rate_hz = settings.rate_hz;
  options.sigma_px = settings.sigma_px;
  options.limbus_points = settings.limbus_points;
  return options;
}

CourseFigures course_figures(const std::vector<std::vector<FollowedFrame>>& subjects, const CoursePlan& plan,
                             simulation::Population population) {
  CourseFigures figures;
  figures.population = population;
  figures.subjects = subjects.size();
  for (std::size_t i = 0; i < course_phases.size(); ++i) {
    const auto [from_s, to_s] = span_of(course_phases[i], plan);
    figures.coverage[i] = coverage_of(between(subjects, from_s, to_s));
  }
  std::vector<double> errors_deg;
  for (const auto& subject : subjects)
    for (const FollowedFrame& frame : subject) errors_deg.push_back(frame.gaze_error_deg);
  figures.error_deg = statistics_of(std::move(errors_deg));
  const auto before = between(subjects, 0.0, plan.slip_at_s);
  const auto whole = between(subjects, 0.0, plan.length_s);
  figures.learning = settling_between(before, 0.0, near_deg, learn_within_s);
  figures.recovery_1_deg = settling_between(whole, plan.slip_at_s, near_deg, near_within_s);
  figures.recovery_half_deg = settling_between(whole, plan.slip_at_s, exact_deg, exact_within_s);
  figures.learning_course = error_course(before, 0.0, plan.slip_at_s, course_step_s);
  figures.recovery_course = error_course(whole, plan.slip_at_s, plan.length_s, course_step_s);
  return figures;
}

std::optional<CourseFigures> run_short_courses(const SubjectSettings& settings, const CoursePlan& plan,
                                               simulation::Population population, std::size_t subjects,
                                               const RunCourses& run, const std::stop_token& stop) {
  const auto options_of = [&](std::size_t i) {
    auto options = subject_options(settings, i, population);
    options.motion.scripted_slips = {{plan.slip_at_s, plan.slip_mm, plan.slip_deg}};
    return options;
  };
  const auto followed = follow_all(subjects, plan.length_s, options_of, run, stop);
  if (!followed) return std::nullopt;
  return course_figures(*followed, plan, population);
}

std::vector<double> LongPlan::slips_s() const {
  std::vector<double> times;
  for (int i = 1; i <= slips; ++i) times.push_back(length_s * i / (slips + 1));
  return times;
}

LongFigures long_figures(const std::vector<std::vector<FollowedFrame>>& subjects, const LongPlan& plan) {
  LongFigures figures;
  figures.plan = plan;
  std::vector<double> means;
  std::vector<double> worst;
  for (const auto& subject : subjects) {
    figures.subjects.push_back(endurance_of(subject, plan.slips_s()));
    means.push_back(figures.subjects.back().mean_deg);
    worst.push_back(figures.subjects.back().worst_second_deg);
    figures.diverged += figures.subjects.back().has_diverged ? 1 : 0;
  }
  figures.mean_deg = statistics_of(std::move(means));
  figures.worst_second_deg = statistics_of(std::move(worst));
  figures.course =
      error_course(between(subjects, 0.0, plan.length_s), 0.0, plan.length_s, long_course_step_s);
  return figures;
}

std::optional<LongFigures> run_long_courses(const SubjectSettings& settings, const LongPlan& plan,
                                            std::size_t subjects, const RunCourses& run,
                                            const std::stop_token& stop) {
  const auto options_of = [&](std::size_t i) {
    auto options = subject_options(settings, i, simulation::Population::simulated);
    for (const double slip_s : plan.slips_s())
      options.motion.scripted_slips.push_back({slip_s, plan.slip_mm, plan.slip_deg});
    return options;
  };
  const auto followed = follow_all(subjects, plan.length_s, options_of, run, stop);
  if (!followed) return std::nullopt;
  return long_figures(*followed, plan);
}

}  // namespace yarbus::benchmark
