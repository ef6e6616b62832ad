#include <algorithm>
#include <cmath>
#include <functional>

#include "app/benchmark/metrics.h"
#include "eyemodel/types/check.h"

namespace yarbus::benchmark {
namespace {

using Subjects = std::vector<const SubjectScores*>;
/// A value of one frame; nullopt: none.
using FrameValue = std::function<std::optional<double>(const FrameScore&)>;

/// Over the counted frames of all subjects.
std::optional<Statistics> pooled(const Subjects& subjects, const FrameValue& value_of) {
  std::vector<double> values;
  for (const SubjectScores* subject : subjects) {
    for (const FrameScore& score : subject->scores) {
      if (score.kind != FrameKind::counted) continue;
      if (const auto value = value_of(score)) values.push_back(*value);
    }
  }
  return statistics_of(std::move(values));
}

FrameValue of_stage(std::size_t stage, std::optional<double> StageScore::*member) {
  return [stage, member](const FrameScore& score) { return score.stages[stage].*member; };
}

std::optional<double> detector_outline(const FrameScore& score) { return score.outline_px; }

std::optional<DetectionRate> detection_in(const Subjects& subjects) {
  DetectionRate rate;
  bool is_measurable = false;
  for (const SubjectScores* subject : subjects) {
    if (!subject->measurable.outline) continue;
    is_measurable = true;
    for (const FrameScore& score : subject->scores) {
      if (score.kind != FrameKind::counted) continue;
      rate.add(score.center_px && *score.center_px < found_within_px);
    }
  }
  return is_measurable ? std::optional(rate) : std::nullopt;
}

std::vector<VisibilityBin> by_visibility(const Subjects& subjects) {
  std::vector<VisibilityBin> bins{{0.05, 0.2, {}}, {0.2, 0.35, {}}, {0.35, 0.5, {}}, {0.5, 0.65, {}},
                                  {0.65, 0.8, {}}, {0.8, 0.95, {}}, {0.95, 1.0, {}}};
  bool is_measurable = false;
  for (const SubjectScores* subject : subjects) {
    if (!subject->measurable.outline || !subject->measurable.visible_fraction) continue;
    is_measurable = true;
    for (const FrameScore& score : subject->scores) {
      if (!score.visible_fraction || *score.visible_fraction < bins.front().from) continue;
      const auto after = std::find_if(bins.begin(), bins.end(), [&](const VisibilityBin& bin) {
        return *score.visible_fraction < bin.to;
      });
      DetectionRate& rate = after != bins.end() ? after->rate : bins.back().rate;
      rate.add(score.center_px && *score.center_px < found_within_px);
    }
  }
  if (!is_measurable) bins.clear();
  return bins;
}

std::optional<DetectionRate> false_positives_in(const Subjects& subjects) {
  DetectionRate rate;
  bool is_measurable = false;
  for (const SubjectScores* subject : subjects) {
    if (!subject->measurable.blink || !subject->measurable.visible_fraction) continue;
    is_measurable = true;
    for (const FrameScore& score : subject->scores) {
      if (score.kind != FrameKind::closed) continue;
      rate.add(score.was_found);
    }
  }
  return is_measurable ? std::optional(rate) : std::nullopt;
}

/// Counted frames whose true gaze lies in the region that stage `refraction` states for `share`.
std::optional<DetectionRate> inside_stated_region(const Subjects& subjects, double share) {
  const double limit = -2.0 * std::log(1.0 - share);  // chi squared, two degrees of freedom
  DetectionRate rate;
  for (const SubjectScores* subject : subjects) {
    for (const FrameScore& score : subject->scores) {
      const auto& squared = score.stages.back().mahalanobis_squared;
      if (score.kind == FrameKind::counted && squared) rate.add(*squared <= limit);
    }
  }
  return rate.frames > 0 ? std::optional(rate) : std::nullopt;
}

GroupSummary::Fits fits_in(const Subjects& subjects, std::size_t stage) {
  GroupSummary::Fits fits;
  std::vector<double> seconds;
  std::vector<double> frames_to_good;
  for (const SubjectScores* subject : subjects) {
    const StageFit& fit = subject->fits[stage];
    seconds.push_back(std::chrono::duration<double>(fit.report.wall_time).count());
    if (fit.report.failure) {
      fits.failures.push_back({subject->name, std::string(to_string(*fit.report.failure))});
      continue;
    }
    ++fits.made;
    if (fit.frames_to_good) {
      ++fits.reached_good;
      frames_to_good.push_back(*fit.frames_to_good);
    }
  }
  fits.seconds = statistics_of(std::move(seconds));
  fits.frames_to_good = statistics_of(std::move(frames_to_good));
  return fits;
}

GroupSummary::BySubject summary_of(const SubjectScores& subject) {
  const Subjects alone{&subject};
  GroupSummary::BySubject summary;
  summary.name = subject.name;
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    summary.gaze_deg[stage] = pooled(alone, of_stage(stage, &StageScore::gaze_deg));
    summary.outline_px[stage] = pooled(alone, of_stage(stage, &StageScore::outline_px));
  }
  summary.detector_outline_px = pooled(alone, detector_outline);
  summary.detection = detection_in(alone);
  return summary;
}

}  // namespace

