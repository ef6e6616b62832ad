#include "ui/recording/sessions_window.h"

#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "ui/main_window.h"
#include "ui/recording/recording_words.h"

namespace yarbus::sessions_window_test {
namespace {

using namespace std::chrono_literals;
using test::FakeRecording;
using test::FakeSession;
using testing::ElementsAre;
using testing::IsEmpty;

SessionCard make_card(const std::string& folder, const std::string& name, const std::string& participant) {
  SessionCard card;
  card.folder = "/sessions/" + folder;
  card.name = name;
  card.participant = participant;
  card.duration = 72s;
  card.bytes = 34'000'000;
  card.frames = 1437;
  card.has_video = true;
  return card;
}

class SessionsWindowTest : public testing::Test {
 protected:
  SessionsWindowTest() {
    SessionCard reading = make_card("2026-03-01", "Reading", "Anna");
    reading.notes = "Lamp on the left";
    SessionCard faces = make_card("faces", "Faces", "Bob");
    faces.has_video = false;
    SessionCard cut = make_card("cut", "", "Anna");
    cut.needs_repair = true;
    recording.cards = {reading, faces, cut};
    QObject::connect(&window, &ui::SessionsWindow::open_wanted,
                     [this](const SourceRequest& request) { opened.push_back(request); });
    QObject::connect(&window, &ui::SessionsWindow::repair_wanted,
                     [this](const QString& folder) { recording.repair(folder.toStdString()); });
    window.open_window();
  }
  template <class T>
  T* find(const char* name) {
    T* found = window.findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QStringList shown() {
    QStringList titles;
    for (int row = 0; row < list->count(); ++row) {
      if (!list->item(row)->isHidden()) titles << list->item(row)->text();
    }
    return titles;
  }
  void choose(int row) { list->setCurrentRow(row); }
  bool can(const char* button) { return find<QPushButton>(button)->isEnabled(); }
  void press(const char* button) { QTest::mouseClick(find<QPushButton>(button), Qt::LeftButton); }
  QString text() { return find<QLabel>("session_text")->text(); }

  FakeRecording recording;
  ui::SessionsWindow window{recording};
  QListWidget* list = window.findChild<QListWidget*>("session_list");
  std::vector<SourceRequest> opened;
};

TEST_F(SessionsWindowTest, EverySessionIsACardAndSaysWhatItIs) {
  EXPECT_EQ(shown(), QStringList({"Reading", "Faces", "cut"})) << "without a name, the folder's";
  EXPECT_EQ(find<QLabel>("session_count")->text(), "3 sessions");
  const QString cut = list->item(2)->data(Qt::AccessibleTextRole).toString();
  EXPECT_EQ(cut, "cut; Anna, 1:12, 34 MB; no frame lost of 1437; cut off: repair it");
  recording.cards.clear();
  press("session_refresh");
  EXPECT_EQ(find<QLabel>("session_count")->text(), "No session yet");
  for (const char* button : {"session_open", "session_folder", "session_repair", "session_delete"})
    EXPECT_FALSE(can(button)) << button;
}

TEST_F(SessionsWindowTest, TheSearchFindsNameParticipantNotesAndFolder) {
  auto* search = find<QLineEdit>("session_search");
  search->setText("anna");
  EXPECT_EQ(shown(), QStringList({"Reading", "cut"}));
  EXPECT_EQ(find<QLabel>("session_count")->text(), "2 of 3 sessions");
  search->setText("  ANNA lamp ");
  EXPECT_EQ(shown(), QStringList({"Reading"}));
  search->setText("2026-03");
  EXPECT_EQ(shown(), QStringList({"Reading"}));
  search->setText("bob");
  EXPECT_EQ(shown(), QStringList({"Faces"}));
  EXPECT_EQ(list->currentItem()->text(), "Faces") << "what is chosen is always seen";
  search->setText("nobody");
  EXPECT_THAT(shown(), IsEmpty());
  EXPECT_FALSE(can("session_delete")) << "nothing that is not seen can be deleted";
  search->clear();
  EXPECT_EQ(shown().size(), 3);
}

TEST_F(SessionsWindowTest, OpenReplaysTheVideo) {
  choose(1);
  EXPECT_FALSE(can("session_open")) << "no pictures";
  choose(0);
  window.follow(true);
  EXPECT_FALSE(can("session_open")) << "a recording runs";
  window.follow(false);
  press("session_open");
  ASSERT_EQ(opened.size(), 1U);
  EXPECT_EQ(opened[0].kind, SourceRequest::Kind::recorded_session);
  EXPECT_EQ(opened[0].location, "/sessions/2026-03-01");
  EXPECT_EQ(opened[0].mode, TrackingMode::automatic);
  EXPECT_FALSE(window.isVisible());
}

TEST_F(SessionsWindowTest, TheFolderIsAskedFor) {
  QStringList folders;
  QObject::connect(&window, &ui::SessionsWindow::folder_wanted,
                   [&](const QString& folder) { folders << folder; });
  choose(1);
  press("session_folder");
  EXPECT_EQ(folders, QStringList({"/sessions/faces"}));
}

TEST_F(SessionsWindowTest, DeletingAsksAndMovesToTheTrash) {
  choose(1);
  press("session_delete");
  auto* question = find<QWidget>("session_delete_question");
  EXPECT_TRUE(question->isVisible());
  EXPECT_THAT(recording.calls, IsEmpty()) << "it is asked first";
  QTest::keyClick(question, Qt::Key_Escape);
  EXPECT_THAT(recording.calls, IsEmpty());
  delete question;
  press("session_delete");
  press("session_delete_yes");
  EXPECT_THAT(recording.calls, ElementsAre("trash /sessions/faces"));
  EXPECT_EQ(shown(), QStringList({"Reading", "cut"}));
  EXPECT_EQ(text(), "“Faces” is in the trash.");
}

TEST_F(SessionsWindowTest, WhatCannotBeDeletedSaysWhy) {
  recording.trash_fault = "there is no trash on this disk";
  choose(0);
  press("session_delete");
  press("session_delete_yes");
  EXPECT_EQ(shown().size(), 3);
  EXPECT_TRUE(text().contains("was not deleted")) << text().toStdString();
  EXPECT_TRUE(text().contains("there is no trash on this disk")) << text().toStdString();
  recording.cards[0].is_recorded_now = true;
  press("session_refresh");
  for (const char* button : {"session_open", "session_repair", "session_delete"})
    EXPECT_FALSE(can(button)) << button << ": it is being recorded";
}

TEST_F(SessionsWindowTest, ARepairIsToldWhenItIsDone) {
  choose(0);
  EXPECT_FALSE(can("session_repair")) << "nothing is wrong with it";
  choose(2);
  press("session_repair");
  EXPECT_THAT(recording.calls, ElementsAre("repair /sessions/cut"));
  EXPECT_EQ(text(), "Repairing “cut”…");
  EXPECT_FALSE(can("session_repair")) << "once is enough";
  EXPECT_FALSE(can("session_delete"));
  window.show_notice({Notice::Severity::info, 1, EyeSide::right, "another thing", ""});
  EXPECT_EQ(text(), "Repairing “cut”…") << "it was about something else";
  recording.cards[2].needs_repair = false;
  window.show_notice({Notice::Severity::info, 2, EyeSide::right, "repaired cut: 1437 frames", ""});
  EXPECT_EQ(text(), "Repaired cut: 1437 frames");
  EXPECT_EQ(list->currentItem()->text(), "cut") << "the choice stays";
  EXPECT_FALSE(can("session_repair"));
  EXPECT_TRUE(can("session_delete"));
}

TEST_F(SessionsWindowTest, CardsArePaintedWithTheirPicture) {
  QTemporaryDir folder;
  QImage picture(320, 240, QImage::Format_RGB32);
  picture.fill(QColor(0, 160, 0));
  ASSERT_TRUE(picture.save(folder.filePath("thumbnail.png")));
  recording.cards[0].thumbnail = folder.filePath("thumbnail.png").toStdString();
  recording.cards[1].thumbnail = folder.filePath("gone.png").toStdString();
  press("session_refresh");
  choose(2);
  const QImage drawn = list->viewport()->grab().toImage();
  const auto greens = [&](int row) {
    const QRect card = list->visualItemRect(list->item(row));
    int count = 0;
    for (int y = card.top(); y < std::min(card.bottom(), drawn.height()); ++y) {
      for (int x = card.left(); x < card.left() + card.width() / 2; ++x)
        count += drawn.pixelColor(x, y) == QColor(0, 160, 0) ? 1 : 0;
    }
    return count;
  };
  EXPECT_GT(greens(0), 4000);
  EXPECT_EQ(greens(1), 0);
}

TEST(SessionsInTheMainWindow, TheMenuOpensThemAndOpenIsTheEyesSource) {
  QTemporaryDir folder;
  QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
  FakeSession session;
  session.fake_recording.cards = {make_card("one", "One", "Anna")};
  ui::MainWindow window(session, settings);
  window.show();
  window.begin({});
  window.actions().sessions->trigger();
  auto* sessions = window.findChild<ui::SessionsWindow*>("sessions_window");
  ASSERT_NE(sessions, nullptr);
  EXPECT_TRUE(sessions->isVisible());
  QTest::mouseClick(sessions->findChild<QPushButton*>("session_open"), Qt::LeftButton);
  ASSERT_EQ(session.opened.size(), 1U);
  EXPECT_EQ(session.opened[0].request.location, "/sessions/one");
}

TEST(RecordingWords, AmountsAndTimes) {
  EXPECT_EQ(ui::bytes_text(0), "0 kB");
  EXPECT_EQ(ui::bytes_text(900'400), "900 kB");
  EXPECT_EQ(ui::bytes_text(999'700), "1.0 MB");
  EXPECT_EQ(ui::bytes_text(9'960'000), "10 MB");
  EXPECT_EQ(ui::bytes_text(1'234'000'000), "1.2 GB");
  EXPECT_EQ(ui::bytes_text(2'000'000'000'000'000), "2000 TB");
  EXPECT_EQ(ui::elapsed_text(0s), "0:00");
  EXPECT_EQ(ui::elapsed_text(59'999ms), "0:59");
  EXPECT_EQ(ui::elapsed_text(3599s), "59:59");
  EXPECT_EQ(ui::elapsed_text(36'061s), "10:01:01");
}

TEST(RecordingWords, QualityNamesWhatIsKnown) {
  SessionCard card = make_card("one", "One", "");
  card.tracked_share = 0.968;
  card.frames_lost = 3;
  card.accuracy_deg = 0.62;
  EXPECT_EQ(ui::card_quality(card), "97 % tracked, 3 of 1440 frames lost, accuracy 0.6°");
  EXPECT_EQ(ui::card_quality(SessionCard{}), "");
  card.problem = "its database cannot be read";
  EXPECT_EQ(ui::card_state(card), "its database cannot be read");
}

}  // namespace
}  // namespace yarbus::sessions_window_test
