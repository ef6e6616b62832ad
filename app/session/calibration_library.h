#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/session/calibration_view.h"
#include "calibration/mapping/calibration_file.h"

namespace yarbus {

/// The calibrations that are kept in one folder, a file each; without a folder none is. Threads: one owner.
class CalibrationLibrary {
 public:
  explicit CalibrationLibrary(std::filesystem::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] bool keeps() const { return !folder_.empty(); }
  /// A new file's path for a calibration of that name: the name without what file names cannot hold, with a
  /// number if it is taken. Makes the folder. Errors: output_unwritable.
  [[nodiscard]] Result<std::filesystem::path> path_for(const std::string& name) const;
  /// Newest first. Files that cannot be read are listed with the reason; `current`: what each must fit;
  /// a screen without a size fits every calibration.
  [[nodiscard]] std::vector<CalibrationEntry> list(const CalibrationSetup& current) const;
  /// Errors: invalid_option if the file is not of this folder; input_missing.
  Result<void> remove(const std::filesystem::path& path) const;

 private:
  std::filesystem::path folder_;
};

/// "2026-11-26 10:42", local time.
std::string local_time_text();

}  // namespace yarbus
