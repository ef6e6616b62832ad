#include "app/cli/detection_command.h"

#include <cstdio>
#include <optional>
#include <utility>

#include "app/benchmark/detection.h"
#include "app/benchmark/detection_json.h"
#include "app/benchmark/detection_tables.h"
#include "app/cli/benchmark_report.h"
#include "app/cli/detection_plots.h"
#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/version.h"

namespace yarbus::cli {
namespace {

constexpr const char* detection_report_name = "detection";
constexpr std::uint64_t quick_frames = 40;
constexpr std::size_t quick_timed_frames = 20;

/// What was asked for; nothing named: everything that needs no file.
benchmark::DatasetChoice choice_of(const DetectionArguments& arguments) {
  benchmark::DatasetChoice choice = arguments.choice;
  if (choice.is_quick && !choice.frames) choice.frames = quick_frames;
  if (choice.folders.empty() && choice.scenarios.empty() && arguments.no_eye.empty())
    choice.scenarios = benchmark::scenarios_of_people();
  return choice;
}

Result<std::vector<benchmark::Dataset>> open_recordings(const benchmark::DatasetChoice& choice) {
  if (choice.folders.empty() && choice.scenarios.empty()) return std::vector<benchmark::Dataset>{};
  return benchmark::open_datasets(choice);
}

}  // namespace

int run_benchmark_detection(const DetectionArguments& arguments,
                            std::function<std::uint64_t()> allocations_so_far) {
  const InterruptWatcher interrupt;
  const auto earlier = read_against(arguments.against_path, "yarbus detection");
  if (!earlier) return report_error(earlier.error());
  const auto choice = choice_of(arguments);
  auto recordings = open_recordings(choice);
  if (!recordings) return report_error(recordings.error());
  auto no_eye = benchmark::open_no_eye_sources(arguments.no_eye, choice.frames);
  if (!no_eye) return report_error(no_eye.error());
  if (const auto checked = check_out(arguments.out_path, detection_report_name); !checked)
    return report_error(checked.error());

  benchmark::DetectionOptions options;
  std::optional<benchmark::EvidenceTable> evidence;
  if (!arguments.evidence_path.empty()) {
    auto table = benchmark::EvidenceTable::create(arguments.evidence_path, options.detector);
    if (!table) return report_error(table.error());
    evidence.emplace(std::move(*table));
    options.evidence = &*evidence;
  }
  options.allocations_so_far = std::move(allocations_so_far);
  if (choice.is_quick) options.max_timed_frames = quick_timed_frames;
  ProgressBar bar;
  auto result = benchmark::run_detection(std::move(*recordings), std::move(*no_eye), options,
                                         show_progress_on(bar), interrupt.token());
  bar.finish();
  if (!result) return report_error(result.error());
  if (evidence) {
    const auto written = evidence->close(result->inputs_done() == result->inputs_asked);
    if (!written) return report_error(written.error());
    std::fprintf(stderr, "yarbus: wrote %s\n", written->c_str());
  }
  result->version = version();
  result->command = arguments.command;
  const BenchmarkReport report{
      detection_report_name,
      result->inputs_done(),
      result->inputs_asked,
      benchmark::detection_markdown(*result),
      benchmark::detection_json(*result),
      [&](const std::filesystem::path& folder) { return write_detection_plots(*result, folder); },
      benchmark::compare_detection};
  return finish_report(report, arguments.out_path, *earlier);
}

}  // namespace yarbus::cli
