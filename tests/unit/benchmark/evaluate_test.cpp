#include "app/benchmark/evaluate.h"

#include <cmath>
#include <map>

#include <Eigen/Geometry>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/speed.h"
#include "app/session/track_file.h"
#include "tests/support/simulated_recording.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::benchmark::evaluate_test {
namespace {

constexpr std::uint64_t frames = 50;

void ignore_progress(const EvaluateProgress&) {}

SubjectScores evaluated(Dataset& dataset) {
  auto scores = evaluate(dataset, ignore_progress, {});
  EXPECT_TRUE(scores.has_value()) << (scores ? "" : scores.error().to_text());
  return scores ? std::move(*scores) : SubjectScores{};
}

class GazeBySequence final : public TrackSink {
 public:
  Result<void> begin(const SourceSnapshot&, const CameraIntrinsics&) override { return {}; }
  Result<void> on_sample(const GazeSample& sample, double) override {
    if (sample.pose) gaze[sample.frame->sequence] = sample.pose->gaze_dir_in_cam();
    return {};
  }
  Result<void> on_label(const LabelledFrame&) override { return {}; }
  std::map<std::uint64_t, Eigen::Vector3d> gaze;
};

TEST(Evaluate, GivesTheErrorsOfTwoPassTracking) {
  const test::TemporaryFolder folder;
  const auto path = test::write_recording(folder, "eye", frames);
  const auto recording = read_labelled_recording(path);
  auto dataset = Dataset::open_recording(path, std::nullopt);
  ASSERT_TRUE(dataset.has_value());
  const SubjectScores scores = evaluated(*dataset);
  ASSERT_EQ(scores.scores.size(), frames);
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    // There the first pass has an online model, which guides the detector and stays if nothing better comes.
    if (stages[stage] == FitStage::refraction) continue;
    TrackRequest request;
    request.source.location = (path / "frames").string();
    request.source.intrinsics_file = (path / "meta.json").string();
    request.two_pass = true;
    request.tracker.fit.stage = stages[stage];
    GazeBySequence tracked;
    const TrackEnd end = track_file(request, tracked, [](const TrackProgress&) {}, {});
    ASSERT_FALSE(end.error.has_value()) << end.error->to_text();
    ASSERT_GE(tracked.gaze.size(), 40u);

    for (const FrameScore& score : scores.scores) {
      const auto found = tracked.gaze.find(score.frame);
      ASSERT_EQ(score.stages[stage].has_pose, found != tracked.gaze.end());
      if (found == tracked.gaze.end()) continue;
      const Eigen::Vector3d truth = *recording->labels[score.frame].gaze_dir_in_cam;
      const double degrees =
          std::atan2(truth.cross(found->second).norm(), truth.dot(found->second)) * 180.0 / M_PI;
      EXPECT_NEAR(*score.stages[stage].gaze_deg, degrees, 1e-9) << to_string(stages[stage]);
    }
  }
}

TEST(Evaluate, AScenarioGivesTheScoresOfItsRecording) {
  const test::TemporaryFolder folder;
  auto recorded = Dataset::open_recording(test::write_recording(folder, "eye", frames), std::nullopt);
  auto rendered = Dataset::open_scenario("paper-no-cornea", 1, frames);
  ASSERT_TRUE(recorded.has_value());
  ASSERT_TRUE(rendered.has_value());
  const auto a = evaluated(*recorded);
  const auto b = evaluated(*rendered);
  EXPECT_EQ(b.name, "paper-no-cornea, seed 1");
  EXPECT_EQ(b.group, "paper-no-cornea");
  ASSERT_EQ(a.scores.size(), b.scores.size());
  for (std::size_t i = 0; i < a.scores.size(); ++i) {
    ASSERT_EQ(a.scores[i].center_px.has_value(), b.scores[i].center_px.has_value());
    if (a.scores[i].center_px) {
      EXPECT_NEAR(*a.scores[i].center_px, *b.scores[i].center_px, 1e-4);  // the table's digits
    }
  }
}

TEST(Evaluate, TooFewFramesAreAFitFailureNotAnError) {
  auto dataset = Dataset::open_scenario("paper-no-cornea", 1, 5);
  ASSERT_TRUE(dataset.has_value());
  const auto scores = evaluated(*dataset);
  for (const StageFit& fit : scores.fits) {
    EXPECT_TRUE(fit.report.failure.has_value());
    EXPECT_FALSE(fit.frames_to_good.has_value());
  }
  EXPECT_FALSE(scores.scores[0].stages[3].has_pose);
}

TEST(Evaluate, LabelsWithoutAnImageCountAsMissed) {
  const test::TemporaryFolder folder;
  const auto path = test::write_recording(folder, "eye", 30);
  for (int i = 25; i < 30; ++i) {
    std::filesystem::remove(path / "frames" / ("00" + std::to_string(i) + ".png"));
  }
  auto dataset = Dataset::open_recording(path, std::nullopt);
  ASSERT_TRUE(dataset.has_value());
  const auto scores = evaluated(*dataset);
  EXPECT_EQ(scores.labels_without_frame, 5u);
  EXPECT_EQ(scores.scores.size(), 30u);
  EXPECT_FALSE(scores.scores.back().was_found);
  // Asked for fewer frames, the labels of the others are not missing.
  auto fewer = Dataset::open_recording(path, 20);
  EXPECT_EQ(evaluated(*fewer).labels_without_frame, 0u);
}

