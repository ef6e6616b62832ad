#include "app/benchmark/detection_summary.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus::benchmark {
namespace {

using Subjects = std::vector<const DetectionSubject*>;
using Visit = std::function<void(const DetectionScore&)>;

void for_each_score(const Subjects& subjects, std::size_t way, const Visit& visit) {
  for (const DetectionSubject* subject : subjects) {
    for (const DetectionScore& score : subject->scores[way]) visit(score);
  }
}

Subjects with(const Subjects& subjects, const std::function<bool(const Measurable&)>& is_measurable) {
  Subjects found;
  std::copy_if(subjects.begin(), subjects.end(), std::back_inserter(found),
               [&](const DetectionSubject* subject) { return is_measurable(subject->measurable); });
  return found;
}

bool has_outline(const Measurable& measurable) { return measurable.outline; }

void add_rates(const Subjects& subjects, std::size_t way, WaySummary& summary) {
  const Subjects labelled = with(subjects, has_outline);
  if (labelled.empty()) return;
  auto& center = summary.center_within.emplace();
  auto& outline = summary.outline_within.emplace();
  for_each_score(labelled, way, [&](const DetectionScore& score) {
    if (score.kind != FrameKind::counted) return;
    for (std::size_t step = 0; step < error_steps_px.size(); ++step) {
      center[step].add(score.center_is_within(error_steps_px[step]));
      outline[step].add(score.outline_is_within(error_steps_px[step]));
    }
  });
}

void add_visibility(const Subjects& subjects, std::size_t way, WaySummary& summary) {
  const Subjects labelled =
      with(subjects, [](const Measurable& m) { return m.outline && m.visible_fraction; });
  if (labelled.empty()) return;
  for (int tenth = 0; tenth < visibility_tenths; ++tenth) {
    summary.by_visibility.push_back(
        {tenth == 0 ? closed_visible_fraction : tenth / 10.0, (tenth + 1) / 10.0, {}});
  }
  for_each_score(labelled, way, [&](const DetectionScore& score) {
    const auto tenth = visibility_tenth(score.visible_fraction);
    if (!tenth) return;
    summary.by_visibility[static_cast<std::size_t>(*tenth)].rate.add(score.center_is_within(found_within_px));
  });
}

void add_false_positives(const Subjects& subjects, std::size_t way, WaySummary& summary) {
  const Subjects labelled = with(subjects, [](const Measurable& m) { return m.blink && m.visible_fraction; });
  if (labelled.empty()) return;
  auto& rate = summary.false_positives.emplace();
  for_each_score(labelled, way, [&](const DetectionScore& score) {
    if (score.kind == FrameKind::closed) rate.add(score.was_found);
  });
}

void add_errors(const Subjects& subjects, std::size_t way, WaySummary& summary) {
  std::vector<double> outline_px;
  std::vector<double> diameter_px;
  std::vector<double> center_x_px;
  std::vector<double> center_y_px;
  for_each_score(subjects, way, [&](const DetectionScore& score) {
    if (score.kind != FrameKind::counted || !score.outline_px) return;
    outline_px.push_back(*score.outline_px);
    if (!score.center_is_within(found_within_px)) return;
    diameter_px.push_back(*score.diameter_offset_px);
    center_x_px.push_back(score.center_offset_px->x());
    center_y_px.push_back(score.center_offset_px->y());
  });
  summary.outline_px = statistics_of(std::move(outline_px));
  summary.diameter_px = statistics_of(std::move(diameter_px));
  summary.center_x_px = statistics_of(std::move(center_x_px));
  summary.center_y_px = statistics_of(std::move(center_y_px));
}

void add_statements(const Subjects& subjects, std::size_t way, WaySummary& summary) {
  std::vector<StatedOutcome> confidences;
  std::vector<StatedClosure> closures;
  for_each_score(subjects, way, [&](const DetectionScore& score) {
    if (score.was_found && (score.outline_px || score.kind == FrameKind::closed))
      confidences.push_back({score.confidence, score.is_as_claimed()});
    if (score.lid_closure && score.visible_fraction)
      closures.push_back({*score.lid_closure, 1.0 - *score.visible_fraction});
    if (score.miss) {
      auto& misses = summary.misses[static_cast<std::size_t>(*score.miss)];
      ++(score.kind == FrameKind::counted ? misses.counted : misses.other);
    }
  });
  summary.reliability = reliability_of(confidences);
  summary.lid_closure = lid_closure_errors(closures);
}

void add_times(const Subjects& subjects, std::size_t way, WaySummary& summary) {
  std::vector<std::chrono::nanoseconds> times;
  std::uint64_t allocations = 0;
  bool are_counted = true;
  for (const DetectionSubject* subject : subjects) {
    times.insert(times.end(), subject->times[way].begin(), subject->times[way].end());
    are_counted &= subject->allocations[way].has_value();
    allocations += subject->allocations[way].value_or(0);
  }
  if (are_counted && !times.empty())
    summary.allocations_per_frame = static_cast<double>(allocations) / static_cast<double>(times.size());
  summary.detect = times_of(std::move(times));
}

}  // namespace

std::string image_size_text(const DetectionSubject& subject) {
  return std::to_string(subject.width_px) + "×" + std::to_string(subject.height_px);
}

DetectionSummary summarise_detection(const std::string& name, const Subjects& subjects) {
  YARBUS_CHECK(!subjects.empty());
  DetectionSummary summary;
  summary.name = name;
  summary.subjects = subjects.size();
  for (const DetectionSubject* subject : subjects) {
    summary.frames += subject->frames;
    summary.labels_without_frame += subject->labels_without_frame;
    auto& sizes = summary.image_sizes;
    const std::string size = image_size_text(*subject);
    if (std::find(sizes.begin(), sizes.end(), size) == sizes.end()) sizes.push_back(size);
  }
  for_each_score(subjects, 0, [&](const DetectionScore& score) {
    summary.counted_frames += score.kind == FrameKind::counted ? 1 : 0;
    summary.closed_frames += score.kind == FrameKind::closed ? 1 : 0;
  });
  for (std::size_t way = 0; way < way_count; ++way) {
    WaySummary& of_way = summary.ways[way];
    add_rates(subjects, way, of_way);
    add_visibility(subjects, way, of_way);
    add_false_positives(subjects, way, of_way);
    add_errors(subjects, way, of_way);
    add_statements(subjects, way, of_way);
    add_times(subjects, way, of_way);
  }
  return summary;
}

}  // namespace yarbus::benchmark
