#include "ui/trace_view.h"

#include <QApplication>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

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
  view.show_traces(wave(3000), true);
  const auto& curve = view.curve(ui::TraceView::azimuth);
  const QCPRange time = curve.keyAxis()->range();
  EXPECT_NEAR(time.upper, 2999 / 60.0, 1e-9);
  EXPECT_NEAR(time.size(), ui::TraceView::window_s, 1e-9);
  EXPECT_LT(curve.dataCount(), 60 * 23);
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

}  // namespace
}  // namespace yarbus::trace_view_test
