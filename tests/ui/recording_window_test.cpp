#include <QCoreApplication>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "tests/ui/synthetic_sample.h"
#include "ui/main_window.h"
#include "ui/recording/record_dialog.h"
#include "ui/recording/recording_tools.h"

namespace yarbus::recording_window_test {
namespace {

using namespace std::chrono_literals;
using test::FakeRecording;
using test::FakeSession;
using testing::ElementsAre;
using testing::IsEmpty;

class RecordingWindowTest : public testing::Test {
 protected:
  void open_window() {
    window = std::make_unique<ui::MainWindow>(session, settings);
    window->show();
    window->begin({});
    QCoreApplication::processEvents();
  }
  void open_playing_window() {
    session.eye(EyeSide::right) =
        test::playing_file("demo.mp4", test::SyntheticEye{}.sample(7, 12.0, 4.0, nullptr));
    open_window();
  }
  void show(const RecordingView& view) {
    recording.now = view;
    window->recording().follow();
  }
  static RecordingView running() {
    RecordingView view;
    view.is_recording = true;
    view.name = "anna-1";
    view.folder = "/sessions/anna-1";
    view.elapsed = 12s;
    view.bytes = 34'000'000;
    view.free_bytes = 120'000'000'000;
    view.frames = 1440;
    return view;
  }
  template <class T>
  T* find(const char* name) {
    T* found = window->findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    auto* image = find<ui::EyeImageView>("eye_image");
    window->activateWindow();
    EXPECT_TRUE(QTest::qWaitForWindowActive(window.get()));
    image->setFocus();
    QTest::keyClick(image, key, modifiers);
  }
  QString label(const char* name) {
    const QLabel* found = find<QLabel>(name);
    return found->isVisible() ? found->text() : QString();
  }

