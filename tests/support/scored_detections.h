#pragma once

#include <chrono>
#include <string>

#include "app/benchmark/detection.h"

namespace yarbus::test {

/// A made-up frame that counts: found `offset` px to the right, the outline as far off, stated to be sure.
inline benchmark::DetectionScore found_frame(double offset_px) {
  benchmark::DetectionScore score;
  score.visible_fraction = 1.0;
  score.was_found = true;
  score.confidence = 0.95;
  score.lid_closure = 0.0;
  score.center_offset_px = Eigen::Vector2d(offset_px, 0.0);
  score.diameter_offset_px = 0.1;
  score.outline_px = offset_px;
  return score;
}

inline benchmark::DetectionScore missed_frame(PupilMissReason reason) {
  benchmark::DetectionScore score;
  score.visible_fraction = 1.0;
  score.miss = reason;
  return score;
}

/// A frame of a blink with nothing to see.
inline benchmark::DetectionScore closed_frame(bool was_found) {
  benchmark::DetectionScore score = was_found ? found_frame(0.5) : missed_frame(PupilMissReason::blink);
  score.kind = benchmark::FrameKind::closed;
  score.visible_fraction = 0.0;
  return score;
}

/// A made-up recording with these frames, alike both ways.
inline benchmark::DetectionSubject detection_subject(const std::string& group,
                                                     const std::vector<benchmark::DetectionScore>& scores) {
  benchmark::DetectionSubject subject;
  subject.name = group + ", seed 1";
  subject.group = group;
  subject.frames = scores.size();
  subject.width_px = 640;
  subject.height_px = 480;
  subject.measurable = {true, true, true, true, true, true};
  for (std::size_t way = 0; way < benchmark::way_count; ++way) {
    subject.scores[way] = scores;
    subject.times[way].assign(scores.size(), std::chrono::microseconds(way == 0 ? 900 : 300));
    subject.allocations[way] = 0;
  }
  return subject;
}

/// A run over one recording.
inline benchmark::DetectionResult detection_result(benchmark::DetectionSubject subject) {
  benchmark::DetectionResult result;
  result.version = "1.2.3";
  result.command = "yarbus benchmark detection";
  result.machine = {"a processor", 2};
  result.subjects.push_back(std::move(subject));
  result.groups.push_back(
      benchmark::summarise_detection(result.subjects.front().group, {&result.subjects.front()}));
  result.inputs_asked = 1;
  return result;
}

}  // namespace yarbus::test
