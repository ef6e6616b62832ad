#include "tracker/pupil/outline_consensus.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include <Eigen/Cholesky>
#include <opencv2/core/hal/intrin.hpp>

#include "tracker/pupil/unit_trace_conic.h"

namespace yarbus {
namespace {

constexpr std::size_t lanes = 4;
constexpr std::size_t capacity = (RayEdges::max_size() + lanes - 1) / lanes * lanes;
constexpr std::size_t sample_size = 3;
constexpr float base_tolerance_px = 0.7F;
constexpr float tolerance_per_radius = 0.012F;  // real pupils are not exact ellipses
constexpr float min_gradient_cos = 0.80F;
constexpr double direction_weight = 0.15;  // of a direction (sine) against a distance (in radii)
constexpr int refits = 2;
constexpr double worth_refitting = 0.75;  // of the best agreement so far
constexpr double same_outline = 0.12;     // of the radius
constexpr double enough_agreement = 0.93;
constexpr std::size_t fewest_for_curvature = 24;
constexpr std::size_t curvature_windows = 16;  // curvature is taken over two of so many parts of the rays
constexpr float straight_curvature = 0.1F;     // in units of one over the mean distance from the middle
constexpr float round_curvature = 0.45F;
constexpr float least_straight_factor = 0.25F;
constexpr float drawn_factor = 0.5F;      // straighter edges are not drawn from ...
constexpr std::size_t fewest_drawn = 16;  // ... if this many others are left
constexpr float least_weight = 0.2F;
constexpr float leaving_weight = 0.5F;  // an edge of this weight may be the end of the dark core

using Vector5 = Eigen::Matrix<double, 5, 1>;
using Matrix5 = Eigen::Matrix<double, 5, 5>;

/// Edges as separate arrays, so that the test of all of them against one outline vectorises.
struct EdgeArrays {
  std::array<float, capacity> x, y, gx, gy, weight;
  std::size_t count = 0;
  /// Of each ray the first edge that leaves the dark core: what samples are drawn from.
  std::array<std::size_t, RayEdges::max_size()> leaving;
  std::size_t leaving_count = 0;
};

/// Sum of the weights of the edges that support an outline; marks who gives it.
float support_of(const EdgeArrays& edges, const OutlineShape& shape,
                 std::array<float, capacity>& membership) {
  // |S^-1 (x - c)| = 1 on the outline; the first-order distance is (|u|^2 - 1) / (2 |S^-1 u|).
  const double determinant = shape.s_xx_px * shape.s_yy_px - shape.s_xy_px * shape.s_xy_px;
  const auto ixx = static_cast<float>(shape.s_yy_px / determinant);
  const auto ixy = static_cast<float>(-shape.s_xy_px / determinant);
  const auto iyy = static_cast<float>(shape.s_xx_px / determinant);
  const auto cx = static_cast<float>(shape.center_px.x());
  const auto cy = static_cast<float>(shape.center_px.y());
  const float tolerance =
      base_tolerance_px + tolerance_per_radius * static_cast<float>(shape.mean_radius_px());
  const float inverse_square = 1.0F / (tolerance * tolerance);
  const float min_square_cos = min_gradient_cos * min_gradient_cos;
  const std::size_t count = (edges.count + lanes - 1) / lanes * lanes;
  const auto support = [&](auto load, auto constant, auto larger, auto size, std::size_t i) {
    const auto dx = load(edges.x.data() + i) - constant(cx);
    const auto dy = load(edges.y.data() + i) - constant(cy);
    const auto ux = constant(ixx) * dx + constant(ixy) * dy;
    const auto uy = constant(ixy) * dx + constant(iyy) * dy;
    const auto nx = constant(ixx) * ux + constant(ixy) * uy;
    const auto ny = constant(ixy) * ux + constant(iyy) * uy;
    const auto half_gap = constant(0.5F) * (ux * ux + uy * uy - constant(1.0F));
    const auto n2 = nx * nx + ny * ny + constant(1e-20F);
    const auto along = load(edges.gx.data() + i) * nx + load(edges.gy.data() + i) * ny;
    const auto closeness = constant(1.0F) - half_gap * half_gap * constant(inverse_square) / n2;
    const auto value = larger(closeness, constant(0.0F)) * load(edges.weight.data() + i);
    // Signed squares: where the gradient points inwards the left side is negative.
    return std::pair(value, along * size(along) - constant(min_square_cos) * n2);
  };
  float sum = 0.0F;
#if CV_SIMD128
  cv::v_float32x4 sums = cv::v_setzero_f32();
  for (std::size_t i = 0; i < count; i += 4) {
    const auto [value, aligned] = support([](const float* from) { return cv::v_load(from); },
                                          [](float number) { return cv::v_setall_f32(number); },
                                          [](const auto& a, const auto& b) { return cv::v_max(a, b); },
                                          [](const auto& a) { return cv::v_abs(a); }, i);
    const cv::v_float32x4 kept = value & (aligned > cv::v_setzero_f32());
    cv::v_store(membership.data() + i, kept);
    sums += kept;
  }
  sum = cv::v_reduce_sum(sums);
#else
  for (std::size_t i = 0; i < count; ++i) {
    const auto [value, aligned] =
        support([](const float* from) { return *from; }, [](float number) { return number; },
                [](float a, float b) { return std::max(a, b); }, [](float a) { return std::abs(a); }, i);
    membership[i] = aligned > 0.0F ? value : 0.0F;
    sum += membership[i];
  }
#endif
  return sum;
}

/// Conic with A + C = 1 from points and the gradient's direction at them, by weighted least squares in
/// coordinates centred on the points and scaled to unit spread.
class ConicSystem {
 public:
  ConicSystem(const Eigen::Vector2d& mean_px, double spread_px) : mean_px_(mean_px), spread_px_(spread_px) {}

