// Runs `yarbus track --record`, `yarbus sessions` and `yarbus export` as their user does.

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "tests/support/documented_example.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"
#include "tests/support/yarbus_command.h"

namespace yarbus::session_command_test {
namespace {

using test::read_file;
using test::TemporaryFolder;
using test::yarbus_command;
using testing::HasSubstr;

std::ptrdiff_t lines_of(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  return std::count(text.begin(), text.end(), '\n');
}

TEST(SessionCommand, TracksIntoASessionThatHoldsEveryFrameAndIsExported) {
  const TemporaryFolder folder;
  const std::string session = (folder / "anna").string();
  const auto tracked = yarbus_command({"track", "sim:easy", "--frames", "90", "--two-pass", "--out",
                                       (folder / "gaze.csv").string(), "--record", session, "--participant",
                                       "Anna", "--notes", "left lamp off"});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  EXPECT_THAT(tracked.standard_output, HasSubstr("wrote       " + session));

  const auto opened = RecordedSession::open(session);
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_EQ(opened->info().participant, "Anna");
  EXPECT_EQ(opened->info().end, SessionEnd::finished);
  ASSERT_EQ(opened->cameras().size(), 1U);
  std::int64_t pictures = 0;
  ASSERT_TRUE(opened->read_frames({}, [&](const FrameRow& row) {
    pictures += row.video_pts.has_value() ? 1 : 0;
    return true;
  }));
  EXPECT_EQ(pictures, 90);
  std::int64_t pupils = 0;
  std::int64_t poses = 0;
  ASSERT_TRUE(opened->read_pupils({}, [&](const PupilRow& row) {
    pupils += row.miss ? 0 : 1;
    return true;
  }));
  ASSERT_TRUE(opened->read_poses({}, [&](const PoseRow&) {
    ++poses;
    return true;
  }));
  EXPECT_GT(pupils, 60);
  EXPECT_GT(poses, 60);
  EXPECT_TRUE(opened->gaps()->empty());

  const auto listed = yarbus_command({"sessions", "list", folder.path().string(), "--search", "anna"});
  ASSERT_EQ(listed.exit_code, 0) << listed.standard_error;
  EXPECT_THAT(listed.standard_output, HasSubstr("90 frames, 0 lost"));
  const auto exported =
      yarbus_command({"export", session, "--format", "csv", "--out", (folder / "tables").string()});
  ASSERT_EQ(exported.exit_code, 0) << exported.standard_error;
  bool has_ninety = false;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder / "tables"))
    has_ninety |= file.path().extension() == ".csv" && lines_of(file.path()) == 91;
  EXPECT_TRUE(has_ninety) << "a header and a row for each frame";
  const auto again = yarbus_command(
      {"track", "sim:easy", "--frames", "5", "--out", (folder / "b.csv").string(), "--record", session});
  EXPECT_NE(again.exit_code, 0) << "a session is never overwritten";
  EXPECT_THAT(again.standard_error, HasSubstr(session));
}

TEST(SessionCommand, ExampleOfTheDocumentationRuns) {
  const TemporaryFolder folder;
  const std::string session = (folder / "anna").string();
  const auto tracked = yarbus_command(
      {"track", "sim:easy", "--frames", "90", "--out", (folder / "gaze.csv").string(), "--record", session});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  ASSERT_EQ(yarbus_command({"analyse", session}).exit_code, 0) << "its events are another analysis's";
  const std::string program = test::documented_example("sessions.md");
  ASSERT_THAT(program, HasSubstr("import sqlite3"));
  const auto path = folder / "example.py";
  std::ofstream(path) << program;
  const auto shown = test::run_command({YARBUS_PYTHON, path.string(), session});
  ASSERT_EQ(shown.exit_code, 0) << shown.standard_error;
  EXPECT_THAT(shown.standard_output, HasSubstr(": 90 frames, a pupil in "));
  const auto opened = RecordedSession::open(session);
  ASSERT_TRUE(opened) << opened.error().to_text();
  std::ptrdiff_t saccades = 0;
  ASSERT_TRUE(opened->read_events({}, [&](const EventRow& row) {
    saccades += row.kind == EventKind::saccade ? 1 : 0;
    return true;
  }));
  const std::string& lines = shown.standard_output;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1 + saccades) << lines;
}

