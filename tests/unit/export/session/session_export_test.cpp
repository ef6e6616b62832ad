#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/export/csv_text.h"
#include "app/export/session/export_session.h"
#include "app/export/session/pupil_conventions.h"
#include "app/export/session/pupil_recording.h"
#include "tests/support/exported_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::session_export_test {
namespace {

namespace fs = std::filesystem;
using test::SessionInMemory;
using test::TemporaryFolder;

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  EXPECT_TRUE(stream) << path;
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A CSV file's rows as maps from the header's names.
std::vector<std::map<std::string, std::string>> table_of(const fs::path& path) {
  std::istringstream lines(text_of(path));
  std::string line;
  std::getline(lines, line);
  const auto names = split_csv_line(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(lines, line)) {
    const auto fields = split_csv_line(line);
    EXPECT_EQ(fields.size(), names.size()) << path << ": " << line;
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) row[names[i]] = fields[i];
  }
  return rows;
}
std::string header_of(const fs::path& path) {
  const std::string text = text_of(path);
  return text.substr(0, text.find('\n'));
}

fs::path exported(const SessionInMemory& session, const fs::path& folder, ExportFormat format) {
  ExportOptions options;
  options.format = format;
  auto summary = export_session(session, folder, options);
  EXPECT_TRUE(summary) << summary.error().to_text();
  return folder;
}

class ExportOf : public testing::TestWithParam<ExportFormat> {
 protected:
  TemporaryFolder temporary_;
};

TEST_P(ExportOf, TellsProgressFilesAndAReadme) {
  const auto session = test::two_eye_session(temporary_.path());
  ExportOptions options;
  options.format = GetParam();
  std::vector<double> shares;
  const auto summary =
      export_session(session, temporary_ / "out/", options, [&](double share) { shares.push_back(share); });
  ASSERT_TRUE(summary) << summary.error().to_text();
  EXPECT_EQ(summary->folder, temporary_ / "out");
  EXPECT_THAT(summary->notes, testing::IsEmpty());
  ASSERT_GE(shares.size(), 4U);
  EXPECT_EQ(shares.front(), 0.0);
  EXPECT_EQ(shares.back(), 1.0);
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_THAT(summary->files, testing::Contains(fs::path("README.md")));
  for (const auto& file : summary->files) EXPECT_TRUE(fs::is_regular_file(summary->folder / file)) << file;
  const std::string readme = text_of(summary->folder / "README.md");
  EXPECT_THAT(readme,
              testing::AllOf(testing::HasSubstr("First, \"quoted\" session"), testing::HasSubstr("mm"),
                             testing::HasSubstr("second"), testing::HasSubstr("0.1.0")));
  EXPECT_FALSE(fs::exists(temporary_ / "out.part"));
  EXPECT_LT(session.most_rows_read, 1100U) << "of 2400: rows are to be read in pieces";
}

TEST_P(ExportOf, StoppedAnywhereLeavesNothing) {
  const auto session = test::two_eye_session(temporary_.path());
  ExportOptions options;
  options.format = GetParam();
  for (const double stop_at : {0.0, 0.2, 0.6}) {
    std::stop_source stop;
    const auto stopped = export_session(
        session, temporary_ / "out", options,
        [&](double share) {
          if (share >= stop_at) stop.request_stop();
        },
        stop.get_token());
    ASSERT_FALSE(stopped) << stop_at;
    EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
    EXPECT_FALSE(fs::exists(temporary_ / "out"));
    EXPECT_FALSE(fs::exists(temporary_ / "out.part"));
  }
}

TEST_P(ExportOf, ThatFailsLeavesNothing) {
  auto session = test::two_eye_session(temporary_.path());
  session.is_damaged = true;
  ExportOptions options;
  options.format = GetParam();
  const auto failed = export_session(session, temporary_ / "out", options);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::input_unreadable);
  EXPECT_FALSE(fs::exists(temporary_ / "out"));
  EXPECT_FALSE(fs::exists(temporary_ / "out.part"));
}

