#include <fstream>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/export/output_file.h"
#include "app/export/track_csv.h"
#include "app/export/video_writer.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::export_test {
namespace {

using test::TemporaryFolder;

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::string field;
  std::istringstream stream(line + ',');
  while (std::getline(stream, field, ',')) fields.push_back(field);
  return fields;
}

GazeSample sample(std::uint64_t sequence, bool with_pupil) {
  auto frame = std::make_shared<Frame>();
  frame->sequence = sequence;
  GazeSample out;
  out.frame = frame;
  if (!with_pupil) {
    out.pupil = PupilMiss{PupilMissReason::low_contrast, 0.2, std::nullopt};
    return out;
  }
  PupilObservation observation;
  observation.ellipse = {{10.5, 20.25}, 8.0, 6.0, 0.5};
  observation.confidence = 0.9;
  observation.lid_closure = 0.25;
  out.pupil = observation;
  EyePose pose;
  pose.pupil_in_cam.normal_in_cam = {-1e-9, 0.6, -0.8};
  pose.pupil_in_cam.radius_mm = 1.5;
  out.pose = pose;
  return out;
}

TEST(OutputFile, HasItsNameOnlyAfterCommit) {
  const TemporaryFolder folder;
  auto file = OutputFile::create(folder / "a.csv");
  ASSERT_TRUE(file);
  EXPECT_FALSE(std::filesystem::exists(folder / "a.csv"));
  ASSERT_TRUE(file->commit());
  EXPECT_TRUE(std::filesystem::exists(folder / "a.csv"));
}

TEST(OutputFile, PartialSaysSoInItsNameAndAbandonedOnesGo) {
  const TemporaryFolder folder;
  {
    auto file = OutputFile::create(folder / "a.csv");
    const auto kept = file->keep_partial();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->filename(), "a.partial.csv");
    auto abandoned = OutputFile::create(folder / "b.csv");
    ASSERT_TRUE(abandoned);
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "a.partial.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "b.csv.part"));
  EXPECT_FALSE(std::filesystem::exists(folder / "b.csv"));
}

TEST(OutputFile, RefusesFoldersAndMissingFolders) {
  const TemporaryFolder folder;
  for (const auto& path : {folder.path(), folder / "none/a.csv", std::filesystem::path("/proc/a.csv")}) {
    const auto file = OutputFile::create(path);
    ASSERT_FALSE(file) << path;
    EXPECT_EQ(file.error().code, ErrorCode::output_unwritable);
  }
}

TEST(TrackCsv, HeaderAndRowsAgreeAndAbsentIsEmpty) {
  const TemporaryFolder folder;
  auto writer = TrackCsvWriter::create(folder / "gaze.csv", false);
  ASSERT_TRUE(writer);
  writer->add(sample(0, true), 0.0);
  writer->add(sample(1, false), 0.04);
  ASSERT_TRUE(writer->label(0, std::nullopt));
  ASSERT_TRUE(writer->label(1, 3));
  ASSERT_TRUE(writer->close(true));
  std::istringstream lines(read(folder / "gaze.csv"));
  std::string header;
  std::string first;
  std::string second;
  std::getline(lines, header);
  std::getline(lines, first);
  std::getline(lines, second);
  const auto names = split(header);
  const auto field = [&](const std::string& row, const std::string& name) {
    const auto at = std::find(names.begin(), names.end(), name);
    return at == names.end() ? "no such column" : split(row).at(static_cast<std::size_t>(at - names.begin()));
  };
  for (const char* name : {"frame",          "t_s",
                           "confidence",     "miss_reason",
                           "lid_closure",    "ellipse_cx_px",
                           "ellipse_cy_px",  "semi_major_px",
                           "semi_minor_px",  "angle_rad",
                           "blink_id",       "gaze_x",
                           "gaze_y",         "gaze_z",
                           "eye_x_mm",       "eye_y_mm",
                           "eye_z_mm",       "pupil_diameter_mm",
                           "detect_ms",      "predict_ms",
                           "gaze_sigma_deg", "pupil_diameter_sigma_mm"}) {
    EXPECT_THAT(names, testing::Contains(name));
  }
  EXPECT_EQ(split(first).size(), names.size());
  EXPECT_EQ(split(second).size(), names.size());
  EXPECT_EQ(field(first, "ellipse_cy_px"), "20.2500");
  EXPECT_EQ(field(first, "gaze_x"), "0.000000") << "no negative zero";
  EXPECT_EQ(field(first, "pupil_diameter_mm"), "3.0000");
  EXPECT_EQ(field(first, "blink_id"), "");
  EXPECT_EQ(field(first, "detect_ms"), "");
  EXPECT_EQ(field(second, "blink_id"), "3");
  EXPECT_EQ(field(first, "lid_closure"), "0.250");
  EXPECT_EQ(field(second, "miss_reason"), "low_contrast");
  EXPECT_EQ(field(second, "lid_closure"), "") << "nothing tells";
  EXPECT_EQ(field(second, "gaze_x"), "");
  EXPECT_EQ(field(first, "gaze_sigma_deg"), "") << "a stage that does not say how sure it is";
  EXPECT_EQ(field(first, "pupil_diameter_sigma_mm"), "");
}

