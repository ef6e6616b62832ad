// Exports and reports from the window, of a real session in a real library.

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/session/session.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"
#include "ui/recording/export_dialog.h"
#include "ui/recording/sessions_window.h"

namespace yarbus::session_outputs_test {
namespace {

namespace fs = std::filesystem;

constexpr int most_ms = 60'000;  ///< only a broken window needs it
constexpr std::int64_t frames = 40;

int files_in(const fs::path& folder) {
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) files += entry.is_regular_file() ? 1 : 0;
  return files;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class SessionOutputsTest : public testing::Test {
 protected:
  void SetUp() override {
    auto recorder = SessionRecorder::start(test::example_request(folder / "library" / "anna"));
    ASSERT_TRUE(recorder) << recorder.error().to_text();
    test::add_example_frames(**recorder, 0, frames);
    ASSERT_TRUE((*recorder)->finish());
    SessionOptions options;
    options.session_library = (folder / "library").string();
    session = make_session(options);
    window = std::make_unique<ui::SessionsWindow>(session->recording());
    window->open_window();
  }
  ui::ExportDialog* open(const char* button) {
    QTest::mouseClick(window->findChild<QPushButton*>(button), Qt::LeftButton);
    return window->findChild<ui::ExportDialog*>("export_session_dialog");
  }
  static void set_path(ui::ExportDialog& dialog, const fs::path& path) {
    dialog.findChild<QLineEdit*>("export_path")->setText(QString::fromStdString(path.string()));
  }
  static void press(ui::ExportDialog& dialog, const char* button) {
    QTest::mouseClick(dialog.findChild<QPushButton*>(button), Qt::LeftButton);
  }
  static std::string text(const ui::ExportDialog& dialog) {
    return dialog.findChild<QLabel*>("export_text")->text().toStdString();
  }
  /// Starts it and waits for its end; what it then says.
  static std::string run(ui::ExportDialog& dialog) {
    press(dialog, "export_start");
    EXPECT_EQ(dialog.findChild<QPushButton*>("export_close")->text(), "Cancel") << text(dialog);
    EXPECT_TRUE(QTest::qWaitFor(
        [&] { return dialog.findChild<QPushButton*>("export_close")->text() == "Close"; }, most_ms));
    return text(dialog);
  }

  test::TemporaryFolder folder;
  std::unique_ptr<Session> session;
  std::unique_ptr<ui::SessionsWindow> window;
};

TEST_F(SessionOutputsTest, EveryFormatIsWrittenWhereItWasAsked) {
  auto* dialog = open("session_export");
  ASSERT_NE(dialog, nullptr);
  auto* formats = dialog->findChild<QComboBox*>("export_format");
  EXPECT_EQ(formats->currentData().toString(), "csv");
  EXPECT_EQ(dialog->findChild<QComboBox*>("export_results")->currentText(), "of the recording");
  for (const char* format : {"csv", "pupil-csv", "pupil-recording", "bids", "matlab"}) {
    formats->setCurrentIndex(formats->findData(format));
    const fs::path to = folder / format;
    set_path(*dialog, to);
    const std::string said = run(*dialog);
    ASSERT_TRUE(fs::exists(to / "README.md")) << format << ": " << said;
    EXPECT_TRUE(said.starts_with(std::to_string(files_in(to)) + " files are in " + to.string())) << said;
    EXPECT_TRUE(dialog->findChild<QPushButton*>("export_show")->isVisible());
  }
  const std::string table = text_of(folder / "csv" / "frames.csv");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), frames + 1);
}

TEST_F(SessionOutputsTest, WhatIsThereIsNotOverwrittenAndThatIsSaid) {
  auto* dialog = open("session_export");
  ASSERT_NE(dialog, nullptr);
  fs::create_directories(folder / "taken");
  std::ofstream(folder / "taken" / "mine.txt") << "mine";
  set_path(*dialog, folder / "taken");
  const std::string said = run(*dialog);
  EXPECT_TRUE(said.starts_with("Nothing was written: ")) << said;
  EXPECT_THAT(said, testing::HasSubstr("taken"));
  EXPECT_EQ(files_in(folder / "taken"), 1);
  EXPECT_FALSE(dialog->findChild<QPushButton*>("export_show")->isVisible());
  set_path(*dialog, "");
  EXPECT_FALSE(dialog->findChild<QPushButton*>("export_start")->isEnabled());
}

