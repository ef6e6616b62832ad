#include "app/cli/accuracy_plots.h"

#include <utility>

#include "app/benchmark/curves.h"
#include "app/cli/plot_subtitle.h"
#include "ui/report/benchmark_plot.h"

namespace yarbus::cli {
namespace {

using Panel = ui::BenchmarkPlotPanel;

ui::BenchmarkCurve curve_of(const std::optional<FitStage>& stage) {
  if (!stage) return ui::BenchmarkCurve::detector;
  switch (*stage) {
    case FitStage::unprojection:
      return ui::BenchmarkCurve::unprojection;
    case FitStage::unoptimised:
      return ui::BenchmarkCurve::unoptimised;
    case FitStage::contrast:
      return ui::BenchmarkCurve::contrast;
    case FitStage::edge:
      return ui::BenchmarkCurve::edge;
    case FitStage::refraction:
      break;
  }
  return ui::BenchmarkCurve::refraction;
}

std::vector<ui::BenchmarkPlotCurve> plot_curves(const std::vector<benchmark::Curve>& curves) {
  std::vector<ui::BenchmarkPlotCurve> converted;
  for (const benchmark::Curve& curve : curves) converted.push_back({curve_of(curve.stage), curve.x, curve.y});
  return converted;
}

ui::BenchmarkPlotInput plot_of(const benchmark::AccuracyResult& result,
                               const benchmark::GroupSummary& group) {
  const auto curves = benchmark::accuracy_curves(benchmark::subjects_of(result, group.name));
  ui::BenchmarkPlotInput input;
  input.title = QString::fromStdString(group.name);
  input.subtitle =
      plot_subtitle(group.by_subject.size(), "subject", group.counted_frames, result.version, result.machine);
  const QString visible = "visible share of the pupil (%)";
  input.panels = {
      {Panel::Kind::cumulative, "Gaze error", "gaze error (degrees)", "frames with at most this error (%)",
       plot_curves(curves.gaze_cumulative)},
      {Panel::Kind::points, "Gaze error by eccentricity", "true gaze to the line eye-camera (degrees)",
       "median gaze error (degrees)", plot_curves(curves.gaze_by_eccentricity)},
      {Panel::Kind::points_by_share, "Gaze error by visible share", visible, "median gaze error (degrees)",
       plot_curves(curves.gaze_by_visibility)},
      {Panel::Kind::cumulative, "Pupil outline error", "outline error, Hausdorff (px)",
       "frames with at most this error (%)", plot_curves(curves.outline_cumulative)},
      {Panel::Kind::shares, "Pupils found within 5 px", visible, "pupils found (%)",
       plot_curves(curves.found_by_visibility)},
      {Panel::Kind::points_by_share, "Outline error by visible share", visible, "median outline error (px)",
       plot_curves(curves.outline_by_visibility)}};
  return input;
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_accuracy_plots(const benchmark::AccuracyResult& result,
                                                                const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> written;
  for (const benchmark::GroupSummary& group : result.groups) {
    const auto path = folder / ("accuracy-" + group.name + ".png");
    const auto painted =
        ui::write_benchmark_plot(plot_of(result, group), QString::fromStdString(path.string()));
    if (!painted) return painted.error();
    written.push_back(path);
  }
  return written;
}

}  // namespace yarbus::cli
