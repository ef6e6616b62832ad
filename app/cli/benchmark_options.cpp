#include <CLI/CLI.hpp>

#include "app/cli/benchmark_command.h"
#include "app/cli/exit_codes.h"
#include "app/cli/number_checks.h"

namespace yarbus::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  yarbus benchmark accuracy --scenario paper --out results     the paper's two tables, with plots\n"
    "  yarbus benchmark accuracy --dataset recordings/subject1      a labelled recording of your own\n"
    "  yarbus benchmark accuracy --quick --against earlier.json     has anything got worse?\n"
    "  yarbus benchmark detection --out results                     the pupil detector on every scenario\n"
    "  yarbus benchmark detection --dataset eye1 --no-eye wall.mp4  on your own recordings\n"
    "  yarbus benchmark model --out results                         the live eye model on 800 simulated "
    "eyes\n"
    "  yarbus benchmark calibration --out results                   gaze on the screen, simulated viewers\n"
    "  yarbus benchmark calibration --fault slippage                is what goes wrong named?\n"
    "  yarbus benchmark webcam --dataset recording --out results    gaze from an ordinary webcam\n"
    "  yarbus benchmark speed --scenario easy --out speed.json\n"
    "  yarbus benchmark speed --scenario easy --against speed.json  ratios to the earlier run\n\n";

void add_folders(CLI::App& app, benchmark::DatasetChoice& choice) {
  app.add_option("--dataset", choice.folders, "folders of labelled recordings: meta.json, gt.csv, frames");
}

void add_subjects(CLI::App& app, benchmark::DatasetChoice& choice) {
  app.add_option("--subjects", choice.subjects,
                 "subjects (seeds) of each scenario (default: 5 of the paper's, 2 of others)")
      ->transform(whole_number(1, 1000));
}

void add_seed_and_frames(CLI::App& app, benchmark::DatasetChoice& choice) {
  app.add_option("--seed", choice.first_seed, "first seed of a scenario: which subject (default: 1)")
      ->transform(whole_number(0));
  app.add_option("--frames", choice.frames, "at most this many frames of each recording")
      ->transform(whole_number(1));
  app.add_flag("--quick", choice.is_quick, "a small size, as the tests run it: fewer subjects and frames");
}

CLI::App* add_detection(CLI::App& benchmark_app, const std::string& footer, DetectionArguments& detection) {
  auto* app = benchmark_app.add_subcommand(
      "detection",
      "the pupil detector alone, without and with a prior: pupils found, false ones, outline errors, bias, "
      "reliability of the confidence, time (docs/detection-benchmark.md)");
  app->footer(footer);
  add_folders(*app, detection.choice);
  app->add_option(
      "--scenario", detection.choice.scenarios,
      "scenarios of the simulated eye (`yarbus simulate --list`); without --dataset, --scenario and "
      "--no-eye: all but the paper's");
  app->add_option("--no-eye", detection.no_eye,
                  "videos or folders of images without any pupil: every one reported there is false");
  add_subjects(*app, detection.choice);
  add_seed_and_frames(*app, detection.choice);
  app->add_option(
      "--out", detection.out_path,
      "folder for detection.md, detection.json and the plots, made if it does not exist; or one of "
      "the two files by its ending");
  app->add_option(
      "--evidence", detection.evidence_path,
      "also write every outline the cold detector considered, what it saw of it and how far it is "
      "off (.csv), for tracker/pupil/training/fit_confidence.py");
  app->add_option("--against", detection.against_path,
                  "an earlier detection.json: fail if a figure is worse by more than its margin");
  return app;
}

}  // namespace

BenchmarkApps add_benchmark_command(CLI::App& app, AccuracyArguments& accuracy, DetectionArguments& detection,
                                    ModelArguments& model, CalibrationArguments& calibration,
                                    WebcamArguments& webcam, SpeedArguments& speed) {
  auto* benchmark_app = app.add_subcommand("benchmark",
                                           "measure accuracy, pupil detection and speed against recordings "
                                           "whose truth is known (docs/accuracy.md)");
  benchmark_app->require_subcommand(1);
  const std::string footer = std::string(examples) + exit_code_help();
  benchmark_app->footer(footer);

  BenchmarkApps apps;
  apps.accuracy = benchmark_app->add_subcommand(
      "accuracy",
      "errors of gaze, pupil outline, eye centre and pupil size, for each stage of the eye model");
  apps.accuracy->footer(footer);
  add_folders(*apps.accuracy, accuracy.choice);
  apps.accuracy->add_option(
      "--scenario", accuracy.choice.scenarios,
      "scenarios of the simulated eye (`yarbus simulate --list`); `paper` stands for its two "
      "forms; without --dataset and --scenario: all scenarios");
  add_subjects(*apps.accuracy, accuracy.choice);
  add_seed_and_frames(*apps.accuracy, accuracy.choice);
  apps.accuracy->add_flag(
      "--refraction-contrast", accuracy.options.refraction_by_contrast,
      "fit stage refraction to the image's region contrast in place of edges, with one eye "
      "centre for all frames; the other stages are as they are (docs/eye-model.md)");
  apps.accuracy->add_flag("--lights", accuracy.choice.knows_lights,
                          "stage refraction may use glints: it is told where the lights are, where the "
                          "recording knows it");
  apps.accuracy->add_option("--out", accuracy.out_folder,
                            "folder for accuracy.md, accuracy.json and the plots, made if it does not exist; "
                            "or one of the two files by its ending");
  apps.accuracy->add_option("--against", accuracy.against_path,
                            "an earlier accuracy.json: fail if a figure is worse by more than its margin");

  apps.detection = add_detection(*benchmark_app, footer, detection);
  apps.model = add_benchmark_model(*benchmark_app, footer, model);
  apps.calibration = add_benchmark_calibration(*benchmark_app, footer, calibration);
  apps.webcam = add_benchmark_webcam(*benchmark_app, footer, webcam);

  apps.speed = benchmark_app->add_subcommand(
      "speed", "time of each stage, throughput, allocations and memory, on one recording");
  apps.speed->footer(footer);
  auto* folder = apps.speed->add_option_function<std::string>(
      "--dataset", [&speed](const std::string& path) { speed.choice.folders = {path}; },
      "folder of a labelled recording");
  apps.speed
      ->add_option_function<std::string>(
          "--scenario", [&speed](const std::string& name) { speed.choice.scenarios = {name}; },
          "scenario of the simulated eye (default: easy)")
      ->excludes(folder);
  add_seed_and_frames(*apps.speed, speed.choice);
  apps.speed->add_option("--out", speed.out_path, "also write the result here (.json)");
  apps.speed->add_option("--against", speed.against_path,
                         "an earlier result: print ratios; fail if there are more allocations a frame");
  return apps;
}

}  // namespace yarbus::cli
