// A viewing session with the real session and a simulated participant, from the calibration to the figure:
// what the window does, with nothing replaced.
#include <QDir>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <chrono>
#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/session.h"
#include "tests/support/temporary_folder.h"
#include "ui/main_window.h"
#include "ui/viewing/viewing_example.h"

namespace yarbus::viewing_live_test {
namespace {

constexpr int most_ms = 240'000;  ///< calibration in real time, on a busy machine

class ViewingLive : public testing::Test {
 protected:
  ViewingLive() {
    SessionOptions options;
    options.session_library = (folder / "sessions").string();
    session = make_session(options);
    window = std::make_unique<ui::MainWindow>(*session, settings);
    window->show();
    window->presenter().start();
  }
  ~ViewingLive() override { window.reset(); }

  CalibrationControl& calibration() { return session->calibration(); }
  /// Two simulated eyes look at five targets.
  bool calibrate() {
    const ui::Monitor monitor = ui::list_monitors().front();
    CalibrationRequest request;
    request.screen = {530.0, 300.0, monitor.size_px().width(), monitor.size_px().height(), 600.0};
    request.layout = TargetLayout::five;
    request.validation_points = 0;
    request.seed = 1;
    calibration().start_demo(request);
    return QTest::qWaitFor(
        [&] {
          const CalibrationSnapshot now = calibration().snapshot();
          if (now.target && now.target->step == TargetStep::requested)
            calibration().target_shown(now.target->target,
                                       std::chrono::steady_clock::now().time_since_epoch());
          if (now.phase == ProcedurePhase::review && now.can_go_on) calibration().accept();
          return now.result != nullptr;
        },
        most_ms);
  }
  ViewingPlan plan() {
    auto plan = ui::example_viewing_plan(QString::fromStdString((folder / "example").string()));
    EXPECT_TRUE(plan) << plan.error().to_text();
    plan->tasks.resize(2);
    for (ViewingTask& task : plan->tasks) task.seconds = 6.0;
    plan->instruction_s = 0.5;
    return *plan;
  }

  test::TemporaryFolder folder;
  QTemporaryDir settings_folder;
  QSettings settings{settings_folder.filePath("settings.ini"), QSettings::IniFormat};
  std::unique_ptr<Session> session;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(ViewingLive, ASimulatedParticipantsLooksBecomeScanpathsOfTheSession) {
  ASSERT_TRUE(calibrate());
  window->actions().viewing->trigger();
  auto& dialog = window->viewing().dialog();
  dialog.set_plan(plan());
  auto* start = dialog.findChild<QPushButton*>("viewing_start");
  ASSERT_TRUE(QTest::qWaitFor([&] { return start->isEnabled(); }, most_ms))
      << dialog.findChild<QLabel*>("viewing_state")->text().toStdString();
  start->click();
  ASSERT_TRUE(QTest::qWaitFor(
      [&] {
        const auto stage = session->viewing()->snapshot().stage;
        return stage == ViewingStage::done || stage == ViewingStage::failed;
      },
      most_ms));
  const ViewingView view = session->viewing()->snapshot();
  ASSERT_EQ(view.stage, ViewingStage::done) << view.problem;
  EXPECT_EQ(view.pictures_shown, 2);

  auto& shown = window->viewing().results();
  ASSERT_TRUE(
      QTest::qWaitFor([&] { return shown.isVisible() && shown.view().figure().has_value(); }, most_ms))
      << shown.text().toStdString();
  EXPECT_FALSE(window->viewing().showing()->isVisible());
  const ViewingResults& results = shown.view().figure()->results;
  EXPECT_EQ(results.session_folder, view.session_folder);
  EXPECT_TRUE(std::filesystem::is_regular_file(results.picture_path));
  EXPECT_TRUE(results.picture_path.starts_with(view.session_folder)) << "kept with the session";
  ASSERT_EQ(results.tasks.size(), 2U);
  for (const TaskResult& task : results.tasks) {
    EXPECT_EQ(task.how, ShowingEnd::complete);
    EXPECT_NEAR(task.shown_s, 6.0, 0.3);
    EXPECT_GT(task.gaze.size(), 30U);
    // Jumps every 0.2 to 0.4 s, less blinks and what a slow machine misses.
    EXPECT_GE(task.fixation_count, 5) << task.text;
    EXPECT_GT(task.scanpath_deg, 10.0) << task.text;
    ASSERT_TRUE(task.mean_fixation_s);
    EXPECT_GT(*task.mean_fixation_s, 0.08);
    EXPECT_LT(*task.mean_fixation_s, 1.5);
  }
  EXPECT_EQ(session->recording().snapshot().end_note, "");
  EXPECT_FALSE(session->recording().snapshot().is_recording) << "it ends with the viewing";
}

TEST_F(ViewingLive, WithoutACameraOrACalibrationItIsRefusedAndNothingIsRecorded) {
  ViewingRequest request;
  request.plan = plan();
  request.picture_width_px = 1600;
  request.picture_height_px = 1000;
  request.picture = {{10.0, 10.0}, {490.0, 310.0}};
  request.screen = {530.0, 300.0, 1920, 1080, 600.0};
  ViewingControl& viewing = *session->viewing();
  viewing.start(request);
  ASSERT_TRUE(QTest::qWaitFor([&] { return viewing.snapshot().stage == ViewingStage::failed; }));
  EXPECT_THAT(viewing.snapshot().problem, testing::HasSubstr("needs a camera"));
  SourceRequest eye;
  eye.kind = SourceRequest::Kind::simulated_eye;
  eye.location = "easy";
  eye.width_px = 160;
  session->open_source(EyeSide::right, eye);
  ASSERT_TRUE(QTest::qWaitFor(
      [&] { return session->snapshot(EyeSide::right).source.state == PlaybackState::playing; }, most_ms));
  viewing.start(request);
  ASSERT_TRUE(QTest::qWaitFor([&] {
    const ViewingView now = viewing.snapshot();
    return now.stage == ViewingStage::failed && now.problem.find("calibration") != std::string::npos;
  }));
  request.plan.tasks.clear();
  viewing.start(request);
  ASSERT_TRUE(QTest::qWaitFor([&] {
    const ViewingView now = viewing.snapshot();
    return now.stage == ViewingStage::failed && now.problem.find("there is no task") != std::string::npos;
  }));
  EXPECT_TRUE(session->recording().list().empty());
}

}  // namespace
}  // namespace yarbus::viewing_live_test
