#include "ui/report/calibration_pdf.h"

#include <QApplication>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "ui/report/calibration_report.h"
#include "ui/report/calibration_tables.h"
#include "ui/report/calibration_words.h"

namespace yarbus::calibration_pdf_test {
namespace {

QImage page_of(const CalibrationResult& result) {
  QImage image(595, 842, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  ui::paint_calibration_report(painter, {40.0, 40.0, 515.0, 762.0}, result);
  painter.end();
  return image;
}

int ink(const QImage& image, const QRect& part) {
  int count = 0;
  for (int y = part.top(); y <= part.bottom(); ++y) {
    for (int x = part.left(); x <= part.right(); ++x) count += qGray(image.pixel(x, y)) < 128 ? 1 : 0;
  }
  return count;
}

TEST(CalibrationPdf, IsOnePageOfA4) {
  const QTemporaryDir folder;
  const QString path = folder.filePath("report.pdf");
  ASSERT_TRUE(ui::write_calibration_pdf(*test::example_result(), path));
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QString text = QString::fromLatin1(file.readAll());
  EXPECT_TRUE(text.startsWith("%PDF-"));
  EXPECT_EQ(text.count(QRegularExpression("/Type /Page\\b")), 1);
  EXPECT_TRUE(text.contains(QRegularExpression("/MediaBox \\[0 0 59[45]\\S* 84[12]\\S*\\]")));
}

TEST(CalibrationPdf, AnUnwritableFileIsSaidAndLeavesNothing) {
  const QTemporaryDir folder;
  const auto written = ui::write_calibration_pdf(*test::example_result(), folder.filePath("none/report.pdf"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::output_unwritable);
  EXPECT_NE(written.error().message.find("cannot be written"), std::string::npos);
  EXPECT_FALSE(written.error().remedy.empty());
  EXPECT_FALSE(ui::write_calibration_pdf(*test::example_result(), folder.path())) << "a folder";
}

TEST(CalibrationReport, StaysWithinThePageHoweverMuchThereIsToSay) {
  auto result = test::example_result();
  const QImage usual = page_of(*result);
  EXPECT_GT(ink(usual, {40, 40, 515, 762}), 5000);
  result->name = std::string(300, 'W');
  for (int i = 0; i < 40; ++i) {
    result->points.push_back(result->points.front());
    result->parameters.push_back(result->parameters.front());
    result->findings.push_back(result->findings.front());
    result->advice.push_back(result->advice.front());
  }
  const QImage full = page_of(*result);
  EXPECT_NE(full, usual);
  EXPECT_EQ(ink(full, {0, 0, 38, 842}), 0);
  EXPECT_EQ(ink(full, {558, 0, 36, 842}), 0);
  EXPECT_EQ(ink(full, {0, 804, 595, 37}), 0);
}

TEST(CalibrationReport, AnEmptyResultPaintsToo) {
  const CalibrationResult empty;
  EXPECT_GT(ink(page_of(empty), {0, 0, 595, 842}), 100);
}

TEST(CalibrationTables, AbsentFiguresAreDashes) {
  auto result = test::example_result();
  result->eyes[1].reset();
  result->both.bcea_deg2.reset();
  const ui::TextTable table = ui::quality_table(*result);
  ASSERT_EQ(table.rows.size(), 8);
  EXPECT_EQ(table.rows[0], QStringList({"Accuracy", "0.45°", "0.52°", "–"}));
  EXPECT_EQ(table.rows[4], QStringList({"BCEA (68 %)", "–", "0.24 deg²", "–"}));
  EXPECT_EQ(table.rows[5], QStringList({"Data loss", "2.1 %", "3.0 %", "–"}));
  EXPECT_EQ(ui::mapper_table(*result).bold_row, 0);
  EXPECT_EQ(ui::point_table(*result).rows[5], QStringList({"6", "missing", "0", "–", "100 %", "2×"}));
}

TEST(CalibrationTables, TextIsEscaped) {
  const ui::TextTable table{{"<a>"}, {{"b & c"}}, -1};
  const QString html = ui::html_of(table);
  EXPECT_TRUE(html.contains("&lt;a&gt;"));
  EXPECT_TRUE(html.contains("b&nbsp;&amp;&nbsp;c")) << html.toStdString();
}

TEST(CalibrationWords, FiguresAsPeopleReadThem) {
  EXPECT_EQ(ui::degrees_text(0.4234), "0.42°");
  EXPECT_EQ(ui::degrees_text(1.26), "1.3°");
  EXPECT_EQ(ui::degrees_text(std::nullopt), "–");
  EXPECT_EQ(ui::duration_text(65.4), "1:05");
  EXPECT_EQ(ui::filter_text(GazeFilter::one_euro, 0.035), "One-Euro: +35 ms");
  EXPECT_EQ(ui::filter_text(GazeFilter::none, 0.0), "no filter: +0 ms");
  EXPECT_EQ(ui::point_name(2), "point 3");
}

}  // namespace
}  // namespace yarbus::calibration_pdf_test
