#pragma once

#include <cstdint>
#include <vector>

namespace yarbus::simulation {

/// A square texture of smooth random values that repeats, sampled bilinearly. Values have mean 0 and standard
/// deviation 1. Deterministic by seed. Threads: const, concurrent-safe.
class NoiseTexture {
 public:
  /// `octaves` layers of value noise, each twice as fine and `gain` times as strong as the one before; the
  /// coarsest has `cells` cells a side (Perlin 1985's fractal sum).
  NoiseTexture(std::uint64_t seed, int cells, int octaves, double gain);

  /// At (u, v), each within +-60; the texture repeats with period 1.
  [[nodiscard]] float at(float u, float v) const;

 private:
  static constexpr int side = 256;  // small enough to stay in a core's cache
  std::vector<float> values_;
};

/// The iris in polar coordinates: brightness relative to its albedo, with radial fibres, crypts, the
/// collarette and the dark outer ring. Threads: const, concurrent-safe.
class IrisTexture {
 public:
  explicit IrisTexture(std::uint64_t seed);

  /// `radial` 0 at the pupil's margin .. 1 at the iris root; `turn` the polar angle in turns, any value.
  [[nodiscard]] float at(float radial, float turn) const;

 private:
  static constexpr int angles = 1024;
  static constexpr int radii = 96;
  std::vector<float> values_;
};

}  // namespace yarbus::simulation
