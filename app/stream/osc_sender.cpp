#include "app/stream/osc_sender.h"

#include <numbers>

#include <lo/lo.h>

#include "app/stream/gaze_angles.h"

namespace yarbus {

Result<std::unique_ptr<OscSender>> OscSender::open(const std::string& address, int port) {
  lo_address target = lo_address_new(address.c_str(), std::to_string(port).c_str());
  if (target == nullptr)
    return Error{ErrorCode::connection_failed, "cannot make an OSC target",
                 address + ":" + std::to_string(port), "Give a numeric address such as 127.0.0.1"};
  return std::unique_ptr<OscSender>(new OscSender(target));
}

OscSender::~OscSender() { lo_address_free(static_cast<lo_address>(target_)); }

void OscSender::count(int result) { ++(result < 0 ? tally_.failures : tally_.packets); }

void OscSender::send(const StreamEyes& eyes) {
  constexpr double deg_per_rad = 180.0 / std::numbers::pi;
  auto* target = static_cast<lo_address>(target_);
  if (eyes.gaze) {
    const StreamGaze& gaze = *eyes.gaze;
    std::array<std::optional<ForwardDirection>, 2> each;
    for (std::size_t i = 0; i < each.size(); ++i) {
      if (gaze.eyes_in_screen_mm[i]) each[i] = direction_to(*gaze.eyes_in_screen_mm[i], gaze.screen);
    }
    const auto both = direction_to(gaze.point_in_screen_mm, gaze.screen);
    if (each[0] && each[1]) {
      const auto& [right, left] = each;
      count(lo_send(target, "/tracking/eye/LeftRightVec", "ffffff", left->x(), left->y(), left->z(),
                    right->x(), right->y(), right->z()));
    } else if (both) {
      count(lo_send(target, "/tracking/eye/CenterPitchYaw", "ff", deg_per_rad * pitch_down_rad(*both),
                    deg_per_rad * yaw_rad(*both)));
    }
  }
  if (const auto closure = mean_closure(eyes))
    count(lo_send(target, "/tracking/eye/EyesClosedAmount", "f", *closure));
}

}  // namespace yarbus
