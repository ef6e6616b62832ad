#include "app/session/simulated_face_source.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

#include "app/session/interruptible_wait.h"
#include "app/session/simulated_source.h"
#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/types/frame.h"

namespace yarbus {
namespace {

using Clock = std::chrono::steady_clock;

SourceInfo describe(const SimulatedFaceSourceOptions& options) {
  SourceInfo info;
  info.name = "simulated face " + options.face.scenario + ", seed " + std::to_string(options.face.seed);
  info.location = options.face.scenario;
  info.width_px = options.face.width_px;
  info.height_px = options.face.height_px;
  info.nominal_rate_hz = options.face.rate_hz;
  info.is_live = options.is_live;
  info.is_seekable = !options.is_live;
  return info;
}

/// What both kinds share.
class FaceSourceBase : public SimulatedFaceSource {
 public:
  FaceSourceBase(const SimulatedFaceSourceOptions& options, simulation::SimulatedFace face)
      : options_(options),
        face_(std::move(face)),
        info_(describe(options)),
        pool_(options.pool_frames, [](Frame& frame) { frame.face_truth.reset(); }) {}

  const SourceInfo& info() const override { return info_; }
  const simulation::SimulatedFace& face() const override { return face_; }

 protected:
  void render(Frame& frame, std::uint64_t index, CaptureTime captured_at) {
    face_.render(index, frame.gray, frame.face_truth.emplace());
    frame.sequence = index;
    frame.camera_id = options_.camera_id;
    frame.captured_at = captured_at;
  }

  SimulatedFaceSourceOptions options_;
  simulation::SimulatedFace face_;
  SourceInfo info_;
  FramePool pool_;
  std::uint64_t next_index_ = 0;
};

/// Finite, seekable, every frame a function of its index.
class RecordedFace final : public FaceSourceBase {
 public:
  RecordedFace(const SimulatedFaceSourceOptions& options, simulation::SimulatedFace face,
               std::uint64_t frame_count)
      : FaceSourceBase(options, std::move(face)) {
    info_.frame_count = frame_count;
  }

  Result<FramePtr> next(std::stop_token stop) override {
    if (next_index_ >= *info_.frame_count) return FramePtr{};
    const auto frame = pool_.acquire_waiting(stop);
    if (frame == nullptr) return FramePtr{};
    const auto time = CaptureTime(std::llround(1e9 * static_cast<double>(next_index_) / face_.rate_hz()));
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
class LiveFace final : public FaceSourceBase {
 public:
  using FaceSourceBase::FaceSourceBase;

  Result<FramePtr> next(std::stop_token stop) override {
    while (!stop.stop_requested()) {
      const auto now = Clock::now();
      if (!pace_) pace_.emplace(face_.rate_hz(), now);
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
      if (const auto wish = options_.mailbox != nullptr ? options_.mailbox->take() : std::nullopt)
        face_.look_at(*wish);
      const auto start = Clock::now();
      render(*frame, index, due.time_since_epoch());
      pace_->rendered(Clock::now() - start);
      if (!wait_until(due, stop)) break;
      return FramePtr(frame);
    }
    return FramePtr{};
  }

  Result<void> seek(std::uint64_t) override {
    return Error{ErrorCode::invalid_option, "a live simulated face cannot be wound back",
                 options_.face.scenario, "Track it with `yarbus track`, which can"};
  }
  std::uint64_t dropped_frames() const override { return dropped_; }

 private:
  std::optional<SimulationPace> pace_;  ///< from the first frame on
  std::uint64_t dropped_ = 0;
};

}  // namespace

Result<std::unique_ptr<SimulatedFaceSource>> open_simulated_face_source(
    const SimulatedFaceSourceOptions& options) {
  YARBUS_CHECK(options.is_live || options.mailbox == nullptr);
  YARBUS_CHECK(!options.is_live || !options.frames.has_value());
  auto face = simulation::SimulatedFace::create(options.face);
  if (!face) return face.error();
  if (options.is_live)
    return std::unique_ptr<SimulatedFaceSource>(std::make_unique<LiveFace>(options, std::move(*face)));
  const auto* scenario = simulation::find_face_scenario(options.face.scenario);
  YARBUS_CHECK(scenario != nullptr);
  const auto frames = options.frames.value_or(static_cast<std::uint64_t>(scenario->default_frames));
  if (frames == 0) {
    return Error{ErrorCode::invalid_option, "no frames are asked for", options.face.scenario,
                 "Ask for one frame or more"};
  }
  return std::unique_ptr<SimulatedFaceSource>(
      std::make_unique<RecordedFace>(options, std::move(*face), frames));
}

}  // namespace yarbus