GroupSummary summarise(const std::vector<const SubjectScores*>& subjects) {
  YARBUS_CHECK(!subjects.empty());
  GroupSummary summary;
  summary.name = subjects.front()->group;
  summary.width_px = subjects.front()->width_px;
  summary.height_px = subjects.front()->height_px;
  std::vector<std::chrono::nanoseconds> detect_times;
  PerStage<std::vector<std::chrono::nanoseconds>> predict_times;
  for (const SubjectScores* subject : subjects) {
    YARBUS_CHECK_OP(subject->group, ==, summary.name);
    summary.frames += subject->frames;
    summary.labels_without_frame += subject->labels_without_frame;
    summary.measurable.gaze |= subject->measurable.gaze;
    summary.measurable.outline |= subject->measurable.outline;
    summary.measurable.visible_fraction |= subject->measurable.visible_fraction;
    summary.measurable.blink |= subject->measurable.blink;
    summary.measurable.eye_center |= subject->measurable.eye_center;
    summary.measurable.pupil_diameter |= subject->measurable.pupil_diameter;
    for (const FrameScore& score : subject->scores) {
      summary.counted_frames += score.kind == FrameKind::counted ? 1 : 0;
      summary.closed_frames += score.kind == FrameKind::closed ? 1 : 0;
    }
    detect_times.insert(detect_times.end(), subject->detect_times.begin(), subject->detect_times.end());
    for (std::size_t stage = 0; stage < stage_count; ++stage) {
      auto& times = predict_times[stage];
      times.insert(times.end(), subject->predict_times[stage].begin(), subject->predict_times[stage].end());
    }
    summary.by_subject.push_back(summary_of(*subject));
  }
  summary.detector_outline_px = pooled(subjects, detector_outline);
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    summary.gaze_deg[stage] = pooled(subjects, of_stage(stage, &StageScore::gaze_deg));
    summary.outline_px[stage] = pooled(subjects, of_stage(stage, &StageScore::outline_px));
    summary.eye_center_mm[stage] = pooled(subjects, of_stage(stage, &StageScore::eye_center_mm));
    summary.eye_center_across_mm[stage] =
        pooled(subjects, of_stage(stage, &StageScore::eye_center_across_mm));
    summary.eye_center_depth_mm[stage] = pooled(subjects, of_stage(stage, &StageScore::eye_center_depth_mm));
    const auto signed_error = of_stage(stage, &StageScore::pupil_diameter_mm);
    if (const auto statistics = pooled(subjects, signed_error)) {
      summary.pupil_diameter_bias_mm[stage] = statistics->mean;
    }
    summary.pupil_diameter_mm[stage] = pooled(subjects, [&](const FrameScore& score) {
      const auto error = signed_error(score);
      return error ? std::optional(std::abs(*error)) : std::nullopt;
    });
    summary.fits[stage] = fits_in(subjects, stage);
    summary.predict[stage] = times_of(std::move(predict_times[stage]));
  }
  summary.inside_68 = inside_stated_region(subjects, 0.68);
  summary.inside_95 = inside_stated_region(subjects, 0.95);
  summary.detection = detection_in(subjects);
  summary.detection_by_visibility = by_visibility(subjects);
  summary.false_positives = false_positives_in(subjects);
  summary.detect = times_of(std::move(detect_times));
  return summary;
}

}  // namespace yarbus::benchmark
