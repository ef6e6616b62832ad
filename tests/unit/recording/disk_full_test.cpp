#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <unistd.h>

#include "app/recording/repair_session.h"
#include "app/recording/session_folder.h"
#include "tests/support/example_session.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::disk_full_test {
namespace {

using test::TemporaryFolder;

/// Runs the recording process and returns what it says; null if it said nothing.
nlohmann::json record(const std::string& arguments) {
  std::vector<std::string> words{YARBUS_RECORD_CHILD};
  std::istringstream stream(arguments);
  std::string word;
  while (stream >> word) words.push_back(word);
  return nlohmann::json::parse(test::run_command(words).standard_output, nullptr, false);
}

RecordedSession repaired_and_open(const std::filesystem::path& folder) {
  const auto report = repair_session(folder);
  if (!report) throw std::runtime_error(report.error().to_text());
  auto session = RecordedSession::open(folder);
  if (!session) throw std::runtime_error(session.error().to_text());
  return std::move(*session);
}

/// Everything that the process said it wrote is there: rows without a hole, and the right pictures.
void expect_as_told(const RecordedSession& session, const nlohmann::json& told) {
  const auto rows = test::frames_of(session);
  EXPECT_EQ(static_cast<std::int64_t>(rows.size()), told["frames"].get<std::int64_t>());
  for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i].frame, static_cast<std::int64_t>(i));
  EXPECT_EQ(static_cast<std::int64_t>(test::pupils_of(session).size()), told["rows"].get<std::int64_t>());
  auto video = session.open_video(0);
  if (!video) return;
  GrayImage image;
  GrayImage expected(160, 120);
  for (std::size_t i = 0; i < video->pictures().size(); ++i) {
    ASSERT_TRUE(video->read(i, image)) << i;
    test::draw_example_frame(video->pictures()[i].frame, expected);
    ASSERT_TRUE(test::same_image(image.view(), expected.view())) << i;
  }
}

TEST(DiskFull, AVideoThatCannotGrowEndsTheRecordingAndKeepsWhatIsThere) {
  const TemporaryFolder root;
  const auto told = record("folder=" + (root / "s").string() + " paced=0 frames=5000 file_limit=2000000");
  ASSERT_TRUE(told.is_object());
  EXPECT_EQ(told["end"], "write_failed") << told;
  EXPECT_EQ(told["ok"], true) << "the database could still be ended";
  EXPECT_LT(told["submitted"], 5000) << "it ended by itself";
  EXPECT_EQ(told["frames"].get<int>() + told["frames_lost"].get<int>(), told["submitted"].get<int>());
  EXPECT_EQ(told["rows"].get<int>() + told["rows_lost"].get<int>(), told["submitted"].get<int>());
  const auto size = std::filesystem::file_size(root / "s" / session_file::video(0));
  EXPECT_LE(size, 2'000'000U);
  EXPECT_GT(size, 1'900'000U) << "used as far as it went";
  {
    const auto session = RecordedSession::open(root / "s");
    ASSERT_TRUE(session);
    EXPECT_EQ(session->info().end, SessionEnd::write_failed);
    EXPECT_FALSE(session->info().end_note.empty());
    std::int64_t without = 0;
    for (const FrameRow& row : test::frames_of(*session)) without += row.video_pts ? 0 : 1;
    EXPECT_EQ(without, told["pictures_lost"].get<std::int64_t>());
  }
  const auto session = repaired_and_open(root / "s");
  expect_as_told(session, told);
  // A cluster of pictures may have been under way, of at most half a second.
  const auto pictures = static_cast<std::int64_t>(session.open_video(0)->pictures().size());
  EXPECT_GE(pictures, told["pictures"].get<std::int64_t>() - 60);
  EXPECT_GT(pictures, 50);
}

