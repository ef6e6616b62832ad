#include "app/cli/command_line.h"

#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "app/cli/calibrate_camera_options.h"
#include "app/cli/exit_codes.h"
#include "app/cli/export_command.h"
#include "app/cli/library_folders.h"
#include "app/cli/number_checks.h"
#include "app/cli/sessions_command.h"
#include "app/cli/two_eye_options.h"
#include "app/cli/version.h"

namespace yarbus::cli {
namespace {

constexpr const char* examples =
    "Examples:\n"
    "  yarbus                                             open the window\n"
    "  yarbus --open eye.mp4                              open the window on a video\n"
    "  yarbus session1                                    replay a recorded session in the window\n"
    "  yarbus --open 0 --calibrate                        open a camera and calibrate gaze on the screen\n"
    "  yarbus --demo                                      watch a simulated participant being calibrated\n"
    "  yarbus --demo-webcam                               the same before an ordinary webcam\n"
    "  yarbus track eye.mp4 --out gaze.csv                track a video into a table\n"
    "  yarbus track eye.mp4 --focal-px 620 --two-pass --out gaze.csv --overlay over.mp4 --plot gaze.png\n"
    "  yarbus track frames/ --camera intrinsics.json --stage edge --out gaze.csv\n"
    "  yarbus track eye.mp4 --out gaze.csv --save-model anna.json   keep the eye model for this wearer\n"
    "  yarbus track next.mp4 --out gaze.csv --model anna.json       start from it the next time\n"
    "  yarbus track face.mp4 --mode webcam --out gaze.csv --overlay over.mp4   an ordinary webcam's video\n"
    "  yarbus track right.mp4 --left left.mp4 --right-from-left rig.json --two-pass --out gaze.csv\n"
    "  yarbus track face.mp4 --both --out gaze.csv        one camera that sees both eyes\n"
    "  yarbus track http://192.168.0.20:81/stream --frames 600 --out gaze.csv\n"
    "  yarbus --open sim:easy                             open the window on a simulated eye\n"
    "  yarbus track 0 --record session1 --out gaze.csv    record a camera into a session until Ctrl-C\n"
    "  yarbus --open 0 --stream                           other programs can listen and steer\n"
    "  yarbus remote start anna-1                         start a recording in that window\n"
    "  yarbus sessions list ~/recordings                  what has been recorded\n"
    "  yarbus analyse session1 session2 --jobs 2          find everything anew in recorded sessions\n"
    "  yarbus export session1 --format bids --out bids    for other programs\n"
    "  yarbus report session1 --pdf report.pdf            how good a recorded session's data are\n"
    "  yarbus viewing session1 --out viewing              where the gaze went on a picture, task by task\n"
    "  yarbus track sim:lashes --seed 3 --out gaze.csv    track a simulated eye\n"
    "  yarbus simulate easy --frames 200 --out eye1       write a simulated eye's frames with their truth\n"
    "  yarbus simulate face-moving --size 720p --out f1   write a simulated face before a webcam\n"
    "  yarbus simulate --list                             explain the simulated scenarios\n"
    "  yarbus benchmark accuracy --scenario paper         measure accuracy on simulated eyes\n"
    "  yarbus benchmark detection                         measure the pupil detector on simulated eyes\n"
    "  yarbus benchmark model                             measure the live eye model on simulated outlines\n"
    "  yarbus benchmark calibration                       measure gaze on the screen with simulated viewers\n"
    "  yarbus benchmark webcam --dataset recording        measure gaze from an ordinary webcam\n"
    "  yarbus calibrate-camera --print-board board.svg    a board to calibrate a camera with\n"
    "  yarbus calibrate-camera shots/ --size 9x6 --save-as \"Eye cam\"   then: track eye.mp4 --camera \"Eye "
    "cam\"\n"
    "  yarbus devices                                     list cameras and their formats\n\n";

/// The command as typed, for reports; the program by its name alone.
std::string command_text(int argc, const char* const* argv) {
  std::string text = "yarbus";
  for (int i = 1; i < argc; ++i) text += std::string(" ") + argv[i];
  return text;
}

void add_source_options(CLI::App& app, SourceRequest& source, EyeSide& eye) {
  app.add_option_function<std::string>(
         "--eye", [&eye](const std::string& name) { eye = name == "left" ? EyeSide::left : EyeSide::right; },
         "which eye the camera sees (default: right)")
      ->check(CLI::IsMember({"right", "left"}));
  app.add_option("--rotate", source.rotate_deg, "turn the image clockwise, degrees")
      ->check(CLI::IsMember({0, 90, 180, 270}));
  app.add_option_function<std::string>(
         "--mode",
         [&source](const std::string& name) {
           source.mode = name == "webcam"     ? TrackingMode::webcam
                         : name == "near-eye" ? TrackingMode::near_eye
                                              : TrackingMode::automatic;
         },
         "what the camera sees: an eye close up (near-eye), a face (webcam, docs/webcam.md), or automatic")
      ->check(CLI::IsMember({"near-eye", "webcam", "automatic"}));
  app.add_flag("--mirror", source.mirror, "mirror the image left-right, after turning it");
  auto* focal = app.add_option(
      "--focal-px", source.focal_px,
      "focal length in pixels; the principal point is the image centre (default: the longer image side)");
  focal->check(number_above_zero("PX"));
  app.add_option(
         "--camera", source.intrinsics_file,
         "camera intrinsics: a JSON file (K, distortion, lights), OpenCV's YAML, or the name of a calibrated "
         "camera or a preset (`yarbus calibrate-camera --list`)")
      ->excludes(focal);
  app.add_option("--seed", source.seed, "of a simulated eye (sim:SCENARIO): which subject (default: 1)")
      ->transform(whole_number(0));
  auto* camera =
      app.add_option_group("Cameras", "settings of a V4L2 camera; unset ones stay as the driver has them");
  camera->add_option("--width", source.width_px, "frame width, px")->transform(whole_number(1, 10000));
  camera->add_option("--height", source.height_px, "frame height, px")->transform(whole_number(1, 10000));
  camera
      ->add_option("--rate", source.rate_hz,
                   "frames a second: of a camera as it can, of a folder of images (default: 30)")
      ->check(number_above_zero("HZ"));
  camera->add_option("--format", source.pixel_format, "pixel format")->check(CLI::IsMember({"MJPG", "YUYV"}));
  camera->add_option("--exposure", source.exposure,
                     "exposure, in the driver's unit (turns automatic exposure off)");
  camera->add_option("--gain", source.gain, "gain, in the driver's unit");
}

/// "sim:NAME" names a simulated eye. Throws CLI's usage errors.
void name_simulation(const CLI::App& app, SourceRequest& source, bool is_seed_for_another = false) {
  if (!name_if_simulated(source) && app.count("--seed") > 0 && !is_seed_for_another) {
    throw CLI::ValidationError("--seed", "is for a simulated eye (sim:SCENARIO) only");
  }
}

CLI::App* add_simulate(CLI::App& app, SimulateArguments& simulate) {
  auto* command = app.add_subcommand(
      "simulate", "write frames of a simulated eye or face with their truth (docs/simulation.md)");
  auto* list = command->add_flag("--list", simulate.is_list, "explain the scenarios");
  command->add_option("scenario", simulate.scenario, "what to simulate")->excludes(list);
  command->add_option("--out", simulate.folder, "the folder to write, new or empty")->excludes(list);
  command->add_option("--seed", simulate.seed, "which subject (default: 1)")->transform(whole_number(0));
  command->add_option("--frames", simulate.frames, "how many (default: the scenario's own number)")
      ->transform(whole_number(1, 10'000'000));
  command
      ->add_option("--size", simulate.size,
                   "of a face's image: vga, 720p (default), 1080p, 4k or WIDTHxHEIGHT")
      ->excludes(list);
  command->add_option("--rate", simulate.rate_hz, "of a face: frames a second (default: 30)")
      ->check(number_above_zero("HZ"))
      ->excludes(list);
  return command;
}

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  CLI::App app{
      "Yarbus: a real-time eye tracker with a 3-D eye model. Without a subcommand it opens the window.",
      "yarbus"};
  app.set_version_flag("--version", std::string("yarbus ") + version());
  app.footer(std::string(examples) + exit_code_help());
  app.get_formatter()->column_width(34);

