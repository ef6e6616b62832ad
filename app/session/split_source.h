#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/session/open_source.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/frame.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// Where one camera's image shows the two eyes, in the image after it was turned. Index: EyeSide.
struct EyeRegions {
  std::array<ImageRegion, 2> by_eye;
  [[nodiscard]] const ImageRegion& of(EyeSide eye) const { return by_eye[static_cast<std::size_t>(eye)]; }

  /// The halves of a picture of the face: the wearer's right eye is at image left.
  static EyeRegions halves(int width_px, int height_px);
  /// Errors: invalid_option naming each region that reaches past the image or is smaller than a frame may be.
  [[nodiscard]] Result<void> validate(int width_px, int height_px) const;
};

/// "x,y,w,h" as whole pixels. Errors: invalid_option.
Result<ImageRegion> parse_region(const std::string& text);

/// One source whose image shows both eyes, as one source an eye: each gives its part of every frame, with the
/// frame's number and time, and both cameras share one cam frame (the intrinsics are those of the crop).
/// Errors: as `EyeRegions::validate`.
Result<std::array<OpenedSource, 2>> split_between_eyes(OpenedSource source, const EyeRegions& regions);

/// What the two sources of a split share. Each side's next() takes the part that waits for it, or reads one
/// frame for both. A side that runs ahead waits for the other where the source keeps its frames (files) and
/// lets the other's oldest go where it is live; a side whose reader has stopped (`has_stopped`) is waited for
/// by nobody. Threads: one reader a side.
class SplitReader {
 public:
  SplitReader(std::unique_ptr<FrameSource> source, const EyeRegions& regions);

  [[nodiscard]] const SourceInfo& info() const { return source_->info(); }
  Result<FramePtr> next(EyeSide eye, const std::stop_token& stop);
  /// For both sides; no side may be reading. Both read on from there.
  Result<void> seek(std::uint64_t index);
  /// This side reads no more.
  void has_stopped(EyeSide eye);
  [[nodiscard]] std::uint64_t dropped(EyeSide eye) const;

  /// Parts that wait for the slower side, at most.
  static constexpr std::size_t most_waiting = 24;

 private:
  struct Side {
    explicit Side(std::size_t frames) : pool(frames) {}
    FramePool pool;
    std::deque<FramePtr> waiting;
    std::uint64_t dropped = 0;
    bool is_read = true;
  };
  FramePtr cut(const Frame& frame, EyeSide eye, const std::stop_token& stop);
  Side& side(EyeSide eye) { return eye == EyeSide::right ? right_ : left_; }

  std::unique_ptr<FrameSource> source_;
  EyeRegions regions_;
  mutable std::mutex mutex_;
  std::condition_variable_any room_;
  Side right_;
  Side left_;
  bool is_reading_ = false;  ///< one side is inside the source's next()
  bool has_ended_ = false;
  std::optional<Error> error_;
};

}  // namespace yarbus
