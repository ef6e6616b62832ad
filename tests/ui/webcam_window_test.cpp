#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_face.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/main_window.h"
#include "ui/mode_button.h"
#include "ui/report/image_marks.h"
#include "ui/source_settings.h"

namespace yarbus::webcam_window_test {
namespace {

using test::FakeSession;
using test::running_webcam;
using test::SyntheticFace;
using testing::ElementsAre;
using testing::IsEmpty;

class WebcamWindowTest : public testing::Test {
 protected:
  WebcamWindowTest() {
    window.show();
    window.begin({});
    use(running_webcam(SyntheticFace{}.sample(7)));
  }
  void use(const EyeSnapshot& snapshot) {
    session.eye(EyeSide::right) = snapshot;
    for (int i = 0; i < 16; ++i) window.presenter().poll();  // what is told less often as well
    session.calls.clear();
  }
  void use_eye_camera() {
    const test::SyntheticEye eye;
    use(test::playing_file("demo.mp4", eye.unsure_sample(7, 12.0, 4.0, 0.3)));
  }
  template <class T>
  T* find(const char* name) {
    T* found = window.findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QString status() { return find<ui::StatusLine>("status_line")->text(); }
  std::vector<std::string> calls_of(QAction* action) {
    session.calls.clear();
    action->trigger();
    return session.calls;
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  FakeSession session;
  ui::MainWindow window{session, settings};
};

TEST_F(WebcamWindowTest, TheStateSpeaksOfTheFace) {
  EXPECT_EQ(
      status(),
      "Live: Integrated Camera | Both irises followed, confidence 0.93 | Head 60 cm away, facing the camera");
  use(running_webcam(SyntheticFace{}.miss(8, FaceMissReason::too_small)));
  EXPECT_EQ(status(), "Live: Integrated Camera | Face too far away: come nearer");
  SyntheticFace one;
  one.has_left = false;
  use(running_webcam(one.sample(9)));
  auto* eyes = window.findChild<ui::EyeSelector*>();
  ASSERT_NE(eyes, nullptr);
  EXPECT_EQ(eyes->text(EyeSide::right), "Right: followed");
  EXPECT_EQ(eyes->text(EyeSide::left), "Left: hidden") << "one camera sees both";
}

TEST_F(WebcamWindowTest, ModeAndReasonAreVisibleAndCanBeChanged) {
  auto* button = find<ui::ModeButton>("mode_button");
  EXPECT_TRUE(button->isEnabled());
  EXPECT_EQ(button->text(), "Webcam (face)");
  EXPECT_TRUE(button->toolTip().contains("a face is seen, which takes up 23 %"))
      << button->toolTip().toStdString();
  ASSERT_NE(button->menu(), nullptr);
  EXPECT_TRUE(button->menu()->actions().first()->text().contains("a face is seen"));
  EXPECT_NE(button->focusPolicy() & Qt::TabFocus, 0);
  const auto& a = window.actions();
  for (QAction* action : {a.use_webcam, a.use_eye_camera, a.recognise}) {
    EXPECT_TRUE(action->isEnabled());
    EXPECT_TRUE(button->menu()->actions().contains(action));
  }
  EXPECT_TRUE(a.use_webcam->isChecked());
  EXPECT_FALSE(a.use_eye_camera->isChecked());
  EXPECT_THAT(calls_of(a.use_eye_camera), ElementsAre("right mode near-eye"));
  EXPECT_THAT(calls_of(a.use_webcam), ElementsAre("right mode webcam"));
  EXPECT_THAT(calls_of(a.recognise), ElementsAre("right mode automatic"));
  use_eye_camera();
  EXPECT_EQ(button->text(), "Eye camera (pupil)");
  EXPECT_TRUE(a.use_eye_camera->isChecked());
  EXPECT_FALSE(a.use_webcam->isChecked());
  use({});
  EXPECT_FALSE(a.use_webcam->isEnabled());
  EXPECT_FALSE(a.use_webcam->isChecked() || a.use_eye_camera->isChecked());
  EXPECT_FALSE(button->isEnabled());
}

TEST_F(WebcamWindowTest, AModeThatWasCorrectedIsRemembered) {
  SourceRequest request;
  request.kind = SourceRequest::Kind::mjpeg_stream;
  request.location = "http://localhost/video";
  request.mode = TrackingMode::automatic;
  request.rotate_deg = 90;
  ui::save_source(settings, EyeSide::right, request);
  window.actions().use_webcam->trigger();
  const auto kept = ui::load_source(settings, EyeSide::right);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->mode, TrackingMode::webcam);
  EXPECT_EQ(kept->rotate_deg, 90);
}

TEST_F(WebcamWindowTest, ASimulationsModeIsItsOwn) {
  EyeSnapshot simulated = running_webcam(SyntheticFace{}.sample(7));
  simulated.source.request.kind = SourceRequest::Kind::simulated_eye;
  simulated.source.request.location = "face-still";
  use(simulated);
  EXPECT_FALSE(window.actions().use_eye_camera->isEnabled());
  EXPECT_TRUE(window.actions().use_webcam->isChecked());
  EXPECT_TRUE(window.actions().show_truth->isEnabled());
}

TEST_F(WebcamWindowTest, WhatNeedsAnEyeModelIsOffAndSaysWhy) {
  const auto& a = window.actions();
  EXPECT_EQ(a.of_eye_model().size(), 10);
  for (QAction* action : a.of_eye_model()) {
    EXPECT_FALSE(action->isEnabled()) << action->text().toStdString();
    EXPECT_TRUE(action->toolTip().startsWith("Only for eye cameras")) << action->toolTip().toStdString();
  }
  EXPECT_TRUE(a.calibrate->isEnabled());
  use_eye_camera();
  for (QAction* action : a.of_eye_model()) {
    EXPECT_TRUE(action->isEnabled()) << action->text().toStdString();
    EXPECT_FALSE(action->toolTip().contains("Only for")) << action->toolTip().toStdString();
  }
  EXPECT_EQ(a.refit->toolTip(), "Fit the eye model again to the views kept (Ctrl+R)");
}

TEST_F(WebcamWindowTest, TogglesAreNamedAfterWhatTheyDraw) {
  EXPECT_EQ(window.actions().show_pupil->text(), "Iris &outlines");
  EXPECT_TRUE(window.actions().show_pupil->toolTip().contains("(P)"));
  use_eye_camera();
  EXPECT_EQ(window.actions().show_pupil->text(), "&Pupil outline");
}

TEST_F(WebcamWindowTest, TheFacePanelTakesTheModelsPlace) {
  auto* face = find<ui::FacePanel>("face_panel");
  EXPECT_TRUE(face->isVisible());
  EXPECT_FALSE(find<ui::ModelPanel>("model_panel")->isVisible());
  EXPECT_EQ(find<QDockWidget>("dock_model")->windowTitle(), "Face");
  EXPECT_EQ(find<QLabel>("face_head")->text(), "60 cm away, facing the camera");
  EXPECT_EQ(find<QLabel>("face_left_eye")->text(), "Iris followed, confidence 0.93, 80 % open");
  EXPECT_TRUE(find<QLabel>("face_mode")->text().startsWith("Webcam (face): a face is seen"));
  EXPECT_FALSE(find<QLabel>("face_warning")->isVisible());
  EyeSnapshot lifeless = running_webcam(SyntheticFace{}.sample(8));
  lifeless.is_lifeless = true;
  use(lifeless);
  EXPECT_TRUE(find<QLabel>("face_warning")->isVisible());
  EXPECT_TRUE(find<QLabel>("face_warning")->text().contains("photograph"));
  use_eye_camera();
  EXPECT_TRUE(find<ui::ModelPanel>("model_panel")->isVisible());
  EXPECT_FALSE(face->isVisible());
  EXPECT_EQ(find<QDockWidget>("dock_model")->windowTitle(), "Eye model");
}

TEST_F(WebcamWindowTest, NoFrameIsKeptByPicturesThatAreNotSeen) {
  const auto sample = SyntheticFace{}.sample(8);
  const std::weak_ptr<const Frame> frame = sample->frame;
  use(running_webcam(sample));
  sample->frame.reset();  // the test's own hold on it
  use_eye_camera();
  EXPECT_TRUE(frame.expired());
}

TEST_F(WebcamWindowTest, AClickOnAnotherFaceChoosesIt) {
  auto* image = find<ui::EyeImageView>("eye_image");
  const ui::ImageMap map = ui::fit_image(image->rect(), 640, 360);
  const QPoint on_image = map(Eigen::Vector2d(500.0, 120.0)).toPoint();
  session.calls.clear();
  QTest::mouseClick(image, Qt::LeftButton, {}, on_image);
  EXPECT_THAT(session.calls, IsEmpty()) << "one face: nothing to choose";
  EyeSnapshot two = running_webcam(SyntheticFace{}.sample(8));
  two.faces_seen = 2;
  use(two);
  EXPECT_TRUE(status().contains("2 faces: click to choose")) << status().toStdString();
  EXPECT_EQ(image->cursor().shape(), Qt::PointingHandCursor);
  QTest::mouseClick(image, Qt::LeftButton, {}, on_image);
  ASSERT_EQ(session.calls.size(), 1U);
  int x = 0;
  int y = 0;
  ASSERT_EQ(std::sscanf(session.calls[0].c_str(), "right face at %d %d", &x, &y), 2) << session.calls[0];
  EXPECT_NEAR(x, 500, 2);
  EXPECT_NEAR(y, 120, 2);
  session.calls.clear();
  const QPoint beside(image->width() / 2, static_cast<int>(map.area.top()) - 4);
  if (image->rect().contains(beside)) {
    QTest::mouseClick(image, Qt::LeftButton, {}, beside);
    EXPECT_THAT(session.calls, IsEmpty()) << "outside the image";
  }
}

TEST_F(WebcamWindowTest, TheOtherEyeNeedsNoSource) {
  window.actions().left_eye->trigger();
  for (int i = 0; i < 16; ++i) window.presenter().poll();
  QString words;
  for (const QLabel* label : find<ui::StartPage>("start_page")->findChildren<QLabel*>())
    words += label->text() + '\n';
  EXPECT_TRUE(words.contains("The webcam sees the left eye as well")) << words.toStdString();
}

TEST_F(WebcamWindowTest, TracesHaveNoPupilPanel) {
  auto* traces = find<ui::TraceView>("traces");
  const auto& diameter = traces->curve(ui::TraceView::diameter);
  for (int i = 0; i < 5; ++i) QCoreApplication::processEvents();  // it is laid out when it is drawn
  EXPECT_FALSE(diameter.keyAxis()->axisRect()->visible());
  EXPECT_LT(diameter.keyAxis()->axisRect()->height(), 8);
  use_eye_camera();
  EXPECT_TRUE(diameter.keyAxis()->axisRect()->visible());
}

TEST_F(WebcamWindowTest, TheSceneShowsHeadAndEyes) {
  auto* scene = find<ui::EyeSceneView>("eye_scene");
  const QImage ahead = scene->grab().toImage();
  SyntheticFace aside;
  aside.azimuth_deg = 25.0;
  use(running_webcam(aside.sample(8)));
  EXPECT_NE(scene->grab().toImage(), ahead) << "the eyes' axes";
  use(running_webcam(SyntheticFace{}.miss(9, FaceMissReason::no_face)));
  const QImage lost = scene->grab().toImage();
  use(running_webcam(SyntheticFace{}.miss(10, FaceMissReason::no_face)));
  EXPECT_EQ(scene->grab().toImage(), lost) << "the head stays where it was last seen";
}

}  // namespace
}  // namespace yarbus::webcam_window_test
