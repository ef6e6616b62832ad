#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTemporaryDir>
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_face.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/calibration/calibration_wizard.h"
#include "ui/report/calibration_tables.h"

namespace yarbus::webcam_wizard_test {
namespace {

using test::running_webcam;
using test::SyntheticFace;

class WebcamWizardTest : public testing::Test {
 protected:
  void use(const EyeSnapshot& right) {
    session.eye(EyeSide::right) = right;
    presenter.poll();
  }
  template <class T>
  T* find(const char* name) {
    T* found = wizard.page()->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  test::FakeSession session;
  test::FakeCalibration& control = session.fake_calibration;
  ui::Presenter presenter{session};
  ui::CalibrationWizard wizard{control, presenter, settings};
};

TEST_F(WebcamWizardTest, TheSetUpSaysWhatAWebcamNeeds) {
  use(running_webcam(SyntheticFace{}.sample(1)));
  wizard.open_setup();
  auto* text = find<QLabel>("setup_webcam");
  EXPECT_TRUE(text->isVisible());
  for (const char* word :
       {"above or below the screen", "arm's length", "light come from the front", "reflection",
        "head may move a little", "about 1 to 3 degrees", "1 to 3 cm at 60 cm"})
    EXPECT_TRUE(text->text().contains(word)) << word;
  EXPECT_FALSE(find<QComboBox>("setup_camera")->isVisible());
  EXPECT_FALSE(wizard.setup().request().is_camera_on_head);
}

TEST_F(WebcamWizardTest, AnEyeCameraIsAskedAboutAsBefore) {
  const test::SyntheticEye eye;
  use(test::playing_file("demo.mp4", eye.sample(1, 0, 0, eye.model())));
  wizard.open_setup();
  EXPECT_FALSE(find<QLabel>("setup_webcam")->isVisible());
  EXPECT_TRUE(find<QComboBox>("setup_camera")->isVisible());
  EXPECT_TRUE(wizard.setup().request().is_camera_on_head);
  // The camera turns out to be a webcam while the page is open.
  use(running_webcam(SyntheticFace{}.sample(1)));
  wizard.poll();
  EXPECT_TRUE(find<QLabel>("setup_webcam")->isVisible());
  // A demo brings its own eye cameras.
  wizard.open_setup(true);
  EXPECT_FALSE(find<QLabel>("setup_webcam")->isVisible());
  EXPECT_TRUE(wizard.setup().request().is_camera_on_head);
}

TEST_F(WebcamWizardTest, TheRememberedPlaceOfAnEyeCameraStays) {
  use(running_webcam(SyntheticFace{}.sample(1)));
  wizard.open_setup();
  wizard.setup().remember();
  EXPECT_TRUE(ui::load_setup(settings).is_camera_on_head);
}

TEST_F(WebcamWizardTest, TheGateShowsEachEyeOutOfTheOneImage) {
  use(running_webcam(SyntheticFace{}.sample(1)));
  control.now = test::example_gate();
  control.now.request.is_camera_on_head = false;
  wizard.poll();
  ASSERT_EQ(wizard.page()->objectName(), "gate_page");
  EXPECT_TRUE(find<QLabel>("gate_intro")->text().contains("arm's length"));
  EXPECT_FALSE(find<QLabel>("gate_intro")->text().contains("look around"));
  const auto picture = [&](const char* card) {
    return find<QWidget>(card)->findChild<ui::EyeImageView*>("gate_picture")->grab().toImage();
  };
  const QImage right = picture("gate_right");
  const QImage left = picture("gate_left");
  const auto iris_gray = [](const QImage& image) {
    return qGray(image.pixel(image.width() / 2, image.height() / 2));
  };
  EXPECT_LT(iris_gray(right), 90);
  EXPECT_LT(iris_gray(left), 90) << "not a picture of nothing: the left eye is in the same image";
  const test::SyntheticEye eye;
  use(test::playing_file("demo.mp4", eye.sample(1, 0, 0, eye.model())));
  wizard.poll();
  EXPECT_TRUE(find<QLabel>("gate_intro")->text().contains("look around"));
}

TEST_F(WebcamWizardTest, TheHeadPassIsOfferedCheckedAndRemembered) {
  use(running_webcam(SyntheticFace{}.sample(1)));
  wizard.open_setup();
  auto* box = find<QCheckBox>("setup_head_pass");
  EXPECT_TRUE(box->isVisible());
  EXPECT_TRUE(box->isChecked());
  EXPECT_EQ(wizard.setup().request().head_pass, true);
  box->setChecked(false);
  EXPECT_EQ(wizard.setup().request().head_pass, false);
  wizard.setup().remember();
  EXPECT_FALSE(ui::load_setup(settings).head_pass);
  const test::SyntheticEye eye;
  use(test::playing_file("demo.mp4", eye.sample(1, 0, 0, eye.model())));
  wizard.poll();
  EXPECT_FALSE(box->isVisible());
  EXPECT_FALSE(wizard.setup().request().head_pass);  // not asked
}

class HeadPassWindow : public WebcamWizardTest {
 protected:
  ui::TargetWindow& show_pass(bool is_head_pass, double left_s = 7.2) {
    control.now = test::example_targets(10, 9, TargetStep::sampling);
    const ui::Monitor monitor = ui::list_monitors().first();
    control.now.request.screen = ui::screen_geometry(monitor, {531.0, 299.0}, 600.0);
    control.now.target->position_in_screen_mm = {265.5, 149.5};
    control.now.target->is_head_pass = is_head_pass;
    control.now.target->is_gaze_still = true;
    control.now.target->time_left_s = left_s;
    control.now.target->progress = 0.28;
    PointView pass;
    pass.point = 9;
    pass.is_head_pass = is_head_pass;
    control.now.points.insert(control.now.points.begin() + 9, pass);
    wizard.poll();
    return wizard.targets();
  }
  /// Dark pixels from so far below the target, where the words are.
  static int words_in(ui::TargetWindow& targets, int from_px = 60) {
    const QImage image = targets.grab().toImage();
    const QPoint place = targets.target_place()->toPoint();
    int dark = 0;
    const int from = place.y() + from_px;
    for (int y = from; y < std::min(from + 180, image.height() - 60); ++y) {
      for (int x = 20; x < image.width() - 20; ++x) dark += qGray(image.pixel(x, y)) < 60 ? 1 : 0;
    }
    return dark;
  }
};

TEST_F(HeadPassWindow, SaysWhatToDoBesideTheTarget) {
  for (const QPalette& palette : {QPalette(Qt::white), QPalette(QColor(40, 40, 40))}) {
    QApplication::setPalette(palette);  // the targets' page is gray with either
    ui::TargetWindow& targets = show_pass(true);
    EXPECT_TRUE(targets.instruction_text().startsWith(
        "Keep looking at the point and turn your head slowly: left, right, up, down"));
    EXPECT_TRUE(targets.instruction_text().endsWith("8 s left"));
    EXPECT_GT(words_in(targets), 300);
    EXPECT_TRUE(targets.accessibleDescription().contains("turn your head slowly"));
    EXPECT_TRUE(targets.status_text().startsWith("head movement"));
    EXPECT_TRUE(targets.status_text().contains("S: skip"));
    control.now.target->is_gaze_still = false;
    wizard.poll();
    EXPECT_TRUE(targets.instruction_text().contains("face is not seen"));
    control.now.target->step = TargetStep::settling;
    control.now.target->time_left_s = 10.0;
    wizard.poll();
    EXPECT_TRUE(targets.instruction_text().endsWith("for 10 s"));
    show_pass(false);
    EXPECT_TRUE(targets.instruction_text().isEmpty());
    EXPECT_EQ(words_in(targets), 0);
    EXPECT_FALSE(targets.accessibleDescription().contains("turn your head"));
    show_pass(true);
    control.now.target->position_in_screen_mm.y() = 280.0;  // of a region at the lower edge
    wizard.poll();
    EXPECT_EQ(words_in(targets), 0);
    EXPECT_GT(words_in(targets, -240), 300);
    control.now.is_paused = true;
    control.now.target.reset();
    wizard.poll();
    EXPECT_TRUE(targets.instruction_text().isEmpty());
    control.now.is_paused = false;
  }
  QApplication::setPalette(QPalette());
}

TEST_F(HeadPassWindow, ItIsNoPointOfTheGrid) {
  ui::TargetWindow& targets = show_pass(true);
  control.now = test::example_targets(5, 4, TargetStep::sampling);
  wizard.poll();
  const QString before = targets.status_text();
  EXPECT_TRUE(before.contains("of 9")) << before.toStdString();
  PointView waiting;
  waiting.point = 9;
  waiting.is_head_pass = true;
  control.now.points.push_back(waiting);
  wizard.poll();
  EXPECT_EQ(targets.status_text(), before);
  CalibrationResult result = *test::example_result();
  const auto rows = ui::point_table(result).rows.size();
  const auto placed = ui::screen_map_of(result).points.size();
  PointView pass;
  pass.point = 9;
  pass.is_head_pass = true;
  pass.verdict = PointVerdict::good;
  pass.samples = 120;
  result.points.push_back(pass);
  EXPECT_EQ(ui::screen_map_of(result).points.size(), placed);
  const ui::TextTable table = ui::point_table(result);
  ASSERT_EQ(table.rows.size(), rows + 1);
  EXPECT_EQ(table.rows.last()[0], "head movement");
  EXPECT_EQ(table.rows.last()[3], "–");  // it has no spread
}

}  // namespace
}  // namespace yarbus::webcam_wizard_test
