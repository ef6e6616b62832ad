#include "app/cli/track_summary.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

namespace yarbus::cli {
namespace {

double ms(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

/// How the camera is known, where that is not what the user just said.
std::string camera_remark(const TrackSummary& summary) {
  switch (summary.source.intrinsics_origin) {
    case IntrinsicsOrigin::assumed:
      return " (assumed: 1.0 x the longer side; give --focal-px or --camera for true millimetres and angles)";
    case IntrinsicsOrigin::library:
    case IntrinsicsOrigin::preset:
      return " (" + summary.source.intrinsics_note + ")";
    case IntrinsicsOrigin::stated_focal_length:
    case IntrinsicsOrigin::file:
    case IntrinsicsOrigin::simulation:
      break;
  }
  return {};
}

}  // namespace

void print_summary(const TrackSummary& summary) {
  const auto count = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  const double percent = summary.frames > 0 ? 100.0 * static_cast<double>(summary.frames_with_pupil) /
                                                  static_cast<double>(summary.frames)
                                            : 0.0;
  std::printf("frames      %llu, %dx%d px\n", count(summary.frames), summary.source.width_px,
              summary.source.height_px);
  std::printf("pupil       in %llu frames (%.1f %%), gaze in %llu\n", count(summary.frames_with_pupil),
              percent, count(summary.frames_with_gaze));
  if (summary.frames_with_pupil < summary.frames) {
    std::printf("misses     ");
    for (std::size_t i = 0; i < summary.misses.size(); ++i) {
      if (summary.misses[i] == 0) continue;
      std::printf(" %s %llu", std::string(to_string(static_cast<PupilMissReason>(i))).c_str(),
                  count(summary.misses[i]));
    }
    std::printf("\n");
  }
  std::printf("blinks      %zu", summary.blinks.size());
  std::optional<double> deepest;
  for (const BlinkEvent& blink : summary.blinks) deepest = std::max(deepest, blink.max_closure);
  if (deepest)
    std::printf(" (at the deepest the lid covered %.0f %% of the pupil's height)", 100.0 * *deepest);
  std::printf("\n");
  std::printf("camera      focal length %.1f px%s\n", summary.intrinsics.fx_px,
              camera_remark(summary).c_str());
  if (summary.model) {
    std::printf("eye model   %s\n", summary.model->report.to_text().c_str());
    const Eigen::Vector3d& center = summary.model->eye_center_in_cam_mm;
    std::printf("eye centre  %.2f %.2f %.2f mm in the camera frame\n", center.x(), center.y(), center.z());
    if (!summary.focal_length_doubt.empty())
      std::printf("warning     %s: measure it and give --focal-px\n", summary.focal_length_doubt.c_str());
  } else {
    std::printf("eye model   none: %s\n", summary.last_report.was_run
                                              ? summary.last_report.to_text().c_str()
                                              : "too few frames with a pupil for a fit");
  }
  if (summary.median_reprojection_error_px) {
    std::printf("reprojection  %.2f px median distance between the detected outline and the model's\n",
                *summary.median_reprojection_error_px);
  }
  if (summary.median_outline_error_px && summary.p95_outline_error_px) {
    std::printf(
        "outline     %.2f px median, %.2f p95 from the simulated eye's true one, where half of it shows\n",
        *summary.median_outline_error_px, *summary.p95_outline_error_px);
  }
}

void print_timings(const TrackSummary& summary) {
  std::printf("detect      %.2f ms median, %.2f p95, %.2f p99\n", ms(summary.detect.p50),
              ms(summary.detect.p95), ms(summary.detect.p99));
  std::printf("predict     %.3f ms median, %.3f p95, %.3f p99\n", ms(summary.predict.p50),
              ms(summary.predict.p95), ms(summary.predict.p99));
}

}  // namespace yarbus::cli