TEST_P(ExportOf, NeverWritesOverAnything) {
  const auto session = test::two_eye_session(temporary_.path());
  ExportOptions options;
  options.format = GetParam();
  fs::create_directories(temporary_ / "out.part");
  std::ofstream(temporary_ / "out.part/stale") << "of an export that was killed";
  fs::create_directories(temporary_ / "out");
  auto first = export_session(session, temporary_ / "out", options);
  ASSERT_TRUE(first) << first.error().to_text();
  EXPECT_THAT(first->files, testing::Not(testing::Contains(fs::path("stale"))));
  const auto second = export_session(session, temporary_ / "out", options);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::output_unwritable);
  EXPECT_TRUE(fs::exists(temporary_ / "out/README.md"));
  EXPECT_EQ(export_session(session, "/proc/nowhere/out", options).error().code, ErrorCode::output_unwritable);
}

TEST_P(ExportOf, AnAnalysisThatTheSessionHasNotIsAnError) {
  const auto session = test::one_eye_session(temporary_.path());
  ExportOptions options;
  options.format = GetParam();
  options.analysis = 7;
  const auto failed = export_session(session, temporary_ / "out", options);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::invalid_option);
  EXPECT_EQ(failed.error().message, "the session has no analysis 7");
  EXPECT_FALSE(fs::exists(temporary_ / "out"));
}

TEST_P(ExportOf, AnEmptySessionIsAnError) {
  SessionInMemory session;
  ExportOptions options;
  options.format = GetParam();
  const auto failed = export_session(session, temporary_ / "out", options);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::input_empty);
}

TEST_P(ExportOf, AWebcamSession) {
  const auto session = test::webcam_session();
  ExportOptions options;
  options.format = GetParam();
  auto summary = export_session(session, temporary_ / "out", options);
  ASSERT_TRUE(summary) << summary.error().to_text();
  EXPECT_GE(summary->files.size(), 2U);
}

