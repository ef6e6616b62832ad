#include "calibration/camera/view_collector.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Geometry>
#include <opencv2/calib3d.hpp>

#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {

constexpr double tilted_deg = 12.0;
constexpr double near_size = 0.5;

/// How different two views are; 1 is different enough.
double change_between(const ViewPlace& a, const ViewPlace& b) {
  constexpr double by_place = 0.08;
  constexpr double by_tilt_deg = 9.0;
  constexpr double by_roll_deg = 15.0;
  const double roll = std::abs(std::remainder(a.roll_deg - b.roll_deg, 180.0));
  return std::max({(a.center - b.center).norm() / by_place, std::abs(a.size - b.size) / by_place,
                   std::hypot(a.turn_deg - b.turn_deg, a.nod_deg - b.nod_deg) / by_tilt_deg,
                   roll / by_roll_deg});
}

double area_of(const std::vector<Eigen::Vector2d>& outline) {
  double twice = 0.0;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const Eigen::Vector2d& a = outline[i];
    const Eigen::Vector2d& b = outline[(i + 1) % outline.size()];
    twice += a.x() * b.y() - b.x() * a.y();
  }
  return 0.5 * std::abs(twice);
}

constexpr std::array<const char*, 9> region_names{"at the upper left", "at the top",    "at the upper right",
                                                  "at the left",       "in the middle", "at the right",
                                                  "at the lower left", "at the bottom", "at the lower right"};
constexpr std::array<const char*, 4> tilt_names{"left", "right", "upper", "lower"};

}  // namespace

ViewPlace ViewPlace::of(const BoardView& view) {
  ViewPlace place;
  const double width = view.width_px;
  const double height = view.height_px;
  Eigen::Vector2d center = Eigen::Vector2d::Zero();
  for (const BoardPoint& point : view.points) center += point.in_image_px;
  center /= static_cast<double>(view.points.size());
  place.center = {center.x() / width, center.y() / height};
  place.size = std::sqrt(area_of(view.outline_px) / (width * height));

  const double focal_px = std::max(width, height);
  std::vector<cv::Point2d> on_board;
  std::vector<cv::Point2d> seen;
  for (const BoardPoint& point : view.points) {
    on_board.emplace_back(point.on_board_mm.x(), point.on_board_mm.y());
    seen.emplace_back((point.in_image_px.x() - 0.5 * width) / focal_px,
                      (point.in_image_px.y() - 0.5 * height) / focal_px);
  }
  const cv::Mat homography = cv::findHomography(on_board, seen);
  if (homography.empty()) return place;
  Eigen::Matrix3d H;
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) H(row, column) = homography.at<double>(row, column);
  }
  if (H(2, 2) < 0.0) H = -H;
  const Eigen::Vector3d right = H.col(0).normalized();
  const Eigen::Vector3d down = H.col(1).normalized();
  Eigen::Vector3d away = right.cross(down).normalized();
  if (away.z() < 0.0) away = -away;
  place.turn_deg = std::atan2(away.x(), away.z()) * deg_per_rad;
  place.nod_deg = std::atan2(away.y(), away.z()) * deg_per_rad;
  place.roll_deg = std::atan2(right.y(), right.x()) * deg_per_rad;
  return place;
}

bool ViewCollector::moved_since_last(const BoardView& view, CaptureTime captured_at) const {
  constexpr std::chrono::milliseconds longest_gap{700};
  if (!last_ || captured_at - last_at_ > longest_gap || captured_at <= last_at_) return true;
  double sum_px = 0.0;
  int common = 0;
  std::size_t before = 0;
  for (const BoardPoint& point : view.points) {
    while (before < last_->points.size() && last_->points[before].id < point.id) ++before;
    if (before == last_->points.size() || last_->points[before].id != point.id) continue;
    sum_px += (last_->points[before].in_image_px - point.in_image_px).norm();
    ++common;
  }
  return common < 4 || sum_px / common > options_.still_px * std::max(1.0, view.width_px / 640.0);
}

