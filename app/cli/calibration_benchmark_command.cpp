#include "app/cli/calibration_benchmark_command.h"

#include <algorithm>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/benchmark/calibration.h"
#include "app/benchmark/calibration_json.h"
#include "app/benchmark/calibration_tables.h"
#include "app/cli/benchmark_report.h"
#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/number_checks.h"
#include "app/cli/version.h"

namespace yarbus::cli {
namespace {

constexpr const char* report_name = "calibration";
/// A fault is a yes or no: that takes fewer subjects than a spread.
constexpr std::size_t fault_subjects = 3;
constexpr std::size_t fault_outline_subjects = 20;

TargetLayout layout_of(const std::string& points) {
  if (points == "5") return TargetLayout::five;
  if (points == "13") return TargetLayout::thirteen;
  if (points == "moving") return TargetLayout::pursuit;
  return TargetLayout::nine;
}

benchmark::CalibrationOptions options_of(const CalibrationArguments& arguments) {
  benchmark::CalibrationOptions options;
  if (arguments.is_quick) options.make_quick();
  options.plan.fault = *viewer_fault_from_string(arguments.fault);
  if (options.plan.fault != ViewerFault::none) {
    options.plan.fresh_places = 0;
    options.plan.wander_s = 0.0;
    options.plan.slips = options.plan.moves_head = false;
    options.subjects = std::min(options.subjects, fault_subjects);
    options.outline_subjects = std::min(options.outline_subjects, fault_outline_subjects);
  }
  options.subjects = arguments.subjects.value_or(options.subjects);
  options.outline_subjects = arguments.outline_subjects.value_or(options.outline_subjects);
  options.first_seed = arguments.first_seed;
  if (!arguments.points.empty()) options.plan.layout = layout_of(arguments.points);
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  return options;
}

}  // namespace

CLI::App* add_benchmark_calibration(CLI::App& benchmark_app, const std::string& footer,
                                    CalibrationArguments& arguments) {
  auto* app = benchmark_app.add_subcommand(
      "calibration",
      "the whole calibration of gaze on the screen with simulated viewers: accuracy against what the wizard "
      "reports, coverage, slippage, recentring, faults (docs/calibration-benchmark.md)");
  app->footer(footer);
  app->add_option("--subjects", arguments.subjects, "subjects whose eyes are rendered (default: 10)")
      ->transform(whole_number(0, 1000));
  app->add_option("--outline-subjects", arguments.outline_subjects,
                  "subjects of whose pupils only the outline is simulated (default: 400)")
      ->transform(whole_number(0, 100000));
  const std::vector<std::string> faults(viewer_fault_names.begin(), viewer_fault_names.end());
  app->add_option("--fault", arguments.fault, "what goes wrong: is it named? (default: none)")
      ->check(CLI::IsMember(faults));
  app->add_option("--points", arguments.points, "targets (default: 9)")
      ->check(CLI::IsMember({"5", "9", "13", "moving"}));
  app->add_option("--seed", arguments.first_seed, "first seed: which subject (default: 1)")
      ->transform(whole_number(0));
  app->add_flag("--quick", arguments.is_quick, "a small size, as the tests run it");
  app->add_option("--out", arguments.out_path,
                  "folder for calibration.md and calibration.json, made if it does not exist; or one of the "
                  "two files by its ending");
  return app;
}

int run_benchmark_calibration(const CalibrationArguments& arguments) {
  const InterruptWatcher interrupt;
  if (const auto checked = check_out(arguments.out_path, report_name); !checked)
    return report_error(checked.error());
  const benchmark::CalibrationOptions options = options_of(arguments);
  ProgressBar bar;
  const auto on_progress = [&](const std::string& part, std::uint64_t done, std::uint64_t total) {
    bar.update(part, done, total);
  };
  benchmark::CalibrationResult result = benchmark::run_calibration(options, on_progress, interrupt.token());
  bar.finish();
  result.version = version();
  result.command = arguments.command;
  const std::size_t asked = options.subjects + options.outline_subjects;
  const BenchmarkReport report{
      report_name,
      result.rendered.size() + result.outlined.size(),
      asked,
      benchmark::calibration_markdown(result),
      benchmark::calibration_json(result),
      [](const std::filesystem::path&) {
        return Result<std::vector<std::filesystem::path>>(std::vector<std::filesystem::path>{});
      },
      {},
      "subjects"};
  return finish_report(report, arguments.out_path, nullptr);
}

}  // namespace yarbus::cli