TEST_P(ExportOf, TheSameSessionTwiceIsTheSameBytes) {
  if (GetParam() == ExportFormat::matlab) GTEST_SKIP() << "the library writes the date into the file";
  const auto session = test::two_eye_session(temporary_.path());
  exported(session, temporary_ / "one", GetParam());
  exported(session, temporary_ / "two", GetParam());
  for (const auto& entry : fs::recursive_directory_iterator(temporary_ / "one")) {
    if (!entry.is_regular_file()) continue;
    const auto name = entry.path().lexically_relative(temporary_ / "one");
    EXPECT_EQ(text_of(entry.path()), text_of(temporary_ / "two" / name)) << name;
  }
}
INSTANTIATE_TEST_SUITE_P(Formats, ExportOf, testing::ValuesIn(export_formats), [](const auto& info) {
  std::string name(to_string(info.param));
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(ExportFormat, IsFoundByItsName) {
  for (const ExportFormat format : export_formats)
    EXPECT_EQ(export_format_from_string(to_string(format)), format);
  EXPECT_FALSE(export_format_from_string("xlsx"));
}

TEST(CsvExport, HasEveryRowWithItsUnits) {
  const TemporaryFolder temporary;
  const auto session = test::two_eye_session(temporary.path());
  const auto folder = exported(session, temporary / "out", ExportFormat::csv);
  const auto pupil = table_of(folder / "pupil.csv");
  ASSERT_EQ(pupil.size(), 2400U);
  EXPECT_EQ(pupil[1].at("eye"), "left");
  EXPECT_EQ(pupil[1].at("time_s"), "0.004000000");
  EXPECT_EQ(pupil[0].at("ellipse_center_x_px"), "200.0000");
  EXPECT_EQ(pupil[0].at("ellipse_semi_major_px"), "25.0000");
  EXPECT_EQ(pupil[0].at("pupil_diameter_mm"), "3.5000");
  EXPECT_EQ(pupil[0].at("eye_center_in_cam_z_mm"), "40.0000");
  EXPECT_EQ(pupil[0].at("model_version"), "3");
  EXPECT_EQ(pupil[0].at("lid_closure"), "0.1250");
  EXPECT_EQ(pupil[0].at("pupil_diameter_sigma_mm"), "");
  EXPECT_EQ(pupil[18].at("miss_reason"), "blink");
  EXPECT_EQ(pupil[18].at("ellipse_center_x_px"), "");
  EXPECT_EQ(pupil[18].at("pupil_diameter_mm"), "");
  EXPECT_EQ(pupil[18].at("in_blink"), "1");
  EXPECT_EQ(pupil[0].at("pupil_size_flag"), "valid");
  EXPECT_EQ(pupil[0].at("pupil_diameter_filled_mm"), "3.5000");
  EXPECT_EQ(pupil[18].at("pupil_size_flag"), "interpolated") << "one frame without a pupil between others";
  EXPECT_EQ(pupil[18].at("pupil_diameter_filled_mm"), "3.5000");

  const auto frames = table_of(folder / "frames.csv");
  ASSERT_EQ(frames.size(), 2400U);
  EXPECT_EQ(frames[0].at("arrival_delay_ms"), "3.000000");
  EXPECT_EQ(frames[0].at("processed_delay_ms"), "");
  EXPECT_EQ(frames[1000].at("lost_before"), "2");
  EXPECT_EQ(frames[2].at("video_pts"), "20");

  const auto gaze = table_of(folder / "gaze.csv");
  ASSERT_EQ(gaze.size(), 1080U);
  EXPECT_EQ(gaze[0].at("x_mm"), "130.0000");
  EXPECT_EQ(gaze[0].at("x_px"), "480.000");
  EXPECT_EQ(gaze[0].at("y_px"), "540.000");
  EXPECT_EQ(gaze[0].at("covariance_yy_mm2"), "9.000000");
  EXPECT_EQ(gaze[0].at("uses_left"), "1");

  const auto events = table_of(folder / "events.csv");
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].at("kind"), "saccade");
  EXPECT_EQ(events[1].at("amplitude_deg"), "8.5000");
  EXPECT_EQ(events[1].at("duration_s"), "0.040000000");
  EXPECT_EQ(events[1].at("eye"), "");
  EXPECT_EQ(events[1].at("details_json"), R"({"found_by": "velocity"})");
  EXPECT_EQ(events[2].at("eye"), "right");
  const auto annotations = table_of(folder / "annotations.csv");
  ASSERT_EQ(annotations.size(), 2U);
  EXPECT_EQ(annotations[0].at("label"), "task, begins");
  EXPECT_EQ(table_of(folder / "gaps.csv").at(0).at("cause"), "source");
  EXPECT_TRUE(table_of(folder / "face.csv").empty());
}

TEST(CsvExport, OfAWebcamHasFaces) {
  const TemporaryFolder temporary;
  const auto folder = exported(test::webcam_session(), temporary / "out", ExportFormat::csv);
  const auto faces = table_of(folder / "face.csv");
  ASSERT_EQ(faces.size(), 125U);
  EXPECT_EQ(faces[0].at("right_openness"), "0.7500");
  EXPECT_EQ(faces[0].at("left_openness"), "");
  EXPECT_EQ(faces[0].at("face_size_px"), "200.00");
  EXPECT_EQ(faces[4].at("miss_reason"), "eyes_closed");
}

