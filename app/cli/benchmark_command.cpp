#include "app/cli/benchmark_command.h"

#include <cstdio>
#include <filesystem>
#include <utility>

#include "app/benchmark/accuracy.h"
#include "app/benchmark/accuracy_json.h"
#include "app/benchmark/accuracy_tables.h"
#include "app/benchmark/compare.h"
#include "app/benchmark/speed.h"
#include "app/cli/accuracy_plots.h"
#include "app/cli/benchmark_report.h"
#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/version.h"
#include "app/export/output_file.h"

namespace yarbus::cli {
namespace {

constexpr const char* default_speed_scenario = "easy";
constexpr std::uint64_t default_speed_frames = 300;
constexpr std::uint64_t quick_speed_frames = 60;
constexpr int quick_fit_runs = 2;

}  // namespace

int run_benchmark_accuracy(const AccuracyArguments& arguments) {
  const InterruptWatcher interrupt;
  const auto earlier = read_against(arguments.against_path, "yarbus accuracy");
  if (!earlier) return report_error(earlier.error());
  auto datasets = benchmark::open_datasets(arguments.choice);
  if (!datasets) return report_error(datasets.error());
  if (const auto checked = check_out(arguments.out_folder, "accuracy"); !checked)
    return report_error(checked.error());

  ProgressBar bar;
  auto result = benchmark::run_accuracy(std::move(*datasets), show_progress_on(bar), interrupt.token(),
                                        arguments.options);
  bar.finish();
  if (!result) return report_error(result.error());
  result->version = version();
  result->command = arguments.command;
  const BenchmarkReport report{
      "accuracy",
      result->subjects.size(),
      result->datasets_asked,
      benchmark::accuracy_markdown(*result),
      benchmark::accuracy_json(*result),
      [&](const std::filesystem::path& folder) { return write_accuracy_plots(*result, folder); },
      benchmark::compare_accuracy};
  return finish_report(report, arguments.out_folder, *earlier);
}

int run_benchmark_speed(const SpeedArguments& arguments, std::function<std::uint64_t()> allocations_so_far) {
  const InterruptWatcher interrupt;
  const auto earlier = read_against(arguments.against_path, "yarbus speed");
  if (!earlier) return report_error(earlier.error());
  if (!arguments.out_path.empty()) {
    if (const auto file = OutputFile::create(arguments.out_path); !file) return report_error(file.error());
  }
  const auto& choice = arguments.choice;
  benchmark::SpeedOptions options;
  options.max_frames = choice.frames.value_or(choice.is_quick ? quick_speed_frames : default_speed_frames);
  if (choice.is_quick) options.fit_runs = quick_fit_runs;
  options.allocations_so_far = std::move(allocations_so_far);
  auto dataset = choice.folders.empty()
                     ? benchmark::Dataset::open_scenario(
                           choice.scenarios.empty() ? default_speed_scenario : choice.scenarios.front(),
                           choice.first_seed, options.max_frames)
                     : benchmark::Dataset::open_recording(choice.folders.front(), options.max_frames);
  if (!dataset) return report_error(dataset.error());

  ProgressBar bar;
  const auto on_progress = [&](const benchmark::SpeedProgress& progress) {
    if (progress.frames_done > 0) {
      bar.update(progress.step, progress.frames_done, progress.frames_total);
    } else {
      bar.note(progress.step);
    }
  };
  auto result = benchmark::run_speed(*dataset, options, on_progress, interrupt.token());
  bar.finish();
  if (!result) return report_error(result.error());
  result->version = version();
  result->command = arguments.command;
  std::printf("%s", benchmark::speed_markdown(*result).c_str());
  const nlohmann::json json = benchmark::speed_json(*result);
  if (!arguments.out_path.empty()) {
    const auto written = write_text(arguments.out_path, json.dump(1) + '\n');
    if (!written) return report_error(written.error());
    std::printf("wrote %s\n", written->c_str());
  }
  return earlier->is_null() ? exit_success : report_comparison(benchmark::compare_speed(json, *earlier));
}

}  // namespace yarbus::cli
