#include "app/session/simulated_source.h"

#include <algorithm>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/open_source.h"
#include "app/session/simulation_pace.h"
#include "eyemodel/simulation/scenario.h"

namespace yarbus::simulated_source_test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

std::unique_ptr<SimulatedSource> open(const SimulatedSourceOptions& options) {
  auto source = open_simulated_source(options);
  EXPECT_TRUE(source) << source.error().to_text();
  return std::move(*source);
}

SimulatedSourceOptions finite(std::uint64_t frames, std::uint64_t seed = 1) {
  SimulatedSourceOptions options;
  options.scenario = "easy";
  options.seed = seed;
  options.frames = frames;
  return options;
}

SimulatedSourceOptions live(SimulationMailbox* controls = nullptr) {
  SimulatedSourceOptions options;
  options.scenario = "easy";
  options.is_live = true;
  options.controls = controls;
  return options;
}

FramePtr next(FrameSource& source) {
  auto frame = source.next({});
  EXPECT_TRUE(frame);
  return frame ? *frame : nullptr;
}

bool same_pixels(const Frame& a, const Frame& b) {
  const auto bytes =
      static_cast<std::size_t>(a.gray.width_px()) * static_cast<std::size_t>(a.gray.height_px());
  return a.gray.width_px() == b.gray.width_px() && a.gray.height_px() == b.gray.height_px() &&
         std::equal(a.gray.data(), a.gray.data() + bytes, b.gray.data());
}

TEST(SimulatedSource, KnowsItsLights) {
  EXPECT_EQ(open(finite(1))->camera().leds_in_cam_mm.size(), 1U);
  auto two = finite(1);
  two.scenario = "window";
  EXPECT_EQ(open(two)->camera().leds_in_cam_mm.size(), 2U);
}

TEST(SimulatedSource, GivesItsFramesWithTheirTruthAndEnds) {
  const auto source = open(finite(3));
  EXPECT_FALSE(source->info().is_live);
  EXPECT_TRUE(source->info().is_seekable);
  EXPECT_EQ(source->info().frame_count, 3U);
  EXPECT_EQ(source->info().width_px, source->camera().width_px);
  EXPECT_FALSE(source->camera().is_assumed);
  const double interval_s = 1.0 / source->info().nominal_rate_hz;
  for (std::uint64_t i = 0; i < 3; ++i) {
    const FramePtr frame = next(*source);
    ASSERT_NE(frame, nullptr);
    EXPECT_EQ(frame->sequence, i);
    EXPECT_EQ(frame->gray.width_px(), source->info().width_px);
    EXPECT_EQ(frame->gray.height_px(), source->info().height_px);
    EXPECT_NEAR(std::chrono::duration<double>(frame->captured_at).count(),
                static_cast<double>(i) * interval_s, 1e-8);
    ASSERT_TRUE(frame->truth);
    EXPECT_TRUE(frame->truth->pupil_ellipse.is_valid());
  }
  EXPECT_EQ(next(*source), nullptr);
  EXPECT_EQ(next(*source), nullptr) << "again";
}

TEST(SimulatedSource, WithoutANumberItHasTheScenariosOwn) {
  auto options = finite(1);
  options.frames.reset();
  EXPECT_EQ(open(options)->info().frame_count, simulation::find_scenario("easy")->default_frames);
}

TEST(SimulatedSource, TwoRunsAndEveryOrderGiveTheSameFrames) {
  const auto first = open(finite(6, 5));
  const auto second = open(finite(6, 5));
  std::vector<FramePtr> frames;
  for (int i = 0; i < 6; ++i) {
    frames.push_back(next(*first));
    EXPECT_TRUE(same_pixels(*frames.back(), *next(*second))) << i;
  }
  EXPECT_FALSE(same_pixels(*frames[0], *frames[5])) << "the comparison can fail";
  for (const std::uint64_t index : {4U, 1U, 5U, 0U}) {
    ASSERT_TRUE(first->seek(index));
    const FramePtr again = next(*first);
    EXPECT_EQ(again->sequence, index);
    EXPECT_EQ(again->captured_at, frames[index]->captured_at);
    EXPECT_TRUE(same_pixels(*again, *frames[index])) << index;
    EXPECT_EQ(again->truth->optical_axis_in_cam, frames[index]->truth->optical_axis_in_cam);
  }
  ASSERT_TRUE(first->seek(1000));
  EXPECT_EQ(next(*first)->sequence, 5U) << "the last there is";
}

TEST(SimulatedSource, UnknownScenariosAndNoFramesAreErrors) {
  auto options = finite(1);
  options.scenario = "no-such-thing";
  const auto unknown = open_simulated_source(options);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::invalid_option);
  const auto none = open_simulated_source(finite(0));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::invalid_option);
}

