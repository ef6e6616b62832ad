#include "ui/main_window.h"

#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QDropEvent>
#include <QFile>
#include <QFileDialog>
#include <QMenuBar>
#include <QMimeData>
#include <QSet>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/help_pages.h"
#include "ui/icons.h"
#include "ui/source_settings.h"

namespace yarbus::main_window_test {
namespace {

using test::FakeSession;
using test::SyntheticEye;
using testing::ElementsAre;
using testing::IsEmpty;

class MainWindowTest : public testing::Test {
 protected:
  void open_window() {
    window = std::make_unique<ui::MainWindow>(session, settings);
    window->show();
    window->begin({});
  }
  void play_file(bool with_model = true) {
    const SyntheticEye eye;
    session.eye(EyeSide::right) =
        test::playing_file("demo.mp4", eye.sample(7, 12.0, 4.0, with_model ? eye.model() : nullptr));
    window->presenter().poll();
    session.calls.clear();
  }
  template <class T>
  T* find(const char* name) {
    T* found = window->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QString status() { return find<ui::StatusLine>("status_line")->text(); }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  FakeSession session;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(MainWindowTest, WithoutASourceSaysHowToOpenOne) {
  open_window();
  auto* empty = find<ui::StartPage>("start_page");
  EXPECT_TRUE(empty->isVisible());
  EXPECT_FALSE(find<ui::EyeImageView>("eye_image")->isVisible());
  EXPECT_FALSE(find<ui::PlaybackBar>("playback_bar")->isVisible());
  EXPECT_TRUE(status().startsWith("No source open")) << status().toStdString();
  QString words;
  for (const QLabel* label : empty->findChildren<QLabel*>()) words += label->text() + '\n';
  for (const char* way : {"Webcam", "Eye camera", "Simulated eye", "drawn eye", "drop a file"})
    EXPECT_TRUE(words.contains(way)) << way;
  EXPECT_EQ(empty->findChildren<QPushButton*>().size(), 10) << "three doors, six more ways, what was open";
  EXPECT_FALSE(window->actions().play->isEnabled());
  EXPECT_FALSE(window->actions().refit->isEnabled());
  EXPECT_TRUE(window->actions().open_source->isEnabled());
}

TEST_F(MainWindowTest, APlayingFileShowsImagePlaybackAndWords) {
  open_window();
  play_file();
  EXPECT_TRUE(find<ui::EyeImageView>("eye_image")->isVisible());
  EXPECT_TRUE(find<ui::PlaybackBar>("playback_bar")->isVisible());
  EXPECT_EQ(
      status(),
      "Playing demo.mp4 | Pupil found, confidence 0.95 | Eye model settled: edge fit of 83 frames, 0.41 px");
  EXPECT_EQ(window->windowTitle(), "demo.mp4 – Yarbus");
  auto* slider = find<QSlider>("seek_slider");
  EXPECT_EQ(slider->maximum(), 1999);
  EXPECT_EQ(slider->value(), 7);
  EXPECT_EQ(find<QLabel>("frame_label")->text(), "frame 7 of 1999");
  EXPECT_EQ(find<QLabel>("time_label")->text(), "0:00.1 / 0:33.3");
  EXPECT_EQ(window->actions().play->text(), "&Pause");
  session.eye(EyeSide::right).source.is_live = true;
  window->presenter().poll();
  EXPECT_FALSE(find<ui::PlaybackBar>("playback_bar")->isVisible());
  EXPECT_FALSE(window->actions().play->isEnabled());
}

TEST_F(MainWindowTest, EachActionGivesItsCommand) {
  open_window();
  play_file();
  const auto& a = window->actions();
  const auto calls_of = [&](QAction* action) {
    session.calls.clear();
    action->trigger();
    return session.calls;
  };
  EXPECT_THAT(calls_of(a.play), ElementsAre("right pause"));
  EXPECT_THAT(calls_of(a.step_back), ElementsAre("right step -1"));
  EXPECT_THAT(calls_of(a.step_forward), ElementsAre("right step 1"));
  EXPECT_THAT(calls_of(a.to_start), ElementsAre("right seek 0"));
  EXPECT_THAT(calls_of(a.slower), ElementsAre("right speed 0.50"));
  EXPECT_THAT(calls_of(a.faster), ElementsAre("right speed 2.00"));
  EXPECT_THAT(calls_of(a.stages[0]), ElementsAre("right stage unprojection"));
  EXPECT_THAT(calls_of(a.stages[2]), ElementsAre("right stage contrast"));
  EXPECT_THAT(calls_of(a.stages[4]), ElementsAre("right stage refraction"));
  EXPECT_THAT(calls_of(a.refit), ElementsAre("right refit"));
  EXPECT_THAT(calls_of(a.freeze), ElementsAre("right freeze"));
  EXPECT_THAT(calls_of(a.freeze), ElementsAre("right unfreeze"));
  EXPECT_THAT(calls_of(a.reset_model), ElementsAre("right reset"));
  EXPECT_THAT(calls_of(a.close_source), ElementsAre("right close"));
  EXPECT_THAT(calls_of(a.left_eye), IsEmpty());
  EXPECT_EQ(window->presenter().shown_eye(), EyeSide::left);
}

TEST_F(MainWindowTest, TheModelPanelSaysHowSureEveryLengthIs) {
  open_window();
  const SyntheticEye eye;
  session.eye(EyeSide::right) = test::playing_file("demo.mp4", eye.unsure_sample(7, 12.0, 4.0, 0.31));
  window->presenter().poll();
  auto* panel = find<ui::ModelPanel>("model_panel");
  const auto words = [&] {
    QStringList out;
    for (const QLabel* label : panel->findChildren<QLabel*>()) {
      if (label->isVisibleTo(panel)) out << label->text();
    }
    return out;
  };
  for (const char* text :
       {"Eye model settled, ±0.3°", "±0.3° in each direction", "±0.05 mm",
        "x 2.00 ± 0.10, y −1.00 ± 0.12, z 38.0 ± 1.3 mm", "5.45 ± 0.29 mm, partly from the population",
        "7.80 ± 0.25 mm, from the population", "None noticed"})
    EXPECT_TRUE(words().contains(text)) << text << "\n" << words().join("\n").toStdString();
  EXPECT_FALSE(words().contains("Scale"));
  // Another update changes texts; no widget goes or comes, and nobody is told anything.
  const auto widgets = panel->findChildren<QWidget*>();
  auto next = eye.refraction_model(0.52);
  next->version = 2;
  next->report.slips = 1;
  session.eye(EyeSide::right) = test::playing_file("demo.mp4", eye.unsure_sample(8, 12.0, 4.0, 0.52));
  session.eye(EyeSide::right).model.model = next;
  window->presenter().poll();
  EXPECT_TRUE(words().contains("Eye model settled, ±0.5°, headset slipped once, followed"));
  EXPECT_TRUE(words().contains("Headset slipped once, followed"));
  EXPECT_EQ(panel->findChildren<QWidget*>(), widgets);
  EXPECT_EQ(window->message_bar().waiting(), 0U);
  // The other stages have their report instead.
  session.eye(EyeSide::right) = test::playing_file("demo.mp4", eye.sample(8, 12.0, 4.0, eye.model()));
  session.eye(EyeSide::right).model.stage = FitStage::edge;
  window->presenter().poll();
  EXPECT_TRUE(words().contains("Scale"));
  EXPECT_FALSE(words().contains("Corneal radius"));
}

TEST_F(MainWindowTest, AWearersModelIsSavedAndLoadedByFileDialogs) {
  open_window();
  EXPECT_FALSE(window->actions().load_model->isEnabled());
  play_file();
  EXPECT_FALSE(window->actions().save_model->isEnabled()) << "a model of the stage edge is not kept";
  const SyntheticEye eye;
  session.eye(EyeSide::right) = test::playing_file("demo.mp4", eye.unsure_sample(7, 12.0, 4.0, 0.3));
  window->presenter().poll();
  const QString path = folder.filePath("anna.json");
  const auto answer = [&](QAction* action) {
    ASSERT_TRUE(action->isEnabled());
    action->trigger();
    auto* dialog = window->findChild<QFileDialog*>("wearer_dialog");
    ASSERT_NE(dialog, nullptr);
    EXPECT_TRUE(dialog->isVisible());
    // Another eye may be shown by the time of the answer.
    window->actions().left_eye->trigger();
    Q_EMIT dialog->fileSelected(path);
    delete dialog;
    window->actions().right_eye->trigger();
  };
  session.calls.clear();
  answer(window->actions().save_model);
  answer(window->actions().load_model);
  EXPECT_THAT(session.calls,
              ElementsAre("right save " + path.toStdString(), "right load " + path.toStdString()));
  EXPECT_EQ(settings.value("wearer/folder").toString(), QFileInfo(path).absolutePath());
}

TEST_F(MainWindowTest, CommandsGoToTheEyeShown) {
  open_window();
  session.eye(EyeSide::left) = test::playing_file("left.mp4", SyntheticEye{}.sample(1, 0, 0, nullptr));
  window->actions().left_eye->trigger();
  session.calls.clear();
  window->actions().refit->trigger();
  EXPECT_THAT(session.calls, ElementsAre("left refit"));
  EXPECT_EQ(window->windowTitle(), "left.mp4 – Yarbus");
}

TEST_F(MainWindowTest, StateComesBackToTheWidgets) {
  open_window();
  play_file();
  session.eye(EyeSide::right).model.stage = FitStage::unoptimised;
  session.eye(EyeSide::right).model.is_frozen = true;
  window->presenter().poll();
  EXPECT_EQ(find<QComboBox>("stage")->currentData().toInt(), static_cast<int>(FitStage::unoptimised));
  EXPECT_TRUE(window->actions().stages[1]->isChecked());
  EXPECT_TRUE(window->actions().freeze->isChecked());
  // Following the state gives no commands.
  EXPECT_THAT(session.calls, IsEmpty());
  session.eye(EyeSide::right).source.speed = 0.25;
  window->presenter().poll();
  EXPECT_EQ(find<QComboBox>("speed")->currentText(), "0.25×");
  EXPECT_THAT(session.calls, IsEmpty());
}

TEST_F(MainWindowTest, StageAndSpeedChoosersGiveCommands) {
  open_window();
  play_file();
  auto* stage = find<QComboBox>("stage");
  stage->setCurrentIndex(1);
  Q_EMIT stage->activated(1);
  auto* speed = find<QComboBox>("speed");
  speed->setCurrentIndex(0);
  Q_EMIT speed->activated(0);
  EXPECT_THAT(session.calls, ElementsAre("right stage unoptimised", "right speed 0.10"));
}

TEST_F(MainWindowTest, SliderSeeksAndCoalesces) {
  open_window();
  play_file();
  auto* slider = find<QSlider>("seek_slider");
  slider->setValue(100);
  slider->setValue(200);
  slider->setValue(300);
  EXPECT_THAT(session.calls, ElementsAre("right seek 100"));
  EXPECT_TRUE(QTest::qWaitFor([&] { return session.calls.size() == 2; }, 5000));
  EXPECT_THAT(session.calls, ElementsAre("right seek 100", "right seek 300"));
}

TEST_F(MainWindowTest, OverlayTogglesReachTheImage) {
  open_window();
  play_file();
  auto* image = find<ui::EyeImageView>("eye_image");
  image->setFocus();
  const QImage before = image->grab().toImage();
  window->actions().show_pupil->trigger();
  window->actions().show_eyeball->trigger();
  EXPECT_FALSE(image->overlay().pupil_outline);
  EXPECT_FALSE(image->overlay().eyeball);
  EXPECT_TRUE(image->overlay().optical_axis);
  EXPECT_NE(image->grab().toImage(), before);
}

TEST_F(MainWindowTest, NoticesAppearInTheMessageBarUntilDismissed) {
  open_window();
  auto& bar = window->message_bar();
  EXPECT_FALSE(bar.isVisible());
  session.all_notices = {
      {Notice::Severity::warning, 1, EyeSide::right, "the camera was lost", "Plug it in again"},
      {Notice::Severity::error, 2, EyeSide::left, "no permission", "Join the group video"}};
  window->presenter().poll();
  EXPECT_TRUE(bar.isVisible());
  EXPECT_TRUE(bar.text().contains("Left eye: no permission.")) << bar.text().toStdString();
  EXPECT_TRUE(bar.text().contains("Error"));
  EXPECT_TRUE(bar.text().contains("Join the group video."));
  window->actions().dismiss_message->trigger();
  EXPECT_TRUE(bar.text().contains("The camera was lost. Plug it in again."));
  window->actions().dismiss_message->trigger();
  EXPECT_FALSE(bar.isVisible());
}

TEST_F(MainWindowTest, AnOfferWaitsUntilWarningsAreRead) {
  open_window();
  auto& bar = window->message_bar();
  bar.show_message(Notice::Severity::warning, "everybody on the network can listen", "");
  bar.show_offer("two sessions were cut off", "", "Repair", [] {});
  EXPECT_TRUE(bar.text().contains("Everybody on the network"));
  bar.dismiss();
  EXPECT_TRUE(bar.text().contains("Two sessions were cut off"));
}

TEST_F(MainWindowTest, MessageBarShowsTextAsText) {
  open_window();
  auto& bar = window->message_bar();
  bar.show_message(Notice::Severity::error, "<b>x</b> & y", "");
  EXPECT_TRUE(bar.text().contains("&lt;b&gt;x&lt;/b&gt; &amp; y"));
  bar.show_message(Notice::Severity::error, "<b>x</b> & y", "");
  EXPECT_EQ(bar.waiting(), 1U);
  for (int i = 0; i < 100; ++i) bar.show_message(Notice::Severity::error, QString::number(i), "");
  EXPECT_LE(bar.waiting(), 20U);
}

TEST_F(MainWindowTest, DropOpensFilesAndFolders) {
  open_window();
  QFile file(folder.filePath("a b.mp4"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  const auto drop = [&](const QUrl& url) {
    QMimeData data;
    data.setUrls({url});
    QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(window.get(), &enter);
    if (!enter.isAccepted()) return false;
    QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(window.get(), &event);
    return true;
  };
  EXPECT_TRUE(drop(QUrl::fromLocalFile(file.fileName())));
  EXPECT_TRUE(drop(QUrl::fromLocalFile(folder.path())));
  EXPECT_FALSE(drop(QUrl::fromLocalFile(folder.filePath("gone.mp4"))));
  EXPECT_FALSE(drop(QUrl("ftp://host/x")));
  ASSERT_EQ(session.opened.size(), 2U);
  EXPECT_EQ(session.opened[0].request.kind, SourceRequest::Kind::video_file);
  EXPECT_EQ(session.opened[0].request.location, file.fileName().toStdString());
  EXPECT_EQ(session.opened[1].request.kind, SourceRequest::Kind::image_folder);
  for (const auto& one : session.opened) EXPECT_EQ(one.request.mode, TrackingMode::automatic);
}

TEST_F(MainWindowTest, ShortcutsAreUniqueAndEveryActionHasOne) {
  open_window();
  QSet<QString> seen;
  int count = 0;
  for (const auto& group : window->actions().groups()) {
    for (const QAction* action : group.actions) {
      const QString keys = action->shortcut().toString();
      EXPECT_FALSE(keys.isEmpty()) << action->text().toStdString();
      EXPECT_FALSE(seen.contains(keys)) << keys.toStdString();
      EXPECT_TRUE(action->toolTip().contains(action->shortcut().toString(QKeySequence::NativeText)))
          << action->toolTip().toStdString();
      EXPECT_TRUE(ui::shortcuts_html(window->actions()).contains(ui::plain_text(*action)) ||
                  action == window->actions().play);
      seen.insert(keys);
      ++count;
    }
  }
  EXPECT_GT(count, 35);
}

TEST_F(MainWindowTest, EveryActionIsInAMenu) {
  open_window();
  QSet<const QAction*> listed;
  for (QMenu* menu : window->menuBar()->findChildren<QMenu*>()) {
    for (const QAction* action : menu->actions()) listed.insert(action);
  }
  for (const auto& group : window->actions().groups()) {
    for (const QAction* action : group.actions)
      EXPECT_TRUE(listed.contains(action)) << action->text().toStdString();
  }
}

TEST_F(MainWindowTest, SpacePlaysUnlessAButtonHasTheFocus) {
  open_window();
  play_file();
  window->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  auto* image = find<ui::EyeImageView>("eye_image");
  image->setFocus();
  QTest::keyClick(image, Qt::Key_Space);
  EXPECT_THAT(session.calls, ElementsAre("right pause"));
  session.calls.clear();
  QToolButton* refit = nullptr;
  for (QToolButton* button : find<ui::ModelPanel>("model_panel")->findChildren<QToolButton*>()) {
    if (button->defaultAction() == window->actions().refit) refit = button;
  }
  ASSERT_NE(refit, nullptr);
  refit->setFocus();
  QTest::keyClick(refit, Qt::Key_Space);
  EXPECT_THAT(session.calls, ElementsAre("right refit"));
}

TEST_F(MainWindowTest, KeysReachTheirActions) {
  open_window();
  play_file();
  window->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window.get()));
  auto* image = find<ui::EyeImageView>("eye_image");
  image->setFocus();
  QTest::keyClick(image, Qt::Key_Period);
  QTest::keyClick(image, Qt::Key_Comma);
  QTest::keyClick(image, Qt::Key_R, Qt::ControlModifier);
  QTest::keyClick(image, Qt::Key_3, Qt::ControlModifier);
  EXPECT_THAT(session.calls,
              ElementsAre("right step 1", "right step -1", "right refit", "right stage contrast"));
  EXPECT_TRUE(image->overlay().eyeball);
  QTest::keyClick(image, Qt::Key_B);
  EXPECT_FALSE(image->overlay().eyeball);
}

TEST_F(MainWindowTest, LastSourceAndLayoutComeBack) {
  open_window();
  QFile file(folder.filePath("a.mp4"));
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  SourceRequest request;
  request.kind = SourceRequest::Kind::video_file;
  request.location = file.fileName().toStdString();
  request.rotate_deg = 90;
  request.mirror = true;
  request.focal_px = 612.5;
  ui::save_source(settings, EyeSide::left, request);
  find<QDockWidget>("dock_health")->hide();
  window->actions().show_axis->trigger();
  window->close();
  open_window();
  ASSERT_EQ(session.opened.size(), 1U);
  EXPECT_EQ(session.opened[0].eye, EyeSide::left);
  EXPECT_EQ(session.opened[0].request.location, request.location);
  EXPECT_EQ(session.opened[0].request.rotate_deg, 90);
  EXPECT_TRUE(session.opened[0].request.mirror);
  EXPECT_EQ(session.opened[0].request.focal_px, 612.5);
  EXPECT_TRUE(find<QDockWidget>("dock_health")->isHidden());
  EXPECT_FALSE(find<ui::EyeImageView>("eye_image")->overlay().optical_axis);
  window->actions().reset_layout->trigger();
  EXPECT_FALSE(find<QDockWidget>("dock_health")->isHidden());
}

TEST_F(MainWindowTest, AGoneSourceIsSaidInWords) {
  SourceRequest request;
  request.kind = SourceRequest::Kind::video_file;
  request.location = folder.filePath("gone.mp4").toStdString();
  ui::save_source(settings, EyeSide::right, request);
  open_window();
  EXPECT_TRUE(session.opened.empty());
  EXPECT_TRUE(window->message_bar().isVisible());
  EXPECT_TRUE(window->message_bar().text().contains("gone.mp4"));
  EXPECT_TRUE(window->message_bar().text().contains("Ctrl+O"));
}

TEST_F(MainWindowTest, WhatIsAskedForAtTheStartComesBeforeTheLastSource) {
  SourceRequest last;
  last.kind = SourceRequest::Kind::mjpeg_stream;
  last.location = "http://localhost:1/";
  ui::save_source(settings, EyeSide::right, last);
  window = std::make_unique<ui::MainWindow>(session, settings);
  SourceRequest asked;
  asked.location = "asked.mp4";
  window->begin({asked, EyeSide::left});
  ASSERT_EQ(session.opened.size(), 1U);
  EXPECT_EQ(session.opened[0].request.location, "asked.mp4");
  EXPECT_EQ(session.opened[0].request.mode, TrackingMode::automatic);
  EXPECT_EQ(session.opened[0].eye, EyeSide::left);
  EXPECT_EQ(window->presenter().shown_eye(), EyeSide::left);
}

TEST_F(MainWindowTest, OpeningRemembersAndClosingForgets) {
  open_window();
  QMimeData data;
  data.setUrls({QUrl("http://localhost:8080/video")});
  QDragEnterEvent enter(QPoint(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(window.get(), &enter);
  QDropEvent event(QPointF(50, 50), Qt::CopyAction, &data, Qt::LeftButton, {});
  QApplication::sendEvent(window.get(), &event);
  ASSERT_TRUE(ui::load_source(settings, EyeSide::right));
  EXPECT_EQ(ui::load_source(settings, EyeSide::right)->location, "http://localhost:8080/video");
  play_file();
  window->actions().close_source->trigger();
  EXPECT_FALSE(ui::load_source(settings, EyeSide::right));
}

TEST_F(MainWindowTest, AMessageShownFollowsTheColours) {
  open_window();
  window->message_bar().show_message(Notice::Severity::info, "hello", "");
  for (const bool dark : {false, true, false}) {
    (dark ? window->actions().dark : window->actions().light)->trigger();
    QApplication::processEvents();
    const QImage bar = window->message_bar().grab().toImage();
    const int background = qGray(bar.pixel(bar.width() / 2, 2));
    EXPECT_EQ(background < 128, dark) << background;
    int unlike = 0;
    for (int y = 0; y < bar.height(); ++y) {
      for (int x = 0; x < bar.width(); ++x) unlike += std::abs(qGray(bar.pixel(x, y)) - background) > 90;
    }
    EXPECT_GT(unlike, 50) << "the words must stand out";
  }
  window->actions().light_system->trigger();
}

TEST_F(MainWindowTest, BothColourSchemesPaint) {
  open_window();
  play_file();
  window->actions().light->trigger();
  const QImage light = window->grab().toImage();
  window->actions().dark->trigger();
  QApplication::processEvents();
  const QImage dark = window->grab().toImage();
  EXPECT_NE(light, dark);
  const QPoint on_status(window->width() - 20, window->height() - 8);
  EXPECT_GT(qGray(light.pixel(on_status)), 200);
  EXPECT_LT(qGray(dark.pixel(on_status)), 80);
  window->actions().light_system->trigger();
}

TEST(AboutPage, NamesBothLicences) {
  EXPECT_TRUE(ui::about_html().contains("MIT"));
  EXPECT_TRUE(ui::about_html().contains("GPL-3.0-or-later"));
  EXPECT_TRUE(ui::about_html().contains("QCustomPlot"));
}

TEST(Icons, EveryToolIconDraws) {
  const QDir icons(QString(YARBUS_RESOURCES_DIR) + "/icons/tools");
  const QStringList files = icons.entryList({"*.svg"});
  EXPECT_GT(files.size(), 20);
  for (const QString& file : files) {
    const QImage image = ui::tool_icon(file.chopped(4)).pixmap(24, 24).toImage();
    int inked = 0;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) inked += qAlpha(image.pixel(x, y)) > 100 ? 1 : 0;
    }
    EXPECT_GT(inked, 20) << file.toStdString();
  }
  EXPECT_FALSE(ui::app_icon().pixmap(64, 64).isNull());
}

}  // namespace
}  // namespace yarbus::main_window_test
