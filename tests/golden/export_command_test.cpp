// Runs `yarbus export`, `analyse` and `report` over sessions that were really recorded, as their user does.

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/bids_rules.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"
#include "tests/support/yarbus_command.h"

namespace yarbus::export_command_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::read_file;
using test::TemporaryFolder;
using test::yarbus_command;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int frames = 300;  // 10 s
const std::string sidecar = "sub-01/beh/sub-01_task-gaze_recording-eye1_physio.json";

std::string record(const TemporaryFolder& folder, const std::string& name,
                   const std::vector<std::string>& options = {}) {
  const std::string session = (folder / name).string();
  std::vector<std::string> words{"track",    "sim:easy",
                                 "--frames", std::to_string(frames),
                                 "--out",    (folder / (name + ".csv")).string(),
                                 "--record", session};
  words.insert(words.end(), options.begin(), options.end());
  const auto tracked = yarbus_command(words);
  EXPECT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  return session;
}

fs::path exported(const TemporaryFolder& folder, const std::string& session, const std::string& format,
                  const std::string& name, const std::vector<std::string>& options = {}) {
  std::vector<std::string> words{"export", session, "--format", format, "--out", (folder / name).string()};
  words.insert(words.end(), options.begin(), options.end());
  const auto done = yarbus_command(words);
  EXPECT_EQ(done.exit_code, 0) << done.standard_error;
  return folder / name;
}

/// Of a table without quoted commas in the columns that are asked for.
std::vector<std::map<std::string, std::string>> rows_of(const fs::path& path) {
  std::ifstream stream(path);
  std::vector<std::string> names;
  std::vector<std::map<std::string, std::string>> rows;
  for (std::string line; std::getline(stream, line);) {
    std::vector<std::string> fields;
    std::istringstream parts(line + ',');
    for (std::string field; std::getline(parts, field, ',');) fields.push_back(field);
    if (names.empty()) {
      names = fields;
      continue;
    }
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < names.size() && i < fields.size(); ++i) row[names[i]] = fields[i];
  }
  return rows;
}

TEST(ExportCommand, ARecordingAsBidsKeepsTheRulesAndSaysHowItWasMade) {
  const TemporaryFolder folder;
  const std::string session = record(folder, "anna");
  const auto dataset = exported(folder, session, "bids", "bids", {"--author", "A. Yarbus"});
  EXPECT_THAT(test::bids_complaints(dataset), IsEmpty());
  const json right = json::parse(read_file(dataset / sidecar));
  EXPECT_EQ(right["EyeTrackingMethod"], "video, dark pupil, three-dimensional eye model");
  EXPECT_THAT(right["pupil_size"]["Description"].get<std::string>(),
              HasSubstr("itself, corrected for refraction"));
  EXPECT_EQ(json::parse(read_file(dataset / "dataset_description.json"))["Authors"],
            json::array({"A. Yarbus"}));
  ASSERT_EQ(yarbus_command({"analyse", session, "--stage", "edge"}).exit_code, 0);
  const auto other = exported(folder, session, "bids", "other", {"--analysis", "1"});
  EXPECT_THAT(test::bids_complaints(other), IsEmpty());
  EXPECT_THAT(json::parse(read_file(other / sidecar))["pupil_size"]["Description"].get<std::string>(),
              HasSubstr("not corrected for refraction"));
  const std::string plain = record(folder, "bob", {"--stage", "edge"});
  EXPECT_THAT(
      json::parse(read_file(exported(folder, plain, "bids", "plain") / sidecar))["pupil_size"]["Description"]
          .get<std::string>(),
      HasSubstr("not corrected for refraction"));
}

TEST(ExportCommand, AnAnalysisThatIsNotThereIsRefused) {
  const TemporaryFolder folder;
  const std::string session = record(folder, "anna");
  for (const char* format : {"csv", "pupil-csv", "pupil-recording", "bids", "matlab"}) {
    const auto refused = yarbus_command(
        {"export", session, "--format", format, "--analysis", "7", "--out", (folder / "out").string()});
    EXPECT_EQ(refused.exit_code, 2) << format;
    EXPECT_THAT(refused.standard_error, HasSubstr("the session has no analysis 7"));
    EXPECT_FALSE(fs::exists(folder / "out"));
  }
}

TEST(ExportCommand, EventsAndPupilSizesAreMeasured) {
  const TemporaryFolder folder;
  const std::string session = record(folder, "anna");
  const auto tables = exported(folder, session, "csv", "tables");
  int fixations = 0;
  for (const auto& row : rows_of(tables / "events.csv")) {
    ASSERT_NE(row.at("confidence"), "") << row.at("kind");
    EXPECT_GT(std::stod(row.at("confidence")), 0.3);
    EXPECT_LE(std::stod(row.at("confidence")), 1.0);
    if (row.at("kind") != "fixation") continue;
    ++fixations;
    ASSERT_NE(row.at("dispersion_deg"), "");
    EXPECT_GT(std::stod(row.at("dispersion_deg")), 0.0);
    EXPECT_LT(std::stod(row.at("dispersion_deg")), 5.0) << "three times the limit, and noise";
  }
  EXPECT_GT(fixations, 5);
  std::map<std::string, int> flags;
  for (const auto& row : rows_of(tables / "pupil.csv")) {
    ++flags[row.at("pupil_size_flag")];
    if (row.at("pupil_size_flag") == "valid") {
      EXPECT_EQ(row.at("pupil_diameter_filled_mm"), row.at("pupil_diameter_mm"));
    }
    const bool has_size = row.at("pupil_size_flag") == "valid" || row.at("pupil_size_flag") == "interpolated";
    EXPECT_EQ(has_size, !row.at("pupil_diameter_filled_mm").empty());
  }
  EXPECT_GT(flags["valid"], frames / 2);
  EXPECT_EQ(flags[""], 0) << "every frame is said something of";

  // Not calibrated: no fixation has a place, and that is said.
  const auto pupil = yarbus_command(
      {"export", session, "--format", "pupil-recording", "--out", (folder / "pupil").string()});
  ASSERT_EQ(pupil.exit_code, 0) << pupil.standard_error;
  EXPECT_THAT(pupil.standard_output,
              HasSubstr(" fixations are left out: where on the screen they were is not known"));
}

