#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "app/session/session.h"

namespace yarbus {

/// Which camera looks at what, as somebody chose it: a small JSON file, `{"Integrated Camera": "webcam"}`.
/// A missing or broken file knows no camera. Threads: any may read.
class CameraModes {
 public:
  /// Empty: nothing is remembered.
  explicit CameraModes(std::filesystem::path file) : file_(std::move(file)) {}

  [[nodiscard]] std::optional<TrackingMode> mode_of(const std::string& camera) const;
  /// `automatic` forgets it. Errors: output_unwritable.
  [[nodiscard]] Result<void> remember(const std::string& camera, TrackingMode mode) const;

 private:
  std::filesystem::path file_;
};

/// "automatic", "near-eye" or "webcam", as in files and on the command line.
const char* to_string(TrackingMode mode);

}  // namespace yarbus
