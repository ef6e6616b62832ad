#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "app/session/interruptible_wait.h"
#include "app/session/simulation_pace.h"
#include "eyemodel/types/check.h"
#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"

namespace yarbus {

// How a simulated scene becomes a source of frames. A Scene is a FrameSource without next() and seek(), with
// `Interface` (the source as others know it), `noun` (for words) and, for the classes here: info_, pool_,
// rate_hz(), render(frame, index, captured_at) and take_wish(), which lets it take what was posted to it.

/// Finite, seekable, every frame a function of its index.
template <class Scene>
class RecordedSimulation final : public Scene {
 public:
  template <class... Arguments>
  explicit RecordedSimulation(std::uint64_t frame_count, Arguments&&... arguments)
      : Scene(std::forward<Arguments>(arguments)...) {
    this->info_.frame_count = frame_count;
  }

  Result<FramePtr> next(std::stop_token stop) override {
    if (next_index_ >= *this->info_.frame_count) return FramePtr{};
    const auto frame = this->pool_.acquire_waiting(stop);
    if (frame == nullptr) return FramePtr{};
    const auto time = CaptureTime(std::llround(1e9 * static_cast<double>(next_index_) / this->rate_hz()));
    this->render(*frame, next_index_, time);
    ++next_index_;
    return FramePtr(frame);
  }

  Result<void> seek(std::uint64_t index) override {
    next_index_ = std::min(index, *this->info_.frame_count - 1);
    return {};
  }

 private:
  std::uint64_t next_index_ = 0;
};

/// Endless, paced by the clock, steered by what is posted to it.
template <class Scene>
class LiveSimulation final : public Scene {
 public:
  using Clock = std::chrono::steady_clock;

  template <class... Arguments>
  explicit LiveSimulation(Arguments&&... arguments) : Scene(std::forward<Arguments>(arguments)...) {}

  Result<FramePtr> next(std::stop_token stop) override {
    while (!stop.stop_requested()) {
      const auto now = Clock::now();
      if (!pace_) pace_.emplace(this->rate_hz(), now);
      const std::uint64_t index = pace_->frame_to_render(next_index_, now);
      dropped_ += index - next_index_;
      next_index_ = index + 1;
      const auto due = pace_->due(index);
      const auto frame = this->pool_.acquire();
      if (frame == nullptr) {  // the window holds them all
        ++dropped_;
        if (!wait_until(due, stop)) break;
        continue;
      }
      this->take_wish();
      const auto start = Clock::now();
      this->render(*frame, index, due.time_since_epoch());
      pace_->rendered(Clock::now() - start);
      if (!wait_until(due, stop)) break;
      return FramePtr(frame);
    }
    return FramePtr{};
  }

  Result<void> seek(std::uint64_t) override {
    return Error{ErrorCode::invalid_option, "a live " + std::string(Scene::noun) + " cannot be wound back",
                 this->info_.location, "Track it with `yarbus track`, which can"};
  }
  std::uint64_t dropped_frames() const override { return dropped_; }

 private:
  std::optional<SimulationPace> pace_;  ///< from the first frame on
  std::uint64_t next_index_ = 0;
  std::uint64_t dropped_ = 0;
};

/// Live or recorded, as the options (`is_live`, `frames`) ask. Errors: invalid_option for no frames.
template <class Scene, class Options, class Simulated>
Result<std::unique_ptr<typename Scene::Interface>> open_simulation(const Options& options,
                                                                   const std::string& scenario,
                                                                   Simulated simulated, int default_frames) {
  using Source = std::unique_ptr<typename Scene::Interface>;
  if (options.is_live) return Source(std::make_unique<LiveSimulation<Scene>>(options, std::move(simulated)));
  const auto frames = options.frames.value_or(static_cast<std::uint64_t>(default_frames));
  if (frames == 0)
    return Error{ErrorCode::invalid_option, "no frames are asked for", scenario, "Ask for one frame or more"};
  return Source(std::make_unique<RecordedSimulation<Scene>>(frames, options, std::move(simulated)));
}

}  // namespace yarbus
