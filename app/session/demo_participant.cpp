#include "app/session/demo_participant.h"

#include <chrono>

namespace yarbus {
namespace {

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
  return DemoParticipant(std::move(*viewer), who.seed);
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

void DemoParticipant::show_picture(const std::optional<ShownPicture>& picture) {
  explorer_.reset();
  if (picture) explorer_.emplace(*picture, seed_);
}

void DemoParticipant::look(CaptureTime at, const std::optional<VisibleTarget>& target,
                           CalibrationSurroundings& eyes) {
  std::optional<VisibleTarget> visible = target;
  if (!visible && explorer_) visible = explorer_->look(std::chrono::duration<double>(at).count());
  const ViewerLook look = viewer_.look(at, visible);
  gaze_mm_ = look.wanted_in_screen_mm;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (eyes.is_simulated(side)) eyes.steer(side, look.eyes[static_cast<std::size_t>(side)]);
  }
  looked_.note(at, gaze_mm_);
}

}  // namespace yarbus
