#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "app/cli/track_command.h"

namespace yarbus::cli {

/// "sim:NAME" as a source names a simulated eye: then takes the prefix off and returns true. Throws CLI's
/// usage error for a bare "sim:".
bool name_if_simulated(SourceRequest& source);

/// The options of `yarbus track` for two eyes: adds them to the command, then reads what was given.
class TwoEyeOptions {
 public:
  explicit TwoEyeOptions(CLI::App& track_app);
  [[nodiscard]] bool has_simulated_left() const { return left_.starts_with("sim:"); }
  /// After parsing. The left eye's camera is set as the right's where nothing else is said. Throws CLI's
  /// usage errors for combinations that mean nothing.
  void apply(TrackArguments& track) const;

 private:
  void refuse_bad_combinations(const TrackArguments& track) const;
  [[nodiscard]] SourceRequest left_source(const SourceRequest& right) const;

  CLI::App& app_;
  std::string left_;
  bool both_ = false;
  std::string right_region_;
  std::string left_region_;
  std::string right_from_left_;
  std::string left_camera_;
  std::optional<double> left_focal_px_;
  std::optional<int> left_rotate_deg_;
  std::string left_mirror_;
  double left_offset_ms_ = 0.0;
};

}  // namespace yarbus::cli