TEST(PupilCsvExport, HasPupilPlayersColumnsAndConventions) {
  const TemporaryFolder temporary;
  const auto folder =
      exported(test::two_eye_session(temporary.path()), temporary / "out", ExportFormat::pupil_csv) /
      "exports/000";
  EXPECT_EQ(
      header_of(folder / "pupil_positions.csv"),
      "pupil_timestamp,world_index,eye_id,confidence,norm_pos_x,norm_pos_y,diameter,method,ellipse_center_x,"
      "ellipse_center_y,ellipse_axis_a,ellipse_axis_b,ellipse_angle,diameter_3d,model_confidence,model_id,"
      "sphere_center_x,sphere_center_y,sphere_center_z,sphere_radius,circle_3d_center_x,circle_3d_center_y,"
      "circle_3d_center_z,circle_3d_normal_x,circle_3d_normal_y,circle_3d_normal_z,circle_3d_radius,theta,"
      "phi,"
      "projected_sphere_center_x,projected_sphere_center_y,projected_sphere_axis_a,projected_sphere_axis_b,"
      "projected_sphere_angle");
  EXPECT_EQ(
      header_of(folder / "gaze_positions.csv"),
      "gaze_timestamp,world_index,confidence,norm_pos_x,norm_pos_y,base_data,gaze_point_3d_x,gaze_point_3d_y,"
      "gaze_point_3d_z,eye_center0_3d_x,eye_center0_3d_y,eye_center0_3d_z,gaze_normal0_x,gaze_normal0_y,"
      "gaze_normal0_z,eye_center1_3d_x,eye_center1_3d_y,eye_center1_3d_z,gaze_normal1_x,gaze_normal1_y,"
      "gaze_normal1_z");
  EXPECT_EQ(header_of(folder / "blinks.csv"),
            "id,start_timestamp,duration,end_timestamp,start_frame_index,index,end_frame_index,confidence,"
            "filter_response,base_data");
  EXPECT_EQ(header_of(folder / "fixations.csv"),
            "id,start_timestamp,duration,start_frame_index,end_frame_index,norm_pos_x,norm_pos_y,dispersion,"
            "confidence,method,gaze_point_3d_x,gaze_point_3d_y,gaze_point_3d_z,base_data");
  EXPECT_EQ(header_of(folder / "world_timestamps.csv"), "timestamps [seconds],pts");
  EXPECT_EQ(header_of(folder / "annotations.csv"), "index,timestamp,label,duration,hand,trial");

  const auto pupil = table_of(folder / "pupil_positions.csv");
  ASSERT_EQ(pupil.size(), 2400U + 2160U);
  const auto& flat = pupil[0];
  EXPECT_EQ(flat.at("pupil_timestamp"), "1000");
  EXPECT_EQ(flat.at("method"), "2d yarbus 0.1.0");
  EXPECT_EQ(flat.at("norm_pos_x"), "0.5");
  EXPECT_EQ(flat.at("norm_pos_y"), "0.5");
  EXPECT_EQ(flat.at("diameter"), "50");
  EXPECT_EQ(flat.at("ellipse_axis_a"), "40");
  EXPECT_EQ(flat.at("ellipse_axis_b"), "50");
  EXPECT_NEAR(std::stod(flat.at("ellipse_angle")), 90.0 + 0.5 * 57.29578, 1e-4);
  EXPECT_EQ(flat.at("diameter_3d"), "");
  const auto& solid = pupil[1];
  EXPECT_EQ(solid.at("method"), "3d yarbus 0.1.0");
  EXPECT_EQ(solid.at("eye_id"), "0");
  EXPECT_EQ(solid.at("diameter_3d"), "3.5");
  EXPECT_EQ(solid.at("sphere_radius"), "10");
  EXPECT_EQ(solid.at("circle_3d_radius"), "1.75");
  EXPECT_NEAR(std::stod(solid.at("theta")), std::acos(0.1 / std::hypot(0.1, 1.0)), 1e-6);
  EXPECT_EQ(pupil[2].at("eye_id"), "1");
  EXPECT_EQ(pupil[2].at("pupil_timestamp"), "1000.004");
  const auto miss =
      std::find_if(pupil.begin(), pupil.end(), [](const auto& row) { return row.at("confidence") == "0"; });
  ASSERT_NE(miss, pupil.end());
  EXPECT_EQ(miss->at("norm_pos_x"), "");
  EXPECT_EQ(miss->at("world_index"), "9");

  const auto gaze = table_of(folder / "gaze_positions.csv");
  ASSERT_EQ(gaze.size(), 1080U);
  EXPECT_EQ(gaze[0].at("norm_pos_x"), "0.25");
  EXPECT_EQ(gaze[0].at("norm_pos_y"), "0.5");
  EXPECT_EQ(gaze[0].at("base_data"), "1000-0 1000.004-1");
  EXPECT_EQ(gaze[0].at("eye_center1_3d_z"), "40");
  EXPECT_EQ(gaze[0].at("gaze_point_3d_x"), "");
  for (const auto& row : gaze)
    EXPECT_EQ(std::count(row.at("base_data").begin(), row.at("base_data").end(), '-'), 2);

  const auto blinks = table_of(folder / "blinks.csv");
  ASSERT_EQ(blinks.size(), 1U);
  EXPECT_EQ(blinks[0].at("start_timestamp"), "1002");
  EXPECT_EQ(blinks[0].at("duration"), "0.2");
  EXPECT_EQ(blinks[0].at("index"), "105");
  EXPECT_EQ(blinks[0].at("confidence"), "0.75");
  EXPECT_THAT(blinks[0].at("base_data"), testing::StartsWith("1002-0 1002.02-0 "));
  const auto fixations = table_of(folder / "fixations.csv");
  ASSERT_EQ(fixations.size(), 1U);
  EXPECT_EQ(fixations[0].at("duration"), "400");
  EXPECT_EQ(fixations[0].at("norm_pos_y"), "0.75");
  const auto annotations = table_of(folder / "annotations.csv");
  ASSERT_EQ(annotations.size(), 2U);
  EXPECT_EQ(annotations[0].at("trial"), "4");
  EXPECT_EQ(annotations[1].at("hand"), "");
  EXPECT_EQ(table_of(folder / "world_timestamps.csv").size(), 1200U);
}

