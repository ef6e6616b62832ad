#include <fstream>
#include <iterator>
#include <limits>

#include <gtest/gtest.h>

#include "app/recording/repair_session.h"
#include "app/recording/session_editor.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_head.h"
#include "app/recording/session_recorder.h"
#include "app/recording/sql_database.h"
#include "tests/support/example_session.h"
#include "tests/support/matroska_clusters.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::repair_test {
namespace {

using namespace std::chrono_literals;
using test::add_example_frames;
using test::draw_example_frame;
using test::example_request;
using test::TemporaryFolder;

constexpr int frames = 200;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string all_of(const RepairReport& report) {
  std::string text;
  for (const auto& sentence : report.sentences) text += sentence + "\n";
  return text;
}

/// A finished session of 200 frames, to be spoiled.
class Repair : public testing::Test {
 protected:
  Repair() : folder_(root_ / "s") {
    auto recorder = SessionRecorder::start(example_request(folder_));
    if (!recorder) throw std::runtime_error(recorder.error().to_text());
    add_example_frames(**recorder, 0, frames);
    const auto ended = (*recorder)->finish();
    if (!ended) throw std::runtime_error(ended.error().to_text());
  }

  RepairReport repair() {
    const auto report = repair_session(folder_);
    if (!report) throw std::runtime_error(report.error().to_text());
    return *report;
  }
  RecordedSession open() {
    auto session = RecordedSession::open(folder_);
    if (!session) throw std::runtime_error(session.error().to_text());
    return std::move(*session);
  }
  void execute(const std::string& statements) {
    auto database = SqlDatabase::open(folder_ / session_file::database, SqlDatabase::Access::write);
    ASSERT_TRUE(database);
    const auto done = database->execute(statements);
    ASSERT_TRUE(done) << done.error().to_text();
  }
  /// Every picture that the database tells of can be read, and is the frame's.
  static void expect_right_pictures(const RecordedSession& session) {
    auto video = session.open_video(0);
    ASSERT_TRUE(video) << video.error().to_text();
    GrayImage image;
    GrayImage expected(160, 120);
    for (std::size_t i = 0; i < video->pictures().size(); ++i) {
      const auto read = video->read(i, image);
      ASSERT_TRUE(read) << i << ": " << read.error().to_text();
      draw_example_frame(video->pictures()[i].frame, expected);
      ASSERT_TRUE(test::same_image(image.view(), expected.view())) << i;
    }
  }

  std::filesystem::path video() const { return folder_ / session_file::video(0); }

  TemporaryFolder root_;
  std::filesystem::path folder_;
};

TEST_F(Repair, AGoodSessionIsLeftAlone) {
  const std::string video_before = bytes_of(video());
  const auto report = repair();
  EXPECT_FALSE(report.was_needed) << all_of(report);
  EXPECT_TRUE(report.sentences.empty());
  ASSERT_EQ(report.cameras.size(), 1U);
  EXPECT_EQ(report.cameras[0].frames, frames);
  EXPECT_EQ(report.cameras[0].pictures, frames);
  EXPECT_EQ(bytes_of(video()), video_before);
  EXPECT_EQ(open().info().end, SessionEnd::finished);
}

TEST_F(Repair, ATruncatedVideoKeepsItsWholePictures) {
  const auto size = std::filesystem::file_size(video());
  std::filesystem::resize_file(video(), size / 2);
  const std::string cut = bytes_of(video());
  {
    // As it is: what is there can be read, the rest says so.
    const auto session = open();
    auto pictures = session.open_video(0);
    ASSERT_TRUE(pictures) << pictures.error().to_text();
    GrayImage image;
    EXPECT_TRUE(pictures->read(10, image));
    const auto lost = pictures->read(frames - 1, image);
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code, ErrorCode::input_truncated);
  }
  const auto report = repair();
  EXPECT_TRUE(report.was_needed);
  ASSERT_EQ(report.cameras.size(), 1U);
  const RepairedCamera& camera = report.cameras[0];
  EXPECT_EQ(camera.frames, frames) << "no row is lost";
  EXPECT_EQ(camera.pictures + camera.pictures_missing, frames);
  EXPECT_GT(camera.pictures, frames / 2 - 10);
  EXPECT_LT(camera.pictures, frames / 2 + 10);
  const auto session = open();
  EXPECT_EQ(static_cast<std::int64_t>(session.open_video(0)->pictures().size()), camera.pictures);
  expect_right_pictures(session);
  std::int64_t pictures_lost = 0;
  const auto gaps = session.gaps();
  ASSERT_TRUE(gaps);
  for (const GapRow& gap : *gaps) pictures_lost += gap.pictures_lost;
  EXPECT_EQ(pictures_lost, camera.pictures_missing);
  EXPECT_EQ(bytes_of(folder_ / "camera-0.cut-off.mkv"), cut) << "the file as it was found is kept";
  EXPECT_TRUE([&] {
    test::MatroskaClusters file(video().string());
    file.read();
    return file.has_cues();
  }());
  const auto again = repair();
  EXPECT_FALSE(again.was_needed) << all_of(again);
}

