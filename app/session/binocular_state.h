#pragma once

#include <mutex>

#include "app/session/binocular_pairing.h"
#include "app/session/session.h"

namespace yarbus {

/// The two live eyes together: their samples, paired as they come. Neither eye waits for the other's samples.
/// Threads: any; every method holds the lock for the pairing of one sample (a few microseconds) or a copy.
class BinocularState {
 public:
  /// Returns it with its partner.
  BinocularSample processed(EyeSide eye, const GazeSamplePtr& sample);
  /// The eye's source was closed, opened or wound back.
  void restart(EyeSide eye);
  void set_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam);
  [[nodiscard]] BinocularSnapshot snapshot() const;

 private:
  mutable std::mutex mutex_;
  BinocularPairing pairing_{PairingOptions{}};
  BinocularSnapshot now_;
};

}  // namespace yarbus