TEST(ExportCommand, SaccadesAreExplainedAndTheirOptionsAreKept) {
  const TemporaryFolder folder;
  const std::string session = record(folder, "anna");
  const auto few = yarbus_command({"analyse", session});
  ASSERT_EQ(few.exit_code, 0) << few.standard_error;
  EXPECT_THAT(few.standard_output, AllOf(HasSubstr(" 0 saccades"),
                                         HasSubstr("saccades not told: 30.0 samples a second are too few")));
  const std::vector<std::string> at_any_rate{"analyse", session, "--saccade-lowest-rate-hz", "20"};
  const auto many = yarbus_command(at_any_rate);
  ASSERT_EQ(many.exit_code, 0) << many.standard_error;
  EXPECT_THAT(many.standard_output, AllOf(HasSubstr("analysis 2"), Not(HasSubstr(" 0 saccades")),
                                          Not(HasSubstr("saccades not told"))));
  EXPECT_THAT(yarbus_command(at_any_rate).standard_output, HasSubstr("analysis 2 is there already"));
  EXPECT_THAT(yarbus_command({"analyse", session}).standard_output, HasSubstr("analysis 1 is there already"));
  const auto refused = yarbus_command({"analyse", session, "--saccade-lowest-rate-hz", "1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.standard_error, HasSubstr("lowest_rate_hz"));

  const auto report_of = [&](const char* analysis) {
    const auto path = (folder / (std::string("report-") + analysis + ".json")).string();
    const auto done = yarbus_command({"report", session, "--analysis", analysis, "--json", path});
    EXPECT_EQ(done.exit_code, 0) << done.standard_error;
    return json::parse(read_file(path));
  };
  const json first = report_of("1");
  EXPECT_EQ(first["cameras"][0]["saccades"]["count"], 0);
  EXPECT_THAT(first["notes"].get<std::vector<std::string>>(),
              Contains("Camera 0: saccades not told: 30.0 samples a second are too few for their velocity"));
  const json second = report_of("2");
  const json& saccades = second["cameras"][0]["saccades"];
  std::size_t rows = 0;
  for (const auto& row :
       rows_of(exported(folder, session, "csv", "tables", {"--analysis", "2"}) / "events.csv"))
    rows += row.at("kind") == "saccade" ? 1 : 0;
  EXPECT_GT(rows, 5U);
  EXPECT_EQ(saccades["count"], rows);
  EXPECT_EQ(saccades["each"].size(), rows);
  EXPECT_TRUE(saccades["missing_because"].is_null());
  EXPECT_NE(saccades["main_sequence"].is_object(), saccades["main_sequence_missing_because"].is_string());
  const json& size = second["cameras"][0]["pupil_size"];
  EXPECT_EQ(size["frames"], frames);
  EXPECT_GT(size["valid_percent"], 50.0);
  int sum = 0;
  for (const char* kind :
       {"frames_valid", "frames_missing", "frames_in_blink", "frames_speed_outlier", "frames_isolated"})
    sum += size[kind].get<int>();
  EXPECT_EQ(sum, frames);
}

/// Killed while it records; what only a whole recording tells comes back with an analysis.
TEST(ExportCommand, ARecordingThatWasCutOffSaysWhereItsFixationsAre) {
  const TemporaryFolder folder;
  const std::string session = (folder / "anna").string();
  const std::string record_and_kill = "'" YARBUS_EXECUTABLE "' track sim:easy --frames 3000 --out '" +
                                      (folder / "gaze.csv").string() + "' --record '" + session + "' &\n" +
                                      "video='" + session + "/camera-0.mkv'\n" + R"sh(
recording=$!
for attempt in $(seq 3000); do
  [ "$(stat -c %s "$video" 2>/dev/null || echo 0)" -gt 20000000 ] && break
  sleep 0.05
done
kill -9 $recording
)sh";
  test::run_command({"/bin/sh", "-c", record_and_kill});
  const auto repaired = yarbus_command({"sessions", "repair", session});
  ASSERT_EQ(repaired.exit_code, 0) << repaired.standard_error;
  EXPECT_THAT(repaired.standard_output,
              HasSubstr("fixations and saccades are missing, because they are found"));
  ASSERT_EQ(yarbus_command({"analyse", session}).exit_code, 0);
  const auto fixations_of = [&](const std::string& analysis) {
    const auto tables = exported(folder, session, "csv", "tables-" + analysis, {"--analysis", analysis});
    std::size_t fixations = 0;
    for (const auto& row : rows_of(tables / "events.csv")) fixations += row.at("kind") == "fixation" ? 1 : 0;
    return fixations;
  };
  EXPECT_EQ(fixations_of("0"), 0U);
  EXPECT_GT(fixations_of("1"), 3U);
}

}  // namespace
}  // namespace yarbus::export_command_test
