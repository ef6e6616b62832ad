// Runs the real program's `benchmark calibration` at its quick size.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::calibration_quick_test {
namespace {

using testing::HasSubstr;

test::CommandOutcome run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {YARBUS_EXECUTABLE, "benchmark", "calibration"});
  return test::run_command(arguments, 0.0);
}

TEST(CalibrationBenchmarkQuick, WritesTablesAndNumbers) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"--quick", "--out", folder.path().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  for (const char* text : {"## Gaze on the screen", "## After the calibration", "## Rendered subjects",
                           "## Time and memory", "68 % regions hold the target"})
    EXPECT_THAT(outcome.standard_output, HasSubstr(text));
  EXPECT_GT(std::filesystem::file_size(folder / "calibration.md"), 1000u);
  std::ifstream in(folder / "calibration.json");
  const auto json = nlohmann::json::parse(in);
  EXPECT_EQ(json.at("kind"), "yarbus calibration");
  EXPECT_EQ(json.at("fault"), "none");
  for (const char* level : {"rendered", "outlined"}) {
    const auto& summary = json.at(level).at("summary");
    EXPECT_GE(summary.at("subjects"), 1) << level;
    EXPECT_EQ(summary.at("done"), summary.at("subjects")) << level;
    EXPECT_GT(summary.at("true_deg").at("median"), 0.0) << level;
    EXPECT_LT(summary.at("true_deg").at("worst"), 1.5) << level;
    EXPECT_LE(summary.at("true_deg").at("median"), summary.at("true_deg").at("worst")) << level;
    EXPECT_GT(summary.at("fit_ms").at("p50"), 0.0) << level;
    EXPECT_LT(summary.at("to_gaze_s").at("worst"), 60.0) << level;
    EXPECT_EQ(json.at(level).at("each").size(), summary.at("subjects")) << level;
  }
  EXPECT_EQ(json.at("rendered").at("summary").at("head_moves_named"), 1);
  EXPECT_GT(json.at("peak_memory_bytes"), 10'000'000);
}

TEST(CalibrationBenchmarkQuick, NamesAFault) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"--quick", "--subjects", "0", "--outline-subjects", "2", "--points", "9",
                            "--fault", "one-eye-lost", "--out", (folder / "c.json").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("Named: rendered –, outlines 2/2"));
  EXPECT_FALSE(std::filesystem::exists(folder / "c.md"));
  std::ifstream in(folder / "c.json");
  const auto json = nlohmann::json::parse(in);
  EXPECT_EQ(json.at("expected_finding"), "one-eye-lost");
  EXPECT_EQ(json.at("outlined").at("summary").at("fault_named"), 2);
}

TEST(CalibrationBenchmarkQuick, RefusesWhatItCannotDo) {
  EXPECT_EQ(run({"--fault", "asleep"}).exit_code, 2);
  EXPECT_EQ(run({"--points", "7"}).exit_code, 2);
  EXPECT_EQ(run({"--subjects", "-1"}).exit_code, 2);
  EXPECT_EQ(run({"--quick", "--out", "/proc/none"}).exit_code, 10);
}

}  // namespace
}  // namespace yarbus::calibration_quick_test
