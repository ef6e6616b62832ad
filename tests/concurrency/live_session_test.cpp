// The real session with its threads, driven as the window drives it. Also run under ThreadSanitizer.

#include <chrono>
#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include "app/session/session.h"
#include "tests/support/eventually.h"
#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::live_session_test {
namespace {

using test::eventually;

class LiveSession : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new test::TemporaryFolder;
    test::write_synthetic_eye_folder(folder_->path() / "eye", 90);
  }
  static void TearDownTestSuite() { delete folder_; }

  static SourceRequest request(const std::string& name = "eye") {
    SourceRequest request;
    request.location = (*folder_ / name).string();
    return request;
  }
  EyeSnapshot now() const { return session_->snapshot(EyeSide::right); }
  bool reaches(PlaybackState state) {
    return eventually([&] { return now().source.state == state; });
  }

  static test::TemporaryFolder* folder_;
  std::unique_ptr<Session> session_ = make_session();
};
test::TemporaryFolder* LiveSession::folder_ = nullptr;

TEST_F(LiveSession, PlaysAFolderToItsEndAndFitsTheEye) {
  session_->open_source(EyeSide::right, request());
  session_->set_speed(EyeSide::right, 0.0);
  ASSERT_TRUE(reaches(PlaybackState::ended));
  ASSERT_TRUE(eventually([&] { return now().health.frames_processed == 90; })) << "files never drop a frame";
  ASSERT_TRUE(eventually([&] { return now().model.model != nullptr; }));
  const auto snapshot = now();
  EXPECT_EQ(snapshot.health.dropped_by_queue, 0U);
  EXPECT_NEAR(snapshot.model.model->eye_center_in_cam_mm.z(), 40.0, 1.0);
  EXPECT_EQ(snapshot.model.model->stage, FitStage::refraction);
  EXPECT_EQ(snapshot.model.model->eyeball_radius_mm, snapshot.model.model->anatomy.pupil_plane_mm);
  std::vector<TracePoint> points;
  session_->read_traces(EyeSide::right, 0, points);
  EXPECT_EQ(points.size(), 90U);
  EXPECT_EQ(points.back().index, 89U);
}

TEST_F(LiveSession, APauseBetweenTwoFramesIsSeen) {
  // At a tenth of the speed the capture thread waits a third of a second for each frame's turn: what is asked
  // for then must be told although no frame is read.
  session_->open_source(EyeSide::right, request());
  session_->set_speed(EyeSide::right, 0.1);
  ASSERT_TRUE(eventually([&] { return now().latest && now().latest->frame->sequence >= 2; }));
  session_->pause(EyeSide::right);
  EXPECT_TRUE(reaches(PlaybackState::paused));
  session_->set_speed(EyeSide::right, 2.0);
  EXPECT_TRUE(eventually([&] { return now().source.speed == 2.0; }));
  EXPECT_EQ(now().source.state, PlaybackState::paused);
}

TEST_F(LiveSession, StepsSeeksAndStartsOver) {
  session_->open_source(EyeSide::right, request());
  session_->pause(EyeSide::right);
  ASSERT_TRUE(reaches(PlaybackState::paused));
  session_->seek(EyeSide::right, 40);
  ASSERT_TRUE(eventually([&] {
    const auto s = now();
    return s.latest && s.latest->frame->sequence == 40;
  }));
  session_->step(EyeSide::right, -3);
  ASSERT_TRUE(eventually([&] { return now().latest->frame->sequence == 37; }));
  session_->step(EyeSide::right, 1);
  ASSERT_TRUE(eventually([&] { return now().latest->frame->sequence == 38; }));
  EXPECT_EQ(now().source.state, PlaybackState::paused);
  session_->set_speed(EyeSide::right, 0.0);
  session_->play(EyeSide::right);
  ASSERT_TRUE(reaches(PlaybackState::ended));
  session_->play(EyeSide::right);
  ASSERT_TRUE(eventually([&] { return now().health.frames_processed > 120; }))
      << "play after the end starts over";
}

