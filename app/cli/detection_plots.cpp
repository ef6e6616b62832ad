#include "app/cli/detection_plots.h"

#include <algorithm>
#include <string>

#include "app/benchmark/detection_curves.h"
#include "app/cli/plot_subtitle.h"
#include "ui/report/benchmark_plot.h"

namespace yarbus::cli {
namespace {

using Panel = ui::BenchmarkPlotPanel;

/// Errors beyond this are all alike: another thing was found.
constexpr double widest_error_px = 10.0;

ui::BenchmarkCurve curve_of(const std::optional<benchmark::DetectionWay>& way) {
  if (!way) return ui::BenchmarkCurve::as_stated;
  return *way == benchmark::DetectionWay::cold ? ui::BenchmarkCurve::cold : ui::BenchmarkCurve::tracked;
}

std::vector<ui::BenchmarkPlotCurve> plot_curves(const std::vector<benchmark::WayCurve>& curves) {
  std::vector<ui::BenchmarkPlotCurve> converted;
  for (const benchmark::WayCurve& curve : curves) {
    converted.push_back({curve_of(curve.way), curve.line.x, curve.line.y});
  }
  return converted;
}

ui::BenchmarkPlotInput plot_of(const benchmark::DetectionResult& result,
                               const benchmark::DetectionSummary& summary) {
  const auto curves = benchmark::detection_curves(summary, benchmark::subjects_of(result, summary));
  ui::BenchmarkPlotInput input;
  input.title = "Pupil detection: " + QString::fromStdString(summary.name);
  input.subtitle =
      plot_subtitle(summary.subjects, "recording", summary.counted_frames, result.version, result.machine);
  const QString visible = "visible share of the pupil (%)";
  const QString at_most = "frames with at most this error (%)";
  input.panels = {{Panel::Kind::cumulative, "Pupils found, by centre", "centre error (px)", at_most,
                   plot_curves(curves.center_cumulative), widest_error_px},
                  {Panel::Kind::cumulative, "Pupils found, by outline", "outline error, Hausdorff (px)",
                   at_most, plot_curves(curves.outline_cumulative), widest_error_px},
                  {Panel::Kind::shares, "Reliability of the confidence",
                   "stated: outline at most 2 px off (%)", "observed (%)", plot_curves(curves.reliability)},
                  {Panel::Kind::shares, "Pupils found within 5 px", visible, "pupils found (%)",
                   plot_curves(curves.found_by_visibility)},
                  {Panel::Kind::points_by_share, "Outline error by visible share", visible,
                   "median outline error (px)", plot_curves(curves.outline_by_visibility)},
                  {Panel::Kind::cumulative, "Time of a detection", "time (ms)",
                   "frames with at most this time (%)", plot_curves(curves.time_cumulative)}};
  return input;
}

std::string file_name_of(const benchmark::DetectionSummary& summary) {
  std::string name = "detection-" + summary.name + ".png";
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_detection_plots(const benchmark::DetectionResult& result,
                                                                 const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> written;
  for (const benchmark::DetectionSummary* summary : benchmark::summaries_of(result)) {
    const auto path = folder / file_name_of(*summary);
    const auto painted =
        ui::write_benchmark_plot(plot_of(result, *summary), QString::fromStdString(path.string()));
    if (!painted) return painted.error();
    written.push_back(path);
  }
  return written;
}

}  // namespace yarbus::cli
