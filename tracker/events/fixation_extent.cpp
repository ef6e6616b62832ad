#include "tracker/events/fixation_extent.h"

#include <algorithm>
#include <vector>

#include "eyemodel/geometry/axis_angles.h"
#include "tracker/events/gaze_series.h"

namespace yarbus {
namespace {

struct AcrossMean {
  Eigen::Vector2d place;  ///< along two axes across the mean, of a sphere of radius 1
  Eigen::Vector3d direction;
};

/// Positive: from `a` by `b` to `c` is a turn to the left.
double turn(const AcrossMean& a, const AcrossMean& b, const AcrossMean& c) {
  const Eigen::Vector2d first = b.place - a.place;
  const Eigen::Vector2d second = c.place - a.place;
  return first.x() * second.y() - first.y() * second.x();
}

/// One chain of the convex hull (Andrew 1979) of points in order.
template <class Points>
void add_chain(const Points& points, std::vector<AcrossMean>& hull) {
  const std::size_t begin = hull.size();
  for (const AcrossMean& point : points) {
    while (hull.size() >= begin + 2 && turn(hull[hull.size() - 2], hull.back(), point) <= 0.0)
      hull.pop_back();
    hull.push_back(point);
  }
}

std::vector<Eigen::Vector3d> without_spikes(std::span<const Eigen::Vector3d> directions) {
  std::vector<Eigen::Vector3d> smooth(directions.begin(), directions.end());
  for (std::size_t i = 1; i + 1 < directions.size(); ++i)
    smooth[i] = median_direction(directions[i - 1], directions[i], directions[i + 1]);
  return smooth;
}

}  // namespace

double fixation_extent_deg(std::span<const Eigen::Vector3d> directions) {
  if (directions.size() < 2) return 0.0;
  const std::vector<Eigen::Vector3d> smooth = without_spikes(directions);
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const Eigen::Vector3d& direction : smooth) sum += direction;
  const GazeAxes axes = GazeAxes::at(sum.normalized());
  std::vector<AcrossMean> points;
  points.reserve(smooth.size());
  for (const Eigen::Vector3d& direction : smooth)
    points.push_back({{direction.dot(axes.right), direction.dot(axes.up)}, direction});
  std::sort(points.begin(), points.end(), [](const AcrossMean& a, const AcrossMean& b) {
    return a.place.x() != b.place.x() ? a.place.x() < b.place.x() : a.place.y() < b.place.y();
  });
  std::vector<AcrossMean> hull;
  add_chain(points, hull);
  std::reverse(points.begin(), points.end());
  add_chain(points, hull);
  double largest_rad = 0.0;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    for (std::size_t j = i + 1; j < hull.size(); ++j)
      largest_rad = std::max(largest_rad, angle_between_rad(hull[i].direction, hull[j].direction));
  }
  return degrees_of(largest_rad);
}

}  // namespace yarbus
