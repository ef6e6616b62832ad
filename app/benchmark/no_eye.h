#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/evaluate_detection.h"
#include "app/session/open_source.h"

namespace yarbus::benchmark {

/// A source that shows no pupil at all, opened as `yarbus track` opens it. Threads: one owner.
struct NoEyeSource {
  std::string name;  ///< the file's or folder's
  OpenedSource source;
  std::optional<std::uint64_t> max_frames;
};

/// Opens them all. Errors: the sources'; invalid_option if two have one name, or for a live source without
/// `max_frames`, which would never end.
Result<std::vector<NoEyeSource>> open_no_eye_sources(const std::vector<std::string>& locations,
                                                     std::optional<std::uint64_t> max_frames);

/// Every pupil reported there is false.
struct NoEyeScores {
  struct OfWay {
    std::uint64_t reported = 0;
    double highest_confidence = 0.0;
  };
  std::string name;
  std::uint64_t frames = 0;
  PerWay<OfWay> ways;
  std::string note;  ///< not empty: the source ended before it should, in words
};

/// Runs the detector over the source both ways. One that breaks off counts as far as it goes. Errors: the
/// source's; input_empty; interrupted.
Result<NoEyeScores> evaluate_no_eye(NoEyeSource& input, const DetectionOptions& options,
                                    const OnEvaluateProgress& on_progress, const std::stop_token& stop);

}  // namespace yarbus::benchmark
