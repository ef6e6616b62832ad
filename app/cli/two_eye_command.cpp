#include "app/cli/two_eye_command.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/track_summary.h"
#include "app/cli/two_eye_outputs.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::cli {
namespace {

constexpr std::array both_eyes{EyeSide::right, EyeSide::left};

std::size_t at(EyeSide eye) { return static_cast<std::size_t>(eye); }

Result<TwoEyeRequest> request_of(const TrackArguments& arguments) {
  const TwoEyeArguments& two = *arguments.two_eyes;
  TwoEyeRequest request;
  for (const EyeSide eye : both_eyes) {
    request.by_eye[at(eye)] = arguments.request;
    request.by_eye[at(eye)].eye = eye;
  }
  request.is_one_camera = two.is_one_camera;
  request.regions = two.regions;
  if (!two.is_one_camera) request.by_eye[at(EyeSide::left)].source = two.left;
  if (!std::isfinite(two.left_offset_ms) || std::abs(two.left_offset_ms) > 1e9)
    return Error{ErrorCode::invalid_option, "the offset must be a number of milliseconds", "--left-offset-ms",
                 "Give for instance 120"};
  request.left_offset = two.left_offset();
  if (!two.right_from_left_file.empty()) {
    const auto transform = read_right_from_left(two.right_from_left_file);
    if (!transform) return transform.error();
    request.right_cam_from_left_cam = *transform;
  }
  return request;
}

void print_ends(const TwoEyeEnd& end) {
  for (const EyeSide eye : both_eyes) {
    const EyeSide other = eye == EyeSide::right ? EyeSide::left : EyeSide::right;
    const auto& last_s = end.last_time_s[at(eye)];
    const auto& other_last_s = end.last_time_s[at(other)];
    const char* const name = to_string(eye);
    if (!last_s) {
      std::printf("both eyes   the %s eye gave no frames: the %s alone\n", name, to_string(other));
    } else if (end.errors[at(eye)]) {
      std::printf("both eyes   the %s eye broke off after %.2f s: %s\n", name, *last_s,
                  end.errors[at(eye)]->to_text().c_str());
    } else if (other_last_s && *other_last_s - *last_s > 1.0) {
      std::printf("both eyes   the %s eye ended after %.2f s, the %s went on to %.2f s\n", name, *last_s,
                  to_string(other), *other_last_s);
    }
  }
}

void print_binocular(const TwoEyeEnd& end) {
  const BinocularSummary& both = end.binocular;
  const auto count = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  const auto misses = [&](VergenceMiss miss) {
    return count(both.vergence_misses[static_cast<std::size_t>(miss)]);
  };
  std::printf("paired      %llu frames of both eyes with a partner, %llu without\n", count(both.pairs),
              count(both.without_partner));
  if (!both.has_geometry) {
    std::printf("vergence    none: where the two cameras are is not known (give --right-from-left FILE)\n");
  } else {
    std::printf("vergence    in %llu frames", count(both.with_vergence));
    if (both.median_distance_mm && both.median_gap_mm) {
      std::printf(", median %.0f mm away, %.1f mm between the axes", *both.median_distance_mm,
                  *both.median_gap_mm);
    }
    std::printf("; none in %llu for want of one eye's gaze, %llu parallel, %llu diverging\n",
                misses(VergenceMiss::one_eye), misses(VergenceMiss::parallel),
                misses(VergenceMiss::diverging));
  }
}

void print_two_eyes(const TwoEyeEnd& end, bool with_timings) {
  for (const EyeSide eye : both_eyes) {
    const TrackSummary& summary = end.summaries[at(eye)];
    std::printf("%s eye%s  %s\n", to_string(eye), eye == EyeSide::left ? " " : "",
                summary.source.name.c_str());
    if (summary.frames == 0) continue;
    print_summary(summary);
    if (with_timings) print_timings(summary);
  }
  print_ends(end);
  print_binocular(end);
}

}  // namespace

int run_track_two_eyes(const TrackArguments& arguments) {
  const InterruptWatcher interrupt;
  const auto request = request_of(arguments);
  if (!request) return report_error(request.error());
  TwoEyeOutputs outputs(arguments);
  if (const auto checked = outputs.check_paths(); !checked) return report_error(checked.error());

  ProgressBar bar;
  const auto on_progress = [&](const TrackProgress& progress) {
    const std::string label = progress.passes == 1 ? "tracking"
                              : progress.pass == 1 ? "1/2 fitting"
                                                   : "2/2 tracking";
    bar.update(label, progress.frames_done, progress.frames_total);
  };
  const TwoEyeEnd end = track_two_eyes(*request, outputs, on_progress, interrupt.token());
  bar.finish();

  const std::uint64_t frames = end.summaries[0].frames + end.summaries[1].frames;
  const bool is_complete = !end.error && !end.errors[0] && !end.errors[1];
  const auto written = outputs.close(end, is_complete);
  if (frames > 0) print_two_eyes(end, arguments.with_timings);
  std::vector<Error> errors;
  if (end.error) errors.push_back(*end.error);
  for (const EyeSide eye : both_eyes) {
    if (end.error || !end.errors[at(eye)]) continue;
    errors.push_back(*end.errors[at(eye)]);
    errors.back().context = std::string(to_string(eye)) + " eye: " + errors.back().context;
  }
  return finish_run(errors, written, end.summaries[0].was_interrupted, frames);
}

}  // namespace yarbus::cli
