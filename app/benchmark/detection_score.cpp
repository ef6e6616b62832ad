#include "app/benchmark/detection_score.h"

#include <cmath>

namespace yarbus::benchmark {
namespace {

double mean_diameter_px(const Ellipse& ellipse) {
  return 2.0 * std::sqrt(ellipse.semi_major_px * ellipse.semi_minor_px);
}

void score_observation(const PupilObservation& observation, const std::optional<Ellipse>& truth,
                       DetectionScore& score) {
  score.was_found = true;
  score.confidence = observation.confidence;
  score.lid_closure = observation.lid_closure;
  if (!truth) return;
  const Ellipse& found = observation.ellipse;
  score.center_offset_px = found.center_px - truth->center_px;
  score.diameter_offset_px = mean_diameter_px(found) - mean_diameter_px(*truth);
  score.outline_px = outline_error_px(found, *truth);
}

}  // namespace

DetectionScore score_outcome(const FrameLabel& label, const PupilOutcome* outcome) {
  DetectionScore score;
  score.kind = kind_of(label);
  score.visible_fraction = label.visible_fraction;
  if (outcome == nullptr) return score;
  if (const auto* miss = std::get_if<PupilMiss>(outcome)) {
    score.miss = miss->reason;
    score.lid_closure = miss->lid_closure;
  } else {
    score_observation(std::get<PupilObservation>(*outcome), label.pupil_ellipse, score);
  }
  return score;
}

}  // namespace yarbus::benchmark