TEST(SimulatedSource, AStopEndsTheWaitForAFreeFrame) {
  auto options = finite(5);
  options.pool_frames = 1;
  const auto source = open(options);
  const FramePtr held = next(*source);
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  const auto frame = source->next(stop.get_token());
  ASSERT_TRUE(frame);
  EXPECT_EQ(*frame, nullptr);
}

TEST(LiveSimulation, FollowsTheClockAndIsSteered) {
  SimulationMailbox mailbox;
  const auto source = open(live(&mailbox));
  EXPECT_TRUE(source->info().is_live);
  EXPECT_FALSE(source->info().is_seekable);
  EXPECT_FALSE(source->info().frame_count);
  EXPECT_FALSE(source->seek(0));
  const auto before = std::chrono::steady_clock::now().time_since_epoch();
  const FramePtr first = next(*source);
  EXPECT_EQ(first->sequence, 0U);
  EXPECT_GE(first->captured_at, before);
  mailbox.post({});
  FramePtr last = first;
  for (int i = 0; i < 4; ++i) {
    const FramePtr frame = next(*source);
    EXPECT_LE(frame->captured_at, std::chrono::steady_clock::now().time_since_epoch())
        << "not before it is due";
    EXPECT_GT(frame->sequence, last->sequence);
    const double passed_s = std::chrono::duration<double>(frame->captured_at - first->captured_at).count();
    EXPECT_NEAR(passed_s, static_cast<double>(frame->sequence) / source->info().nominal_rate_hz, 1e-8);
    last = frame;
  }
  EXPECT_EQ(source->dropped_frames(), last->sequence - 4) << "what is left out is counted";
  EXPECT_FALSE(mailbox.take()) << "the source has taken it";
}

TEST(LiveSimulation, AStopEndsTheWait) {
  const auto source = open(live());
  std::stop_source stop;
  std::jthread reader([&] {
    while (true) {
      const auto frame = source->next(stop.get_token());
      if (!frame || *frame == nullptr) return;
    }
  });
  stop.request_stop();
  reader.join();  // a test that hangs fails
  EXPECT_EQ(*source->next(stop.get_token()), nullptr);
}

TEST(LiveSimulation, WhileAllFramesAreHeldTheyAreDroppedAndCounted) {
  auto options = live();
  options.pool_frames = 1;
  const auto source = open(options);
  FramePtr held = next(*source);
  const std::jthread releaser([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    held.reset();
  });
  const FramePtr frame = next(*source);
  ASSERT_NE(frame, nullptr);
  EXPECT_EQ(source->dropped_frames(), frame->sequence - 1);
}

TEST(LiveSimulation, AStopEndsTheWaitForAFreeFrame) {
  auto options = live();
  options.pool_frames = 1;
  const auto source = open(options);
  const FramePtr held = next(*source);
  std::stop_source stop;
  const std::jthread stopper([&] { stop.request_stop(); });
  EXPECT_EQ(*source->next(stop.get_token()), nullptr);
}

TEST(SimulationMailbox, HoldsTheLatestOnly) {
  SimulationMailbox mailbox;
  EXPECT_FALSE(mailbox.take());
  SimulationControls controls;
  for (const double radius_mm : {1.0, 2.0, 3.0}) {
    controls.pupil_radius_mm = radius_mm;
    mailbox.post(controls);
  }
  EXPECT_EQ(mailbox.take()->pupil_radius_mm, 3.0);
  EXPECT_FALSE(mailbox.take());
}

TEST(SimulationPace, TakesEveryFrameWhileRenderingKeepsUp) {
  const SimulationPace::Time start{};
  SimulationPace pace(100.0, start);
  EXPECT_EQ(pace.frame_to_render(0, start), 0U);
  pace.rendered(milliseconds(4));
  for (std::uint64_t frame = 0; frame < 50; ++frame) {
    const auto woken = pace.due(frame) + std::chrono::microseconds(200);
    EXPECT_EQ(pace.frame_to_render(frame + 1, woken), frame + 1);
    pace.rendered(milliseconds(4));
  }
  EXPECT_EQ(pace.due(50), start + milliseconds(500));
}

TEST(SimulationPace, OneSlowFrameHoldsUpNoOther) {
  const SimulationPace::Time start{};
  SimulationPace pace(100.0, start);
  for (int i = 0; i < 5; ++i) pace.rendered(milliseconds(4));
  pace.rendered(milliseconds(400));
  EXPECT_EQ(pace.frame_to_render(5, start + milliseconds(400)), 41U) << "4 ms ahead, not hundreds";
  for (int i = 0; i < 5; ++i) pace.rendered(milliseconds(400));
  EXPECT_EQ(pace.frame_to_render(5, start + milliseconds(400)), 80U) << "slow frames, one after the other";
}

