#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "app/export/session/export_folder.h"

namespace yarbus {

/// A .npy file of one column of float64 (NumPy's format 1.0), written value by value.
class NumpyFile {
 public:
  static Result<NumpyFile> create(ExportFolder& folder, const std::string& name);
  void put(double value);
  /// Writes the number of values into the header.
  Result<void> close();
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  explicit NumpyFile(ExportFile file) : file_(std::move(file)) {}
  ExportFile file_;
  std::uint64_t size_ = 0;
};

}  // namespace yarbus
