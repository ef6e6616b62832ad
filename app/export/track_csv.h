#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "app/export/output_file.h"
#include "eyemodel/types/binocular_sample.h"
#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Writes one row a frame, in the columns that docs/track.md explains. Header and rows come from one table.
/// A row waits until its frame's blink label is final, and until those before it are whole. Absent values are
/// empty fields. A table of two eyes has the same columns and, after them, those of docs/two-eyes.md.
/// Threads: one owner.
class TrackCsvWriter {
 public:
  /// `with_timings` fills detect_ms and predict_ms, which makes two runs differ.
  static Result<TrackCsvWriter> create(const std::filesystem::path& path, bool with_timings,
                                       bool has_two_eyes = false);

  void add(const GazeSample& sample, double time_s);
  /// Of a table of two eyes: a row of the pair's new sample.
  void add(const BinocularSample& pair, double time_s);
  /// Completes the oldest waiting row, which must be of this frame.
  Result<void> label(std::uint64_t sequence, std::optional<int> blink_id) {
    return label(EyeSide::right, sequence, blink_id);
  }
  /// Of a table of two eyes: the oldest waiting row of that eye.
  Result<void> label(EyeSide eye, std::uint64_t sequence, std::optional<int> blink_id);
  /// Ends the file: under its name if `is_complete`, else as "<name>.partial.<ext>". Returns the path it is
  /// at.
  Result<std::filesystem::path> close(bool is_complete);

 private:
  struct Waiting {
    EyeSide eye = EyeSide::right;
    std::uint64_t sequence = 0;
    std::string before_blink;
    std::string after_blink;
    bool is_whole = false;
  };
  TrackCsvWriter(OutputFile file, bool with_timings, bool has_two_eyes);
  void add(const GazeSample& sample, const BinocularSample* pair, double time_s);
  Result<void> flush();

  OutputFile file_;
  std::ofstream stream_;
  bool with_timings_;
  bool has_two_eyes_;
  std::deque<Waiting> waiting_;
};

}  // namespace yarbus
