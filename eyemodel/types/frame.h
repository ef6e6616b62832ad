#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "eyemodel/types/face_truth.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/object_pool.h"
#include "eyemodel/types/simulated_truth.h"

namespace yarbus {

/// One camera image and when it was taken. Immutable once published; lent from a pool.
struct Frame {
  std::uint64_t sequence = 0;  ///< 0-based number given by the source; gaps are frames the source lost
  int camera_id = 0;           ///< which source of the session
  EyeSide eye = EyeSide::right;
  CaptureTime captured_at{};
  GrayImage gray;  ///< after rotation and mirroring
  /// The camera's own picture that `gray` was decoded from: a whole JPEG, neither rotated nor mirrored.
  /// Empty: the source gives none. Keeps its memory in the pool.
  std::vector<std::uint8_t> jpeg;
  std::optional<SimulatedTruth> truth;  ///< only from a simulated eye; in the image as captured
  std::optional<FaceTruth> face_truth;  ///< only from a simulated face; in the image as captured
};

using FramePtr = std::shared_ptr<const Frame>;
using FramePool = ObjectPool<Frame>;

}  // namespace yarbus
