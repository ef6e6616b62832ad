#include "ui/state_text.h"

#include <gtest/gtest.h>

#include "tests/ui/synthetic_sample.h"

namespace yarbus {
namespace {

using test::playing_file;
using test::SyntheticEye;

TEST(StateText, SourceInEveryState) {
  SourceSnapshot source;
  EXPECT_TRUE(ui::source_text(source).startsWith("no source open"));
  source.name = "demo.mp4";
  source.state = PlaybackState::opening;
  EXPECT_EQ(ui::source_text(source), "opening demo.mp4 …");
  source.state = PlaybackState::playing;
  EXPECT_EQ(ui::source_text(source), "playing demo.mp4");
  source.is_live = true;
  EXPECT_EQ(ui::source_text(source), "live: demo.mp4");
  source.state = PlaybackState::reconnecting;
  EXPECT_EQ(ui::source_text(source), "lost demo.mp4, reconnecting …");
  source.name.clear();
  source.request.location = "/dev/video0";
  source.state = PlaybackState::failed;
  EXPECT_TRUE(ui::source_text(source).startsWith("could not use /dev/video0"));
}

TEST(StateText, Tracking) {
  const SyntheticEye eye;
  EXPECT_EQ(ui::tracking_text({}), "");
  EXPECT_EQ(ui::tracking_text(playing_file("a", eye.blink(1, nullptr))), "pupil lost: blink");
  EXPECT_EQ(ui::short_state(playing_file("a", eye.blink(1, nullptr))), "blink");
  EXPECT_EQ(ui::short_state(playing_file("a", eye.sample(1, 0, 0, nullptr))), "tracking");
  EXPECT_EQ(ui::short_state({}), "no source");
}

TEST(StateText, ModelFromCollectingToSettled) {
  const SyntheticEye eye;
  EyeSnapshot snapshot = playing_file("a", eye.sample(1, 0, 0, nullptr));
  snapshot.model.observations_kept = 12;
  EXPECT_EQ(ui::model_text(snapshot), "collecting views of the eye: 12 kept");
  snapshot.model.is_fitting = true;
  EXPECT_EQ(ui::model_text(snapshot), "fitting the eye model (edge) …");
  snapshot.model.is_fitting = false;
  snapshot.model.last_report.was_run = true;
  snapshot.model.last_report.failure = FitFailure::one_direction;
  EXPECT_EQ(ui::model_text(snapshot),
            "no eye model yet: the eye looked in one direction only; look slowly around in all directions");
  snapshot.model.model = eye.model();
  snapshot.model.is_frozen = true;
  EXPECT_EQ(ui::model_text(snapshot), "eye model settled: edge fit of 83 frames, 0.41 px, frozen");
  snapshot.source.state = PlaybackState::closed;
  EXPECT_EQ(ui::model_text(snapshot), "");
}

TEST(StateText, Health) {
  EyeSnapshot snapshot;
  EXPECT_EQ(ui::health_text(snapshot), "no frames yet");
  snapshot.health.frames_captured = 100;
  EXPECT_EQ(ui::health_text(snapshot), "keeping up: every frame was used");
  snapshot.health.dropped_by_queue = 10;
  EXPECT_EQ(ui::health_text(snapshot), "10 frames (10.0 %) lost, the newest always used");
}

}  // namespace
}  // namespace yarbus
