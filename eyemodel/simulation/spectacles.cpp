#include "eyemodel/simulation/spectacles.h"

#include <array>
#include <cmath>

#include <opencv2/core/utility.hpp>

#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {
namespace {

double soft_inside(double distance, double softness) { return 1.0 / (1.0 + std::exp(distance / softness)); }

struct Ghost {
  double x, y, radius, strength;
};

}  // namespace

cv::Mat1f draw_spectacle_reflections(int width_px, int height_px, std::uint64_t seed) {
  Random random(scramble(seed ^ 0x61A55E5));
  // Lengths in image heights, the origin at the image's centre.
  std::array<Ghost, 5> ghosts{};
  for (std::size_t i = 0; i < ghosts.size(); ++i) {
    const bool is_sharp = i < 3;
    ghosts[i] = {random.uniform(-0.45, 0.45), random.uniform(-0.35, 0.35),
                 is_sharp ? random.uniform(0.014, 0.03) : random.uniform(0.05, 0.09),
                 is_sharp ? random.uniform(0.8, 1.5) : random.uniform(0.15, 0.3)};
  }
  const double veil_turn = random.uniform(-0.6, 0.6);
  const double veil_at = random.uniform(-0.12, 0.12);
  const double veil_half = random.uniform(0.12, 0.22);
  const double rim_radius = random.uniform(0.85, 1.0);
  const double rim_y = random.uniform(-0.45, -0.30);
  cv::Mat1f image(height_px, width_px);
  cv::parallel_for_(cv::Range(0, height_px), [&](const cv::Range& range) {
    for (int row = range.start; row < range.end; ++row) {
      for (int column = 0; column < width_px; ++column) {
        const double x = (column - 0.5 * (width_px - 1)) / height_px;
        const double y = (row - 0.5 * (height_px - 1)) / height_px;
        double sum = 0.0;
        for (const Ghost& ghost : ghosts) {
          const double distance = std::hypot(x - ghost.x, y - ghost.y) - ghost.radius;
          sum += ghost.strength * soft_inside(distance, 0.18 * ghost.radius);
        }
        // A veil: the reflection of a bright surface, brightest at one border.
        const double across = (x * std::sin(veil_turn) + y * std::cos(veil_turn)) - veil_at;
        const double veil = soft_inside(std::abs(across) - veil_half, 0.006);
        sum += veil * (0.17 + 0.07 * across / veil_half);
        // The rim's glare along its curve.
        const double rim = std::abs(std::hypot(x / 1.25, y - rim_y - 0.25) - rim_radius * 0.75);
        sum += 0.55 * std::exp(-std::pow(rim / 0.008, 2.0)) + 0.10 * std::exp(-std::pow(rim / 0.04, 2.0));
        image(row, column) = static_cast<float>(sum);
      }
    }
  });
  return image;
}

}  // namespace yarbus::simulation
