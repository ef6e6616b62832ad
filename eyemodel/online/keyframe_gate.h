#pragma once

#include <optional>

#include <Eigen/Core>

#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// Which observations are worth assimilating. Neighbouring frames of one fixation share the detector's
/// errors: counted one by one they would pretend to know what they do not. A frame is taken if its pupil has
/// moved by a sixteenth of its size since the last one taken (some 0.7 degrees), or after 0.15 s; never in
/// fast movement (motion blur), in doubt (confidence under 0.7), or out of time. Threads: one owner.
class KeyframeGate {
 public:
  /// True: take it; the next is measured against it.
  bool take(const PupilObservation& observation, CaptureTime captured_at);
  void restart();

 private:
  struct Seen {
    Eigen::Vector2d center_px;
    CaptureTime at{};
  };
  std::optional<Seen> taken_;
  std::optional<Seen> before_;
};

}  // namespace yarbus