  WindowCommand window;
  SourceRequest window_source;
  auto* open = app.add_option("--open", window_source.location,
                              "open the window on this camera, file, folder, recorded session, stream or "
                              "sim:SCENARIO");
  std::string window_place;
  app.add_option("place", window_place, "the same of a recorded session, file or folder that is there")
      ->check(CLI::ExistingPath)
      ->excludes(open);
  add_source_options(app, window_source, window.eye);
  app.add_option("--right-from-left", window.right_from_left_file,
                 "JSON: where the left eye's camera is, seen from the right's (docs/two-eyes.md)");
  auto* calibrate = app.add_flag("--calibrate", window.opens_calibration,
                                 "open the wizard that calibrates gaze on the screen (docs/calibration.md)");
  auto* demo =
      app.add_flag("--demo", window.starts_demo, "calibrate a simulated participant, without a camera")
          ->excludes(calibrate);
  app.add_flag("--demo-webcam", window.demo_is_webcam, "the same with a simulated face before a webcam")
      ->excludes(calibrate)
      ->excludes(demo);

  add_stream_options(app, window.streams);

  TrackArguments track;
  auto* track_app = app.add_subcommand(
      "track", "find pupil, eye and gaze in a video, folder, camera or stream, without a window");
  track_app->footer(std::string(examples) + exit_code_help());
  track_app
      ->add_option(
          "input", track.request.source.location,
          "video file, folder of images, recorded session, camera (index, path or name), http:// stream or "
          "sim:SCENARIO")
      ->required();
  track_app->add_option("--out", track.csv_path, "the table to write: one row a frame (docs/track.md)")
      ->required();
  track_app->add_option("--overlay", track.overlay_path,
                        "also write a video of what was found over the frames (.mp4, .mkv)");
  track_app->add_option("--plot", track.plot_path,
                        "also write a picture of gaze, pupil size and confidence over time (.png)");
  track_app->add_option("--stages", track.stages_path,
                        "also write a picture of how the last frame's pupil was found, step by step (.png)");
  track_app
      ->add_option_function<std::string>(
          "--stage",
          [&track](const std::string& name) {
            track.request.tracker.fit.stage = *fit_stage_from_string(name);
          },
          "eye model stage (default: refraction)")
      ->check(CLI::IsMember({"unprojection", "unoptimised", "contrast", "edge", "refraction"}));
  track_app->add_flag("--refine-contrast", track.request.tracker.detector.refine_by_contrast,
                      "move each pupil's outline to the greatest region contrast (docs/pupil-detection.md)");
  track_app->add_flag("--refraction-contrast", track.request.tracker.fit.refraction_by_contrast,
                      "stage refraction: fit the eye model to the image's region contrast in place of edges; "
                      "with --two-pass only, for the live model knows edges (docs/eye-model.md)");
  track_app->add_flag("--bright-pupil", track.request.tracker.detector.bright_pupil,
                      "the pupil is brighter than the iris: the light is on the camera's axis");
  track_app->add_flag("--two-pass", track.request.two_pass,
                      "fit on the whole input first, then report every frame with that model");
  track_app->add_option(
      "--calibration", track.calibration_path,
      "webcam: map gaze to the screen with this calibration, as the wizard saved it (.json)");
  track_app->add_option(
      "--model", track.model_path,
      "start from this wearer's eye model, as saved before (.json); with --two-pass the fit "
      "of the whole input does");
  track_app->add_option("--save-model", track.save_model_path,
                        "save the eye model at the end, for the wearer's next sitting (.json)");
  auto* record = track_app->add_option(
      "--record", track.recording.folder,
      "also record a session: frames, results and events, into this new folder (docs/sessions.md)");
  track_app->add_option("--session-name", track.recording.name, "of the session (default: the input's name)")
      ->needs(record);
  track_app->add_option("--participant", track.recording.participant, "who is recorded")->needs(record);
  track_app->add_option("--notes", track.recording.notes, "kept with the session")->needs(record);
  track_app->add_flag("!--no-video", track.recording.with_video, "record results without pictures")
      ->needs(record);
  track_app->add_option("--frames", track.request.max_frames, "stop after this many frames")
      ->transform(whole_number(1));
  track_app->add_flag("--timings", track.with_timings,
                      "fill detect_ms and predict_ms, and print percentiles");
  add_source_options(*track_app, track.request.source, track.request.eye);
  TwoEyeOptions two_eyes(*track_app);

