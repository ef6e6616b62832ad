#pragma once

#include <array>

#include "app/export/session/session_chunks.h"

namespace yarbus {

/// What one eye of a gaze rests on.
struct GazeEye {
  EyeSide side = EyeSide::right;
  const SessionCamera* camera = nullptr;
  const PupilRow* pupil = nullptr;  ///< null: it is not known
  const PoseRow* pose = nullptr;    ///< null: it is not known
};

/// The eyes that a gaze rests on, right before left: of the frame it was made for, and of the other eye's
/// nearest. Without near-eye cameras an eye has neither camera nor rows. At most two.
struct GazeEyes {
  std::array<GazeEye, 2> eyes;
  std::size_t count = 0;

  [[nodiscard]] const GazeEye* begin() const { return eyes.data(); }
  [[nodiscard]] const GazeEye* end() const { return eyes.data() + count; }
  [[nodiscard]] bool has_all_poses() const;
};
GazeEyes eyes_of(const ExportRun& run, const SessionChunk& chunk, const GazeRow& gaze);

}  // namespace yarbus
