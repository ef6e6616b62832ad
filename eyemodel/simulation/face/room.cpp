#include "eyemodel/simulation/face/room.h"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "eyemodel/simulation/face/skin_texture.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::simulation {

cv::Mat1f paint_room(cv::Size size, std::uint64_t seed, double brightness, double blur_px) {
  constexpr int width = 640;
  const int height = std::max(16, width * size.height / size.width);
  Random random(scramble(seed ^ 0x4007ULL));
  cv::Mat1f room(height, width, static_cast<float>(random.uniform(0.22, 0.5)));
  room = room.mul(1.0 + 0.05 * grain(room.size(), 120.0, seed + 31));
  const auto box = [&](double x, double y, double w, double h, double light) {
    cv::rectangle(
        room, cv::Rect(static_cast<int>(x), static_cast<int>(y), static_cast<int>(w), static_cast<int>(h)),
        light, cv::FILLED);
  };
  // A door or cupboard.
  const double door_x = random.uniform(-60.0, 560.0);
  const double door = random.uniform(0.10, 0.45);
  box(door_x, random.uniform(-20.0, 60.0), random.uniform(80.0, 150.0), height, door);
  box(door_x + 8.0, 40.0, 50.0, 140.0, 0.85 * door);
  // Shelves of books.
  const double shelf_x = random.uniform(0.0, 480.0);
  for (int shelf = 0; shelf < 3; ++shelf) {
    const double y = 40.0 + 90.0 * shelf;
    for (double x = shelf_x; x < shelf_x + 150.0;) {
      const double w = random.uniform(5.0, 14.0);
      const double h = random.uniform(45.0, 70.0);
      box(x, y + 72.0 - h, w, h, random.uniform(0.03, 0.5));
      x += w + 1.0;
    }
    box(shelf_x - 4.0, y + 72.0, 158.0, 6.0, 0.15);
  }
  // Pictures.
  for (int picture = 0; picture < 2; ++picture) {
    const double x = random.uniform(10.0, 560.0);
    const double y = random.uniform(10.0, 90.0);
    box(x, y, 60.0, 46.0, 0.06);
    box(x + 4.0, y + 4.0, 52.0, 38.0, random.uniform(0.3, 0.6));
  }
  cv::GaussianBlur(room, room, {}, std::max(0.8, 0.5 * blur_px));
  cv::Mat1f out;
  cv::resize(room, out, size, 0.0, 0.0, cv::INTER_CUBIC);
  out = cv::max(out.mul(1.0 + 0.02 * grain(size, 3.0, seed + 32)), 0.01F) * brightness;
  return out;
}

}  // namespace yarbus::simulation