TEST_F(SessionOutputsTest, TheReportIsAPdf) {
  auto* dialog = open("session_report");
  ASSERT_NE(dialog, nullptr);
  EXPECT_EQ(dialog->findChild<QComboBox*>("export_format")->currentData().toString(), "report");
  const fs::path to = folder / "anna.pdf";
  set_path(*dialog, to);
  EXPECT_EQ(run(*dialog), "The report is in " + to.string() + ".");
  const std::string pdf = text_of(to);
  EXPECT_TRUE(pdf.starts_with("%PDF-"));
  EXPECT_GT(pdf.size(), 20'000U) << "it has plots";
  press(*dialog, "export_start");
  EXPECT_THAT(text(*dialog), testing::HasSubstr("already"));
  EXPECT_EQ(text_of(to), pdf);
}

/// An export that goes on until it is stopped.
class EndlessOutputs final : public SessionOutputs {
 public:
  std::string fault;  ///< why no session can be read; empty: they can
  mutable std::atomic<bool> was_stopped = false;

  [[nodiscard]] Result<std::vector<SessionResults>> results_of(const std::string& folder) const override {
    if (!fault.empty()) return Error{ErrorCode::input_unreadable, fault, folder, ""};
    return std::vector<SessionResults>{{0, "live"}, {3, "edge"}};
  }
  [[nodiscard]] Result<SessionQualityReport> measure(const std::string&, std::int64_t) const override {
    return SessionQualityReport{};
  }
  Result<ExportedSession> export_session(const ExportWish&, const std::function<void(double)>& on_progress,
                                         const std::stop_token& stop) const override {
    on_progress(0.25);
    while (!stop.stop_requested()) std::this_thread::yield();
    was_stopped = true;
    return Error{ErrorCode::interrupted, "stopped", "", ""};
  }
};

TEST(ExportDialog, ShowsHowFarItIsAndCancelStopsIt) {
  const EndlessOutputs outputs;
  const test::TemporaryFolder folder;
  ui::ExportDialog dialog(outputs, SessionCard{}, "bids", QString::fromStdString(folder.path().string()));
  dialog.show();
  auto* progress = dialog.findChild<QProgressBar*>("export_progress");
  auto* close = dialog.findChild<QPushButton*>("export_close");
  EXPECT_FALSE(progress->isVisible());
  QTest::mouseClick(dialog.findChild<QPushButton*>("export_start"), Qt::LeftButton);
  EXPECT_TRUE(QTest::qWaitFor([&] { return progress->value() == 250; }, most_ms));
  EXPECT_TRUE(progress->isVisible());
  EXPECT_FALSE(dialog.findChild<QPushButton*>("export_start")->isEnabled());
  QTest::mouseClick(close, Qt::LeftButton);
  EXPECT_TRUE(QTest::qWaitFor([&] { return close->text() == "Close"; }, most_ms));
  EXPECT_TRUE(outputs.was_stopped);
  EXPECT_EQ(dialog.findChild<QLabel*>("export_text")->text(), "Stopped: nothing was written.");
  EXPECT_TRUE(dialog.isVisible());
  QTest::mouseClick(close, Qt::LeftButton);
  EXPECT_FALSE(dialog.isVisible());
}

TEST(ExportDialog, ClosingItMeanwhileStopsTheWork) {
  const EndlessOutputs outputs;
  const test::TemporaryFolder folder;
  {
    ui::ExportDialog dialog(outputs, SessionCard{}, "csv", QString::fromStdString(folder.path().string()));
    dialog.show();
    QTest::mouseClick(dialog.findChild<QPushButton*>("export_start"), Qt::LeftButton);
    dialog.close();
    EXPECT_TRUE(QTest::qWaitFor([&] { return !dialog.isVisible(); }, most_ms));
    EXPECT_TRUE(outputs.was_stopped);
    dialog.show();
    QTest::mouseClick(dialog.findChild<QPushButton*>("export_start"), Qt::LeftButton);
  }
  SUCCEED() << "the window may go while something is written";
}

TEST(ExportDialog, ASessionThatCannotBeReadSaysWhy) {
  EndlessOutputs outputs;
  outputs.fault = "the database is broken";
  const test::TemporaryFolder folder;
  ui::ExportDialog dialog(outputs, SessionCard{}, "csv", QString::fromStdString(folder.path().string()));
  dialog.show();
  EXPECT_THAT(dialog.findChild<QLabel*>("export_text")->text().toStdString(),
              testing::HasSubstr("the database is broken"));
  EXPECT_FALSE(dialog.findChild<QPushButton*>("export_start")->isEnabled());
}

}  // namespace
}  // namespace yarbus::session_outputs_test