TEST_F(LiveSession, ResetFreezeRefitAndStage) {
  session_->open_source(EyeSide::right, request());
  session_->set_speed(EyeSide::right, 0.0);
  ASSERT_TRUE(eventually([&] { return now().model.model != nullptr; }));
  ASSERT_TRUE(reaches(PlaybackState::ended));
  session_->set_stage(EyeSide::right, FitStage::unoptimised);
  ASSERT_TRUE(eventually([&] {
    const auto m = now().model.model;
    return m && m->stage == FitStage::unoptimised;
  }));
  const auto version = now().model.model->version;
  session_->refit(EyeSide::right);
  ASSERT_TRUE(eventually([&] { return now().model.model->version > version; }));
  session_->reset_model(EyeSide::right);
  ASSERT_TRUE(eventually([&] { return now().model.model == nullptr; }));
  session_->freeze_model(EyeSide::right, true);
  const auto seen = now().health.frames_processed;
  session_->play(EyeSide::right);
  ASSERT_TRUE(eventually([&] { return now().health.frames_processed == seen + 90; }));
  EXPECT_EQ(now().model.model, nullptr) << "frozen: no fit";
  EXPECT_TRUE(now().model.is_frozen);
}

TEST_F(LiveSession, AMissingSourceIsAStateAndANotice) {
  session_->open_source(EyeSide::right, request("none"));
  ASSERT_TRUE(reaches(PlaybackState::failed));
  const auto notices = session_->notices(0);
  ASSERT_FALSE(notices.empty());
  EXPECT_EQ(notices.back().severity, Notice::Severity::error);
  EXPECT_FALSE(notices.back().remedy.empty());
  session_->open_source(EyeSide::right, request());
  EXPECT_TRUE(eventually([&] { return now().latest != nullptr; })) << "another source opens after a failure";
}

TEST_F(LiveSession, TwoEyesRunSideBySide) {
  session_->open_source(EyeSide::right, request());
  session_->open_source(EyeSide::left, request());
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) session_->set_speed(eye, 0.0);
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    ASSERT_TRUE(eventually([&] { return session_->snapshot(eye).health.frames_processed == 90; }));
    EXPECT_EQ(session_->snapshot(eye).latest->frame->eye, eye);
  }
}

TEST_F(LiveSession, OpensClosesAndEndsInMidStream) {
  for (int i = 0; i < 5; ++i) {
    session_->open_source(EyeSide::right, request());
    ASSERT_TRUE(eventually([&] { return now().latest != nullptr; }));
  }
  session_->close_source(EyeSide::right);
  ASSERT_TRUE(reaches(PlaybackState::closed));
  session_->open_source(EyeSide::right, request());
  session_.reset();  // joins every thread
}

TEST_F(LiveSession, ASimulatedEyeRunsLiveWithItsTruthAndIsSteered) {
  EXPECT_FALSE(session_->list_scenarios().empty());
  SourceRequest simulated;
  simulated.kind = SourceRequest::Kind::simulated_eye;
  simulated.location = "easy";
  session_->open_source(EyeSide::right, simulated);
  ASSERT_TRUE(reaches(PlaybackState::playing));
  ASSERT_TRUE(eventually([&] { return now().simulation.has_value(); }));
  ASSERT_TRUE(eventually([&] {
    const auto s = now();
    return s.truth_errors && s.truth_errors->ellipse_px;
  }));
  EXPECT_TRUE(now().source.is_live);
  EXPECT_FALSE(now().source.focal_length_is_assumed);
  EXPECT_TRUE(now().latest->frame->truth);
  session_->pause(EyeSide::right);  // a live source has no pause
  SimulationControls controls = *now().simulation;
  for (int i = 1; i <= 20; ++i) {
    controls.pupil_radius_mm = 2.0 + 0.05 * i;
    session_->set_simulation(EyeSide::right, controls);
  }
  ASSERT_TRUE(eventually([&] {  // small unrest is added to the radius asked for
    return std::abs(now().latest->frame->truth->pupil_in_cam.radius_mm - 3.0) < 0.2;
  })) << "the eye that is rendered changes";
  EXPECT_EQ(now().simulation->pupil_radius_mm, 3.0);
  const auto seen = now().health.frames_processed;
  ASSERT_TRUE(eventually([&] { return now().health.frames_processed > seen + 5; })) << "it goes on";
  EXPECT_EQ(now().source.state, PlaybackState::playing);
  session_->close_source(EyeSide::right);
  ASSERT_TRUE(reaches(PlaybackState::closed));
  EXPECT_FALSE(now().simulation);
}

