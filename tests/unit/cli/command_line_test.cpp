#include "app/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/cli/exit_codes.h"
#include "app/cli/progress_bar.h"

namespace yarbus::cli::command_line_test {
namespace {

Command parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "yarbus");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

int exit_code(const Command& command) {
  const auto* exit = std::get_if<ExitCommand>(&command);
  return exit != nullptr ? exit->code : -1;
}

TEST(CommandLine, WithoutArgumentsOpensTheWindow) {
  const auto command = parse({});
  ASSERT_TRUE(std::holds_alternative<WindowCommand>(command));
  EXPECT_FALSE(std::get<WindowCommand>(command).source.has_value());
}

TEST(CommandLine, OpensASource) {
  const auto command = parse({"--open", "eye.mp4", "--eye", "left", "--rotate", "180", "--mirror"});
  const auto& window = std::get<WindowCommand>(command);
  EXPECT_EQ(window.source->location, "eye.mp4");
  EXPECT_EQ(window.eye, EyeSide::left);
  EXPECT_EQ(window.source->rotate_deg, 180);
  EXPECT_TRUE(window.source->mirror);
}

TEST(CommandLine, UnderstandsTrack) {
  const auto command =
      parse({"track", "in.mp4", "--out", "o.csv", "--focal-px", "620", "--stage", "contrast", "--two-pass",
             "--overlay", "o.mp4", "--plot", "o.png", "--stages", "s.png", "--timings", "--frames", "10"});
  ASSERT_TRUE(std::holds_alternative<TrackArguments>(command));
  const auto& track = std::get<TrackArguments>(command);
  EXPECT_EQ(track.request.source.location, "in.mp4");
  EXPECT_EQ(track.request.source.focal_px, 620.0);
  EXPECT_EQ(track.request.tracker.fit.stage, FitStage::contrast);
  EXPECT_TRUE(track.request.two_pass);
  EXPECT_TRUE(track.with_timings);
  EXPECT_EQ(track.stages_path, "s.png");
  EXPECT_EQ(track.request.max_frames, 10U);
  EXPECT_FALSE(track.request.tracker.detector.bright_pupil);
  EXPECT_FALSE(track.request.tracker.fit.refraction_by_contrast);
  const auto contrast = parse({"track", "in.mp4", "--out", "o.csv", "--two-pass", "--refraction-contrast"});
  EXPECT_TRUE(std::get<TrackArguments>(contrast).request.tracker.fit.refraction_by_contrast);
  const auto measured = parse({"benchmark", "accuracy", "--refraction-contrast"});
  EXPECT_TRUE(std::get<AccuracyArguments>(measured).options.refraction_by_contrast);
  const auto bright = parse({"track", "in.mp4", "--out", "o.csv", "--bright-pupil"});
  EXPECT_TRUE(std::get<TrackArguments>(bright).request.tracker.detector.bright_pupil);
}

TEST(CommandLine, KnowsAllStagesAndTakesRefractionByItself) {
  const auto plain = parse({"track", "in.mp4", "--out", "o.csv"});
  EXPECT_EQ(std::get<TrackArguments>(plain).request.tracker.fit.stage, FitStage::refraction);
  for (const FitStage stage : {FitStage::unprojection, FitStage::unoptimised, FitStage::contrast,
                               FitStage::edge, FitStage::refraction}) {
    const std::string name(to_string(stage));
    const auto command = parse({"track", "in.mp4", "--out", "o.csv", "--stage", name.c_str()});
    ASSERT_TRUE(std::holds_alternative<TrackArguments>(command)) << name;
    EXPECT_EQ(std::get<TrackArguments>(command).request.tracker.fit.stage, stage);
  }
}

TEST(CommandLine, TakesAndKeepsTheModelOfAWearer) {
  const auto command =
      parse({"track", "in.mp4", "--out", "o.csv", "--model", "a.json", "--save-model", "b.json"});
  EXPECT_EQ(std::get<TrackArguments>(command).model_path, "a.json");
  EXPECT_EQ(std::get<TrackArguments>(command).save_model_path, "b.json");
  const auto both = parse({"track", "in.mp4", "--out", "o.csv", "--model", "a.json", "--two-pass"});
  EXPECT_EQ(std::get<TrackArguments>(both).model_path, "a.json");
  EXPECT_TRUE(std::get<TrackArguments>(both).request.two_pass);
}

TEST(CommandLine, APlaceThatIsThereOpensTheWindowOnIt) {
  const auto command = parse({"/tmp"});
  ASSERT_TRUE(std::holds_alternative<WindowCommand>(command));
  const auto& window = std::get<WindowCommand>(command);
  ASSERT_TRUE(window.source.has_value());
  EXPECT_EQ(window.source->location, "/tmp");
  EXPECT_EQ(window.source->kind, SourceRequest::Kind::automatic) << "the session finds out what it is";
  for (const auto& wrong :
       std::vector<std::vector<const char*>>{{"/no/such/place"}, {"/tmp", "--open", "eye.mp4"}, {"trakc"}}) {
    const auto refused = parse(wrong);
    ASSERT_TRUE(std::holds_alternative<ExitCommand>(refused)) << wrong.front();
    EXPECT_EQ(std::get<ExitCommand>(refused).code, exit_usage);
  }
}

TEST(CommandLine, NamesASimulatedEyeAsASource) {
  const auto track_command = parse({"track", "sim:lashes", "--seed", "7", "--out", "o.csv"});
  const auto& track = std::get<TrackArguments>(track_command);
  EXPECT_EQ(track.request.source.kind, SourceRequest::Kind::simulated_eye);
  EXPECT_EQ(track.request.source.location, "lashes");
  EXPECT_EQ(track.request.source.seed, 7U);
  const auto window_command = parse({"--open", "sim:easy"});
  const auto& window = std::get<WindowCommand>(window_command);
  EXPECT_EQ(window.source->kind, SourceRequest::Kind::simulated_eye);
  EXPECT_EQ(window.source->location, "easy");
  EXPECT_EQ(window.source->seed, 1U);
  const auto file_command = parse({"--open", "sim.mp4"});
  EXPECT_EQ(std::get<WindowCommand>(file_command).source->kind, SourceRequest::Kind::automatic);
  for (const auto& wrong :
       std::vector<std::vector<const char*>>{{"--open", "sim:"},
                                             {"--open", "eye.mp4", "--seed", "2"},
                                             {"--open", "sim:easy", "--seed", "-2"},
                                             {"track", "eye.mp4", "--out", "o.csv", "--seed", "2"}}) {
    EXPECT_EQ(exit_code(parse(wrong)), exit_usage) << wrong.back();
  }
}

TEST(CommandLine, UnderstandsSimulate) {
  const auto command = parse({"simulate", "easy", "--seed", "3", "--frames", "20", "--out", "folder"});
  ASSERT_TRUE(std::holds_alternative<SimulateArguments>(command));
  const auto& simulate = std::get<SimulateArguments>(command);
  EXPECT_EQ(simulate.scenario, "easy");
  EXPECT_EQ(simulate.seed, 3U);
  EXPECT_EQ(simulate.frames, 20U);
  EXPECT_EQ(simulate.folder, "folder");
  EXPECT_FALSE(simulate.is_list);
  const auto list = parse({"simulate", "--list"});
  EXPECT_TRUE(std::get<SimulateArguments>(list).is_list);
  for (const auto& wrong :
       std::vector<std::vector<const char*>>{{"simulate"},
                                             {"simulate", "easy"},
                                             {"simulate", "--out", "o"},
                                             {"simulate", "--list", "easy"},
                                             {"simulate", "easy", "--out", "o", "--frames", "0"},
                                             {"simulate", "easy", "--out", "o", "--seed", "-1"}}) {
    EXPECT_EQ(exit_code(parse(wrong)), exit_usage) << wrong.back();
  }
}

TEST(CommandLine, WrongUsageHasItsExitCode) {
  EXPECT_EQ(exit_code(parse({"track", "in.mp4"})), exit_usage);
  EXPECT_EQ(exit_code(parse({"frobnicate"})), exit_usage);
  EXPECT_EQ(exit_code(parse({"track", "in.mp4", "--out", "o.csv", "--stage", "magic"})), exit_usage);
  EXPECT_EQ(exit_code(parse({"track", "in.mp4", "--out", "o.csv", "--rotate", "45"})), exit_usage);
  for (const char* focal : {"-3", "0", "nan", "inf", "many"}) {
    EXPECT_EQ(exit_code(parse({"track", "in.mp4", "--out", "o.csv", "--focal-px", focal})), exit_usage)
        << focal;
  }
  EXPECT_EQ(
      exit_code(parse({"track", "in.mp4", "--out", "o.csv", "--focal-px", "600", "--camera", "k.json"})),
      exit_usage);
}

/// What a wrong command prints on standard error.
std::string complaint(const std::vector<const char*>& arguments) {
  testing::internal::CaptureStderr();
  const int code = exit_code(parse(arguments));
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code, exit_usage) << arguments.back();
  return text;
}