TEST(TrackCsv, HowSureAPoseIsComesInDegreesAndMillimetres) {
  const TemporaryFolder folder;
  auto writer = TrackCsvWriter::create(folder / "gaze.csv", false);
  ASSERT_TRUE(writer);
  GazeSample sure = sample(0, true);
  // One degree in each direction across a gaze along -z.
  constexpr double rad_per_deg = 0.017453292519943295;
  sure.pose->uncertainty.emplace();
  sure.pose->uncertainty->gaze_covariance_in_cam.diagonal() << rad_per_deg * rad_per_deg,
      rad_per_deg * rad_per_deg, 0.0;
  sure.pose->uncertainty->pupil_diameter_mm = 0.0625;
  writer->add(sure, 0.0);
  ASSERT_TRUE(writer->label(0, std::nullopt));
  ASSERT_TRUE(writer->close(true));
  std::istringstream lines(read(folder / "gaze.csv"));
  std::string header;
  std::string row;
  std::getline(lines, header);
  std::getline(lines, row);
  const auto names = split(header);
  const auto fields = split(row);
  ASSERT_EQ(fields.size(), names.size());
  EXPECT_EQ(names[names.size() - 2], "gaze_sigma_deg");
  EXPECT_EQ(fields[names.size() - 2], "1.0000");
  EXPECT_EQ(names.back(), "pupil_diameter_sigma_mm");
  EXPECT_EQ(fields.back(), "0.0625");
}

TEST(TrackCsv, LabelsMustComeInOrder) {
  const TemporaryFolder folder;
  auto writer = TrackCsvWriter::create(folder / "gaze.csv", false);
  writer->add(sample(4, true), 0.0);
  EXPECT_THROW((void)writer->label(5, std::nullopt), CheckFailure);
}

TEST(VideoWriter, WritesAVideoAndNamesABrokenOnePartial) {
  const TemporaryFolder folder;
  const std::vector<std::uint8_t> gray(65 * 48 * 4, 128);
  auto writer = VideoWriter::create(folder / "a.mp4", 65, 48, 30.0);
  ASSERT_TRUE(writer) << writer.error().to_text();
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(writer->write(gray.data(), 65 * 4, std::chrono::milliseconds(33 * i)));
  ASSERT_TRUE(writer->close(true));
  EXPECT_GT(std::filesystem::file_size(folder / "a.mp4"), 500U);
  auto broken = VideoWriter::create(folder / "b.mkv", 64, 48, 30.0);
  ASSERT_TRUE(broken);
  ASSERT_TRUE(broken->write(gray.data(), 64 * 4, std::chrono::milliseconds(0)));
  ASSERT_TRUE(broken->close(false));
  EXPECT_TRUE(std::filesystem::exists(folder / "b.partial.mkv"));
}

TEST(VideoWriter, RefusesUnknownExtensionsAndFullDisks) {
  const TemporaryFolder folder;
  const auto unknown = VideoWriter::create(folder / "a.xyz", 64, 48, 30.0);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::unsupported_format);
  EXPECT_FALSE(VideoWriter::create("/proc/a.mp4", 64, 48, 30.0));
}

}  // namespace
}  // namespace yarbus::export_test
