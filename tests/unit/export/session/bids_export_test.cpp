#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/export/session/bids.h"
#include "tests/support/bids_rules.h"
#include "tests/support/exported_session.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::bids_export_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::bids_complaints;
using test::TemporaryFolder;

json json_of(const fs::path& path) {
  std::ifstream stream(path);
  return json::parse(stream, nullptr, false);
}
void save(const fs::path& path, const json& content) { std::ofstream(path) << content.dump(2); }

ExportSummary exported(const ExportSource& session, const fs::path& folder) {
  ExportOptions options;
  options.format = ExportFormat::bids;
  options.task = "reading";
  auto summary = export_session(session, folder, options);
  EXPECT_TRUE(summary) << summary.error().to_text();
  return *summary;
}
const std::string stem = "sub-P07/beh/sub-P07_task-reading";

TEST(BidsExport, TwoEyesGiveThreeRecordings) {
  const TemporaryFolder temporary;
  const auto summary = exported(test::two_eye_session(temporary.path()), temporary / "out");
  EXPECT_THAT(bids_complaints(summary.folder), testing::IsEmpty());
  const std::vector<std::string> names{"README.md",
                                       "dataset_description.json",
                                       "participants.tsv",
                                       stem + "_events.json",
                                       stem + "_events.tsv",
                                       stem + "_recording-eye1_physio.json",
                                       stem + "_recording-eye1_physio.tsv.gz",
                                       stem + "_recording-eye1_physioevents.json",
                                       stem + "_recording-eye1_physioevents.tsv.gz",
                                       stem + "_recording-eye2_physio.json",
                                       stem + "_recording-eye2_physio.tsv.gz",
                                       stem + "_recording-eye2_physioevents.json",
                                       stem + "_recording-eye2_physioevents.tsv.gz",
                                       stem + "_recording-eye3_physio.json",
                                       stem + "_recording-eye3_physio.tsv.gz",
                                       stem + "_recording-eye3_physioevents.json",
                                       stem + "_recording-eye3_physioevents.tsv.gz"};
  ASSERT_EQ(summary.files.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(summary.files[i].string(), names[i]);

  const json left = json_of(summary.folder / (stem + "_recording-eye2_physio.json"));
  EXPECT_EQ(left["RecordedEye"], "left");
  EXPECT_EQ(left["SampleCoordinateSystem"], "eye-in-head");
  EXPECT_EQ(left["x_coordinate"]["Units"], "deg");
  EXPECT_NEAR(left["SamplingFrequency"].get<double>(), 50.0, 1e-6);
  EXPECT_NEAR(left["StartTime"].get<double>(), 0.004, 1e-9);
  const json both = json_of(summary.folder / (stem + "_recording-eye3_physio.json"));
  EXPECT_EQ(both["RecordedEye"], "cyclopean");
  EXPECT_EQ(both["SampleCoordinateSystem"], "gaze-on-screen");
  EXPECT_EQ(both["AverageCalibrationError"], 0.6);
  const json screen = json_of(summary.folder / (stem + "_events.json"))["StimulusPresentation"];
  EXPECT_EQ(screen["ScreenOrigin"], json::array({"top", "left"}));
  EXPECT_EQ(screen["ScreenResolution"], json::array({1920, 1080}));
  EXPECT_NEAR(screen["ScreenSize"][0].get<double>(), 0.52, 1e-12);
  EXPECT_NEAR(screen["ScreenDistance"].get<double>(), 0.6, 1e-12);
  EXPECT_TRUE(json_of(summary.folder / "dataset_description.json")["GeneratedBy"][0].is_object());

  const std::string samples = test::read_gzip(summary.folder / (stem + "_recording-eye1_physio.tsv.gz"));
  EXPECT_TRUE(samples.starts_with("0.000000\t0.0000\t")) << samples.substr(0, 60);
  EXPECT_THAT(samples, testing::HasSubstr("\n0.180000\tn/a\tn/a\tn/a\t0.0000\n"));
  EXPECT_EQ(std::count(samples.begin(), samples.end(), '\n'), 1200);
  const std::string gaze = test::read_gzip(summary.folder / (stem + "_recording-eye3_physio.tsv.gz"));
  EXPECT_TRUE(gaze.starts_with("0.000000\t480.0000\t540.0000\t0.9000\n")) << gaze.substr(0, 60);
  EXPECT_EQ(test::read_gzip(summary.folder / (stem + "_recording-eye1_physioevents.tsv.gz")),
            "1.500000\t0.000000\tn/a\tn/a\ttask, begins\n"
            "2.000000\t0.200000\tn/a\t1\tn/a\n"
            "4.500000\t0.250000\tn/a\tn/a\ttask ends\n");
  EXPECT_THAT(test::read_gzip(summary.folder / (stem + "_recording-eye3_physioevents.tsv.gz")),
              testing::StartsWith("0.500000\t0.400000\tfixation\t0\tn/a\n"
                                  "0.900000\t0.040000\tsaccade\t0\tn/a\n"));
}

TEST(BidsExport, OneEyeLooksAtTheScreen) {
  const TemporaryFolder temporary;
  const auto summary = exported(test::one_eye_session(temporary.path()), temporary / "out");
  EXPECT_THAT(bids_complaints(summary.folder), testing::IsEmpty());
  const json right = json_of(summary.folder / (stem + "_recording-eye1_physio.json"));
  EXPECT_EQ(right["SampleCoordinateSystem"], "gaze-on-screen");
  EXPECT_EQ(right["Columns"],
            json::array({"timestamp", "x_coordinate", "y_coordinate", "pupil_size", "confidence"}));
  const std::string samples = test::read_gzip(summary.folder / (stem + "_recording-eye1_physio.tsv.gz"));
  EXPECT_TRUE(samples.starts_with("0.000000\t480.0000\t540.0000\t3.5000\t0.9000\n")) << samples.substr(0, 60);
  EXPECT_FALSE(fs::exists(summary.folder / (stem + "_recording-eye3_physio.json")));
  EXPECT_THAT(test::read_gzip(summary.folder / (stem + "_recording-eye1_physioevents.tsv.gz")),
              testing::AllOf(testing::HasSubstr("fixation"), testing::HasSubstr("\t1\tn/a")));
}

TEST(BidsExport, WithoutGazeTheEyeIsInTheHead) {
  const TemporaryFolder temporary;
  auto session = test::one_eye_session(temporary.path());
  session.gaze.clear();
  const auto summary = exported(session, temporary / "out");
  EXPECT_THAT(bids_complaints(summary.folder), testing::IsEmpty());
  EXPECT_EQ(json_of(summary.folder / (stem + "_recording-eye1_physio.json"))["SampleCoordinateSystem"],
            "eye-in-head");
}

TEST(BidsExport, AWebcamGivesBothEyesTogether) {
  const TemporaryFolder temporary;
  const auto summary = exported(test::webcam_session(), temporary / "out");
  EXPECT_THAT(bids_complaints(summary.folder), testing::IsEmpty());
  const std::string samples = test::read_gzip(summary.folder / (stem + "_recording-eye3_physio.tsv.gz"));
  EXPECT_EQ(std::count(samples.begin(), samples.end(), '\n'), 125);
  EXPECT_THAT(samples, testing::HasSubstr("0.160000\tn/a\tn/a\tn/a\n"));
}

TEST(BidsExport, SaysOfThePupilOnlyWhatTheResultsWereMadeWith) {
  const TemporaryFolder temporary;
  auto session = test::one_eye_session(temporary.path());
  session.setting_rows = {{0, {}, "right_eye", R"({"stage":"refraction","bright_pupil":false})"}};
  AnalysisInfo analysis;
  analysis.analysis = 2;
  analysis.settings_json = R"({"stage":"edge","bright_pupil":true})";
  session.analysis_infos.push_back(analysis);
  ExportOptions options;
  options.format = ExportFormat::bids;
  const auto words_of = [&](const char* name) {
    const auto summary = export_session(session, temporary / name, options);
    EXPECT_TRUE(summary) << summary.error().to_text();
    const json right = json_of(summary->folder / "sub-P07/beh/sub-P07_task-gaze_recording-eye1_physio.json");
    return right["EyeTrackingMethod"].get<std::string>() + "; " +
           right["pupil_size"]["Description"].get<std::string>();
  };
  EXPECT_EQ(words_of("live"),
            "video, dark pupil, three-dimensional eye model; Diameter of the pupil itself, corrected for "
            "refraction");
  options.analysis = 2;
  EXPECT_EQ(
      words_of("analysis"),
      "video, bright pupil, three-dimensional eye model; Diameter of the pupil as it is seen through the "
      "cornea, not corrected for refraction");
  session.setting_rows.clear();
  options.analysis = live_analysis;
  EXPECT_EQ(
      words_of("unknown"),
      "video, three-dimensional eye model; Diameter of the pupil by the eye model; whether it is corrected "
      "for refraction is not known");
}

TEST(BidsExport, NamesTheAuthorsThatItIsTold) {
  const TemporaryFolder temporary;
  const auto session = test::webcam_session();
  ExportOptions options;
  options.format = ExportFormat::bids;
  const auto nameless = export_session(session, temporary / "nameless", options);
  ASSERT_TRUE(nameless) << nameless.error().to_text();
  EXPECT_FALSE(json_of(nameless->folder / "dataset_description.json").contains("Authors"));
  options.authors = {"A. Yarbus", "B. Haigh"};
  const auto named = export_session(session, temporary / "named", options);
  ASSERT_TRUE(named) << named.error().to_text();
  EXPECT_EQ(json_of(named->folder / "dataset_description.json")["Authors"],
            json::array({"A. Yarbus", "B. Haigh"}));
}

TEST(BidsExport, RefusesATaskThatIsNoLabelAndMakesLabelsOfNames) {
  const TemporaryFolder temporary;
  ExportOptions options;
  options.format = ExportFormat::bids;
  options.task = "visual search";
  const auto refused = export_session(test::webcam_session(), temporary / "out", options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_option);
  EXPECT_EQ(bids_label("P-07 (b)"), "P07b");
  EXPECT_EQ(bids_label("--"), "01");
}

/// The checker can fail: every rule that it has, broken once.
TEST(BidsRules, SeeWhatIsWrong) {
  const TemporaryFolder temporary;
  const auto folder = exported(test::two_eye_session(temporary.path()), temporary / "out").folder;
  const auto sidecar = folder / (stem + "_recording-eye3_physio.json");
  const json good = json_of(sidecar);
  const auto complaints_with = [&](const json& content) {
    save(sidecar, content);
    const auto complaints = bids_complaints(folder);
    save(sidecar, good);
    return complaints;
  };
  for (const char* field :
       {"SamplingFrequency", "StartTime", "Columns", "PhysioType", "RecordedEye", "SampleCoordinateSystem"}) {
    json lacking = good;
    lacking.erase(field);
    EXPECT_THAT(complaints_with(lacking), testing::Contains(testing::HasSubstr(field)));
  }
  json changed = good;
  changed["RecordedEye"] = "both";
  EXPECT_FALSE(complaints_with(changed).empty());
  changed = good;
  changed["x_coordinate"].erase("Units");
  EXPECT_THAT(complaints_with(changed), testing::Contains(testing::HasSubstr("Units")));
  changed = good;
  changed["Columns"] = {"x_coordinate", "y_coordinate", "timestamp", "confidence"};
  EXPECT_THAT(complaints_with(changed), testing::Contains(testing::HasSubstr("column 1")));
  changed = good;
  changed["Columns"].push_back("more");
  EXPECT_THAT(complaints_with(changed), testing::Contains(testing::HasSubstr("number of fields")));
  EXPECT_TRUE(bids_complaints(folder).empty());

  std::ofstream(folder / "notes.txt") << "somebody's";
  EXPECT_THAT(bids_complaints(folder), testing::ElementsAre(testing::HasSubstr("no BIDS name")));
  fs::remove(folder / "notes.txt");
  const auto words = folder / (stem + "_events.json");
  const json good_words = json_of(words);
  changed = good_words;
  changed["TaskName"] = "reading";
  save(words, changed);
  EXPECT_THAT(bids_complaints(folder), testing::ElementsAre(testing::HasSubstr("TaskName is no object")));
  save(words, good_words);
  fs::remove(folder / (stem + "_events.json"));
  EXPECT_THAT(bids_complaints(folder), testing::Contains(testing::HasSubstr("ScreenDistance")));
}

/// For tests/golden/export/validate_bids.sh: leaves a dataset where the environment says.
TEST(BidsExport, LeavesADatasetForThePublishedValidator) {
  const char* wanted = std::getenv("YARBUS_BIDS_FOLDER");
  if (wanted == nullptr) GTEST_SKIP() << "YARBUS_BIDS_FOLDER is not set";
  const TemporaryFolder temporary;
  EXPECT_TRUE(fs::exists(exported(test::two_eye_session(temporary.path()), wanted).folder));
}

}  // namespace
}  // namespace yarbus::bids_export_test