TEST_F(Repair, TruncatedAnywhereNothingWorseHappens) {
  // Also within the header: then there is no video any more, and a clear error.
  const std::string whole = bytes_of(video());
  std::int64_t last = -1;
  for (const std::size_t keep : {0U, 20U, 300U, 700U, 5000U, 50000U, 200000U}) {
    if (keep >= whole.size()) continue;
    std::ofstream(video(), std::ios::binary | std::ios::trunc) << whole.substr(0, keep);
    const auto session = open();
    auto pictures = session.open_video(0);
    GrayImage image;
    std::int64_t readable = 0;
    if (pictures) {
      for (std::size_t i = 0; i < 40; ++i) readable += pictures->read(i, image) ? 1 : 0;
    } else {
      EXPECT_FALSE(pictures.error().remedy.empty());
    }
    EXPECT_GE(readable, last) << keep;
    last = readable;
  }
  EXPECT_GT(last, 0);
}

TEST_F(Repair, AMissingVideoIsToldAndTheRestIsRead) {
  std::filesystem::remove(video());
  const auto session = open();
  ASSERT_EQ(session.condition().findings.size(), 1U);
  EXPECT_NE(session.condition().findings[0].find("camera-0.mkv"), std::string::npos);
  EXPECT_EQ(test::pupils_of(session).size(), frames);
  const auto pictures = session.open_video(0);
  ASSERT_FALSE(pictures);
  EXPECT_EQ(pictures.error().code, ErrorCode::input_missing);
  const auto report = repair();
  EXPECT_EQ(report.cameras[0].frames, frames);
  // The file may come back: the rows still know their pictures.
  EXPECT_TRUE(test::frames_of(open())[5].video_pts.has_value());
}

