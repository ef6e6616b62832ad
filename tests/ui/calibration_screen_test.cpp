#include <QComboBox>
#include <QDoubleSpinBox>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "ui/calibration/card_page.h"
#include "ui/calibration/setup_page.h"

namespace yarbus::calibration_screen_test {
namespace {

/// An ordinary monitor at the left and, right of it, one with two device pixels a pixel.
QVector<ui::Monitor> two_monitors() {
  return {{"plain", "DELL (HDMI-1)", {0, 0, 1920, 1080}, 1.0, {531.0, 299.0}},
          {"dense", "Panel (eDP-1)", {1920, 200, 1440, 900}, 2.0, {302.0, 189.0}}};
}

class CalibrationScreen : public testing::Test {
 protected:
  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
};

TEST_F(CalibrationScreen, MillimetresAndPixelsOfTwoMonitorsWithOtherPixelRatios) {
  const auto monitors = two_monitors();
  const ScreenGeometry plain = ui::screen_geometry(monitors[0], monitors[0].system_size_mm, 600.0);
  const ScreenGeometry dense = ui::screen_geometry(monitors[1], monitors[1].system_size_mm, 450.0);
  EXPECT_EQ(plain.width_px, 1920);
  EXPECT_EQ(dense.width_px, 2880) << "device pixels";
  EXPECT_EQ(dense.height_px, 1800);
  EXPECT_EQ(dense.viewing_distance_mm, 450.0);
  const ui::ScreenScale on_plain = ui::desktop_scale(monitors[0], plain);
  const ui::ScreenScale on_dense = ui::desktop_scale(monitors[1], dense);
  EXPECT_EQ(on_plain.place_of({265.5, 149.5}), QPointF(960.0, 540.0));
  EXPECT_EQ(on_dense.place_of({151.0, 94.5}), QPointF(1920.0 + 720.0, 200.0 + 450.0));
  EXPECT_NEAR(on_dense.px_per_mm(), 4.765, 0.005);
  for (const auto& scale : {on_plain, on_dense}) {
    const Eigen::Vector2d there(12.3, 45.6);
    EXPECT_LT((scale.mm_of(scale.place_of(there)) - there).norm(), 1e-9);
  }
}

TEST_F(CalibrationScreen, ACalibrationFindsItsMonitor) {
  auto monitors = two_monitors();
  const ScreenGeometry dense = ui::screen_geometry(monitors[1], {302.0, 189.0}, 600.0);
  EXPECT_EQ(ui::monitor_for(dense, monitors, "plain")->key, "dense");
  monitors << monitors[1];
  monitors.last().key = "twin";
  EXPECT_EQ(ui::monitor_for(dense, monitors, "twin")->key, "twin") << "the one used last";
  EXPECT_FALSE(ui::monitor_for({302.0, 189.0, 1440, 900, 600.0}, monitors, "dense")) << "other pixels";
}

TEST_F(CalibrationScreen, ACardTellsTheSize) {
  const QSizeF area(1920.0, 1080.0);
  const QSizeF size = ui::size_from_card(309.5, area);
  EXPECT_NEAR(size.width(), 531.0, 0.1);
  EXPECT_NEAR(size.height(), 298.7, 0.1);
  EXPECT_NEAR(ui::card_width_px(size, area), 309.5, 1e-9);
  EXPECT_TRUE(ui::size_from_card(0.0, area).isEmpty());
}

TEST_F(CalibrationScreen, TheCardIsScaledBySliderAndArrows) {
  ui::CardPage page;
  page.resize(900, 600);
  page.show();
  page.begin(two_monitors()[0], {531.0, 299.0});
  auto* card = page.findChild<ui::CardView*>("card_view");
  EXPECT_NEAR(card->card_width(), 309.5, 0.2);
  const double before = card->card_width();
  QTest::keyClick(card, Qt::Key_Right);
  EXPECT_NEAR(card->card_width(), before + 0.5, 1e-9);
  QTest::keyClick(card, Qt::Key_Left, Qt::ShiftModifier);
  EXPECT_NEAR(card->card_width(), before - 9.5, 1e-9);
  page.findChild<QSlider*>("card_slider")->setValue(4 * 400);
  EXPECT_NEAR(page.size_mm().width(), 85.6 * 1920.0 / 400.0, 1e-9);
  EXPECT_TRUE(page.findChild<QLabel*>("card_words")->text().contains("411 × 231 mm"));
  QSignalSpy measured(&page, &ui::CardPage::measured);
  page.findChild<QPushButton*>("card_use")->click();
  EXPECT_EQ(measured.count(), 1);
}

TEST_F(CalibrationScreen, TheSetupAsksForEverythingAndRemembersItPerMonitor) {
  {
    ui::SetupPage page(settings);
    page.set_monitors(two_monitors());
    const CalibrationRequest first = page.request();
    EXPECT_EQ(first.screen.width_mm, 531.0);
    EXPECT_EQ(first.screen.viewing_distance_mm, 600.0);
    EXPECT_EQ(first.layout, TargetLayout::nine);
    EXPECT_EQ(first.validation_points, 4);
    EXPECT_TRUE(first.is_camera_on_head);
    EXPECT_FALSE(first.advance_by_key);
    page.findChild<QComboBox*>("setup_monitor")->setCurrentIndex(1);
    EXPECT_EQ(page.request().screen.width_px, 2880);
    page.use_size({310.0, 194.0});
    page.findChild<QDoubleSpinBox*>("setup_distance")->setValue(45.0);
    page.findChild<QComboBox*>("setup_layout")->setCurrentIndex(3);
    page.findChild<QComboBox*>("setup_validation")->setCurrentIndex(2);
    page.findChild<QComboBox*>("setup_pace")->setCurrentIndex(1);
    page.findChild<QComboBox*>("setup_camera")->setCurrentIndex(1);
    page.findChild<QLineEdit*>("setup_name")->setText(" Anna ");
    page.remember();
    EXPECT_EQ(page.request().name, "Anna");
  }
  ui::SetupPage page(settings);
  page.set_monitors(two_monitors());
  const CalibrationRequest again = page.request();
  EXPECT_EQ(again.screen.width_mm, 310.0);
  EXPECT_EQ(again.screen.height_mm, 194.0);
  EXPECT_EQ(again.screen.viewing_distance_mm, 450.0);
  EXPECT_EQ(again.layout, TargetLayout::pursuit);
  EXPECT_EQ(again.validation_points, 0);
  EXPECT_TRUE(again.advance_by_key);
  EXPECT_FALSE(again.is_camera_on_head);
  EXPECT_EQ(again.name, "");
  page.findChild<QComboBox*>("setup_monitor")->setCurrentIndex(0);
  EXPECT_EQ(page.request().screen.width_mm, 531.0) << "the other monitor keeps its own size";
}

TEST_F(CalibrationScreen, AMonitorWithoutASizeIsSaidToBeGuessed) {
  auto monitors = two_monitors();
  monitors[0].system_size_mm = {};
  ui::SetupPage page(settings);
  page.set_monitors(monitors);
  const auto says_guess = [&] {
    bool says = false;
    for (const QLabel* label : page.findChildren<QLabel*>()) says = says || label->text().contains("guess");
    return says;
  };
  EXPECT_TRUE(says_guess());
  EXPECT_NEAR(page.request().screen.width_mm, 508.0, 0.6);
  page.findChild<QComboBox*>("setup_monitor")->setCurrentIndex(1);
  EXPECT_FALSE(says_guess());
}

TEST_F(CalibrationScreen, OnlyTheDemoOffersFaults) {
  ui::SetupPage page(settings);
  page.findChild<QComboBox*>("setup_fault")->setCurrentIndex(4);
  EXPECT_EQ(page.request().demo_fault, "") << "a real person has no simulated fault";
  page.set_demo(true);
  EXPECT_EQ(page.request().demo_fault, "slippage");
}

TEST_F(CalibrationScreen, NonsenseInTheSettingsIsPassedOver) {
  settings.setValue("calibration/viewing_distance_mm", "far");
  settings.setValue("calibration/validation_points", 7);
  settings.setValue("calibration/layout", "spiral");
  const ui::SetupChoices choices = ui::load_setup(settings);
  EXPECT_EQ(choices.viewing_distance_mm, 600.0);
  EXPECT_EQ(choices.validation_points, 4);
  EXPECT_EQ(choices.layout, TargetLayout::nine);
}

}  // namespace
}  // namespace yarbus::calibration_screen_test
