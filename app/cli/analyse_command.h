#pragma once

#include <string>
#include <vector>

#include "app/session/eye_tracker.h"
#include "tracker/events/gaze_events.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus analyse`.
struct AnalyseArguments {
  std::vector<std::string> sessions;
  EyeTrackerOptions tracker;
  std::string mapper;       ///< empty: each calibration's own
  GazeEventOptions events;  ///< what is a fixation, and what a saccade
  int jobs = 1;             ///< sessions at once
  bool again = false;
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_analyse(CLI::App& app, AnalyseArguments& arguments);

/// Runs it: a line a session on standard output, errors and progress on standard error. A session that fails
/// does not stop the others. Returns the exit code: of the first session that failed.
int run_analyse(const AnalyseArguments& arguments);

}  // namespace yarbus::cli