TEST(CommandLine, NumbersOutOfBoundsAreToldShortly) {
  using testing::HasSubstr;
  using Arguments = std::vector<const char*>;
  const Arguments track{"track", "sim:easy", "--out", "o.csv"};
  const Arguments simulate{"simulate", "easy", "--out", "o"};
  const Arguments accuracy{"benchmark", "accuracy"};
  const Arguments detection{"benchmark", "detection"};
  const Arguments speed{"benchmark", "speed"};
  struct Case {
    Arguments command;
    const char* option;
    const char* value;
    const char* words;
  };
  const char* any_seed = "must be a whole number from 0 to 18446744073709551615, not -1";
  const char* seed_too_large = "must be at most 18446744073709551615, not 18446744073709551616";
  for (const Case& wrong :
       std::vector<Case>{{track, "--frames", "0", "--frames: must be a whole number above 0, not 0"},
                         {track, "--frames", "-3", "must be a whole number above 0, not -3"},
                         {track, "--frames", "2.5", "must be a whole number above 0, not 2.5"},
                         {track, "--frames", "1e3", "must be a whole number above 0, not 1e3"},
                         {track, "--seed", "-1", any_seed},
                         {track, "--seed", "18446744073709551616", seed_too_large},
                         {track, "--rate", "0", "must be a finite number above 0, not 0"},
                         {track, "--rate", "inf", "must be a finite number above 0, not inf"},
                         {track, "--width", "0", "must be a whole number from 1 to 10000, not 0"},
                         {track, "--height", "10001", "must be a whole number from 1 to 10000, not 10001"},
                         {simulate, "--frames", "0", "must be a whole number from 1 to 10000000, not 0"},
                         {simulate, "--seed", "-1", any_seed},
                         {simulate, "--seed", "18446744073709551616", seed_too_large},
                         {accuracy, "--frames", "0", "must be a whole number above 0, not 0"},
                         {accuracy, "--subjects", "0", "must be a whole number from 1 to 1000, not 0"},
                         {accuracy, "--seed", "-1", any_seed},
                         {detection, "--frames", "0", "must be a whole number above 0, not 0"},
                         {detection, "--seed", "x", "must be a whole number from 0 to"},
                         {speed, "--frames", "0", "must be a whole number above 0, not 0"},
                         {speed, "--seed", "18446744073709551616", seed_too_large}}) {
    Arguments arguments = wrong.command;
    arguments.insert(arguments.end(), {wrong.option, wrong.value});
    const std::string text = complaint(arguments);
    EXPECT_THAT(text, HasSubstr(wrong.words)) << wrong.command.front() << ' ' << wrong.option;
    EXPECT_LT(text.find('\n'), 120U) << text;
  }
}

