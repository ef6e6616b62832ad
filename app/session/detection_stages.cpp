#include "app/session/detection_stages.h"

#include <optional>

#include "tracker/pupil/pupil_detection_trace.h"

namespace yarbus {

DetectionStages detection_stages(GrayView image, const PupilDetectorOptions& options) {
  PupilDetector detector(options);
  PupilDetectionTrace trace;
  DetectionStages stages;
  stages.outcome = detector.detect(image, std::nullopt, &trace);
  for (const auto& candidate : trace.candidates)
    stages.regions.push_back(
        {candidate.center_px, candidate.radius_px, candidate.response_gray, candidate.was_searched});
  stages.ray_edges_px = trace.ray_edges_px;
  for (const auto& hypothesis : trace.hypotheses)
    stages.outlines.push_back({hypothesis.ellipse, hypothesis.confidence, hypothesis.refined});
  return stages;
}

}  // namespace yarbus
