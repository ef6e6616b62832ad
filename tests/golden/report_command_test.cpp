// Runs `yarbus report`, and the Snakemake workflow over several sessions, as their user does.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "app/recording/recorded_session.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"
#include "tests/support/yarbus_command.h"

namespace yarbus::report_command_test {
namespace {

using nlohmann::json;
using test::read_file;
using test::run_command;
using test::TemporaryFolder;
using test::yarbus_command;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t frames = 60;

std::string record(const TemporaryFolder& folder, const std::string& name, const std::string& seed) {
  const std::string session = (folder / name).string();
  const auto tracked =
      yarbus_command({"track", "sim:easy", "--seed", seed, "--frames", std::to_string(frames), "--out",
                      (folder / (name + ".csv")).string(), "--record", session, "--participant", "Anna"});
  EXPECT_EQ(tracked.exit_code, 0) << tracked.standard_error;
  return session;
}

TEST(ReportCommand, WritesWhatTheSessionHoldsAsJsonAndPdf) {
  const TemporaryFolder folder;
  const std::string session = record(folder, "anna", "1");
  const std::string json_path = (folder / "q.json").string();
  const std::string pdf_path = (folder / "q.pdf").string();
  const auto done = yarbus_command({"report", session, "--json", json_path, "--pdf", pdf_path});
  ASSERT_EQ(done.exit_code, 0) << done.standard_error;
  EXPECT_THAT(done.standard_output, HasSubstr("camera 0    60 frames, 0 lost"));
  EXPECT_THAT(done.standard_output, HasSubstr("wrote       " + pdf_path));
  const std::string pdf = read_file(pdf_path);
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_GT(pdf.size(), 20'000U) << "it has plots";

  const json report = json::parse(read_file(json_path));
  EXPECT_EQ(report.at("format"), "yarbus data quality");
  EXPECT_EQ(report.at("session").at("participant"), "Anna");
  EXPECT_EQ(report.at("analysis").at("number"), 0);
  EXPECT_EQ(report.at("calibrations").size(), 0U);
  ASSERT_EQ(report.at("cameras").size(), 1U);
  const json& camera = report.at("cameras")[0];
  EXPECT_EQ(camera.at("frames"), frames);
  EXPECT_EQ(camera.at("frames_lost"), 0);
  // Counted once more from the rows.
  const auto opened = RecordedSession::open(session);
  ASSERT_TRUE(opened) << opened.error().to_text();
  std::int64_t valid = 0;
  std::vector<CaptureTime> times;
  ASSERT_TRUE(opened->read_pupils({}, [&](const PupilRow& row) {
    valid += !row.miss && !row.in_blink ? 1 : 0;
    times.push_back(row.captured_at);
    return true;
  }));
  EXPECT_GT(valid, frames / 2);
  EXPECT_EQ(camera.at("frames_valid"), valid);
  EXPECT_NEAR(camera.at("data_loss_percent").get<double>(),
              100.0 * static_cast<double>(frames - valid) / frames, 1e-6);
  const double span_s = std::chrono::duration<double>(times.back() - times.front()).count();
  const double duration_s = camera.at("duration_s").get<double>();
  EXPECT_NEAR(duration_s, span_s * frames / (frames - 1), 1e-4) << "the simulated camera is regular";
  EXPECT_NEAR(camera.at("effective_rate_hz").get<double>(), static_cast<double>(valid) / duration_s, 1e-6);
  std::int64_t intervals = 0;
  for (const auto& count : camera.at("interval_ms").at("histogram").at("counts"))
    intervals += count.get<std::int64_t>();
  EXPECT_EQ(intervals, frames - 1);
}

TEST(ReportCommand, SaysWhatIsWrongByItsExitCode) {
  const TemporaryFolder folder;
  const std::string session = record(folder, "anna", "1");
  EXPECT_EQ(yarbus_command({"report", (folder / "nobody").string()}).exit_code, 3);
  EXPECT_EQ(yarbus_command({"report"}).exit_code, 2);
  EXPECT_EQ(yarbus_command({"report", session, "--analysis", "-1"}).exit_code, 2);
  EXPECT_EQ(yarbus_command({"report", session, "--analysis", "newest"}).exit_code, 2);
  const auto other = yarbus_command({"report", session, "--analysis", "4"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.standard_error, HasSubstr("no analysis 4"));
  for (const char* option : {"--pdf", "--json"})
    EXPECT_EQ(yarbus_command({"report", session, option, (folder / "no" / "such").string()}).exit_code, 10);
  const auto help = yarbus_command({"report", "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.standard_output, HasSubstr("yarbus report anna-1 --pdf"));
}

/// What Debian's package gives; empty: it is not installed.
std::string snakemake() {
  for (const char* path : {"/usr/bin/snakemake", "/usr/local/bin/snakemake"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

TEST(Workflow, AnalysesAndReportsOnEverySessionOnceAndGoesOnWhereItWas) {
  if (snakemake().empty())
    GTEST_SKIP() << "snakemake is not installed, so the workflow was not run: apt-get install "
                    "--no-install-recommends snakemake";
  const TemporaryFolder folder;
  std::filesystem::create_directories(folder / "library");
  record(folder, "library/anna one", "1");
  record(folder, "library/bob", "2");
  std::filesystem::create_directories(folder / "library" / "broken");
  std::ofstream(folder / "library" / "broken" / "session.db") << "this is no database";
  const std::string out = (folder / "out").string();
  const auto run = [&] {
    return run_command({"/usr/bin/env", "-C", folder.path().string(), "HOME=" + folder.path().string(),
                        "XDG_CACHE_HOME=" + folder.path().string(), snakemake(), "-s",
                        YARBUS_SOURCE_DIR "/workflow/Snakefile", "--cores", "2", "--keep-going", "--config",
                        "library=" + (folder / "library").string(), "out=" + out, "yarbus=" YARBUS_EXECUTABLE,
                        "options=--stage unoptimised"});
  };
  const auto first = run();
  EXPECT_NE(first.exit_code, 0) << "one session cannot be read";
  for (const std::string name : {"anna one", "bob"}) {
    const std::filesystem::path of_session = folder / "out" / name;
    ASSERT_TRUE(std::filesystem::exists(of_session / "quality.json")) << first.standard_error;
    EXPECT_TRUE(std::filesystem::exists(of_session / "quality.pdf"));
    const json report = json::parse(read_file(of_session / "quality.json"));
    EXPECT_EQ(report.at("analysis").at("number"), 1);
    EXPECT_EQ(report.at("cameras")[0].at("frames"), frames);
    EXPECT_THAT(read_file(of_session / "analysis.txt"), HasSubstr("analysis 1"));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "out" / "broken" / "analysis.txt"));
  EXPECT_FALSE(std::filesystem::exists(folder / "out" / "quality.csv"));

  std::filesystem::remove_all(folder / "library" / "broken");
  const auto written = std::filesystem::last_write_time(folder / "out" / "bob" / "quality.json");
  std::filesystem::remove(folder / "out" / "anna one" / "quality.pdf");
  const auto second = run();
  ASSERT_EQ(second.exit_code, 0) << second.standard_error;
  EXPECT_TRUE(std::filesystem::exists(folder / "out" / "anna one" / "quality.pdf"));
  EXPECT_EQ(std::filesystem::last_write_time(folder / "out" / "bob" / "quality.json"), written)
      << "what is done is not done again";
  const auto table = test::read_table(folder / "out" / "quality.csv");
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table[0].at("session"), "anna one");
  EXPECT_EQ(table[1].at("frames"), "60");

  const auto third = run();
  EXPECT_EQ(third.exit_code, 0);
  EXPECT_THAT(third.standard_error, HasSubstr("Nothing to be done"));
  const auto session = RecordedSession::open(folder / "library/bob");
  ASSERT_TRUE(session);
  EXPECT_EQ(session->analyses().value().size(), 2U) << "the recording's results and one analysis";
}

}  // namespace
}  // namespace yarbus::report_command_test
