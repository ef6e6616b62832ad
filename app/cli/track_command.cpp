#include "app/cli/track_command.h"

#include <cstdio>
#include <string>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/track_outputs.h"
#include "app/cli/track_summary.h"
#include "app/cli/two_eye_command.h"

namespace yarbus::cli {

int run_track(const TrackArguments& arguments) {
  if (const auto valid = arguments.request.tracker.fit.validate(); !valid) return report_error(valid.error());
  if (arguments.request.tracker.detector.bright_pupil &&
      arguments.request.tracker.fit.stage == FitStage::contrast)
    return report_error({ErrorCode::invalid_option, "the contrast stage knows dark pupils only",
                         "--bright-pupil with --stage contrast", "Use --stage edge"});
  if (arguments.two_eyes) return run_track_two_eyes(arguments);
  const InterruptWatcher interrupt;
  TrackOutputs outputs(arguments);
  if (const auto checked = outputs.check_paths(); !checked) return report_error(checked.error());

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
  const auto written = outputs.close(end.summary, is_complete);
  if (end.summary.frames > 0) print_summary(end.summary);
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