ViewVerdict ViewCollector::offer(const BoardView& view, CaptureTime captured_at) {
  const bool has_moved = moved_since_last(view, captured_at);
  last_ = view;
  last_at_ = captured_at;
  if (has_moved) return {std::nullopt, "hold the board still"};
  sharpest_edge_px_ = std::min(sharpest_edge_px_, view.edge_width_px);
  if (view.edge_width_px > 1.0 + 1.7 * sharpest_edge_px_)
    return {std::nullopt, "the board is less sharp than it was: is it in focus?"};
  const ViewPlace place = ViewPlace::of(view);
  for (const CollectedView& kept : views_) {
    if (change_between(kept.place, place) < options_.least_change)
      return {std::nullopt, "seen like this before: move or tilt the board"};
  }
  return keep(view, place);
}

ViewVerdict ViewCollector::take(const BoardView& view) { return keep(view, ViewPlace::of(view)); }

ViewVerdict ViewCollector::keep(const BoardView& view, const ViewPlace& place) {
  if (!views_.empty() &&
      (views_.front().view.width_px != view.width_px || views_.front().view.height_px != view.height_px)) {
    return {std::nullopt, "the image has another size (" + std::to_string(view.width_px) + "x" +
                              std::to_string(view.height_px) + ") than the views before it"};
  }
  if (static_cast<int>(views_.size()) >= options_.most_views) return {std::nullopt, "there are enough views"};
  views_.push_back({next_id_++, view, place});
  return {views_.back().id, "kept"};
}

bool ViewCollector::remove(int id) {
  return std::erase_if(views_, [id](const CollectedView& view) { return view.id == id; }) > 0;
}

void ViewCollector::clear() {
  views_.clear();
  last_.reset();
  sharpest_edge_px_ = 1e9;
}

CoverageGuide ViewCollector::guide() const {
  CoverageGuide guide;
  std::array<int, 9> points_in_region{};
  std::array<int, 4> views_tilted{};
  int most_points = 0;
  for (const CollectedView& kept : views_) {
    most_points = std::max(most_points, static_cast<int>(kept.view.points.size()));
    for (const BoardPoint& point : kept.view.points) {
      const double x = point.in_image_px.x() / kept.view.width_px;
      const double y = point.in_image_px.y() / kept.view.height_px;
      const auto cell = [](double share, int count) {
        return std::clamp(static_cast<int>(share * count), 0, count - 1);
      };
      ++guide.points_in_cell[static_cast<std::size_t>(cell(y, CoverageGuide::rows) * CoverageGuide::columns +
                                                      cell(x, CoverageGuide::columns))];
      ++points_in_region[static_cast<std::size_t>(cell(y, 3) * 3 + cell(x, 3))];
    }
    views_tilted[0] += kept.place.turn_deg > tilted_deg;
    views_tilted[1] += kept.place.turn_deg < -tilted_deg;
    views_tilted[2] += kept.place.nod_deg > tilted_deg;
    views_tilted[3] += kept.place.nod_deg < -tilted_deg;
    guide.has_near_view = guide.has_near_view || kept.place.size >= near_size;
  }
  const int wanted_points = std::max(8, most_points / 5);
  std::vector<std::string> places;
  std::vector<std::string> tilts;
  for (std::size_t i = 0; i < points_in_region.size(); ++i) {
    if (points_in_region[i] >= wanted_points) {
      ++guide.regions_covered;
    } else {
      places.push_back(std::string("show the board ") + region_names[i]);
    }
  }
  for (std::size_t i = 0; i < views_tilted.size(); ++i) {
    if (views_tilted[i] >= 2) {
      ++guide.tilts_covered;
    } else {
      tilts.push_back(std::string("tilt the board: its ") + tilt_names[i] + " edge away from the camera");
    }
  }
  // In turn, so that a person does both at a time.
  for (std::size_t i = 0; i < std::max(places.size(), tilts.size()); ++i) {
    if (i < places.size()) guide.missing.push_back(places[i]);
    if (i < tilts.size()) guide.missing.push_back(tilts[i]);
  }
  if (!guide.has_near_view) guide.missing.emplace_back("bring the board closer, until it fills the image");
  const int count = static_cast<int>(views_.size());
  if (count < options_.enough_views)
    guide.missing.push_back("show " + std::to_string(options_.enough_views - count) +
                            " more different views");
  const double wanted = options_.enough_views + 9.0 + 4.0 + 1.0;
  guide.progress = (std::min(count, options_.enough_views) + guide.regions_covered + guide.tilts_covered +
                    (guide.has_near_view ? 1 : 0)) /
                   wanted;
  guide.text = guide.missing.empty() ? "enough views: compute the calibration" : guide.missing.front();
  return guide;
}

}  // namespace yarbus
