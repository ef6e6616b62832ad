#include "app/cli/webcam_benchmark_command.h"

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/benchmark/iris_stills.h"
#include "app/benchmark/webcam.h"
#include "app/benchmark/webcam_json.h"
#include "app/cli/benchmark_report.h"
#include "app/cli/exit_codes.h"
#include "app/cli/image_size.h"
#include "app/cli/interrupt.h"
#include "app/cli/number_checks.h"
#include "app/cli/version.h"
#include "app/cli/webcam_plots.h"

namespace yarbus::cli {
namespace {

constexpr const char* webcam_report_name = "webcam";
const std::vector<std::string> default_scenarios{"face-still", "face-moving"};
constexpr int default_subjects = 4;

int run_stills(const WebcamArguments& arguments, const std::stop_token& stop) {
  ProgressBar bar;
  auto result = benchmark::run_iris_stills(
      arguments.stills_folder,
      [&](std::uint64_t done, std::uint64_t total) { bar.update("faces", done, total); }, stop);
  bar.finish();
  if (!result) return report_error(result.error());
  result->version = version();
  result->command = arguments.command;
  const std::string text = benchmark::iris_stills_markdown(*result);
  std::printf("%s", text.c_str());
  if (result->was_interrupted) return exit_interrupted;
  if (!arguments.out_path.empty()) {
    const auto written = write_text(arguments.out_path, text);
    if (!written) return report_error(written.error());
    std::printf("wrote %s\n", written->c_str());
  }
  return exit_success;
}

}  // namespace

CLI::App* add_benchmark_webcam(CLI::App& benchmark_app, const std::string& footer,
                               WebcamArguments& arguments) {
  auto* app = benchmark_app.add_subcommand(
      "webcam",
      "gaze from an ordinary webcam: every mapper per frame and per target, against ridge regression and the "
      "mean target, from many and few calibration samples (docs/webcam.md)");
  app->footer(footer);
  app->add_option("--dataset", arguments.choice.folders,
                  "folders of labelled recordings that name a screen, targets and their split");
  app->add_option("--scenario", arguments.choice.scenarios,
                  "scenarios of the simulated face (`yarbus simulate --list`); without --dataset and "
                  "--scenario: face-still and face-moving");
  app->add_option("--subjects", arguments.choice.subjects, "persons (seeds) of each scenario (default: 4)")
      ->transform(whole_number(1, 1000));
  app->add_option("--seed", arguments.choice.first_seed, "first seed of a scenario: who it is (default: 1)")
      ->transform(whole_number(0));
  app->add_option("--size", arguments.size,
                  "of simulated images: vga, 720p, 1080p or 640x480 (default: 720p)");
  app->add_option("--frames", arguments.choice.frames, "at most this many frames of each recording")
      ->transform(whole_number(1));
  app->add_flag("!--no-sample-counts", arguments.counts_samples,
                "leave out what fewer calibration samples would give");
  app->add_option("--stills", arguments.stills_folder,
                  "instead: how near irises are found in a folder of still faces with marked eyes (BioID's "
                  "format: NAME.pgm, NAME.eye)");
  app->add_option("--out", arguments.out_path,
                  "folder for webcam.md, webcam.json and the plot, made if it does not exist; or one of the "
                  "two files by its ending");
  return app;
}

int run_benchmark_webcam(const WebcamArguments& arguments) {
  const InterruptWatcher interrupt;
  if (!arguments.stills_folder.empty()) return run_stills(arguments, interrupt.token());
  if (const auto checked = check_out(arguments.out_path, webcam_report_name); !checked)
    return report_error(checked.error());
  benchmark::DatasetChoice choice = arguments.choice;
  const auto size = parse_image_size(arguments.size);
  if (!size) return report_error(size.error());
  choice.face_size_px = *size;
  if (choice.folders.empty() && choice.scenarios.empty()) choice.scenarios = default_scenarios;
  if (!choice.subjects) choice.subjects = default_subjects;
  auto datasets = benchmark::open_datasets(choice);
  if (!datasets) return report_error(datasets.error());

  ProgressBar bar;
  benchmark::WebcamPlan plan;
  plan.counts_samples = arguments.counts_samples;
  auto result = benchmark::run_webcam(std::move(*datasets), plan, show_progress_on(bar), interrupt.token());
  bar.finish();
  if (!result) return report_error(result.error());
  result->version = version();
  result->command = arguments.command;
  const BenchmarkReport report{
      webcam_report_name,
      result->subjects.size(),
      result->subjects_asked,
      benchmark::webcam_markdown(*result),
      benchmark::webcam_json(*result),
      [&](const std::filesystem::path& folder) { return write_webcam_plots(*result, folder); },
      {}};
  return finish_report(report, arguments.out_path, nullptr);
}

}  // namespace yarbus::cli
