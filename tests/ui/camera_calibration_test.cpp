#include <QFileDialog>
#include <QInputDialog>
#include <QMessageBox>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_camera_calibration.h"
#include "tests/ui/fake_session.h"
#include "ui/main_window.h"
#include "ui/source_settings.h"

namespace yarbus::camera_calibration_test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

enum Tab : int { board_tab, views_tab, result_tab, library_tab };

/// The page as it stands in the main window.
class CameraCalibrationPage : public testing::Test {
 protected:
  void open_page() {
    main = std::make_unique<ui::MainWindow>(session, settings);
    main->show();
    main->actions().calibrate_camera->trigger();
    page = &main->camera_calibration();
  }
  void show_state(const CameraCalibrationSnapshot& now) {
    control.now = now;
    page->poll();
  }
  void open_source(EyeSide eye = EyeSide::right, bool is_live = true) {
    SourceSnapshot& source = session.eye(eye).source;
    source.state = PlaybackState::playing;
    source.request.kind = SourceRequest::Kind::camera;
    source.request.location = "/dev/video2";
    source.request.focal_px = 300.0;
    source.name = "Pupil Cam2 ID0";
    source.is_live = is_live;
    source.width_px = 320;
    source.height_px = 240;
    source.focal_px = 300.0;
    source.intrinsics_note = "focal length as stated";
    main->presenter().poll();
    page->poll();
  }
  template <class T>
  T* find(const char* name) {
    T* found = page->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QString text_of(const char* name) {
    const auto* label = find<QLabel>(name);
    return label->isVisibleTo(page) ? label->text() : QString();
  }
  void press(const char* name) {
    auto* button = find<QPushButton>(name);
    ASSERT_TRUE(button->isEnabled()) << name;
    button->click();
  }
  bool is_enabled(const char* name) { return find<QPushButton>(name)->isEnabled(); }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  test::FakeSession session;
  test::FakeCameraCalibration& control = session.fake_camera_calibration;
  std::unique_ptr<ui::MainWindow> main;
  ui::CameraCalibrationWindow* page = nullptr;
};

TEST_F(CameraCalibrationPage, OpensFromTheMenuAndBeginsWithTheEyeShownAndTheBoardUsedLast) {
  settings.setValue("camera_calibration/board", "charuco");
  main = std::make_unique<ui::MainWindow>(session, settings);
  main->show();
  main->presenter().show_eye(EyeSide::left);
  main->actions().calibrate_camera->trigger();
  page = &main->camera_calibration();
  EXPECT_TRUE(page->isVisible());
  EXPECT_THAT(control.calls, ElementsAre("start left charuco"));
  EXPECT_EQ(text_of("camera_guide"), "Open the eye’s camera, or load pictures of the board");
  EXPECT_FALSE(is_enabled("camera_compute"));
  EXPECT_FALSE(is_enabled("camera_take"));
  page->reject();
  EXPECT_THAT(control.calls, ElementsAre("start left charuco", "stop"));
  EXPECT_FALSE(page->isVisible());
}

TEST_F(CameraCalibrationPage, WhileCollectingItSaysWhatToShowNextInLargeWords) {
  open_page();
  open_source();
  const QImage empty = page->picture().grab().toImage();
  show_state(test::example_collecting());
  EXPECT_EQ(text_of("camera_guide"), "Show the board at the upper left");
  EXPECT_GT(find<QLabel>("camera_guide")->font().pointSizeF(), 1.5 * page->font().pointSizeF());
  EXPECT_EQ(text_of("camera_board_text"), "Hold the board still");
  EXPECT_EQ(find<QProgressBar>("camera_progress")->value(), 42);
  EXPECT_EQ(find<QProgressBar>("camera_progress")->text(), "3 views, 42 % collected");
  EXPECT_TRUE(find<ui::FoldedText>("camera_missing")->html().contains("left edge away"));
  EXPECT_TRUE(is_enabled("camera_take"));
  const QImage seen = page->picture().grab().toImage();
  EXPECT_NE(seen, empty);
  // Points, outlines and the hatching of what is missing are all drawn.
  for (const auto& change : std::vector<std::function<void(CameraCalibrationSnapshot&)>>{
           [](auto& now) { now.points_px.clear(); }, [](auto& now) { now.views.pop_back(); },
           [](auto& now) { now.coverage.assign(48, 1); },
           [](auto& now) { now.views[0].is_removed = true; }}) {
    CameraCalibrationSnapshot other = test::example_collecting();
    change(other);
    show_state(other);
    EXPECT_NE(page->picture().grab().toImage(), seen);
  }
  show_state(test::example_collecting());
  EXPECT_EQ(page->picture().grab().toImage(), seen);
  press("camera_take");
  EXPECT_EQ(control.calls.back(), "take");
}

TEST_F(CameraCalibrationPage, ViewsAreListedWithTheirErrorsAndRemovedByHand) {
  open_page();
  show_state(test::example_computed());
  page->tabs().setCurrentIndex(views_tab);
  auto* list = find<QTreeWidget>("views_list");
  ASSERT_EQ(list->topLevelItemCount(), 3);
  EXPECT_EQ(list->topLevelItem(0)->text(2), "0.061 px");
  EXPECT_EQ(list->topLevelItem(0)->text(3), "used");
  EXPECT_EQ(list->topLevelItem(1)->text(3), "taken out");
  EXPECT_FALSE(list->topLevelItem(1)->icon(3).isNull());
  EXPECT_EQ(list->topLevelItem(2)->text(1), "shot-05.png");
  EXPECT_FALSE(is_enabled("view_remove"));
  const QImage before = page->picture().grab().toImage();
  list->setCurrentItem(list->topLevelItem(1));
  EXPECT_NE(page->picture().grab().toImage(), before) << "the outline chosen is drawn strongly";
  EXPECT_EQ(text_of("view_text"), "View 3 was taken out: its error of 0.81 px stands out.");
  control.calls.clear();
  press("view_remove");
  EXPECT_THAT(control.calls, ElementsAre("remove 3"));
  CameraCalibrationSnapshot fewer = test::example_computed();
  fewer.views.erase(fewer.views.begin() + 1);
  fewer.not_taken = {"b<1>.png: no board"};
  show_state(fewer);
  EXPECT_EQ(list->topLevelItemCount(), 2);
  EXPECT_EQ(text_of("view_text"), "View 5: error 0.072 px.") << "the one that took its place";
  EXPECT_EQ(page->focusWidget(), list) << "a page's tab leads into the page";
  QTest::keyClick(list, Qt::Key_Delete);
  EXPECT_THAT(control.calls, ElementsAre("remove 3", "remove 5"));
  EXPECT_TRUE(text_of("views_count").contains("2 views")) << text_of("views_count").toStdString();
}

TEST_F(CameraCalibrationPage, ComputesWithTheLensChosenAndShowsWhatCameOut) {
  open_page();
  open_source();
  show_state(test::example_collecting());
  EXPECT_FALSE(find<QWidget>("result_content")->isVisible());
  press("camera_compute");
  EXPECT_EQ(page->tabs().currentIndex(), result_tab);
  find<QComboBox>("lens_choice")->setCurrentIndex(2);
  press("result_compute");
  EXPECT_EQ(control.calls[control.calls.size() - 2], "compute auto");
  EXPECT_EQ(control.calls.back(), "compute fisheye");
  CameraCalibrationSnapshot busy = test::example_collecting();
  busy.is_busy = true;
  busy.busy_text = "fitting the standard lens";
  busy.busy_share = 0.3;
  show_state(busy);
  EXPECT_TRUE(find<QProgressBar>("result_busy")->isVisible());
  EXPECT_EQ(find<QProgressBar>("result_busy")->value(), 30);
  for (const char* button : {"camera_compute", "result_compute", "camera_load", "camera_take"})
    EXPECT_FALSE(is_enabled(button)) << button;
  EXPECT_TRUE(is_enabled("camera_anew")) << "what takes too long can be left";
  show_state(test::example_computed());
  EXPECT_FALSE(find<QProgressBar>("result_busy")->isVisible());
  EXPECT_TRUE(text_of("result_verdict").startsWith("Good: "));
  EXPECT_EQ(text_of("result_lens"),
            "Error on views left out of the fit: standard 0.070 px, fisheye 0.091 px. Taken: standard.");
  EXPECT_TRUE(text_of("result_table").contains("250.00 ± 0.14 px"));
  EXPECT_EQ(text_of("result_refusal"), "");
  EXPECT_EQ(text_of("result_old"), "");
  CameraCalibrationSnapshot old = test::example_computed();
  old.views.pop_back();
  show_state(old);
  EXPECT_TRUE(text_of("result_old").contains("compute again"));
}

TEST_F(CameraCalibrationPage, ARefusalIsShownWithWhatHelps) {
  open_page();
  CameraCalibrationSnapshot refused = test::example_collecting();
  refused.refusal = "2 views are too few";
  refused.refusal_remedy = "Show the board from more sides";
  show_state(refused);
  page->tabs().setCurrentIndex(result_tab);
  EXPECT_EQ(text_of("result_refusal"),
            "No camera came out: 2 views are too few. Show the board from more sides.");
  EXPECT_EQ(text_of("camera_guide"), "Show the board at the upper left") << "the guide goes on";
}

TEST_F(CameraCalibrationPage, SavesUnderANameSaysThatItIsAppliedAndRemembersItForTheSource) {
  open_page();
  open_source();
  show_state(test::example_computed());
  page->tabs().setCurrentIndex(result_tab);
  EXPECT_TRUE(text_of("save_text").contains("320 × 240 px. It is applied at once"));
  EXPECT_EQ(find<QLineEdit>("camera_name")->placeholderText(), "Pupil Cam2 ID0");
  press("camera_save");
  EXPECT_EQ(control.calls.back(), "save ") << "the source's own name";
  find<QLineEdit>("camera_name")->setText(" My eye ");
  QTest::keyClick(find<QLineEdit>("camera_name"), Qt::Key_Return);
  EXPECT_EQ(control.calls.back(), "save My eye");
  CameraCalibrationSnapshot saved = test::example_computed();
  saved.saved_as = "My eye";
  show_state(saved);
  EXPECT_TRUE(text_of("save_text").startsWith("Saved as My eye."));
  const auto remembered = ui::load_source(settings, EyeSide::right);
  ASSERT_TRUE(remembered);
  EXPECT_EQ(remembered->intrinsics_file, "My eye");
  EXPECT_FALSE(remembered->focal_px);
  EXPECT_EQ(remembered->location, "/dev/video2");
  page->reject();
  EXPECT_FALSE(page->isVisible()) << "saved: nothing to ask";
}

TEST_F(CameraCalibrationPage, APictureResultIsNotRememberedForAnotherCamera) {
  open_page();
  open_source();
  CameraCalibrationSnapshot saved = test::example_computed();
  saved.is_from_files = true;
  show_state(saved);
  EXPECT_FALSE(is_enabled("camera_take"));
  EXPECT_TRUE(text_of("camera_source").contains("Start anew"));
  EXPECT_TRUE(text_of("save_text").isEmpty() || text_of("save_text").contains("if the name is"));
  saved.saved_as = "Other";
  show_state(saved);
  EXPECT_FALSE(ui::load_source(settings, EyeSide::right));
}

TEST_F(CameraCalibrationPage, ClosingAsksBeforeAResultIsLost) {
  open_page();
  show_state(test::example_computed());
  control.calls.clear();
  page->reject();
  EXPECT_TRUE(page->isVisible());
  EXPECT_THAT(control.calls, IsEmpty());
  auto* question = find<QMessageBox>("close_question");
  question->findChild<QPushButton*>("close_yes")->click();
  EXPECT_FALSE(page->isVisible());
  EXPECT_THAT(control.calls, ElementsAre("stop"));
}

TEST_F(CameraCalibrationPage, AnotherBoardBeginsAtOnceOrAsksIfViewsWouldGo) {
  open_page();
  show_state([] {
    CameraCalibrationSnapshot now;
    now.is_active = true;
    return now;
  }());
  control.calls.clear();
  auto* kind = find<QComboBox>("board_kind");
  kind->setCurrentIndex(kind->findData(static_cast<int>(BoardKind::charuco)));
  EXPECT_THAT(control.calls, ElementsAre("start right charuco"));
  EXPECT_TRUE(find<QDoubleSpinBox>("board_marker")->isVisible());
  EXPECT_FALSE(find<QDoubleSpinBox>("board_circle")->isVisible());
  find<QSpinBox>("board_columns")->setValue(7);
  EXPECT_EQ(control.setups.back().board.columns, 7);
  EXPECT_EQ(ui::load_source(settings, EyeSide::right), std::nullopt);
  EXPECT_EQ(settings.value("camera_calibration/columns").toInt(), 7);

  show_state(test::example_collecting());
  control.calls.clear();
  kind->setCurrentIndex(kind->findData(static_cast<int>(BoardKind::circles)));
  EXPECT_THAT(control.calls, IsEmpty());
  EXPECT_TRUE(find<QWidget>("camera_pending")->isVisible());
  press("pending_back");
  EXPECT_FALSE(find<QWidget>("camera_pending")->isVisible());
  EXPECT_EQ(kind->currentData().toInt(), static_cast<int>(BoardKind::charuco));
  EXPECT_THAT(control.calls, IsEmpty());
  find<QComboBox>("camera_eye")->setCurrentIndex(1);
  EXPECT_TRUE(find<QWidget>("camera_pending")->isVisible());
  press("pending_apply");
  EXPECT_THAT(control.calls, ElementsAre("start left charuco"));
  EXPECT_FALSE(find<QWidget>("camera_pending")->isVisible());
}

TEST_F(CameraCalibrationPage, AnImpossibleBoardIsSaidAndNotUsed) {
  open_page();
  show_state([] {
    CameraCalibrationSnapshot now;
    now.is_active = true;
    return now;
  }());
  control.calls.clear();
  find<QSpinBox>("board_columns")->setValue(2);
  EXPECT_TRUE(text_of("board_fault").contains("is 2, must be")) << text_of("board_fault").toStdString();
  EXPECT_FALSE(is_enabled("board_print"));
  EXPECT_THAT(control.calls, IsEmpty());
  find<QSpinBox>("board_columns")->setValue(8);
  EXPECT_EQ(text_of("board_fault"), "");
  EXPECT_THAT(control.calls, ElementsAre("start right chessboard"));
}

TEST_F(CameraCalibrationPage, TheBoardIsPrintedAndItsMeasuredWidthTaken) {
  open_page();
  EXPECT_TRUE(text_of("board_size_text").contains("200 × 140 mm"));
  press("board_print");
  auto* dialog = find<QFileDialog>("print_dialog");
  Q_EMIT dialog->fileSelected(folder.filePath("board.svg"));
  EXPECT_THAT(control.calls, Contains("print " + folder.filePath("board.svg").toStdString() + " chessboard"));
  Q_EMIT dialog->fileSelected(folder.filePath("board.pdf"));
  EXPECT_TRUE(QFile::exists(folder.filePath("board.pdf")));
  EXPECT_TRUE(page->message_bar().text().contains("board.pdf"));
  Q_EMIT dialog->fileSelected(folder.filePath("none/board.pdf"));
  EXPECT_TRUE(page->message_bar().text().contains("cannot be written"));
  dialog->close();
  press("board_measured");
  auto* measured = find<QInputDialog>("measured_dialog");
  measured->setDoubleValue(199.0);
  measured->accept();
  EXPECT_DOUBLE_EQ(find<QDoubleSpinBox>("board_square")->value(), 19.9);
  EXPECT_DOUBLE_EQ(control.setups.back().board.square_mm, 19.9);
}

TEST_F(CameraCalibrationPage, PicturesAreLoadedFromFiles) {
  open_page();
  CameraCalibrationSnapshot active;
  active.is_active = true;
  show_state(active);
  press("camera_load");
  Q_EMIT find<QFileDialog>("pictures_dialog")->filesSelected({"/a/1.png", "/a/2.png"});
  EXPECT_EQ(control.calls.back(), "load 2 /a/1.png");
  CameraCalibrationSnapshot loaded = test::example_collecting();
  loaded.is_from_files = true;
  loaded.not_taken = {"1.png: no board"};
  show_state(loaded);
  EXPECT_TRUE(
      find<ui::ViewsPanel>("views_panel")->findChild<ui::FoldedText*>()->html().contains("1.png: no board"));
  press("camera_anew");
  EXPECT_EQ(control.calls.back(), "start right chessboard");
}

TEST_F(CameraCalibrationPage, TheLibraryUsesImportsExportsAndDeletes) {
  control.saved = {
      {"Eye cam", 320, 240, 251.0, DistortionModel::radial_tangential, "calibrated: chessboard", "2026-01-02",
       0.07},
      {"Wide cam", 640, 480, 210.0, DistortionModel::fisheye, "imported from cam.yml", "", std::nullopt}};
  control.presets = {{"PlayStation Eye, wide", 640, 480, 521.3, "75° field of view"},
                     {"Small cam", 320, 240, 300.0, "data sheet"}};
  open_page();
  page->tabs().setCurrentIndex(library_tab);
  auto* list = find<QTreeWidget>("library_list");
  ASSERT_EQ(list->topLevelItemCount(), 2);
  EXPECT_EQ(list->topLevelItem(1)->text(3), "fisheye");
  EXPECT_EQ(list->topLevelItem(1)->text(4), "–");
  list->setCurrentItem(list->topLevelItem(0));
  EXPECT_FALSE(is_enabled("library_use"));
  EXPECT_TRUE(text_of("library_text").contains("No source is open"));
  open_source();
  EXPECT_TRUE(text_of("library_in_use").contains("300.0 px, focal length as stated"));
  press("library_use");
  ASSERT_EQ(session.opened.size(), 1U);
  EXPECT_EQ(session.opened[0].request.intrinsics_file, "Eye cam");
  EXPECT_EQ(session.opened[0].request.location, "/dev/video2");
  EXPECT_FALSE(session.opened[0].request.focal_px);
  EXPECT_EQ(ui::load_source(settings, EyeSide::right)->intrinsics_file, "Eye cam") << "remembered";
  list->setCurrentItem(list->topLevelItem(1));
  EXPECT_FALSE(is_enabled("library_use"));
  EXPECT_TRUE(text_of("library_text").contains("It is for 640 × 480 px, the source gives 320 × 240 px"));

  EXPECT_FALSE(is_enabled("preset_use"));
  EXPECT_TRUE(text_of("preset_text").contains("521.3 px: 75° field of view."));
  find<QComboBox>("preset_choice")->setCurrentIndex(1);
  press("preset_use");
  EXPECT_EQ(session.opened.back().request.intrinsics_file, "Small cam");

  press("library_export");
  Q_EMIT find<QFileDialog>("library_export_dialog")->fileSelected("/x/wide.yml");
  EXPECT_EQ(control.calls.back(), "export Wide cam 640x480 /x/wide.yml");
  press("library_delete");
  find<QMessageBox>("delete_question")->findChild<QPushButton*>("delete_yes")->click();
  EXPECT_EQ(control.calls.back(), "delete Wide cam 640x480");
  control.saved.pop_back();
  session.all_notices.push_back(
      {Notice::Severity::info, 1, EyeSide::right, "The camera Wide cam was deleted", ""});
  main->presenter().poll();
  EXPECT_EQ(list->topLevelItemCount(), 1) << "the library is read anew";
  EXPECT_TRUE(page->message_bar().text().contains("Wide cam was deleted"));
  press("library_import");
  Q_EMIT find<QFileDialog>("library_import_dialog")->fileSelected("/x/other.yaml");
  auto* name = find<QInputDialog>("import_name_dialog");
  EXPECT_EQ(name->textValue(), "Pupil Cam2 ID0") << "so that it is found by itself";
  name->setTextValue("Third");
  name->accept();
  EXPECT_EQ(control.calls.back(), "import /x/other.yaml Third");
}

TEST_F(CameraCalibrationPage, AResultIsExported) {
  open_page();
  show_state(test::example_computed());
  page->tabs().setCurrentIndex(result_tab);
  EXPECT_FALSE(is_enabled("camera_save")) << "without a source there is no name yet";
  press("camera_export");
  Q_EMIT find<QFileDialog>("camera_export_dialog")->fileSelected("/x/camera.yaml");
  EXPECT_EQ(control.calls.back(), "export /x/camera.yaml");
}

TEST_F(CameraCalibrationPage, FitsASmallScreenAndEveryControlIsReachedByTab) {
  open_page();
  show_state(test::example_computed());
  page->resize(900, 600);
  EXPECT_LE(page->minimumSizeHint().width(), 900);
  EXPECT_LE(page->minimumSizeHint().height(), 620);
  for (const int tab : {board_tab, views_tab, result_tab, library_tab}) {
    page->tabs().setCurrentIndex(tab);
    QCoreApplication::processEvents();
    for (const auto* area : page->tabs().currentWidget()->findChildren<QScrollArea*>())
      EXPECT_FALSE(area->horizontalScrollBar()->isVisible()) << tab;
    for (const auto* button : page->findChildren<QPushButton*>()) {
      if (!button->isVisibleTo(page)) continue;
      EXPECT_TRUE(button->focusPolicy() & Qt::TabFocus) << button->objectName().toStdString();
    }
    for (const auto* label : page->tabs().currentWidget()->findChildren<QLabel*>()) {
      if (label->text().size() <= 60 || label->textFormat() == Qt::RichText) continue;
      EXPECT_TRUE(label->wordWrap()) << label->text().toStdString();
    }
  }
}

}  // namespace
}  // namespace yarbus::camera_calibration_test
