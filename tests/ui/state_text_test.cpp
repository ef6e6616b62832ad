#include "ui/state_text.h"

#include <gtest/gtest.h>

#include "tests/ui/synthetic_sample.h"
#include "ui/certainty_text.h"
#include "ui/truth_history.h"

namespace yarbus::state_text_test {
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
  source.state = PlaybackState::ended;
  EXPECT_EQ(ui::source_text(source), "end of demo.mp4");
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
  EXPECT_EQ(ui::model_text(snapshot), "the eye model starts with the first clear pupil");
  EXPECT_EQ(ui::scene_waiting_text(snapshot), "The 3-D eye appears here with the first clear pupil.");
  snapshot.model.stage = FitStage::edge;
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

TEST(StateText, TheLivingModelSaysHowSureItIs) {
  const SyntheticEye eye;
  EyeSnapshot snapshot = playing_file("a", eye.unsure_sample(1, 0, 0, 8.2));
  EXPECT_EQ(ui::model_text(snapshot), "eye model learning, ±8°: look around");
  snapshot = playing_file("a", eye.unsure_sample(1, 0, 0, 1.2));
  EXPECT_EQ(ui::model_text(snapshot), "eye model learning, ±1.2°: look around");
  snapshot = playing_file("a", eye.unsure_sample(1, 0, 0, 0.31));
  EXPECT_EQ(ui::model_text(snapshot), "eye model settled, ±0.3°");
  // An update that runs, five times a second, changes no word.
  snapshot.model.is_fitting = true;
  EXPECT_EQ(ui::model_text(snapshot), "eye model settled, ±0.3°");
  auto slipped = eye.refraction_model(0.31);
  slipped->report.slips = 1;
  snapshot.model.model = slipped;
  EXPECT_EQ(ui::model_text(snapshot), "eye model settled, ±0.3°, headset slipped once, followed");
  auto again = eye.refraction_model(0.31);
  again->report.slips = 2;
  snapshot.model.model = again;
  snapshot.model.is_frozen = true;
  EXPECT_EQ(ui::model_text(snapshot), "eye model settled, ±0.3°, headset slipped 2 times, followed, frozen");
}

TEST(StateText, TheNumberIsThatOfTheFrameShownAndTheWordThatOfTheModel) {
  const SyntheticEye eye;
  EyeSnapshot snapshot = playing_file("a", eye.unsure_sample(1, 10, 5, 1.4));
  snapshot.model.model = eye.refraction_model(0.4);
  EXPECT_EQ(ui::model_text(snapshot), "eye model settled, ±1.4°") << "a pupil that is hard to see";
  snapshot = playing_file("a", eye.unsure_sample(1, 10, 5, 0.8));
  snapshot.model.model = eye.refraction_model(5.0);
  EXPECT_EQ(ui::model_text(snapshot), "eye model learning, ±0.8°: look around");
  snapshot.latest = eye.blink(2, snapshot.model.model);
  EXPECT_EQ(ui::model_text(snapshot), "eye model learning, ±5°: look around");
}

TEST(StateText, WithoutAFrameInTheUpdateTheLatestPoseSaysHowSureItIs) {
  const SyntheticEye eye;
  EyeSnapshot snapshot = playing_file("a", eye.unsure_sample(1, 10, 5, 4.0));
  snapshot.model.model = eye.refraction_model(0.0);
  EXPECT_EQ(ui::model_text(snapshot), "eye model learning, ±4°: look around");
  snapshot.latest = eye.blink(2, snapshot.model.model);
  EXPECT_EQ(ui::model_text(snapshot), "eye model learning: look around");
}

TEST(StateText, LengthsCarryTheirSigmasAndWhereTheyComeFrom) {
  const auto model = SyntheticEye{}.refraction_model(0.3);
  EXPECT_EQ(ui::eye_center_text(*model), "x 2.00 ± 0.10, y −1.00 ± 0.12, z 38.0 ± 1.3 mm");
  EXPECT_EQ(ui::anatomy_text(*model, ui::AnatomyLength::pupil_plane),
            "10.00 ± 0.30 mm, partly from the population");
  EXPECT_EQ(ui::anatomy_text(*model, ui::AnatomyLength::corneal_radius),
            "7.80 ± 0.25 mm, from the population");
  model->report.from_priors.clear();
  EXPECT_EQ(ui::anatomy_text(*model, ui::AnatomyLength::corneal_centre), "5.45 ± 0.29 mm, from the frames");
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
}  // namespace yarbus::state_text_test
