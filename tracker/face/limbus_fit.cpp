#include "tracker/face/limbus_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "eyemodel/geometry/iris_axis.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus {
namespace {

constexpr int normals = 64;
static_assert(normals <= max_iris_points);
constexpr int rounds = 3;
constexpr int steps_a_round = 4;
constexpr int fewest_edges = 8;
constexpr double search_share = 0.4;  ///< of the radius, to both sides of the outline
constexpr double lid_margin = 0.10;   ///< of the radius: nearer to a lid an edge is the lid's
constexpr double blur_share = 0.09;   ///< of the radius: width of the derivative's Gaussian
constexpr double least_blur_px = 0.6;
constexpr double largest_blur_px = 3.0;
constexpr double least_rise = 4.0;  ///< gray levels over the blur's width
constexpr double tukey_sigmas = 3.0;
constexpr double least_scale_px = 0.05;
/// Errors of edges nearer than this (of the radius) along the outline go together.
constexpr double correlation_share = 0.25;
/// What all edges of an image share: shading, the limbus' own width. Of the radius.
constexpr double shared_error_share = 0.006;
constexpr int most_profile = 96;

/// Gray by bilinear interpolation; outside the border goes on.
double gray_at(const GrayView& image, const Eigen::Vector2d& at_px) {
  const double x = std::clamp(at_px.x(), 0.0, image.width_px - 1.0);
  const double y = std::clamp(at_px.y(), 0.0, image.height_px - 1.0);
  const int x0 = std::min(static_cast<int>(x), std::max(0, image.width_px - 2));
  const int y0 = std::min(static_cast<int>(y), std::max(0, image.height_px - 2));
  const int x1 = std::min(x0 + 1, image.width_px - 1);
  const int y1 = std::min(y0 + 1, image.height_px - 1);
  const double fx = x - x0;
  const double fy = y - y0;
  return (1 - fy) * ((1 - fx) * image.at(x0, y0) + fx * image.at(x1, y0)) +
         fy * ((1 - fx) * image.at(x0, y1) + fx * image.at(x1, y1));
}

/// The part of the eye between the lids. Along the line of the corners and down from it, px.
class Fissure {
 public:
  explicit Fissure(const EyeLandmarks& eye) : origin_(eye.outer_corner_px) {
    along_ = (eye.inner_corner_px - eye.outer_corner_px).normalized();
    down_ = {-along_.y(), along_.x()};
    const auto height = [&](const Eigen::Vector2d& px) { return down_.dot(px - origin_); };
    if (height(eye.lower_lid_px[lid_points / 2]) < height(eye.upper_lid_px[lid_points / 2])) down_ = -down_;
    for (std::size_t i = 0; i < lid_points; ++i) {
      upper_[i] = {along_.dot(eye.upper_lid_px[i] - origin_), height(eye.upper_lid_px[i])};
      lower_[i] = {along_.dot(eye.lower_lid_px[i] - origin_), height(eye.lower_lid_px[i])};
    }
    length_ = (eye.inner_corner_px - eye.outer_corner_px).norm();
  }
  /// At least `margin_px` away from both margins, and between the corners.
  [[nodiscard]] bool holds(const Eigen::Vector2d& px, double margin_px) const {
    const double t = along_.dot(px - origin_);
    const double h = down_.dot(px - origin_);
    if (!(t > 0.0) || !(t < length_)) return false;
    return h > height_of(upper_, t) + margin_px && h < height_of(lower_, t) - margin_px;
  }

