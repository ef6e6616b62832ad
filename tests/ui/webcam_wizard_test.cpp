#include <QComboBox>
#include <QLabel>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_face.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/calibration/calibration_wizard.h"

namespace yarbus {
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

}  // namespace
}  // namespace yarbus
