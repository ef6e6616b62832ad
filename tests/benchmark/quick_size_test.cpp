// Runs the real program on a small size and sets it against the recorded results beside this file. They are
// recorded anew, after a change that is meant to move them, by tests/benchmark/record_baseline.sh.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/run_command.h"
#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::quick_size_test {
namespace {

using testing::HasSubstr;

const std::filesystem::path baselines = std::filesystem::path(YARBUS_SOURCE_DIR) / "tests/benchmark";

test::CommandOutcome run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {YARBUS_EXECUTABLE, "benchmark"});
  return test::run_command(arguments);
}

/// A copy of a recorded result in which every number called `key` is multiplied.
std::filesystem::path with_scaled(const std::filesystem::path& path, const std::string& key, double factor,
                                  const std::filesystem::path& copy) {
  std::ifstream in(path);
  std::ofstream out(copy);
  for (std::string line; std::getline(in, line);) {
    const auto at = line.find('"' + key + "\": ");
    const auto start = at + key.size() + 4;
    if (at != std::string::npos && (std::isdigit(static_cast<unsigned char>(line[start])) != 0)) {
      const bool has_comma = line.back() == ',';
      line = line.substr(0, start) + std::to_string(factor * std::stod(line.substr(start))) +
             (has_comma ? "," : "");
    }
    out << line << '\n';
  }
  return copy;
}

TEST(BenchmarkQuick, AccuracyIsNoWorseThanRecorded) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"accuracy", "--quick", "--out", folder.path().string(), "--against",
                            (baselines / "accuracy_baseline.json").string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_error << outcome.standard_output;
  EXPECT_THAT(outcome.standard_output, HasSubstr("## Gaze error, degrees"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("## Against the earlier result"));
  for (const char* name :
       {"accuracy.md", "accuracy.json", "accuracy-paper.png", "accuracy-paper-no-cornea.png"}) {
    EXPECT_GT(std::filesystem::file_size(folder / name), 1000u) << name;
  }
}

TEST(BenchmarkQuick, DetectionIsNoWorseThanRecorded) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"detection", "--quick", "--out", folder.path().string(), "--against",
                            (baselines / "detection_baseline.json").string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_error << outcome.standard_output;
  EXPECT_THAT(outcome.standard_output, HasSubstr("## Pupils found"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("## Bias, px"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("## Against the earlier result"));
  for (const char* name :
       {"detection.md", "detection.json", "detection-easy.png", "detection-all-together.png"}) {
    EXPECT_GT(std::filesystem::file_size(folder / name), 1000u) << name;
  }
  std::ifstream in(folder / "detection.json");
  const auto all = nlohmann::json::parse(in).at("groups").back();
  for (const char* way : {"cold", "tracked"}) {
    EXPECT_EQ(all.at(way).at("allocations_per_frame"), 0.0) << way;
  }
}

TEST(BenchmarkQuick, DetectionFailsAgainstABetterResult) {
  const test::TemporaryFolder folder;
  const auto with = [&](const std::string& option, const std::filesystem::path& path) {
    return run(
        {"detection", "--scenario", "noisy-far", "--subjects", "1", "--frames", "20", option, path.string()});
  };
  ASSERT_EQ(with("--out", folder / "d.json").exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder / "d.md"));
  EXPECT_EQ(with("--against", folder / "d.json").exit_code, 0);
  const auto outcome =
      with("--against", with_scaled(folder / "d.json", "median", 0.3, folder / "better.json"));
  EXPECT_EQ(outcome.exit_code, 11);
  EXPECT_THAT(outcome.standard_error, HasSubstr("worse than before: noisy-far: outline (px), median"));
}

