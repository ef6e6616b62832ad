#include "ui/calibration/gaze_overlay.h"

#include <QTemporaryDir>
#include <QTest>
#include <QWindow>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "tests/ui/fake_session.h"
#include "ui/calibration/click_watch.h"
#include "ui/main_window.h"

namespace yarbus::gaze_overlay_test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const ui::Monitor dense{"dense", "Panel", {0, 0, 1440, 900}, 2.0, {302.0, 189.0}};
const ui::ScreenScale dense_scale{QRectF(0.0, 0.0, 1440.0, 900.0), {302.0, 189.0}};

TEST(GazeMark, StandsAtTheGazeWithTheRadiusOfTheStatedUncertainty) {
  ScreenGaze gaze;
  gaze.filtered_in_screen_mm = {151.0, 94.5};
  gaze.sigma_mm = 6.0;
  const ui::GazeMark mark = ui::gaze_mark(gaze, dense_scale, 1.0);
  EXPECT_EQ(mark.center, QPointF(720.0, 450.0));
  EXPECT_NEAR(mark.radius, 6.0 * 1.5096 * 4.765, 0.05);
  EXPECT_FALSE(mark.true_center);
  gaze.sigma_mm = 0.0;
  EXPECT_GE(ui::gaze_mark(gaze, dense_scale, 1.0).radius, 9.0) << "the ring never hides in the dot";
}

TEST(GazeMark, ARingOfThatRadiusHolds68Percent) {
  // The share of a two-dimensional normal distribution within r standard deviations is 1 - exp(-r^2 / 2).
  EXPECT_NEAR(1.0 - std::exp(-0.5 * ui::radius_of_68_percent * ui::radius_of_68_percent), 0.68, 1e-12);
}

TEST(GazeMark, EverythingDrawnLiesInItsRegion) {
  ScreenGaze gaze = *test::example_gaze().latest;
  gaze.true_gaze_in_screen_mm = Eigen::Vector2d(270.0, 160.0);
  for (const double sigma_mm : {0.0, 4.0, 20.0}) {
    gaze.sigma_mm = sigma_mm;
    const ui::ScreenScale scale{QRectF(0.0, 0.0, 600.0, 338.0), {531.0, 299.0}};
    const ui::GazeMark mark = ui::gaze_mark(gaze, scale, 1.0);
    QImage image(600, 338, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    ui::paint_gaze_mark(painter, mark);
    painter.end();
    const QRegion region = ui::gaze_mark_region(mark);
    int drawn = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        if (qAlpha(image.pixel(x, y)) <= 40) continue;
        ++drawn;
        ASSERT_TRUE(region.contains(QPoint(x, y))) << x << ' ' << y << " sigma " << sigma_mm;
      }
    }
    EXPECT_GT(drawn, 100);
  }
}

TEST(GazeMark, FadesWhenGazeIsLost) {
  EXPECT_EQ(ui::gaze_opacity(0.0), 1.0);
  EXPECT_EQ(ui::gaze_opacity(0.1), 1.0) << "a missed frame is no loss";
  EXPECT_LT(ui::gaze_opacity(0.4), 0.9);
  EXPECT_EQ(ui::gaze_opacity(2.0), 0.0);
}

TEST(GazeOverlay, FollowsFadesAndSaysTheFilterWithItsLatency) {
  test::FakeCalibration control;
  ui::GazeOverlay overlay(control);
  EXPECT_TRUE(overlay.windowFlags().testFlag(Qt::WindowTransparentForInput));
  EXPECT_TRUE(overlay.windowFlags().testFlag(Qt::WindowStaysOnTopHint));
  EXPECT_TRUE(overlay.testAttribute(Qt::WA_TranslucentBackground));
  overlay.show_on(dense, {302.0, 189.0, 2880, 1800, 600.0}, nullptr);
  ScreenGazeSnapshot gaze = test::example_gaze();
  gaze.latest->filtered_in_screen_mm = {151.0, 94.5};
  overlay.follow(gaze, 0.0);
  ASSERT_TRUE(overlay.mark());
  EXPECT_NEAR(overlay.mark()->center.x(), 720.0, 1.0);
  EXPECT_TRUE(overlay.label().startsWith("One-Euro: +35 ms")) << overlay.label().toStdString();
  EXPECT_TRUE(overlay.label().contains("±0.6° (68 %)"));
  EXPECT_TRUE(overlay.mask().contains(overlay.mark()->center.toPoint()));
  EXPECT_FALSE(overlay.mask().contains(QPoint(200, 700)));
  const QPointF seen = overlay.mark()->center;
  gaze.latest.reset();
  overlay.follow(gaze, 0.4);
  ASSERT_TRUE(overlay.mark());
  EXPECT_EQ(overlay.mark()->center, seen);
  EXPECT_LT(overlay.mark()->opacity, 1.0);
  EXPECT_TRUE(overlay.label().contains("gaze lost"));
  overlay.follow(gaze, 3.0);
  EXPECT_FALSE(overlay.mark());
  gaze.is_calibrated = false;
  overlay.follow(gaze, 0.0);
  EXPECT_TRUE(overlay.label().contains("no calibration"));
}

