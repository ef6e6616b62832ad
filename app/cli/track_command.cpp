#include "app/cli/track_command.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/track_outputs.h"

namespace yarbus::cli {
namespace {

double ms(std::chrono::nanoseconds duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

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
  std::printf(
      "camera      focal length %.1f px%s\n", summary.intrinsics.fx_px,
      summary.intrinsics.is_assumed
          ? " (assumed: 1.0 x the longer side; give --focal-px or --camera for true millimetres and angles)"
          : "");
  if (summary.model) {
    std::printf("eye model   %s\n", summary.model->report.to_text().c_str());
    const Eigen::Vector3d& center = summary.model->eye_center_in_cam_mm;
    std::printf("eye centre  %.2f %.2f %.2f mm in the camera frame\n", center.x(), center.y(), center.z());
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

/// Adds the file to those written, or replaces them by the error.
void save_model(const TrackArguments& arguments, const TrackSummary& summary,
                Result<std::vector<std::filesystem::path>>& written) {
  const std::string& path = arguments.save_model_path;
  if (!summary.model) {
    written = Error{ErrorCode::input_empty, "there is no eye model to save", path,
                    "Give an input in which the pupil is seen"};
  } else if (const auto saved = save_wearer(path, arguments.request.eye, *summary.model); !saved) {
    written = saved.error();
  } else {
    written->emplace_back(path);
  }
}

}  // namespace

int run_track(TrackArguments arguments) {
  const InterruptWatcher interrupt;
  TrackOutputs outputs(arguments);
  if (const auto valid = arguments.request.tracker.fit.validate(); !valid) return report_error(valid.error());
  if (arguments.request.tracker.detector.bright_pupil &&
      arguments.request.tracker.fit.stage == FitStage::contrast)
    return report_error({ErrorCode::invalid_option, "the contrast stage knows dark pupils only",
                         "--bright-pupil with --stage contrast", "Use --stage edge"});
  const bool is_for_wearer = !arguments.model_path.empty() || !arguments.save_model_path.empty();
  if (is_for_wearer && arguments.request.tracker.fit.stage != FitStage::refraction) {
    return report_error({ErrorCode::invalid_option, "only the stage refraction has eye models to keep",
                         arguments.model_path.empty() ? "--save-model" : "--model",
                         "Use --stage refraction"});
  }
  if (const auto checked = outputs.check_paths(); !checked) return report_error(checked.error());
  if (!arguments.model_path.empty()) {
    auto wearer = load_wearer(arguments.model_path);
    if (!wearer) return report_error(wearer.error());
    arguments.request.wearer = std::move(*wearer);
  }

  ProgressBar bar;
  const auto on_progress = [&](const TrackProgress& progress) {
    const std::string label = progress.passes == 1 ? "tracking"
                              : progress.pass == 1 ? "1/2 fitting"
                                                   : "2/2 tracking";
    bar.update(label, progress.frames_done, progress.frames_total);
  };
  const TrackEnd end = track_file(arguments.request, outputs, on_progress, interrupt.token());
  bar.finish();

  const bool is_complete = !end.error.has_value();
  auto written = outputs.close(end.summary, is_complete);
  if (end.summary.frames > 0) print_summary(end.summary);
  if (arguments.request.wearer) {
    std::printf("wearer      %s%s%s\n", arguments.model_path.c_str(),
                end.summary.wearer_caveat.empty() ? ": anatomy and place used" : " was ",
                end.summary.wearer_caveat.c_str());
  }
  if (written && is_complete && !arguments.save_model_path.empty())
    save_model(arguments, end.summary, written);
  if (end.summary.frames > 0 && arguments.with_timings) print_timings(end.summary);
  if (written) {
    for (const auto& path : *written) std::printf("wrote       %s\n", path.c_str());
  }
  std::fflush(stdout);
  if (end.error) return report_error(*end.error);
  if (!written) return report_error(written.error());
  if (end.summary.was_interrupted) {
    std::fprintf(stderr,
                 "yarbus: stopped by Ctrl-C after %llu frames; the files hold what was done until then\n",
                 static_cast<unsigned long long>(end.summary.frames));
    return exit_interrupted;
  }
  return exit_success;
}

}  // namespace yarbus::cli