TEST(Evaluate, StopsWhenAsked) {
  auto dataset = Dataset::open_scenario("paper-no-cornea", 1, frames);
  std::stop_source stop;
  const auto stop_at_once = [&](const EvaluateProgress&) { stop.request_stop(); };
  const auto scores = evaluate(*dataset, stop_at_once, stop.get_token());
  ASSERT_FALSE(scores.has_value());
  EXPECT_EQ(scores.error().code, ErrorCode::interrupted);
}

TEST(Datasets, PaperStandsForItsTwoForms) {
  EXPECT_THAT(expanded_scenarios(std::vector<std::string>{"easy", "paper"}),
              testing::ElementsAre("easy", "paper-no-cornea", "paper"));
  EXPECT_THAT(expanded_scenarios(std::vector<std::string>{"paper-no-cornea", "paper"}),
              testing::ElementsAre("paper-no-cornea", "paper"));
}

TEST(Datasets, AreAsManyAsAskedFor) {
  DatasetChoice choice;
  choice.scenarios = {"paper"};
  auto datasets = open_datasets(choice);
  ASSERT_TRUE(datasets.has_value());
  EXPECT_EQ(datasets->size(), 10u);
  EXPECT_GE(datasets->front().frame_count(), 100u);
  choice.is_quick = true;
  EXPECT_EQ(open_datasets(choice)->size(), 4u);
  choice.subjects = 3;
  choice.first_seed = 7;
  choice.frames = 12;
  datasets = open_datasets(choice);
  EXPECT_EQ(datasets->size(), 6u);
  EXPECT_EQ(datasets->back().name(), "paper, seed 9");
  EXPECT_EQ(datasets->back().frame_count(), 12u);
}

TEST(Datasets, WrongNamesAreErrorsBeforeAnyWork) {
  DatasetChoice choice;
  choice.scenarios = {"easy", "no such thing"};
  EXPECT_EQ(open_datasets(choice).error().code, ErrorCode::invalid_option);
  choice = {};
  choice.folders = {"/no/such/folder"};
  EXPECT_EQ(open_datasets(choice).error().code, ErrorCode::input_missing);
}

TEST(Datasets, TheSameRecordingTwiceIsRefused) {
  const test::TemporaryFolder folder;
  const auto path = test::write_recording(folder, "eye", 2);
  DatasetChoice choice;
  choice.folders = {path.string(), path.string()};
  const auto datasets = open_datasets(choice);
  ASSERT_FALSE(datasets.has_value());
  EXPECT_THAT(datasets.error().to_text(), testing::HasSubstr("\"eye\""));
}

TEST(Speed, MeasuresEveryStageAndCountsWhatItIsTold) {
  auto dataset = Dataset::open_scenario("paper-no-cornea", 1, 40);
  SpeedOptions options;
  options.fit_runs = 2;
  std::uint64_t calls = 0;
  options.allocations_so_far = [&calls] { return 40 * calls++; };  // 40 between two readings: one a frame
  const auto result = run_speed(*dataset, options, [](const SpeedProgress&) {}, {});
  ASSERT_TRUE(result.has_value());
  std::vector<std::string> names;
  for (const Timing& timing : result->timings) {
    names.push_back(timing.name);
    EXPECT_GT(timing.times.p50_ms, 0.0) << timing.name;
    EXPECT_LE(timing.times.p50_ms, timing.times.p95_ms) << timing.name;
    EXPECT_LE(timing.times.p95_ms, timing.times.p99_ms) << timing.name;
    EXPECT_GT(timing.times.runs, 0u);
  }
  EXPECT_THAT(names, testing::ElementsAre("detect", "predict unprojection", "predict unoptimised",
                                          "predict contrast", "predict edge", "predict refraction",
                                          "fit unprojection", "fit unoptimised", "fit contrast", "fit edge",
                                          "fit refraction"));
  EXPECT_EQ(result->timings[0].times.runs, 200u);
  EXPECT_DOUBLE_EQ(*result->allocations_per_frame, 1.0);
  EXPECT_GT(result->frames_per_s, 0.0);
  EXPECT_GT(*result->peak_memory_bytes, std::uint64_t{1} << 20);
}

TEST(Speed, WithoutAModelDetectionIsStillTimed) {
  auto dataset = Dataset::open_scenario("paper-no-cornea", 1, 4);
  const auto result = run_speed(*dataset, {}, [](const SpeedProgress&) {}, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->timings[0].name, "detect");
  EXPECT_GT(result->timings[0].times.p50_ms, 0.0);
  EXPECT_EQ(result->timings.back().failure, "too few frames");
  EXPECT_FALSE(result->allocations_per_frame.has_value());
  EXPECT_THAT(speed_markdown(*result), testing::HasSubstr("not measurable"));
}

}  // namespace
}  // namespace yarbus::benchmark::evaluate_test
