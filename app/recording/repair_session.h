#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "eyemodel/types/result.h"

namespace yarbus {

/// What a repair found of one camera.
struct RepairedCamera {
  int camera = 0;
  std::int64_t frames = 0;             ///< rows there are now
  std::int64_t pictures = 0;           ///< whole packets in the video
  std::int64_t pictures_missing = 0;   ///< rows that said they had a picture that is not in the video
  std::int64_t rows_added = 0;         ///< for pictures that had no row
  std::int64_t pictures_unplaced = 0;  ///< in the video, between two frames that follow each other
};

struct RepairReport {
  bool was_needed = false;
  std::vector<RepairedCamera> cameras;
  std::vector<std::string> sentences;  ///< what was found and done, for people
};

/// Finishes a session that was cut off, and puts a damaged one in order as far as can be.
///
/// The database: its write-ahead log is taken in, an older schema brought up to date; where it is damaged,
/// what can be read is copied into a new one; where nothing can, one is made from the videos. Frames and
/// videos: a row whose picture is not in the video says so from then on (a gap); a picture without a row gets
/// one, timed by the video to a millisecond. A video without an index is copied, packet by packet, into one
/// with an index and a duration. What was recorded stays: the files replaced are kept beside as
/// "session.db.damaged", "session.db.schema-<n>" and "camera-<n>.cut-off.mkv". Doing it again finds nothing to do.
///
/// Cost: reads all, writes each video that was cut off once. Threads: none of its own.
/// Errors: input_missing (neither database nor video), device_busy (it is being recorded),
/// unsupported_format (a newer version's), output_unwritable.
Result<RepairReport> repair_session(const std::filesystem::path& folder);

}  // namespace yarbus