 private:
  using Curve = std::array<Eigen::Vector2d, lid_points>;
  [[nodiscard]] double height_of(const Curve& lid, double t) const {
    Eigen::Vector2d from(0.0, 0.0);
    for (std::size_t i = 0; i <= lid_points; ++i) {
      const Eigen::Vector2d to = i < lid_points ? lid[i] : Eigen::Vector2d(length_, 0.0);
      if (t <= to.x() && to.x() > from.x())
        return from.y() + (to.y() - from.y()) * (t - from.x()) / (to.x() - from.x());
      from = to;
    }
    return 0.0;
  }
  Eigen::Vector2d origin_;
  Eigen::Vector2d along_;
  Eigen::Vector2d down_;
  Curve upper_{};
  Curve lower_{};
  double length_ = 0.0;
};

/// How the limbus looks with its middle at a place of the image: a circle on the globe. Without the lens'
/// distortion, which is even over an eye.
class LimbusShape {
 public:
  LimbusShape(const CameraIntrinsics& intrinsics, const LimbusExpectation& expected)
      : intrinsics_(intrinsics), expected_(expected) {}

  /// `radius_px` is the long semi-axis.
  [[nodiscard]] OutlineShape at(const Eigen::Vector2d& middle_px, double radius_px) const {
    OutlineShape shape;
    shape.center_px = middle_px;
    shape.s_xx_px = radius_px;
    shape.s_yy_px = radius_px;
    const auto straight_px = intrinsics_.undistort(middle_px);
    if (!straight_px) return shape;
    const Eigen::Vector3d seen((straight_px->x() - intrinsics_.cx_px) / intrinsics_.fx_px,
                               (straight_px->y() - intrinsics_.cy_px) / intrinsics_.fy_px, 1.0);
    const auto axis = optical_axis_through_iris(expected_.eye_center_in_cam_mm, seen.normalized());
    if (!axis) return shape;
    // The circle's plane, seen along the line of sight: radii shrink by the cosine along the tilt.
    const Eigen::Vector3d sight = seen.normalized();
    const double cosine = std::clamp(-axis->dot(sight), 0.3, 1.0);
    const Eigen::Vector3d tilt_in_cam = *axis + cosine * sight;
    Eigen::Vector2d tilt(tilt_in_cam.x() - seen.x() * tilt_in_cam.z(),
                         tilt_in_cam.y() - seen.y() * tilt_in_cam.z());
    if (tilt.squaredNorm() < 1e-12) return shape;
    tilt.normalize();
    const double less = (cosine - 1.0) * radius_px;
    shape.s_xx_px += less * tilt.x() * tilt.x();
    shape.s_xy_px = less * tilt.x() * tilt.y();
    shape.s_yy_px += less * tilt.y() * tilt.y();
    return shape;
  }

