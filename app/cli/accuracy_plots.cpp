#include "app/cli/accuracy_plots.h"

#include <utility>

#include "app/benchmark/curves.h"
#include "ui/report/accuracy_plot.h"

namespace yarbus::cli {
namespace {

using Panel = ui::AccuracyPlotPanel;

std::vector<ui::AccuracyPlotCurve> plot_curves(const std::vector<benchmark::Curve>& curves) {
  std::vector<ui::AccuracyPlotCurve> converted;
  for (const benchmark::Curve& curve : curves) converted.push_back({curve.stage, curve.x, curve.y});
  return converted;
}

ui::AccuracyPlotInput plot_of(const benchmark::AccuracyResult& result, const benchmark::GroupSummary& group) {
  const auto curves = benchmark::accuracy_curves(benchmark::subjects_of(result, group.name));
  ui::AccuracyPlotInput input;
  input.title = QString::fromStdString(group.name);
  input.subtitle =
      QString("%1 subject%2, %3 frames that count. Yarbus %4 on %5")
          .arg(group.by_subject.size())
          .arg(group.by_subject.size() == 1 ? "" : "s")
          .arg(group.counted_frames)
          .arg(QString::fromStdString(result.version), QString::fromStdString(result.machine.cpu));
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
        ui::write_accuracy_plot(plot_of(result, group), QString::fromStdString(path.string()));
    if (!painted) return painted.error();
    written.push_back(path);
  }
  return written;
}

}  // namespace yarbus::cli
