#pragma once

#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/export/session/numpy_file.h"

namespace yarbus {

/// `<topic>.pldata` and `<topic>_timestamps.npy` of a Pupil recording: msgpack arrays [topic, bin(msgpack
/// map)] one after another, and as many times in the same order.
class PupilDataFile {
 public:
  static Result<PupilDataFile> create(ExportFolder& folder, const std::string& prefix);
  /// `datum` has "topic" and "timestamp" (YARBUS_CHECK).
  void put(const nlohmann::json& datum);
  Result<void> close();

 private:
  PupilDataFile(ExportFile data, NumpyFile times) : data_(std::move(data)), times_(std::move(times)) {}
  ExportFile data_;
  NumpyFile times_;
};

}  // namespace yarbus