TEST(CommandLine, WholeNumbersAreDecimalToTheirLastDigit) {
  const auto largest = parse({"simulate", "easy", "--out", "o", "--seed", "18446744073709551615"});
  EXPECT_EQ(std::get<SimulateArguments>(largest).seed, 18446744073709551615U);
  const auto padded = parse({"track", "in.mp4", "--out", "o.csv", "--frames", "010"});
  EXPECT_EQ(std::get<TrackArguments>(padded).request.max_frames, 10U);
}

TEST(CommandLine, BenchmarkAccuracyTakesRecordingsAndScenarios) {
  const auto command =
      parse({"benchmark", "accuracy", "--dataset", "a", "b", "--scenario", "paper", "--subjects", "3",
             "--seed", "5", "--quick", "--out", "results", "--against", "earlier.json"});
  const auto& accuracy = std::get<AccuracyArguments>(command);
  EXPECT_THAT(accuracy.choice.folders, testing::ElementsAre("a", "b"));
  EXPECT_THAT(accuracy.choice.scenarios, testing::ElementsAre("paper"));
  EXPECT_EQ(accuracy.choice.subjects, 3);
  EXPECT_EQ(accuracy.choice.first_seed, 5u);
  EXPECT_TRUE(accuracy.choice.is_quick);
  EXPECT_EQ(accuracy.out_folder, "results");
  EXPECT_EQ(accuracy.against_path, "earlier.json");
  EXPECT_THAT(accuracy.command, testing::StartsWith("yarbus benchmark accuracy --dataset a b"));
}

