#include "ui/source_dialog.h"

#include <QFile>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "ui/source_form.h"
#include "ui/source_settings.h"

namespace yarbus::source_dialog_test {
namespace {

using test::FakeSession;
using ui::SourceDialog;

class SourceDialogTest : public testing::Test {
 protected:
  SourceDialogTest() {
    session.cameras = {
        {"/dev/video0", "HD Webcam", true, {"MJPG 640x480 at 30, 60 Hz", "YUYV 320x240 at 30 Hz"}},
        {"/dev/video2", "Eye Camera", false, {}}};
  }
  void open(EyeSide eye = EyeSide::right, const std::optional<SourceRequest>& last = {}) {
    dialog = std::make_unique<SourceDialog>(session, eye, last);
    QObject::connect(dialog.get(), &SourceDialog::chosen, [this](EyeSide side, const SourceRequest& request) {
      chosen.push_back({side, request});
    });
  }
  template <class T>
  T* find(const char* name) {
    T* found = dialog->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QString fault() { return find<QLabel>("fault")->text(); }
  bool can_open() { return find<QPushButton>("open")->isEnabled(); }
  void press_open() { QTest::mouseClick(find<QPushButton>("open"), Qt::LeftButton); }

  FakeSession session;
  std::unique_ptr<SourceDialog> dialog;
  std::vector<FakeSession::Opened> chosen;
  QTemporaryDir folder;
};

TEST_F(SourceDialogTest, ACameraWithItsSettings) {
  open(EyeSide::left);
  find<QComboBox>("camera_size")->setEditText("640x480");
  find<QComboBox>("camera_rate")->setEditText("60");
  find<QLineEdit>("camera_exposure")->setText("120");
  find<QLineEdit>("camera_gain")->setText("3.5");
  find<QComboBox>("rotate")->setCurrentIndex(2);
  find<QComboBox>("mirror")->setCurrentIndex(1);
  press_open();
  ASSERT_EQ(chosen.size(), 1U);
  const SourceRequest& request = chosen[0].request;
  EXPECT_EQ(chosen[0].eye, EyeSide::left);
  EXPECT_EQ(request.kind, SourceRequest::Kind::camera);
  EXPECT_EQ(request.location, "/dev/video0");
  EXPECT_EQ(request.width_px, 640);
  EXPECT_EQ(request.height_px, 480);
  EXPECT_EQ(request.rate_hz, 60.0);
  EXPECT_EQ(request.exposure, 120.0);
  EXPECT_EQ(request.gain, 3.5);
  EXPECT_EQ(request.rotate_deg, 180);
  EXPECT_TRUE(request.mirror);
  EXPECT_FALSE(request.focal_px);
}

TEST_F(SourceDialogTest, EmptyFieldsLeaveTheCamerasOwn) {
  open();
  press_open();
  ASSERT_EQ(chosen.size(), 1U);
  const SourceRequest& request = chosen[0].request;
  EXPECT_FALSE(request.width_px || request.height_px || request.rate_hz || request.exposure || request.gain);
  EXPECT_TRUE(request.pixel_format.empty());
}

TEST_F(SourceDialogTest, ProposesWhatTheCameraOffers) {
  open();
  auto* sizes = find<QComboBox>("camera_size");
  EXPECT_GE(sizes->findText("640x480"), 0);
  EXPECT_GE(sizes->findText("320x240"), 0);
  EXPECT_GE(find<QComboBox>("camera_rate")->findText("60"), 0);
}

TEST_F(SourceDialogTest, AnUnreadableCameraSaysWhatToDo) {
  open();
  auto* list = find<QListWidget>("camera_list");
  EXPECT_TRUE(list->item(1)->text().contains("no permission"));
  list->setCurrentRow(1);
  EXPECT_TRUE(find<QLabel>("camera_note")->text().contains("usermod -aG video"));
  EXPECT_FALSE(can_open());
}

TEST_F(SourceDialogTest, NoCameraIsSaidInWords) {
  session.cameras.clear();
  open();
  EXPECT_TRUE(find<QLabel>("camera_note")->text().contains("No camera found"));
  EXPECT_FALSE(can_open());
}

TEST_F(SourceDialogTest, BadNumbersAreNamed) {
  open();
  for (const auto& [field, text] :
       {std::pair{"camera_exposure", "bright"}, std::pair{"camera_gain", "nan"}}) {
    find<QLineEdit>(field)->setText(text);
    EXPECT_FALSE(can_open()) << field;
    EXPECT_FALSE(fault().isEmpty());
    find<QLineEdit>(field)->clear();
    EXPECT_TRUE(can_open());
  }
  find<QComboBox>("camera_size")->setEditText("640");
  EXPECT_FALSE(can_open());
  find<QComboBox>("camera_size")->setEditText("");
  find<QComboBox>("camera_rate")->setEditText("-5");
  EXPECT_FALSE(can_open());
}

TEST_F(SourceDialogTest, FilesAndFoldersMustExist) {
  QFile file(folder.filePath("a.mp4"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  open();
  dialog->show_page(SourceDialog::file_page);
  EXPECT_FALSE(can_open());
  find<QLineEdit>("file")->setText(folder.filePath("gone.mp4"));
  EXPECT_EQ(fault(), "This file does not exist.");
  find<QLineEdit>("file")->setText(file.fileName());
  EXPECT_TRUE(can_open());
  press_open();
  dialog->show_page(SourceDialog::folder_page);
  find<QLineEdit>("folder")->setText(file.fileName());
  EXPECT_EQ(fault(), "This folder does not exist.");
  find<QLineEdit>("folder")->setText(folder.path());
  press_open();
  ASSERT_EQ(chosen.size(), 2U);
  EXPECT_EQ(chosen[0].request.kind, SourceRequest::Kind::video_file);
  EXPECT_EQ(chosen[0].request.location, file.fileName().toStdString());
  EXPECT_EQ(chosen[1].request.kind, SourceRequest::Kind::image_folder);
}

TEST_F(SourceDialogTest, StreamsNeedAnHttpAddress) {
  open();
  dialog->show_page(SourceDialog::stream_page);
  for (const char* bad : {"", "localhost", "ftp://host/x", "http://"}) {
    find<QLineEdit>("stream")->setText(bad);
    EXPECT_FALSE(can_open()) << bad;
  }
  find<QLineEdit>("stream")->setText("http://192.168.1.20:8080/video");
  press_open();
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen[0].request.kind, SourceRequest::Kind::mjpeg_stream);
  EXPECT_EQ(chosen[0].request.location, "http://192.168.1.20:8080/video");
}

TEST_F(SourceDialogTest, ASimulatedEyeWithScenarioAndSeed) {
  session.scenarios = {
      {"paper", "The paper's"}, {"easy", "Everything in view"}, {"lashes", "Lashes cross the pupil"}};
  open(EyeSide::left);
  find<QComboBox>("rotate")->setCurrentIndex(1);
  find<QComboBox>("optics")->setCurrentIndex(1);
  dialog->show_page(SourceDialog::simulation_page);
  auto* list = find<QListWidget>("scenario_list");
  ASSERT_EQ(list->count(), 3);
  EXPECT_EQ(list->currentRow(), 1) << "the easy one comes first";
  EXPECT_TRUE(list->item(2)->text().startsWith("lashes"));
  EXPECT_TRUE(list->item(2)->text().contains("Lashes cross the pupil"));
  list->setCurrentRow(2);
  EXPECT_EQ(find<QLabel>("scenario_note")->text(), "Lashes cross the pupil");
  for (const char* bad : {"", "-1", "1.5", "one", "18446744073709551616"}) {
    find<QLineEdit>("seed")->setText(bad);
    EXPECT_FALSE(can_open()) << bad;
    EXPECT_TRUE(fault().contains("seed")) << bad;
  }
  find<QLineEdit>("seed")->setText("18446744073709551615");
  press_open();
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen[0].eye, EyeSide::left);
  EXPECT_EQ(chosen[0].request.kind, SourceRequest::Kind::simulated_eye);
  EXPECT_EQ(chosen[0].request.location, "lashes");
  EXPECT_EQ(chosen[0].request.seed, 18446744073709551615U);
  // Its camera is known: what is set for others neither stops it nor goes along.
  EXPECT_FALSE(find<QComboBox>("rotate")->isEnabled());
  EXPECT_EQ(chosen[0].request.rotate_deg, 0);
  EXPECT_FALSE(chosen[0].request.focal_px);
  dialog->show();
  dialog->show_page(SourceDialog::simulation_page);
  EXPECT_TRUE(find<QLabel>("known_optics")->isVisible());
  EXPECT_TRUE(find<QLabel>("known_optics")->text().contains("known exactly"));
  EXPECT_FALSE(find<QComboBox>("optics")->isVisible()) << "it would say that something is assumed";
  EXPECT_FALSE(find<QLineEdit>("focal_px")->isVisible());
  dialog->show_page(SourceDialog::camera_page);
  EXPECT_TRUE(find<QComboBox>("rotate")->isEnabled());
  EXPECT_TRUE(find<QComboBox>("optics")->isVisible());
  EXPECT_TRUE(find<QLineEdit>("focal_px")->isVisible());
  EXPECT_FALSE(find<QLabel>("known_optics")->isVisible());
}

TEST_F(SourceDialogTest, WhatTheCameraLooksAtIsAskedAndExplained) {
  open(EyeSide::left);
  auto* mode = find<QComboBox>("mode");
  EXPECT_EQ(mode->currentIndex(), 0);
  EXPECT_TRUE(find<QLabel>("mode_text")->text().contains("first images"));
  press_open();
  mode->setCurrentIndex(1);
  EXPECT_TRUE(find<QLabel>("mode_text")->text().contains("pupil"));
  press_open();
  mode->setCurrentIndex(2);
  EXPECT_TRUE(find<QLabel>("mode_text")->text().contains("both irises"));
  EXPECT_FALSE(find<QComboBox>("eye")->isEnabled()) << "a webcam sees both eyes";
  press_open();
  ASSERT_EQ(chosen.size(), 3U);
  EXPECT_EQ(chosen[0].request.mode, TrackingMode::automatic);
  EXPECT_EQ(chosen[0].eye, EyeSide::left);
  EXPECT_EQ(chosen[1].request.mode, TrackingMode::near_eye);
  EXPECT_EQ(chosen[2].request.mode, TrackingMode::webcam);
  EXPECT_EQ(chosen[2].eye, EyeSide::right) << "a webcam's place";
}

TEST_F(SourceDialogTest, ASimulationKnowsWhatItIs) {
  session.scenarios = {{"easy", "Everything in view"}, {"face-still", "A face that sits still"}};
  open(EyeSide::left);
  find<QComboBox>("mode")->setCurrentIndex(2);
  dialog->show();
  EXPECT_TRUE(find<QComboBox>("mode")->isVisible());
  dialog->show_page(SourceDialog::simulation_page);
  EXPECT_FALSE(find<QComboBox>("mode")->isVisible());
  EXPECT_TRUE(find<QComboBox>("eye")->isEnabled());
  press_open();
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen[0].request.mode, TrackingMode::near_eye) << "not what was chosen for a camera";
  EXPECT_EQ(chosen[0].eye, EyeSide::left);
}

TEST_F(SourceDialogTest, WithoutScenariosThereIsNoSimulatedEye) {
  open();
  dialog->show_page(SourceDialog::simulation_page);
  EXPECT_FALSE(can_open());
  EXPECT_EQ(fault(), "Choose a scenario.");
}

TEST_F(SourceDialogTest, StartsFromTheLastSimulatedEye) {
  session.scenarios = {{"easy", "Everything in view"}, {"lashes", "Lashes cross the pupil"}};
  SourceRequest last;
  last.kind = SourceRequest::Kind::simulated_eye;
  last.location = "lashes";
  last.seed = 42;
  open(EyeSide::right, last);
  QString found_fault;
  const SourceRequest now = dialog->request(found_fault);
  EXPECT_EQ(found_fault, "");
  EXPECT_EQ(now.kind, last.kind);
  EXPECT_EQ(now.location, "lashes");
  EXPECT_EQ(now.seed, 42U);
}

TEST_F(SourceDialogTest, OpticsFromFocalLengthOrFile) {
  open();
  find<QComboBox>("optics")->setCurrentIndex(1);
  for (const char* bad : {"", "0", "-620", "inf", "wide"}) {
    find<QLineEdit>("focal_px")->setText(bad);
    EXPECT_FALSE(can_open()) << bad;
  }
  find<QLineEdit>("focal_px")->setText("620.5");
  press_open();
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen[0].request.focal_px, 620.5);
  QFile file(folder.filePath("K.json"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  find<QComboBox>("optics")->setCurrentIndex(2);
  EXPECT_FALSE(can_open());
  find<QLineEdit>("intrinsics")->setText(file.fileName());
  press_open();
  ASSERT_EQ(chosen.size(), 2U);
  EXPECT_FALSE(chosen[1].request.focal_px);
  EXPECT_EQ(chosen[1].request.intrinsics_file, file.fileName().toStdString());
}

TEST_F(SourceDialogTest, StartsFromTheLastSource) {
  SourceRequest last;
  last.kind = SourceRequest::Kind::mjpeg_stream;
  last.location = "http://host/video";
  last.rotate_deg = 270;
  last.mirror = true;
  last.focal_px = 500.0;
  last.mode = TrackingMode::webcam;
  open(EyeSide::right, last);
  QString found_fault;
  const SourceRequest now = dialog->request(found_fault);
  EXPECT_EQ(found_fault, "");
  EXPECT_EQ(now.kind, last.kind);
  EXPECT_EQ(now.location, last.location);
  EXPECT_EQ(now.rotate_deg, 270);
  EXPECT_TRUE(now.mirror);
  EXPECT_EQ(now.focal_px, 500.0);
  EXPECT_EQ(now.mode, TrackingMode::webcam);
}

TEST(SourceForm, ParsesCameraFormats) {
  const auto format = ui::parse_camera_format("MJPG 640x480 at 30, 59.94 Hz");
  ASSERT_TRUE(format);
  EXPECT_EQ(format->pixel_format, "MJPG");
  EXPECT_EQ(format->width_px, 640);
  EXPECT_EQ(format->rates_hz, (std::vector<double>{30.0, 59.94}));
  EXPECT_TRUE(ui::parse_camera_format("YUYV 320x240"));
  EXPECT_FALSE(ui::parse_camera_format("whatever the driver says"));
  EXPECT_FALSE(ui::parse_size("0x480"));
  EXPECT_EQ(ui::parse_size(" 640 × 480 "), std::pair(640, 480));
}

TEST(SourceSettings, RoundTripAndRejectNonsense) {
  const QTemporaryDir folder;
  QSettings settings(folder.filePath("s.ini"), QSettings::IniFormat);
  EXPECT_FALSE(ui::load_source(settings, EyeSide::right));
  SourceRequest request;
  request.kind = SourceRequest::Kind::camera;
  request.location = "/dev/video9";
  request.width_px = 640;
  request.height_px = 480;
  request.rate_hz = 120.0;
  request.pixel_format = "MJPG";
  request.gain = -1.5;
  ui::save_source(settings, EyeSide::right, request);
  const auto loaded = ui::load_source(settings, EyeSide::right);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->kind, request.kind);
  EXPECT_EQ(loaded->width_px, 640);
  EXPECT_EQ(loaded->rate_hz, 120.0);
  EXPECT_EQ(loaded->gain, -1.5);
  EXPECT_EQ(loaded->mode, TrackingMode::near_eye);
  EXPECT_FALSE(loaded->exposure);
  EXPECT_FALSE(ui::load_source(settings, EyeSide::left));
  SourceRequest simulated;
  simulated.kind = SourceRequest::Kind::simulated_eye;
  simulated.location = "easy";
  simulated.seed = 18446744073709551615U;
  ui::save_source(settings, EyeSide::left, simulated);
  const auto eye = ui::load_source(settings, EyeSide::left);
  ASSERT_TRUE(eye);
  EXPECT_EQ(eye->kind, simulated.kind);
  EXPECT_EQ(eye->location, "easy");
  EXPECT_EQ(eye->seed, simulated.seed);
  EXPECT_TRUE(ui::may_still_exist(*eye));
  for (const TrackingMode mode : {TrackingMode::automatic, TrackingMode::webcam}) {
    request.mode = mode;
    ui::save_source(settings, EyeSide::right, request);
    EXPECT_EQ(ui::load_source(settings, EyeSide::right)->mode, mode);
  }
  // Of an older version: cameras are looked at anew, simulated eyes are what they were.
  settings.remove("sources/right/mode");
  settings.remove("sources/left/mode");
  EXPECT_EQ(ui::load_source(settings, EyeSide::right)->mode, TrackingMode::automatic);
  EXPECT_EQ(ui::load_source(settings, EyeSide::left)->mode, TrackingMode::near_eye);
  settings.setValue("sources/left/seed", "many");
  EXPECT_FALSE(ui::load_source(settings, EyeSide::left));
  settings.setValue("sources/right/rotate_deg", 45);
  EXPECT_FALSE(ui::load_source(settings, EyeSide::right));
}

}  // namespace
}  // namespace yarbus::source_dialog_test
