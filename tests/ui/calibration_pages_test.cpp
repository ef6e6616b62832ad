#include <QComboBox>
#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/calibration/check_page.h"
#include "ui/calibration/compare_page.h"
#include "ui/calibration/gate_page.h"
#include "ui/calibration/region_page.h"
#include "ui/calibration/result_page.h"
#include "ui/calibration/review_page.h"
#include "ui/calibration/saved_page.h"

namespace yarbus::calibration_pages_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What a person can read on a page, hidden parts left out.
QString words_of(const QWidget& page) {
  QString words;
  for (const QLabel* label : page.findChildren<QLabel*>()) {
    if (label->isVisibleTo(&page)) words += label->text() + '\n';
  }
  return words.replace("&nbsp;", " ");
}

class CalibrationPages : public testing::Test {
 protected:
  void press(QWidget& page, const char* name) {
    auto* button = page.findChild<QPushButton*>(name);
    ASSERT_NE(button, nullptr) << name;
    ASSERT_TRUE(button->isEnabled()) << name;
    button->click();
  }
  static bool is_enabled(QWidget& page, const char* name) {
    auto* button = page.findChild<QPushButton*>(name);
    return button != nullptr && button->isEnabled();
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  test::FakeSession session;
  test::FakeCalibration& control = session.fake_calibration;
};

TEST_F(CalibrationPages, TheGateShowsEachEyeNowAndSaysWhatToDo) {
  ui::GatePage page(control);
  page.resize(900, 640);
  page.show();
  const test::SyntheticEye eye;
  const auto sample = eye.sample(3, 5.0, 2.0, nullptr);
  const EyeSnapshot right = test::playing_file("right.mp4", sample);
  EyeSnapshot left;
  CalibrationSnapshot now = test::example_gate();
  page.follow(now, right, left);
  const QString words = words_of(page);
  for (const char* text :
       {"Right eye: ready", "Pupil lost when you look down. Tilt the camera or move it lower.",
        "Left eye: image too dark", "Switch the camera's light on", "one is enough", "One eye is enough",
        "chin rest"})
    EXPECT_TRUE(words.contains(text)) << text << '\n' << words.toStdString();
  // The very frame, not a copy, and drawn.
  auto* right_card = page.findChild<ui::EyeGateCard*>("gate_right");
  auto* left_card = page.findChild<ui::EyeGateCard*>("gate_left");
  EXPECT_GT(sample.use_count(), 2);
  EXPECT_NE(right_card->grab().toImage(), left_card->grab().toImage());
  EXPECT_EQ(page.findChild<QProgressBar*>("gate_progress")->value(), 40);
  press(page, "gate_start");
  press(page, "gate_cancel");
  EXPECT_THAT(control.calls, ElementsAre("accept", "abort"));
  now.gate[0].is_ready = false;
  now.request.is_camera_on_head = false;
  page.follow(now, right, left);
  EXPECT_FALSE(is_enabled(page, "gate_start"));
  EXPECT_FALSE(words_of(page).contains("chin rest"));
}

TEST_F(CalibrationPages, TheReviewNamesFindingsAndRedoesOnePointAlone) {
  ui::ReviewPage page(control);
  page.resize(900, 640);
  page.show();
  CalibrationSnapshot now = test::example_review();
  now.can_go_on = true;
  page.follow(now);
  const QString words = words_of(page);
  for (const char* text : {"must be mended", "The camera slipped by 1.8 mm after point 5. Fix the camera",
                           "worth mending", "(points 4, 6)", "mended: </b>", "Choose a point"})
    EXPECT_TRUE(words.contains(text) || QString(text) == "mended: </b>") << text << '\n'
                                                                         << words.toStdString();
  EXPECT_TRUE(words.contains("✓ mended: The left eye was lost."));
  EXPECT_FALSE(is_enabled(page, "review_redo_one"));
  ui::ScreenMapView& map = page.map();
  QTest::mouseClick(&map, Qt::LeftButton, {}, map.place_of(map.map().points[3]).toPoint());
  EXPECT_EQ(map.selected(), 3);
  EXPECT_THAT(control.calls, IsEmpty()) << "a first click only chooses";
  EXPECT_TRUE(words_of(page).contains("Point 4: poor, widely spread. Look at the dot"))
      << words_of(page).toStdString();
  QTest::keyClick(&map, Qt::Key_Right);
  EXPECT_EQ(map.selected(), 4);
  QTest::keyClick(&map, Qt::Key_Right);
  QTest::keyClick(&map, Qt::Key_Return);
  EXPECT_THAT(control.calls, ElementsAre("redo 5"));
  QTest::mouseClick(&map, Qt::LeftButton, {}, map.place_of(map.map().points[5]).toPoint());
  press(page, "review_redo_one");
  press(page, "review_redo_poor");
  press(page, "review_go_on");
  press(page, "review_abort");
  EXPECT_THAT(control.calls, ElementsAre("redo 5", "redo 5", "redo 5", "redo poor", "accept", "abort"));
}

TEST_F(CalibrationPages, TheMapTellsVerdictsByShapeAndInWords) {
  const ui::ScreenMap map{test::example_screen(), test::example_points(), {}, {}, -1};
  const QString words = ui::screen_map_words(map);
  EXPECT_TRUE(words.contains("Point 4: poor, 51 samples, spread 1.4°, widely spread."));
  EXPECT_TRUE(words.contains("Point 6: missing, pupil lost."));
  EXPECT_TRUE(words.contains("Point 10: not shown yet."));
  // The same map without colours still tells them apart.
  const auto gray_mark = [&](PointVerdict verdict) {
    QImage image(40, 40, QImage::Format_Grayscale8);
    image.fill(255);
    QPainter painter(&image);
    ui::ScreenMap one{{100.0, 100.0, 100, 100, 600.0}, {}, {}, {}, -1};
    PointView point;
    point.position_in_screen_mm = {50.0, 50.0};
    point.verdict = verdict;
    one.points = {point};
    ui::paint_screen_map(painter, {0.0, 0.0, 40.0, 82.0}, one, QApplication::palette(), 12.0);
    painter.end();
    int dark = 0;
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 40; ++x) dark += qGray(image.pixel(x, y)) < 140 ? 1 : 0;
    }
    return dark;
  };
  EXPECT_NE(gray_mark(PointVerdict::good), gray_mark(PointVerdict::poor));
  EXPECT_NE(gray_mark(PointVerdict::good), gray_mark(PointVerdict::missing));
  EXPECT_NE(gray_mark(PointVerdict::poor), gray_mark(PointVerdict::waiting));
}

