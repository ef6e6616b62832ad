#include "ui/camera_calibration/camera_words.h"

#include <QPdfWriter>
#include <QSettings>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "tests/ui/example_camera_calibration.h"
#include "tests/ui/fake_camera_calibration.h"
#include "ui/camera_calibration/board_choices.h"
#include "ui/camera_calibration/board_pdf.h"

namespace yarbus::camera_words_test {
namespace {

TEST(CameraWords, AsManyDecimalsAsTheDeviationIsWorth) {
  EXPECT_EQ(ui::with_sigma(500.0234, 0.14), "500.02 ± 0.14");
  EXPECT_EQ(ui::with_sigma(500.0234, 3.2), "500.0 ± 3.2");
  EXPECT_EQ(ui::with_sigma(500.0234, 25.0), "500 ± 25");
  EXPECT_EQ(ui::with_sigma(-0.21, 0.0021), "-0.2100 ± 0.0021");
  EXPECT_EQ(ui::with_sigma(1.0, std::nan("")), "1.000") << "no deviation is stated that is not known";
  EXPECT_EQ(ui::error_text(0.0612), "0.061 px");
  EXPECT_EQ(ui::error_text(std::nan("")), "–");
}

TEST(CameraWords, TheVerdictFollowsFocalLengthAndErrorAndSaysWhatHelps) {
  CameraCalibrationResult result = *test::example_computed().result;
  ui::CameraVerdict verdict = ui::camera_verdict(result);
  EXPECT_EQ(verdict.grade, ui::CameraVerdict::Grade::good);
  EXPECT_TRUE(verdict.words.contains("known to 0.060 %")) << verdict.words.toStdString();
  EXPECT_TRUE(verdict.remedy.isEmpty());
  result.sigma_px[1] = 1.0;  // 0.4 %: the worse of both counts
  verdict = ui::camera_verdict(result);
  EXPECT_EQ(verdict.grade, ui::CameraVerdict::Grade::fair);
  EXPECT_TRUE(verdict.remedy.contains("near ones"));
  result.most_tilt_deg = 12.0;
  EXPECT_TRUE(ui::camera_verdict(result).remedy.contains("at most 12°"));
  result.sigma_px[1] = 0.15;
  result.rms_px = 0.4;  // 0.8 px at 640 px
  verdict = ui::camera_verdict(result);
  EXPECT_EQ(verdict.grade, ui::CameraVerdict::Grade::poor);
  EXPECT_TRUE(verdict.remedy.contains("flat"));
  result.sigma_px[0] = std::nan("");
  EXPECT_EQ(ui::camera_verdict(result).grade, ui::CameraVerdict::Grade::poor);
}

TEST(CameraWords, TheTableNamesTheCoefficientsOfTheLens) {
  CameraCalibrationResult result = *test::example_computed().result;
  QString html = ui::result_html(result);
  for (const char* text :
       {"250.00 ± 0.14 px", "251.50 ± 0.15 px", "p1", "k3", "0.066 px", "tilted up to 33°"})
    EXPECT_TRUE(html.contains(text)) << text;
  EXPECT_FALSE(html.contains("k4"));
  result.intrinsics.distortion_model = DistortionModel::fisheye;
  html = ui::result_html(result);
  EXPECT_TRUE(html.contains("k4"));
  EXPECT_FALSE(html.contains("p1"));
  EXPECT_EQ(ui::left_out_words(result),
            "Error on views left out of the fit: standard 0.070 px, fisheye 0.091 px.");
}

TEST(CameraWords, AResultIsOldWhenViewsCameOrWent) {
  CameraCalibrationSnapshot now = test::example_computed();
  EXPECT_FALSE(ui::is_result_old(now));
  EXPECT_EQ(ui::guide_words(now, true), "Done: look at the result and save it");
  EXPECT_EQ(ui::view_count_words(now), "3 views, 1 of them taken out");
  CameraCalibrationSnapshot fewer = now;
  fewer.views.erase(fewer.views.begin());
  EXPECT_TRUE(ui::is_result_old(fewer));
  EXPECT_TRUE(ui::since_result_words(fewer).contains("removed since"));
  EXPECT_EQ(ui::guide_words(fewer, true), "Show the board at the upper left");
  CameraCalibrationSnapshot more = now;
  more.views.push_back(test::example_collecting().views[0]);
  EXPECT_FALSE(ui::is_result_old(more)) << "a view that came by itself takes nothing from the result";
  EXPECT_TRUE(ui::since_result_words(more).contains("1 view came since"));
  EXPECT_EQ(ui::guide_words(more, true), "Done: look at the result and save it");
  EXPECT_TRUE(ui::since_result_words(now).isEmpty());
  now.saved_as = "Eye cam";
  EXPECT_EQ(ui::guide_words(now, true), "Saved as Eye cam");
  now.is_busy = true;
  now.busy_text = "fitting the standard lens";
  EXPECT_EQ(ui::guide_words(now, true), "Fitting the standard lens…");
  EXPECT_TRUE(ui::guide_words({}, false).contains("Open the eye"));
}

TEST(CameraWords, TheBoardsSizeIsSaidWithThePaperItFits) {
  CalibrationBoard board;
  board.square_mm = 20.0;
  const QString words = ui::size_check_words(board, {"", 240.0, 180.0});
  for (const char* text : {"200 × 140 mm", "240 × 180 mm", "A4 lying", "100 %"})
    EXPECT_TRUE(words.contains(text)) << text << " in " << words.toStdString();
  EXPECT_EQ(ui::paper_name(180.0, 240.0), "A4");
  EXPECT_EQ(ui::paper_name(201.0, 240.0), "A3") << "a printer's margin is left";
  EXPECT_TRUE(ui::paper_name(900.0, 900.0).isEmpty());
  EXPECT_TRUE(ui::size_check_words(board, {"", 900.0, 900.0}).contains("no paper"));
}

TEST(CameraWords, TheBoardIsRememberedAndNonsenseIsNot) {
  const QTemporaryDir folder;
  QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
  EXPECT_EQ(ui::load_board(settings).board.square_mm, 20.0) << "fits A4";
  CameraCalibrationSetup setup;
  setup.board.kind = BoardKind::charuco;
  setup.board.columns = 7;
  setup.board.square_mm = 3.25;
  setup.board.marker_mm = 2.5;
  setup.board.dictionary = "5x5_100";
  setup.takes_views_by_itself = false;
  ui::save_board(settings, setup);
  EXPECT_EQ(ui::load_board(settings).board, setup.board);
  EXPECT_FALSE(ui::load_board(settings).takes_views_by_itself);
  settings.setValue("camera_calibration/columns", 1000);
  EXPECT_EQ(ui::load_board(settings).board.columns, 9);
}

TEST(CameraWords, TheBoardsPageHasItsTrueSize) {
  const QTemporaryDir folder;
  const test::FakeCameraCalibration control;
  CalibrationBoard board;
  board.square_mm = 20.0;
  const auto drawing = control.draw_board(board);
  ASSERT_TRUE(drawing);
  const QString path = folder.filePath("board.pdf");
  const auto written = ui::write_board_pdf(*drawing, path);
  ASSERT_TRUE(written) << written.error().to_text();
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QByteArray pdf = file.readAll();
  EXPECT_TRUE(pdf.startsWith("%PDF"));
  // A4 lying, in points.
  EXPECT_TRUE(pdf.contains("842") && pdf.contains("595")) << pdf.left(2000).toStdString();
  const auto failed = ui::write_board_pdf(*drawing, folder.filePath("none/board.pdf"));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::output_unwritable);
}

}  // namespace
}  // namespace yarbus::camera_words_test
