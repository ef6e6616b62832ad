#include "tracker/pupil/lid_closure.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace yarbus {
namespace {

constexpr std::size_t chords = 9;
constexpr double outermost_chord = 0.7;  // of the half width
constexpr double rim_px = 1.5;           // of each end, where the outline's own edge is

}  // namespace

std::optional<double> lid_closure(GrayView image, const OutlineShape& pupil, double dark_limit_gray) {
  // The outline x = c + S u, |u| = 1, crosses the column at dx where u = S^-1 (dx, dy) has length 1.
  const double determinant = pupil.s_xx_px * pupil.s_yy_px - pupil.s_xy_px * pupil.s_xy_px;
  const Eigen::Vector2d column_x(pupil.s_yy_px / determinant, -pupil.s_xy_px / determinant);
  const Eigen::Vector2d column_y(-pupil.s_xy_px / determinant, pupil.s_xx_px / determinant);
  const double half_width = std::hypot(pupil.s_xx_px, pupil.s_xy_px);
  std::array<double, chords> covered{};
  std::size_t count = 0;
  for (std::size_t k = 0; k < chords; ++k) {
    const double dx = half_width * outermost_chord * (2.0 * static_cast<double>(k) / (chords - 1) - 1.0);
    const double a = column_y.squaredNorm();
    const double b = column_x.dot(column_y) * dx;
    const double c = column_x.squaredNorm() * dx * dx - 1.0;
    const double under_root = b * b - a * c;
    if (!(under_root > 0.0)) continue;
    const double middle = pupil.center_px.y() - b / a;
    const double half_height = std::sqrt(under_root) / a;
    const int x = static_cast<int>(std::lround(pupil.center_px.x() + dx));
    const int top = static_cast<int>(std::ceil(middle - half_height + rim_px));
    const int bottom = static_cast<int>(std::floor(middle + half_height - rim_px));
    if (top >= bottom || x < 0 || x >= image.width_px || top < 0 || bottom >= image.height_px) continue;
    int first = bottom + 1;
    int last = top - 1;
    for (int y = top; y <= bottom; ++y) {
      if (image.at(x, y) > dark_limit_gray) continue;
      first = std::min(first, y);
      last = y;
    }
    const double open = std::max(0, last - first + 1);
    covered[count++] = 1.0 - open / (bottom - top + 1);
  }
  if (2 * count < chords) return std::nullopt;
  const auto half = covered.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(covered.begin(), half, covered.begin() + static_cast<std::ptrdiff_t>(count));
  return *half;
}

}  // namespace yarbus