/// The outline of a sphere, against points on the sphere that the line of sight touches.
TEST(PupilConventions, TheProjectedSphereIsItsOutline) {
  EyePose pose;
  pose.eye_center_in_cam_mm = {8.0, -5.0, 35.0};
  pose.eyeball_radius_mm = 10.0;
  const auto camera = CameraIntrinsics::from_focal_length(600.0, 640, 480);
  const auto ellipse = pupil_labs::projected_sphere(pose, camera);
  ASSERT_TRUE(ellipse);
  const auto outline = visible_outline_of_sphere(pose.eye_center_in_cam_mm, pose.eyeball_radius_mm);
  ASSERT_TRUE(outline);
  const double angle_rad = ellipse->angle_deg * 3.14159265358979 / 180.0;
  const Eigen::Vector2d minor(std::cos(angle_rad), std::sin(angle_rad));
  const Eigen::Vector2d major(-minor.y(), minor.x());
  for (int i = 0; i < 32; ++i) {
    const Eigen::Vector2d off = camera.project(point_on_circle(*outline, 0.2 * i)) - ellipse->center_px;
    const double along = 2.0 * off.dot(minor) / ellipse->axes_px.x();
    const double across = 2.0 * off.dot(major) / ellipse->axes_px.y();
    EXPECT_NEAR(std::hypot(along, across), 1.0, 1e-9) << i;
  }
  EXPECT_LE(ellipse->axes_px.x(), ellipse->axes_px.y());
  EXPECT_FALSE(pupil_labs::projected_sphere(pose, std::nullopt));
  pose.eye_center_in_cam_mm.z() = 5.0;
  EXPECT_FALSE(pupil_labs::projected_sphere(pose, camera));
}

TEST(PupilConventions, AUuidStaysAndAnyOtherIdBecomesOne) {
  EXPECT_EQ(uuid_from("0f8fad5b-d9cb-469f-a165-70867728950e"), "0f8fad5b-d9cb-469f-a165-70867728950e");
  const std::string made = uuid_from("session 12");
  EXPECT_THAT(made,
              testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_EQ(made, uuid_from("session 12"));
  EXPECT_NE(made, uuid_from("session 13"));
}

}  // namespace
}  // namespace yarbus::session_export_test