TEST(SessionCommand, TwoEyesAreOneSessionOfTwoCameras) {
  const TemporaryFolder folder;
  const std::string session = (folder / "both").string();
  const auto tracked =
      yarbus_command({"track", "sim:easy", "--left", "sim:easy", "--left-offset-ms", "250", "--stage", "edge",
                      "--frames", "40", "--out", (folder / "gaze.csv").string(), "--record", session});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  EXPECT_THAT(tracked.standard_output, HasSubstr("wrote       " + session));
  const auto opened = RecordedSession::open(session);
  ASSERT_TRUE(opened) << opened.error().to_text();
  EXPECT_EQ(opened->info().end, SessionEnd::finished);
  ASSERT_EQ(opened->cameras().size(), 2U);
  EXPECT_EQ(opened->cameras()[0].eye, EyeSide::right);
  EXPECT_EQ(opened->cameras()[1].eye, EyeSide::left);
  std::array<std::vector<FrameRow>, 2> frames;
  ASSERT_TRUE(opened->read_frames({}, [&](const FrameRow& row) {
    frames.at(static_cast<std::size_t>(row.camera)).push_back(row);
    return true;
  }));
  std::array<std::vector<PupilRow>, 2> pupils;
  ASSERT_TRUE(opened->read_pupils({}, [&](const PupilRow& row) {
    pupils.at(static_cast<std::size_t>(row.camera)).push_back(row);
    return true;
  }));
  for (const std::size_t camera : {0U, 1U}) {
    ASSERT_EQ(frames[camera].size(), 40U);
    ASSERT_EQ(pupils[camera].size(), 40U);
    auto video = opened->open_video(static_cast<int>(camera));
    ASSERT_TRUE(video) << video.error().to_text();
    EXPECT_EQ(video->pictures().size(), 40U);
    for (std::size_t i = 0; i < 40; ++i)
      EXPECT_EQ(pupils[camera][i].captured_at, frames[camera][i].captured_at);
  }
  // The left camera began a quarter of a second later: one clock for both.
  for (std::size_t i = 0; i < 40; ++i)
    EXPECT_EQ(frames[1][i].captured_at - frames[0][i].captured_at, std::chrono::milliseconds(250));
  EXPECT_TRUE(opened->gaps()->empty());
  // An event's number is its own in the session.
  std::set<std::pair<EventKind, std::int64_t>> numbers;
  std::size_t events = 0;
  ASSERT_TRUE(opened->read_events({}, [&](const EventRow& row) {
    numbers.emplace(row.kind, row.id);
    ++events;
    return true;
  }));
  EXPECT_EQ(numbers.size(), events);
}

TEST(SessionCommand, AFaceIsRecordedWithoutPicturesIfAsked) {
  const TemporaryFolder folder;
  const std::string session = (folder / "face").string();
  const auto tracked = yarbus_command({"track", "sim:face-still", "--width", "640", "--frames", "30", "--out",
                                       (folder / "gaze.csv").string(), "--record", session, "--no-video"});
  ASSERT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  for (const auto& file : std::filesystem::recursive_directory_iterator(session))
    EXPECT_THAT(file.path().extension().string(), testing::AnyOf(".db", ".db-wal", ".db-shm", ".lock", ""))
        << file.path();
  const auto opened = RecordedSession::open(session);
  ASSERT_TRUE(opened) << opened.error().to_text();
  std::int64_t faces = 0;
  ASSERT_TRUE(opened->read_faces({}, [&](const FaceRow& row) {
    faces += row.head ? 1 : 0;
    return true;
  }));
  EXPECT_GT(faces, 25);
}

TEST(SessionCommand, WhatIsNoSessionIsSaid) {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& wrong :
       {std::vector<std::string>{"export", (folder / "none").string(), "--out", (folder / "out").string()},
        {"sessions", "repair", (folder / "none").string()},
        {"sessions", "list", (folder / "none").string()}}) {
    const auto outcome = yarbus_command(wrong);
    EXPECT_EQ(outcome.exit_code, 3) << wrong.front() << outcome.standard_error;
    EXPECT_THAT(outcome.standard_error, HasSubstr((folder / "none").string())) << wrong.front();
  }
}

}  // namespace
}  // namespace yarbus::session_command_test
