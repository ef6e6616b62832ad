#include "eyemodel/simulation/surface_texture.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

float smooth(float t) { return t * t * (3.0F - 2.0F * t); }

/// Random lattice values, interpolated; repeats after `cells_u` and `cells_v` cells.
class ValueNoise {
 public:
  ValueNoise(std::uint64_t seed, int cells_u, int cells_v) : cells_u_(cells_u), cells_v_(cells_v) {
    Random random(seed);
    values_.resize(static_cast<std::size_t>(cells_u * cells_v));
    for (float& value : values_) value = static_cast<float>(random.uniform(-1.0, 1.0));
  }
  /// `u`, `v` in [0, 1).
  [[nodiscard]] float at(float u, float v) const {
    const float x = u * static_cast<float>(cells_u_);
    const float y = v * static_cast<float>(cells_v_);
    const int x0 = static_cast<int>(x);
    const int y0 = static_cast<int>(y);
    const float fx = smooth(x - static_cast<float>(x0));
    const float fy = smooth(y - static_cast<float>(y0));
    const float top = std::lerp(lattice(x0, y0), lattice(x0 + 1, y0), fx);
    const float bottom = std::lerp(lattice(x0, y0 + 1), lattice(x0 + 1, y0 + 1), fx);
    return std::lerp(top, bottom, fy);
  }

 private:
  [[nodiscard]] float lattice(int x, int y) const {
    return values_[static_cast<std::size_t>((y % cells_v_) * cells_u_ + x % cells_u_)];
  }
  int cells_u_;
  int cells_v_;
  std::vector<float> values_;
};

void normalise(std::vector<float>& values) {
  double sum = 0.0;
  double squares = 0.0;
  for (const float value : values) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const double count = static_cast<double>(values.size());
  const double mean = sum / count;
  const double deviation = std::sqrt(std::max(squares / count - mean * mean, 1e-12));
  for (float& value : values) value = static_cast<float>((value - mean) / deviation);
}

}  // namespace

NoiseTexture::NoiseTexture(std::uint64_t seed, int cells, int octaves, double gain)
    : values_(static_cast<std::size_t>(side) * side, 0.0F) {
  double strength = 1.0;
  for (int octave = 0; octave < octaves && (cells << octave) <= side; ++octave) {
    const ValueNoise layer(scramble(seed + static_cast<std::uint64_t>(octave)), cells << octave,
                           cells << octave);
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        values_[static_cast<std::size_t>(y * side + x)] +=
            static_cast<float>(strength) *
            layer.at(static_cast<float>(x) / side, static_cast<float>(y) / side);
      }
    }
    strength *= gain;
  }
  normalise(values_);
}

float NoiseTexture::at(float u, float v) const {
  // A whole number of periods added makes truncation a floor.
  constexpr float periods = 64.0F * side;
  const float x = u * side + periods;
  const float y = v * side + periods;
  const int column = static_cast<int>(x);
  const int row = static_cast<int>(y);
  const float fx = x - static_cast<float>(column);
  const float fy = y - static_cast<float>(row);
  constexpr int mask = side - 1;
  static_assert((side & mask) == 0);
  const float* top = &values_[static_cast<std::size_t>((row & mask) * side)];
  const float* bottom = &values_[static_cast<std::size_t>(((row + 1) & mask) * side)];
  const int left = column & mask;
  const int right = (column + 1) & mask;
  const float above = top[left] + fx * (top[right] - top[left]);
  const float below = bottom[left] + fx * (bottom[right] - bottom[left]);
  return above + fy * (below - above);
}

IrisTexture::IrisTexture(std::uint64_t seed) : values_(static_cast<std::size_t>(angles) * radii) {
  const ValueNoise fine_fibres(scramble(seed ^ 0x11), 220, 5);
  const ValueNoise coarse_fibres(scramble(seed ^ 0x22), 70, 4);
  const ValueNoise patches(scramble(seed ^ 0x33), 12, 4);
  const ValueNoise crypts(scramble(seed ^ 0x44), 26, 7);
  const ValueNoise wave(scramble(seed ^ 0x55), 18, 2);
  const ValueNoise ruff(scramble(seed ^ 0x66), 90, 3);
  for (int j = 0; j < radii; ++j) {
    const float radial = (static_cast<float>(j) + 0.5F) / radii;
    for (int i = 0; i < angles; ++i) {
      const float turn = static_cast<float>(i) / angles;
      // Fibres sway a little on their way outwards.
      float bent = turn + 0.006F * wave.at(turn, radial * 0.999F);
      bent -= std::floor(bent);
      float value = 1.0F + 0.20F * fine_fibres.at(bent, radial) + 0.20F * coarse_fibres.at(bent, radial) +
                    0.10F * patches.at(turn, radial);
      // Crypts: dark pits between the fibres, around the collarette.
      const float pit = std::max(0.0F, crypts.at(bent, radial) - 0.35F);
      value -= 0.45F * pit * std::exp(-std::pow((radial - 0.42F) / 0.25F, 2.0F));
      // The collarette, a wavy ring; inside it the pupillary zone is a little darker.
      const float collarette = 0.30F + 0.05F * wave.at(turn, 0.25F);
      value += 0.16F * std::exp(-std::pow((radial - collarette) / 0.055F, 2.0F));
      if (radial < collarette) value -= 0.06F;
      // The pupillary ruff: pigment in beads along the margin.
      value *= 1.0F + 0.55F * ruff.at(turn, radial) * std::exp(-radial / 0.05F);
      // The root is dark.
      value *= 1.0F - 0.35F * smooth(std::clamp((radial - 0.80F) / 0.2F, 0.0F, 1.0F));
      values_[static_cast<std::size_t>(j * angles + i)] = std::max(0.1F, value);
    }
  }
}

float IrisTexture::at(float radial, float turn) const {
  const float x = (turn - std::floor(turn)) * angles;
  const float y = std::clamp(radial * radii - 0.5F, 0.0F, static_cast<float>(radii - 1));
  const int x0 = static_cast<int>(x);
  const int y0 = std::min(static_cast<int>(y), radii - 2);
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  const auto value = [&](int i, int j) { return values_[static_cast<std::size_t>(j * angles + i % angles)]; };
  return std::lerp(std::lerp(value(x0, y0), value(x0 + 1, y0), fx),
                   std::lerp(value(x0, y0 + 1), value(x0 + 1, y0 + 1), fx), fy);
}

}  // namespace yarbus::simulation