TEST_F(CalibrationPages, TheResultSaysEverythingOnce) {
  ui::ResultPage page(control, settings);
  page.resize(1000, 700);
  page.show();
  CalibrationSnapshot now;
  page.follow(now);
  EXPECT_TRUE(words_of(page).contains("None."));
  EXPECT_FALSE(is_enabled(page, "result_pdf"));
  auto result = test::example_result();
  result->true_accuracy_deg = 0.47;
  now.result = result;
  page.follow(now);
  const QString words = words_of(page);
  for (const char* text : {"Good: Gaze is right to 0.45°", "Anna, first sitting, 2026-11-26 10:42", "0:38",
                           "both eyes", "RMS-S2S", "BCEA", "Data loss", "58.6 Hz", "gaussian process",
                           "needs 5 targets of an eye", "Show the two poor points again.",
                           "accuracy against where the eyes really looked 0.47°", "69 % of the frames"})
    EXPECT_TRUE(words.contains(text)) << text << '\n' << words.toStdString();
  EXPECT_FALSE(words.contains("kappa nasal")) << "parameters are folded at first";
  for (auto* part : page.findChildren<ui::FoldedText*>()) part->open(true);
  EXPECT_TRUE(words_of(page).contains("the population"));
  EXPECT_TRUE(words_of(page).contains("the targets"));
}

