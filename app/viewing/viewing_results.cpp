#include "app/viewing/viewing_results.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace yarbus {
namespace {

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

/// The gaze of that time, ends included.
std::span<const ViewedGaze> gaze_between(std::span<const ViewedGaze> gaze, CaptureTime from, CaptureTime to) {
  const auto first = std::lower_bound(gaze.begin(), gaze.end(), from,
                                      [](const ViewedGaze& one, CaptureTime at) { return one.at < at; });
  const auto end = std::upper_bound(first, gaze.end(), to,
                                    [](CaptureTime at, const ViewedGaze& one) { return at < one.at; });
  return {first, end};
}

/// Of the showings of a task the one that counts; null: there is none.
const PictureShowing* showing_that_counts(const RecordedViewing& viewing, int task) {
  const PictureShowing* found = nullptr;
  for (const PictureShowing& showing : viewing.showings) {
    if (showing.task == task) found = &showing;
  }
  return found;
}

void add_figures(const ViewingSetup& setup, TaskResult& result) {
  const PictureFixation* before = nullptr;
  int ways = 0;
  for (const PictureFixation& fixation : result.fixations) {
    if (!fixation.is_on_picture) {
      ++result.off_picture_count;
      continue;
    }
    ++result.fixation_count;
    result.dwell_s += fixation.duration_s;
    if (before != nullptr) {
      ++ways;
      result.scanpath_px += (fixation.in_picture_px - before->in_picture_px).norm();
      result.scanpath_deg += setup.angle_deg(before->in_screen_mm, fixation.in_screen_mm);
    }
    before = &fixation;
  }
  if (result.fixation_count > 0) result.mean_fixation_s = result.dwell_s / result.fixation_count;
  if (ways > 0) result.mean_saccade_deg = result.scanpath_deg / ways;
}

}  // namespace

ViewingResults make_viewing_results(const RecordedViewing& viewing, std::span<const ViewedGaze> gaze,
                                    std::span<const ViewedFixation> fixations) {
  ViewingResults results;
  results.setup = viewing.setup;
  int without_gaze = 0;
  for (std::size_t i = 0; i < viewing.setup.plan.tasks.size(); ++i) {
    TaskResult result;
    result.task = static_cast<int>(i);
    result.text = viewing.setup.plan.tasks[i].text;
    const PictureShowing* showing = showing_that_counts(viewing, result.task);
    if (showing == nullptr) {
      results.tasks.push_back(std::move(result));
      continue;
    }
    result.position = showing->position;
    result.how = showing->how;
    result.shown_s = seconds_of(showing->end - showing->start);
    for (const ViewedGaze& one : gaze_between(gaze, showing->start, showing->end))
      result.gaze.push_back({seconds_of(one.at - showing->start), one.in_screen_mm,
                             viewing.setup.picture_px(one.in_screen_mm)});
    for (const ViewedFixation& fixation : fixations) {
      if (fixation.start < showing->start || fixation.start >= showing->end) continue;
      const CaptureTime end = std::min(fixation.end, showing->end);
      if (seconds_of(end - fixation.start) < shortest_fixation_s) continue;
      const auto during = gaze_between(gaze, fixation.start, end);
      if (during.empty()) {
        ++without_gaze;
        continue;
      }
      PictureFixation found;
      found.number = static_cast<int>(result.fixations.size()) + 1;
      found.start_s = seconds_of(fixation.start - showing->start);
      found.duration_s = seconds_of(end - fixation.start);
      for (const ViewedGaze& one : during) found.in_screen_mm += one.in_screen_mm;
      found.in_screen_mm /= static_cast<double>(during.size());
      found.in_picture_px = viewing.setup.picture_px(found.in_screen_mm);
      found.is_on_picture = viewing.setup.is_on_picture(found.in_screen_mm);
      result.fixations.push_back(found);
    }
    add_figures(viewing.setup, result);
    results.tasks.push_back(std::move(result));
  }
  if (!viewing.has_end) {
    results.notes.emplace_back(
        "The recording was cut off during the viewing; a picture that was shown then is missing");
  } else if (!viewing.is_complete) {
    results.notes.emplace_back(viewing.problem.empty() ? "The viewing was ended early"
                                                       : "The viewing was ended early: " + viewing.problem);
  }
  if (without_gaze > 0)
    results.notes.push_back(std::to_string(without_gaze) +
                            (without_gaze == 1 ? " fixation has" : " fixations have") +
                            " no gaze on the screen; left out");
  return results;
}

}  // namespace yarbus
