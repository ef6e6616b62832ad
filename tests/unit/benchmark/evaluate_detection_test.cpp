#include "app/benchmark/evaluate_detection.h"

#include <algorithm>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/detection.h"
#include "app/session/eye_tracker.h"
#include "tests/support/simulated_recording.h"
#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::benchmark::evaluate_detection_test {
namespace {

constexpr std::uint64_t frames = 30;

void ignore_progress(const EvaluateProgress&) {}

DetectionSubject evaluated(Dataset& dataset, const DetectionOptions& options = {}) {
  auto subject = evaluate_detection(dataset, options, ignore_progress, {});
  EXPECT_TRUE(subject.has_value()) << (subject ? "" : subject.error().to_text());
  return subject ? std::move(*subject) : DetectionSubject{};
}

TEST(EvaluateDetection, TrackedIsWhatTheTrackerFinds) {
  auto dataset = Dataset::open_scenario("droopy", 1, frames);
  auto again = Dataset::open_scenario("droopy", 1, frames);
  ASSERT_TRUE(dataset.has_value() && again.has_value());
  const DetectionSubject subject = evaluated(*dataset);
  EyeTracker tracker({}, again->intrinsics());
  std::vector<LabelledFrame> settled;
  GazeSample sample;
  for (std::uint64_t i = 0; i < frames; ++i) {
    const auto image = again->next({});
    tracker.process(image->frame, sample, settled);
    const DetectionScore expected = score_outcome(*image->label, &sample.pupil);
    const DetectionScore& score = subject.scores[1][i];
    ASSERT_EQ(score.was_found, expected.was_found) << i;
    EXPECT_EQ(score.confidence, expected.confidence) << i;
    EXPECT_EQ(score.center_offset_px, expected.center_offset_px) << i;
  }
}

TEST(EvaluateDetection, ColdIsEveryFrameAlone) {
  auto dataset = Dataset::open_scenario("lashes", 1, frames);
  auto again = Dataset::open_scenario("lashes", 1, frames);
  ASSERT_TRUE(dataset.has_value() && again.has_value());
  const DetectionSubject subject = evaluated(*dataset);
  for (std::uint64_t i = 0; i < frames; ++i) {
    const auto image = again->next({});
    PupilDetector detector{PupilDetectorOptions{}};  // knows nothing of the frames before
    const PupilOutcome outcome = detector.detect(image->frame->gray.view());
    const DetectionScore expected = score_outcome(*image->label, &outcome);
    ASSERT_EQ(subject.scores[0][i].was_found, expected.was_found) << i;
    EXPECT_EQ(subject.scores[0][i].outline_px, expected.outline_px) << i;
  }
}

TEST(EvaluateDetection, TimesTheFirstFramesOnly) {
  auto dataset = Dataset::open_scenario("noisy-far", 1, frames);
  ASSERT_TRUE(dataset.has_value());
  DetectionOptions options;
  options.max_timed_frames = 12;
  std::uint64_t calls = 0;
  options.allocations_so_far = [&calls] { return 24 * calls++; };
  const DetectionSubject subject = evaluated(*dataset, options);
  EXPECT_EQ(subject.frames, frames);
  EXPECT_EQ(subject.width_px, 320);
  for (std::size_t way = 0; way < way_count; ++way) {
    EXPECT_EQ(subject.scores[way].size(), frames);
    EXPECT_EQ(subject.times[way].size(), 12u);
    for (const auto time : subject.times[way]) EXPECT_GT(time.count(), 0);
    EXPECT_EQ(subject.allocations[way], 24u);
  }
  EXPECT_EQ(calls, 4u);  // before and after the timed pass, each way
}

TEST(EvaluateDetection, LabelsWithoutAnImageCountAsNotFound) {
  const test::TemporaryFolder folder;
  const auto path = test::write_recording(folder, "eye", 10);
  std::filesystem::remove(path / "frames" / "0009.png");
  auto dataset = Dataset::open_recording(path, std::nullopt);
  ASSERT_TRUE(dataset.has_value());
  const DetectionSubject subject = evaluated(*dataset);
  EXPECT_EQ(subject.labels_without_frame, 1u);
  ASSERT_EQ(subject.scores[0].size(), 10u);
  EXPECT_FALSE(subject.scores[0].back().was_found || subject.scores[0].back().miss);
}

TEST(EvaluateDetection, StopsWhenAsked) {
  auto dataset = Dataset::open_scenario("easy", 1, frames);
  std::stop_source stop;
  const auto subject = evaluate_detection(
      *dataset, {}, [&](const EvaluateProgress&) { stop.request_stop(); }, stop.get_token());
  ASSERT_FALSE(subject.has_value());
  EXPECT_EQ(subject.error().code, ErrorCode::interrupted);
}

TEST(NoEyeSources, EveryReportedPupilIsCounted) {
  const test::TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "discs", 6);
  test::write_plain_folder(folder / "wall", 6);
  auto sources =
      open_no_eye_sources({(folder / "discs/").string(), (folder / "wall").string()}, std::nullopt);
  ASSERT_TRUE(sources.has_value()) << sources.error().to_text();
  const auto discs = evaluate_no_eye((*sources)[0], {}, ignore_progress, {});
  const auto wall = evaluate_no_eye((*sources)[1], {}, ignore_progress, {});
  ASSERT_TRUE(discs.has_value() && wall.has_value());
  EXPECT_EQ(discs->name, "discs");
  EXPECT_EQ(discs->frames, 6u);
  EXPECT_EQ(wall->frames, 6u);
  for (std::size_t way = 0; way < way_count; ++way) {
    EXPECT_EQ(discs->ways[way].reported, 6u);
    EXPECT_GT(discs->ways[way].highest_confidence, 0.5);
    EXPECT_EQ(wall->ways[way].reported, 0u);
    EXPECT_EQ(wall->ways[way].highest_confidence, 0.0);
  }
}

