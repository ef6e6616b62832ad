#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <Eigen/Core>

#include "eyemodel/simulation/face/simulated_face.h"
#include "eyemodel/types/result.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// Where a simulated face shall look from its next frame on: of several wishes posted in between, the last.
/// Threads: any.
class FaceMailbox {
 public:
  /// Unset: at its scenario's own targets again. Frames & units: screen, mm.
  void post(const std::optional<Eigen::Vector2d>& target_in_screen_mm) {
    const std::lock_guard lock(mutex_);
    waiting_ = target_in_screen_mm;
  }
  /// The outer optional: whether there is a wish.
  std::optional<std::optional<Eigen::Vector2d>> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::optional<std::optional<Eigen::Vector2d>> waiting_;
};

struct SimulatedFaceSourceOptions {
  simulation::FaceSimulationOptions face;
  int camera_id = 0;
  std::size_t pool_frames = 16;
  /// Live: endless, paced by the clock (frames that it is too slow for are left out), steerable. Otherwise:
  /// `frames` frames, seekable, as fast as they render, the same on every run.
  bool is_live = false;
  std::optional<std::uint64_t> frames;  ///< unset: as many as the scenario names; not for live ones
  FaceMailbox* mailbox = nullptr;       ///< live ones only; must outlive the source
};

/// Frames of a simulated face, each with its truth. `info().is_live` as in the options.
class SimulatedFaceSource : public FrameSource {
 public:
  [[nodiscard]] virtual const simulation::SimulatedFace& face() const = 0;
};

/// Errors: invalid_option for an unknown scenario (naming those that exist), sizes and rates out of bounds.
Result<std::unique_ptr<SimulatedFaceSource>> open_simulated_face_source(
    const SimulatedFaceSourceOptions& options);

}  // namespace yarbus
