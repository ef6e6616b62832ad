#include <QComboBox>
#include <QDockWidget>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/gaze_pointer.h"
#include "ui/main_window.h"
#include "ui/report/image_marks.h"
#include "ui/source_settings.h"

namespace yarbus::simulation_test {
namespace {

using test::FakeSession;
using test::SyntheticEye;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(GazePointer, CentreIsStraightAheadAndTheEdgesAreTheLimits) {
  const QRectF area(100, 50, 640, 480);
  const auto at = [&](double x, double y) { return ui::pointer_deg_at({x, y}, area); };
  EXPECT_EQ(at(420, 290), Eigen::Vector2d(0, 0));
  EXPECT_EQ(at(740, 290), Eigen::Vector2d(30, 0));
  EXPECT_EQ(at(100, 50), Eigen::Vector2d(-30, 25));
  EXPECT_EQ(at(580, 410), Eigen::Vector2d(15, -12.5));
  EXPECT_EQ(at(2000, -900), Eigen::Vector2d(30, 25));
  EXPECT_EQ(ui::pointer_deg_at({5, 5}, {}), Eigen::Vector2d(0, 0));
}

/// The window with a simulated eye as the right eye's source.
class SimulationTest : public testing::Test {
 protected:
  SimulationTest() {
    session.scenarios = {{"paper", "The paper's"}, {"easy", "Everything in view"}};
    session.cameras = {{"/dev/video0", "HD Webcam", true, {}}};
    own.pupil_radius_mm = 2.35;
    own.off_axis_deg = 18.0;
  }
  void open_window() {
    window = std::make_unique<ui::MainWindow>(session, settings);
    window->show();
    window->begin({});
  }
  void run_simulation(EyeModelPtr model = nullptr) {
    if (!window) open_window();
    session.eye(EyeSide::right) =
        test::running_simulation("easy", eye.simulated_sample(++sequence, 5.0, 3.0, model), own);
    window->presenter().poll();
    session.calls.clear();
  }
  void next_frame() {
    session.eye(EyeSide::right).latest = eye.simulated_sample(++sequence, 5.0, 3.0, nullptr);
    window->presenter().poll();
  }
  /// Lets what is held back go out.
  void settle() {
    const std::size_t before = session.calls.size();
    (void)QTest::qWaitFor([&] { return session.calls.size() > before; }, 200);
  }
  template <class T>
  T* find(const char* name) {
    T* found = window->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  const SimulationControls& controls() { return *session.eye(EyeSide::right).simulation; }
  void choose(SimulatedMotion motion) {
    auto* box = find<QComboBox>("motion");
    box->setCurrentIndex(box->findData(static_cast<int>(motion)));
    Q_EMIT box->activated(box->currentIndex());
    settle();
    next_frame();
    session.calls.clear();
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  FakeSession session;
  SyntheticEye eye;
  SimulationControls own;
  std::uint64_t sequence = 0;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(SimulationTest, ThePanelIsThereOnlyForASimulatedEye) {
  open_window();
  auto* dock = find<QDockWidget>("dock_simulation");
  EXPECT_TRUE(dock->isHidden());
  EXPECT_FALSE(dock->toggleViewAction()->isEnabled());
  EXPECT_FALSE(window->actions().blink->isEnabled());
  EXPECT_FALSE(window->actions().show_truth->isEnabled());
  run_simulation();
  EXPECT_FALSE(dock->isHidden());
  EXPECT_TRUE(dock->toggleViewAction()->isEnabled());
  EXPECT_TRUE(window->actions().show_truth->isEnabled());
  session.eye(EyeSide::right) = test::playing_file("demo.mp4", eye.sample(1, 0, 0, nullptr));
  window->presenter().poll();
  EXPECT_TRUE(dock->isHidden());
  run_simulation();
  EXPECT_FALSE(dock->isHidden());
  dock->close();
  window->close();
  window.reset();
  run_simulation();
  EXPECT_TRUE(find<QDockWidget>("dock_simulation")->isHidden());
  EXPECT_THAT(session.calls, IsEmpty());
}

TEST_F(SimulationTest, ThePanelShowsTheControlsInWordsAndUnits) {
  run_simulation();
  const auto value = [&](const char* name) { return find<QLabel>(name)->text(); };
  EXPECT_EQ(value("pupil_radius_value"), "2.35 mm");
  EXPECT_EQ(value("noise_value"), "× 1.0");
  EXPECT_EQ(value("lid_droop_value"), "0°");
  EXPECT_EQ(value("light_value"), "× 1.00");
  EXPECT_EQ(value("off_axis_value"), "18°");
  EXPECT_EQ(value("slip_value"), "0.0 mm");
  auto* motion = find<QComboBox>("motion");
  EXPECT_EQ(motion->count(), 5);
  EXPECT_EQ(motion->currentText(), "As the scenario has it");
  QSet<QString> names;
  for (int i = 0; i < motion->count(); ++i) {
    EXPECT_FALSE(motion->itemText(i).isEmpty());
    names.insert(motion->itemText(i));
  }
  EXPECT_EQ(names.size(), 5);
  session.eye(EyeSide::right).simulation->slip_mm = -2.5;
  session.eye(EyeSide::right).simulation->motion = SimulatedMotion::pursuit;
  next_frame();
  EXPECT_EQ(value("slip_value"), "−2.5 mm");
  EXPECT_TRUE(find<QSlider>("slip")->accessibleName().contains("−2.5 mm"));
  EXPECT_EQ(motion->currentText(), "Follow a moving target");
  // Following the state gives no commands.
  EXPECT_THAT(session.calls, IsEmpty());
}

TEST_F(SimulationTest, EverySliderSendsItsOwnFieldAndLeavesTheOthers) {
  run_simulation();
  struct Case {
    const char* slider;
    double SimulationControls::*field;
    double minimum;
    double maximum;
  };
  for (const Case& c : {Case{"pupil_radius", &SimulationControls::pupil_radius_mm, 1.0, 4.0},
                        Case{"noise", &SimulationControls::noise_factor, 0.0, 5.0},
                        Case{"lid_droop", &SimulationControls::lid_droop_deg, 0.0, 30.0},
                        Case{"light", &SimulationControls::light_factor, 0.2, 2.0},
                        Case{"off_axis", &SimulationControls::off_axis_deg, 0.0, 55.0},
                        Case{"slip", &SimulationControls::slip_mm, -4.0, 4.0}}) {
    SimulationControls expected = controls();
    auto* slider = find<QSlider>(c.slider);
    EXPECT_FALSE(slider->accessibleName().isEmpty());
    EXPECT_NE(slider->focusPolicy() & Qt::TabFocus, 0);
    const double before = controls().*c.field;
    QTest::keyClick(slider, Qt::Key_Right);
    settle();
    EXPECT_GT(controls().*c.field, before) << c.slider;
    EXPECT_LT(controls().*c.field, before + 0.06 * (c.maximum - c.minimum)) << c.slider;
    for (const bool to_end : {false, true}) {
      QTest::keyClick(slider, to_end ? Qt::Key_End : Qt::Key_Home);
      settle();
      EXPECT_NEAR(controls().*c.field, to_end ? c.maximum : c.minimum, 1e-9) << c.slider;
    }
    expected.*c.field = controls().*c.field;
    EXPECT_EQ(controls().motion, expected.motion);
    EXPECT_EQ(controls().blinks, expected.blinks);
    for (const auto field : {&SimulationControls::pupil_radius_mm, &SimulationControls::noise_factor,
                             &SimulationControls::lid_droop_deg, &SimulationControls::light_factor,
                             &SimulationControls::off_axis_deg, &SimulationControls::slip_mm}) {
      EXPECT_EQ(controls().*field, expected.*field) << c.slider;
    }
  }
}

TEST_F(SimulationTest, MotionBlinkAndTheWayBack) {
  run_simulation();
  choose(SimulatedMotion::look_around);
  EXPECT_EQ(controls().motion, SimulatedMotion::look_around);
  window->actions().blink->trigger();
  settle();
  window->actions().blink->trigger();
  settle();
  EXPECT_EQ(controls().blinks, 2U);
  find<QSlider>("pupil_radius")->setValue(60);
  settle();
  EXPECT_EQ(controls().pupil_radius_mm, 4.0);
  EXPECT_EQ(controls().motion, SimulatedMotion::look_around);
  window->actions().reset_simulation->trigger();
  settle();
  EXPECT_EQ(controls().motion, SimulatedMotion::scenario);
  EXPECT_EQ(controls().pupil_radius_mm, 2.35);
  EXPECT_EQ(controls().off_axis_deg, 18.0);
  EXPECT_EQ(controls().blinks, 2U) << "the way back must not blink";
  next_frame();
  EXPECT_EQ(find<QLabel>("pupil_radius_value")->text(), "2.35 mm");
}

TEST_F(SimulationTest, ChangesAreCoalescedAndTheLastOneCounts) {
  run_simulation();
  auto* slider = find<QSlider>("off_axis");
  for (int i = 20; i <= 50; ++i) slider->setValue(i);
  window->actions().blink->trigger();
  // One has gone, one waits; the snapshot of the meantime does not turn the slider back.
  EXPECT_THAT(session.calls, ElementsAre("right simulation"));
  next_frame();
  EXPECT_EQ(slider->value(), 50);
  settle();
  EXPECT_THAT(session.calls, ElementsAre("right simulation", "right simulation"));
  EXPECT_EQ(controls().off_axis_deg, 50.0);
  EXPECT_EQ(controls().blinks, 1U);
}

TEST_F(SimulationTest, ASessionThatFollowsLateDoesNotUndoEarlierWishes) {
  run_simulation();
  find<QSlider>("off_axis")->setValue(40);
  session.eye(EyeSide::right).simulation = own;  // not yet followed
  next_frame();
  find<QSlider>("lid_droop")->setValue(10);
  settle();
  EXPECT_EQ(controls().off_axis_deg, 40.0);
  EXPECT_EQ(controls().lid_droop_deg, 10.0);
}

TEST_F(SimulationTest, TheMouseOverTheImageSendsTheGazeOnlyWhenItFollows) {
  run_simulation();
  auto* image = find<ui::EyeImageView>("eye_image");
  const QRectF area = ui::image_area(image->rect(), 320, 240);
  const auto place = [&](double across, double down) {
    return QPointF(area.left() + across * area.width(), area.top() + down * area.height()).toPoint();
  };
  const auto move = [&](QPoint to) {
    QMouseEvent event(QEvent::MouseMove, QPointF(to), image->mapToGlobal(QPointF(to)), Qt::NoButton, {}, {});
    QApplication::sendEvent(image, &event);
  };
  move(place(0.9, 0.1));
  settle();
  EXPECT_THAT(session.calls, IsEmpty());
  choose(SimulatedMotion::follow_pointer);
  EXPECT_TRUE(image->hasMouseTracking());
  move(place(0.75, 0.25));
  settle();
  EXPECT_NEAR(controls().pointer_deg.x(), 15.0, 0.2);
  EXPECT_NEAR(controls().pointer_deg.y(), 12.5, 0.2);
  session.calls.clear();
  for (int i = 0; i < 100; ++i) move(place(0.005 * i, 0.5));
  EXPECT_LE(session.calls.size(), 1U);
  settle();
  EXPECT_LE(session.calls.size(), 2U);
  EXPECT_NEAR(controls().pointer_deg.x(), -0.3, 0.2);
  EXPECT_NEAR(controls().pointer_deg.y(), 0.0, 0.2);
  // Outside the picture it stays at the limit.
  move(place(-0.2, 1.4));
  settle();
  EXPECT_EQ(controls().pointer_deg, Eigen::Vector2d(-30, -25));
  session.calls.clear();
  choose(SimulatedMotion::still);
  EXPECT_FALSE(image->hasMouseTracking());
  move(place(0.5, 0.5));
  EXPECT_THAT(session.calls, IsEmpty());
  QTest::mouseClick(image, Qt::LeftButton, {}, place(0.5, 0.5));
  settle();
  EXPECT_NEAR(controls().pointer_deg.norm(), 0.0, 0.2);
}

TEST_F(SimulationTest, ArrowKeysPointLikeTheMouse) {
  run_simulation();
  auto* image = find<ui::EyeImageView>("eye_image");
  QTest::keyClick(image, Qt::Key_Right);
  EXPECT_THAT(session.calls, IsEmpty());
  choose(SimulatedMotion::follow_pointer);
  QTest::keyClick(image, Qt::Key_Right);
  QTest::keyClick(image, Qt::Key_Right);
  QTest::keyClick(image, Qt::Key_Up);
  settle();
  EXPECT_EQ(controls().pointer_deg, Eigen::Vector2d(4, 2));
  for (int i = 0; i < 40; ++i) QTest::keyClick(image, Qt::Key_Left);
  settle();
  EXPECT_EQ(controls().pointer_deg, Eigen::Vector2d(-30, 2));
}

TEST_F(SimulationTest, TheWheelTurnsOnlyASliderWithTheFocus) {
  run_simulation();
  auto* slider = find<QSlider>("off_axis");
  const auto wheel = [&] {
    QWheelEvent event({5, 5}, slider->mapToGlobal(QPointF(5, 5)), {}, {0, 120}, {}, {}, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(slider, &event);
  };
  find<ui::EyeImageView>("eye_image")->setFocus();
  const int before = slider->value();
  wheel();
  EXPECT_EQ(slider->value(), before);
  window->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  slider->setFocus();
  wheel();
  EXPECT_NE(slider->value(), before);
}

TEST_F(SimulationTest, ErrorsAgainstTheTruthAreSaidInWords) {
  run_simulation();
  session.eye(EyeSide::right).truth_errors = TruthErrors{1.2, 0.3, -0.05};
  // Told a few times a second only: enough polls for one telling.
  for (int i = 0; i < 20; ++i) next_frame();
  session.eye(EyeSide::right).truth_errors = TruthErrors{{}, 2.0, {}};
  for (int i = 0; i < 16; ++i) next_frame();
  EXPECT_EQ(find<QLabel>("truth_now")->text(), "no gaze yet, outline 2.00 px, no pupil size");
  const QString median = find<QLabel>("truth_median")->text();
  EXPECT_TRUE(median.startsWith("gaze 1.2°, outline ")) << median.toStdString();
  EXPECT_TRUE(median.endsWith("pupil −0.05 mm")) << median.toStdString();
  EXPECT_TRUE(find<ui::StatusLine>("status_line")
                  ->text()
                  .endsWith("| Error: no gaze yet, outline 2.00 px, no pupil size"));
  // Another scenario starts its own median.
  session.eye(EyeSide::right) = test::running_simulation("paper", eye.simulated_sample(1, 0, 0, nullptr));
  session.eye(EyeSide::right).truth_errors = TruthErrors{9.0, 9.0, 9.0};
  window->presenter().poll();
  EXPECT_EQ(find<QLabel>("truth_median")->text(), "gaze 9.0°, outline 9.00 px, pupil +9.00 mm");
  session.eye(EyeSide::right) = test::playing_file("demo.mp4", eye.sample(1, 0, 0, nullptr));
  window->presenter().poll();
  EXPECT_FALSE(find<ui::StatusLine>("status_line")->text().contains("Error"));
}

TEST_F(SimulationTest, TheTrueOutlineIsOffUntilAskedForAndRemembered) {
  run_simulation();
  auto* image = find<ui::EyeImageView>("eye_image");
  EXPECT_FALSE(image->overlay().true_outline);
  const QImage before = image->grab().toImage();
  window->actions().show_truth->trigger();
  EXPECT_TRUE(image->overlay().true_outline);
  EXPECT_NE(image->grab().toImage(), before);
  window->close();
  window.reset();
  run_simulation();
  EXPECT_TRUE(find<ui::EyeImageView>("eye_image")->overlay().true_outline);
}

TEST_F(SimulationTest, WhatIsAskedForOrRememberedComesBeforeTheStartPage) {
  session.cameras.clear();
  SourceRequest stream;
  stream.kind = SourceRequest::Kind::mjpeg_stream;
  stream.location = "http://localhost:1/";
  window = std::make_unique<ui::MainWindow>(session, settings);
  window->begin({stream, EyeSide::right});
  window.reset();
  ui::forget_source(settings, EyeSide::right);
  ui::save_source(settings, EyeSide::left, stream);
  open_window();
  window.reset();
  ASSERT_EQ(session.opened.size(), 2U);
  for (const auto& opened : session.opened) EXPECT_EQ(opened.request.kind, SourceRequest::Kind::mjpeg_stream);
  // A remembered file that has gone leaves nothing to open.
  stream.kind = SourceRequest::Kind::video_file;
  stream.location = folder.filePath("gone.mp4").toStdString();
  ui::save_source(settings, EyeSide::left, stream);
  open_window();
  EXPECT_EQ(session.opened.size(), 2U);
  EXPECT_TRUE(find<ui::StartPage>("start_page")->isVisible());
  EXPECT_EQ(window->message_bar().waiting(), 1U);
}

TEST_F(SimulationTest, ASimulatedEyeOpenedByHandComesBack) {
  open_window();
  window->show_source_dialog(ui::SourceDialog::simulation_page);
  auto* dialog = window->findChild<ui::SourceDialog*>();
  ASSERT_NE(dialog, nullptr);
  dialog->findChild<QListWidget*>("scenario_list")->setCurrentRow(1);
  dialog->findChild<QLineEdit*>("seed")->setText("7");
  QTest::mouseClick(dialog->findChild<QPushButton*>("open"), Qt::LeftButton);
  window->close();
  window.reset();
  session.opened.clear();
  open_window();
  ASSERT_EQ(session.opened.size(), 1U);
  EXPECT_EQ(session.opened[0].request.kind, SourceRequest::Kind::simulated_eye);
  EXPECT_EQ(session.opened[0].request.location, "easy");
  EXPECT_EQ(session.opened[0].request.seed, 7U);
}

}  // namespace
}  // namespace yarbus::simulation_test
