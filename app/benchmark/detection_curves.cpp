#include "app/benchmark/detection_curves.h"

#include <chrono>
#include <cmath>
#include <map>
#include <utility>

namespace yarbus::benchmark {
namespace {

using Subjects = std::vector<const DetectionSubject*>;

/// A frequency of fewer pupils than this says little and is left out of the picture.
constexpr std::size_t least_pupils_in_bin = 10;
constexpr double curve_bin_percent = 100.0 / visibility_tenths;

void add_line(std::vector<WayCurve>& curves, std::optional<DetectionWay> way, Line line) {
  curves.push_back({way, std::move(line)});
}

void add_error_curves(std::size_t way, const Subjects& subjects, DetectionCurves& curves) {
  std::vector<double> center_px;
  std::vector<double> outline_px;
  std::size_t frames = 0;
  std::map<int, std::vector<double>> outline_by_visibility_px;
  for (const DetectionSubject* subject : subjects) {
    if (!subject->measurable.outline) continue;
    for (const DetectionScore& score : subject->scores[way]) {
      const bool is_counted = score.kind == FrameKind::counted;
      frames += is_counted ? 1 : 0;
      if (!score.outline_px) continue;
      if (is_counted) {
        center_px.push_back(score.center_offset_px->norm());
        outline_px.push_back(*score.outline_px);
      }
      if (const auto tenth = visibility_tenth(score.visible_fraction);
          tenth && std::isfinite(*score.outline_px)) {
        outline_by_visibility_px[*tenth].push_back(*score.outline_px);
      }
    }
  }
  if (frames == 0) return;
  add_line(curves.center_cumulative, ways[way], cumulative_line(std::move(center_px), frames));
  add_line(curves.outline_cumulative, ways[way], cumulative_line(std::move(outline_px), frames));
  add_line(curves.outline_by_visibility, ways[way],
           median_line(std::move(outline_by_visibility_px), curve_bin_percent));
}

void add_found(std::size_t way, const WaySummary& summary, DetectionCurves& curves) {
  std::map<int, DetectionRate> bins;
  for (std::size_t tenth = 0; tenth < summary.by_visibility.size(); ++tenth) {
    bins[static_cast<int>(tenth)] = summary.by_visibility[tenth].rate;
  }
  if (!bins.empty())
    add_line(curves.found_by_visibility, ways[way], share_line(bins, curve_bin_percent));
}

void add_reliability(std::size_t way, const WaySummary& summary, DetectionCurves& curves) {
  if (!summary.reliability) return;
  if (curves.reliability.empty()) add_line(curves.reliability, std::nullopt, {{0.0, 100.0}, {0.0, 100.0}});
  Line line;
  for (const Reliability::Bin& bin : summary.reliability->bins) {
    if (bin.count < least_pupils_in_bin) continue;
    line.x.push_back(100.0 * bin.mean_stated);
    line.y.push_back(100.0 * bin.observed);
  }
  add_line(curves.reliability, ways[way], std::move(line));
}

void add_times(std::size_t way, const Subjects& subjects, DetectionCurves& curves) {
  std::vector<double> ms;
  for (const DetectionSubject* subject : subjects) {
    for (const auto time : subject->times[way]) {
      ms.push_back(std::chrono::duration<double, std::milli>(time).count());
    }
  }
  const std::size_t frames = ms.size();
  if (frames > 0) add_line(curves.time_cumulative, ways[way], cumulative_line(std::move(ms), frames));
}

}  // namespace

DetectionCurves detection_curves(const DetectionSummary& summary, const Subjects& subjects) {
  DetectionCurves curves;
  for (std::size_t way = 0; way < way_count; ++way) {
    add_error_curves(way, subjects, curves);
    add_found(way, summary.ways[way], curves);
    add_reliability(way, summary.ways[way], curves);
    add_times(way, subjects, curves);
  }
  return curves;
}

}  // namespace yarbus::benchmark
