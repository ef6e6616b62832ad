// Viewing sessions in the window, with a session that has no engines.
#include <QFileDialog>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/example_calibration.h"
#include "tests/ui/example_viewing.h"
#include "tests/ui/fake_session.h"
#include "ui/main_window.h"
#include "ui/viewing/viewing_example.h"

namespace yarbus::viewing_window_test {
namespace {

using test::FakeSession;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ViewingWindowTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(folder.isValid());
    QImage image(400, 250, QImage::Format_RGB32);
    image.fill(QColor(90, 140, 60));
    ASSERT_TRUE(image.save(folder.filePath("room.png")));
    window = std::make_unique<ui::MainWindow>(session, settings);
    window->show();
  }
  /// A camera that watches an eye, calibrated on the screen that is there.
  void calibrate() {
    auto& source = session.eye(EyeSide::right).source;
    source.state = PlaybackState::playing;
    source.is_live = true;
    auto result = test::example_result();
    const ui::Monitor monitor = ui::list_monitors().front();
    result->screen.width_px = monitor.size_px().width();
    result->screen.height_px = monitor.size_px().height();
    session.fake_calibration.now.result = result;
    window->presenter().poll();
  }
  ViewingPlan plan() const {
    ViewingPlan plan;
    plan.name = "Two";
    plan.image = folder.filePath("room.png").toStdString();
    plan.tasks = {{"Look", 10.0}, {"How old?", 5.0}};
    return plan;
  }
  ui::ViewingDialog& open_dialog() {
    window->actions().viewing->trigger();
    auto& dialog = window->viewing().dialog();
    dialog.set_plan(plan());
    return dialog;
  }
  template <class T>
  T* find(const char* name) {
    T* found = window->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void press(const char* button) { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
  std::string state() { return find<QLabel>("viewing_state")->text().toStdString(); }
  test::FakeViewing& viewing() { return session.fake_viewing; }
  /// A run of two tasks, on that page.
  void be_at(ViewingPhase phase, int page, int task = 0) {
    viewing().now.stage = ViewingStage::running;
    viewing().now.plan = plan();
    viewing().now.run = {phase, page, task, task, 2, true, 3.0, false};
    window->viewing().poll();
  }
  ui::ViewingShowWindow& start_showing() {
    calibrate();
    open_dialog();
    auto* start = find<QPushButton>("viewing_start");
    EXPECT_TRUE(start->isEnabled()) << state();
    start->click();
    return *window->viewing().showing();
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  FakeSession session;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(ViewingWindowTest, SaysWhatIsMissingAndOffersToCalibrate) {
  auto& dialog = open_dialog();
  EXPECT_TRUE(dialog.isVisible());
  EXPECT_THAT(state(), HasSubstr("No camera is watching"));
  EXPECT_FALSE(find<QPushButton>("viewing_start")->isEnabled());
  auto& source = session.eye(EyeSide::right).source;
  source.state = PlaybackState::playing;
  source.is_live = true;
  window->presenter().poll();
  EXPECT_THAT(state(), HasSubstr("no calibration in force"));
  ASSERT_TRUE(find<QPushButton>("viewing_calibrate")->isVisible());
  press("viewing_calibrate");
  EXPECT_TRUE(window->calibration().wizard().isVisible());
  calibrate();
  dialog.follow({});
  EXPECT_THAT(state(), HasSubstr("Ready"));
  EXPECT_TRUE(find<QPushButton>("viewing_start")->isEnabled());
  EXPECT_FALSE(find<QPushButton>("viewing_calibrate")->isVisible());
  // Of the plan, too.
  ViewingPlan wrong = plan();
  wrong.tasks[1].text = " ";
  dialog.set_plan(wrong);
  EXPECT_EQ(state(), "Not yet: task 2 has no text.");
  wrong = plan();
  wrong.image = folder.filePath("gone.png").toStdString();
  dialog.set_plan(wrong);
  EXPECT_THAT(state(), HasSubstr("there is no such picture"));
  EXPECT_FALSE(find<QPushButton>("viewing_start")->isEnabled());
}

TEST_F(ViewingWindowTest, ThePlanIsWhatTheFieldsSay) {
  auto& dialog = open_dialog();
  ViewingPlan all = plan();
  all.instruction_s = 2.5;
  all.waits_for_key = true;
  all.order = TaskOrder::shuffled;
  all.seed = 77;
  dialog.set_plan(all);
  EXPECT_EQ(dialog.plan(), all);
  EXPECT_EQ(dialog.recording().name, "Two");
}

TEST_F(ViewingWindowTest, TasksAreAddedMovedAndRemoved) {
  auto& dialog = open_dialog();
  auto* table = find<QTableWidget>("task_table");
  ASSERT_EQ(table->rowCount(), 2);
  table->setCurrentCell(0, 0);
  EXPECT_FALSE(find<QPushButton>("task_up")->isEnabled());
  press("task_down");
  EXPECT_EQ(dialog.plan().tasks[0].text, "How old?");
  EXPECT_EQ(dialog.plan().tasks[0].seconds, 5.0) << "its time goes with it";
  press("task_add");
  ASSERT_EQ(table->rowCount(), 3);
  table->item(table->currentRow(), 0)->setText("Why?");
  EXPECT_EQ(dialog.plan().tasks[2].text, "Why?");
  table->setCurrentCell(0, 0);
  press("task_remove");
  ASSERT_EQ(dialog.plan().tasks.size(), 2U);
  EXPECT_EQ(dialog.plan().tasks[0].text, "Look");
}

TEST_F(ViewingWindowTest, StartingShowsThePictureOnTheCalibratedScreen) {
  auto& show = start_showing();
  ASSERT_EQ(viewing().requests.size(), 1U);
  const ViewingRequest& request = viewing().requests[0];
  EXPECT_EQ(request.plan, plan());
  EXPECT_EQ(request.picture_width_px, 400);
  const ScreenGeometry screen = session.fake_calibration.now.result->screen;
  const Eigen::Vector2d size_mm = request.picture.high_mm - request.picture.low_mm;
  EXPECT_NEAR(size_mm.x() / size_mm.y(), 1.6, 1e-9);
  EXPECT_NEAR((request.picture.low_mm + request.picture.high_mm).x(), screen.width_mm, 1e-9)
      << "in the middle";
  EXPECT_LE(size_mm.y(), 0.9 * screen.height_mm + 1e-9);
  EXPECT_TRUE(show.isVisible());
  EXPECT_FALSE(window->viewing().dialog().isVisible());
}

TEST_F(ViewingWindowTest, EachPageIsReportedOnceWhenItHasBeenPainted) {
  auto& show = start_showing();
  be_at(ViewingPhase::instruction, 1);
  EXPECT_EQ(show.middle_text(), "Look");
  EXPECT_THAT(show.status_text().toStdString(), HasSubstr("task 1 of 2"));
  ASSERT_TRUE(
      QTest::qWaitFor([&] { return !viewing().calls.empty() && viewing().calls.back() == "shown 1"; }));
  be_at(ViewingPhase::picture, 2);
  EXPECT_EQ(show.middle_text(), "");
  EXPECT_EQ(show.status_text(), "") << "nothing but the picture";
  ASSERT_TRUE(QTest::qWaitFor([&] { return viewing().calls.back() == "shown 2"; }));
  const QImage seen = show.grab().toImage();
  const QRectF place = show.picture_place();
  EXPECT_EQ(seen.pixelColor(place.center().toPoint()), QColor(90, 140, 60));
  EXPECT_EQ(seen.pixelColor(2, 2), QColor(128, 128, 128));
  QTest::qWait(60);
  EXPECT_EQ(std::count(viewing().calls.begin(), viewing().calls.end(), "shown 2"), 1);
}

TEST_F(ViewingWindowTest, KeysGoOnPauseSkipAndEndAfterAsking) {
  auto& show = start_showing();
  be_at(ViewingPhase::instruction, 1);
  viewing().calls.clear();
  QTest::keyClick(&show, Qt::Key_Space);
  QTest::keyClick(&show, Qt::Key_P);
  be_at(ViewingPhase::paused, 2);
  EXPECT_THAT(show.middle_text().toStdString(), HasSubstr("Paused"));
  QTest::keyClick(&show, Qt::Key_P);
  QTest::keyClick(&show, Qt::Key_S);
  be_at(ViewingPhase::picture, 3);
  QTest::keyClick(&show, Qt::Key_Escape);
  EXPECT_TRUE(show.asks_to_end());
  EXPECT_THAT(show.middle_text().toStdString(), HasSubstr("End the viewing?"));
  QTest::keyClick(&show, Qt::Key_Space);
  EXPECT_FALSE(show.asks_to_end());
  QTest::keyClick(&show, Qt::Key_Escape);
  QTest::keyClick(&show, Qt::Key_Escape);
  std::erase_if(viewing().calls, [](const std::string& call) { return call.starts_with("shown"); });
  EXPECT_THAT(viewing().calls,
              ElementsAre("accept", "pause", "resume", "skip", "pause", "resume", "pause", "cancel"));
}

TEST_F(ViewingWindowTest, AtTheEndTheResultsAreShown) {
  auto& show = start_showing();
  be_at(ViewingPhase::picture, 3, 1);
  viewing().results_to_give = test::example_viewing_results();
  viewing().now.stage = ViewingStage::done;
  viewing().now.session_folder = "/sessions/one";
  viewing().now.pictures_shown = 2;
  window->viewing().poll();
  EXPECT_FALSE(show.isVisible());
  auto& results = window->viewing().results();
  EXPECT_TRUE(results.isVisible());
  ASSERT_TRUE(QTest::qWaitFor([&] { return results.view().figure().has_value(); }));
  EXPECT_THAT(viewing().asked_for, ElementsAre("/sessions/one"));
  auto* table = find<QTableWidget>("viewing_table");
  ASSERT_EQ(table->rowCount(), 2);
  EXPECT_EQ(table->item(0, 2)->text(), "3");
  EXPECT_EQ(table->item(0, 4)->text(), "583");
  EXPECT_EQ(table->item(1, 4)->text(), "–");
  EXPECT_THAT(results.view().accessibleDescription().toStdString(), HasSubstr("3 fixations"));
}

TEST_F(ViewingWindowTest, WhatCannotBeginSaysWhyWhereItWasAsked) {
  start_showing();
  viewing().now.stage = ViewingStage::failed;
  viewing().now.problem = "there is no room on the disk. Make some.";
  window->viewing().poll();
  EXPECT_TRUE(window->viewing().dialog().isVisible());
  EXPECT_EQ(find<QLabel>("viewing_problem")->text(), "There is no room on the disk. Make some.");
  EXPECT_THAT(window->message_bar().text().toStdString(), HasSubstr("no room on the disk"));
}

TEST_F(ViewingWindowTest, TheLibraryOpensResultsOrSaysThatThereAreNone) {
  SessionCard card;
  card.folder = "/sessions/other";
  session.fake_recording.cards = {card};
  window->recording().sessions().open_window();
  press("session_viewing");
  auto& results = window->viewing().results();
  ASSERT_TRUE(QTest::qWaitFor([&] { return results.text().contains("holds no viewing"); }));
  EXPECT_FALSE(find<QPushButton>("viewing_export_all")->isEnabled());
  viewing().results_to_give = test::example_viewing_results();
  press("session_viewing");
  ASSERT_TRUE(QTest::qWaitFor([&] { return results.view().figure().has_value(); }));
  EXPECT_THAT(viewing().asked_for, ElementsAre("/sessions/other", "/sessions/other"));
  EXPECT_TRUE(find<QPushButton>("viewing_export_all")->isEnabled());
}

TEST_F(ViewingWindowTest, LayersAreToggledAndExported) {
  viewing().results_to_give = test::example_viewing_results();
  window->viewing().open_results("/sessions/one");
  auto& results = window->viewing().results();
  ASSERT_TRUE(QTest::qWaitFor([&] { return results.view().figure().has_value(); }));
  const QImage before = results.view().grab().toImage();
  EXPECT_FALSE(find<QDoubleSpinBox>("viewing_sigma")->isEnabled());
  find<QCheckBox>("viewing_heat")->setChecked(true);
  find<QCheckBox>("viewing_fixations")->setChecked(false);
  find<QDoubleSpinBox>("viewing_sigma")->setValue(2.0);
  EXPECT_TRUE(results.view().layers().heat);
  EXPECT_EQ(results.view().layers().heat_sigma_deg, 2.0);
  EXPECT_NE(results.view().grab().toImage(), before);
  press("viewing_export_figure");
  auto* dialog = find<QFileDialog>("viewing_figure_dialog");
  Q_EMIT dialog->fileSelected(folder.filePath("figure.svg"));
  EXPECT_TRUE(QFile::exists(folder.filePath("figure.svg")));
  EXPECT_THAT(results.text().toStdString(), HasSubstr("figure.svg"));
  delete dialog;
  press("viewing_export_all");
  dialog = find<QFileDialog>("viewing_folder_dialog");
  Q_EMIT dialog->fileSelected(folder.path());
  EXPECT_TRUE(QFile::exists(folder.filePath("one-viewing/fixations.csv")))
      << "a folder with something in it is where the new one goes: " << results.text().toStdString();
  delete dialog;
}

TEST_F(ViewingWindowTest, BothColourSchemesPaintTheResults) {
  viewing().results_to_give = test::example_viewing_results();
  window->viewing().open_results("/sessions/one");
  auto& view = window->viewing().results().view();
  ASSERT_TRUE(QTest::qWaitFor([&] { return view.figure().has_value(); }));
  QPalette dark;
  dark.setColor(QPalette::Window, QColor(30, 30, 34));
  dark.setColor(QPalette::Text, QColor(230, 230, 235));
  const QImage light_image = view.grab().toImage();
  view.setPalette(dark);
  const QImage dark_image = view.grab().toImage();
  EXPECT_LT(qGray(dark_image.pixel(3, 3)), 60);
  EXPECT_NE(light_image, dark_image);
}

TEST(ViewingExample, IsAValidPlanWithAPictureThatDraws) {
  QTemporaryDir folder;
  const auto plan = ui::example_viewing_plan(folder.path());
  ASSERT_TRUE(plan) << plan.error().to_text();
  EXPECT_TRUE(plan->validate());
  EXPECT_EQ(plan->tasks.size(), 7U);
  const auto picture = ui::StimulusPicture::load(QString::fromStdString(plan->image));
  ASSERT_TRUE(picture) << picture.error().to_text();
  EXPECT_EQ(picture->size_px(), QSize(1600, 1000));
  EXPECT_GE(picture->details().size(), 15) << "there is much to see";
  QSet<QRgb> colors;
  const QImage drawn = picture->image({320, 200});
  for (int y = 0; y < drawn.height(); ++y) {
    for (int x = 0; x < drawn.width(); ++x) colors.insert(drawn.pixel(x, y));
  }
  EXPECT_GT(colors.size(), 500);
}

TEST(PlaceForPicture, IsAsLargeAsItFitsInTheMiddle) {
  const ScreenGeometry screen{500.0, 300.0, 1920, 1080, 600.0};
  const ScreenRegion wide = ui::place_for_picture({1000, 100}, screen);
  EXPECT_NEAR(wide.low_mm.x(), 25.0, 1e-9);
  EXPECT_NEAR(wide.high_mm.x(), 475.0, 1e-9);
  EXPECT_NEAR(wide.high_mm.y() - wide.low_mm.y(), 45.0, 1e-9);
  EXPECT_NEAR(wide.high_mm.y() + wide.low_mm.y(), 300.0, 1e-9);
  const ScreenRegion tall = ui::place_for_picture({100, 1000}, screen);
  EXPECT_NEAR(tall.low_mm.y(), 15.0, 1e-9);
  EXPECT_NEAR(tall.high_mm.x() - tall.low_mm.x(), 27.0, 1e-9);
}

}  // namespace
}  // namespace yarbus::viewing_window_test
