#include "eyemodel/online/start_search.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>

namespace yarbus {
namespace {

/// The eye's place is settled when its worst direction across the line of sight is this sure.
constexpr double settled_across_mm = 0.25;
constexpr std::size_t settled_frames = 6;
constexpr double settled_spread_rad = 0.05;
constexpr double settled_weight = 0.99;

constexpr std::size_t most_early_frames = 100;
constexpr double growth_between_searches = 1.25;
constexpr int updates_between_searches = 5;
/// Places tried in one update, and frames of all of them together: few frames are quickly fitted.
constexpr std::size_t fewest_tried = 4;
constexpr std::size_t most_frames_tried = 50;
/// A minimum of less weight is let go; should it come to matter, it is found again.
constexpr double least_weight = 1e-3;

}  // namespace

void StartSearch::add(const FitFrame& frame) {
  if (early_.size() < most_early_frames) early_.push_back(frame);
}

Eigen::Vector3d StartSearch::best_center(const RefractionProblem& problem) {
  // Few new frames bring no minima that were not there before.
  const std::size_t count = problem.frames.size();
  const bool has_grown =
      static_cast<double>(count) >= growth_between_searches * static_cast<double>(searched_at_);
  if (untried_in_cam_mm_.empty() && (has_grown || ++updates_since_search_ >= updates_between_searches)) {
    searched_at_ = count;
    updates_since_search_ = 0;
    untried_in_cam_mm_ = starting_centers(early_, problem.intrinsics);
  }
  std::vector<Eigen::Vector3d> starts{problem.eye_centers_in_cam_mm.front()};
  for (const EyeMinimum& minimum : minima_) starts.push_back(minimum.eye_center_in_cam_mm);
  const std::size_t affordable = std::max(fewest_tried, most_frames_tried / std::max<std::size_t>(1, count));
  const auto tried = untried_in_cam_mm_.begin() +
                     static_cast<std::ptrdiff_t>(std::min(affordable, untried_in_cam_mm_.size()));
  starts.insert(starts.end(), untried_in_cam_mm_.begin(), tried);
  untried_in_cam_mm_.erase(untried_in_cam_mm_.begin(), tried);
  minima_ = find_minima(problem, starts);
  std::erase_if(minima_, [](const EyeMinimum& minimum) { return minimum.weight < least_weight; });
  return minima_.empty() ? problem.eye_centers_in_cam_mm.front() : minima_.front().eye_center_in_cam_mm;
}

bool StartSearch::has_settled(const RefractionProblem& problem, const ModelCovariance& covariance_mm2) const {
  if (problem.frames.size() < settled_frames || !untried_in_cam_mm_.empty()) return false;
  if (minima_.empty() || minima_.front().weight < settled_weight) return false;
  double least_cosine = 1.0;
  for (const RefractionFrame& frame : problem.frames)
    least_cosine =
        std::min(least_cosine, frame.chart.base_in_cam.dot(problem.frames.front().chart.base_in_cam));
  if (std::acos(std::min(1.0, least_cosine)) < settled_spread_rad) return false;
  const Eigen::Vector3d sight = problem.eye_centers_in_cam_mm.front().normalized();
  Eigen::Matrix<double, 3, 2> across;
  across.col(0) = sight.unitOrthogonal();
  across.col(1) = sight.cross(across.col(0));
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> eigen(
      across.transpose() * covariance_mm2.topLeftCorner<3, 3>() * across, Eigen::EigenvaluesOnly);
  return eigen.eigenvalues()[1] < settled_across_mm * settled_across_mm;
}

void StartSearch::publish_all(EyeModel& model) const {
  if (minima_.size() < 2) return;
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const EyeMinimum& minimum : minima_) mean += minimum.weight * minimum.eye_center_in_cam_mm;
  for (const EyeMinimum& minimum : minima_) {
    const Eigen::Vector3d off = minimum.eye_center_in_cam_mm - mean;
    model.covariance_mm2.topLeftCorner<3, 3>() += minimum.weight * off * off.transpose();
  }
  model.eye_center_in_cam_mm = mean;
}

void StartSearch::finish() {
  early_ = {};
  minima_.clear();
  untried_in_cam_mm_.clear();
}

}  // namespace yarbus
