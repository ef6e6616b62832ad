#include "app/session/simulated_source.h"

#include <algorithm>
#include <cmath>

#include "app/session/interruptible_wait.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "eyemodel/types/frame.h"

namespace yarbus {
namespace {

using Clock = std::chrono::steady_clock;

SourceInfo describe(const SimulatedSourceOptions& options, const simulation::SimulatedEye& eye) {
  SourceInfo info;
  info.name = "simulated eye " + options.scenario + ", seed " + std::to_string(options.seed);
  info.location = options.scenario;
  info.width_px = eye.camera().width_px;
  info.height_px = eye.camera().height_px;
  info.nominal_rate_hz = eye.rate_hz();
  info.is_live = options.is_live;
  info.is_seekable = !options.is_live;
  return info;
}

/// What both kinds share.
class SimulatedSourceBase : public SimulatedSource {
 public:
  SimulatedSourceBase(const SimulatedSourceOptions& options, simulation::SimulatedEye eye)
      : options_(options),
        eye_(std::move(eye)),
        info_(describe(options, eye_)),
        pool_(options.pool_frames, [](Frame& frame) { frame.truth.reset(); }) {}

  const SourceInfo& info() const override { return info_; }
  const CameraIntrinsics& camera() const override { return eye_.camera(); }
  const SimulationControls& controls() const override { return eye_.controls(); }

 protected:
  void render(Frame& frame, std::uint64_t index, CaptureTime captured_at) {
    eye_.render(index, frame.gray, frame.truth.emplace());
    frame.sequence = index;
    frame.camera_id = options_.camera_id;
    frame.eye = options_.eye;
    frame.captured_at = captured_at;
  }

  SimulatedSourceOptions options_;
  simulation::SimulatedEye eye_;
  SourceInfo info_;
  FramePool pool_;
  std::uint64_t next_index_ = 0;
};

/// Finite, seekable, every frame a function of its index.
class RecordedSimulation final : public SimulatedSourceBase {
 public:
  RecordedSimulation(const SimulatedSourceOptions& options, simulation::SimulatedEye eye,
                     std::uint64_t frame_count)
      : SimulatedSourceBase(options, std::move(eye)) {
    info_.frame_count = frame_count;
  }

  Result<FramePtr> next(std::stop_token stop) override {
    if (next_index_ >= *info_.frame_count) return FramePtr{};
    const auto frame = pool_.acquire_waiting(stop);
    if (frame == nullptr) return FramePtr{};
    const auto time = CaptureTime(std::llround(1e9 * static_cast<double>(next_index_) / eye_.rate_hz()));
    render(*frame, next_index_, time);
    ++next_index_;
    return FramePtr(frame);
  }

  Result<void> seek(std::uint64_t index) override {
    next_index_ = std::min(index, *info_.frame_count - 1);
    return {};
  }
};

/// Endless, paced by the clock, steered through the mailbox.
class LiveSimulation final : public SimulatedSourceBase {
 public:
  using SimulatedSourceBase::SimulatedSourceBase;

  Result<FramePtr> next(std::stop_token stop) override {
    while (!stop.stop_requested()) {
      const auto now = Clock::now();
      if (!pace_) pace_.emplace(eye_.rate_hz(), now);
      const std::uint64_t index = pace_->frame_to_render(next_index_, now);
      dropped_ += index - next_index_;
      next_index_ = index + 1;
      const auto due = pace_->due(index);
      const auto frame = pool_.acquire();
      if (frame == nullptr) {  // the window holds them all
        ++dropped_;
        if (!wait_until(due, stop)) break;
        continue;
      }
      if (const auto controls = options_.controls != nullptr ? options_.controls->take() : std::nullopt)
        eye_.set_controls(*controls);
      const auto start = Clock::now();
      render(*frame, index, due.time_since_epoch());
      pace_->rendered(Clock::now() - start);
      if (!wait_until(due, stop)) break;
      return FramePtr(frame);
    }
    return FramePtr{};
  }

  Result<void> seek(std::uint64_t) override {
    return Error{ErrorCode::invalid_option, "a live simulated eye cannot be wound back", options_.scenario,
                 "Track it with `yarbus track`, which can"};
  }
  std::uint64_t dropped_frames() const override { return dropped_; }

 private:
  std::optional<SimulationPace> pace_;  ///< from the first frame on
  std::uint64_t dropped_ = 0;
};

}  // namespace

std::uint64_t SimulationPace::frame_to_render(std::uint64_t next, Time now) const {
  const std::chrono::duration<double> ready_s = now + typical_render_time_ - start_;
  const double reachable = std::ceil(ready_s.count() * rate_hz_);
  return std::max(next, static_cast<std::uint64_t>(std::max(0.0, reachable)));
}

void SimulationPace::rendered(std::chrono::nanoseconds duration) {
  render_times_[rendered_count_++ % remembered] = duration;
  auto times = render_times_;
  const auto end = times.begin() + static_cast<std::ptrdiff_t>(std::min(rendered_count_, remembered));
  const auto middle = times.begin() + (end - times.begin()) / 2;
  std::nth_element(times.begin(), middle, end);
  typical_render_time_ = *middle;
}

SimulationPace::Time SimulationPace::due(std::uint64_t frame) const {
  return start_ + std::chrono::nanoseconds(std::llround(1e9 * static_cast<double>(frame) / rate_hz_));
}

Result<std::unique_ptr<SimulatedSource>> open_simulated_source(const SimulatedSourceOptions& options) {
  YARBUS_CHECK(options.is_live || options.controls == nullptr);
  YARBUS_CHECK(!options.is_live || !options.frames.has_value());
  auto eye = simulation::SimulatedEye::create(options.scenario, options.seed, options.eye, options.width_px);
  if (!eye) return eye.error();
  if (options.is_live)
    return std::unique_ptr<SimulatedSource>(std::make_unique<LiveSimulation>(options, std::move(*eye)));
  const auto* scenario = simulation::find_scenario(options.scenario);
  YARBUS_CHECK(scenario != nullptr);
  const auto frames = options.frames.value_or(static_cast<std::uint64_t>(scenario->default_frames));
  if (frames == 0) {
    return Error{ErrorCode::invalid_option, "no frames are asked for", options.scenario,
                 "Ask for one frame or more"};
  }
  return std::unique_ptr<SimulatedSource>(
      std::make_unique<RecordedSimulation>(options, std::move(*eye), frames));
}

}  // namespace yarbus
