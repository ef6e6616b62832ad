#include <cmath>
#include <fstream>
#include <iterator>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <matio.h>
#include <nlohmann/json.hpp>

#include "app/export/session/export_session.h"
#include "tests/support/exported_session.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::read_back_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::TemporaryFolder;

ExportSummary exported(const ExportSource& session, const fs::path& folder, ExportFormat format) {
  ExportOptions options;
  options.format = format;
  auto summary = export_session(session, folder, options);
  EXPECT_TRUE(summary) << summary.error().to_text();
  return *summary;
}

/// What NumPy and msgpack make of the recording.
json read_with_python(const fs::path& folder) {
  const auto outcome =
      test::run_command({"/usr/bin/python3", YARBUS_SOURCE_DIR "/tests/golden/export/read_pupil_recording.py",
                         folder.string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  return json::parse(outcome.standard_output, nullptr, false);
}

fs::path dated_folder(const fs::path& root) {
  for (const auto& entry : fs::directory_iterator(root)) {
    if (entry.is_directory()) return entry.path() / "000";
  }
  return {};
}

TEST(PupilRecordingExport, IsReadByNumPyAndMsgpack) {
  const TemporaryFolder temporary;
  const auto session = test::two_eye_session(temporary.path());
  const auto root = exported(session, temporary / "out", ExportFormat::pupil_recording).folder;
  const auto folder = dated_folder(root);
  EXPECT_THAT(folder.parent_path().filename().string(), testing::MatchesRegex("2024_11_2[67]"));
  const json found = read_with_python(folder);
  ASSERT_TRUE(found.is_object());
  EXPECT_EQ(found["info"]["meta_version"], "2.3");
  EXPECT_EQ(found["info"]["min_player_version"], "2.0");
  EXPECT_EQ(found["info"]["recording_uuid"], session.session_info.session_id);
  EXPECT_EQ(found["info"]["start_time_synced_s"], 1000.0);
  EXPECT_EQ(found["info"]["start_time_system_s"], 1732650000.0);
  EXPECT_TRUE(found["info"]["duration_s"].is_number_float());
  EXPECT_EQ(found["info"].size(), 10U);

  EXPECT_EQ(found["pupil"]["count"], 2400 + 2160);
  EXPECT_EQ(found["pupil"]["topics"], json::array({"pupil.0.2d", "pupil.0.3d", "pupil.1.2d", "pupil.1.3d"}));
  const json& first = found["pupil"]["first"];
  EXPECT_EQ(first["id"], 0);
  EXPECT_EQ(first["norm_pos"], json::array({0.5, 0.5}));
  EXPECT_EQ(first["ellipse"]["axes"], json::array({40.0, 50.0}));
  EXPECT_EQ(first["confidence"], 0.95);

  EXPECT_EQ(found["gaze"]["count"], 1080);
  EXPECT_EQ(found["gaze"]["topics"], json::array({"gaze.3d.01."}));
  const json& gaze = found["gaze"]["first"];
  EXPECT_EQ(gaze["norm_pos"], json::array({0.25, 0.5}));
  ASSERT_EQ(gaze["base_data"].size(), 2U);
  EXPECT_EQ(gaze["base_data"][1]["topic"], "pupil.1.3d");
  EXPECT_EQ(gaze["base_data"][1]["diameter_3d"], 3.5);
  EXPECT_EQ(gaze["eye_centers_3d"]["0"], json::array({1.0, -2.0, 40.0}));
  EXPECT_TRUE(gaze["gaze_normals_3d"].contains("1"));

  EXPECT_EQ(found["blinks"]["count"], 2);
  EXPECT_EQ(found["blinks"]["first"]["type"], "onset");
  EXPECT_EQ(found["fixations"]["count"], 1);
  const json& fixation = found["fixations"]["first"];
  EXPECT_EQ(fixation["duration"], 400.0);
  EXPECT_EQ(fixation["dispersion"], 0.5);
  EXPECT_EQ(fixation["confidence"], 0.9);
  ASSERT_EQ(fixation["base_data"].size(), 19U) << "two of its 21 frames have no gaze";
  EXPECT_EQ(fixation["base_data"][0], json::array({"gaze.3d.01.", 1000.5}));
  EXPECT_EQ(found["blinks"]["first"]["confidence"], 0.75);
  ASSERT_EQ(found["blinks"]["first"]["base_data"].size(), 1U);
  EXPECT_EQ(found["blinks"]["first"]["base_data"][0]["timestamp"], 1002.0);
  EXPECT_EQ(found["blinks"]["first"]["base_data"][0]["topic"], "pupil.0.2d");
  EXPECT_EQ(found["annotation"]["count"], 2);
  EXPECT_EQ(found["annotation"]["first"]["trial"], 4);

  EXPECT_EQ(found["eye0"]["frames"], 1200);
  EXPECT_EQ(found["eye1"]["first_s"], 1000.004);
  const json& camera = found["eye0"]["intrinsics"]["(400, 300)"];
  EXPECT_EQ(found["eye0"]["intrinsics"]["version"], 1);
  EXPECT_EQ(camera["cam_type"], "radial");
  EXPECT_EQ(camera["camera_matrix"][0][0], 500.0);
  EXPECT_EQ(camera["dist_coefs"][0].size(), 5U);
  std::ifstream video(folder / "eye1.mkv", std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(video), {}), "video of the left eye");
  std::ifstream user(folder / "user_info.csv");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(user), {}),
            "key,value\nname,P-07\nnotes,\"two lines\nof notes\"\n");
}

