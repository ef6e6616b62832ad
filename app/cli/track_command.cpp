#include "app/cli/track_command.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/track_face_command.h"
#include "app/cli/track_outputs.h"
#include "app/cli/track_summary.h"
#include "app/cli/two_eye_command.h"
#include "app/session/open_source.h"
#include "app/session/recognise_mode.h"
#include "app/session/source_request.h"

namespace yarbus::cli {
namespace {

/// Combinations in which an option would be ignored, or do harm.
std::optional<Error> refuse_bad_fit(const TrackRequest& request) {
  const FitOptions& fit = request.tracker.fit;
  if (request.tracker.detector.bright_pupil && fit.stage == FitStage::contrast)
    return Error{ErrorCode::invalid_option, "the contrast stage knows dark pupils only",
                 "--bright-pupil with --stage contrast", "Use --stage edge"};
  if (!fit.refraction_by_contrast) return std::nullopt;
  if (fit.stage != FitStage::refraction) {
    std::string what = "--refraction-contrast with --stage ";
    what += to_string(fit.stage);
    return Error{ErrorCode::invalid_option, "region contrast as data is an option of stage refraction", what,
                 "Use --stage refraction, or --stage contrast alone"};
  }
  if (!request.two_pass)
    return Error{ErrorCode::invalid_option, "the model of one pass knows edges only",
                 "--refraction-contrast without --two-pass", "Add --two-pass"};
  if (request.tracker.detector.bright_pupil)
    return Error{ErrorCode::invalid_option, "region contrast knows dark pupils only",
                 "--bright-pupil with --refraction-contrast", "Leave out --refraction-contrast"};
  return std::nullopt;
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

/// Opened for that, and closed again.
Result<RecognisedMode> recognise_source(const SourceRequest& request) {
  auto opened = open_source(request, EyeSide::right, {});
  if (!opened) return opened.error();
  if (opened->screen || opened->simulation)
    return RecognisedMode{opened->screen ? TrackingMode::webcam : TrackingMode::near_eye, true,
                          "it is simulated"};
  if (opened->mode) return RecognisedMode{*opened->mode, true, "the session was recorded so"};
  return recognise_mode(*opened->frames, {});
}

/// Of what a webcam has no use for: first the option that was given.
std::optional<Error> refuse_for_face(const TrackArguments& arguments) {
  const TrackRequest& request = arguments.request;
  const EyeTrackerOptions defaults;
  const std::array<std::pair<const char*, bool>, 8> options{{
      {"--left or --both", arguments.two_eyes.has_value()},
      {"--two-pass", request.two_pass},
      {"--stage", request.tracker.fit.stage != defaults.fit.stage},
      {"--refine-contrast", request.tracker.detector.refine_by_contrast},
      {"--bright-pupil", request.tracker.detector.bright_pupil},
      {"--model", !arguments.model_path.empty()},
      {"--save-model", !arguments.save_model_path.empty()},
      {"--stages", !arguments.stages_path.empty()},
  }};
  for (const auto& [name, is_given] : options) {
    if (is_given)
      return Error{ErrorCode::invalid_option, "it belongs to eye cameras, not to a webcam", name,
                   "Leave it out, or track with --mode near-eye"};
  }
  return std::nullopt;
}

}  // namespace

int run_track(TrackArguments arguments) {
  if (arguments.request.source.mode == TrackingMode::automatic) {
    const auto recognised = recognise_source(arguments.request.source);
    if (!recognised) return report_error(recognised.error());
    std::fprintf(stderr, "yarbus: %s\n", recognised->reason.c_str());
    arguments.request.source.mode = recognised->mode;
  }
  const SourceRequest& source = arguments.request.source;
  const bool is_face = source.mode == TrackingMode::webcam || is_simulated_face(source);
  if (is_face) {
    if (const auto refused = refuse_for_face(arguments)) return report_error(*refused);
    return run_track_face(arguments);
  }
  if (!arguments.calibration_path.empty())
    return report_error({ErrorCode::invalid_option, "gaze is mapped to the screen in webcam mode only",
                         "--calibration", "Add --mode webcam, or leave it out"});
  if (const auto valid = arguments.request.tracker.fit.validate(); !valid) return report_error(valid.error());
  if (const auto refused = refuse_bad_fit(arguments.request)) return report_error(*refused);
  const bool is_for_wearer = !arguments.model_path.empty() || !arguments.save_model_path.empty();
  if (is_for_wearer && arguments.request.tracker.fit.stage != FitStage::refraction) {
    return report_error({ErrorCode::invalid_option, "only the stage refraction has eye models to keep",
                         arguments.model_path.empty() ? "--save-model" : "--model",
                         "Use --stage refraction"});
  }
  if (arguments.two_eyes && is_for_wearer) {
    return report_error({ErrorCode::invalid_option, "the models of wearers are for one eye at a time",
                         arguments.model_path.empty() ? "--save-model" : "--model",
                         "Track each eye by itself"});
  }
  if (arguments.two_eyes) return run_track_two_eyes(arguments);
  const InterruptWatcher interrupt;
  TrackOutputs outputs(arguments);
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
  std::vector<Error> errors;
  if (end.error) errors.push_back(*end.error);
  return finish_run(errors, written, end.summary.was_interrupted, end.summary.frames);
}

}  // namespace yarbus::cli
