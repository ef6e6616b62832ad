#include "app/benchmark/curves.h"

#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "app/benchmark/curve_lines.h"

namespace yarbus::benchmark {
namespace {

using Subjects = std::vector<const SubjectScores*>;
using FrameValue = std::function<std::optional<double>(const FrameScore&)>;

constexpr double eccentricity_bin_deg = 5.0;
constexpr double visibility_bin_percent = 100.0 / visibility_tenths;

Curve curve_of(std::optional<FitStage> stage, Line line) {
  return {stage, std::move(line.x), std::move(line.y)};
}

void for_each_counted(const Subjects& subjects, const std::function<void(const FrameScore&)>& visit) {
  for (const SubjectScores* subject : subjects) {
    for (const FrameScore& score : subject->scores) {
      if (score.kind == FrameKind::counted) visit(score);
    }
  }
}

Curve cumulative(const Subjects& subjects, std::optional<FitStage> stage, const FrameValue& value_of) {
  std::vector<double> values;
  std::size_t frames = 0;
  for_each_counted(subjects, [&](const FrameScore& score) {
    ++frames;
    if (const auto value = value_of(score)) values.push_back(*value);
  });
  return curve_of(stage, cumulative_line(std::move(values), frames));
}

Curve by_eccentricity(const Subjects& subjects, std::size_t stage) {
  std::map<int, std::vector<double>> bins;
  for_each_counted(subjects, [&](const FrameScore& score) {
    const auto error = score.stages[stage].gaze_deg;
    if (!score.eccentricity_deg || !error || !std::isfinite(*error)) return;
    bins[static_cast<int>(*score.eccentricity_deg / eccentricity_bin_deg)].push_back(*error);
  });
  return curve_of(stages[stage], median_line(std::move(bins), eccentricity_bin_deg));
}

/// Counted or not: how much of the pupil is visible is what is asked.
void for_each_visible(const Subjects& subjects,
                      const std::function<void(const FrameScore&, int bin)>& visit) {
  for (const SubjectScores* subject : subjects) {
    for (const FrameScore& score : subject->scores) {
      if (const auto bin = visibility_tenth(score.visible_fraction)) visit(score, *bin);
    }
  }
}

Curve by_visibility(const Subjects& subjects, std::optional<FitStage> stage, const FrameValue& value_of) {
  std::map<int, std::vector<double>> bins;
  for_each_visible(subjects, [&](const FrameScore& score, int bin) {
    const auto value = value_of(score);
    if (value && std::isfinite(*value)) bins[bin].push_back(*value);
  });
  return curve_of(stage, median_line(std::move(bins), visibility_bin_percent));
}

std::vector<Curve> found_by_visibility(const Subjects& subjects) {
  std::map<int, DetectionRate> bins;
  for_each_visible(subjects, [&](const FrameScore& score, int bin) {
    bins[bin].add(score.center_px && *score.center_px < found_within_px);
  });
  const Curve curve = curve_of(std::nullopt, share_line(bins, visibility_bin_percent));
  return curve.x.empty() ? std::vector<Curve>{} : std::vector<Curve>{curve};
}

}  // namespace

AccuracyCurves accuracy_curves(const Subjects& subjects) {
  Measurable measurable;
  for (const SubjectScores* subject : subjects) {
    measurable.gaze |= subject->measurable.gaze;
    measurable.outline |= subject->measurable.outline;
    measurable.visible_fraction |= subject->measurable.visible_fraction;
    measurable.eye_center |= subject->measurable.eye_center;
  }
  AccuracyCurves curves;
  if (measurable.outline) {
    const auto error = [](const FrameScore& score) { return score.outline_px; };
    curves.outline_cumulative.push_back(cumulative(subjects, std::nullopt, error));
    if (measurable.visible_fraction)
      curves.outline_by_visibility.push_back(by_visibility(subjects, std::nullopt, error));
  }
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    if (measurable.gaze) {
      const auto error = [stage](const FrameScore& score) { return score.stages[stage].gaze_deg; };
      curves.gaze_cumulative.push_back(cumulative(subjects, stages[stage], error));
      if (measurable.eye_center) curves.gaze_by_eccentricity.push_back(by_eccentricity(subjects, stage));
      if (measurable.visible_fraction)
        curves.gaze_by_visibility.push_back(by_visibility(subjects, stages[stage], error));
    }
    if (measurable.outline && stage > 0) {
      const auto error = [stage](const FrameScore& score) { return score.stages[stage].outline_px; };
      curves.outline_cumulative.push_back(cumulative(subjects, stages[stage], error));
      if (measurable.visible_fraction)
        curves.outline_by_visibility.push_back(by_visibility(subjects, stages[stage], error));
    }
  }
  if (measurable.outline && measurable.visible_fraction)
    curves.found_by_visibility = found_by_visibility(subjects);
  return curves;
}

}  // namespace yarbus::benchmark