  SimulateArguments simulate;
  auto* simulate_app = add_simulate(app, simulate);
  AccuracyArguments accuracy;
  SpeedArguments speed;
  DetectionArguments detection;
  ModelArguments model;
  CalibrationArguments calibration;
  WebcamArguments webcam;
  const BenchmarkApps benchmark_apps =
      add_benchmark_command(app, accuracy, detection, model, calibration, webcam, speed);

  CalibrateCameraOptions calibrate_camera(app);
  CalibrateCameraArguments calibrate_camera_arguments;
  SessionsArguments sessions;
  CLI::App* sessions_app = add_sessions(app, sessions);
  AnalyseArguments analyse;
  CLI::App* analyse_app = add_analyse(app, analyse);
  ExportArguments exporting;
  CLI::App* export_app = add_export(app, exporting);
  ReportArguments report;
  CLI::App* report_app = add_report(app, report);
  ViewingArguments viewing;
  CLI::App* viewing_app = add_viewing(app, viewing);
  RemoteArguments remote;
  CLI::App* remote_app = add_remote(app, remote);
  auto* devices_app = app.add_subcommand("devices", "list the cameras and their formats");
  app.require_subcommand(0, 1);

  try {
    app.parse(argc, argv);
    if (!window_place.empty()) window_source.location = window_place;
    name_simulation(app, window_source);
    name_simulation(*track_app, track.request.source, two_eyes.has_simulated_left());
    // Before the left eye's source is made from the right's.
    window_source.camera_library = track.request.source.camera_library = camera_library_folder();
    if (track_app->parsed()) two_eyes.apply(track);
    if (calibrate_camera.was_given()) calibrate_camera_arguments = calibrate_camera.arguments();
    if (simulate_app->parsed() && !simulate.is_list) {
      if (simulate.scenario.empty()) throw CLI::RequiredError("scenario (or --list)");
      if (simulate.folder.empty()) throw CLI::RequiredError("--out");
    }
  } catch (const CLI::ParseError& error) {
    const bool is_fault = error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success);
    app.exit(error, std::cout, std::cerr);
    return ExitCommand{is_fault ? exit_usage : exit_success};
  }
  track.recording.software_version = version();
  if (track_app->parsed()) return track;
  if (simulate_app->parsed()) return simulate;
  accuracy.command = detection.command = model.command = calibration.command = webcam.command =
      speed.command = command_text(argc, argv);
  if (benchmark_apps.accuracy->parsed()) return accuracy;
  if (benchmark_apps.detection->parsed()) return detection;
  if (benchmark_apps.model->parsed()) return model;
  if (benchmark_apps.calibration->parsed()) return calibration;
  if (benchmark_apps.webcam->parsed()) return webcam;
  if (benchmark_apps.speed->parsed()) return speed;
  if (calibrate_camera.was_given()) return calibrate_camera_arguments;
  if (sessions_app->parsed()) return sessions;
  if (analyse_app->parsed()) return analyse;
  if (export_app->parsed()) return exporting;
  if (report_app->parsed()) return report;
  if (viewing_app->parsed()) return viewing;
  if (remote_app->parsed()) return remote;
  if (devices_app->parsed()) return DevicesCommand{};
  if (!window_source.location.empty()) window.source = window_source;
  return window;
}

}  // namespace yarbus::cli
