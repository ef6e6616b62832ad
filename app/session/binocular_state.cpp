#include "app/session/binocular_state.h"

#include <utility>

namespace yarbus {

BinocularSample BinocularState::processed(EyeSide eye, const GazeSamplePtr& sample) {
  std::optional<BinocularSample> replaced;  // released after the lock
  const std::lock_guard lock(mutex_);
  replaced = std::exchange(now_.latest, pairing_.push(eye, sample, sample->frame->captured_at));
  return *now_.latest;
}

void BinocularState::restart(EyeSide eye) {
  const std::lock_guard lock(mutex_);
  pairing_.restart(eye);
  if (now_.latest && now_.latest->of(eye) != nullptr) now_.latest.reset();
}

void BinocularState::set_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam) {
  const std::lock_guard lock(mutex_);
  pairing_.set_geometry(right_cam_from_left_cam);
}

BinocularSnapshot BinocularState::snapshot() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

}  // namespace yarbus
