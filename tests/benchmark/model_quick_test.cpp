// Runs the real program's `benchmark model` at its quick size.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::model_quick_test {
namespace {

using testing::HasSubstr;

test::CommandOutcome run(std::vector<std::string> arguments, double interrupt_after_s = 0.0) {
  arguments.insert(arguments.begin(), {YARBUS_EXECUTABLE, "benchmark", "model"});
  return test::run_command(arguments, interrupt_after_s);
}

TEST(ModelBenchmarkQuick, WritesTablesNumbersAndPictures) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"--quick", "--out", folder.path().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  for (const char* heading :
       {"## Stated gaze regions", "## Learning and slips", "## Gaze error over the whole course",
        "slips: 1 of", "## Noise-free outlines", "## Time of the live model", "## Time of a joint fit",
        "## Memory of the process"})
    EXPECT_THAT(outcome.standard_output, HasSubstr(heading));
  for (const char* name : {"model.md", "model.json", "model.png", "model-cost.png"})
    EXPECT_GT(std::filesystem::file_size(folder / name), 1000u) << name;

  std::ifstream in(folder / "model.json");
  const auto json = nlohmann::json::parse(in);
  ASSERT_EQ(json.at("populations").size(), 2u);
  for (const auto& course : json.at("populations")) {
    const auto& all = course.at("coverage").at("all frames");
    EXPECT_EQ(all.at("frames"), 4 * 6 * 60);
    EXPECT_EQ(all.at("without_statement"), 0);  // a gaze region from the first frame on
    EXPECT_EQ(course.at("gaze_error_deg").at("not_finite"), 0);
  }
  EXPECT_EQ(json.at("long_course").at("diverged"), 0);
  EXPECT_EQ(json.at("times").at("allocations_per_predict"), 0.0);
  EXPECT_EQ(json.at("times").at("joint_fits").size(), 2u);
  for (const auto& fit : json.at("times").at("joint_fits")) EXPECT_TRUE(fit.at("failure").is_null());
  EXPECT_EQ(json.at("memory").at("resident_bytes").size(), 3u);
}

TEST(ModelBenchmarkQuick, TheForwardModelIsExactAndWrongAnatomyIsSeen) {
  const test::TemporaryFolder folder;
  ASSERT_EQ(run({"--quick", "--subjects", "1", "--out", (folder / "m.json").string()}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "m.md"));
  std::ifstream in(folder / "m.json");
  const auto rows = nlohmann::json::parse(in).at("exactness");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_LE(rows.at(0).at("true_center_max_deg").get<double>(), 0.02);
  EXPECT_LE(rows.at(0).at("fitted_center_max_deg").get<double>(), 0.02);
  EXPECT_GT(rows.at(4).at("true_center_max_deg").get<double>(), 0.05);  // anatomy does matter
}

TEST(ModelBenchmarkQuick, ASeedGivesTheSameErrorsAgain) {
  const test::TemporaryFolder folder;
  const auto courses_of = [&](const char* name, const char* seed) {
    EXPECT_EQ(
        run({"--quick", "--subjects", "2", "--seed", seed, "--out", (folder / name).string()}).exit_code, 0);
    std::ifstream in(folder / name);
    return nlohmann::json::parse(in).at("populations");
  };
  const auto once = courses_of("a.json", "5");
  EXPECT_EQ(once, courses_of("b.json", "5"));
  EXPECT_NE(once, courses_of("c.json", "6"));
}

TEST(ModelBenchmarkQuick, StopsOnInterrupt) {
  const auto outcome = run({}, 1.5);
  EXPECT_EQ(outcome.exit_code, 130) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_error, HasSubstr("stopped by Ctrl-C after"));
}

TEST(ModelBenchmarkQuick, RefusesWhatItCannotDo) {
  EXPECT_EQ(run({"--subjects", "0"}).exit_code, 2);
  EXPECT_EQ(run({"--sigma-px", "0"}).exit_code, 2);
  EXPECT_EQ(run({"--limbus", "65"}).exit_code, 2);
  EXPECT_EQ(run({"--quick", "--out", "/proc/none"}).exit_code, 10);
}

}  // namespace
}  // namespace yarbus::model_quick_test