TEST(SimulationPace, LeavesFramesOutWhenRenderingIsSlow) {
  const SimulationPace::Time start{};
  SimulationPace pace(100.0, start);
  auto now = start;
  std::uint64_t next = 0;
  int taken = 0;
  while (now < start + std::chrono::seconds(2)) {
    const auto frame = pace.frame_to_render(next, now);
    EXPECT_GE(frame, next);
    next = frame + 1;
    pace.rendered(milliseconds(25));
    now += milliseconds(25);
    if (taken > 0) {
      EXPECT_LE(now, pace.due(frame)) << "ready when it is due";
    }
    now = std::max(now, pace.due(frame));
    ++taken;
  }
  EXPECT_NEAR(static_cast<double>(next), 200.0, 5.0) << "time runs as fast as the clock";
  EXPECT_NEAR(taken, 67, 3) << "every third frame";
}

SourceRequest simulated(const std::string& scenario) {
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = scenario;
  return request;
}

TEST(OpenSource, TheSimulatedCameraIsKnown) {
  const auto opened = open_source(simulated("easy"), EyeSide::left, {false, 2, nullptr});
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_FALSE(opened->intrinsics.is_assumed);
  EXPECT_TRUE(opened->simulation);
  const FramePtr frame = next(*opened->frames);
  EXPECT_EQ(frame->truth->intrinsics.camera_matrix(), opened->intrinsics.camera_matrix());
  EXPECT_EQ(frame->eye, EyeSide::left);
}

TEST(OpenSource, AnotherCameraCanBePretended) {
  auto request = simulated("easy");
  request.focal_px = 321.0;
  const auto opened = open_source(request, EyeSide::right, {false, 2, nullptr});
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->intrinsics.fx_px, 321.0);
  request.focal_px = -1.0;
  EXPECT_FALSE(open_source(request, EyeSide::right, {false, 2, nullptr}));
}

TEST(OpenSource, ASimulatedCameraMayHaveASmallerImage) {
  auto request = simulated("easy");
  const auto own = open_source(request, EyeSide::right, {false, 1, nullptr});
  request.width_px = 320;
  const auto small = open_source(request, EyeSide::right, {false, 1, nullptr});
  ASSERT_TRUE(own && small);
  const double share = 320.0 / own->intrinsics.width_px;
  EXPECT_EQ(small->frames->info().width_px, 320);
  EXPECT_EQ(small->intrinsics.height_px, std::lround(share * own->intrinsics.height_px));
  EXPECT_NEAR(small->intrinsics.fx_px, share * own->intrinsics.fx_px, 1e-9);
  // The same eye: its pupil's middle is the same place of the image's area.
  const auto large_frame = own->frames->next({});
  const auto small_frame = small->frames->next({});
  ASSERT_TRUE(large_frame && small_frame);
  const Eigen::Vector2d large_px = (*large_frame)->truth->pupil_ellipse.center_px;
  const Eigen::Vector2d small_px = (*small_frame)->truth->pupil_ellipse.center_px;
  EXPECT_LT((small_px.array() + 0.5 - share * (large_px.array() + 0.5)).matrix().norm(), 0.05);
  request.width_px = 5000;
  EXPECT_FALSE(open_source(request, EyeSide::right, {false, 1, nullptr}));
}

TEST(OpenSource, SettingsThatASimulatedEyeDoesNotHaveAreRefused) {
  const std::vector<std::pair<const char*, void (*)(SourceRequest&)>> settings{
      {"rotate", [](SourceRequest& r) { r.rotate_deg = 90; }},
      {"mirror", [](SourceRequest& r) { r.mirror = true; }},
      {"height", [](SourceRequest& r) { r.height_px = 240; }},
      {"rate", [](SourceRequest& r) { r.rate_hz = 30.0; }},
      {"format", [](SourceRequest& r) { r.pixel_format = "MJPG"; }},
      {"exposure", [](SourceRequest& r) { r.exposure = 1.0; }},
      {"gain", [](SourceRequest& r) { r.gain = 1.0; }},
  };
  for (const auto& [name, set] : settings) {
    auto request = simulated("easy");
    set(request);
    const auto opened = open_source(request, EyeSide::right, {});
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().code, ErrorCode::invalid_option);
    EXPECT_THAT(opened.error().message, HasSubstr(name));
  }
}

TEST(OpenSource, OnlyLiveSourcesMayDropFrames) {
  EXPECT_TRUE(may_drop_frames(simulated("easy")));
  SourceRequest request;
  for (const char* location : {"0", "/dev/video0", "http://host/stream"}) {
    request.location = location;
    EXPECT_TRUE(may_drop_frames(request)) << location;
  }
  for (const char* location : {"eye.mp4", "/tmp"}) {
    request.location = location;
    EXPECT_FALSE(may_drop_frames(request)) << location;
  }
}

}  // namespace
}  // namespace yarbus::simulated_source_test
