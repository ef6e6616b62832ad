#pragma once

#include <chrono>
#include <cmath>
#include <optional>
#include <string>

#include "app/session/track_file.h"
#include "app/session/track_recording.h"
#include "app/session/track_two_eyes.h"

namespace yarbus::cli {

/// What `yarbus track RIGHT --left LEFT` and `--both` add.
struct TwoEyeArguments {
  bool is_one_camera = false;         ///< --both
  SourceRequest left;                 ///< --left
  std::optional<EyeRegions> regions;  ///< --right-region with --left-region
  std::string right_from_left_file;   ///< empty: the cameras' geometry is not known
  double left_offset_ms = 0.0;

  [[nodiscard]] std::chrono::nanoseconds left_offset() const {
    return std::chrono::nanoseconds(std::llround(1e6 * left_offset_ms));
  }
};

/// The arguments of `yarbus track`.
struct TrackArguments {
  TrackRequest request;
  std::string csv_path;
  std::string overlay_path;         ///< empty: none
  std::string plot_path;            ///< empty: none
  std::string stages_path;          ///< empty: none
  std::string model_path;           ///< of a wearer, to start from; empty: none
  std::string save_model_path;      ///< empty: none
  std::string calibration_path;     ///< of gaze on the screen, webcam mode; empty: none
  TrackRecordingRequest recording;  ///< with an empty folder: none
  bool with_timings = false;
  /// Set for two eyes; `request` then holds what both share, and the right eye's source.
  std::optional<TwoEyeArguments> two_eyes;
};

/// Runs it: files, summary on standard output, errors and progress on standard error. Returns the exit code.
int run_track(TrackArguments arguments);

}  // namespace yarbus::cli
