#include "app/cli/webcam_plots.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "app/benchmark/curve_lines.h"
#include "app/benchmark/statistics.h"
#include "ui/report/benchmark_plot.h"

namespace yarbus::cli {
namespace {

using Panel = ui::BenchmarkPlotPanel;

constexpr double shown_error_deg = 12.0;

std::optional<ui::BenchmarkCurve> curve_of(const std::string& mapper) {
  static const std::map<std::string, ui::BenchmarkCurve> curves{
      {"geometric", ui::BenchmarkCurve::geometric_mapper},
      {"appearance process", ui::BenchmarkCurve::appearance_process},
      {"stacked", ui::BenchmarkCurve::stacked_mapper},
      {"tangent distance", ui::BenchmarkCurve::tangent_distance},
      {"ridge", ui::BenchmarkCurve::ridge},
      {"mean target", ui::BenchmarkCurve::mean_target}};
  const auto found = curves.find(mapper);
  return found == curves.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> mappers_of(const std::vector<const benchmark::WebcamFigures*>& subjects) {
  std::vector<std::string> names;
  for (const auto* subject : subjects) {
    for (const auto& mapper : subject->mappers) {
      if (std::find(names.begin(), names.end(), mapper.name) == names.end()) names.push_back(mapper.name);
    }
  }
  return names;
}

Panel error_panel(const std::vector<const benchmark::WebcamFigures*>& subjects) {
  Panel panel{Panel::Kind::cumulative, "Errors at test frames", "gaze error (degrees)", "frames (%)", {},
              shown_error_deg};
  for (const std::string& name : mappers_of(subjects)) {
    const auto about = curve_of(name);
    if (!about) continue;
    std::vector<double> errors_deg;
    std::size_t frames = 0;
    for (const auto* subject : subjects) {
      frames += subject->test_frames;
      for (const auto& mapper : subject->mappers) {
        if (mapper.name == name)
          errors_deg.insert(errors_deg.end(), mapper.frame_errors_deg.begin(), mapper.frame_errors_deg.end());
      }
    }
    if (errors_deg.empty()) continue;
    auto line = benchmark::cumulative_line(std::move(errors_deg), frames);
    panel.curves.push_back({*about, std::move(line.x), std::move(line.y)});
  }
  return panel;
}

using MediansByCount = std::map<std::size_t, std::vector<double>>;

/// Of each mapper a curve: the median over subjects against what `collect` counts by.
template <class Collect>
Panel count_panel(const std::vector<const benchmark::WebcamFigures*>& subjects, const char* title,
                  const char* count, const Collect& collect) {
  Panel panel{Panel::Kind::points, title, count, "median error at test frames (degrees)", {}};
  for (const std::string& name : mappers_of(subjects)) {
    const auto about = curve_of(name);
    if (!about) continue;
    MediansByCount medians;
    for (const auto* subject : subjects) collect(*subject, name, medians);
    ui::BenchmarkPlotCurve curve{*about, {}, {}};
    for (auto& [at, values] : medians) {
      std::sort(values.begin(), values.end());
      curve.x.push_back(static_cast<double>(at));
      curve.y.push_back(benchmark::quantile_of(values, 0.5));
    }
    if (!curve.x.empty()) panel.curves.push_back(std::move(curve));
  }
  return panel;
}

void add_median(const benchmark::SampleFigures& figures, const std::string& mapper, std::size_t count,
                MediansByCount& medians) {
  for (const auto& [name, median_deg] : figures.median_deg) {
    if (name == mapper) medians[count].push_back(median_deg);
  }
}

/// Fits from all targets, by their frames.
void by_frames(const benchmark::WebcamFigures& subject, const std::string& mapper, MediansByCount& medians) {
  for (const auto& figures : subject.samples) {
    if (figures.targets == subject.calibration_targets)
      add_median(figures, mapper, figures.samples / figures.targets * figures.targets, medians);
  }
}

/// The fit with most frames from so many targets.
void by_targets(const benchmark::WebcamFigures& subject, const std::string& mapper, MediansByCount& medians) {
  std::map<std::size_t, const benchmark::SampleFigures*> fullest;
  for (const auto& figures : subject.samples) {
    auto& known = fullest[figures.targets];
    if (known == nullptr || known->samples < figures.samples) known = &figures;
  }
  for (const auto& [targets, figures] : fullest) add_median(*figures, mapper, targets, medians);
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_webcam_plots(const benchmark::WebcamResult& result,
                                                              const std::filesystem::path& folder) {
  std::vector<std::string> groups;
  for (const auto& subject : result.subjects) {
    if (std::find(groups.begin(), groups.end(), subject.group) == groups.end())
      groups.push_back(subject.group);
  }
  std::vector<std::filesystem::path> written;
  for (const std::string& group : groups) {
    std::vector<const benchmark::WebcamFigures*> subjects;
    for (const auto& subject : result.subjects) {
      if (subject.group == group) subjects.push_back(&subject);
    }
    ui::BenchmarkPlotInput input;
    input.title = QString("Gaze from a webcam: %1").arg(QString::fromStdString(group));
    input.subtitle =
        QString("%1 recordings. Yarbus %2 on %3")
            .arg(subjects.size())
            .arg(QString::fromStdString(result.version), QString::fromStdString(result.machine.cpu));
    input.panels = {error_panel(subjects),
                    count_panel(subjects, "What more calibration gives", "calibration frames", by_frames),
                    count_panel(subjects, "What more targets give", "calibration targets", by_targets)};
    const std::filesystem::path path = folder / ("webcam-" + group + ".png");
    if (const auto plotted = ui::write_benchmark_plot(input, QString::fromStdString(path.string())); !plotted)
      return plotted.error();
    written.push_back(path);
  }
  return written;
}

}  // namespace yarbus::cli
