#include "app/recording/session_list.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "app/recording/session_editor.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_recorder.h"
#include "app/recording/sql_database.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::session_list_test {
namespace {

using test::example_request;
using test::TemporaryFolder;

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class SessionList : public testing::Test {
 protected:
  void record(const std::string& folder, const std::string& name, const std::string& participant,
              int frames) {
    auto request = example_request(root_ / folder);
    request.name = name;
    request.participant = participant;
    auto recorder = SessionRecorder::start(request);
    ASSERT_TRUE(recorder) << recorder.error().to_text();
    test::add_example_frames(**recorder, 0, frames);
    PupilRow miss;
    miss.frame = frames;
    miss.captured_at = test::example_time(frames);
    miss.miss = PupilMissReason::blink;
    for (int i = 0; i < frames; ++i) (*recorder)->add(miss);
    ASSERT_TRUE((*recorder)->finish());
  }
  std::vector<SessionEntry> list(const std::string& search = {}) const {
    auto entries = list_sessions(root_.path(), search);
    if (!entries) throw std::runtime_error(entries.error().to_text());
    return *entries;
  }

  TemporaryFolder root_;
};

TEST_F(SessionList, NewestFirstWithTheirFigures) {
  record("a", "Reading", "Ann", 20);
  record("b", "Search task", "Ben", 40);
  std::filesystem::create_directory(root_ / "no session");
  std::ofstream(root_ / "file") << "no folder";
  const auto entries = list();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].info.name, "Search task");
  EXPECT_EQ(entries[1].info.name, "Reading");
  EXPECT_GT(entries[0].info.started_at_wall, entries[1].info.started_at_wall);
  ASSERT_TRUE(entries[0].info.quality.has_value());
  EXPECT_EQ(entries[0].info.quality->frames, 40);
  EXPECT_DOUBLE_EQ(entries[0].info.quality->found_share(), 0.5);
  EXPECT_EQ(entries[0].info.quality->frames_lost, 0);
  EXPECT_GT(entries[0].bytes, 10'000U);
  EXPECT_FALSE(entries[0].needs_repair);
  EXPECT_TRUE(entries[0].fault.empty()) << entries[0].fault;
  ASSERT_FALSE(entries[0].thumbnail.empty());
  const cv::Mat thumbnail = cv::imread(entries[0].thumbnail.string(), cv::IMREAD_UNCHANGED);
  ASSERT_EQ(thumbnail.cols, 160);
  ASSERT_EQ(thumbnail.rows, 120);
  GrayImage first(160, 120);
  test::draw_example_frame(0, first);
  EXPECT_EQ(thumbnail.type(), CV_8UC1);
  EXPECT_EQ(thumbnail.at<std::uint8_t>(60, 30), first.view().at(30, 60)) << "the first good frame";
}

TEST_F(SessionList, IsSearchedByNameParticipantNotesAndFolder) {
  record("2026-01-01_first", "Reading", "Ann", 3);
  record("second", "Search task", "Ben", 3);
  {
    auto editor = SessionEditor::open(root_ / "second");
    ASSERT_TRUE(editor);
    ASSERT_TRUE(editor->set_notes("Contact lens"));
  }
  EXPECT_EQ(list("reading").size(), 1U);
  EXPECT_EQ(list("BEN").size(), 1U);
  EXPECT_EQ(list("contact search").size(), 1U) << "every word, wherever it is";
  EXPECT_EQ(list("search reading").size(), 0U);
  EXPECT_EQ(list("2026-01").size(), 1U);
  EXPECT_EQ(list("  ").size(), 2U);
  record("third", "Äpfel und Öl", "Émile", 3);
  EXPECT_EQ(list("äPFEL öl").size(), 1U);
  EXPECT_EQ(list("ÉMILE").size(), 1U);
  EXPECT_EQ(list("\xC3").size(), 1U) << "half a letter: bytes are compared";
}

TEST_F(SessionList, TellsWhatIsWrongWithASession) {
  record("good", "Good", "A", 3);
  record("cut", "Cut", "A", 3);
  record("broken", "Broken", "A", 3);
  {
    auto database = SqlDatabase::open(root_ / "cut" / session_file::database, SqlDatabase::Access::write);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("UPDATE session SET end = 'unfinished', frames = NULL"));
  }
  std::ofstream(root_ / "broken" / session_file::database, std::ios::trunc) << "nonsense";
  auto live = SessionRecorder::start(example_request(root_ / "live"));
  ASSERT_TRUE(live);
  int repairs = 0;
  for (const SessionEntry& entry : list()) {
    const std::string name = entry.folder.filename().string();
    EXPECT_EQ(entry.needs_repair, name == "cut" || name == "broken") << name;
    EXPECT_EQ(entry.is_being_recorded, name == "live") << name;
    EXPECT_EQ(entry.fault.empty(), name == "good" || name == "live") << name << ": " << entry.fault;
    if (name == "cut") {
      EXPECT_EQ(entry.info.quality->frames, 3) << "counted anew";
    }
    repairs += entry.needs_repair ? 1 : 0;
  }
  EXPECT_EQ(repairs, 2);
}

TEST_F(SessionList, AMissingRootIsAnError) {
  const auto entries = list_sessions(root_ / "none");
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().code, ErrorCode::input_missing);
}

TEST_F(SessionList, AFolderThatHoldsNoSessionStaysWhereItIs) {
  std::filesystem::create_directories(root_ / "photos");
  const auto refused = move_session_to_trash(root_ / "photos");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::input_missing);
  EXPECT_TRUE(std::filesystem::is_empty(root_ / "photos")) << "not even a lock";
}

TEST_F(SessionList, MovesToTheDesktopsTrash) {
  const TemporaryFolder home;
  ::setenv("XDG_DATA_HOME", home.path().c_str(), 1);
  record("täst 1%", "Reading", "Ann", 3);
  const auto before = std::filesystem::canonical(root_ / "täst 1%").string();
  const auto moved = move_session_to_trash(root_ / "täst 1%");
  ASSERT_TRUE(moved) << moved.error().to_text();
  EXPECT_FALSE(std::filesystem::exists(root_ / "täst 1%"));
  EXPECT_EQ(*moved, home / "Trash/files/täst 1%");
  EXPECT_TRUE(RecordedSession::open(*moved)) << "all of it is there";
  const std::string info = text_of(home / "Trash/info/täst 1%.trashinfo");
  EXPECT_EQ(info.find("[Trash Info]\nPath=" + before.substr(0, before.find("t\xC3\xA4st")) +
                      "t%C3%A4st%201%25\nDeletionDate=20"),
            0U)
      << info;
  // Another one of the same name.
  record("täst 1%", "Reading", "Ann", 3);
  const auto second = move_session_to_trash(root_ / "täst 1%");
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, home / "Trash/files/täst 1%.2");
  EXPECT_TRUE(std::filesystem::exists(home / "Trash/info/täst 1%.2.trashinfo"));
  ::unsetenv("XDG_DATA_HOME");
}

TEST_F(SessionList, WhatIsBeingRecordedIsNotMoved) {
  const TemporaryFolder home;
  ::setenv("XDG_DATA_HOME", home.path().c_str(), 1);
  auto live = SessionRecorder::start(example_request(root_ / "live"));
  ASSERT_TRUE(live);
  const auto moved = move_session_to_trash(root_ / "live");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, ErrorCode::device_busy);
  EXPECT_TRUE(std::filesystem::exists(root_ / "live"));
  const auto none = move_session_to_trash(root_ / "none");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::input_missing);
  ::unsetenv("XDG_DATA_HOME");
}

}  // namespace
}  // namespace yarbus::session_list_test