  void add(double x_px, double y_px, double gx, double gy, double weight) {
    const double x = (x_px - mean_px_.x()) / spread_px_;
    const double y = (y_px - mean_px_.y()) / spread_px_;
    add_row(Vector5(x * x - y * y, x * y, x, y, 1.0), -y * y, weight);
    const double tx = -gy * direction_weight;
    const double ty = gx * direction_weight;
    add_row(Vector5(2.0 * x * tx - 2.0 * y * ty, y * tx + x * ty, tx, ty, 0.0), -2.0 * y * ty, weight);
  }
  [[nodiscard]] std::optional<Ellipse> solve() const {
    const Vector5 u = system_.selfadjointView<Eigen::Lower>().ldlt().solve(right_);
    if (!u.allFinite()) return std::nullopt;
    auto ellipse = UnitTraceConic{u[0], u[1], 1.0 - u[0], u[2], u[3], u[4]}.to_ellipse();
    if (!ellipse) return std::nullopt;
    ellipse->center_px = mean_px_ + spread_px_ * ellipse->center_px;
    ellipse->semi_major_px *= spread_px_;
    ellipse->semi_minor_px *= spread_px_;
    return ellipse;
  }

 private:
  void add_row(const Vector5& row, double right_side, double weight) {
    const Vector5 weighted = weight * row;
    for (int column = 0; column < 5; ++column)
      for (int k = column; k < 5; ++k) system_(k, column) += weighted[k] * row[column];
    right_ += right_side * weighted;
  }
  Eigen::Vector2d mean_px_;
  double spread_px_;
  Matrix5 system_ = Matrix5::Zero();
  Vector5 right_ = Vector5::Zero();
};

bool within(const Ellipse& ellipse, const ConsensusSearch& search) {
  return ellipse.is_valid() && ellipse.semi_minor_px >= search.min_aspect_ratio * ellipse.semi_major_px &&
         ellipse.semi_major_px <= search.max_radius_px && ellipse.semi_major_px >= search.min_radius_px;
}

std::optional<OutlineShape> outline_through(const EdgeArrays& edges,
                                            const std::array<std::size_t, sample_size>& picks,
                                            const ConsensusSearch& search) {
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (const std::size_t k : picks) mean += Eigen::Vector2d(edges.x[k], edges.y[k]);
  mean /= static_cast<double>(picks.size());
  double spread = 0.0;
  for (const std::size_t k : picks) spread += (Eigen::Vector2d(edges.x[k], edges.y[k]) - mean).squaredNorm();
  spread = std::sqrt(spread / static_cast<double>(picks.size()));
  if (!(spread > 0.5)) return std::nullopt;
  ConicSystem system(mean, spread);
  for (const std::size_t k : picks) system.add(edges.x[k], edges.y[k], edges.gx[k], edges.gy[k], 1.0);
  const auto ellipse = system.solve();
  if (!ellipse || !within(*ellipse, search)) return std::nullopt;
  return OutlineShape::from(*ellipse);
}

std::optional<OutlineShape> outline_through_members(const EdgeArrays& edges,
                                                    const std::array<float, capacity>& membership,
                                                    const OutlineShape& about,
                                                    const ConsensusSearch& search) {
  ConicSystem system(about.center_px, about.mean_radius_px());
  int members = 0;
  for (std::size_t i = 0; i < edges.count; ++i) {
    if (!(membership[i] > 0.0F)) continue;
    system.add(edges.x[i], edges.y[i], edges.gx[i], edges.gy[i], membership[i]);
    ++members;
  }
  if (members < 6) return std::nullopt;
  const auto ellipse = system.solve();
  if (!ellipse || !within(*ellipse, search)) return std::nullopt;
  return OutlineShape::from(*ellipse);
}

/// Keeps the best few distinct outlines, best first.
void keep(ConsensusOutlines& outlines, const ConsensusOutline& outline) {
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    if (!is_same_outline(outlines[i].shape, outline.shape)) continue;
    if (outlines[i].agreement >= outline.agreement) return;
    outlines[i] = outline;
    for (; i > 0 && outlines[i - 1].agreement < outlines[i].agreement; --i)
      std::swap(outlines[i - 1], outlines[i]);
    return;
  }
  if (outlines.full()) {
    if (outlines[outlines.size() - 1].agreement >= outline.agreement) return;
    outlines[outlines.size() - 1] = outline;
  } else {
    outlines.push_back(outline);
  }
  for (std::size_t i = outlines.size() - 1; i > 0 && outlines[i - 1].agreement < outlines[i].agreement; --i)
    std::swap(outlines[i - 1], outlines[i]);
}

/// Lowers the weight of edges on straight stretches. A pupil's outline turns by one over its radius for each
/// pixel (by half of that on the flat side of a pupil seen from 50 degrees), a lid's hardly at all.
void discount_straight_stretches(EdgeArrays& arrays) {
  const std::size_t count = arrays.leaving_count;
  if (count < fewest_for_curvature) return;
  const auto position = [&](std::size_t k) {
    const std::size_t i = arrays.leaving[k % count];
    return Eigen::Vector2f(arrays.x[i], arrays.y[i]);
  };
  Eigen::Vector2f middle = Eigen::Vector2f::Zero();
  for (std::size_t k = 0; k < count; ++k) middle += position(k);
  middle /= static_cast<float>(count);
  float radius = 0.0F;
  for (std::size_t k = 0; k < count; ++k) radius += (position(k) - middle).norm();
  radius /= static_cast<float>(count);
  const std::size_t reach = count / curvature_windows;
  std::array<float, RayEdges::max_size()> factor;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t before = arrays.leaving[(k + count - reach) % count];
    const std::size_t after = arrays.leaving[(k + reach) % count];
    const float turn =
        std::abs(std::atan2(arrays.gx[before] * arrays.gy[after] - arrays.gy[before] * arrays.gx[after],
                            arrays.gx[before] * arrays.gx[after] + arrays.gy[before] * arrays.gy[after]));
    const float length = std::max((position(k + reach) - position(k + count - reach)).norm(), 1.0F);
    const float curvature = turn * radius / length;
    factor[k] = std::clamp((curvature - straight_curvature) / (round_curvature - straight_curvature),
                           least_straight_factor, 1.0F);
  }
  std::size_t round = 0;
  for (std::size_t k = 0; k < count; ++k) {
    arrays.weight[arrays.leaving[k]] *= factor[k];
    round += factor[k] >= drawn_factor ? 1 : 0;
  }
  if (round < fewest_drawn) return;
  arrays.leaving_count = 0;
  for (std::size_t k = 0; k < count; ++k)
    if (factor[k] >= drawn_factor) arrays.leaving[arrays.leaving_count++] = arrays.leaving[k];
}