TEST(GazeOverlay, SaysWhereClicksMayNotGoThrough) {
  EXPECT_TRUE(ui::GazeOverlay::platform_notice("xcb").isEmpty());
  EXPECT_TRUE(ui::GazeOverlay::platform_notice("wayland").contains("Wayland"));
  EXPECT_FALSE(ui::GazeOverlay::platform_notice("wayland-egl").isEmpty());
}

/// Remembers where.
class ClickRecorder : public test::FakeCalibration {
 public:
  std::vector<Eigen::Vector2d> places;
  void clicked(const Eigen::Vector2d& place, CaptureTime) override { places.push_back(place); }
};

TEST(ClickWatch, ReportsEachClickOnceInMillimetresOfTheMonitor) {
  ClickRecorder control;
  const QRectF area(0.0, 0.0, 800.0, 600.0);
  std::optional<ui::ScreenScale> scale = ui::ScreenScale(area, {400.0, 300.0});
  ui::ClickWatch watch(control, [&] { return scale; });
  QWidget window;
  auto* child = new QWidget(&window);
  child->setGeometry(0, 0, 300, 200);
  window.setGeometry(100, 50, 300, 200);
  window.show();
  ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
  const auto click = [&](const QPoint& place, Qt::MouseButton button = Qt::LeftButton) {
    QTest::mouseClick(window.windowHandle(), button, {}, place);
  };
  click({20, 30});
  EXPECT_THAT(control.places, IsEmpty()) << "not allowed yet";
  watch.watch(true);
  watch.watch(true);
  click({20, 30});
  ASSERT_EQ(control.places.size(), 1U);
  const QPoint global = window.mapToGlobal(QPoint(20, 30));
  EXPECT_NEAR(control.places[0].x(), 0.5 * global.x(), 1e-9);
  EXPECT_NEAR(control.places[0].y(), 0.5 * global.y(), 1e-9);
  click({20, 30}, Qt::RightButton);
  scale = ui::ScreenScale(QRectF(0.0, 0.0, 50.0, 50.0), {400.0, 300.0});
  click({20, 30});
  scale.reset();
  click({20, 30});
  EXPECT_EQ(control.places.size(), 1U) << "another button, another monitor, no calibration";
  watch.watch(false);
  scale = ui::ScreenScale(area, {400.0, 300.0});
  click({20, 30});
  EXPECT_EQ(control.places.size(), 1U);
}

