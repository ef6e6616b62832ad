#pragma once

#include <filesystem>

namespace yarbus {

/// What the outer structure of a video file says about its length, read without decoding.
struct ContainerFacts {
  /// The number of frames is written in the file (MP4, MOV without fragments). Elsewhere it is estimated from
  /// the duration, or (AVI) counts places that hold no frame.
  bool declares_frame_count = false;
  /// Every frame lasts equally long, so a frame's number follows from its time.
  bool has_constant_rate = false;
  /// The file ends before the data its structure promises.
  bool is_cut_short = false;
  /// The part of the declared frames that an MP4's edit list shows: trimming without re-encoding hides the
  /// rest, so they are not missing.
  double shown_fraction = 1.0;
};

/// Reads the structure of MP4/MOV (ISO 14496-12), AVI (RIFF) and Matroska/WebM (EBML) files; all defaults for
/// other kinds and for what cannot be read. Touches some hundred bytes, whatever the file's size. Never
/// throws on data. Threads: concurrent-safe.
ContainerFacts read_container_facts(const std::filesystem::path& path);

}  // namespace yarbus