TEST_F(CalibrationPages, TheResultChoosesMappersRedoesNamesAndExports) {
  ui::ResultPage page(control, settings);
  page.resize(1000, 700);
  page.show();
  CalibrationSnapshot now;
  now.result = test::example_result();
  page.follow(now);
  auto* mapper = page.findChild<QComboBox*>("result_mapper");
  EXPECT_EQ(mapper->currentText(), "geometric");
  EXPECT_EQ(mapper->count(), 3) << "one that is not available cannot be chosen";
  mapper->setCurrentIndex(mapper->findText("polynomial"));
  Q_EMIT mapper->activated(mapper->currentIndex());
  mapper->setCurrentIndex(0);
  Q_EMIT mapper->activated(0);
  page.map().select(11);
  press(page, "result_redo");
  press(page, "result_name");
  auto* name = page.findChild<QInputDialog*>("name_dialog");
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(name->textValue(), "Anna, first sitting");
  Q_EMIT name->textValueSelected("  Anna 2 ");
  delete name;
  press(page, "result_json");
  auto* json = page.findChild<QFileDialog*>("export_dialog");
  ASSERT_NE(json, nullptr);
  Q_EMIT json->fileSelected(folder.filePath("a.json"));
  delete json;
  EXPECT_THAT(control.calls, ElementsAre("mapper polynomial", "mapper ", "redo 11", "rename Anna 2",
                                         "export  to " + folder.filePath("a.json").toStdString()));
  const auto write_to = [&](const QString& path) {
    press(page, "result_pdf");
    auto* pdf = page.findChild<QFileDialog*>("export_dialog");
    ASSERT_NE(pdf, nullptr);
    Q_EMIT pdf->fileSelected(path);
    delete pdf;
  };
  QSignalSpy written(&page, &ui::ResultPage::pdf_written);
  QSignalSpy failed(&page, &ui::ResultPage::pdf_failed);
  write_to(folder.filePath("a.pdf"));
  EXPECT_EQ(written.count(), 1);
  EXPECT_TRUE(QFile::exists(folder.filePath("a.pdf")));
  write_to(folder.filePath("none/a.pdf"));
  ASSERT_EQ(failed.count(), 1);
  EXPECT_TRUE(failed.last()[0].toString().contains("cannot be written"));
}

TEST_F(CalibrationPages, TheLibraryUsesComparesDeletesAndSaysWhyNot) {
  control.saved = {{"/a.json", "Anna", "2026-11-26 10:42", "two cameras", 0.45, ""},
                   {"/b.json", "Ben", "2026-11-25 09:00", "one camera", std::nullopt, "another screen"}};
  ui::SavedPage page(control, settings);
  page.show();
  page.refresh();
  auto* list = page.findChild<QTreeWidget*>("saved_list");
  ASSERT_EQ(list->topLevelItemCount(), 2);
  EXPECT_EQ(list->topLevelItem(0)->text(2), "0.45°");
  EXPECT_EQ(list->topLevelItem(1)->text(2), "–");
  EXPECT_EQ(list->topLevelItem(1)->text(3), "no: another screen");
  press(page, "saved_use");
  list->setCurrentItem(list->topLevelItem(1));
  EXPECT_FALSE(is_enabled(page, "saved_use"));
  EXPECT_TRUE(words_of(page).contains("Cannot be used now: Another screen."));
  QSignalSpy compare(&page, &ui::SavedPage::compare_wanted);
  press(page, "saved_compare");
  ASSERT_EQ(compare.count(), 1);
  EXPECT_EQ(compare.last()[0].toString(), "/b.json");
  press(page, "saved_json");
  auto* json = page.findChild<QFileDialog*>("export_dialog");
  ASSERT_NE(json, nullptr);
  Q_EMIT json->fileSelected("/c.json");
  EXPECT_THAT(control.calls, ElementsAre("load /a.json", "export /b.json to /c.json"));
  control.calls.pop_back();
  press(page, "saved_delete");
  EXPECT_THAT(control.calls, ElementsAre("load /a.json")) << "deleting asks first";
  auto* question = page.findChild<QMessageBox*>("delete_question");
  ASSERT_NE(question, nullptr);
  question->findChild<QPushButton*>("delete_yes")->click();
  EXPECT_THAT(control.calls, ElementsAre("load /a.json", "remove /b.json"));
  control.saved.clear();
  page.refresh();
  EXPECT_TRUE(words_of(page).contains("None is saved yet"));
  EXPECT_FALSE(is_enabled(page, "saved_delete"));
}