TEST_F(Repair, PicturesWithoutRowsGetThem) {
  execute(
      "DELETE FROM frames WHERE frame >= 180; DELETE FROM frames WHERE frame BETWEEN 50 AND 52;"
      "UPDATE session SET end = 'unfinished'");
  const auto report = repair();
  EXPECT_EQ(report.cameras[0].rows_added, 23);
  EXPECT_EQ(report.cameras[0].pictures_missing, 0);
  const auto session = open();
  EXPECT_EQ(session.info().end, SessionEnd::repaired);
  EXPECT_FALSE(session.info().end_note.empty());
  const auto rows = test::frames_of(session);
  ASSERT_EQ(rows.size(), frames);
  for (std::int64_t i = 0; i < frames; ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    EXPECT_EQ(row.frame, i);
    const auto off = row.captured_at - test::example_time(i);
    EXPECT_LE(std::abs(off.count()), 500'000) << "ns; the video's tick";
  }
  expect_right_pictures(session);
}

TEST_F(Repair, ADamagedPageCostsItsRowsAndNoMore) {
  // More rows, so that the table has many pages.
  {
    auto editor = SessionEditor::open(folder_);
    ASSERT_TRUE(editor);
    auto analysis = editor->begin_analysis({0, "many", 1s, "test", "{}"});
    ASSERT_TRUE(analysis);
    for (int i = 0; i < 20000; ++i)
      ASSERT_TRUE(analysis->add(test::example_pupil(0, i, test::example_time(i))));
    ASSERT_TRUE(analysis->commit());
  }
  // A leaf page of the pupils, by the database's own account.
  const auto file = folder_ / session_file::database;
  std::int64_t page = 0;
  std::int64_t page_bytes = 0;
  {
    auto database = SqlDatabase::open(file, SqlDatabase::Access::write);
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
    page_bytes = database->integer("PRAGMA page_size")->value_or(4096);
    const auto found = database->integer(
        "SELECT pageno FROM dbstat WHERE name = 'pupils' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 "
        "OFFSET 100");
    if (found && *found) {
      page = **found;
    } else {
      GTEST_SKIP() << "this SQLite has no dbstat";
    }
  }
  {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp((page - 1) * page_bytes);
    stream << std::string(static_cast<std::size_t>(page_bytes), '\xA5');
  }
  {
    const auto session = open();
    std::int64_t visited = 0;
    const auto read = session.read_pupils({.analysis = 1}, [&](const PupilRow&) {
      ++visited;
      return true;
    });
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::input_unreadable);
    EXPECT_NE(read.error().message.find("pupils"), std::string::npos) << read.error().message;
    EXPECT_GT(visited, 0) << "what lies before the damage is read";
    EXPECT_EQ(test::frames_of(session).size(), frames) << "other tables are read whole";
  }
  const std::string damaged = bytes_of(file);
  const auto report = repair();
  EXPECT_TRUE(report.was_needed);
  EXPECT_NE(all_of(report).find("damaged"), std::string::npos) << all_of(report);
  EXPECT_EQ(bytes_of(folder_ / "session.db.damaged"), damaged) << "kept as it was found";
  const auto session = open();
  EXPECT_EQ(test::frames_of(session).size(), frames);
  const auto live = test::pupils_of(session).size();
  const auto later = test::pupils_of(session, 1);
  EXPECT_LT(live + later.size(), 20000U + frames) << "the page's rows are gone: the check can tell";
  EXPECT_GT(live + later.size(), 20000U + frames - 100U)
      << "a page holds some dozens of rows, and only they are gone";
  EXPECT_EQ(session.info().participant, "P07");
  const auto again = repair();
  EXPECT_FALSE(again.was_needed) << all_of(again);
}

TEST_F(Repair, NumbersThatMakeNoSenseCostTheirRowsAndNoMore) {
  execute(
      "DELETE FROM frames WHERE frame >= 190;"
      "UPDATE frames SET frame = 9223372036854775807 WHERE frame = 189;"
      "UPDATE frames SET captured_at_ns = -9223372036854775807 WHERE frame = 100;"
      "UPDATE frames SET captured_at_ns = 9223372036854775807 WHERE frame = 101;"
      "UPDATE session SET started_at_ns = -9223372036854775807, end = 'unfinished'");
  EXPECT_EQ(open().info().duration, std::chrono::nanoseconds::max());
  const auto report = repair();
  EXPECT_EQ(report.cameras[0].pictures, frames);
  EXPECT_EQ(report.cameras[0].pictures_unplaced, 10) << "no number is left for them";
  const auto session = open();
  EXPECT_EQ(session.info().end, SessionEnd::repaired);
  EXPECT_EQ(session.info().duration, std::chrono::nanoseconds::max());
  EXPECT_EQ(test::frames_of(session).size(), 190U) << "no row is lost";
  EXPECT_EQ(test::pupils_of(session).size(), frames);
}

TEST_F(Repair, APictureWhoseRowNamesAnotherOneStaysInTheVideo) {
  execute("UPDATE frames SET video_pts = 99999999 WHERE frame = 50");
  const auto report = repair();
  EXPECT_EQ(report.cameras[0].pictures, frames);
  EXPECT_EQ(report.cameras[0].pictures_missing, 1);
  EXPECT_EQ(report.cameras[0].pictures_unplaced, 1);
  EXPECT_EQ(report.cameras[0].rows_added, 0);
  const auto session = open();
  EXPECT_EQ(test::frames_of(session).size(), frames);
  EXPECT_FALSE(test::frames_of(session)[50].video_pts.has_value());
  expect_right_pictures(session);
  EXPECT_FALSE(repair().was_needed);
}

