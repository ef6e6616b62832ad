#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/recording/session_editor.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_schema.h"
#include "tests/support/example_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::schema_test {
namespace {

using namespace std::chrono_literals;
using test::TemporaryFolder;

/// Version 1 as it was, with a little of everything that was in it.
constexpr const char* version_1 = R"sql(
CREATE TABLE session(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  session_id TEXT NOT NULL, name TEXT NOT NULL, participant TEXT NOT NULL, notes TEXT NOT NULL,
  software_version TEXT NOT NULL, started_at_ns INTEGER NOT NULL, started_at_wall_ns INTEGER NOT NULL,
  duration_ns INTEGER NOT NULL, end TEXT NOT NULL, end_note TEXT NOT NULL,
  screen_width_mm REAL, screen_height_mm REAL, screen_width_px INTEGER, screen_height_px INTEGER,
  viewing_distance_mm REAL,
  frames INTEGER, frames_lost INTEGER, results INTEGER, results_found INTEGER);
CREATE TABLE cameras(
  camera INTEGER PRIMARY KEY, eye TEXT NOT NULL, view TEXT NOT NULL, name TEXT NOT NULL,
  width_px INTEGER NOT NULL, height_px INTEGER NOT NULL, nominal_rate_hz REAL NOT NULL, intrinsics_json TEXT,
  rotate_deg INTEGER NOT NULL, mirror INTEGER NOT NULL, codec TEXT, video_file TEXT NOT NULL,
  time_base_num INTEGER NOT NULL DEFAULT 1, time_base_den INTEGER NOT NULL DEFAULT 1000);
CREATE TABLE frames(
  id INTEGER PRIMARY KEY, camera INTEGER NOT NULL, frame INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL,
  arrived_at_ns INTEGER, processed_at_ns INTEGER, lost_before INTEGER NOT NULL, video_pts INTEGER);
CREATE UNIQUE INDEX frames_by_number ON frames(camera, frame);
CREATE INDEX frames_by_time ON frames(captured_at_ns);
CREATE TABLE gaps(
  id INTEGER PRIMARY KEY, cause TEXT NOT NULL, camera INTEGER, first_frame INTEGER, last_frame INTEGER,
  start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL, frames_lost INTEGER NOT NULL,
  pictures_lost INTEGER NOT NULL, rows_lost INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE analyses(
  analysis INTEGER PRIMARY KEY, name TEXT NOT NULL, made_at_wall_ns INTEGER NOT NULL,
  software_version TEXT NOT NULL, settings_json TEXT NOT NULL);
CREATE TABLE pupils(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, camera INTEGER NOT NULL, frame INTEGER NOT NULL,
  captured_at_ns INTEGER NOT NULL, miss TEXT, confidence REAL, lid_closure REAL, in_blink INTEGER NOT NULL,
  center_x_px REAL, center_y_px REAL, semi_major_px REAL, semi_minor_px REAL, angle_rad REAL,
  covariance_px2 BLOB);
CREATE TABLE poses(id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL);
CREATE TABLE faces(id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL);
CREATE TABLE gaze(id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL);
CREATE TABLE eye_models(id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL);
CREATE TABLE events(id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, start_ns INTEGER NOT NULL);
CREATE TABLE annotations(
  id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL, label TEXT NOT NULL,
  details_json TEXT NOT NULL);
CREATE TABLE calibrations(
  id INTEGER PRIMARY KEY, made_at_ns INTEGER NOT NULL, name TEXT NOT NULL, accuracy_deg REAL,
  file_json TEXT NOT NULL);
INSERT INTO session VALUES (1, 'abc', 'Old one', 'P1', 'kept', '0.0.9', 1000, 2000, 3000000000, 'finished', '',
  NULL, NULL, NULL, NULL, NULL, 2, 0, 2, 1);
INSERT INTO cameras VALUES (0, 'left', 'near_eye', 'cam', 640, 480, 120.0, NULL, 90, 1, NULL, '', 1, 1000);
INSERT INTO frames VALUES (1, 0, 10, 1000, 1500, 1600, 0, NULL), (2, 0, 11, 2000, NULL, NULL, 0, NULL);
INSERT INTO analyses VALUES (0, 'live', 2000, '0.0.9', '{}');
INSERT INTO pupils VALUES (1, 0, 0, 10, 1000, NULL, 0.9, NULL, 0, 1.0, 2.0, 3.0, 2.5, 0.1, NULL),
  (2, 0, 0, 11, 2000, 'blink', 0.1, 0.9, 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO annotations VALUES (1, 1500, 0, 'beep', '');
PRAGMA user_version = 1;
)sql";

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Schema : public testing::Test {
 protected:
  std::filesystem::path file() const { return folder_ / session_file::database; }
  void make(const std::string& statements) const {
    auto database = SqlDatabase::open(file(), SqlDatabase::Access::create);
    ASSERT_TRUE(database);
    const auto made = database->execute(statements);
    ASSERT_TRUE(made) << made.error().to_text();
  }
  static void expect_old_content(const RecordedSession& session) {
    EXPECT_EQ(session.info().schema_version, session_schema_version);
    EXPECT_EQ(session.info().name, "Old one");
    EXPECT_EQ(session.info().notes, "kept");
    EXPECT_EQ(session.info().end, SessionEnd::finished);
    EXPECT_EQ(session.info().duration, std::chrono::nanoseconds(3s));
    ASSERT_EQ(session.cameras().size(), 1U);
    EXPECT_EQ(session.cameras()[0].eye, EyeSide::left);
    EXPECT_EQ(session.cameras()[0].rotate_deg, 90);
    const auto frames = test::frames_of(session);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(frames[0].frame, 10);
    EXPECT_EQ(frames[0].processed_at, CaptureTime(1600));
    EXPECT_FALSE(frames[0].reported_at.has_value());
    const auto pupils = test::pupils_of(session);
    ASSERT_EQ(pupils.size(), 2U);
    EXPECT_EQ(pupils[0].ellipse.semi_minor_px, 2.5);
    EXPECT_EQ(pupils[1].miss, PupilMissReason::blink);
    const auto annotations = session.annotations();
    ASSERT_TRUE(annotations);
    ASSERT_EQ(annotations->size(), 1U);
    EXPECT_EQ(annotations->front().label, "beep");
    const auto settings = session.settings();
    ASSERT_TRUE(settings) << "the table that version 1 did not have is there, and empty";
    EXPECT_TRUE(settings->empty());
  }

  TemporaryFolder folder_;
};

TEST_F(Schema, AnOldSessionIsReadWithoutBeingChanged) {
  make(version_1);
  const std::string before = bytes_of(file());
  const auto session = RecordedSession::open(folder_.path());
  ASSERT_TRUE(session) << session.error().to_text();
  expect_old_content(*session);
  EXPECT_EQ(bytes_of(file()), before);
}

TEST_F(Schema, AnOldSessionIsUpgradedToBeEditedAndKeptAsItWas) {
  make(version_1);
  const std::string before = bytes_of(file());
  {
    auto editor = SessionEditor::open(folder_.path());
    ASSERT_TRUE(editor) << editor.error().to_text();
    ASSERT_TRUE(editor->add_annotation({0, 5s, 0s, "new", ""}));
  }
  auto database = SqlDatabase::open(file(), SqlDatabase::Access::read);
  ASSERT_TRUE(database);
  EXPECT_EQ(*read_schema_version(*database), session_schema_version);
  const auto kept = folder_ / "session.db.schema-1";
  ASSERT_TRUE(std::filesystem::exists(kept));
  auto old = SqlDatabase::open(kept, SqlDatabase::Access::read);
  ASSERT_TRUE(old);
  EXPECT_EQ(*read_schema_version(*old), 1);
  EXPECT_EQ(old->integer("SELECT count(*) FROM annotations")->value_or(0), 1);
  const auto session = RecordedSession::open(folder_.path());
  ASSERT_TRUE(session);
  EXPECT_EQ(session->annotations()->size(), 2U);
  EXPECT_EQ(session->info().name, "Old one");
}

TEST_F(Schema, UpgradingGivesTheTablesOfANewDatabase) {
  make(version_1);
  auto upgraded = SqlDatabase::open(file(), SqlDatabase::Access::write);
  ASSERT_TRUE(upgraded);
  ASSERT_TRUE(*migrate_session_schema(*upgraded));
  EXPECT_FALSE(*migrate_session_schema(*upgraded)) << "a second time there is nothing to do";
  auto fresh = SqlDatabase::open(folder_ / "fresh.db", SqlDatabase::Access::create);
  ASSERT_TRUE(fresh);
  ASSERT_TRUE(create_session_schema(*fresh));
  // The tables that version 1 has whole above.
  for (const char* table : {"session", "cameras", "frames", "gaps", "analyses", "pupils", "annotations",
                            "calibrations", "settings"}) {
    const std::string columns =
        std::string("SELECT group_concat(name || ' ' || type) FROM pragma_table_info('") + table + "')";
    EXPECT_EQ(*upgraded->text(columns), *fresh->text(columns)) << table;
    EXPECT_TRUE(fresh->text(columns)->has_value()) << table;
  }
}

TEST_F(Schema, ANewerVersionIsRefusedByAll) {
  make(version_1);
  make("PRAGMA user_version = 99");
  const auto session = RecordedSession::open(folder_.path());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::unsupported_format);
  EXPECT_NE(session.error().message.find("newer"), std::string::npos) << session.error().message;
  const auto editor = SessionEditor::open(folder_.path());
  ASSERT_FALSE(editor);
  EXPECT_EQ(editor.error().code, ErrorCode::unsupported_format);
}

TEST_F(Schema, AnotherProgramsDatabaseIsNoSession) {
  make("CREATE TABLE bookmarks(id INTEGER)");
  const auto session = RecordedSession::open(folder_.path());
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::unsupported_format);
}

TEST_F(Schema, AFailedUpgradeLeavesTheOldVersion) {
  make(version_1);
  make("CREATE TABLE settings(in_the_way INTEGER)");
  auto database = SqlDatabase::open(file(), SqlDatabase::Access::write);
  ASSERT_TRUE(database);
  EXPECT_FALSE(migrate_session_schema(*database));
  EXPECT_EQ(*read_schema_version(*database), 1);
  EXPECT_FALSE(database->is_in_transaction());
}

}  // namespace
}  // namespace yarbus::schema_test
