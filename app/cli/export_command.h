#pragma once

#include <string>

#include "app/export/session/export_session.h"

namespace CLI {
class App;
}

namespace yarbus::cli {

/// The arguments of `yarbus export`.
struct ExportArguments {
  std::string session;
  std::string folder;
  ExportOptions options;
};

/// Adds the subcommand; what it was given is in `arguments` after parsing.
CLI::App* add_export(CLI::App& app, ExportArguments& arguments);

/// Runs it: files and notes on standard output, errors and progress on standard error. Returns the exit code.
int run_export(const ExportArguments& arguments);

}  // namespace yarbus::cli
