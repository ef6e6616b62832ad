#include "ui/state_text.h"

#include <gtest/gtest.h>

#include "tests/ui/synthetic_sample.h"
#include "ui/truth_history.h"

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
  source.request.kind = SourceRequest::Kind::simulated_eye;
  source.request.location = "easy";
  source.state = PlaybackState::opening;
  EXPECT_EQ(ui::source_text(source), "opening simulated eye easy …");
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

TEST(StateText, ErrorsAgainstTheTruth) {
  const SyntheticEye eye;
  EyeSnapshot snapshot = test::running_simulation("easy", eye.simulated_sample(1, 0, 0, nullptr));
  EXPECT_EQ(ui::truth_text(snapshot), "");
  snapshot.truth_errors = TruthErrors{{}, 0.31, {}};
  EXPECT_EQ(ui::truth_text(snapshot), "error: no gaze yet, outline 0.31 px, no pupil size");
  snapshot.model.model = eye.model();
  snapshot.truth_errors = TruthErrors{1.24, 0.31, -0.05};
  EXPECT_EQ(ui::truth_text(snapshot), "error: gaze 1.2°, outline 0.31 px, pupil −0.05 mm");
  snapshot.truth_errors = TruthErrors{1.24, 0.31, 0.051};
  EXPECT_EQ(ui::truth_text(snapshot), "error: gaze 1.2°, outline 0.31 px, pupil +0.05 mm");
  snapshot.truth_errors = TruthErrors{1.24, 0.31, -0.001};
  EXPECT_EQ(ui::truth_text(snapshot), "error: gaze 1.2°, outline 0.31 px, pupil 0.00 mm");
  snapshot.truth_errors = TruthErrors{};
  EXPECT_EQ(ui::truth_text(snapshot), "error: no gaze, no outline, no pupil size");
  snapshot.source.state = PlaybackState::closed;
  EXPECT_EQ(ui::truth_text(snapshot), "");
}

TEST(TruthHistory, MedianOfTheLastSamplesEachCountedOnce) {
  const SyntheticEye eye;
  ui::TruthHistory history;
  EXPECT_FALSE(history.median().gaze_deg);
  const auto first = eye.sample(0, 0, 0, nullptr);
  for (int i = 0; i < 5; ++i) history.add(first, {100.0, {}, {}});
  EXPECT_EQ(history.size(), 1U);
  std::vector<GazeSamplePtr> samples;
  for (const double error : {1.0, 3.0, 2.0}) {
    samples.push_back(std::make_shared<GazeSample>());
    history.add(samples.back(), {error, {}, -error});
  }
  EXPECT_EQ(history.median().gaze_deg, 2.5);
  EXPECT_FALSE(history.median().ellipse_px);
  EXPECT_EQ(history.median().pupil_diameter_mm, -2.0);
  for (std::size_t i = 0; i < ui::TruthHistory::kept; ++i) {
    samples.push_back(std::make_shared<GazeSample>());
    history.add(samples.back(), {7.0, 0.5, {}});
  }
  EXPECT_EQ(history.size(), ui::TruthHistory::kept);
  EXPECT_EQ(history.median().gaze_deg, 7.0);
  EXPECT_FALSE(history.median().pupil_diameter_mm);
  history.clear();
  EXPECT_EQ(history.size(), 0U);
}

TEST(StateText, Health) {
  EyeSnapshot snapshot;
  EXPECT_EQ(ui::health_text(snapshot), "no frames yet");
  snapshot.health.frames_captured = 100;
  EXPECT_EQ(ui::health_text(snapshot), "keeping up: every frame was used");
  snapshot.health.dropped_by_queue = 10;
  EXPECT_EQ(ui::health_text(snapshot), "10 frames (10.0 %) lost, the newest always used");
}

TEST(StateText, BothEyes) {
  EyeSnapshot right;
  EyeSnapshot left;
  BinocularSnapshot both;
  const auto text = [&] { return ui::binocular_text(right, left, both); };
  EXPECT_EQ(text(), "");
  const SyntheticEye eye;
  right.source.state = PlaybackState::playing;
  right.latest = eye.sample(0, 0, 0, nullptr);
  EXPECT_EQ(text(), "right eye alone: the left has no source");
  left = right;
  EXPECT_EQ(text(), "both eyes");
  both.latest.emplace();
  EXPECT_EQ(text(), "both eyes");
  VergencePoint point;
  point.distance_mm = 411.7;
  both.latest->vergence = point;
  EXPECT_EQ(text(), "both eyes, gaze lines meet 412 mm away");
  both.latest->vergence = VergenceMiss::diverging;
  EXPECT_EQ(text(), "both eyes, gaze lines diverge");
  both.latest->vergence = VergenceMiss::parallel;
  EXPECT_EQ(text(), "both eyes, gaze lines parallel");
  auto miss = std::make_shared<GazeSample>(*left.latest);
  miss->pupil = PupilMiss{PupilMissReason::no_candidate, 0.0, std::nullopt};
  left.latest = miss;
  EXPECT_EQ(text(), "left eye lost: right alone");
  miss->in_blink = true;
  EXPECT_EQ(text(), "both eyes, gaze lines parallel") << "a blink is no loss";
  right.source.state = PlaybackState::reconnecting;
  EXPECT_EQ(text(), "right eye lost: left alone");
  left.source.state = PlaybackState::failed;
  EXPECT_EQ(text(), "both eyes lost");
  right.source.state = PlaybackState::closed;
  left = EyeSnapshot{};
  left.source.state = PlaybackState::playing;
  EXPECT_EQ(text(), "left eye alone: the right has no source");
}

}  // namespace
}  // namespace yarbus
