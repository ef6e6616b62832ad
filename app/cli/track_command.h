#pragma once

#include <optional>
#include <string>

#include "app/session/track_file.h"

namespace yarbus::cli {

/// The arguments of `yarbus track`.
struct TrackArguments {
  TrackRequest request;
  std::string csv_path;
  std::string overlay_path;     ///< empty: none
  std::string plot_path;        ///< empty: none
  std::string stages_path;      ///< empty: none
  std::string model_path;       ///< of a wearer, to start from; empty: none
  std::string save_model_path;  ///< empty: none
  bool with_timings = false;
};

/// Runs it: files, summary on standard output, errors and progress on standard error. Returns the exit code.
int run_track(TrackArguments arguments);

}  // namespace yarbus::cli
