#include "ui/log_panel.h"

#include <QClipboard>
#include <QDockWidget>
#include <QGuiApplication>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

#include "tests/ui/fake_session.h"
#include "ui/main_window.h"

namespace yarbus::log_panel_test {
namespace {

using Severity = Notice::Severity;

class LogPanelTest : public testing::Test {
 protected:
  LogPanelTest() {
    panel.add(Severity::info, "the eye model was saved as anna.json", "", at);
    panel.add(Severity::warning, "the disk is nearly full", "make room", at.addSecs(1));
    panel.add(Severity::error, "camera lost", "plug it in again", at.addSecs(2));
  }
  template <class T>
  T* find(const char* name) {
    T* found = panel.findChild<T*>(name);
    EXPECT_NE(found, nullptr) << name;
    return found;
  }
  QStringList shown() {
    QStringList texts;
    const auto* entries = find<QTreeWidget>("log_entries");
    for (int i = 0; i < entries->topLevelItemCount(); ++i) {
      if (!entries->topLevelItem(i)->isHidden()) texts << entries->topLevelItem(i)->text(2);
    }
    return texts;
  }

  const QDateTime at{QDate(2025, 3, 4), QTime(10, 20, 30)};
  ui::LogPanel panel;
};

TEST_F(LogPanelTest, EachEntrySaysWhenHowGraveWhatAndWhatToDo) {
  const auto* entry = find<QTreeWidget>("log_entries")->topLevelItem(1);
  EXPECT_EQ(entry->text(0), "10:20:31");
  EXPECT_EQ(entry->text(1), "Warning");
  EXPECT_EQ(entry->text(2), "The disk is nearly full.");
  EXPECT_EQ(entry->text(3), "Make room.");
  EXPECT_EQ(find<QLabel>("log_count")->text(), "3 messages");
}

TEST_F(LogPanelTest, IsNarrowedByKindAndWords) {
  auto* kinds = find<QComboBox>("log_severities");
  kinds->setCurrentIndex(1);
  EXPECT_EQ(shown(), QStringList({"The disk is nearly full.", "Camera lost."}));
  kinds->setCurrentIndex(2);
  EXPECT_EQ(shown(), QStringList({"Camera lost."}));
  kinds->setCurrentIndex(0);
  find<QLineEdit>("log_filter")->setText("ROOM");
  EXPECT_EQ(shown(), QStringList({"The disk is nearly full."})) << "what to do is searched too";
  EXPECT_EQ(find<QLabel>("log_count")->text(), "1 of 3 messages");
  // What comes later is narrowed as well.
  panel.add(Severity::info, "recording has ended", "", at);
  EXPECT_EQ(shown().size(), 1);
  find<QLineEdit>("log_filter")->setText("no such words");
  EXPECT_TRUE(shown().isEmpty());
  EXPECT_FALSE(find<QPushButton>("log_copy")->isEnabled());
}

TEST_F(LogPanelTest, CopiesWhatIsSelectedElseWhatIsShown) {
  find<QComboBox>("log_severities")->setCurrentIndex(1);
  QTest::mouseClick(find<QPushButton>("log_copy"), Qt::LeftButton);
  EXPECT_EQ(QGuiApplication::clipboard()->text(),
            "2025-03-04T10:20:31\tWarning\tThe disk is nearly full.\tMake room.\n"
            "2025-03-04T10:20:32\tError\tCamera lost.\tPlug it in again.\n");
  auto* entries = find<QTreeWidget>("log_entries");
  entries->topLevelItem(2)->setSelected(true);
  EXPECT_EQ(panel.as_text(), "2025-03-04T10:20:32\tError\tCamera lost.\tPlug it in again.\n");
  // What is hidden is not copied, selected or not.
  find<QLineEdit>("log_filter")->setText("disk");
  EXPECT_EQ(panel.as_text(), "2025-03-04T10:20:31\tWarning\tThe disk is nearly full.\tMake room.\n");
}

TEST_F(LogPanelTest, KeepsTheLastOnesOnly) {
  for (int i = 0; i < ui::LogPanel::most_entries; ++i)
    panel.add(Severity::info, QString("number %1").arg(i), "", at);
  const auto* entries = find<QTreeWidget>("log_entries");
  EXPECT_EQ(entries->topLevelItemCount(), ui::LogPanel::most_entries);
  EXPECT_EQ(entries->topLevelItem(0)->text(2), "Number 0.");
}

TEST(LogDock, GetsWhatTheWindowSaysAndOpensByItsKey) {
  QTemporaryDir folder;
  QSettings settings(folder.filePath("settings.ini"), QSettings::IniFormat);
  test::FakeSession session;
  ui::MainWindow window(session, settings);
  window.show();
  window.begin({});
  auto* dock = window.findChild<QDockWidget*>("dock_log");
  ASSERT_NE(dock, nullptr);
  EXPECT_TRUE(dock->isHidden()) << "at first";
  EXPECT_EQ(dock->toggleViewAction()->shortcut(), QKeySequence("Alt+7"));
  session.all_notices = {{Severity::error, 1, EyeSide::left, "camera lost", "plug it in again"}};
  window.presenter().poll();
  window.message_bar().dismiss();
  window.message_bar().show_message(Severity::info, "saved", {});
  dock->toggleViewAction()->trigger();
  EXPECT_FALSE(dock->isHidden());
  const auto* panel = window.findChild<ui::LogPanel*>("log_panel");
  ASSERT_NE(panel, nullptr);
  EXPECT_TRUE(panel->as_text().contains("Error\tLeft eye: camera lost.\tPlug it in again."))
      << panel->as_text().toStdString();
  EXPECT_TRUE(panel->as_text().contains("Note\tSaved."));
}

}  // namespace
}  // namespace yarbus::log_panel_test