TEST_F(LiveSession, AModelIsSavedAndStartedFrom) {
  const std::string path = (*folder_ / "wearer.json").string();
  const auto last_notice = [&] {
    const auto notices = session_->notices(0);
    return notices.empty() ? Notice{} : notices.back();
  };
  session_->save_model(EyeSide::right, path);
  ASSERT_TRUE(
      eventually([&] { return last_notice().text.find("no eye model to save") != std::string::npos; }));
  SourceRequest simulated;
  simulated.kind = SourceRequest::Kind::simulated_eye;
  simulated.location = "easy";
  session_->open_source(EyeSide::right, simulated);
  ASSERT_TRUE(eventually([&] {
    const auto model = now().model.model;
    return model && model->report.frames_used > 5;
  }));
  session_->save_model(EyeSide::right, path);
  ASSERT_TRUE(eventually([&] { return last_notice().text == "The eye model was saved as " + path; }));
  EXPECT_EQ(last_notice().severity, Notice::Severity::info);
  session_->set_stage(EyeSide::right, FitStage::edge);
  session_->freeze_model(EyeSide::right, true);
  session_->load_model(EyeSide::right, path);
  ASSERT_TRUE(eventually([&] { return last_notice().text == "The eye model starts from " + path; }));
  EXPECT_EQ(now().model.stage, FitStage::refraction);
  EXPECT_FALSE(now().model.is_frozen);
  ASSERT_TRUE(eventually([&] {
    const auto model = now().model.model;
    return model && model->stage == FitStage::refraction;
  }));
  session_->load_model(EyeSide::right, path + ".none");
  ASSERT_TRUE(eventually([&] { return last_notice().severity == Notice::Severity::error; }));
  EXPECT_NE(last_notice().text.find("does not exist"), std::string::npos);
}

TEST_F(LiveSession, OnlyASimulatedEyeIsSteered) {
  session_->open_source(EyeSide::right, request());
  session_->set_simulation(EyeSide::right, {});
  ASSERT_TRUE(eventually([&] { return now().latest != nullptr; }));
  EXPECT_FALSE(now().simulation);
  EXPECT_FALSE(now().truth_errors);
}

TEST_F(LiveSession, AnUnknownScenarioIsAStateAndANotice) {
  SourceRequest simulated;
  simulated.kind = SourceRequest::Kind::simulated_eye;
  simulated.location = "no-such-thing";
  session_->open_source(EyeSide::right, simulated);
  ASSERT_TRUE(reaches(PlaybackState::failed));
  ASSERT_FALSE(session_->notices(0).empty());
  EXPECT_NE(session_->notices(0).back().text.find("no-such-thing"), std::string::npos);
}

TEST_F(LiveSession, PairsBothEyesAndGoesOnWithOne) {
  EXPECT_FALSE(session_->binocular().latest.has_value());
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    session_->open_source(eye, request());
    session_->set_speed(eye, 0.0);
    ASSERT_TRUE(eventually([&] { return session_->snapshot(eye).health.frames_processed == 90; }));
  }
  ASSERT_TRUE(eventually([&] {
    const auto both = session_->binocular().latest;
    return both && both->right && both->left && both->right->frame->sequence == 89 &&
           both->left->frame->sequence == 89;
  })) << "of two files at their ends, the last frames are a pair";
  session_->close_source(EyeSide::left);
  ASSERT_TRUE(eventually([&] { return !session_->binocular().latest.has_value(); }));
  session_->seek(EyeSide::right, 30);
  ASSERT_TRUE(eventually([&] {
    const auto alone = session_->binocular().latest;
    return alone && alone->right && alone->left == nullptr;
  }));
}

}  // namespace
}  // namespace yarbus::live_session_test
