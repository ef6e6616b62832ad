#include "tracker/pupil/bright_pupil.h"

#include <algorithm>
#include <cmath>

namespace yarbus {
namespace {

constexpr int saturated_gray = 250;
constexpr int nearly_saturated_gray = 235;   // noise takes a saturated pupil's pixels down to this
constexpr double largest_reflection = 0.04;  // of the image height
constexpr int smallest_limit_px = 3;
constexpr int rim_px = 2;
constexpr std::uint8_t in_short_row = 1;
constexpr std::uint8_t in_short_column = 2;

}  // namespace

GrayView BrightPupilInverter::invert(GrayView image) {
  inverted_.resize(image.width_px, image.height_px);
  marks_.resize(image.width_px, image.height_px);
  has_marks_.assign(static_cast<std::size_t>(image.height_px), 0);
  runs_.assign(static_cast<std::size_t>(image.width_px), 0);
  const int longest =
      std::max(smallest_limit_px, static_cast<int>(std::lround(largest_reflection * image.height_px)));
  mark_rows(image, longest);
  mark_columns(image, longest);
  whiten_reflections();
  return inverted_.view();
}

void BrightPupilInverter::mark_rows(GrayView image, int longest_px) {
  for (int y = 0; y < image.height_px; ++y) {
    const std::uint8_t* in = image.row(y);
    std::uint8_t* out = inverted_.row(y);
    std::uint8_t brightest = 0;
    for (int x = 0; x < image.width_px; ++x) {
      out[x] = static_cast<std::uint8_t>(255 - in[x]);
      brightest = std::max(brightest, in[x]);
    }
    if (brightest < nearly_saturated_gray) continue;
    has_marks_[static_cast<std::size_t>(y)] = 1;
    std::uint8_t* marks = marks_.row(y);
    std::fill_n(marks, image.width_px, std::uint8_t{0});
    for (int x = 0; x < image.width_px;) {
      int end = x;
      while (end < image.width_px && in[end] >= nearly_saturated_gray) ++end;
      if (end - x <= longest_px)
        for (int k = x; k < end; ++k) marks[k] = in[k] >= saturated_gray ? in_short_row : std::uint8_t{0};
      x = end + 1;
    }
  }
}

void BrightPupilInverter::mark_columns(GrayView image, int longest_px) {
  const auto end_run = [&](int x, int y) {
    int& run = runs_[static_cast<std::size_t>(x)];
    if (run <= longest_px)
      for (int k = y - run; k < y; ++k) marks_.row(k)[x] |= in_short_column;
    run = 0;
  };
  bool are_runs = false;
  for (int y = 0; y <= image.height_px; ++y) {
    const bool has_marks = y < image.height_px && has_marks_[static_cast<std::size_t>(y)] != 0;
    if (!has_marks && !are_runs) continue;
    for (int x = 0; x < image.width_px; ++x) {
      if (has_marks && image.at(x, y) >= nearly_saturated_gray)
        ++runs_[static_cast<std::size_t>(x)];
      else
        end_run(x, y);
    }
    are_runs = has_marks;
  }
}

void BrightPupilInverter::whiten_reflections() {
  const int width = inverted_.width_px();
  const int height = inverted_.height_px();
  for (int y = 0; y < height; ++y) {
    if (has_marks_[static_cast<std::size_t>(y)] == 0) continue;
    const std::uint8_t* marks = marks_.row(y);
    for (int x = 0; x < width; ++x) {
      if (marks[x] != (in_short_row | in_short_column)) continue;
      for (int k = std::max(0, y - rim_px); k <= std::min(height - 1, y + rim_px); ++k)
        std::fill(inverted_.row(k) + std::max(0, x - rim_px),
                  inverted_.row(k) + std::min(width, x + rim_px + 1), std::uint8_t{255});
    }
  }
}

}  // namespace yarbus
