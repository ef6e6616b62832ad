#pragma once

#include <string>

#include "app/benchmark/metrics.h"

namespace yarbus::test {

/// A made-up evaluation: every frame whole, found 0.5 px off, with these gaze errors for all stages.
inline benchmark::SubjectScores scored_subject(const std::string& name, const std::vector<double>& gaze_deg) {
  benchmark::SubjectScores subject;
  subject.name = name;
  subject.group = "made up";
  subject.frames = gaze_deg.size();
  subject.width_px = 640;
  subject.height_px = 480;
  subject.measurable = {true, true, true, true, true, true};
  for (std::size_t i = 0; i < gaze_deg.size(); ++i) {
    benchmark::FrameScore score;
    score.frame = i;
    score.visible_fraction = 1.0;
    score.was_found = true;
    score.center_px = 0.3;
    score.outline_px = 0.5;
    score.eccentricity_deg = static_cast<double>(i);
    for (auto& stage : score.stages) {
      stage = {};
      stage.has_pose = true;
      stage.gaze_deg = gaze_deg[i];
      stage.outline_px = 0.7;
      stage.eye_center_mm = 1.5;
      stage.pupil_diameter_mm = -0.2;
    }
    subject.scores.push_back(score);
    subject.detect_times.push_back(std::chrono::milliseconds(5));
  }
  for (auto& fit : subject.fits) {
    fit.report.was_run = true;
    fit.report.converged = true;
    fit.report.wall_time = std::chrono::milliseconds(30);
    fit.frames_to_good = 17;
  }
  return subject;
}

}  // namespace yarbus::test
