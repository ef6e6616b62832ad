#include "app/cli/model_plots.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "ui/report/benchmark_plot.h"

namespace yarbus::cli {
namespace {

using Panel = ui::BenchmarkPlotPanel;

constexpr double shown_error_deg = 3.0;
constexpr double percent = 100.0;
constexpr double mib = 1024.0 * 1024.0;

QString subtitle_of(const benchmark::ModelResult& result, const QString& what) {
  return QString("%1. Yarbus %2 on %3")
      .arg(what, QString::fromStdString(result.version), QString::fromStdString(result.machine.cpu));
}

Panel reliability_panel(const benchmark::ModelResult& result) {
  Panel panel{Panel::Kind::shares,
              "Reliability of the gaze regions",
              "stated: region's share (%)",
              "frames with the truth in it (%)",
              {}};
  for (const benchmark::CourseFigures& course : result.courses) {
    ui::BenchmarkPlotCurve curve{course.population == simulation::Population::normal
                                     ? ui::BenchmarkCurve::normal_eyes
                                     : ui::BenchmarkCurve::simulated_eyes,
                                 {},
                                 {}};
    for (const benchmark::CoverageAt& at : course.coverage.front().curve) {
      curve.x.push_back(percent * at.stated);
      curve.y.push_back(percent * at.observed);
    }
    panel.curves.push_back(std::move(curve));
  }
  if (!panel.curves.empty()) panel.curves.push_back({ui::BenchmarkCurve::as_stated, {0, 100}, {0, 100}});
  return panel;
}

/// A gap where a pose is missing.
ui::BenchmarkPlotCurve error_curve(ui::BenchmarkCurve about, benchmark::Line line) {
  for (double& value : line.y) {
    if (!std::isfinite(value)) value = std::numeric_limits<double>::quiet_NaN();
  }
  return {about, std::move(line.x), std::move(line.y)};
}

Panel error_panel(const QString& title, const QString& x_label, const benchmark::ErrorCourse& course) {
  const QString y_label = QString("gaze error, mean of %1 s (degrees)").arg(benchmark::running_window_s);
  Panel panel{Panel::Kind::course,
              title,
              x_label,
              y_label,
              {error_curve(ui::BenchmarkCurve::half_of_eyes, course.median),
               error_curve(ui::BenchmarkCurve::most_of_eyes, course.ninety)}};
  panel.y_end = shown_error_deg;
  return panel;
}

Panel fit_panel(const benchmark::ModelTimes& times) {
  ui::BenchmarkPlotCurve measured{ui::BenchmarkCurve::measured, {}, {}};
  for (const benchmark::JointFitTime& fit : times.joint_fits) {
    measured.x.push_back(fit.frames);
    measured.y.push_back(fit.seconds);
  }
  Panel panel{Panel::Kind::points, "Time of a joint fit", "frames", "time (s)", {}};
  if (!measured.x.empty()) {
    // Through the origin and the largest fit.
    panel.curves.push_back(
        {ui::BenchmarkCurve::in_proportion, {0.0, measured.x.back()}, {0.0, measured.y.back()}});
    panel.curves.push_back(std::move(measured));
  }
  return panel;
}

Panel memory_panel(const benchmark::MemoryCourse& memory) {
  ui::BenchmarkPlotCurve measured{ui::BenchmarkCurve::measured, {}, {}};
  for (std::size_t i = 0; i < memory.bytes.size(); ++i) {
    measured.x.push_back(memory.every_s / 60.0 * static_cast<double>(i + 1));
    measured.y.push_back(static_cast<double>(memory.bytes[i]) / mib);
  }
  return {Panel::Kind::points, "Memory of the process", "simulated minutes", "resident (MiB)", {measured}};
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_model_plots(const benchmark::ModelResult& result,
                                                             const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> written;
  ui::BenchmarkPlotInput input;
  input.title = "The live eye model";
  input.subtitle = subtitle_of(result, QString("%1 subjects of each population, outlines with %2 px noise")
                                           .arg(result.options.subjects)
                                           .arg(result.options.settings.sigma_px));
  input.panels.push_back(reliability_panel(result));
  for (const benchmark::CourseFigures& course : result.courses) {
    const QString eyes =
        QString(" (%1 eyes)").arg(QString::fromStdString(std::string(to_string(course.population))));
    input.panels.push_back(
        error_panel("Learning" + eyes, "since the first frame (s)", course.learning_course));
    input.panels.push_back(
        error_panel("After a slip" + eyes, "since the slip's start (s)", course.recovery_course));
  }
  if (result.long_course)
    input.panels.push_back(error_panel(QString("Long course, slips: %1").arg(result.long_course->plan.slips),
                                       "since the first frame (s)", result.long_course->course));
  ui::BenchmarkPlotInput cost;
  cost.title = "What the eye model costs";
  cost.subtitle = subtitle_of(result, "simulated outlines");
  if (result.times) cost.panels.push_back(fit_panel(*result.times));
  if (result.memory) cost.panels.push_back(memory_panel(*result.memory));
  for (const auto& [plot, name] : {std::pair(&input, "model.png"), std::pair(&cost, "model-cost.png")}) {
    const auto path = folder / name;
    const auto painted = ui::write_benchmark_plot(*plot, QString::fromStdString(path.string()));
    if (!painted) return painted.error();
    written.push_back(path);
  }
  return written;
}

}  // namespace yarbus::cli
