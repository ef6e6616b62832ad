#include "app/session/eye_tracker.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/simulation/simulated_eye.h"

namespace yarbus::eye_tracker_test {
namespace {

using std::chrono::milliseconds;

/// One and a half seconds of an open eye that looks about, rendered once.
class EyeTrackerJobs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto eye = simulation::SimulatedEye::create("easy", 1);
    ASSERT_TRUE(eye.has_value());
    camera = eye->camera();
    for (std::uint64_t i = 0; i < 45; ++i) {
      auto frame = std::make_shared<Frame>();
      SimulatedTruth truth;
      eye->render(i, frame->gray, truth);
      frame->sequence = i;
      frame->captured_at = std::chrono::duration_cast<CaptureTime>(
          std::chrono::duration<double>(static_cast<double>(i) / eye->rate_hz()));
      frames.push_back(frame);
    }
  }
  static void TearDownTestSuite() { frames.clear(); }

  /// Processes frames [from, to) and gives the jobs that came due, with their frames' times.
  static std::vector<FitJob> process(EyeTracker& tracker, std::size_t from, std::size_t to) {
    std::vector<FitJob> jobs;
    std::vector<LabelledFrame> settled;
    for (std::size_t i = from; i < to; ++i) {
      GazeSample sample;
      tracker.process(frames[i], sample, settled);
      if (auto job = tracker.take_due_fit_job()) {
        due_at.push_back(frames[i]->captured_at);
        jobs.push_back(std::move(*job));
      }
    }
    return jobs;
  }

  void SetUp() override { due_at.clear(); }

  inline static CameraIntrinsics camera;
  inline static std::vector<FramePtr> frames;
  inline static std::vector<CaptureTime> due_at;
};

/// A usable outcome that started from that version.
FitOutcome outcome_from(std::uint64_t base_version, const CameraIntrinsics& camera) {
  FitOutcome outcome;
  outcome.base_version = base_version;
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = camera;
  model.eye_center_in_cam_mm = {0.0, 0.0, 45.0};
  outcome.model = model;
  return outcome;
}

TEST_F(EyeTrackerJobs, TheOnlineModelIsUpdatedNoMoreOftenThanItsInterval) {
  EyeTrackerOptions options;
  ASSERT_EQ(options.fit.stage, FitStage::refraction) << "the default";
  EyeTracker tracker(options, camera);
  const auto jobs = process(tracker, 0, frames.size());
  ASSERT_GE(jobs.size(), 4U);
  for (std::size_t i = 1; i < due_at.size(); ++i) EXPECT_GE(due_at[i] - due_at[i - 1], milliseconds(200));
  std::size_t in_jobs = 0;
  std::uint64_t newest = 0;
  for (const FitJob& job : jobs) {
    EXPECT_EQ(job.kind, FitJob::Kind::assimilate);
    EXPECT_EQ(job.online_model, jobs.front().online_model);
    ASSERT_FALSE(job.frames.empty()) << "no empty updates";
    for (const FitFrame& frame : job.frames) {
      EXPECT_TRUE(in_jobs == 0 || frame.sequence > newest) << "each frame once, by rising time";
      newest = frame.sequence;
      ++in_jobs;
    }
  }
  EXPECT_LE(in_jobs, tracker.observations_kept());
  EXPECT_LE(tracker.observations_kept(), frames.size());
}

TEST_F(EyeTrackerJobs, AFrozenModelGivesNone) {
  EyeTracker tracker({}, camera);
  tracker.set_frozen(true);
  EXPECT_TRUE(process(tracker, 0, 15).empty());
  EXPECT_EQ(tracker.observations_kept(), 0U);
  tracker.set_frozen(false);
  EXPECT_FALSE(process(tracker, 15, 30).empty());
}

TEST_F(EyeTrackerJobs, ARefitStartsANewOnlineModelThatSeesItAllAgain) {
  EyeTracker tracker({}, camera);
  const auto before = process(tracker, 0, 30);
  ASSERT_FALSE(before.empty());
  const FitJob refit = tracker.make_refit_job();
  EXPECT_EQ(refit.kind, FitJob::Kind::assimilate);
  EXPECT_NE(refit.online_model, before.back().online_model);
  EXPECT_EQ(refit.frames.size(), tracker.observations_kept());
  EXPECT_EQ(refit.frames.front().sequence, before.front().frames.front().sequence);
  const auto after = process(tracker, 30, frames.size());
  ASSERT_FALSE(after.empty());
  for (const FitJob& job : after) {
    EXPECT_EQ(job.online_model, refit.online_model) << "and goes on from there";
    EXPECT_GT(job.frames.front().sequence, refit.frames.back().sequence);
  }
}

