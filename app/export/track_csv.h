#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "app/export/output_file.h"
#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Writes one row a frame, in the columns that docs/track.md explains. Header and rows come from one table.
/// A row waits until its frame's blink label is final. Absent values are empty fields.
/// Threads: one owner.
class TrackCsvWriter {
 public:
  /// `with_timings` fills detect_ms and predict_ms, which makes two runs differ.
  static Result<TrackCsvWriter> create(const std::filesystem::path& path, bool with_timings);

  void add(const GazeSample& sample, double time_s);
  /// Completes the oldest waiting row, which must be of this frame.
  Result<void> label(std::uint64_t sequence, std::optional<int> blink_id);
  /// Ends the file: under its name if `is_complete`, else as "<name>.partial.<ext>". Returns the path it is
  /// at.
  Result<std::filesystem::path> close(bool is_complete);

 private:
  struct Waiting {
    std::uint64_t sequence = 0;
    std::string before_blink;
    std::string after_blink;
  };
  explicit TrackCsvWriter(OutputFile file, bool with_timings);
  Result<void> flush();

  OutputFile file_;
  std::ofstream stream_;
  bool with_timings_;
  std::deque<Waiting> waiting_;
};

}  // namespace yarbus
