#pragma once

#include <span>
#include <string>

#include "app/session/session.h"
#include "eyemodel/types/binocular_sample.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/frame.h"

namespace yarbus {

/// A sample as it leaves the tracking. Valid during the call only.
struct MadeSample {
  const GazeSamplePtr& sample;
  const BinocularSample* pair = nullptr;  ///< with the other eye's nearest; null: of a webcam
  std::span<const BlinkEvent> blinks;     ///< of an eye camera: those that have ended since the last sample
  bool has_time_restarted = false;        ///< capture time went back before it (a seek)
};

/// Sees what the eyes' sources give, beside the tracking. Every call must return at once.
/// Threads: sample_made() on the eye's process thread; the rest on its capture thread, but source_closed(),
/// which comes from any. A source's frames come after source_opened() and before source_closed().
class EyeTap {
 public:
  virtual ~EyeTap() = default;
  virtual void source_opened(EyeSide /*eye*/, const SourceSnapshot& /*source*/,
                             const CameraIntrinsics& /*intrinsics*/) {}
  /// Every frame as it is read, before any queue could drop it.
  virtual void frame_read(EyeSide /*eye*/, const FramePtr& /*frame*/) {}
  virtual void sample_made(EyeSide /*eye*/, const MadeSample& /*made*/) {}
  /// It gives no frames now and may come back, with the next frame.
  virtual void source_lost(EyeSide /*eye*/, const std::string& /*why*/) {}
  /// It gives no more frames; also after it failed. May come more than once.
  virtual void source_closed(EyeSide /*eye*/, const std::string& /*why*/) {}
};

}  // namespace yarbus