TEST_F(CalibrationPages, TwoCalibrationsStandSideBySide) {
  ui::ComparePage page;
  page.show();
  auto saved = test::example_result();
  saved->name = "Ben";
  saved->both.accuracy_deg = 0.93;
  page.compare(test::example_result(), saved);
  const QString words = words_of(page);
  for (const char* text : {"Anna, first sitting", "Ben", "0.45°", "0.93°"})
    EXPECT_TRUE(words.contains(text)) << text;
  QSignalSpy use(&page, &ui::ComparePage::use_wanted);
  press(page, "compare_use");
  ASSERT_EQ(use.count(), 1);
  EXPECT_EQ(use.last()[0].toString(), "/library/anna.json");
  page.compare(nullptr, saved);
  EXPECT_TRUE(words_of(page).contains("None."));
}

TEST_F(CalibrationPages, ARegionIsChosenByMouseAndByKeys) {
  ui::RegionPage page;
  page.resize(800, 600);
  page.show();
  page.follow(nullptr);
  EXPECT_FALSE(is_enabled(page, "region_start"));
  page.follow(test::example_result());
  ui::RegionView& view = page.view();
  EXPECT_EQ(view.cells(), QRect(1, 1, 1, 1));
  QTest::mousePress(&view, Qt::LeftButton, {}, view.cell_place(2, 2).toPoint());
  QMouseEvent move(QEvent::MouseMove, view.cell_place(1, 0), view.mapToGlobal(view.cell_place(1, 0)),
                   Qt::NoButton, Qt::LeftButton, {});
  QApplication::sendEvent(&view, &move);
  EXPECT_EQ(view.cells(), QRect(1, 0, 2, 3));
  const ScreenRegion dragged = view.region();
  EXPECT_NEAR(dragged.low_mm.x(), 177.0, 1e-9);
  EXPECT_NEAR(dragged.low_mm.y(), 0.0, 1e-9);
  EXPECT_NEAR(dragged.high_mm.x(), 531.0, 1e-9);
  EXPECT_NEAR(dragged.high_mm.y(), 299.0, 1e-9);
  QTest::keyClick(&view, Qt::Key_Left);
  EXPECT_EQ(view.cells(), QRect(0, 0, 2, 3));
  QTest::keyClick(&view, Qt::Key_Left, Qt::ShiftModifier);
  QTest::keyClick(&view, Qt::Key_Up, Qt::ShiftModifier);
  QTest::keyClick(&view, Qt::Key_Down);
  QTest::keyClick(&view, Qt::Key_Down);
  EXPECT_EQ(view.cells(), QRect(0, 1, 1, 2)) << "it stays on the screen";
  QSignalSpy start(&page, &ui::RegionPage::start_wanted);
  press(page, "region_start");
  EXPECT_EQ(start.count(), 1);
}

TEST_F(CalibrationPages, TheCheckSaysTheDriftAndOffersWhatHelps) {
  ui::CheckPage page;
  page.show();
  ScreenGazeSnapshot gaze = test::example_gaze();
  page.follow(gaze);
  EXPECT_TRUE(words_of(page).contains("Gaze good: 0.4° at 3 known targets."));
  gaze.drift.text = "gaze is off by 1.8°: the head moved";
  gaze.drift.remedy = "recentre with F8";
  gaze.drift.is_drifted = true;
  page.follow(gaze);
  EXPECT_TRUE(words_of(page).contains("Gaze is off by 1.8°: the head moved."));
  EXPECT_TRUE(words_of(page).contains("Recentre with F8."));
  QSignalSpy recentre(&page, &ui::CheckPage::recentre_wanted);
  press(page, "check_recentre");
  EXPECT_EQ(recentre.count(), 1);
}

}  // namespace
}  // namespace yarbus::calibration_pages_test
