#include "ui/report/viewing_figure.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_viewing.h"
#include "ui/report/plot_style.h"
#include "ui/report/viewing_files.h"

namespace yarbus::viewing_figure_test {
namespace {

using testing::HasSubstr;
using ui::StimulusPicture;

/// A grey picture with one chequered square.
QImage square_picture() {
  QImage image(800, 500, QImage::Format_RGB32);
  image.fill(QColor(200, 200, 200));
  for (int y = 300; y < 360; ++y) {
    for (int x = 500; x < 560; ++x)
      image.setPixel(x, y, ((x / 10 + y / 10) % 2) != 0 ? 0xFF000000 : 0xFFFFFFFF);
  }
  return image;
}

class ViewingFigureTest : public testing::Test {
 protected:
  StimulusPicture picture() {
    const QString path = folder.filePath("room.png");
    EXPECT_TRUE(square_picture().save(path));
    auto loaded = StimulusPicture::load(path);
    EXPECT_TRUE(loaded) << loaded.error().to_text();
    return std::move(*loaded);
  }
  QImage draw(const ui::ViewingLayers& layers, const QPalette& palette = ui::paper_palette()) {
    const StimulusPicture stimulus = picture();
    const ui::ViewingFigure figure{results, &stimulus, layers};
    QImage image(900, static_cast<int>(ui::viewing_figure_height(figure, 900.0, 12.0)), QImage::Format_RGB32);
    image.fill(palette.color(QPalette::Window));
    QPainter painter(&image);
    ui::paint_viewing_figure(painter, QRectF(image.rect()), figure, palette, 12.0);
    return image;
  }
  static int differing(const QImage& a, const QImage& b) {
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
      for (int x = 0; x < a.width(); ++x) count += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
    }
    return count;
  }

  QTemporaryDir folder;
  ViewingResults results = test::example_viewing_results();
};

TEST_F(ViewingFigureTest, EachLayerIsDrawnAndCanBeLeftOut) {
  const QImage nothing = draw({false, false, false});
  const QImage fixations = draw({true, false, false});
  const QImage saccades = draw({false, true, false});
  const QImage heat = draw({false, false, true});
  for (const QImage& one : {fixations, saccades, heat}) EXPECT_GT(differing(one, nothing), 1000);
  EXPECT_GT(differing(fixations, saccades), 1000);
  EXPECT_GT(differing(saccades, heat), 1000);
}

TEST_F(ViewingFigureTest, CirclesStandWhereTheFixationsWere) {
  // Only the first task's panel has some: the left of two. Its numbers, lines and circles are dark.
  const QImage without = draw({false, false, false});
  const QImage with = draw({true, false, false});
  std::vector<QPointF> changed;
  for (int y = 0; y < with.height(); ++y) {
    for (int x = 0; x < 450; ++x) {
      if (qBlue(with.pixel(x, y)) < 200 && qRed(with.pixel(x, y)) < 60 &&
          with.pixel(x, y) != without.pixel(x, y))
        changed.emplace_back(x, y);
    }
  }
  ASSERT_GT(changed.size(), 200U);
  // Panel: 14.4 px of gap, 428.4 px wide.
  const double scale = 428.4 / 800.0;
  const auto near_count = [&](double x_px, double y_px) {
    const QPointF middle(14.4 + scale * (x_px + 0.5), 14.4 + 2.5 * 1.35 * 12.0 + scale * (y_px + 0.5));
    return std::count_if(changed.begin(), changed.end(), [&](const QPointF& place) {
      return std::hypot(place.x() - middle.x(), place.y() - middle.y()) < 16.0;
    });
  };
  EXPECT_GT(near_count(200.0, 125.0), 20);
  EXPECT_GT(near_count(600.0, 125.0), 20);
  EXPECT_GT(near_count(600.0, 375.0), 20);
  EXPECT_EQ(near_count(200.0, 375.0), 0) << "nobody looked there";
}

TEST_F(ViewingFigureTest, IsToldInWords) {
  const QString words = ui::viewing_words(results);
  EXPECT_THAT(
      words.toStdString(),
      testing::AllOf(HasSubstr("Task 1: Look at the picture: shown for 10.0 s; 3 fixations, mean 583 ms; "
                               "path 30°."),
                     HasSubstr("Task 2: How old is everybody?: shown for 2.0 s, skipped; 0 fixations.")));
  results.tasks[1].how.reset();
  EXPECT_EQ(ui::viewing_task_words(results.tasks[1]), "not shown");
}

TEST_F(ViewingFigureTest, WithoutThePictureTheRestIsDrawn) {
  const ui::ViewingFigure figure{results, nullptr, {}};
  QImage image(900, 400, QImage::Format_RGB32);
  image.fill(Qt::white);
  const QImage empty = image;
  QPainter painter(&image);
  ui::paint_viewing_figure(painter, QRectF(image.rect()), figure, ui::paper_palette(), 12.0);
  painter.end();
  EXPECT_GT(differing(image, empty), 2000);
}

TEST_F(ViewingFigureTest, AFolderHoldsEverythingAndNothingIsOverwritten) {
  picture();
  results.picture_path = folder.filePath("room.png").toStdString();
  const QString to = folder.filePath("out");
  const auto files = ui::write_viewing_folder(results, 1.0, to);
  ASSERT_TRUE(files) << files.error().to_text();
  EXPECT_EQ(files->size(), 9);
  const auto bytes_of = [&](const char* name) {
    QFile file(to + '/' + name);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << name;
    return file.readAll();
  };
  for (const char* stem : {"scanpaths", "heat-maps"}) {
    const QString name(stem);
    const QImage png(to + '/' + name + ".png");
    EXPECT_GT(png.width(), 1500);
    EXPECT_TRUE(bytes_of((name + ".pdf").toUtf8()).startsWith("%PDF-"));
    QXmlStreamReader svg(bytes_of((name + ".svg").toUtf8()));
    int elements = 0;
    while (!svg.atEnd()) elements += svg.readNext() == QXmlStreamReader::StartElement ? 1 : 0;
    EXPECT_FALSE(svg.hasError()) << svg.errorString().toStdString();
    EXPECT_GT(elements, 30);
  }
  EXPECT_EQ(bytes_of("fixations.csv").count('\n'), 4);
  EXPECT_EQ(bytes_of("tasks.csv").count('\n'), 3);
  EXPECT_EQ(bytes_of("gaze.csv").count('\n'), 1);
  const auto again = ui::write_viewing_folder(results, 1.0, to);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::output_unwritable);
  EXPECT_EQ(QDir(to).entryList(QDir::Files).size(), 9);
}