TEST(BenchmarkQuick, DetectionCountsPupilsWhereThereIsNoEye) {
  const test::TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "discs", 5);  // to show that a reported pupil is counted
  test::write_plain_folder(folder / "wall", 4);
  const auto outcome = run({"detection", "--no-eye", (folder / "discs").string(), (folder / "wall").string(),
                            "--frames", "4", "--out", (folder / "d.json").string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  std::ifstream in(folder / "d.json");
  const auto no_eye = nlohmann::json::parse(in).at("no_eye");
  EXPECT_EQ(no_eye.at(0).at("name"), "discs");
  EXPECT_EQ(no_eye.at(0).at("frames"), 4);
  EXPECT_EQ(no_eye.at(0).at("cold").at("reported"), 4);
  EXPECT_EQ(no_eye.at(1).at("tracked").at("reported"), 0);
  EXPECT_THAT(outcome.standard_output, HasSubstr("0/4"));
}

TEST(BenchmarkQuick, WithoutACorneaEveryStageKeepsItsBar) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"accuracy", "--scenario", "paper-no-cornea", "--out", folder.path().string()});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  std::ifstream in(folder / "accuracy.json");
  const auto group = nlohmann::json::parse(in).at("groups").at(0);
  const auto gaze_deg = [&](const char* stage) {
    return group.at("gaze_error_deg").at(stage).at("mean").get<double>();
  };
  // A third of the means that Swirski & Dodgson 2013 published.
  EXPECT_LE(gaze_deg("unprojection"), 3.56 / 3.0);
  EXPECT_LE(gaze_deg("unoptimised"), 2.69 / 3.0);
  EXPECT_LE(gaze_deg("contrast"), 2.21 / 3.0);
  EXPECT_LE(gaze_deg("edge"), 1.68 / 3.0);
  // The outlines are so exact here that hardly anything is left to optimise, but nothing gets worse.
  EXPECT_LT(gaze_deg("unoptimised"), 0.2);
  EXPECT_LT(gaze_deg("contrast"), gaze_deg("unoptimised") + 0.03);
  EXPECT_LT(gaze_deg("edge"), gaze_deg("unoptimised") + 0.03);
  EXPECT_LE(group.at("outline_error_px").at("detector").at("mean").get<double>(), 1.2);
  EXPECT_LE(group.at("outline_error_px").at("edge").at("mean").get<double>(), 0.8);
}

TEST(BenchmarkQuick, SpeedAllocatesNoMoreThanRecorded) {
  const test::TemporaryFolder folder;
  const auto outcome = run({"speed", "--quick", "--out", (folder / "speed.json").string(), "--against",
                            (baselines / "speed_baseline.json").string()});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.standard_error << outcome.standard_output;
  EXPECT_THAT(outcome.standard_output, HasSubstr("| heap allocations a frame"));
  EXPECT_GT(std::filesystem::file_size(folder / "speed.json"), 500u);
}

TEST(BenchmarkQuick, FailsAgainstABetterResult) {
  const test::TemporaryFolder folder;
  std::vector<std::string> arguments{"accuracy", "--scenario", "easy", "--subjects", "1", "--frames", "40"};
  const auto with = [&](const std::string& option, const std::filesystem::path& path) {
    auto more = arguments;
    more.insert(more.end(), {option, path.string()});
    return run(more);
  };
  ASSERT_EQ(with("--out", folder.path()).exit_code, 0);
  EXPECT_EQ(with("--against", folder / "accuracy.json").exit_code, 0);
  const auto outcome =
      with("--against", with_scaled(folder / "accuracy.json", "mean", 0.3, folder / "better.json"));
  EXPECT_EQ(outcome.exit_code, 11);
  EXPECT_THAT(outcome.standard_error, HasSubstr("worse than before: easy: gaze (deg)"));
}

TEST(BenchmarkQuick, StopsOnInterrupt) {
  for (const char* what : {"accuracy", "detection"}) {
    const auto outcome = test::run_command(
        {YARBUS_EXECUTABLE, "benchmark", what, "--scenario", "paper", "--subjects", "50"}, 1.0);
    EXPECT_EQ(outcome.exit_code, 130) << outcome.standard_error;
    EXPECT_THAT(outcome.standard_error, HasSubstr("stopped by Ctrl-C")) << what;
  }
}

TEST(BenchmarkQuick, RefusesWhatItCannotMeasure) {
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"accuracy", "--scenario", "nonsense"}).exit_code, 2);
  EXPECT_EQ(run({"accuracy", "--dataset", "/no/such/folder"}).exit_code, 3);
  EXPECT_EQ(run({"accuracy", "--frames", "0"}).exit_code, 2);
  EXPECT_EQ(run({"detection", "--scenario", "nonsense"}).exit_code, 2);
  EXPECT_EQ(run({"detection", "--no-eye", "/no/such/video.mp4"}).exit_code, 3);
  EXPECT_EQ(run({"detection", "--quick", "--out", "/proc/none.json"}).exit_code, 10);
  EXPECT_EQ(
      run({"detection", "--quick", "--against", (baselines / "accuracy_baseline.json").string()}).exit_code,
      4);
  EXPECT_EQ(run({"speed", "--scenario", "easy", "--dataset", "/tmp"}).exit_code, 2);
  EXPECT_EQ(run({"speed", "--quick", "--against", (baselines / "accuracy_baseline.json").string()}).exit_code,
            4);
  EXPECT_EQ(run({"accuracy", "--quick", "--out", "/proc/none"}).exit_code, 10);
}

}  // namespace
}  // namespace yarbus::quick_size_test
