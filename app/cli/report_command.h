#pragma once

#include <optional>
#include <string>

#include "app/recording/session_info.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus report`.
struct ReportArguments {
  std::string session;
  std::optional<AnalysisId> analysis = live_analysis;  ///< unset: the newest
  std::string pdf;                                     ///< empty: none
  std::string json;                                    ///< empty: none
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_report(CLI::App& app, ReportArguments& arguments);

/// Runs it: the main figures on standard output, the files that were asked for. Needs a QApplication, but no
/// display. Returns the exit code.
int run_report(const ReportArguments& arguments);

}  // namespace yarbus::cli
