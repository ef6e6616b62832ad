#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/recording/recorded_video.h"
#include "eyemodel/types/frame_time.h"

namespace yarbus {

/// The pictures of a recorded camera by their places, 0 to size() - 1, which is how they are sought. Numbers
/// of frames rise, but leave out those without a picture. Never empty. Threads: immutable.
class ReplayPlaces {
 public:
  /// `pictures`: at least one, by rising number and time.
  explicit ReplayPlaces(std::vector<VideoPicture> pictures) : pictures_(std::move(pictures)) {}

  [[nodiscard]] std::uint64_t size() const { return pictures_.size(); }
  [[nodiscard]] std::uint64_t last() const { return pictures_.size() - 1; }
  /// Clamped to the last.
  [[nodiscard]] CaptureTime time_of(std::uint64_t place) const {
    return pictures_[std::min(place, last())].captured_at;
  }
  /// Of the frame with that number; of one without a picture, the next picture's.
  [[nodiscard]] std::uint64_t place_of(std::uint64_t frame) const {
    const auto found = std::lower_bound(
        pictures_.begin(), pictures_.end(), static_cast<std::int64_t>(frame),
        [](const VideoPicture& picture, std::int64_t number) { return picture.frame < number; });
    return std::min(static_cast<std::uint64_t>(found - pictures_.begin()), last());
  }
  /// Of the last picture at or before that time; of an earlier time, the first.
  [[nodiscard]] std::uint64_t place_at(CaptureTime at) const {
    const auto after = first_after(at);
    return after > 0 ? after - 1 : 0;
  }
  /// Of the first picture at or after that time; of a later time, the last.
  [[nodiscard]] std::uint64_t place_from(CaptureTime at) const {
    return std::min(first_after(at - CaptureTime(1)), last());
  }

 private:
  [[nodiscard]] std::uint64_t first_after(CaptureTime at) const {
    const auto found = std::upper_bound(
        pictures_.begin(), pictures_.end(), at,
        [](CaptureTime time, const VideoPicture& picture) { return time < picture.captured_at; });
    return static_cast<std::uint64_t>(found - pictures_.begin());
  }
  std::vector<VideoPicture> pictures_;
};

}  // namespace yarbus
