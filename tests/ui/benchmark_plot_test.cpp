#include "ui/report/benchmark_plot.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>

#include <gtest/gtest.h>

namespace yarbus::benchmark_plot_test {
namespace {

using ui::BenchmarkCurve;
using Panel = ui::BenchmarkPlotPanel;

ui::BenchmarkPlotInput example() {
  ui::BenchmarkPlotInput input;
  input.title = "paper";
  input.subtitle = "5 subjects";
  Panel cumulative{Panel::Kind::cumulative, "Gaze error", "gaze error (degrees)", "frames (%)", {}};
  Panel points{Panel::Kind::points, "By eccentricity", "eccentricity (degrees)", "median (degrees)", {}};
  for (const auto stage : {BenchmarkCurve::unprojection, BenchmarkCurve::unoptimised,
                           BenchmarkCurve::contrast, BenchmarkCurve::edge}) {
    const double factor = static_cast<double>(stage);
    ui::BenchmarkPlotCurve curve{stage, {0.0}, {0.0}};
    for (int i = 1; i <= 100; ++i) {
      curve.x.push_back(0.02 * factor * i);
      curve.y.push_back(i);
    }
    cumulative.curves.push_back(curve);
    points.curves.push_back({stage, {2.5, 7.5, 12.5}, {factor, 1.5 * factor, 2.0 * factor}});
  }
  Panel shares{Panel::Kind::shares,
               "Found",
               "visible (%)",
               "found (%)",
               {{BenchmarkCurve::detector, {45, 95}, {30, 100}}}};
  Panel by_share{Panel::Kind::points_by_share,
                 "By visible share",
                 "visible (%)",
                 "median (degrees)",
                 {{BenchmarkCurve::edge, {25, 55, 95}, {3.0, 2.0, 1.0}}}};
  input.panels = {cumulative, points, by_share, shares, {Panel::Kind::cumulative, "Nothing", "px", "%", {}}};
  return input;
}

QImage written(const ui::BenchmarkPlotInput& input) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("plot.png");
  EXPECT_TRUE(ui::write_benchmark_plot(input, path).has_value());
  return QImage(path);
}

int pixels_near(const QImage& image, const QColor& color, const QRect& area) {
  int count = 0;
  for (int y = area.top(); y <= area.bottom(); ++y) {
    for (int x = area.left(); x <= area.right(); ++x) {
      const QColor pixel = image.pixelColor(x, y);
      const int distance = std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) +
                           std::abs(pixel.blue() - color.blue());
      count += distance < 40 ? 1 : 0;
    }
  }
  return count;
}

// Three panels in a row, two rows, and the legend below.
const QRect top_left(0, 100, 530, 480);
const QRect top_right(1070, 100, 530, 480);
const QRect bottom_left(0, 640, 530, 480);
const QRect bottom_middle(533, 640, 533, 480);
const QRect legend_line(0, 1150, 1600, 50);
const QColor edge_color(15, 15, 20);
const QColor contrast_color(0, 114, 178);
const QColor detector_color(160, 48, 112);

TEST(BenchmarkPlot, ACourseEndsWhereItsPanelIsToldTo) {
  ui::BenchmarkPlotInput input;
  Panel course{Panel::Kind::course, "Error", "time (s)", "error (degrees)", {}};
  course.curves = {{BenchmarkCurve::half_of_eyes, {0.0, 5.0, 10.0}, {8.0, 8.0, 8.0}}};
  input.panels = {course, course, course};
  const QRect panel(100, 150, 400, 850);  // within the axes
  EXPECT_GT(pixels_near(written(input), edge_color, panel), 500);
  input.panels[0].y_end = 3.0;
  EXPECT_EQ(pixels_near(written(input), edge_color, panel), 0);
}

TEST(BenchmarkPlot, ShowsEachCurveInItsPanelOnly) {
  const QImage image = written(example());
  EXPECT_EQ(image.size(), QSize(1600, 1200));
  EXPECT_EQ(image.pixelColor(2, 2), QColor(Qt::white));
  EXPECT_GT(pixels_near(image, contrast_color, top_left), 300);
  EXPECT_EQ(pixels_near(image, contrast_color, bottom_left), 0);
  EXPECT_GT(pixels_near(image, detector_color, bottom_left), 200);
  EXPECT_EQ(pixels_near(image, detector_color, top_left), 0);
  EXPECT_EQ(pixels_near(image, contrast_color, top_right), 0);
  auto without = example();
  without.panels[2].curves[0].y = {1.0, 2.0, 3.0};
  EXPECT_NE(image.copy(top_right), written(without).copy(top_right));
}

TEST(BenchmarkPlot, OneLegendNamesTheCurvesThatAreThere) {
  const QImage image = written(example());
  EXPECT_GT(pixels_near(image, contrast_color, legend_line), 20);
  EXPECT_GT(pixels_near(image, detector_color, legend_line), 20);
  auto without = example();
  without.panels.erase(without.panels.begin() + 3);  // the only one with the detector alone
  EXPECT_EQ(pixels_near(written(without), detector_color, legend_line), 0);
}

TEST(BenchmarkPlot, VisibleSharesGoFromNothingToAllWhateverWasSeen) {
  auto few = example();
  few.panels[2].curves = {{BenchmarkCurve::edge, {5, 15}, {1.0, 1.0}}};
  const QRect right_half(top_right.x() + 300, top_right.y() + 20, 200, 340);
  EXPECT_EQ(pixels_near(written(few), edge_color, right_half), 0);
  few.panels[2].kind = Panel::Kind::points;
  EXPECT_GT(pixels_near(written(few), edge_color, right_half), 100);
}

TEST(BenchmarkPlot, ACumulativePanelEndsWhereItIsTold) {
  auto wide = example();
  wide.panels[0].x_end = 1000.0;  // every curve is then at the far left, and on top
  const QRect middle(top_left.x() + 200, top_left.y() + 150, 250, 200);
  EXPECT_GT(pixels_near(written(example()), contrast_color, middle), 50);
  EXPECT_EQ(pixels_near(written(wide), contrast_color, middle), 0);
}

TEST(BenchmarkPlot, NothingMeasuredIsSaidInWords) {
  const QImage image = written(example());
  auto silent = example();
  silent.panels[4].curves.push_back({BenchmarkCurve::edge, {0.0, 1.0}, {0.0, 100.0}});
  EXPECT_NE(image.copy(bottom_middle), written(silent).copy(bottom_middle));
  EXPECT_GT(pixels_near(image, QColor(25, 25, 30), bottom_middle.adjusted(150, 150, -100, -150)), 100);
  EXPECT_EQ(written({}).size(), QSize(1600, 1200));
}

TEST(BenchmarkPlot, SameInputGivesTheSamePicture) { EXPECT_EQ(written(example()), written(example())); }

TEST(BenchmarkPlot, UnwritablePathIsAnErrorAndLeavesNothing) {
  const QTemporaryDir folder;
  const auto result = ui::write_benchmark_plot(example(), folder.filePath("missing/plot.png"));
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::output_unwritable);
  EXPECT_TRUE(QDir(folder.path()).isEmpty());
}

}  // namespace
}  // namespace yarbus::benchmark_plot_test