TEST(CommandLine, BenchmarkDetectionTakesRecordingsScenariosAndSourcesWithoutAnEye) {
  const auto command =
      parse({"benchmark",  "detection",  "--dataset", "a",        "--dataset", "b",
             "--scenario", "easy",       "droopy",    "--no-eye", "wall.mp4",  "--no-eye",
             "frames",     "--subjects", "3",         "--seed",   "5",         "--frames",
             "40",         "--quick",    "--out",     "d.json",   "--against", "earlier.json",
             "--evidence", "e.csv"});
  const auto& detection = std::get<DetectionArguments>(command);
  EXPECT_THAT(detection.choice.folders, testing::ElementsAre("a", "b"));
  EXPECT_THAT(detection.choice.scenarios, testing::ElementsAre("easy", "droopy"));
  EXPECT_THAT(detection.no_eye, testing::ElementsAre("wall.mp4", "frames"));
  EXPECT_EQ(detection.choice.subjects, 3);
  EXPECT_EQ(detection.choice.first_seed, 5u);
  EXPECT_EQ(detection.choice.frames, 40u);
  EXPECT_TRUE(detection.choice.is_quick);
  EXPECT_EQ(detection.out_path, "d.json");
  EXPECT_EQ(detection.against_path, "earlier.json");
  EXPECT_EQ(detection.evidence_path, "e.csv");
  EXPECT_THAT(detection.command, testing::StartsWith("yarbus benchmark detection --dataset a"));
  for (const auto& wrong :
       std::vector<std::vector<const char*>>{{"benchmark", "detection", "easy"},
                                             {"benchmark", "detection", "--no-eye"},
                                             {"benchmark", "detection", "--subjects", "0"},
                                             {"benchmark", "detection", "--stage", "edge"}}) {
    EXPECT_EQ(exit_code(parse(wrong)), exit_usage) << wrong.back();
  }
}

TEST(CommandLine, BenchmarkHelpListsItsParts) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(exit_code(parse({"benchmark", "--help"})), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  for (const char* part : {"accuracy", "detection", "speed", "yarbus benchmark detection --out results"})
    EXPECT_THAT(help, testing::HasSubstr(part));
}

TEST(CommandLine, BenchmarkSpeedTakesOneRecording) {
  const auto command =
      parse({"benchmark", "speed", "--scenario", "easy", "--frames", "40", "--out", "s.json"});
  const auto& speed = std::get<SpeedArguments>(command);
  EXPECT_THAT(speed.choice.scenarios, testing::ElementsAre("easy"));
  EXPECT_EQ(speed.choice.frames, 40u);
  EXPECT_EQ(speed.out_path, "s.json");
  EXPECT_EQ(exit_code(parse({"benchmark", "speed", "--scenario", "easy", "--dataset", "d"})), exit_usage);
  EXPECT_EQ(exit_code(parse({"benchmark"})), exit_usage);
}