TEST_F(EyeTrackerJobs, AResetMakesWhatIsUnderWayStale) {
  EyeTracker tracker({}, camera);
  const auto before = process(tracker, 0, 20);
  ASSERT_FALSE(before.empty());
  const FitOutcome under_way = outcome_from(before.back().base_version, camera);
  EXPECT_FALSE(tracker.is_stale(under_way));
  tracker.reset_model();
  EXPECT_TRUE(tracker.is_stale(under_way));
  EXPECT_FALSE(tracker.apply(under_way));
  EXPECT_EQ(tracker.model(), nullptr);
  EXPECT_EQ(tracker.observations_kept(), 0U);
  const auto after = process(tracker, 20, 40);
  ASSERT_FALSE(after.empty());
  EXPECT_NE(after.front().online_model, before.back().online_model);
  EXPECT_GE(after.front().frames.front().sequence, 20U) << "what was seen before is forgotten";
  EXPECT_TRUE(tracker.apply(outcome_from(after.front().base_version, camera)));
  EXPECT_NE(tracker.model(), nullptr);
}

TEST_F(EyeTrackerJobs, AnOutcomeOfAnEarlierModelIsStale) {
  EyeTracker tracker({}, camera);
  const FitOutcome outcome = outcome_from(tracker.make_fit_job(FitStage::refraction).base_version, camera);
  ASSERT_TRUE(tracker.apply(outcome));
  EXPECT_EQ(tracker.model()->version, 1U);
  EXPECT_FALSE(tracker.apply(outcome)) << "it started from what came before the first";
  EXPECT_EQ(tracker.model()->version, 1U);
}

TEST_F(EyeTrackerJobs, AFitOverAllThatIsKeptSmooths) {
  EyeTrackerOptions options;
  options.keeps_recording = true;
  EyeTracker tracker(options, camera);
  process(tracker, 0, frames.size());
  const FitJob whole = tracker.make_fit_job(FitStage::refraction);
  EXPECT_EQ(whole.kind, FitJob::Kind::smooth);
  EXPECT_EQ(whole.frames.size(), tracker.observations_kept());
  EXPECT_EQ(tracker.make_fit_job(FitStage::edge).kind, FitJob::Kind::fit);
}

TEST_F(EyeTrackerJobs, AFitToContrastIsOneOfAllFramesAtOnce) {
  EyeTrackerOptions options;
  options.keeps_recording = true;
  options.fit.refraction_by_contrast = true;
  EyeTracker tracker(options, camera);
  process(tracker, 0, frames.size());
  const FitJob whole = tracker.make_fit_job(FitStage::refraction);
  EXPECT_EQ(whole.kind, FitJob::Kind::fit);
  EXPECT_TRUE(whole.options.refraction_by_contrast);
  ASSERT_FALSE(whole.frames.empty());
  for (const FitFrame& frame : whole.frames) EXPECT_NE(frame.patch, nullptr);
  EXPECT_FALSE(tracker.make_fit_job(FitStage::edge).options.refraction_by_contrast);
}

TEST_F(EyeTrackerJobs, ComingBackToTheStageBeginsANewOnlineModelWithWhatIsKept) {
  EyeTracker tracker({}, camera);
  const auto before = process(tracker, 0, 25);
  ASSERT_FALSE(before.empty());
  tracker.set_stage(FitStage::unoptimised);
  EXPECT_TRUE(process(tracker, 25, 28).empty()) << "too few kept for a fit of that stage";
  tracker.set_stage(FitStage::refraction);
  const auto after = process(tracker, 28, frames.size());
  ASSERT_FALSE(after.empty());
  EXPECT_NE(after.front().online_model, before.back().online_model);
  EXPECT_EQ(after.front().frames.front().sequence, before.front().frames.front().sequence);
}

TEST_F(EyeTrackerJobs, ASeekBackKeepsTheModelAndGoesOn) {
  EyeTracker tracker({}, camera);
  const auto before = process(tracker, 0, 30);
  ASSERT_FALSE(before.empty());
  ASSERT_TRUE(tracker.apply(outcome_from(before.back().base_version, camera)));
  tracker.restart_time();
  EXPECT_NE(tracker.model(), nullptr);
  EXPECT_FALSE(process(tracker, 0, 15).empty()) << "updates do not wait for the time before the seek";
}

}  // namespace
}  // namespace yarbus::eye_tracker_test