void gather(const RayEdges& edges, const ConsensusSearch& search, EdgeArrays& arrays) {
  std::array<float, RayEdges::max_size()> slopes;
  arrays.count = edges.size();
  for (std::size_t i = 0; i < edges.size(); ++i) slopes[i] = edges[i].slope_gray_per_px;
  const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(edges.size() / 2);
  std::nth_element(slopes.begin(), middle, slopes.begin() + static_cast<std::ptrdiff_t>(edges.size()));
  const float common_slope = std::max(*middle, 1e-3F);
  const auto core = static_cast<float>(search.core_gray);
  const float fade = 1.0F / static_cast<float>(std::max(1.0, search.contrast_gray));
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const RayEdge& edge = edges[i];
    arrays.x[i] = edge.position_px.x();
    arrays.y[i] = edge.position_px.y();
    arrays.gx[i] = edge.gradient_dir.x();
    arrays.gy[i] = edge.gradient_dir.y();
    const float dark = std::clamp(1.5F - (edge.inside_gray - core) * fade, least_weight, 1.0F);
    arrays.weight[i] = dark * std::clamp(edge.slope_gray_per_px / common_slope, 0.4F, 1.0F);
  }
  arrays.leaving_count = 0;
  for (std::size_t i = 0; i < edges.size();) {
    std::size_t chosen = i;
    bool leaves = false;
    const int ray = edges[i].ray;
    for (; i < edges.size() && edges[i].ray == ray; ++i) {
      const bool strong = arrays.weight[i] >= leaving_weight;
      const bool nearer =
          (edges[i].position_px - edges[chosen].position_px).dot(edges[i].gradient_dir) < 0.0F;
      if (strong ? !leaves || nearer : !leaves && arrays.weight[i] > arrays.weight[chosen]) chosen = i;
      leaves |= strong;
    }
    arrays.leaving[arrays.leaving_count++] = chosen;
  }
  discount_straight_stretches(arrays);
  for (std::size_t i = edges.size(); i < capacity; ++i) {
    arrays.x[i] = arrays.y[i] = arrays.gx[i] = arrays.gy[i] = 0.0F;
    arrays.weight[i] = 0.0F;
  }
}

}  // namespace

