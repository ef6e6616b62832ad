#include "ui/trace_view.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QWheelEvent>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "ui/trace_panel.h"

namespace yarbus::trace_view_test {
namespace {

std::vector<TracePoint> wave(int count) {
  std::vector<TracePoint> points;
  for (int i = 0; i < count; ++i) {
    TracePoint p;
    p.index = static_cast<std::uint64_t>(i);
    p.time_s = i / 60.0;
    p.in_blink = i % 100 > 90;
    const float none = std::nanf("");
    p.gaze_azimuth_deg = p.in_blink ? none : 20.0F * static_cast<float>(std::sin(p.time_s));
    p.gaze_elevation_deg = p.in_blink ? none : 5.0F;
    p.pupil_diameter_mm = p.in_blink ? none : 3.5F;
    p.confidence = p.in_blink ? 0.0F : 0.9F;
    points.push_back(p);
  }
  return points;
}

TEST(TraceView, ShowsTheLastSecondsOnly) {
  ui::TraceView view;
  view.resize(700, 260);
  view.show();
  view.show_traces(wave(6000), true);
  const auto& curve = view.curve(ui::TraceView::azimuth);
  const QCPRange time = curve.keyAxis()->range();
  EXPECT_NEAR(time.upper, 5999 / 60.0, 1e-9);
  EXPECT_NEAR(time.size(), ui::TraceView::window_s, 1e-9);
  EXPECT_LT(curve.dataCount(), 60 * 63);
  // One time axis for all.
  for (std::size_t i = 0; i < ui::TraceView::curve_count; ++i) {
    EXPECT_EQ(view.curve(static_cast<ui::TraceView::Curve>(i)).keyAxis()->range(), time);
  }
}

TEST(TraceView, AddsOnlyWhatIsNew) {
  ui::TraceView view;
  const auto points = wave(120);
  view.show_traces({points.begin(), points.begin() + 60}, true);
  view.show_traces(points, false);
  EXPECT_EQ(view.curve(ui::TraceView::confidence).dataCount(), 120);
  view.show_traces({points.begin(), points.begin() + 10}, true);
  EXPECT_EQ(view.curve(ui::TraceView::confidence).dataCount(), 10);
}

TEST(TraceView, ValuesFitTheirAxes) {
  ui::TraceView view;
  view.show();
  view.show_traces(wave(1200), true);
  EXPECT_TRUE(view.curve(ui::TraceView::azimuth).valueAxis()->range().contains(-20.0));
  EXPECT_TRUE(view.curve(ui::TraceView::azimuth).valueAxis()->range().contains(20.0));
  EXPECT_TRUE(view.curve(ui::TraceView::diameter).valueAxis()->range().contains(3.5));
  EXPECT_TRUE(view.curve(ui::TraceView::confidence).valueAxis()->range().contains(1.0));
}

/// Lets the queued redraw happen, then looks.
QImage picture_of(ui::TraceView& view) {
  QApplication::processEvents();
  return view.grab().toImage();
}

TEST(TraceView, BlinksAndCurvesChangeThePicture) {
  ui::TraceView view;
  view.resize(700, 260);
  view.show();
  const QImage empty = picture_of(view);
  auto points = wave(1200);
  view.show_traces(points, true);
  const QImage blinking = picture_of(view);
  EXPECT_NE(empty, blinking);
  for (auto& point : points) point.in_blink = false;
  view.show_traces(points, true);
  EXPECT_NE(picture_of(view), blinking);
}

TEST(TraceView, ABandShowsHowSureAPointIs) {
  ui::TraceView view;
  view.resize(700, 260);
  view.show();
  auto points = wave(600);
  for (auto& point : points) point.in_blink = false;
  view.show_traces(points, true);
  const QImage without = picture_of(view);
  for (auto& point : points) {
    point.gaze_azimuth_sigma_deg = 2.0F;
    point.gaze_elevation_sigma_deg = 0.5F;
    point.pupil_diameter_sigma_mm = 0.1F;
  }
  view.show_traces(points, true);
  EXPECT_NE(picture_of(view), without);
  const std::array<double, 3> sigmas{2.0, 0.5, 0.1};
  for (std::size_t i = 0; i < sigmas.size(); ++i) {
    const auto which = static_cast<ui::TraceView::Curve>(i);
    const auto value = [](const QCPGraph& graph, int at) { return graph.data()->at(at)->value; };
    ASSERT_EQ(view.band(which).upper->dataCount(), 600);
    for (const int at : {0, 50, 580}) {
      const double middle = value(view.curve(which), at);
      EXPECT_NEAR(value(*view.band(which).upper, at) - middle, sigmas[i], 1e-5);
      EXPECT_NEAR(middle - value(*view.band(which).lower, at), sigmas[i], 1e-5);
    }
  }
  // A band that is wide does not squeeze the curves.
  const QCPRange range = view.curve(ui::TraceView::azimuth).valueAxis()->range();
  for (auto& point : points) point.gaze_azimuth_sigma_deg = 40.0F;
  view.show_traces(points, true);
  EXPECT_EQ(view.curve(ui::TraceView::azimuth).valueAxis()->range(), range);
  // Without a word about it there is no band.
  view.show_traces(wave(10), true);
  EXPECT_TRUE(std::isnan(view.band(ui::TraceView::azimuth).upper->data()->at(5)->value));
}

TEST(TraceView, AJumpInTimeBreaksTheCurve) {
  ui::TraceView view;
  auto points = wave(10);
  points.back().time_s += 3.0;
  view.show_traces(points, true);
  int gaps = 0;
  for (const auto& point : *view.curve(ui::TraceView::confidence).data())
    gaps += std::isnan(point.value) ? 1 : 0;
  EXPECT_EQ(gaps, 1);
}

/// A panel with 30 s of traces, on the screen.
class TracePanelTest : public testing::Test {
 protected:
  void SetUp() override {
    panel.resize(800, 300);
    panel.show();
    view().show_traces(wave(1800), true);
    QApplication::processEvents();
  }
  ui::TraceView& view() { return panel.view(); }
  QCPRange seen() { return view().curve(ui::TraceView::confidence).keyAxis()->range(); }
  QString line() { return panel.findChild<QLabel*>("trace_reading")->text(); }
  void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QTest::keyClick(&view(), static_cast<Qt::Key>(key), modifiers);
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  ui::TracePanel panel{settings};
};

TEST_F(TracePanelTest, ShowsMoreOrLessTime) {
  EXPECT_EQ(line(), "The last 20 s");
  press(Qt::Key_Minus);
  EXPECT_NEAR(seen().size(), 30.0, 1e-9);
  for (int i = 0; i < 9; ++i) press(Qt::Key_Minus);
  EXPECT_NEAR(seen().size(), ui::TraceView::kept_s, 1e-9);
  EXPECT_EQ(line(), "The last 60 s");
  for (int i = 0; i < 20; ++i) press(Qt::Key_Plus);
  EXPECT_NEAR(seen().size(), ui::TraceView::least_span_s, 1e-9);
  EXPECT_NEAR(seen().upper, 1799 / 60.0, 1e-9);
  press(Qt::Key_0);
  EXPECT_NEAR(seen().size(), 20.0, 1e-9);
}

TEST_F(TracePanelTest, HeldStillItWaitsForNewPointsAndTakesThemAfterwards) {
  auto* hold = panel.findChild<QToolButton*>("hold_traces");
  hold->click();
  EXPECT_TRUE(view().is_paused());
  EXPECT_TRUE(line().startsWith("Held still"));
  view().show_traces(wave(2400), false);
  EXPECT_NEAR(seen().upper, 1799 / 60.0, 1e-9);
  press(Qt::Key_PageUp);
  EXPECT_NEAR(seen().upper, 1799 / 60.0 - 9.983333, 0.02) << "no further back than the first point";
  EXPECT_NEAR(seen().lower, 0.0, 1e-9);
  int asked = 0;
  QObject::connect(&view(), &ui::TraceView::points_wanted, &view(), [&] {
    ++asked;
    view().show_traces(wave(2400), false);
  });
  press(Qt::Key_End);
  EXPECT_FALSE(view().is_paused());
  EXPECT_FALSE(hold->isChecked());
  EXPECT_EQ(asked, 1);
  EXPECT_NEAR(seen().upper, 2399 / 60.0, 1e-9);
  // Another source cannot be held back.
  hold->click();
  view().show_traces(wave(60), true);
  EXPECT_FALSE(view().is_paused());
}

TEST_F(TracePanelTest, TheCursorReadsTheCurves) {
  auto points = wave(1800);
  points[1700].gaze_azimuth_deg = 3.25F;
  points[1700].gaze_azimuth_sigma_deg = 0.5F;
  points[1700].pupil_diameter_mm = 4.5F;
  points[1700].in_blink = false;
  points[1700].gaze_elevation_deg = -2.0F;
  points[1700].confidence = 0.875F;
  view().show_traces(points, true);
  view().set_cursor(points[1700].time_s + 0.004);
  EXPECT_EQ(view().cursor_s(), points[1700].time_s);
  EXPECT_EQ(line(), "28.333 s, azimuth 3.25° ± 0.50, elevation -2.00°, pupil 4.50 mm, confidence 0.88");
  press(Qt::Key_Right);
  EXPECT_TRUE(view().is_paused()) << "so that the point stays where it is";
  EXPECT_EQ(view().cursor_s(), points[1701].time_s);
  press(Qt::Key_Left, Qt::ShiftModifier);
  EXPECT_EQ(view().cursor_s(), points[1691].time_s);
  EXPECT_TRUE(line().endsWith("no gaze, confidence 0.00, in a blink")) << line().toStdString();
  press(Qt::Key_C, Qt::ControlModifier);
  EXPECT_EQ(QGuiApplication::clipboard()->text(), line());
  press(Qt::Key_End);
  EXPECT_FALSE(view().reading());
}

TEST_F(TracePanelTest, TheMouseReadsDragsAndZooms) {
  const QPoint middle(view().width() / 2, view().height() / 2);
  QTest::mouseMove(&view(), middle);
  ASSERT_TRUE(view().cursor_s());
  EXPECT_NEAR(*view().cursor_s(), seen().center(), 1.0);
  QTest::mousePress(&view(), Qt::LeftButton, {}, middle);
  QTest::mouseMove(&view(), middle + QPoint(view().width() / 4, 0));
  QTest::mouseRelease(&view(), Qt::LeftButton, {}, middle + QPoint(view().width() / 4, 0));
  EXPECT_TRUE(view().is_paused());
  EXPECT_NEAR(seen().upper, 1799 / 60.0 - 5.3, 0.6) << "a quarter of what is seen, and the axes' margins";
  const double span_s = seen().size();
  QWheelEvent notch(middle, view().mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, {}, Qt::NoScrollPhase,
                    false);
  QApplication::sendEvent(&view(), &notch);
  EXPECT_NEAR(seen().size(), span_s / 1.5, 1e-9);
}

TEST_F(TracePanelTest, SavesWhatIsSeen) {
  const QImage before = picture_of(view());
  ASSERT_TRUE(view().save(folder.filePath("t.png")));
  const QImage saved(folder.filePath("t.png"));
  EXPECT_EQ(saved.width(), 2 * (view().width() - 4));
  EXPECT_EQ(saved.pixelColor(0, 0), QColor(Qt::white)) << "paper, whatever the theme";
  EXPECT_EQ(picture_of(view()), before) << "the window keeps its colours";
  ASSERT_TRUE(view().save(folder.filePath("t.svg")));
  QFile svg(folder.filePath("t.svg"));
  ASSERT_TRUE(svg.open(QIODevice::ReadOnly));
  const QString text = svg.readAll();
  EXPECT_TRUE(text.contains("pupil diameter (mm)"));
  EXPECT_GT(text.count("<polyline"), 2);
  EXPECT_EQ(view().save(folder.filePath("t.gif")).error().code, ErrorCode::invalid_option);
  const auto failed = view().save(folder.filePath("none/t.svg"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::output_unwritable);
}

}  // namespace
}  // namespace yarbus::trace_view_test
