#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "eyemodel/types/result.h"
#include "eyemodel/types/simulation_controls.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// The controls that a simulated eye shall take next: of several posted in between, the last.
/// Threads: any.
class SimulationMailbox {
 public:
  void post(const SimulationControls& controls) {
    const std::lock_guard lock(mutex_);
    waiting_ = controls;
  }
  std::optional<SimulationControls> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, std::nullopt);
  }

 private:
  std::mutex mutex_;
  std::optional<SimulationControls> waiting_;
};

struct SimulatedSourceOptions {
  std::string scenario;
  std::uint64_t seed = 1;
  EyeSide eye = EyeSide::right;
  int camera_id = 0;
  std::size_t pool_frames = 16;
  std::optional<int> width_px;  ///< of the image; unset: the scenario's
  /// Live: endless, paced by the clock, and steerable. Otherwise: `frames` frames, seekable, as fast as they
  /// render, the same on every run.
  bool is_live = false;
  std::optional<std::uint64_t> frames;    ///< unset: as many as the scenario names; not for live ones
  SimulationMailbox* controls = nullptr;  ///< live ones only; must outlive the source
};

/// Frames of a simulated eye, each with its truth. `info().is_live` as in the options.
class SimulatedSource : public FrameSource {
 public:
  [[nodiscard]] virtual const CameraIntrinsics& camera() const = 0;
  /// What the scenario itself is set to.
  [[nodiscard]] virtual const SimulationControls& controls() const = 0;
};

/// Errors: invalid_option for an unknown scenario (naming those that exist).
Result<std::unique_ptr<SimulatedSource>> open_simulated_source(const SimulatedSourceOptions& options);

}  // namespace yarbus
