#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "app/cli/calibrate_camera_command.h"

namespace yarbus::cli {

/// The options of `yarbus calibrate-camera`: adds the command, then reads what was given.
class CalibrateCameraOptions {
 public:
  explicit CalibrateCameraOptions(CLI::App& app);
  [[nodiscard]] bool was_given() const { return app_->parsed(); }
  /// After parsing. Throws CLI's usage errors for combinations that mean nothing.
  [[nodiscard]] CalibrateCameraArguments arguments() const;

 private:
  CalibrateCameraArguments given_;
  bool is_list_ = false;
  std::string board_ = "chessboard";
  std::string size_;
  std::string lens_ = "auto";
  std::string resolution_;
  std::string export_name_;
  std::string delete_name_;
  CLI::App* app_;
};

}  // namespace yarbus::cli