TEST_F(ViewingFigureTest, OtherEndingsAndFoldersAreRefused) {
  const ui::ViewingFigure figure{results, nullptr, {}};
  EXPECT_EQ(ui::write_viewing_figure(figure, folder.filePath("a.gif")).error().code,
            ErrorCode::invalid_option);
  for (const char* ending : {"png", "svg", "pdf"})
    EXPECT_EQ(ui::write_viewing_figure(figure, folder.filePath(QString("no/a.%1").arg(ending))).error().code,
              ErrorCode::output_unwritable)
        << ending;
}

TEST_F(ViewingFigureTest, DetailsAreWhereThereIsSomethingToSee) {
  const auto details = picture().details();
  ASSERT_FALSE(details.isEmpty());
  for (const QPointF& place : details) {
    EXPECT_NEAR(place.x(), 530.0, 75.0);
    EXPECT_NEAR(place.y(), 330.0, 75.0);
  }
  QImage plain(400, 300, QImage::Format_RGB32);
  plain.fill(Qt::gray);
  ASSERT_TRUE(plain.save(folder.filePath("plain.png")));
  EXPECT_TRUE(StimulusPicture::load(folder.filePath("plain.png"))->details().isEmpty());
}

TEST_F(ViewingFigureTest, PicturesThatCannotBeReadSayWhy) {
  EXPECT_EQ(StimulusPicture::load(folder.filePath("gone.png")).error().code, ErrorCode::input_missing);
  QFile broken(folder.filePath("broken.png"));
  ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
  broken.write("no picture");
  broken.close();
  EXPECT_FALSE(StimulusPicture::load(broken.fileName()));
  QFile drawing(folder.filePath("broken.svg"));
  ASSERT_TRUE(drawing.open(QIODevice::WriteOnly));
  drawing.write("<svg");
  drawing.close();
  const auto loaded = StimulusPicture::load(drawing.fileName());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().message, HasSubstr("not an SVG drawing"));
}

}  // namespace
}  // namespace yarbus::viewing_figure_test
