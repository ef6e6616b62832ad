#include "tracker/pupil/glints.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "eyemodel/types/outline_shape.h"

namespace yarbus {
namespace {

constexpr double searched_share = 0.85;  ///< of the cornea's outline
constexpr int least_contrast_gray = 45;
constexpr double threshold_share = 0.6;  ///< of the way from the region's level to its brightest
constexpr int saturated_gray = 235;      ///< a threshold is not above
constexpr double most_diameter = 0.22;   ///< of the cornea's radius
constexpr int fewest_pixels = 3;
constexpr double longest = 1.8;  ///< a spot's length to its width
constexpr double least_filled = 0.7;
constexpr double grid_sigma_px = 0.12;
constexpr double least_alike = 0.7;   ///< size and contrast of two lights' spots
constexpr double size_sigma = 0.025;  ///< of a spot's diameter

enum PixelState : std::uint8_t { outside, unseen, seen };

}  // namespace

struct GlintFinder::Spot {
  int pixels = 0;
  int x_min = 0, x_max = 0, y_min = 0, y_max = 0;
  int brightest = 0;
  bool leaves_region = false;
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  Eigen::Matrix2d spread = Eigen::Matrix2d::Zero();  ///< second moments, px^2

  [[nodiscard]] double diameter_px() const { return 2.0 * std::sqrt(pixels / std::numbers::pi); }
  [[nodiscard]] bool is_compact() const {
    // A pixel's own extent keeps the moments of the smallest spots finite.
    const double a = spread(0, 0) + 1.0 / 12.0;
    const double c = spread(1, 1) + 1.0 / 12.0;
    const double middle = 0.5 * (a + c);
    const double apart = std::hypot(0.5 * (a - c), spread(0, 1));
    const double length = 4.0 * std::sqrt(middle + apart);
    const double width = 4.0 * std::sqrt(std::max(1e-9, middle - apart));
    return length <= longest * width && pixels >= least_filled * std::numbers::pi / 4.0 * length * width;
  }
};

GlintFinder::Spot GlintFinder::grow(GrayView image, const Window& window, int x, int y, int threshold_gray) {
  Spot spot;
  spot.x_min = spot.x_max = x;
  spot.y_min = spot.y_max = y;
  stack_.clear();
  const auto visit = [&](int at_x, int at_y) {
    if (at_x < 0 || at_y < 0 || at_x >= window.width || at_y >= window.height) {
      spot.leaves_region = true;
      return;
    }
    const int index = at_y * window.width + at_x;
    std::uint8_t& state = state_[static_cast<std::size_t>(index)];
    if (state == seen || image.at(window.x0 + at_x, window.y0 + at_y) < threshold_gray) return;
    if (state == outside) {
      spot.leaves_region = true;
      return;
    }
    state = seen;
    stack_.push_back(index);
  };
  visit(x, y);
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  Eigen::Matrix2d squares = Eigen::Matrix2d::Zero();
  while (!stack_.empty()) {
    const int index = stack_.back();
    stack_.pop_back();
    const int at_x = index % window.width;
    const int at_y = index / window.width;
    ++spot.pixels;
    spot.x_min = std::min(spot.x_min, at_x);
    spot.x_max = std::max(spot.x_max, at_x);
    spot.y_min = std::min(spot.y_min, at_y);
    spot.y_max = std::max(spot.y_max, at_y);
    spot.brightest = std::max<int>(spot.brightest, image.at(window.x0 + at_x, window.y0 + at_y));
    const Eigen::Vector2d offset(at_x - x, at_y - y);
    sum += offset;
    squares += offset * offset.transpose();
    for (const auto& [dx, dy] : {std::array{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) visit(at_x + dx, at_y + dy);
  }
  if (spot.pixels > 0) {
    const Eigen::Vector2d mean = sum / spot.pixels;
    spot.mean = mean + Eigen::Vector2d(x, y);
    spot.spread = squares / spot.pixels - mean * mean.transpose();
  }
  return spot;
}

GlintFinder::Window GlintFinder::mark_region(GrayView image, const Ellipse& region) {
  const OutlineShape shape = OutlineShape::from(region);
  const double half_width = std::hypot(shape.s_xx_px, shape.s_xy_px);
  const double half_height = std::hypot(shape.s_xy_px, shape.s_yy_px);
  Window window;
  const auto first = [](double px) { return static_cast<int>(std::max(0.0, std::ceil(px))); };
  const auto last = [](double px, int size_px) {
    return static_cast<int>(std::clamp(px, -1.0, size_px - 1.0));
  };
  window.x0 = first(shape.center_px.x() - half_width);
  window.y0 = first(shape.center_px.y() - half_height);
  window.width = last(shape.center_px.x() + half_width, image.width_px) - window.x0 + 1;
  window.height = last(shape.center_px.y() + half_height, image.height_px) - window.y0 + 1;
  if (window.width < 3 || window.height < 3) return {};
  const auto image_size =
      static_cast<std::size_t>(image.width_px) * static_cast<std::size_t>(image.height_px);
  if (state_.size() < image_size) {
    state_.resize(image_size);
    stack_.reserve(image_size);
  }
  histogram_.fill(0);
  inside_ = 0;
  const double determinant = shape.s_xx_px * shape.s_yy_px - shape.s_xy_px * shape.s_xy_px;
  for (int y = 0; y < window.height; ++y) {
    const double dy = window.y0 + y - shape.center_px.y();
    for (int x = 0; x < window.width; ++x) {
      const double dx = window.x0 + x - shape.center_px.x();
      const double u = shape.s_yy_px * dx - shape.s_xy_px * dy;
      const double v = shape.s_xx_px * dy - shape.s_xy_px * dx;
      const bool is_inside = u * u + v * v <= determinant * determinant;
      state_[static_cast<std::size_t>(y * window.width + x)] = is_inside ? unseen : outside;
      if (!is_inside) continue;
      ++histogram_[image.at(window.x0 + x, window.y0 + y)];
      ++inside_;
    }
  }
  return window;
}

std::optional<int> GlintFinder::threshold_gray() const {
  int level = 0;
  for (int below = histogram_[0]; level < 255 && 2 * below < inside_;)
    below += histogram_[static_cast<std::size_t>(++level)];
  int brightest = 255;
  while (brightest > 0 && histogram_[static_cast<std::size_t>(brightest)] == 0) --brightest;
  if (brightest - level < least_contrast_gray) return std::nullopt;
  const int part_way = static_cast<int>(level + threshold_share * (brightest - level));
  return std::max(level + least_contrast_gray, std::min(saturated_gray, part_way));
}

std::optional<GlintFinder::RankedGlint> GlintFinder::measure(GrayView image, const Window& window,
                                                             const Spot& spot, int threshold_gray) {
  // The spot with its skirt: what is around that is dark, all round.
  const int reach = static_cast<int>(std::ceil(std::max(2.0, 0.35 * spot.diameter_px())));
  const int left = window.x0 + spot.x_min - reach;
  const int right = window.x0 + spot.x_max + reach;
  const int top = window.y0 + spot.y_min - reach;
  const int bottom = window.y0 + spot.y_max + reach;
  if (left < 0 || top < 0 || right >= image.width_px || bottom >= image.height_px) return std::nullopt;
  double around = 0.0;
  int count = 0;
  int brightest_around = 0;
  const auto look = [&](int x, int y) {
    around += image.at(x, y);
    brightest_around = std::max<int>(brightest_around, image.at(x, y));
    ++count;
  };
  for (int x = left; x <= right; ++x) {
    look(x, top);
    look(x, bottom);
  }
  for (int y = top + 1; y < bottom; ++y) {
    look(left, y);
    look(right, y);
  }
  around /= count;
  const double contrast = spot.brightest - around;
  if (contrast < least_contrast_gray || brightest_around >= threshold_gray) return std::nullopt;
  // Only what rises above the brightest of the surroundings has a weight: they are not flat.
  double weights = 0.0;
  Eigen::Vector2d moment = Eigen::Vector2d::Zero();
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      const double weight = std::max(0, image.at(x, y) - brightest_around);
      weights += weight;
      moment += weight * Eigen::Vector2d(x, y);
    }
  }
  if (weights <= 0.0) return std::nullopt;
  return RankedGlint{{moment / weights, std::hypot(grid_sigma_px, size_sigma * spot.diameter_px())},
                     spot.diameter_px(),
                     contrast};
}

void GlintFinder::find(GrayView image, const Ellipse& cornea, Glints& glints) {
  glints.clear();
  if (image.empty() || !cornea.is_valid()) return;
  Ellipse searched = cornea;
  searched.semi_major_px *= searched_share;
  searched.semi_minor_px *= searched_share;
  const Window window = mark_region(image, searched);
  if (window.width == 0) return;
  const auto threshold = threshold_gray();
  if (!threshold) return;
  const double most_px = most_diameter * std::sqrt(cornea.semi_major_px * cornea.semi_minor_px);
  FixedVector<RankedGlint, max_glints + 1> ranked;
  for (int y = 0; y < window.height; ++y) {
    for (int x = 0; x < window.width; ++x) {
      if (state_[static_cast<std::size_t>(y * window.width + x)] != unseen ||
          image.at(window.x0 + x, window.y0 + y) < *threshold) {
        continue;
      }
      const Spot spot = grow(image, window, x, y, *threshold);
      if (spot.pixels < fewest_pixels || spot.leaves_region || spot.diameter_px() > most_px ||
          !spot.is_compact())
        continue;
      const auto found = measure(image, window, spot, *threshold);
      if (!found) continue;
      ranked.push_back(*found);
      for (std::size_t at = ranked.size() - 1; at > 0 && ranked[at - 1].rank() < ranked[at].rank(); --at)
        std::swap(ranked[at - 1], ranked[at]);
      if (ranked.full()) ranked.resize(max_glints);
    }
  }
  // Lights of one kind make spots of one kind; drops and hairs gleam in smaller ones.
  for (const RankedGlint& glint : ranked) {
    const RankedGlint& first = ranked[0];
    const double size = glint.diameter_px / first.diameter_px;
    if (size < least_alike || size > 1.0 / least_alike ||
        glint.contrast_gray < least_alike * first.contrast_gray)
      continue;
    glints.push_back(glint.glint);
  }
}

}  // namespace yarbus
