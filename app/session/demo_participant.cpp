#include "app/session/demo_participant.h"

#include <algorithm>
#include <map>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr std::size_t most_looked = 30'000;
/// Two eyes are rendered live, also on two cores.
constexpr int demo_width_px = 320;

}  // namespace

Result<DemoParticipant> DemoParticipant::create(ViewerOptions who, const std::string& fault) {
  if (!fault.empty()) {
    const auto known = viewer_fault_from_string(fault);
    if (!known)
      return Error{ErrorCode::invalid_option, "a simulated participant has no such fault", fault,
                   "Choose one that `yarbus benchmark calibration --help` lists"};
    who.fault = *known;
  }
  auto viewer = SimulatedViewer::create(who);
  if (!viewer) return viewer.error();
  return DemoParticipant(std::move(*viewer));
}

SourceRequest DemoParticipant::source(EyeSide side) const {
  const SimulatedViewer::EyeOf eye = viewer_.eye(side);
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = eye.scenario;
  request.seed = eye.seed;
  request.width_px = demo_width_px;
  return request;
}

void DemoParticipant::look(CaptureTime at, const std::optional<VisibleTarget>& visible,
                           CalibrationSurroundings& eyes) {
  const ViewerLook look = viewer_.look(at, visible);
  gaze_mm_ = look.wanted_in_screen_mm;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (eyes.is_simulated(side)) eyes.steer(side, look.eyes[static_cast<std::size_t>(side)]);
  }
  if (looked_.size() == most_looked) looked_.pop_front();
  looked_.push_back({at, gaze_mm_});
}

std::optional<double> DemoParticipant::true_accuracy_deg(const GazeMapper& mapper,
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