TEST(PupilRecordingExport, TheReaderSeesWhatIsWrong) {
  const TemporaryFolder temporary;
  const auto root =
      exported(test::one_eye_session(temporary.path()), temporary / "out", ExportFormat::pupil_recording)
          .folder;
  const auto folder = dated_folder(root);
  EXPECT_EQ(read_with_python(folder)["gaze"]["topics"], json::array({"gaze.3d.0."}));
  const auto script = std::string(YARBUS_SOURCE_DIR "/tests/golden/export/read_pupil_recording.py");
  std::ofstream(folder / "gaze.pldata", std::ios::binary | std::ios::app) << "\xc0";  // nil
  EXPECT_NE(test::run_command({"/usr/bin/python3", script, folder.string()}).exit_code, 0);
}

TEST(PupilRecordingExport, TellsWhatItLeavesOut) {
  const TemporaryFolder temporary;
  auto session = test::one_eye_session(temporary.path());
  session.session_info.screen.reset();
  session.session_cameras[0].rotate_deg = 90;
  const auto turned = exported(session, temporary / "turned", ExportFormat::pupil_recording);
  EXPECT_THAT(turned.notes, testing::UnorderedElementsAre(testing::HasSubstr("Gaze is left out"),
                                                          testing::HasSubstr("1 of 1 fixations are left out"),
                                                          testing::HasSubstr("turned by 90 degrees")));
  session.session_cameras[0].video_file.clear();
  const auto without = exported(session, temporary / "without", ExportFormat::pupil_recording);
  EXPECT_THAT(without.notes, testing::Contains(testing::HasSubstr("no video")));
  // As older versions wrote them: what was not measured is no number.
  for (EventRow& event : session.events) event.confidence.reset();
  const auto old = exported(session, temporary / "old", ExportFormat::pupil_recording);
  EXPECT_THAT(old.notes, testing::Contains(testing::HasSubstr("1 blinks and fixations do not say how sure")));
}

struct CloseMat {
  void operator()(mat_t* file) const { Mat_Close(file); }
};
struct FreeVariable {
  void operator()(matvar_t* variable) const { Mat_VarFree(variable); }
};

TEST(MatlabExport, IsReadBackAsLevelFive) {
  const TemporaryFolder temporary;
  const auto folder =
      exported(test::two_eye_session(temporary.path()), temporary / "out", ExportFormat::matlab).folder;
  const std::unique_ptr<mat_t, CloseMat> file(Mat_Open((folder / "session.mat").c_str(), MAT_ACC_RDONLY));
  ASSERT_TRUE(file);
  EXPECT_EQ(Mat_GetVersion(file.get()), MAT_FT_MAT5);
  const auto read = [&](const char* name) {
    return std::unique_ptr<matvar_t, FreeVariable>(Mat_VarRead(file.get(), name));
  };
  const auto pupil = read("pupil");
  ASSERT_TRUE(pupil);
  const auto column = [](const auto& table, const char* name) {
    const matvar_t* field = Mat_VarGetStructFieldByName(table.get(), name, 0);
    std::vector<double> values;
    if (field == nullptr || field->class_type != MAT_C_DOUBLE) return values;
    const auto* data = static_cast<const double*>(field->data);
    values.assign(data, data + field->dims[0] * field->dims[1]);
    return values;
  };
  const auto diameter = column(pupil, "pupil_diameter_mm");
  ASSERT_EQ(diameter.size(), 2400U);
  EXPECT_EQ(diameter[0], 3.5);
  EXPECT_TRUE(std::isnan(diameter[18]));
  EXPECT_EQ(column(pupil, "eye")[1], 2.0);
  EXPECT_NEAR(column(pupil, "time_s")[1], 0.004, 1e-12);
  const matvar_t* names = Mat_VarGetStructFieldByName(pupil.get(), "eye_names", 0);
  ASSERT_NE(names, nullptr);
  ASSERT_EQ(names->class_type, MAT_C_CELL);
  const matvar_t* second = Mat_VarGetCell(const_cast<matvar_t*>(names), 1);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(std::string(static_cast<const char*>(second->data), second->nbytes).substr(0, 4), "left");
  EXPECT_EQ(column(read("gaze"), "x_px")[0], 480.0);
  EXPECT_EQ(column(read("events"), "amplitude_deg").size(), 3U);
  EXPECT_TRUE(column(read("face"), "time_s").empty());
  EXPECT_EQ(column(read("session"), "screen_width_px")[0], 1920.0);
}

}  // namespace
}  // namespace yarbus::read_back_test
