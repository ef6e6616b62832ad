#include "app/benchmark/model_tables.h"

#include <cmath>
#include <string_view>

#include "app/benchmark/table.h"

namespace yarbus::benchmark {
namespace {

constexpr double mib = 1024.0 * 1024.0;
constexpr double kib = 1024.0;

std::string percent_text(double share) { return number_text(100.0 * share, 1) + " %"; }

std::string seconds_text(double seconds) {
  return std::isinf(seconds) ? std::string("never") : number_text(seconds, 2);
}

std::string population_text(simulation::Population population) {
  return std::string(simulation::to_string(population));
}

Table coverage_table(const ModelResult& result) {
  Table table{"Stated gaze regions: how often they hold the truth",
              {"eyes", "when", "in 68 % region", "in 95 % region", "median 68 % half-angle, deg", "frames",
               "no statement"},
              {},
              {}};
  for (const CourseFigures& course : result.courses) {
    for (std::size_t i = 0; i < course_phases.size(); ++i) {
      const Coverage& coverage = course.coverage[i];
      const auto held = [](const CoverageAt& at) {
        return percent_text(at.observed) + " ± " + number_text(100.0 * at.standard_error, 1);
      };
      table.rows.push_back({population_text(course.population), std::string(to_string(course_phases[i])),
                            held(coverage.at_68), held(coverage.at_95),
                            number_text(coverage.median_68_deg, 3), std::to_string(coverage.frames),
                            std::to_string(coverage.without_statement)});
    }
  }
  table.notes.emplace_back(
      "± is the standard error over the subjects. Wanted over all frames: 63–73 % and 92–98 %.");
  table.notes.emplace_back(
      "Eyes: `simulated` are the simulator's population, `normal` are drawn from normal distributions.");
  return table;
}

Table settling_table(const ModelResult& result) {
  Table table{"Learning and slips",
              {"eyes", "what", "subjects in time", "median, s", "90 % within, s", "never"},
              {},
              {}};
  const CoursePlan& plan = result.options.course;
  const std::string slip = number_text(plan.slip_mm, 1) + " mm + " + number_text(plan.slip_deg, 1) + "° slip";
  for (const CourseFigures& course : result.courses) {
    const auto add = [&](const std::string& what, const SettlingFigure& figure) {
      table.rows.push_back({population_text(course.population),
                            what + " below " + number_text(figure.limit_deg, 1) + "° within " +
                                number_text(figure.within_s, 0) + " s",
                            percent_text(figure.share()) + " of " + std::to_string(figure.subjects),
                            seconds_text(figure.median_s), seconds_text(figure.ninety_s),
                            std::to_string(figure.never)});
    };
    add("from the first frame:", course.learning);
    add("after a " + slip + ":", course.recovery_1_deg);
    add("after a " + slip + ":", course.recovery_half_deg);
  }
  table.notes.emplace_back("The mean gaze error over the last " + number_text(running_window_s, 1) +
                           " s goes below the limit and stays there: until the slip at " +
                           number_text(plan.slip_at_s, 0) + " s, or from the slip's start to the end at " +
                           number_text(plan.length_s, 0) + " s. Wanted: 90 % of the subjects.");
  return table;
}

Table error_table(const ModelResult& result) {
  Table table{"Gaze error over the whole course, degrees",
              {"eyes", "mean", "median", "95 %", "frames", "without a pose"},
              {},
              {}};
  for (const CourseFigures& course : result.courses) {
    if (!course.error_deg) continue;
    const Statistics& error = *course.error_deg;
    table.rows.push_back({population_text(course.population), number_text(error.mean, 3),
                          number_text(error.median, 3), number_text(error.p95, 3),
                          std::to_string(error.count), std::to_string(error.not_finite)});
  }
  return table;
}

Table long_table(const LongFigures& figures, std::uint64_t first_seed) {
  Table table{number_text(figures.plan.length_s, 0) + " s, slips: " + std::to_string(figures.plan.slips) +
                  " of " + number_text(figures.plan.slip_mm, 1) + " mm + " +
                  number_text(figures.plan.slip_deg, 1) + "°",
              {"subject", "mean error, deg", "worst second, deg", "without a pose", "diverged"},
              {},
              {}};
  for (std::size_t i = 0; i < figures.subjects.size(); ++i) {
    const Endurance& subject = figures.subjects[i];
    table.rows.push_back({std::to_string(first_seed + i), number_text(subject.mean_deg, 3),
                          number_text(subject.worst_second_deg, 2),
                          std::to_string(subject.without_pose) + "/" + std::to_string(subject.frames),
                          subject.has_diverged ? "yes" : "no"});
  }
  if (figures.mean_deg && figures.worst_second_deg) {
    table.rows.push_back({"all, mean", number_text(figures.mean_deg->mean, 3),
                          number_text(figures.worst_second_deg->mean, 2), "",
                          std::to_string(figures.diverged)});
  }
  table.notes.emplace_back(
      "Worst second: highest mean over a whole second from " + number_text(endurance_learning_s, 0) +
      " s on, slips included. Diverged: a second above " + number_text(divergence_deg, 0) +
      "°, or without any pose, later than " + number_text(endurance_grace_s, 0) +
      " s after the start and after each slip. Wanted: mean at most 0.5° and none diverged.");
  return table;
}

Table exactness_table(const std::vector<ExactnessFigures>& rows) {
  Table table{"Noise-free outlines: gaze error by what is held, degrees",
              {"anatomy", "true centre: mean", "max", "fitted centre: mean", "max", "centre off, lateral mm",
               "depth mm"},
              {},
              {}};
  const auto mean = [](const std::optional<Statistics>& statistics, int decimals) {
    return statistics ? number_text(statistics->mean, decimals) : std::string("no fit");
  };
  for (const ExactnessFigures& row : rows) {
    table.rows.push_back({std::string(to_string(row.held)), mean(row.given_deg, 4),
                          number_text(row.given_max_deg, 4), mean(row.fitted_deg, 4),
                          number_text(row.fitted_max_deg, 4), mean(row.center_lateral_mm, 3),
                          mean(row.center_depth_mm, 3)});
    if (row.failed_fits > 0)
      table.notes.emplace_back(std::string(to_string(row.held)) + ": no centre found for " +
                               std::to_string(row.failed_fits) + " subjects.");
  }
  table.notes.emplace_back(
      "Wanted: at most 0.02° with the subject's own anatomy. The fitted centre is the one that these "
      "outlines "
      "ask for with that anatomy held, found from the true one. The limbus plays no part here: these "
      "outlines "
      "are the pupil's alone.");
  return table;
}

void add_time_row(Table& table, const char* name, const std::optional<Times>& times) {
  if (!times) return;
  table.rows.push_back({name, number_text(times->p50_ms, 3), number_text(times->p95_ms, 3),
                        number_text(times->p99_ms, 3), number_text(times->max_ms, 3),
                        std::to_string(times->runs)});
}

Table live_time_table(const ModelTimes& times) {
  Table table{"Time of the live model, ms", {"step", "p50", "p95", "p99", "max", "runs"}, {}, {}};
  add_time_row(table, "predict", times.predict);
  add_time_row(table, "background update", times.update);
  table.notes.emplace_back(
      "Wanted: predict at most 0.1 ms, a background update at most 30 ms. An update takes in 12 frames.");
  table.notes.emplace_back("Heap allocations a prediction: " +
                           (times.allocations_per_predict ? number_text(*times.allocations_per_predict, 2)
                                                          : std::string(not_measurable)) +
                           ".");
  return table;
}

Table fit_time_table(const ModelTimes& times) {
  Table table{
      "Time of a joint fit", {"frames", "s", "ms a frame", "mean gaze error, deg", "failure"}, {}, {}};
  for (const JointFitTime& fit : times.joint_fits) {
    table.rows.push_back({std::to_string(fit.frames), number_text(fit.seconds, 3),
                          number_text(fit.ms_per_frame, 2), number_text(fit.gaze_error_deg, 3),
                          fit.failure.empty() ? "–" : fit.failure});
  }
  if (std::isfinite(times.per_frame_ratio))
    table.notes.emplace_back("Time a frame of the last over the first: " +
                             number_text(times.per_frame_ratio, 2) + " (1: in proportion to the frames).");
  table.notes.emplace_back("Wanted: 100 frames in at most 0.5 s, 1000 in at most 5 s.");
  return table;
}

Table memory_table(const MemoryCourse& course) {
  Table table{"Memory of the process while it follows one eye", {"simulated time", "resident"}, {}, {}};
  const auto minutes_text = [&](std::size_t reading) {
    return number_text(course.every_s / 60.0 * static_cast<double>(reading), 1) + " min";
  };
  const auto add = [&](std::size_t reading) {
    const double bytes = static_cast<double>(course.bytes[reading - 1]);
    table.rows.push_back({minutes_text(reading), number_text(bytes / mib, 2) + " MiB"});
  };
  add(1);
  if (course.settled_readings > 1) add(course.settled_readings);
  if (course.bytes.size() > course.settled_readings) add(course.bytes.size());
  if (course.growth_bytes && course.bytes_per_minute) {
    table.notes.emplace_back("Growth from " + minutes_text(course.settled_readings) +
                             " on: " + number_text(static_cast<double>(*course.growth_bytes) / kib, 0) +
                             " KiB; fitted slope " + number_text(*course.bytes_per_minute / kib, 2) +
                             " KiB a minute. Wanted: flat.");
  }
  return table;
}

}  // namespace

std::string model_markdown(const ModelResult& result) {
  const SubjectSettings& settings = result.options.settings;
  std::string text =
      report_heading("The live eye model", result.version, result.command, result.machine) + ": " +
      std::to_string(result.options.subjects) + " subjects of each population from seed " +
      std::to_string(settings.first_seed) + ", outlines with " + number_text(settings.sigma_px, 2) +
      " px noise at " + number_text(settings.rate_hz, 0) + " Hz" +
      (settings.limbus_points > 0 ? ", " + std::to_string(settings.limbus_points) + " limbus points"
                                  : std::string(", no limbus")) +
      ".\n";
  const auto add = [&](const Table& table) { text += '\n' + to_markdown(table); };
  if (!result.courses.empty()) {
    add(coverage_table(result));
    add(settling_table(result));
    add(error_table(result));
  }
  if (result.long_course) add(long_table(*result.long_course, settings.first_seed));
  if (result.exactness) add(exactness_table(*result.exactness));
  if (result.times) {
    add(live_time_table(*result.times));
    add(fit_time_table(*result.times));
  }
  if (result.memory) add(memory_table(*result.memory));
  return text;
}

}  // namespace yarbus::benchmark
