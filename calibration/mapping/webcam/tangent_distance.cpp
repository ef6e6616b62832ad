#include "calibration/mapping/webcam/tangent_distance.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace yarbus {
namespace {

using Levels = std::array<float, eye_patch_pixels>;

/// [1 2 1] / 4 along rows and columns; the border is continued.
Levels smoothed(const Levels& levels) {
  Levels rows{};
  Levels result{};
  const auto at = [](int x, int y) { return static_cast<std::size_t>(y * eye_patch_width + x); };
  for (int y = 0; y < eye_patch_height; ++y) {
    for (int x = 0; x < eye_patch_width; ++x)
      rows[at(x, y)] = 0.25F * (levels[at(std::max(0, x - 1), y)] + 2.0F * levels[at(x, y)] +
                                levels[at(std::min(eye_patch_width - 1, x + 1), y)]);
  }
  for (int y = 0; y < eye_patch_height; ++y) {
    for (int x = 0; x < eye_patch_width; ++x)
      result[at(x, y)] = 0.25F * (rows[at(x, std::max(0, y - 1))] + 2.0F * rows[at(x, y)] +
                                  rows[at(x, std::min(eye_patch_height - 1, y + 1))]);
  }
  return result;
}

}  // namespace

TangentPatch smooth_patch(const EyePatch& patch) {
  Levels levels{};
  std::copy(patch.begin(), patch.end(), levels.begin());
  levels = smoothed(smoothed(levels));
  TangentPatch result;
  for (int y = 0; y < tangent_patch_height; ++y) {
    for (int x = 0; x < tangent_patch_width; ++x) {
      const auto at = static_cast<std::size_t>(2 * y * eye_patch_width + 2 * x);
      result[y * tangent_patch_width + x] =
          0.25F *
          (levels[at] + levels[at + 1] + levels[at + eye_patch_width] + levels[at + eye_patch_width + 1]);
    }
  }
  return result;
}

FeatureTangentPlane::FeatureTangentPlane(const TangentPatch& patch) : patch_(patch) {
  const auto level = [&](int x, int y) {
    return patch[std::clamp(y, 0, tangent_patch_height - 1) * tangent_patch_width +
                 std::clamp(x, 0, tangent_patch_width - 1)];
  };
  const float mean = patch.mean();
  for (int y = 0; y < tangent_patch_height; ++y) {
    for (int x = 0; x < tangent_patch_width; ++x) {
      const float across = 0.5F * (level(x + 1, y) - level(x - 1, y));
      const float down = 0.5F * (level(x, y + 1) - level(x, y - 1));
      const float from_x = static_cast<float>(x) - 0.5F * (tangent_patch_width - 1);
      const float from_y = static_cast<float>(y) - 0.5F * (tangent_patch_height - 1);
      basis_.row(y * tangent_patch_width + x) << 1.0F, level(x, y) - mean, across, down,
          from_x * across + from_y * down, from_x * down - from_y * across;
    }
  }
  for (int k = 0; k < tangents; ++k) {
    const float before = basis_.col(k).norm();
    for (int pass = 0; pass < 2; ++pass) {
      for (int j = 0; j < k; ++j) basis_.col(k) -= basis_.col(j).dot(basis_.col(k)) * basis_.col(j);
    }
    const float left = basis_.col(k).norm();
    if (left > 1e-3F * before && left > 1e-3F) {
      basis_.col(k) /= left;
    } else {
      basis_.col(k).setZero();
    }
  }
}

float FeatureTangentPlane::squared_distance(const TangentPatch& other) const {
  const TangentPatch off = other - patch_;
  float squared = off.squaredNorm();
  for (int k = 0; k < tangents; ++k) {
    const float along = basis_.col(k).dot(off);
    squared -= along * along;
  }
  return std::max(0.0F, squared);
}

}  // namespace yarbus