 private:
  const CameraIntrinsics& intrinsics_;
  const LimbusExpectation& expected_;
};

struct Edge {
  Eigen::Vector2d at_px;
  double rise = 0.0;
};

/// The steepest rise along a normal, outwards, within `reach_px` of the outline; nullopt: none worth the
/// name.
std::optional<Edge> find_edge(const GrayView& image, const Eigen::Vector2d& on_outline_px,
                              const Eigen::Vector2d& outward, double reach_px, double blur_px) {
  // Samples finer than a pixel, then the derivative of a Gaussian by weighted differences.
  const double step_px = std::max(0.35, 2.0 * (reach_px + 2.0 * blur_px) / most_profile);
  const int half = static_cast<int>(reach_px / step_px);
  const int wing = std::max(1, static_cast<int>(std::lround(2.0 * blur_px / step_px)));
  const int count = 2 * (half + wing) + 1;
  std::array<double, 2 * most_profile> gray;
  if (count > static_cast<int>(gray.size())) return std::nullopt;
  for (int i = 0; i < count; ++i)
    gray[static_cast<std::size_t>(i)] = gray_at(image, on_outline_px + (i - half - wing) * step_px * outward);
  std::array<double, 2 * most_profile> rise;
  double norm = 0.0;
  for (int k = 1; k <= wing; ++k)
    norm += k * step_px * std::exp(-0.5 * std::pow(k * step_px / blur_px, 2.0)) * 2.0 * k * step_px;
  const int places = 2 * half + 1;
  int best = -1;
  for (int i = 0; i < places; ++i) {
    double sum = 0.0;
    for (int k = 1; k <= wing; ++k) {
      const double weight = k * step_px * std::exp(-0.5 * std::pow(k * step_px / blur_px, 2.0));
      sum += weight *
             (gray[static_cast<std::size_t>(i + wing + k)] - gray[static_cast<std::size_t>(i + wing - k)]);
    }
    rise[static_cast<std::size_t>(i)] = sum / norm;
    if (best < 0 || rise[static_cast<std::size_t>(i)] > rise[static_cast<std::size_t>(best)]) best = i;
  }
  if (best <= 0 || best >= places - 1) return std::nullopt;  // still rising where the search ends
  const double before = rise[static_cast<std::size_t>(best - 1)];
  const double at = rise[static_cast<std::size_t>(best)];
  const double after = rise[static_cast<std::size_t>(best + 1)];
  if (at * blur_px < least_rise) return std::nullopt;
  const double curvature = before - 2.0 * at + after;
  const double offset = curvature < 0.0 ? 0.5 * (before - after) / curvature : 0.0;
  return Edge{on_outline_px + (best - half + offset) * step_px * outward, at};
}

struct Edges {
  FixedVector<Edge, normals> all;
  FixedVector<double, normals> weight;  ///< of the last round, 0: not used
};

void collect_edges(const GrayView& image, const OutlineShape& shape, const Fissure& fissure, Edges& edges) {
  edges.all.clear();
  const double radius_px = shape.mean_radius_px();
  const double reach_px = std::max(1.5, search_share * radius_px);
  const double blur_px = std::clamp(blur_share * radius_px, least_blur_px, largest_blur_px);
  for (int i = 0; i < normals; ++i) {
    const double phi = 2.0 * std::numbers::pi * i / normals;
    const Eigen::Vector2d on = shape.point_at(std::cos(phi), std::sin(phi));
    if (!fissure.holds(on, lid_margin * radius_px)) continue;
    const Eigen::Vector2d outward = shape.normal_at(std::cos(phi), std::sin(phi));
    const auto edge = find_edge(image, on, outward, reach_px, blur_px);
    if (edge && fissure.holds(edge->at_px, lid_margin * radius_px)) edges.all.push_back(*edge);
  }
  edges.weight.resize(edges.all.size());
}

/// Signed distance of a point from the outline along its normal, px, and that normal. To first order.
struct Distance {
  double px = 0.0;
  Eigen::Vector2d normal;
};
Distance distance_from(const OutlineShape& shape, const Eigen::Vector2d& px) {
  const Eigen::Vector2d off = px - shape.center_px;
  const double det = shape.s_xx_px * shape.s_yy_px - shape.s_xy_px * shape.s_xy_px;
  const Eigen::Vector2d unit((shape.s_yy_px * off.x() - shape.s_xy_px * off.y()) / det,
                             (shape.s_xx_px * off.y() - shape.s_xy_px * off.x()) / det);
  const double length = std::max(1e-9, unit.norm());
  const Eigen::Vector2d direction = unit / length;
  const Eigen::Vector2d normal = shape.normal_at(direction.x(), direction.y());
  const Eigen::Vector2d on = shape.point_at(direction.x(), direction.y());
  return {normal.dot(px - on), normal};
}

double median_of(FixedVector<double, normals>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::optional<LimbusFit> fit_limbus(const GrayView& image, const CameraIntrinsics& intrinsics,
                                    const EyeLandmarks& landmarks, const LimbusExpectation& expected) {
  const double distance_mm = expected.eye_center_in_cam_mm.z() - limbus_plane_mm;
  if (image.empty() || !landmarks.iris_px.allFinite() || !(distance_mm > 10.0)) return std::nullopt;
  const double radius_prior_px = intrinsics.fx_px * expected.limbus_radius_mm / distance_mm;
  const Fissure fissure(landmarks);
  const LimbusShape form(intrinsics, expected);

  Eigen::Vector3d at(landmarks.iris_px.x(), landmarks.iris_px.y(), radius_prior_px);
  Eigen::Matrix3d prior = Eigen::Matrix3d::Zero();
  prior(0, 0) = 1.0 / std::pow(std::max(0.05, landmarks.iris_sigma_px.x()), 2.0);
  prior(1, 1) = 1.0 / std::pow(std::max(0.05, landmarks.iris_sigma_px.y()), 2.0);
  prior(2, 2) = 1.0 / std::pow(expected.limbus_radius_sigma * radius_prior_px, 2.0);
  const Eigen::Vector3d prior_at = at;

  Edges edges;
  Eigen::Matrix3d normal_matrix = prior;
  double scale_px = 1.0;
  double together = 1.0;
  int used = 0;
  double squares = 0.0;
  for (int round = 0; round < rounds; ++round) {
    collect_edges(image, form.at(at.head<2>(), at[2]), fissure, edges);
    if (static_cast<int>(edges.all.size()) < fewest_edges) return std::nullopt;
    // Neighbours blur into each other: so many edges count as one.
    const double spacing_px = 2.0 * std::numbers::pi * at[2] / normals;
    together = std::max(1.0, correlation_share * at[2] / spacing_px);
    for (int step = 0; step < steps_a_round; ++step) {
      const OutlineShape shape = form.at(at.head<2>(), at[2]);
      FixedVector<double, normals> off;
      for (const Edge& edge : edges.all) off.push_back(std::abs(distance_from(shape, edge.at_px).px));
      scale_px = std::max(least_scale_px, 1.4826 * median_of(off));
      Eigen::Matrix3d matrix = prior;
      Eigen::Vector3d vector = prior * (prior_at - at);
      used = 0;
      squares = 0.0;
      for (std::size_t i = 0; i < edges.all.size(); ++i) {
        const Distance distance = distance_from(shape, edges.all[i].at_px);
        const double share = distance.px / (tukey_sigmas * scale_px);
        const double tukey = std::abs(share) < 1.0 ? std::pow(1.0 - share * share, 2.0) : 0.0;
        edges.weight[i] = tukey;
        if (tukey <= 0.0) continue;
        ++used;
        squares += distance.px * distance.px;
        const double growth =
            distance.normal.dot(edges.all[i].at_px - shape.center_px) / std::max(1e-6, at[2]);
        const Eigen::Vector3d slope(distance.normal.x(), distance.normal.y(), growth);
        const double weight = tukey / (scale_px * scale_px * together);
        matrix += weight * slope * slope.transpose();
        vector += weight * slope * distance.px;
      }
      if (used < fewest_edges) return std::nullopt;
      const Eigen::Vector3d change = matrix.ldlt().solve(vector);
      normal_matrix = matrix;
      if (!change.allFinite()) return std::nullopt;
      at += change;
      if (!(at[2] > 0.5 * radius_prior_px) || !(at[2] < 2.0 * radius_prior_px)) return std::nullopt;
      if (change.norm() < 1e-3) break;
    }
  }
  if ((at.head<2>() - landmarks.iris_px).norm() > 0.7 * radius_prior_px) return std::nullopt;

  LimbusFit fit;
  fit.limbus = form.at(at.head<2>(), at[2]).to_ellipse();
  const double shared_px = shared_error_share * at[2];
  fit.covariance_px2 = normal_matrix.inverse() + shared_px * shared_px * Eigen::Matrix3d::Identity();
  fit.rms_px = std::sqrt(squares / used);
  for (std::size_t i = 0; i < edges.all.size(); ++i) {
    if (edges.weight[i] > 0.0) fit.points_px.push_back(edges.all[i].at_px.cast<float>());
  }
  return fit;
}

}  // namespace yarbus