  QTemporaryDir folder;
  QSettings settings{folder.filePath("settings.ini"), QSettings::IniFormat};
  FakeSession session;
  FakeRecording& recording = session.fake_recording;
  std::unique_ptr<ui::MainWindow> window;
};

TEST_F(RecordingWindowTest, WithoutASourceNothingCanBeRecorded) {
  open_window();
  const auto& actions = window->actions();
  EXPECT_FALSE(actions.record->isEnabled());
  EXPECT_FALSE(actions.record_at_once->isEnabled());
  EXPECT_FALSE(actions.note->isEnabled());
  EXPECT_FALSE(find<ui::RecordButton>("record_button")->isEnabled());
  EXPECT_TRUE(actions.sessions->isEnabled());
  EXPECT_FALSE(find<ui::RecordingStrip>("recording_strip")->isVisible());
}

TEST_F(RecordingWindowTest, TheLeftEyesSourceCanBeRecordedWhileTheRightIsShown) {
  session.eye(EyeSide::left) =
      test::playing_file("left.mp4", test::SyntheticEye{}.sample(1, 0.0, 0.0, nullptr));
  open_window();
  EXPECT_EQ(window->presenter().shown_eye(), EyeSide::right);
  EXPECT_TRUE(window->actions().record->isEnabled());
}

TEST_F(RecordingWindowTest, TheButtonSaysHowTheRecordingIs) {
  open_playing_window();
  auto* button = find<ui::RecordButton>("record_button");
  EXPECT_TRUE(button->isEnabled());
  EXPECT_EQ(button->text(), "Record");
  EXPECT_EQ(button->accessibleName(), "Record");
  EXPECT_TRUE(button->toolTip().contains("(R)")) << button->toolTip().toStdString();
  EXPECT_EQ(button->focusPolicy(), Qt::TabFocus);
  const auto red = [&] {
    const QImage image = button->grab().toImage();
    const QColor color = image.pixelColor(image.width() / 2, 4);
    return color.red() > 120 && color.green() < 80 && color.blue() < 80;
  };
  EXPECT_FALSE(red());
  RecordingView view;
  view.is_starting = true;
  show(view);
  EXPECT_EQ(button->text(), "Starting…");
  show(running());
  EXPECT_TRUE(red());
  EXPECT_EQ(button->text(), "0:12");
  EXPECT_EQ(button->accessibleName(), "Stop recording: 0:12, 34 MB");
  EXPECT_EQ(window->actions().record->text(), "&Stop recording");
  EXPECT_FALSE(window->actions().record_at_once->isEnabled());
  const int width = button->width();
  view = running();
  view.elapsed = 3725s;
  view.bytes = 1'234'000'000;
  view.frames_lost = 3;
  show(view);
  EXPECT_EQ(button->text(), "1:02:05 · 3 lost");
  EXPECT_EQ(button->accessibleName(), "Stop recording: 1:02:05, 1.2 GB, 3 frames lost");
  show(running());
  QCoreApplication::processEvents();
  EXPECT_GE(button->width(), width) << "it does not shrink while it counts";
  view = running();
  view.is_recording = false;
  view.is_finishing = true;
  show(view);
  EXPECT_EQ(button->text(), "Finishing…");
  EXPECT_FALSE(button->isEnabled());
  view.is_finishing = false;
  show(view);
  EXPECT_EQ(button->text(), "Record");
  EXPECT_FALSE(red());
  EXPECT_TRUE(window->message_bar().text().contains("Recorded “anna-1”: 0:12, 34 MB, no frame lost"))
      << window->message_bar().text().toStdString();
}

TEST_F(RecordingWindowTest, WhatIsLostAndWhatThreatensIsSaidInWords) {
  open_playing_window();
  show(running());
  EXPECT_TRUE(find<ui::RecordingStrip>("recording_strip")->isVisible());
  EXPECT_EQ(label("recording_state"),
            "Recording “anna-1”, video and results: 0:12, 34 MB on the disk, 120 GB left.");
  EXPECT_EQ(label("recording_gaps"), "");
  EXPECT_EQ(label("recording_warning"), "");
  RecordingView view = running();
  view.frames = 990;
  view.frames_lost = 10;
  view.pictures_lost = 1;
  view.warning = "the disk is nearly full: 1.9 GB left";
  show(view);
  EXPECT_EQ(
      label("recording_gaps"),
      "10 frames lost (1.0 %): neither their pictures nor their results are kept; the gaps are noted in "
      "the session. 1 picture was not written in time; the results are kept.");
  EXPECT_EQ(label("recording_warning"), "Warning: the disk is nearly full: 1.9 GB left");
  view.is_recording = false;
  view.end_note = "the disk is full";
  show(view);
  EXPECT_FALSE(find<ui::RecordingStrip>("recording_strip")->isVisible());
  const QString told = window->message_bar().text();
  EXPECT_TRUE(told.contains("Warning")) << told.toStdString();
  EXPECT_TRUE(told.contains("The recording ended by itself: the disk is full.")) << told.toStdString();
  EXPECT_TRUE(told.contains("/sessions/anna-1")) << told.toStdString();
}

TEST_F(RecordingWindowTest, TheDialogBecomesTheWishAndIsRemembered) {
  open_playing_window();
  press(Qt::Key_R);
  auto* dialog = find<ui::RecordDialog>("record_dialog");
  EXPECT_TRUE(dialog->isVisible());
  EXPECT_THAT(recording.calls, IsEmpty()) << "nothing is kept before it was chosen";
  EXPECT_TRUE(find<QLabel>("record_privacy")->text().contains("personal data"));
  EXPECT_TRUE(find<QLabel>("record_where")->text().contains("/sessions"));
  EXPECT_TRUE(find<QRadioButton>("record_video_and_results")->isChecked());
  EXPECT_TRUE(find<QRadioButton>("record_lossless")->isChecked());
  find<QLineEdit>("record_name")->setText(" anna-1 ");
  find<QLineEdit>("record_participant")->setText("Anna");
  find<QPlainTextEdit>("record_notes")->setPlainText("lamp on the left");
  find<QRadioButton>("record_results_only")->click();
  EXPECT_FALSE(find<QRadioButton>("record_lossy")->isEnabled()) << "there is no video to be encoded";
  find<QRadioButton>("record_video_only")->click();
  find<QRadioButton>("record_lossy")->click();
  QTest::mouseClick(find<QPushButton>("record_start"), Qt::LeftButton);
  ASSERT_EQ(recording.wishes.size(), 1U);
  const RecordingWish wish = recording.wishes[0];
  EXPECT_EQ(wish.name, "anna-1");
  EXPECT_EQ(wish.participant, "Anna");
  EXPECT_EQ(wish.notes, "lamp on the left");
  EXPECT_EQ(wish.parts, RecordedParts::video_only);
  EXPECT_TRUE(wish.lossy_video);
  EXPECT_EQ(wish.folder, "");
  delete dialog;

  // The next one begins with the choices, not with what belonged to that session.
  window->actions().record->trigger();
  EXPECT_EQ(find<QLineEdit>("record_name")->text(), "");
  EXPECT_EQ(find<QPlainTextEdit>("record_notes")->toPlainText(), "");
  EXPECT_EQ(find<QLineEdit>("record_participant")->text(), "Anna");
  EXPECT_TRUE(find<QRadioButton>("record_video_only")->isChecked());
  EXPECT_TRUE(find<QRadioButton>("record_lossy")->isChecked());
  QTest::keyClick(find<ui::RecordDialog>("record_dialog"), Qt::Key_Escape);
  EXPECT_EQ(recording.wishes.size(), 1U);
}

TEST_F(RecordingWindowTest, WithoutALibraryTheDialogSaysWhyNotAndDoesNotStart) {
  recording.library_folder.clear();
  open_playing_window();
  window->actions().record->trigger();
  EXPECT_FALSE(find<QPushButton>("record_start")->isEnabled());
  EXPECT_TRUE(find<QLabel>("record_where")->text().contains("no folder for sessions"));
  find<ui::RecordDialog>("record_dialog")->accept();
  EXPECT_THAT(recording.calls, IsEmpty());
}

TEST_F(RecordingWindowTest, ShiftStartsAtOnceButNotBeforeSomethingWasChosen) {
  open_playing_window();
  press(Qt::Key_R, Qt::ShiftModifier);
  EXPECT_THAT(recording.calls, IsEmpty());
  auto* dialog = find<ui::RecordDialog>("record_dialog");
  find<QRadioButton>("record_results_only")->click();
  dialog->accept();
  EXPECT_THAT(recording.calls, ElementsAre("start"));
  delete dialog;
  press(Qt::Key_R, Qt::ShiftModifier);
  EXPECT_EQ(window->findChild<ui::RecordDialog*>("record_dialog"), nullptr);
  ASSERT_EQ(recording.wishes.size(), 2U);
  EXPECT_EQ(recording.wishes[1].parts, RecordedParts::results_only);
  EXPECT_EQ(recording.wishes[1].name, "");
}

TEST_F(RecordingWindowTest, TheKeyStopsWhatRuns) {
  open_playing_window();
  show(running());
  press(Qt::Key_R);
  EXPECT_THAT(recording.calls, ElementsAre("stop"));
  press(Qt::Key_R, Qt::ShiftModifier);
  EXPECT_THAT(recording.calls, ElementsAre("stop"));
  EXPECT_EQ(window->findChild<ui::RecordDialog*>("record_dialog"), nullptr);
}

TEST_F(RecordingWindowTest, DigitsMarkTheMomentOnlyWhileItIsRecorded) {
  open_playing_window();
  press(Qt::Key_1);
  EXPECT_THAT(recording.calls, IsEmpty());
  show(running());
  press(Qt::Key_1);
  press(Qt::Key_9);
  EXPECT_THAT(recording.calls, ElementsAre("annotate mark 1", "annotate mark 9"));
  EXPECT_EQ(label("recording_mark"), "Marked “mark 9” at 0:12");
  EXPECT_TRUE(QTest::qWaitFor([&] { return label("recording_mark").isEmpty(); }, 20000))
      << "it is shown for a while only";
}

TEST_F(RecordingWindowTest, MarksHaveTheLabelsThatWereGiven) {
  open_playing_window();
  window->actions().mark_labels->trigger();
  find<QLineEdit>("mark_label_1")->setText("stimulus & tone");
  find<QDialog>("mark_labels_dialog")->accept();
  show(running());
  press(Qt::Key_1);
  press(Qt::Key_2);
  EXPECT_THAT(recording.calls, ElementsAre("annotate stimulus & tone", "annotate mark 2"));
  EXPECT_TRUE(window->actions().marks[0]->text().contains("stimulus && tone"));
  recording.now = {};
  window.reset();
  open_playing_window();
  EXPECT_TRUE(window->actions().marks[0]->text().contains("stimulus && tone")) << "they are remembered";
}

TEST_F(RecordingWindowTest, ANoteIsTyped) {
  open_playing_window();
  show(running());
  press(Qt::Key_N);
  auto* dialog = find<QInputDialog>("note_dialog");
  dialog->setTextValue("  ");
  dialog->accept();
  EXPECT_THAT(recording.calls, IsEmpty()) << "nothing was said";
  delete dialog;
  press(Qt::Key_N);
  dialog = find<QInputDialog>("note_dialog");
  dialog->setTextValue(" she laughs ");
  dialog->accept();
  EXPECT_THAT(recording.calls, ElementsAre("annotate she laughs"));
  EXPECT_EQ(label("recording_mark"), "Marked “she laughs” at 0:12");
}

TEST_F(RecordingWindowTest, SessionsThatWereCutOffAreOfferedToBeRepaired) {
  SessionCard whole;
  whole.folder = "/sessions/whole";
  SessionCard cut = whole;
  cut.folder = "/sessions/cut";
  cut.name = "cut <one>";
  cut.needs_repair = true;
  SessionCard running_now = cut;
  running_now.folder = "/sessions/now";
  running_now.is_recorded_now = true;
  recording.cards = {running_now, cut, whole};
  open_window();
  auto& bar = window->message_bar();
  ASSERT_TRUE(bar.isVisible());
  EXPECT_TRUE(bar.text().contains("A recording was cut off: “cut &lt;one&gt;”.")) << bar.text().toStdString();
  EXPECT_THAT(recording.calls, IsEmpty()) << "it is asked first";
  auto* offer = window->message_bar().findChild<QPushButton*>("message_offer");
  EXPECT_TRUE(offer->isVisible());
  EXPECT_EQ(offer->text(), "Repair");
  QTest::mouseClick(offer, Qt::LeftButton);
  EXPECT_THAT(recording.calls, ElementsAre("repair /sessions/cut"));
  EXPECT_FALSE(bar.isVisible());
}

TEST_F(RecordingWindowTest, AWholeLibraryIsNotTalkedAboutAndAnOfferCanBeDismissed) {
  SessionCard card;
  card.folder = "/sessions/one";
  recording.cards = {card};
  open_window();
  EXPECT_FALSE(window->message_bar().isVisible());
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    card.name = name;
    card.needs_repair = true;
    recording.cards.push_back(card);
  }
  window->recording().look_for_cut_off_sessions();
  EXPECT_TRUE(window->message_bar().text().contains("5 recordings were cut off: “a”, “b”, “c” and 2 more."))
      << window->message_bar().text().toStdString();
  // Another message has no button; the offer's comes back with it.
  window->message_bar().show_message(Notice::Severity::error, "the camera was lost", "");
  EXPECT_FALSE(window->message_bar().findChild<QPushButton*>("message_offer")->isVisible());
  window->actions().dismiss_message->trigger();
  EXPECT_TRUE(window->message_bar().findChild<QPushButton*>("message_offer")->isVisible());
  window->actions().dismiss_message->trigger();
  EXPECT_FALSE(window->message_bar().isVisible());
  EXPECT_THAT(recording.calls, IsEmpty());
}

}  // namespace
}  // namespace yarbus::recording_window_test