bool is_same_outline(const OutlineShape& a, const OutlineShape& b) {
  const double limit = same_outline * std::min(a.mean_radius_px(), b.mean_radius_px());
  return (a.center_px - b.center_px).norm() < limit && std::abs(a.s_xx_px - b.s_xx_px) < limit &&
         std::abs(a.s_xy_px - b.s_xy_px) < limit && std::abs(a.s_yy_px - b.s_yy_px) < limit;
}

void find_consensus(const RayEdges& edges, const ConsensusSearch& search, std::minstd_rand& random,
                    ConsensusOutlines& outlines) {
  outlines.clear();
  if (edges.size() < 8) return;
  EdgeArrays arrays;
  gather(edges, search, arrays);
  std::array<float, capacity> membership;
  const std::size_t count = arrays.leaving_count;
  const double share = 1.0 / search.ray_count;
  double best = 0.0;
  for (int draw = 0; draw < search.draws && best < enough_agreement; ++draw) {
    // One edge from each third of an arc of a third, a half, three quarters or all of the rays.
    constexpr std::array<double, 4> spans{0.34, 0.5, 0.75, 1.0};
    const auto span = static_cast<std::size_t>(spans[static_cast<std::size_t>(draw) % spans.size()] *
                                               static_cast<double>(count));
    const std::size_t start = static_cast<std::size_t>(random()) % count;
    std::array<std::size_t, sample_size> picks{};
    for (std::size_t k = 0; k < sample_size; ++k) {
      const std::size_t low = k * span / sample_size;
      const std::size_t width = std::max<std::size_t>(1, (k + 1) * span / sample_size - low);
      picks[k] = arrays.leaving[(start + low + static_cast<std::size_t>(random()) % width) % count];
    }
    auto shape = outline_through(arrays, picks, search);
    if (!shape) continue;
    double agreement = share * support_of(arrays, *shape, membership);
    const double worst_kept = outlines.full() ? outlines[outlines.size() - 1].agreement : 0.0;
    if (agreement < worth_refitting * std::max(worst_kept, 0.5 * best)) continue;
    for (int refit = 0; refit < refits; ++refit) {
      const auto refined = outline_through_members(arrays, membership, *shape, search);
      if (!refined) break;
      const double again = share * support_of(arrays, *refined, membership);
      if (again <= agreement) break;
      agreement = again;
      shape = refined;
    }
    const double roundness = shape->to_ellipse().aspect_ratio();
    keep(outlines, {*shape, agreement * (0.5 + 0.5 * roundness)});
    best = std::max(best, agreement);
  }
}

}  // namespace yarbus
