#include "app/cli/model_command.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/benchmark/model.h"
#include "app/benchmark/model_json.h"
#include "app/benchmark/model_tables.h"
#include "app/cli/benchmark_report.h"
#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/model_plots.h"
#include "app/cli/number_checks.h"
#include "app/cli/version.h"

namespace yarbus::cli {
namespace {

constexpr const char* report_name = "model";
constexpr int minutes_an_hour = 60;

benchmark::ModelOptions options_of(const ModelArguments& arguments) {
  benchmark::ModelOptions options;
  if (arguments.is_quick) options.make_quick();
  options.subjects = arguments.subjects.value_or(options.subjects);
  options.long_subjects = arguments.long_subjects.value_or(options.long_subjects);
  options.settings.first_seed = arguments.first_seed;
  options.settings.sigma_px = arguments.sigma_px;
  options.settings.limbus_points = arguments.limbus_points;
  if (arguments.is_hour) options.memory.readings = minutes_an_hour;
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  return options;
}

}  // namespace

CLI::App* add_benchmark_model(CLI::App& benchmark_app, const std::string& footer, ModelArguments& arguments) {
  auto* app = benchmark_app.add_subcommand(
      "model",
      "the live eye model alone, on simulated outlines: coverage of its stated gaze regions, learning time, "
      "slips of the headset, exactness, time, memory (docs/model-benchmark.md)");
  app->footer(footer);
  app->add_option("--subjects", arguments.subjects, "subjects of each population (default: 400)")
      ->transform(whole_number(1, 100000));
  app->add_option("--long-subjects", arguments.long_subjects,
                  "subjects of the five-minute course (default: 20)")
      ->transform(whole_number(1, 100000));
  app->add_option("--seed", arguments.first_seed, "first seed: which subject (default: 1)")
      ->transform(whole_number(0));
  app->add_option("--sigma-px", arguments.sigma_px, "noise of an edge point, px (default: 0.2)")
      ->check(number_above_zero("PX"));
  app->add_option("--limbus", arguments.limbus_points, "points of the limbus in each frame (default: 0)")
      ->transform(whole_number(0, 64));
  app->add_flag("--hour", arguments.is_hour, "watch the memory for an hour of 60 Hz, not for 10 minutes");
  app->add_flag("--quick", arguments.is_quick, "a small size, as the tests run it");
  app->add_option(
      "--out", arguments.out_path,
      "folder for model.md, model.json and the plots, made if it does not exist; or one of the two "
      "files by its ending");
  return app;
}

int run_benchmark_model(const ModelArguments& arguments, std::function<std::uint64_t()> allocations_so_far) {
  const InterruptWatcher interrupt;
  if (const auto checked = check_out(arguments.out_path, report_name); !checked)
    return report_error(checked.error());
  benchmark::ModelOptions options = options_of(arguments);
  options.times.allocations_so_far = std::move(allocations_so_far);

  ProgressBar bar;
  const auto on_progress = [&](const benchmark::ModelProgress& progress) {
    if (progress.done > 0) {
      bar.update(progress.part, progress.done, progress.total);
    } else {
      bar.note(progress.part);
    }
  };
  benchmark::ModelResult result = benchmark::run_model(options, on_progress, interrupt.token());
  bar.finish();
  result.version = version();
  result.command = arguments.command;
  const BenchmarkReport report{
      report_name,
      result.parts_done,
      result.parts_asked,
      benchmark::model_markdown(result),
      benchmark::model_json(result),
      [&](const std::filesystem::path& folder) { return write_model_plots(result, folder); },
      {},
      "parts"};
  return finish_report(report, arguments.out_path, nullptr);
}

}  // namespace yarbus::cli
