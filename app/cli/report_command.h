#pragma once

#include <string>

#include "app/recording/session_info.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus report`.
struct ReportArguments {
  std::string session;
  std::string folder;
  AnalysisId analysis = live_analysis;
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_report(CLI::App& app, ReportArguments& arguments);

/// Runs it: report.json and report.pdf into the folder, which may exist. Needs a QApplication. Returns the
/// exit code.
int run_report(const ReportArguments& arguments);

}  // namespace yarbus::cli
