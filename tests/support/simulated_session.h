#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "app/recording/session_recorder.h"
#include "app/session/simulated_source.h"

namespace yarbus::test {

/// One simulated eye of a session.
struct SimulatedCamera {
  EyeSide eye = EyeSide::right;
  std::uint64_t seed = 1;
  std::chrono::milliseconds starts_later{};
};

/// Records simulated eyes into a new session, a camera each, pictures alone and without loss.
/// `with_recorder` may add rows before it ends.
inline void record_simulated_session(const std::filesystem::path& folder,
                                     const std::vector<SimulatedCamera>& eyes, std::uint64_t frames,
                                     const std::function<void(SessionRecorder&)>& with_recorder = {}) {
  std::vector<std::unique_ptr<SimulatedSource>> sources;
  RecordingRequest request;
  request.folder = folder;
  request.name = "simulated";
  request.software_version = "test";
  request.options.reserve_mib = 1;
  request.hooks.free_bytes = [](const std::filesystem::path&) { return std::uintmax_t{1} << 40U; };
  for (const SimulatedCamera& eye : eyes) {
    SimulatedSourceOptions options;
    options.scenario = "easy";
    options.seed = eye.seed;
    options.eye = eye.eye;
    options.frames = frames;
    auto source = open_simulated_source(options);
    ASSERT_TRUE(source) << source.error().to_text();
    SessionCamera camera;
    camera.eye = eye.eye;
    camera.name = "simulated eye";
    camera.intrinsics = (*source)->camera();
    camera.width_px = (*source)->info().width_px;
    camera.height_px = (*source)->info().height_px;
    camera.nominal_rate_hz = (*source)->info().nominal_rate_hz;
    camera.codec = VideoCodec::ffv1;
    request.cameras.push_back(camera);
    sources.push_back(std::move(*source));
  }
  auto recorder = SessionRecorder::start(std::move(request));
  ASSERT_TRUE(recorder) << recorder.error().to_text();
  for (std::uint64_t i = 0; i < frames; ++i) {
    for (std::size_t camera = 0; camera < sources.size(); ++camera) {
      const auto frame = sources[camera]->next({});
      ASSERT_TRUE(frame && *frame != nullptr);
      while (2 * (*recorder)->snapshot().queue_pictures > (*recorder)->snapshot().queue_pictures_capacity)
        std::this_thread::yield();
      FrameToRecord recorded;
      recorded.camera = static_cast<int>(camera);
      recorded.sequence = (*frame)->sequence;
      recorded.captured_at = (*frame)->captured_at + eyes[camera].starts_later;
      recorded.gray = (*frame)->gray.view();
      (*recorder)->add_frame(recorded);
    }
  }
  if (with_recorder) with_recorder(**recorder);
  const auto finished = (*recorder)->finish();
  ASSERT_TRUE(finished) << finished.error().to_text();
}

}  // namespace yarbus::test
