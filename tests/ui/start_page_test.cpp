#include "ui/start_page.h"

#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/help_pages.h"
#include "ui/main_window.h"
#include "ui/source_settings.h"

namespace yarbus::start_page_test {
namespace {

using test::FakeSession;
using testing::IsEmpty;
using testing::SizeIs;
using ui::Door;

CameraChoice camera(const std::string& path, const std::string& name,
                    TrackingMode remembered = TrackingMode::automatic) {
  CameraChoice choice{path, name, true, {}};
  choice.remembered_mode = remembered;
  return choice;
}
std::string opened_by(const std::vector<CameraChoice>& cameras, Door door,
                      const ui::DoorMemory& memory = {}) {
  const auto doors = ui::start_doors(cameras, memory);
  const auto& request = doors[static_cast<std::size_t>(door)].request;
  return request ? request->location : "nothing";
}

TEST(StartDoors, OneCameraIsBehindBothCameraDoors) {
  const std::vector<CameraChoice> one{camera("/dev/video0", "Integrated Camera")};
  EXPECT_EQ(opened_by(one, Door::webcam), "/dev/video0");
  EXPECT_EQ(opened_by(one, Door::eye_camera), "/dev/video0");
  EXPECT_EQ(opened_by(one, Door::simulated_eye), "easy");
  const auto doors = ui::start_doors(one, {});
  EXPECT_EQ(doors[0].request->mode, TrackingMode::webcam);
  EXPECT_EQ(doors[1].request->mode, TrackingMode::near_eye);
  EXPECT_EQ(doors[0].opens, "Opens Integrated Camera");
}

TEST(StartDoors, NamesChoicesAndMemoryTellCamerasApart) {
  const std::vector<CameraChoice> three{camera("/dev/video0", "Pupil Cam1 ID0"),
                                        camera("/dev/video2", "Integrated Camera"),
                                        camera("/dev/video4", "USB 2.0 Camera")};
  EXPECT_EQ(opened_by(three, Door::webcam), "/dev/video2");
  EXPECT_EQ(opened_by(three, Door::eye_camera), "/dev/video0");
  // What the doors opened last comes first, then what somebody said of a camera.
  EXPECT_EQ(opened_by(three, Door::eye_camera, {{}, "USB 2.0 Camera"}), "/dev/video4");
  auto said = three;
  said[2].remembered_mode = TrackingMode::webcam;
  EXPECT_EQ(opened_by(said, Door::webcam), "/dev/video4");
  EXPECT_EQ(ui::start_doors(three, {})[0].opens, "Opens Integrated Camera, one of 3 cameras");
  // Without any word for it, the eye camera is the one that came later.
  const std::vector<CameraChoice> two{camera("/dev/video0", "HD Camera"),
                                      camera("/dev/video2", "USB Camera")};
  EXPECT_EQ(opened_by(two, Door::webcam), "/dev/video0");
  EXPECT_EQ(opened_by(two, Door::eye_camera), "/dev/video2");
}

TEST(StartDoors, CamerasThatMayNotBeUsedOpenNothingAndSaySo) {
  CameraChoice locked = camera("/dev/video0", "HD Webcam");
  locked.is_readable = false;
  EXPECT_EQ(opened_by({locked}, Door::webcam), "nothing");
  EXPECT_EQ(ui::start_doors({locked}, {})[1].opens, "No permission to use HD Webcam");
  EXPECT_EQ(ui::start_doors({}, {})[0].opens, "No camera found: plug one in");
}

class StartPageTest : public testing::Test {
 protected:
  void open_window() {
    window = std::make_unique<ui::MainWindow>(session, settings);
    window->show();
    window->begin({});
    window->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  }
  template <class T>
  T* find(const char* name) {
    T* found = window->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QPushButton* door(const char* name) { return find<QPushButton>(name); }
  /// The window's own; the wizard has one too.
  QPushButton* offer() { return window->message_bar().findChild<QPushButton*>("message_offer"); }
  void plays() {
    const test::SyntheticEye eye;
    auto& snapshot = session.eye(EyeSide::right);
    const SourceRequest request = session.opened.back().request;
    snapshot = test::playing_file("Integrated Camera", eye.sample(7, 12.0, 4.0, nullptr));
    snapshot.source.request = request;
    snapshot.source.is_live = true;
    window->presenter().poll();
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  FakeSession session;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(StartPageTest, WithoutACameraEnterOpensTheSimulatedEye) {
  open_window();
  EXPECT_THAT(session.opened, IsEmpty());
  EXPECT_TRUE(find<ui::StartPage>("start_page")->isVisible());
  EXPECT_FALSE(door("door_webcam")->isEnabled());
  EXPECT_FALSE(door("door_eye_camera")->isEnabled());
  EXPECT_TRUE(door("door_webcam")->accessibleDescription().contains("No camera found: plug one in"));
  ASSERT_TRUE(door("door_simulated_eye")->hasFocus());
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
  ASSERT_THAT(session.opened, SizeIs(1));
  EXPECT_EQ(session.opened[0].request.kind, SourceRequest::Kind::simulated_eye);
  EXPECT_EQ(session.opened[0].request.location, "easy");
  // The choice is remembered.
  window->close();
  window.reset();
  session.opened.clear();
  open_window();
  ASSERT_THAT(session.opened, SizeIs(1));
  EXPECT_EQ(session.opened[0].request.kind, SourceRequest::Kind::simulated_eye);
}

TEST_F(StartPageTest, KeysAndClicksOpenTheirDoors) {
  session.cameras = {camera("/dev/video0", "Integrated Camera"), camera("/dev/video2", "Eye Cam")};
  open_window();
  EXPECT_TRUE(door("door_webcam")->hasFocus());
  for (const Qt::Key key : {Qt::Key_1, Qt::Key_2, Qt::Key_3})
    QTest::keyClick(QApplication::focusWidget(), key);
  QTest::mouseClick(door("door_eye_camera"), Qt::LeftButton);
  std::vector<std::string> places;
  for (const auto& one : session.opened) places.push_back(one.request.location);
  EXPECT_THAT(places, testing::ElementsAre("/dev/video0", "/dev/video2", "easy", "/dev/video2"));
  EXPECT_EQ(session.opened[0].request.mode, TrackingMode::webcam);
  EXPECT_EQ(session.opened[1].request.mode, TrackingMode::near_eye);
}

TEST_F(StartPageTest, AWebcamTakesTheRightEyesPlace) {
  session.cameras = {camera("/dev/video0", "Integrated Camera")};
  open_window();
  window->actions().left_eye->trigger();
  QTest::mouseClick(door("door_webcam"), Qt::LeftButton);
  window->actions().left_eye->trigger();
  QTest::mouseClick(door("door_eye_camera"), Qt::LeftButton);
  ASSERT_THAT(session.opened, SizeIs(2));
  EXPECT_EQ(session.opened[0].eye, EyeSide::right);
  EXPECT_EQ(session.opened[1].eye, EyeSide::left);
}

TEST_F(StartPageTest, ACameraThatIsPluggedInIsThereByItself) {
  open_window();
  session.cameras = {camera("/dev/video0", "Integrated Camera")};
  EXPECT_TRUE(
      QTest::qWaitFor([&] { return door("door_webcam")->isEnabled(); }, 2 * ui::StartPage::look_interval_ms));
  EXPECT_TRUE(door("door_webcam")->accessibleDescription().contains("Opens Integrated Camera"));
  EXPECT_TRUE(door("door_simulated_eye")->hasFocus()) << "it moves under nobody's hands";
}

TEST_F(StartPageTest, WithoutPermissionItSaysWhatToDo) {
  session.cameras = {{"/dev/video0", "HD Webcam", false, {}}};
  open_window();
  EXPECT_FALSE(door("door_webcam")->isEnabled());
  EXPECT_TRUE(find<QLabel>("start_permission")->isVisible());
  EXPECT_TRUE(find<QLabel>("start_permission")->text().contains("usermod -aG video"));
  session.cameras.clear();
  find<ui::StartPage>("start_page")->look();
  EXPECT_FALSE(find<QLabel>("start_permission")->isVisible());
}

TEST_F(StartPageTest, WhatWasClosedCanBeOpenedAgain) {
  open_window();
  EXPECT_FALSE(find<QPushButton>("open_again")->isVisible());
  QTest::keyClick(door("door_simulated_eye"), Qt::Key_3);
  plays();
  EXPECT_FALSE(find<ui::StartPage>("start_page")->isVisible());
  window->actions().close_source->trigger();
  session.eye(EyeSide::right) = {};
  window->presenter().poll();
  EXPECT_TRUE(find<ui::StartPage>("start_page")->isVisible());
  EXPECT_FALSE(ui::load_source(settings, EyeSide::right)) << "closed sources do not come back by themselves";
  ASSERT_TRUE(find<QPushButton>("open_again")->isVisible());
  EXPECT_EQ(find<QPushButton>("open_again")->text(), "Open again: simulation easy");
  session.opened.clear();
  QTest::mouseClick(find<QPushButton>("open_again"), Qt::LeftButton);
  ASSERT_THAT(session.opened, SizeIs(1));
  EXPECT_EQ(session.opened[0].request.location, "easy");
}

TEST_F(StartPageTest, AfterADoorTheCalibrationIsOffered) {
  session.cameras = {camera("/dev/video0", "Integrated Camera")};
  open_window();
  QTest::mouseClick(door("door_webcam"), Qt::LeftButton);
  EXPECT_EQ(window->message_bar().waiting(), 0U) << "not before pictures come";
  plays();
  auto* offer = this->offer();
  ASSERT_TRUE(offer->isVisible());
  EXPECT_EQ(offer->text(), "Calibrate gaze on the screen");
  EXPECT_TRUE(window->message_bar().text().contains("Integrated Camera"));
  EXPECT_TRUE(window->message_bar().text().contains("<b>Note:</b>"));
  QTest::mouseClick(offer, Qt::LeftButton);
  EXPECT_TRUE(window->calibration().wizard().isVisible());
  EXPECT_EQ(window->message_bar().waiting(), 0U);
}

TEST_F(StartPageTest, TheSimulatedEyesOfferStartsTheDemo) {
  open_window();
  QTest::mouseClick(door("door_simulated_eye"), Qt::LeftButton);
  plays();
  ASSERT_TRUE(offer()->isVisible());
  QTest::mouseClick(offer(), Qt::LeftButton);
  EXPECT_THAT(session.fake_calibration.calls, testing::Contains(testing::HasSubstr("demo")));
}

TEST_F(StartPageTest, WhatIsOpenedInAnotherWayGetsNoOffer) {
  open_window();
  QTest::mouseClick(door("door_simulated_eye"), Qt::LeftButton);
  window->show_source_dialog(ui::SourceDialog::stream_page);
  auto* dialog = window->findChild<ui::SourceDialog*>();
  ASSERT_NE(dialog, nullptr);
  dialog->findChild<QLineEdit*>("stream")->setText("http://localhost:1/");
  QTest::mouseClick(dialog->findChild<QPushButton*>("open"), Qt::LeftButton);
  plays();
  EXPECT_EQ(window->message_bar().waiting(), 0U);
}

TEST_F(StartPageTest, FirstStepsNameTheKeysThatThereAre) {
  open_window();
  const QString page = ui::first_steps_html(window->actions());
  for (const QAction* action :
       {window->actions().open_camera, window->actions().close_source, window->actions().calibrate,
        window->actions().gaze_overlay, window->actions().recentre, window->actions().shortcuts})
    EXPECT_TRUE(page.contains(action->shortcut().toString(QKeySequence::NativeText)))
        << action->text().toStdString();
  EXPECT_FALSE(page.contains("%"));
  window->actions().first_steps->trigger();
  bool is_shown = false;
  for (const QDialog* dialog : window->findChildren<QDialog*>())
    is_shown = is_shown || (dialog->isVisible() && dialog->windowTitle() == "First steps");
  EXPECT_TRUE(is_shown);
}

}  // namespace
}  // namespace yarbus::start_page_test
