#include "ui/calibration/calibration_wizard.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "tests/ui/fake_session.h"

namespace yarbus::calibration_wizard_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CalibrationWizardTest : public testing::Test {
 protected:
  /// Until the event loop has painted what is visible.
  static void paint() {
    for (int i = 0; i < 5; ++i) {
      QCoreApplication::sendPostedEvents();
      QCoreApplication::processEvents();
    }
  }
  void show(const CalibrationSnapshot& now) {
    control.now = now;
    wizard.poll();
  }
  /// The procedure on one of this computer's screens.
  CalibrationSnapshot targets_now(int target, int point, TargetStep step) {
    CalibrationSnapshot now = test::example_targets(target, point, step);
    const ui::Monitor monitor = ui::list_monitors().first();
    now.request.screen = ui::screen_geometry(monitor, {531.0, 299.0}, 600.0);
    return now;
  }
  std::vector<std::string> calls() {
    auto made = control.calls;
    control.calls.clear();
    return made;
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  test::FakeSession session;
  test::FakeCalibration& control = session.fake_calibration;
  ui::Presenter presenter{session};
  ui::CalibrationWizard wizard{control, presenter, settings};
};

TEST_F(CalibrationWizardTest, FromSetupToVerdictWithoutAButtonAfterTheStart) {
  wizard.open_setup();
  EXPECT_EQ(wizard.page()->objectName(), "setup_page");
  QTest::keyClick(wizard.focusWidget() != nullptr ? wizard.focusWidget() : &wizard, Qt::Key_Return);
  EXPECT_THAT(calls(), ElementsAre("start 9 points"));
  show(test::example_gate());
  EXPECT_EQ(wizard.page()->objectName(), "gate_page");
  EXPECT_TRUE(wizard.isVisible());
  show(targets_now(1, 0, TargetStep::requested));
  EXPECT_TRUE(wizard.targets().isVisible());
  EXPECT_FALSE(wizard.isVisible()) << "nothing but targets";
  paint();
  EXPECT_THAT(calls(), ElementsAre("shown 1"));
  CalibrationSnapshot now = targets_now(1, 0, TargetStep::requested);
  now.target.reset();
  now.phase = ProcedurePhase::fitting;
  show(now);
  EXPECT_TRUE(wizard.targets().middle_text().contains("Computing"));
  now.phase = ProcedurePhase::done;
  now.result = test::example_result();
  show(now);
  EXPECT_FALSE(wizard.targets().isVisible());
  EXPECT_TRUE(wizard.isVisible());
  EXPECT_EQ(wizard.page()->objectName(), "result_page");
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(CalibrationWizardTest, ATargetIsReportedOnceAndOnlyAfterItWasPainted) {
  show(targets_now(7, 2, TargetStep::requested));
  EXPECT_THAT(calls(), IsEmpty()) << "not painted yet";
  paint();
  EXPECT_THAT(calls(), ElementsAre("shown 7"));
  wizard.poll();
  paint();
  EXPECT_THAT(calls(), IsEmpty()) << "once";
  show(targets_now(7, 2, TargetStep::sampling));
  paint();
  show(targets_now(8, 3, TargetStep::requested));
  EXPECT_THAT(calls(), IsEmpty());
  paint();
  EXPECT_THAT(calls(), ElementsAre("shown 8"));
  // The next calibration counts from the same number.
  CalibrationSnapshot gap = targets_now(8, 3, TargetStep::requested);
  gap.target.reset();
  show(gap);
  show(targets_now(8, 3, TargetStep::requested));
  paint();
  EXPECT_THAT(calls(), ElementsAre("shown 8"));
}

TEST_F(CalibrationWizardTest, APausedTargetIsNeitherShownNorReported) {
  CalibrationSnapshot now = targets_now(3, 1, TargetStep::requested);
  now.is_paused = true;
  show(now);
  paint();
  EXPECT_THAT(calls(), IsEmpty());
  EXPECT_FALSE(wizard.targets().target_place());
  EXPECT_TRUE(wizard.targets().middle_text().startsWith("Paused"));
}

TEST_F(CalibrationWizardTest, TheTargetStandsWhereItsMillimetresSay) {
  const CalibrationSnapshot now = targets_now(1, 4, TargetStep::sampling);
  show(now);
  ui::TargetWindow& targets = wizard.targets();
  const ui::Monitor monitor = ui::list_monitors().first();
  ASSERT_EQ(targets.size(), monitor.area.size());
  const QPointF place = *targets.target_place();
  EXPECT_NEAR(place.x(), 0.5 * targets.width(), 0.01);
  EXPECT_NEAR(place.y(), 0.5 * targets.height(), 0.01);
  const QImage image = targets.grab().toImage();
  const double ratio = image.devicePixelRatio();
  const auto gray = [&](double x, double y) {
    return qGray(image.pixel(static_cast<int>(x * ratio), static_cast<int>(y * ratio)));
  };
  EXPECT_GT(gray(place.x(), place.y()), 200) << "the dot in the middle";
  EXPECT_EQ(gray(5.0, 0.5 * targets.height()), 128) << "plain mid-gray";
}

TEST_F(CalibrationWizardTest, TheStatusKeepsAwayFromTheTarget) {
  show(targets_now(1, 0, TargetStep::sampling));
  const QString status = wizard.targets().status_text();
  EXPECT_TRUE(status.contains("point 1 of 9")) << status.toStdString();
  EXPECT_TRUE(status.contains("0:24 left"));
  const auto ink = [&](bool at_top) {
    const QImage image = wizard.targets().grab().toImage();
    int count = 0;
    for (int y = 0; y < 50; ++y) {
      for (int x = image.width() / 3; x < 2 * image.width() / 3; ++x)
        count += qGray(image.pixel(x, at_top ? y : image.height() - 1 - y)) < 110 ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(ink(true), 0);
  EXPECT_GT(ink(false), 20);
  show(targets_now(2, 8, TargetStep::sampling));
  EXPECT_GT(ink(true), 20);
  EXPECT_EQ(ink(false), 0);
}

TEST_F(CalibrationWizardTest, KeysGiveCommandsAndEscAsksOnce) {
  show(targets_now(1, 0, TargetStep::sampling));
  show(targets_now(2, 1, TargetStep::sampling));
  calls();
  ui::TargetWindow& targets = wizard.targets();
  QTest::keyClick(&targets, Qt::Key_Space);
  QTest::keyClick(&targets, Qt::Key_S);
  QTest::keyClick(&targets, Qt::Key_R);
  QTest::keyClick(&targets, Qt::Key_P);
  EXPECT_THAT(calls(), ElementsAre("accept", "skip", "redo 0", "pause"));
  CalibrationSnapshot paused = targets_now(2, 1, TargetStep::sampling);
  paused.is_paused = true;
  paused.target.reset();
  show(paused);
  QTest::keyClick(&targets, Qt::Key_P);
  EXPECT_THAT(calls(), ElementsAre("resume"));
  show(targets_now(3, 1, TargetStep::sampling));
  QTest::keyClick(&targets, Qt::Key_Escape);
  EXPECT_THAT(calls(), ElementsAre("pause")) << "asks first";
  show(paused);
  EXPECT_TRUE(targets.middle_text().contains("Abort the calibration?"));
  QTest::keyClick(&targets, Qt::Key_Space);
  EXPECT_THAT(calls(), ElementsAre("resume"));
  EXPECT_FALSE(targets.asks_to_abort());
  QTest::keyClick(&targets, Qt::Key_Escape);
  QTest::keyClick(&targets, Qt::Key_Escape);
  EXPECT_THAT(calls(), ElementsAre("abort")) << "paused already";
}

TEST_F(CalibrationWizardTest, PagesFollowReviewAbortAndCheck) {
  show(targets_now(1, 0, TargetStep::sampling));
  show(test::example_review());
  EXPECT_EQ(wizard.page()->objectName(), "review_page");
  EXPECT_FALSE(wizard.targets().isVisible());
  auto* go_on = wizard.page()->findChild<QPushButton*>("review_go_on");
  ASSERT_NE(go_on, nullptr);
  EXPECT_FALSE(go_on->isEnabled()) << "the procedure would refuse";
  CalibrationSnapshot now = test::example_review();
  now.can_go_on = true;
  show(now);
  EXPECT_TRUE(go_on->isEnabled());
  now.phase = ProcedurePhase::aborted;
  show(now);
  EXPECT_EQ(wizard.page()->objectName(), "setup_page");
  EXPECT_TRUE(wizard.message_bar().text().contains("calibration in force before stays"));
  // A check ends on its own page.
  control.now.result = test::example_result();
  calls();
  wizard.check(false);
  EXPECT_THAT(calls(), ElementsAre("check"));
  now = targets_now(1, 0, TargetStep::sampling);
  now.is_check = true;
  show(now);
  now.phase = ProcedurePhase::done;
  now.target.reset();
  control.gaze_now = test::example_gaze();
  show(now);
  EXPECT_EQ(wizard.page()->objectName(), "check_page");
  // Recentring goes by itself and says so.
  QSignalSpy said(&wizard, &ui::CalibrationWizard::said);
  wizard.check(true);
  EXPECT_THAT(calls(), ElementsAre("recentre"));
  now.phase = ProcedurePhase::calibration;
  show(now);
  now.phase = ProcedurePhase::done;
  show(now);
  EXPECT_FALSE(wizard.isVisible());
  ASSERT_EQ(said.count(), 1);
  EXPECT_TRUE(said.last()[1].toString().contains("recentred"));
  // An aborted check is no reason to calibrate.
  wizard.check(false);
  now.phase = ProcedurePhase::calibration;
  show(now);
  now.phase = ProcedurePhase::aborted;
  show(now);
  EXPECT_FALSE(wizard.isVisible());
}

TEST_F(CalibrationWizardTest, ClosingTheWizardAbortsWhatIsUnderWay) {
  show(test::example_gate());
  calls();
  wizard.reject();
  EXPECT_THAT(calls(), ElementsAre("abort"));
  control.now.phase = ProcedurePhase::aborted;
  wizard.poll();
  wizard.message_bar().dismiss();
  wizard.reject();
  EXPECT_FALSE(wizard.isVisible());
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(CalibrationWizardTest, AMonitorThatGoesPausesAndIsNamed) {
  wizard.open_setup();
  ui::Monitor gone;
  gone.key = "gone";
  gone.name = "Beamer (HDMI-2)";
  gone.area = {5000, 0, 1280, 720};
  gone.system_size_mm = {600.0, 340.0};
  wizard.setup().set_monitors({gone});
  wizard.page()->findChild<QPushButton*>("setup_start")->click();
  calls();
  CalibrationSnapshot now = targets_now(1, 0, TargetStep::requested);
  show(now);
  EXPECT_THAT(calls(), ElementsAre("pause"));
  EXPECT_FALSE(wizard.targets().isVisible());
  EXPECT_EQ(wizard.page()->objectName(), "lost_monitor_page");
  EXPECT_TRUE(wizard.page()->findChild<QLabel*>("lost_monitor_text")->text().contains("Beamer (HDMI-2)"));
  now.is_paused = true;
  now.target.reset();
  show(now);
  EXPECT_THAT(calls(), IsEmpty()) << "paused once";
}

TEST_F(CalibrationWizardTest, ARegionAndTheDemoAreStartedWithTheirRequests) {
  control.now.result = test::example_result();
  wizard.open_region();
  wizard.page()->findChild<QPushButton*>("region_start")->click();
  ASSERT_EQ(control.requests.size(), 1U);
  EXPECT_EQ(control.requests[0].layout, TargetLayout::five);
  EXPECT_EQ(control.requests[0].screen.width_px, 1920);
  ASSERT_TRUE(control.requests[0].region);
  EXPECT_NEAR(control.requests[0].region->low_mm.x(), 177.0, 1e-9);
  calls();
  wizard.start_demo();
  EXPECT_THAT(calls(), ElementsAre("demo"));
}

TEST_F(CalibrationWizardTest, ComparingLooksAtTheSavedOneWithoutUsingIt) {
  control.saved = {{"/a.json", "Anna", "2026-11-26 10:42", "two cameras", 0.45, ""}};
  wizard.open_saved();
  wizard.page()->findChild<QPushButton*>("saved_compare")->click();
  EXPECT_EQ(wizard.page()->objectName(), "saved_page") << "it cannot be read: a notice says why";
  control.looked_at = test::example_result();
  wizard.page()->findChild<QPushButton*>("saved_compare")->click();
  EXPECT_EQ(wizard.page()->objectName(), "compare_page");
  EXPECT_THAT(calls(), ElementsAre("look at /a.json", "look at /a.json"));
  wizard.page()->findChild<QPushButton*>("compare_use")->click();
  EXPECT_THAT(calls(), ElementsAre("load /library/anna.json"));
  EXPECT_EQ(wizard.page()->objectName(), "result_page");
}

TEST_F(CalibrationWizardTest, RefusedCommandsAreSaidInTheWizard) {
  wizard.open_setup();
  session.all_notices = {
      {Notice::Severity::warning, 1, EyeSide::right, "no eye is tracked", "open a camera"}};
  presenter.poll();
  EXPECT_TRUE(wizard.message_bar().text().contains("No eye is tracked. Open a camera."));
}

}  // namespace
}  // namespace yarbus::calibration_wizard_test
