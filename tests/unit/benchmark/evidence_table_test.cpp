#include "app/benchmark/evidence_table.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/evaluate_detection.h"
#include "app/benchmark/frame_kind.h"
#include "app/benchmark/no_eye.h"
#include "app/export/csv_text.h"
#include "tests/support/run_command.h"
#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::benchmark::evidence_table_test {
namespace {

constexpr std::uint64_t frames = 12;

void ignore_progress(const EvaluateProgress&) {}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

using Row = std::map<std::string, std::string>;

/// The rows by column name.
std::vector<Row> rows_of(const std::filesystem::path& path) {
  std::istringstream lines(text_of(path));
  std::string line;
  std::getline(lines, line);
  const auto names = split_csv_line(line);
  std::vector<Row> rows;
  while (std::getline(lines, line)) {
    const auto fields = split_csv_line(line);
    EXPECT_EQ(fields.size(), names.size()) << line;
    Row row;
    for (std::size_t i = 0; i < std::min(names.size(), fields.size()); ++i) row[names[i]] = fields[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

EvidenceTable open_table(const std::filesystem::path& path) {
  auto table = EvidenceTable::create(path, PupilDetectorOptions{});
  EXPECT_TRUE(table.has_value());
  return std::move(*table);
}

/// Writes the evidence of a scenario's first frames; the scores.
DetectionSubject write_evidence(const std::string& scenario, const std::filesystem::path& path) {
  auto table = open_table(path);
  auto dataset = Dataset::open_scenario(scenario, 1, frames);
  DetectionOptions options;
  options.max_timed_frames = 1;
  options.evidence = &table;
  auto subject = evaluate_detection(*dataset, options, ignore_progress, {});
  EXPECT_TRUE(subject.has_value());
  EXPECT_TRUE(table.close(true).has_value());
  return std::move(*subject);
}

/// A simulated frame and its label.
LabelledImage simulated_frame() {
  auto dataset = Dataset::open_scenario("easy", 1, 1);
  return std::move(*dataset->next({}));
}

TEST(EvidenceTable, HasARowForEachOutlineTheDetectorConsidered) {
  const test::TemporaryFolder folder;
  write_evidence("droopy", folder / "evidence.csv");
  const std::string text = text_of(folder / "evidence.csv");
  const auto header = split_csv_line(text.substr(0, text.find('\n')));
  std::vector<std::string> names{"set",    "frame",   "height",    "visible",
                                 "closed", "refined", "center_px", "hausdorff_px"};
  for (std::size_t i = 0; i < evidence_count; ++i) names.emplace_back(name_of(static_cast<Evidence>(i)));
  EXPECT_EQ(header, names);

  const auto rows = rows_of(folder / "evidence.csv");
  auto again = Dataset::open_scenario("droopy", 1, frames);
  PupilDetector detector{PupilDetectorOptions{}};
  PupilDetectionTrace trace;
  auto row = rows.begin();
  for (std::uint64_t frame = 0; frame < frames; ++frame) {
    const auto image = again->next({});
    detector.detect(image->frame->gray.view(), std::nullopt, &trace);
    EXPECT_FALSE(trace.hypotheses.empty());
    for (const auto& hypothesis : trace.hypotheses) {
      ASSERT_NE(row, rows.end());
      EXPECT_EQ(row->at("set"), "droopy, seed 1");
      EXPECT_EQ(row->at("frame"), std::to_string(frame));
      EXPECT_EQ(row->at("height"), std::to_string(image->frame->gray.view().height_px));
      EXPECT_EQ(row->at("closed"), "0");
      EXPECT_EQ(row->at("refined"), hypothesis.refined ? "1" : "0");
      const double error_px = outline_error_px(hypothesis.ellipse, *image->label->pupil_ellipse);
      EXPECT_NEAR(std::stod(row->at("hausdorff_px")), error_px, 1e-4 * error_px + 1e-9);
      EXPECT_NEAR(std::stod(row->at("support")), hypothesis.evidence[Evidence::support], 1e-4);
      ++row;
    }
  }
  EXPECT_EQ(row, rows.end());
}

TEST(EvidenceTable, WhereThereIsNoPupilNoOutlineIsNear) {
  const test::TemporaryFolder folder;
  const LabelledImage image = simulated_frame();
  const GrayView view = image.frame->gray.view();
  {
    auto table = open_table(folder / "evidence.csv");
    FrameLabel label = *image.label;
    table.add("open", view, label);
    label.visible_fraction = 0.04;
    table.add("hidden", view, label);
    label.visible_fraction.reset();
    label.in_blink = true;
    table.add("a \"blink\", closed", view, label);
    label.in_blink.reset();
    label.pupil_ellipse.reset();
    table.add("not known", view, label);
    table.add_without_pupil("wall", view, 5);
    ASSERT_TRUE(table.close(true).has_value());
  }
  std::map<std::string, std::set<std::string>> distances;
  std::map<std::string, std::string> closed;
  for (const Row& row : rows_of(folder / "evidence.csv")) {
    distances[row.at("set")].insert(row.at("center_px"));
    distances[row.at("set")].insert(row.at("hausdorff_px"));
    closed[row.at("set")] = row.at("closed");
    if (row.at("set") == "wall") {
      EXPECT_EQ(row.at("frame"), "5");
      EXPECT_EQ(row.at("visible"), "0");
    }
  }
  using testing::Pair;
  EXPECT_THAT(closed, testing::ElementsAre(Pair("a \"blink\", closed", "1"), Pair("hidden", "1"),
                                           Pair("open", "0"), Pair("wall", "1")));
  for (const char* set : {"a \"blink\", closed", "hidden", "wall"})
    EXPECT_THAT(distances[set], testing::ElementsAre("99")) << set;
  EXPECT_FALSE(distances["open"].contains("99"));
}

TEST(EvidenceTable, SourcesWithoutAnEyeGiveRowsToo) {
  const test::TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "discs", 3);
  auto sources = open_no_eye_sources({(folder / "discs").string()}, std::nullopt);
  ASSERT_TRUE(sources.has_value());
  auto table = open_table(folder / "evidence.csv");
  DetectionOptions options;
  options.evidence = &table;
  ASSERT_TRUE(evaluate_no_eye(sources->front(), options, ignore_progress, {}).has_value());
  ASSERT_TRUE(table.close(true).has_value());
  std::set<std::string> seen;
  for (const Row& row : rows_of(folder / "evidence.csv")) {
    EXPECT_EQ(row.at("set"), "discs");
    EXPECT_EQ(row.at("closed"), "1");
    seen.insert(row.at("frame"));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"0", "1", "2"}));
}

TEST(EvidenceTable, WritingItChangesNoScore) {
  const test::TemporaryFolder folder;
  const DetectionSubject with = write_evidence("lashes", folder / "evidence.csv");
  auto dataset = Dataset::open_scenario("lashes", 1, frames);
  const auto without = evaluate_detection(*dataset, {}, ignore_progress, {});
  auto again = Dataset::open_scenario("lashes", 1, frames);
  PupilDetector traced{PupilDetectorOptions{}};
  PupilDetectionTrace trace;
  for (std::uint64_t i = 0; i < frames; ++i) {
    for (std::size_t way = 0; way < way_count; ++way) {
      EXPECT_EQ(with.scores[way][i].was_found, without->scores[way][i].was_found);
      EXPECT_EQ(with.scores[way][i].outline_px, without->scores[way][i].outline_px);
      EXPECT_EQ(with.scores[way][i].confidence, without->scores[way][i].confidence);
    }
    // Nor does a trace change what the detector says.
    const auto image = again->next({});
    const PupilOutcome outcome = traced.detect(image->frame->gray.view(), std::nullopt, &trace);
    EXPECT_EQ(score_outcome(*image->label, &outcome).outline_px, without->scores[0][i].outline_px);
    EXPECT_EQ(confidence_of(outcome), without->scores[0][i].confidence);
  }
}

TEST(EvidenceTable, AnIncompleteOneSaysSo) {
  const test::TemporaryFolder folder;
  auto table = open_table(folder / "evidence.csv");
  const auto closed = table.close(false);
  ASSERT_TRUE(closed.has_value());
  EXPECT_EQ(closed->filename(), "evidence.partial.csv");
  EXPECT_FALSE(std::filesystem::exists(folder / "evidence.csv"));
  EXPECT_EQ(EvidenceTable::create(folder / "missing" / "evidence.csv", {}).error().code,
            ErrorCode::output_unwritable);
}

TEST(EvidenceTable, TheTrainingScriptMakesTheThreeModelsOfIt) {
  const std::string python = "/usr/bin/python3";
  if (test::run_command({python, "-c", "import numpy"}).exit_code != 0)
    GTEST_SKIP() << "python3-numpy is not installed";
  const test::TemporaryFolder folder;
  write_evidence("droopy", folder / "droopy.csv");
  write_evidence("noisy-far", folder / "noisy.csv");
  const std::string tables = (folder / "tables.cpp").string();
  const auto outcome =
      test::run_command({python, YARBUS_SOURCE_DIR "/tracker/pupil/training/fit_confidence.py",
                         (folder / "droopy.csv").string(), (folder / "noisy.csv").string(), "--out", tables,
                         "--held-out", "noisy-far, seed 1"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("final_confidence_model, held out"));
  const std::string text = text_of(tables);
  for (const char* function : {"final_confidence_model", "presence_model", "coarse_confidence_model"})
    EXPECT_THAT(text, testing::HasSubstr(std::string("const ConfidenceModel& ") + function + "()"));
  for (std::size_t i = 0; i < evidence_count; ++i)
    EXPECT_THAT(text, testing::HasSubstr("// " + std::string(name_of(static_cast<Evidence>(i))) + '\n'));
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("nan")));
}

}  // namespace
}  // namespace yarbus::benchmark::evidence_table_test
