#pragma once

#include "eyemodel/types/frame.h"

namespace yarbus {

/// Sees every frame as it is read, beside the tracking. Threads: called on the capture threads; must return
/// at once.
class FrameTap {
 public:
  virtual ~FrameTap() = default;
  virtual void frame_read(EyeSide eye, const FramePtr& frame) = 0;
};

}  // namespace yarbus
