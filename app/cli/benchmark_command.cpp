#include "app/cli/benchmark_command.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

#include "app/benchmark/accuracy.h"
#include "app/benchmark/accuracy_json.h"
#include "app/benchmark/accuracy_tables.h"
#include "app/benchmark/compare.h"
#include "app/benchmark/speed.h"
#include "app/cli/accuracy_plots.h"
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

int report_error(const Error& error) {
  std::fprintf(stderr, "yarbus: %s\n", error.to_text().c_str());
  return exit_code_of(error.code);
}

Result<std::filesystem::path> write_text(const std::filesystem::path& path, const std::string& text) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  std::ofstream stream(file->part_path());
  stream << text;
  stream.close();
  if (!stream) return unwritable(path, "the disk is full");
  return file->commit();
}

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code failure;
  std::filesystem::create_directories(folder, failure);
  if (failure) return unwritable(folder, failure.message());
  if (const auto file = OutputFile::create(folder / "accuracy.json"); !file) return file.error();
  return {};
}

/// Prints what was compared; the exit code.
int report_comparison(const benchmark::Comparison& comparison) {
  std::printf("\n%s", benchmark::to_markdown(comparison.table).c_str());
  std::fflush(stdout);
  for (const std::string& regression : comparison.regressions) {
    std::fprintf(stderr, "yarbus: worse than before: %s\n", regression.c_str());
  }
  return comparison.is_fine() ? exit_success : exit_worse;
}

Result<void> write_accuracy_files(const benchmark::AccuracyResult& result,
                                  const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> written;
  const auto text = benchmark::accuracy_markdown(result);
  for (const auto& [name, content] : {std::pair<const char*, std::string>{"accuracy.md", text},
                                      {"accuracy.json", benchmark::accuracy_json(result).dump(1) + '\n'}}) {
    const auto path = write_text(folder / name, content);
    if (!path) return path.error();
    written.push_back(*path);
  }
  const auto plots = write_accuracy_plots(result, folder);
  if (!plots) return plots.error();
  written.insert(written.end(), plots->begin(), plots->end());
  for (const auto& path : written) std::printf("wrote %s\n", path.c_str());
  return {};
}

}  // namespace

int run_benchmark_accuracy(const AccuracyArguments& arguments) {
  const InterruptWatcher interrupt;
  std::optional<nlohmann::json> earlier;
  if (!arguments.against_path.empty()) {
    auto read = benchmark::read_earlier_result(arguments.against_path, "yarbus accuracy");
    if (!read) return report_error(read.error());
    earlier = std::move(*read);
  }
  auto datasets = benchmark::open_datasets(arguments.choice);
  if (!datasets) return report_error(datasets.error());
  if (!arguments.out_folder.empty()) {
    if (const auto made = make_folder(arguments.out_folder); !made) return report_error(made.error());
  }

  ProgressBar bar;
  const auto on_progress = [&](const benchmark::AccuracyProgress& progress) {
    const std::string label = std::to_string(progress.index + 1) + '/' + std::to_string(progress.count) +
                              ' ' + progress.dataset + ", " + progress.step.step;
    if (progress.step.frames_done > 0) {
      bar.update(label, progress.step.frames_done, progress.step.frames_total);
    } else {
      bar.note(label);
    }
  };
  auto result = benchmark::run_accuracy(std::move(*datasets), on_progress, interrupt.token());
  bar.finish();
  if (!result) return report_error(result.error());
  result->version = version();
  result->command = arguments.command;

  const bool was_interrupted = result->subjects.size() < result->datasets_asked;
  if (!result->subjects.empty()) std::printf("%s", benchmark::accuracy_markdown(*result).c_str());
  std::fflush(stdout);
  if (was_interrupted) {
    std::fprintf(stderr, "yarbus: stopped by Ctrl-C after %zu of %zu recordings; no file was written\n",
                 result->subjects.size(), result->datasets_asked);
    return exit_interrupted;
  }
  if (!arguments.out_folder.empty()) {
    if (const auto written = write_accuracy_files(*result, arguments.out_folder); !written) {
      return report_error(written.error());
    }
  }
  if (!earlier) return exit_success;
  const auto comparison = benchmark::compare_accuracy(benchmark::accuracy_json(*result), *earlier);
  return comparison ? report_comparison(*comparison) : report_error(comparison.error());
}

int run_benchmark_speed(const SpeedArguments& arguments, std::function<std::uint64_t()> allocations_so_far) {
  const InterruptWatcher interrupt;
  std::optional<nlohmann::json> earlier;
  if (!arguments.against_path.empty()) {
    auto read = benchmark::read_earlier_result(arguments.against_path, "yarbus speed");
    if (!read) return report_error(read.error());
    earlier = std::move(*read);
  }
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
  if (!earlier) return exit_success;
  const auto comparison = benchmark::compare_speed(json, *earlier);
  return comparison ? report_comparison(*comparison) : report_error(comparison.error());
}

}  // namespace yarbus::cli