/// A session may come from somebody else: what its database names outside its folder is left alone.
TEST_F(Repair, AVideoOutsideTheFolderIsNoPartOfTheSession) {
  const auto outside = root_ / "outside.mkv";
  std::filesystem::rename(video(), outside);
  for (const auto& name : std::vector<std::string>{"../outside.mkv", outside.string(), "..", "."}) {
    execute("UPDATE cameras SET video_file = '" + name + "'; UPDATE session SET end = 'unfinished'");
    const auto report = repair_session(folder_);
    ASSERT_FALSE(report) << name;
    EXPECT_EQ(report.error().code, ErrorCode::input_unreadable) << name;
    EXPECT_TRUE(std::filesystem::exists(outside)) << name;
    const auto session = RecordedSession::open(folder_);
    EXPECT_TRUE(!session || !session->open_video(0)) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(root_ / "outside.cut-off.mkv"));
}

TEST(VideoTimeBase, HoldsTheLargestTimeForWhatIsBeyondIt) {
  const VideoTimeBase base{1, 1000};
  EXPECT_EQ(base.time(1500), 1500ms);
  EXPECT_EQ(base.time(std::numeric_limits<std::int64_t>::max()), std::chrono::nanoseconds::max());
  EXPECT_EQ(base.time(std::numeric_limits<std::int64_t>::min()), std::chrono::nanoseconds::min());
  EXPECT_EQ((VideoTimeBase{1, 2'000'000'000}.ticks(7ns)), 7);
}

TEST_F(Repair, WithoutADatabaseThePicturesAreRead) {
  for (const bool is_missing : {true, false}) {
    const auto file = folder_ / session_file::database;
    if (is_missing) {
      std::filesystem::remove(file);
    } else {
      std::ofstream(file, std::ios::binary | std::ios::trunc) << std::string(8192, 'x');
    }
    const auto session = open();
    EXPECT_FALSE(session.condition().has_database);
    ASSERT_FALSE(session.condition().findings.empty());
    const auto rows = session.read_pupils({}, [](const PupilRow&) { return true; });
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::input_missing);
    ASSERT_EQ(session.cameras().size(), 1U);
    EXPECT_EQ(session.cameras()[0].name, "example");
    EXPECT_EQ(session.open_video(0)->pictures().size(), frames);
    expect_right_pictures(session);

    const auto report = repair();
    EXPECT_TRUE(report.was_needed);
    const auto repaired = open();
    EXPECT_TRUE(repaired.condition().has_database);
    EXPECT_EQ(test::frames_of(repaired).size(), frames);
    EXPECT_EQ(repaired.info().started_at, test::example_time(0)) << "the video knows it";
    expect_right_pictures(repaired);
    EXPECT_EQ(std::filesystem::exists(folder_ / "session.db.damaged"), !is_missing);
  }
}

TEST_F(Repair, RefusesWhatIsBeingRecordedNewerOrNoSession) {
  const TemporaryFolder other;
  const auto nothing = repair_session(other / "none");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().code, ErrorCode::input_missing);
  std::filesystem::create_directory(other / "empty");
  const auto empty = repair_session(other / "empty");
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().code, ErrorCode::input_missing);
  EXPECT_TRUE(std::filesystem::is_empty(other / "empty")) << "not even a lock";

  auto recorder = SessionRecorder::start(example_request(other / "live"));
  ASSERT_TRUE(recorder);
  const auto busy = repair_session(other / "live");
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, ErrorCode::device_busy);

  execute("PRAGMA user_version = 99");
  const std::string before = bytes_of(folder_ / session_file::database);
  const auto newer = repair_session(folder_);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::unsupported_format);
  EXPECT_EQ(bytes_of(folder_ / session_file::database), before);
}

}  // namespace
}  // namespace yarbus::repair_test