TEST(DiskFull, ADatabaseThatCannotGrowEndsTheRecordingAndKeepsWhatIsThere) {
  const TemporaryFolder root;
  const auto told =
      record("folder=" + (root / "s").string() + " paced=0 video=0 frames=200000 file_limit=600000");
  ASSERT_TRUE(told.is_object());
  EXPECT_EQ(told["end"], "write_failed") << told;
  EXPECT_LT(told["submitted"], 200000) << "it ended by itself";
  const auto session = repaired_and_open(root / "s");
  const auto rows = test::frames_of(session);
  const auto pupils = test::pupils_of(session);
  EXPECT_GT(rows.size(), 100U);
  for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i].frame, static_cast<std::int64_t>(i));
  for (std::size_t i = 0; i < pupils.size(); ++i) ASSERT_EQ(pupils[i].frame, static_cast<std::int64_t>(i));
  EXPECT_EQ(static_cast<int>(rows.size()), told["frames"].get<int>());
  EXPECT_EQ(static_cast<int>(pupils.size()), told["rows"].get<int>());
  EXPECT_EQ(told["frames"].get<int>() + told["frames_lost"].get<int>(), told["submitted"].get<int>());
  EXPECT_EQ(told["rows"].get<int>() + told["rows_lost"].get<int>(), told["submitted"].get<int>());
}

/// A file system of a few MB, where it may be made.
class SmallDisk : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(disk_);
    is_mounted_ = ::mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=6m") == 0;
    if (!is_mounted_) GTEST_SKIP() << "no right to mount a file system";
  }
  void TearDown() override {
    if (is_mounted_) ::umount(disk_.c_str());
  }
  TemporaryFolder root_;
  std::filesystem::path disk_ = root_ / "disk";
  bool is_mounted_ = false;
};

TEST_F(SmallDisk, FullItUsesTheReserveToEndWell) {
  const auto told =
      record("folder=" + (disk_ / "s").string() + " paced=0 frames=5000 reserve_mib=2 stop_free_mib=0");
  ASSERT_TRUE(told.is_object());
  EXPECT_EQ(told["end"], "disk_full") << told;
  EXPECT_EQ(told["ok"], true);
  EXPECT_LT(told["submitted"], 5000);
  EXPECT_GT(told["pictures"], 50);
  EXPECT_EQ(told["frames"].get<int>() + told["frames_lost"].get<int>(), told["submitted"].get<int>());
  EXPECT_EQ(told["frames"], told["rows"]) << "rows had room in the reserve";
  EXPECT_EQ(told["pictures"].get<int>() + told["pictures_lost"].get<int>(), told["frames"].get<int>());
  EXPECT_LE(told["pictures_lost"], 60) << "no more than waited in the queue";
  EXPECT_FALSE(std::filesystem::exists(disk_ / "s" / session_file::reserve));
  const auto session = RecordedSession::open(disk_ / "s");
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->condition().is_finished);
  EXPECT_EQ(session->info().end, SessionEnd::disk_full);
  expect_as_told(*session, told);
  EXPECT_EQ(static_cast<std::int64_t>(session->open_video(0)->pictures().size()),
            told["pictures"].get<std::int64_t>());
}

TEST_F(SmallDisk, NearlyFullItEndsBeforeItIs) {
  const auto told =
      record("folder=" + (disk_ / "s").string() + " paced=0 frames=5000 reserve_mib=0 stop_free_mib=3");
  ASSERT_TRUE(told.is_object());
  EXPECT_EQ(told["end"], "disk_full") << told;
  EXPECT_EQ(told["ok"], true);
  EXPECT_EQ(told["pictures_lost"], 0);
  EXPECT_EQ(told["frames"], told["pictures"]);
  EXPECT_EQ(told["frames"].get<int>() + told["frames_lost"].get<int>(), told["submitted"].get<int>());
  const auto session = RecordedSession::open(disk_ / "s");
  ASSERT_TRUE(session);
  expect_as_told(*session, told);
}

}  // namespace
}  // namespace yarbus::disk_full_test