class CalibrationMenu : public testing::Test {
 protected:
  void SetUp() override {
    window.show();
    window.begin({});
    control.now.result = test::example_result();
    const ui::Monitor monitor = ui::list_monitors().first();
    auto result = test::example_result();
    result->screen = ui::screen_geometry(monitor, {531.0, 299.0}, 600.0);
    control.now.result = result;
    control.gaze_now = test::example_gaze();
    window.calibration().follow();
    control.calls.clear();
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  test::FakeSession session;
  test::FakeCalibration& control = session.fake_calibration;
  ui::MainWindow window{session, settings};
};

TEST_F(CalibrationMenu, ActionsGiveTheirCommands) {
  ui::WindowActions& a = window.actions();
  const auto calls_of = [&](QAction* action) {
    control.calls.clear();
    EXPECT_TRUE(action->isEnabled()) << action->text().toStdString();
    action->trigger();
    return control.calls;
  };
  EXPECT_THAT(calls_of(a.check_point), ElementsAre("check"));
  EXPECT_THAT(calls_of(a.recentre), ElementsAre("recentre"));
  EXPECT_FALSE(a.undo_recentre->isEnabled());
  control.gaze_now.is_recentred = true;
  window.calibration().follow();
  EXPECT_THAT(calls_of(a.undo_recentre), ElementsAre("undo recentre"));
  EXPECT_THAT(calls_of(a.filters[0]), ElementsAre("filter"));
  EXPECT_EQ(control.gaze_now.filter, GazeFilter::none);
  EXPECT_FALSE(a.use_clicks->isChecked()) << "off at first";
  EXPECT_THAT(calls_of(a.use_clicks), ElementsAre("use clicks"));
  EXPECT_THAT(calls_of(a.use_clicks), ElementsAre("no clicks"));
  EXPECT_THAT(calls_of(a.calibrate), IsEmpty());
  EXPECT_EQ(window.calibration().wizard().page()->objectName(), "setup_page");
  calls_of(a.saved_calibrations);
  EXPECT_EQ(window.calibration().wizard().page()->objectName(), "saved_page");
  calls_of(a.calibrate_region);
  EXPECT_EQ(window.calibration().wizard().page()->objectName(), "region_page");
  calls_of(a.show_calibration);
  EXPECT_EQ(window.calibration().wizard().page()->objectName(), "result_page");
  calls_of(a.calibration_demo);
  EXPECT_TRUE(window.calibration().wizard().setup().is_demo());
}

TEST_F(CalibrationMenu, KeysWorkWhileTheWizardHasTheFocus) {
  ui::CalibrationWizard& wizard = window.calibration().wizard();
  wizard.open_result();
  wizard.activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(&wizard));
  QTest::keyClick(&wizard, Qt::Key_F8);
  EXPECT_THAT(control.calls, ElementsAre("recentre"));
}

TEST_F(CalibrationMenu, TheChipSaysDriftInWordsAndOffersHelp) {
  auto* chip = window.calibration().chip();
  EXPECT_TRUE(chip->isVisible());
  EXPECT_EQ(chip->full_text(), "gaze good: 0.4° at 3 known targets");
  const QImage good = chip->icon().pixmap(22, 22).toImage();
  control.gaze_now.drift.text = "camera slipped 2.1 mm: recentre with F8";
  control.gaze_now.drift.has_center_moved = true;
  window.calibration().follow();
  EXPECT_EQ(chip->full_text(), "camera slipped 2.1 mm: recentre with F8");
  EXPECT_NE(chip->icon().pixmap(22, 22).toImage(), good);
  EXPECT_THAT(chip->menu()->actions(), Contains(window.actions().recentre));
  EXPECT_THAT(chip->menu()->actions(), Contains(window.actions().calibrate));
  control.gaze_now = {};
  control.now.result.reset();
  window.calibration().follow();
  EXPECT_FALSE(chip->isVisible());
  EXPECT_FALSE(window.actions().recentre->isEnabled());
}

TEST_F(CalibrationMenu, TheOverlayNeedsACalibrationOfAMonitorThatIsHere) {
  QAction* toggle = window.actions().gaze_overlay;
  toggle->trigger();
  EXPECT_TRUE(window.calibration().overlay().isVisible());
  toggle->trigger();
  EXPECT_FALSE(window.calibration().overlay().isVisible());
  auto elsewhere = test::example_result();
  elsewhere->screen.width_px = 12345;
  control.now.result = elsewhere;
  toggle->trigger();
  EXPECT_FALSE(toggle->isChecked());
  EXPECT_FALSE(window.calibration().overlay().isVisible());
  EXPECT_TRUE(window.message_bar().text().contains("no monitor here"));
  control.now.result.reset();
  toggle->trigger();
  EXPECT_TRUE(window.message_bar().text().contains("no calibration in force"));
}

TEST_F(CalibrationMenu, TheProgramCanOpenTheWizardOrTheDemoAtOnce) {
  ui::WindowOptions options;
  options.opens_calibration = true;
  window.begin(options);
  EXPECT_TRUE(window.calibration().wizard().isVisible());
  EXPECT_THAT(control.calls, IsEmpty());
  options.starts_demo = true;
  window.begin(options);
  EXPECT_THAT(control.calls, ElementsAre("demo"));
}

}  // namespace
}  // namespace yarbus::gaze_overlay_test
