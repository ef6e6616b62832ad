// The demo through the session's own interface, as the window drives it: two simulated eyes are opened,
// watched by cameras in real time, and calibrated by themselves.
#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/session.h"

namespace yarbus {
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
}  // namespace yarbus