TEST(CommandLine, HelpAndVersionSucceed) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(exit_code(parse({"--help"})), 0);
  const std::string help = testing::internal::GetCapturedStdout();
  EXPECT_THAT(help, testing::HasSubstr("Exit codes"));
  EXPECT_THAT(help, testing::HasSubstr("Examples"));
  const std::string stopped = help.substr(help.find("130  stopped by Ctrl-C"));
  for (const char* command : {"`track`", "`simulate`", "`benchmark`"})
    EXPECT_THAT(stopped, testing::HasSubstr(command));
  EXPECT_EQ(exit_code(parse({"--version"})), 0);
}

TEST(ExitCodes, DistinguishWhatAUserHandlesDifferently) {
  EXPECT_NE(exit_code_of(ErrorCode::input_missing), exit_code_of(ErrorCode::input_unreadable));
  EXPECT_NE(exit_code_of(ErrorCode::permission_denied), exit_code_of(ErrorCode::device_busy));
  EXPECT_NE(exit_code_of(ErrorCode::output_unwritable), exit_code_of(ErrorCode::input_truncated));
}

TEST(ProgressText, ShowsShareAndTimeLeft) {
  EXPECT_EQ(progress_text(50, 100, 5.0),
            "[###############...............]  50%  50/100  10 frames/s  5 s left");
  EXPECT_EQ(progress_text(50, std::nullopt, 5.0), "50 frames  10 frames/s");
  EXPECT_THAT(progress_text(120, 100, 5.0), testing::HasSubstr("100%"));
}

TEST(CommandLine, UnderstandsTwoEyes) {
  const auto alone = parse({"track", "r.mp4", "--out", "o.csv"});
  EXPECT_FALSE(std::get<TrackArguments>(alone).two_eyes.has_value());

  const auto command = parse({"track",      "r.mp4",
                              "--left",     "l.mp4",
                              "--out",      "o.csv",
                              "--focal-px", "620",
                              "--rotate",   "180",
                              "--mirror",   "--left-rotate",
                              "0",          "--left-mirror",
                              "no",         "--left-offset-ms",
                              "-12.5",      "--right-from-left",
                              "rig.json",   "--two-pass"});
  ASSERT_TRUE(std::holds_alternative<TrackArguments>(command));
  const auto& two = *std::get<TrackArguments>(command).two_eyes;
  EXPECT_FALSE(two.is_one_camera);
  EXPECT_EQ(two.left.location, "l.mp4");
  EXPECT_EQ(two.left.focal_px, 620.0) << "as the right camera";
  EXPECT_EQ(two.left.rotate_deg, 0);
  EXPECT_FALSE(two.left.mirror);
  EXPECT_EQ(two.left_offset_ms, -12.5);
  EXPECT_EQ(two.right_from_left_file, "rig.json");

  const auto mixed =
      parse({"track", "frames", "--left", "sim:easy", "--seed", "4", "--focal-px", "620", "--out", "o.csv"});
  ASSERT_TRUE(std::holds_alternative<TrackArguments>(mixed));
  const SourceRequest& left = std::get<TrackArguments>(mixed).two_eyes->left;
  EXPECT_EQ(left.kind, SourceRequest::Kind::simulated_eye);
  EXPECT_EQ(left.location, "easy");
  EXPECT_EQ(left.seed, 4U);
  EXPECT_FALSE(left.focal_px.has_value()) << "a simulated camera is known";

  const auto face = parse({"track", "f.mp4", "--both", "--right-region", "1,2,300,200", "--left-region",
                           "400,2,300,200", "--out", "o.csv"});
  ASSERT_TRUE(std::holds_alternative<TrackArguments>(face));
  const auto& both = *std::get<TrackArguments>(face).two_eyes;
  EXPECT_TRUE(both.is_one_camera);
  EXPECT_EQ(both.regions->of(EyeSide::left), (ImageRegion{400, 2, 300, 200}));

  const auto window = parse({"--right-from-left", "rig.json"});
  EXPECT_EQ(std::get<WindowCommand>(window).right_from_left_file, "rig.json");
}

