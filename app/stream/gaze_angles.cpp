#include "app/stream/gaze_angles.h"

#include <algorithm>
#include <cmath>

namespace yarbus {
namespace {

/// 0..1 of one eye in one sample.
std::optional<double> closure_of(const GazeSample& sample, EyeSide eye) {
  if (sample.face) {
    const auto* irises = std::get_if<IrisPair>(&*sample.face);
    if (irises != nullptr) return irises->eye(eye) ? 1.0 - irises->eye(eye)->openness : 1.0;
    if (std::get<FaceMiss>(*sample.face).reason == FaceMissReason::eyes_closed) return 1.0;
    return std::nullopt;
  }
  const auto closure = lid_closure_of(sample.pupil);
  if (closure) return closure;
  if (sample.in_blink) return 1.0;
  return sample.observation() != nullptr ? std::optional(0.0) : std::nullopt;
}

}  // namespace

std::optional<ForwardDirection> direction_to(const Eigen::Vector2d& point_in_screen_mm,
                                             const ScreenGeometry& screen) {
  if (!(screen.width_mm > 0.0) || !(screen.height_mm > 0.0) || !(screen.viewing_distance_mm > 0.0) ||
      !point_in_screen_mm.allFinite())
    return std::nullopt;
  const Eigen::Vector2d from_middle_mm =
      point_in_screen_mm - 0.5 * Eigen::Vector2d(screen.width_mm, screen.height_mm);
  return ForwardDirection(from_middle_mm.x() / screen.viewing_distance_mm,
                          -from_middle_mm.y() / screen.viewing_distance_mm, 1.0);
}

double yaw_rad(const ForwardDirection& direction) { return std::atan2(direction.x(), direction.z()); }

double pitch_down_rad(const ForwardDirection& direction) {
  return std::atan2(-direction.y(), std::hypot(direction.x(), direction.z()));
}

std::optional<double> mean_closure(const StreamEyes& eyes) {
  double sum = 0.0;
  int count = 0;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const GazeSamplePtr& newest = eyes.pair.newest_sample();
    const GazeSamplePtr& sample = newest != nullptr && newest->face ? newest : eyes.pair.of(side);
    if (sample == nullptr) continue;
    if (const auto closure = closure_of(*sample, side)) {
      sum += std::clamp(*closure, 0.0, 1.0);
      ++count;
    }
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::optional<HeadTurn> head_turn(const StreamEyes& eyes) {
  const GazeSamplePtr& sample = eyes.pair.newest_sample();
  if (sample == nullptr || !sample->face) return std::nullopt;
  const auto* irises = std::get_if<IrisPair>(&*sample->face);
  if (irises == nullptr || irises->sight == nullptr) return std::nullopt;
  const RigidTransform& cam_from_head = irises->sight->head.cam_from_head;
  // The person's right is to image left, up is up, and the face looks against the camera's z: all three axes
  // are turned round, which leaves the matrix as it is.
  const Eigen::Matrix3d& r = cam_from_head.rotation;
  HeadTurn turn;
  turn.position_mm = {-cam_from_head.translation_mm.x(), -cam_from_head.translation_mm.y(),
                      cam_from_head.translation_mm.z()};
  turn.yaw_rad = std::atan2(r(0, 2), r(2, 2));
  turn.pitch_rad = std::atan2(r(1, 2), std::hypot(r(0, 2), r(2, 2)));
  turn.roll_rad = std::atan2(-r(1, 0), r(1, 1));
  return turn;
}

}  // namespace yarbus
