#include "app/session/looked_places.h"

#include <algorithm>
#include <map>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::size_t most_looked = 30'000;

}  // namespace

void LookedPlaces::note(CaptureTime at, const Eigen::Vector2d& gaze_in_screen_mm) {
  if (looked_.size() == most_looked) looked_.pop_front();
  looked_.push_back({at, gaze_in_screen_mm});
}

std::optional<double> LookedPlaces::true_accuracy_deg(const GazeMapper& mapper,
                                                      const std::vector<CalibrationSample>& samples,
                                                      const Eigen::Vector3d& eyes_mm) const {
  struct Means {
    Eigen::Vector3d mapped = Eigen::Vector3d::Zero();
    Eigen::Vector3d looked = Eigen::Vector3d::Zero();
  };
  const auto direction = [&](const Eigen::Vector2d& point_mm) {
    return Eigen::Vector3d((Eigen::Vector3d(point_mm.x(), point_mm.y(), 0.0) - eyes_mm).normalized());
  };
  std::map<int, Means> targets;
  for (const CalibrationSample& sample : samples) {
    const auto point = mapper.map(sample.rays);
    const auto looked = std::lower_bound(looked_.begin(), looked_.end(), sample.rays.captured_at,
                                         [](const Looked& each, CaptureTime at) { return each.at < at; });
    if (!point || looked == looked_.end()) continue;
    targets[sample.target].mapped += direction(point->point_in_screen_mm);
    targets[sample.target].looked += direction(looked->gaze_mm);
  }
  if (targets.empty()) return std::nullopt;
  double sum_deg = 0.0;
  for (const auto& [id, means] : targets)
    sum_deg += degrees_of(angle_between_rad(means.mapped, means.looked));
  return sum_deg / static_cast<double>(targets.size());
}

}  // namespace yarbus
