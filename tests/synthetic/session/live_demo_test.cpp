// The demo through the session's own interface, as the window drives it: two simulated eyes are opened,
// watched by cameras in real time, and calibrated by themselves.
#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/session.h"

namespace yarbus::live_demo_test {
namespace {

using namespace std::chrono_literals;

class LiveDemo : public testing::Test {
 protected:
  static constexpr std::chrono::minutes patience{4};

  /// Shows what is asked for, until the procedure stands still.
  CalibrationSnapshot run() {
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() < start + patience) {
      std::this_thread::sleep_for(10ms);
      const CalibrationSnapshot now = control().snapshot();
      if (now.target && now.target->step == TargetStep::requested)
        control().target_shown(now.target->target, std::chrono::steady_clock::now().time_since_epoch());
      has_begun_ |= now.phase == ProcedurePhase::gate;
      if (has_begun_ && (now.phase == ProcedurePhase::done || now.phase == ProcedurePhase::review ||
                         now.phase == ProcedurePhase::aborted)) {
        has_begun_ = false;
        return now;
      }
    }
    return control().snapshot();
  }
  CalibrationControl& control() { return session_->calibration(); }
  static CalibrationRequest request(const std::string& fault) {
    CalibrationRequest request;
    request.screen = {530.0, 300.0, 1920, 1080, 600.0};
    request.layout = TargetLayout::five;
    request.seed = 1;
    request.demo_fault = fault;
    return request;
  }
  bool has_said(const std::string& text) {
    for (const Notice& notice : session_->notices(0)) {
      if (notice.text.find(text) != std::string::npos) return true;
    }
    return false;
  }

  std::unique_ptr<Session> session_ = make_session();
  bool has_begun_ = false;
};

TEST_F(LiveDemo, CalibratesItselfAndNoticesThatTheHeadMovesAfterwards) {
  control().start_demo(request("head-moved"));
  const CalibrationSnapshot done = run();
  ASSERT_EQ(done.phase, ProcedurePhase::done);
  EXPECT_TRUE(done.is_participant_simulated);
  EXPECT_THAT(done.findings, testing::IsEmpty());
  const auto result = control().snapshot().result;
  ASSERT_NE(result, nullptr);
  ASSERT_TRUE(result->both.accuracy_deg && result->true_accuracy_deg);
  EXPECT_LT(*result->both.accuracy_deg, 1.2);
  EXPECT_LT(*result->true_accuracy_deg, 1.2);
  control().check_one_point(false);
  ASSERT_EQ(run().phase, ProcedurePhase::done);
  const DriftView drift = control().gaze().drift;
  EXPECT_TRUE(drift.is_drifted) << drift.text;
  EXPECT_FALSE(drift.has_center_moved);
  EXPECT_THAT(drift.text, testing::HasSubstr("the head moved"));
  // One point, and gaze is right again.
  control().check_one_point(true);
  ASSERT_EQ(run().phase, ProcedurePhase::done);
  EXPECT_TRUE(has_said("Recentred"));
  EXPECT_TRUE(control().gaze().is_recentred);
  EXPECT_FALSE(control().gaze().drift.is_drifted);
  // What is kept would not fit what is new.
  CalibrationRequest region = request("");
  region.region = ScreenRegion{{0.0, 0.0}, {176.0, 100.0}};
  control().start(region);
  for (int i = 0; i < 200 && !has_said("cannot be calibrated alone"); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(has_said("cannot be calibrated alone"));
}

TEST_F(LiveDemo, ASimulatedFaceBeforeAWebcamIsCalibratedCheckedAndRecentred) {
  CalibrationRequest asked = request("");
  asked.screen = {531.0, 299.0, 1920, 1080, 600.0};  // the simulated person's
  asked.is_webcam_demo = true;
  asked.layout = TargetLayout::nine;
  control().start_demo(asked);
  const CalibrationSnapshot done = run();
  ASSERT_EQ(done.phase, ProcedurePhase::done);
  EXPECT_TRUE(done.is_participant_simulated);
  const auto result = control().snapshot().result;
  ASSERT_NE(result, nullptr);
  ASSERT_TRUE(result->both.accuracy_deg && result->true_accuracy_deg);
  EXPECT_LT(*result->both.accuracy_deg, 2.5);
  EXPECT_LT(*result->true_accuracy_deg, 2.5);
  // Gaze on the screen follows the eyes.
  std::vector<double> errors_mm;
  for (int i = 0; i < 400 && errors_mm.size() < 60; ++i) {
    std::this_thread::sleep_for(20ms);
    const GazeSamplePtr latest = session_->snapshot(EyeSide::right).latest;
    const ScreenGazeSnapshot gaze = control().gaze();
    if (!latest || !latest->frame->face_truth || !gaze.latest ||
        gaze.latest->captured_at != latest->frame->captured_at)
      continue;
    errors_mm.push_back(
        (gaze.latest->measured.point_in_screen_mm - latest->frame->face_truth->gaze_in_screen_mm).norm());
  }
  ASSERT_GE(errors_mm.size(), 20U);
  std::nth_element(errors_mm.begin(), errors_mm.begin() + static_cast<std::ptrdiff_t>(errors_mm.size() / 2),
                   errors_mm.end());
  EXPECT_LT(errors_mm[errors_mm.size() / 2], 30.0) << "2.9 deg at 60 cm, also in saccades";
  // The drift indicator and recentring work as with eye cameras.
  control().check_one_point(false);
  ASSERT_EQ(run().phase, ProcedurePhase::done);
  EXPECT_GT(control().gaze().drift.known_targets, 0);
  EXPECT_FALSE(control().gaze().drift.has_center_moved) << "before a webcam the head may move";
  control().check_one_point(true);
  ASSERT_EQ(run().phase, ProcedurePhase::done);
  EXPECT_TRUE(has_said("Recentred"));
  EXPECT_TRUE(control().gaze().is_recentred);
}

TEST_F(LiveDemo, ASimulatedEyeThatIsOpenAlreadyTakesTheCalibrationAsItIs) {
  SourceRequest eye;
  eye.kind = SourceRequest::Kind::simulated_eye;
  eye.location = "noisy-far";
  eye.seed = 4;
  eye.width_px = 320;
  session_->open_source(EyeSide::right, eye);
  for (int i = 0; i < 500 && !session_->snapshot(EyeSide::right).latest; ++i)
    std::this_thread::sleep_for(10ms);
  ASSERT_TRUE(session_->snapshot(EyeSide::right).latest);
  const auto before = session_->snapshot(EyeSide::right).simulation;
  control().start(request(""));
  const CalibrationSnapshot done = run();
  ASSERT_EQ(done.phase, ProcedurePhase::done);
  EXPECT_TRUE(done.is_participant_simulated);
  const auto after = session_->snapshot(EyeSide::right).simulation;
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->motion, SimulatedMotion::look_at);
  EXPECT_NEAR(after->off_axis_deg, before->off_axis_deg, 1e-9) << "it is still the same eye";
  EXPECT_NEAR(after->pupil_radius_mm, before->pupil_radius_mm, 1e-9);
}

}  // namespace
}  // namespace yarbus::live_demo_test