/// Gives gray frames, then an error.
class BreakingSource final : public FrameSource {
 public:
  BreakingSource(int frames, ErrorCode code) : frames_(frames), code_(code) {}
  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  Result<FramePtr> next(std::stop_token) override {
    if (frames_-- <= 0) return Error{code_, "the video breaks off", "", ""};
    auto frame = std::make_shared<Frame>();
    frame->gray.resize(64, 48);
    std::fill_n(frame->gray.data(), 64 * 48, std::uint8_t{140});
    return FramePtr(std::move(frame));
  }
  Result<void> seek(std::uint64_t) override { return {}; }

 private:
  int frames_;
  ErrorCode code_;
  SourceInfo info_;
};

Result<NoEyeScores> scores_of(int frames, ErrorCode code) {
  NoEyeSource source;
  source.name = "wall";
  source.source.frames = std::make_unique<BreakingSource>(frames, code);
  return evaluate_no_eye(source, {}, ignore_progress, {});
}

TEST(NoEyeSources, OneThatBreaksOffCountsAsFarAsItGoes) {
  const auto scores = scores_of(3, ErrorCode::input_truncated);
  ASSERT_TRUE(scores.has_value()) << scores.error().to_text();
  EXPECT_EQ(scores->frames, 3u);
  EXPECT_EQ(scores->note, "the video breaks off");
  EXPECT_EQ(scores_of(0, ErrorCode::input_truncated).error().code, ErrorCode::input_truncated);
  EXPECT_EQ(scores_of(3, ErrorCode::size_changed).error().code, ErrorCode::size_changed);
}

TEST(NoEyeSources, WrongOnesAreErrorsInWords) {
  const test::TemporaryFolder folder;
  test::write_plain_folder(folder / "wall", 1);
  const std::string wall = (folder / "wall").string();
  EXPECT_EQ(open_no_eye_sources({"/no/such/video.mp4"}, std::nullopt).error().code, ErrorCode::input_missing);
  const auto twice = open_no_eye_sources({wall, wall}, std::nullopt);
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().to_text(), testing::HasSubstr("\"wall\""));
}

TEST(RunDetection, TakesGroupsTogetherAndByImageSize) {
  DatasetChoice choice;
  choice.scenarios = {"easy", "noisy-far"};
  choice.subjects = 1;
  choice.frames = 4;
  auto datasets = open_datasets(choice);
  ASSERT_TRUE(datasets.has_value());
  const auto result = run_detection(std::move(*datasets), {}, {}, [](const DatasetProgress&) {}, {});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->inputs_done(), result->inputs_asked);
  ASSERT_TRUE(result->all_together.has_value());
  EXPECT_EQ(result->all_together->frames, 8u);
  EXPECT_EQ(result->all_together->ways[0].detect->runs, 8u);
  ASSERT_EQ(result->by_image_size.size(), 2u);
  EXPECT_EQ(result->by_image_size[0].name, "all of 640×480");
  EXPECT_EQ(result->by_image_size[1].ways[1].detect->runs, 4u);
  EXPECT_EQ(subjects_of(*result, *result->all_together).size(), 2u);
  EXPECT_EQ(subjects_of(*result, result->groups[1]).size(), 1u);
}

TEST(RunDetection, AfterAStopHoldsWhatWasFinished) {
  DatasetChoice choice;
  choice.scenarios = {"noisy-far"};
  choice.subjects = 3;
  choice.frames = 4;
  auto datasets = open_datasets(choice);
  std::stop_source stop;
  const auto result = run_detection(
      std::move(*datasets), {}, {},
      [&](const DatasetProgress& progress) {
        EXPECT_EQ(progress.count, 3u);
        if (progress.index == 1) stop.request_stop();
      },
      stop.get_token());
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->inputs_done(), 1u);
  EXPECT_EQ(result->inputs_asked, 3u);
}

TEST(Datasets, ScenariosOfPeopleLeaveOutThePaper) {
  const auto names = scenarios_of_people();
  EXPECT_GE(names.size(), 13u);
  EXPECT_THAT(names, testing::Contains("droopy"));
  EXPECT_THAT(names, testing::Not(testing::Contains(testing::StartsWith("paper"))));
}

}  // namespace
}  // namespace yarbus::benchmark::evaluate_detection_test
