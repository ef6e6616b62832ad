#include <QListWidget>
#include <QProgressBar>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "ui/preview/preview_words.h"
#include "ui/source_dialog.h"

namespace yarbus::camera_preview_test {
namespace {

using test::FakeSession;
using test::running_preview;
using testing::SizeIs;

PictureQuality good_quality() {
  PictureQuality quality;
  quality.has_contrast = true;
  quality.sharpness = 0.2;
  quality.white_share = 0.001;
  quality.black_share = 0.12;
  quality.histogram[10] = 0.7F;
  quality.histogram[40] = 0.3F;
  return quality;
}

TEST(PreviewWords, FocusIsSaidAgainstTheSharpestSoFar) {
  CameraPreview preview = running_preview({}, good_quality(), 0.0, 0.0);
  EXPECT_EQ(ui::focus_text(preview), "Measuring…");
  preview.sharpest = 0.4;
  preview.sharpness = 0.25;
  EXPECT_EQ(ui::focus_percent(preview), 63);
  EXPECT_EQ(ui::focus_text(preview), "63 % of the sharpest so far: turn the lens back");
  preview.sharpness = 0.4;
  EXPECT_TRUE(ui::focus_text(preview).startsWith("As sharp as it has been"));
  preview.quality.has_contrast = false;
  EXPECT_TRUE(ui::focus_text(preview).startsWith("Too little contrast"));
}

TEST(PreviewWords, ExposureIsJudgedInWords) {
  PictureQuality quality = good_quality();
  EXPECT_EQ(ui::exposure_text(quality), "Good: 0.1 % white, 12 % black");
  quality.exposure = ExposureVerdict::too_dark;
  EXPECT_TRUE(ui::exposure_text(quality).startsWith("Too dark: add light"));
  quality.exposure = ExposureVerdict::overexposed;
  quality.white_share = 0.08;
  EXPECT_TRUE(ui::exposure_text(quality).startsWith("Overexposed: 8.0 % of the pixels are white"));
}

class CameraPreviewTest : public testing::Test {
 protected:
  CameraPreviewTest() {
    session.cameras = {
        {"/dev/video0", "HD Webcam", true, {"MJPG 640x480 at 30, 60 Hz", "MJPG 1280x720 at 30 Hz"}},
        {"/dev/video2",
         "Eye Cam",
         true,
         {"YUYV 160x120 at 120 Hz", "YUYV 640x480 at 10, 30 Hz", "YUYV 320x240 at 15, 60 Hz"}},
        {"/dev/video4", "Locked", false, {}}};
    session.scenarios = {{"easy", "an eye"}, {"hard", "a worse eye"}};
  }
  void open(const std::optional<SourceRequest>& last = {}) {
    dialog = std::make_unique<ui::SourceDialog>(session, EyeSide::right, last);
    dialog->show();
  }
  std::vector<PreviewWish> wishes() {
    const int before = session.fake_previews.times_asked;
    EXPECT_TRUE(QTest::qWaitFor([&] { return session.fake_previews.times_asked > before; },
                                4 * ui::PreviewFeed::rest_ms));
    return session.fake_previews.wishes;
  }
  /// Shows that as what the session sees, until the pane has taken it.
  void show(const std::vector<CameraPreview>& previews) {
    session.fake_previews.shown = previews;
    QTest::qWait(3 * ui::PreviewFeed::pull_interval_ms);
  }
  template <class T>
  T* find(const char* name) {
    T* found = dialog->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }

  FakeSession session;
  std::unique_ptr<ui::SourceDialog> dialog;
};

TEST_F(CameraPreviewTest, TheChosenCameraIsLookedAtAsItWillBeOpenedTheOthersSmall) {
  open();
  find<QComboBox>("rotate")->setCurrentIndex(1);
  find<QComboBox>("mirror")->setCurrentIndex(1);
  const auto wished = wishes();
  ASSERT_THAT(wished, SizeIs(2)) << "the locked one is left alone";
  EXPECT_EQ(wished[0].source.location, "/dev/video0");
  EXPECT_EQ(wished[0].source.rotate_deg, 90);
  EXPECT_TRUE(wished[0].source.mirror);
  EXPECT_FALSE(wished[0].source.width_px) << "the camera's own";
  EXPECT_EQ(wished[1].source.location, "/dev/video2");
  EXPECT_EQ(wished[1].source.width_px, 320) << "the smallest that shows something";
  EXPECT_EQ(wished[1].source.rate_hz, 15.0);
}

TEST_F(CameraPreviewTest, AnOfferFillsTheFieldsAndIsPreviewed) {
  open();
  (void)wishes();
  auto* offers = find<QComboBox>("camera_offers");
  const int row = offers->findText("MJPG 640×480 at 60 Hz");
  ASSERT_GT(row, 0);
  offers->setCurrentIndex(row);
  Q_EMIT offers->activated(row);
  EXPECT_EQ(find<QComboBox>("camera_size")->currentText(), "640x480");
  EXPECT_EQ(find<QComboBox>("camera_rate")->currentText(), "60");
  const auto wished = wishes();
  EXPECT_EQ(wished[0].source.width_px, 640);
  EXPECT_EQ(wished[0].source.rate_hz, 60.0);
  EXPECT_EQ(wished[0].source.pixel_format, "MJPG");
  offers->setCurrentIndex(0);
  Q_EMIT offers->activated(0);
  EXPECT_FALSE(wishes()[0].source.width_px) << "back to the camera's own";
}

TEST_F(CameraPreviewTest, WhatIsSeenIsShownInPictureBarsAndWords) {
  open();
  const auto wished = wishes();
  CameraPreview broken;
  broken.source = wished[1].source;
  broken.state = CameraPreview::State::failed;
  broken.text = "the camera is used by another program";
  broken.remedy = "Close that program";
  const QImage before = find<QWidget>("preview_view")->grab().toImage();
  show({running_preview(wished[0].source, good_quality(), 0.1, 0.2), broken});
  EXPECT_NE(find<QWidget>("preview_view")->grab().toImage(), before);
  EXPECT_EQ(find<QProgressBar>("focus_bar")->value(), 50);
  EXPECT_EQ(find<QLabel>("focus_words")->text(), "50 % of the sharpest so far: turn the lens back");
  EXPECT_EQ(find<QLabel>("exposure_words")->text(), "Good: 0.1 % white, 12 % black");
  const auto* list = find<QListWidget>("camera_list");
  EXPECT_TRUE(list->item(1)->text().contains("The camera is used by another program. Close that program."))
      << list->item(1)->text().toStdString();
  EXPECT_FALSE(list->item(0)->text().contains("used by another"));
  EXPECT_EQ(list->currentRow(), 0) << "pictures change no choice";
  QTest::mouseClick(find<QPushButton>("focus_restart"), Qt::LeftButton);
  EXPECT_EQ(session.fake_previews.times_forgotten, 1);
}

TEST_F(CameraPreviewTest, TheAreaIsDrawnOrSetByKeysAndSentAtOnce) {
  open();
  const auto wished = wishes();
  show({running_preview(wished[0].source, good_quality(), 0.1, 0.2)});
  auto* view = find<ui::PreviewView>("preview_view");
  const QRectF picture = view->picture_rect();
  const auto at = [&](double x, double y) {
    return QPointF(picture.left() + x * picture.width(), picture.top() + y * picture.height()).toPoint();
  };
  QTest::mousePress(view, Qt::LeftButton, {}, at(0.25, 0.25));
  QTest::mouseMove(view, at(0.5, 0.6));
  QTest::mouseRelease(view, Qt::LeftButton, {}, at(0.75, 0.75));
  PictureArea area = session.fake_previews.wishes.at(0).area;
  EXPECT_NEAR(area.left, 0.25, 0.02);
  EXPECT_NEAR(area.top, 0.25, 0.02);
  QTest::keyClick(view, Qt::Key_Right);
  EXPECT_NEAR(session.fake_previews.wishes.at(0).area.left, area.left + 0.05, 1e-9);
  QTest::keyClick(view, Qt::Key_Minus);
  EXPECT_NEAR(session.fake_previews.wishes.at(0).area.left, area.left + 0.10, 1e-9);
  QTest::keyClick(view, Qt::Key_Home);
  EXPECT_EQ(session.fake_previews.wishes.at(0).area, PictureArea{});
  for (int i = 0; i < 30; ++i) QTest::keyClick(view, Qt::Key_Minus);
  for (int i = 0; i < 30; ++i) QTest::keyClick(view, Qt::Key_Left);
  area = session.fake_previews.wishes.at(0).area;
  EXPECT_EQ(area.left, 0.0);
  EXPECT_GE(area.right - area.left, 0.05 - 1e-9);
}

TEST_F(CameraPreviewTest, StreamsAndSimulationsAreSeenTooFilesAreNot) {
  open();
  (void)wishes();
  dialog->show_page(ui::SourceDialog::stream_page);
  EXPECT_TRUE(wishes().empty()) << "no address yet";
  find<QLineEdit>("stream")->setText("http://localhost:1/video");
  auto wished = wishes();
  ASSERT_THAT(wished, SizeIs(1));
  EXPECT_EQ(wished[0].source.location, "http://localhost:1/video");
  EXPECT_TRUE(find<QWidget>("preview_pane")->isVisible());
  dialog->show_page(ui::SourceDialog::simulation_page);
  find<QListWidget>("scenario_list")->setCurrentRow(1);
  wished = wishes();
  ASSERT_THAT(wished, SizeIs(1));
  EXPECT_EQ(wished[0].source.location, "hard");
  EXPECT_EQ(wished[0].source.rotate_deg, 0);
  dialog->show_page(ui::SourceDialog::file_page);
  EXPECT_TRUE(wishes().empty());
  EXPECT_FALSE(find<QWidget>("preview_pane")->isVisible());
}

TEST_F(CameraPreviewTest, TheCamerasAreLetGoWithTheDialog) {
  open();
  EXPECT_THAT(wishes(), SizeIs(2));
  dialog.reset();
  EXPECT_TRUE(session.fake_previews.wishes.empty());
}

}  // namespace
}  // namespace yarbus::camera_preview_test