TEST(CommandLine, StreamsWhatIsAskedFor) {
  const auto plain = parse({"--open", "eye.mp4"});
  auto options = std::get<WindowCommand>(plain).streams.options();
  ASSERT_TRUE(options);
  EXPECT_FALSE(options->has_value());

  const auto usual = parse({"--stream", "--opentrack", "10.0.0.2:4300", "--opentrack-gaze"});
  ASSERT_TRUE(std::holds_alternative<WindowCommand>(usual));
  options = std::get<WindowCommand>(usual).streams.options();
  ASSERT_TRUE(options && options->has_value());
  EXPECT_TRUE((*options)->serves_network_api);
  EXPECT_EQ((*options)->bind_address, "127.0.0.1");
  EXPECT_EQ((*options)->request_port, 50020);
  EXPECT_EQ((*options)->opentrack_address, "10.0.0.2");
  EXPECT_EQ((*options)->opentrack_port, 4300);
  EXPECT_EQ((*options)->opentrack_source, OpentrackSource::gaze);
  EXPECT_FALSE((*options)->sends_osc);

  const auto port = parse({"--stream", "50100"});
  options = std::get<WindowCommand>(port).streams.options();
  ASSERT_TRUE(options && options->has_value());
  EXPECT_EQ((*options)->request_port, 50100);
  EXPECT_TRUE((*options)->exposure_warning().empty());
  const auto open = parse({"--stream", "0.0.0.0"});
  options = std::get<WindowCommand>(open).streams.options();
  ASSERT_TRUE(options && options->has_value());
  EXPECT_FALSE((*options)->exposure_warning().empty());
  for (const char* wrong : {"127.0.0.1:x", "127.0.0.1:70000", "localhost:1"}) {
    const auto command = parse({"--stream", wrong});
    EXPECT_FALSE(std::get<WindowCommand>(command).streams.options()) << wrong;
  }
  EXPECT_EQ(exit_code(parse({"--opentrack-gaze"})), exit_usage);
}

TEST(CommandLine, SteersAnotherProgram) {
  const auto start = parse({"remote", "start", "anna", "--address", "tcp://10.0.0.2:1", "--timeout", "2"});
  ASSERT_TRUE(std::holds_alternative<RemoteArguments>(start));
  const auto& arguments = std::get<RemoteArguments>(start);
  EXPECT_EQ(arguments.task, RemoteArguments::Task::start);
  EXPECT_EQ(arguments.text, "anna");
  EXPECT_EQ(arguments.address, "tcp://10.0.0.2:1");
  EXPECT_EQ(arguments.timeout_s, 2.0);
  const auto recentre = parse({"remote", "recentre"});
  EXPECT_EQ(std::get<RemoteArguments>(recentre).task, RemoteArguments::Task::recentre);
  EXPECT_EQ(std::get<RemoteArguments>(recentre).address, "tcp://127.0.0.1:50020");
  EXPECT_EQ(exit_code(parse({"remote"})), exit_usage);
  EXPECT_EQ(exit_code(parse({"remote", "annotate"})), exit_usage);
}

TEST(CommandLine, DrawsAViewingSession) {
  const auto viewing = parse({"viewing", "anna-1", "--out", "drawn"});
  ASSERT_TRUE(std::holds_alternative<ViewingArguments>(viewing));
  EXPECT_EQ(std::get<ViewingArguments>(viewing).session, "anna-1");
  EXPECT_EQ(std::get<ViewingArguments>(viewing).folder, "drawn");
  EXPECT_FALSE(std::get<ViewingArguments>(viewing).analysis) << "the newest that has gaze";
  const auto of_one = parse({"viewing", "anna-1", "--out", "drawn", "--analysis", "0", "--sigma-deg", "1.5"});
  EXPECT_EQ(std::get<ViewingArguments>(of_one).analysis, 0);
  EXPECT_EQ(std::get<ViewingArguments>(of_one).sigma_deg, 1.5);
  for (const char* wrong : {"0.1", "6", "wide"})
    EXPECT_EQ(exit_code(parse({"viewing", "anna-1", "--out", "drawn", "--sigma-deg", wrong})), exit_usage)
        << wrong;
  EXPECT_EQ(exit_code(parse({"viewing", "anna-1", "--out", "drawn", "--analysis", "last"})), exit_usage);
  EXPECT_EQ(exit_code(parse({"viewing", "anna-1"})), exit_usage) << "it says where to write";
}

}  // namespace
}  // namespace yarbus::cli::command_line_test
