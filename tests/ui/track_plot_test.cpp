#include "ui/report/track_plot.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <cmath>

#include <gtest/gtest.h>

namespace yarbus::track_plot_test {
namespace {

ui::TrackPlotInput wave() {
  ui::TrackPlotInput input;
  input.title = "wave.mp4";
  input.subtitle = "edge fit of 83 frames; eyeball radius fixed at 12 mm";
  for (int i = 0; i < 600; ++i) {
    const bool lost = i >= 300 && i < 320;
    const double t = i / 60.0;
    const double none = std::nan("");
    input.points.push_back({t, lost ? none : 20.0 * std::sin(t), lost ? none : 10.0 * std::cos(t),
                            lost ? none : 3.5, lost ? 0.0 : 0.9});
  }
  return input;
}

QImage written(const ui::TrackPlotInput& input) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("plot.png");
  const auto result = ui::write_track_plot(input, path);
  EXPECT_TRUE(result.has_value());
  return QImage(path);
}

int differing_pixels(const QImage& a, const QImage& b) {
  int count = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) count += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
  }
  return count;
}

TEST(TrackPlot, WritesAPictureOfTheStatedSize) {
  const QImage image = written(wave());
  EXPECT_EQ(image.size(), QSize(1600, 1100));
  EXPECT_EQ(image.pixelColor(2, 2), QColor(Qt::white));
}

TEST(TrackPlot, ShowsCurvesAndBlinks) {
  const QImage full = written(wave());
  ui::TrackPlotInput still = wave();
  for (auto& point : still.points) point.gaze_azimuth_deg = std::nan("");
  EXPECT_GT(differing_pixels(full, written(still)), 1000);
  ui::TrackPlotInput blinking = wave();
  BlinkEvent blink;
  blink.onset = std::chrono::milliseconds(5000);
  blink.offset = std::chrono::milliseconds(5300);
  blinking.blinks.push_back(blink);
  EXPECT_GT(differing_pixels(full, written(blinking)), 1000);
}

TEST(TrackPlot, SameInputGivesTheSamePicture) { EXPECT_EQ(written(wave()), written(wave())); }

TEST(TrackPlot, NothingToShowIsStillAPicture) {
  EXPECT_EQ(written({}).size(), QSize(1600, 1100));
  ui::TrackPlotInput lost;
  lost.points.push_back({0.0, std::nan(""), std::nan(""), std::nan(""), std::nan("")});
  EXPECT_EQ(written(lost).size(), QSize(1600, 1100));
}

TEST(TrackPlot, UnwritablePathIsAnErrorWithRemedyAndLeavesNothing) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("missing/plot.png");
  const auto result = ui::write_track_plot(wave(), path);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code, ErrorCode::output_unwritable);
  EXPECT_EQ(result.error().context, path.toStdString());
  EXPECT_FALSE(result.error().remedy.empty());
  EXPECT_FALSE(QFile::exists(path));
  EXPECT_TRUE(QDir(folder.path()).isEmpty());
}

}  // namespace
}  // namespace yarbus::track_plot_test
