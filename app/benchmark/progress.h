#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace yarbus::benchmark {

/// What is being done with a recording.
struct EvaluateProgress {
  std::string step;               ///< "detecting", "fitting edge", ...
  std::uint64_t frames_done = 0;  ///< 0: a step that is not made of frames
  std::optional<std::uint64_t> frames_total;
};

/// And with which of several.
struct DatasetProgress {
  std::string dataset;
  std::size_t index = 0;  ///< 0-based
  std::size_t count = 0;
  EvaluateProgress step;
};

using OnEvaluateProgress = std::function<void(const EvaluateProgress&)>;
using OnDatasetProgress = std::function<void(const DatasetProgress&)>;

}  // namespace yarbus::benchmark
