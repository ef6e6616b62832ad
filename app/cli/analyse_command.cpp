#include "app/cli/analyse_command.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <variant>

#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/number_checks.h"
#include "app/cli/progress_bar.h"
#include "app/cli/version.h"
#include "app/recording/recorded_session.h"
#include "app/session/analyse_session.h"

namespace yarbus::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_jobs = 64;

/// One session of the run.
struct Job {
  std::string session;
  std::uint64_t frames_expected = 0;  ///< of all passes, as far as it is known before
  std::uint64_t frames_done = 0;
  std::optional<Result<AnalysisOutcome>> end;  ///< unset: not begun
};

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

/// Each session once, however often and by whatever path it was named.
std::vector<Job> jobs_of(const std::vector<std::string>& sessions) {
  std::vector<Job> jobs;
  std::vector<std::filesystem::path> seen;
  for (const std::string& session : sessions) {
    std::error_code ignored;
    const auto whole = std::filesystem::weakly_canonical(session, ignored);
    if (std::find(seen.begin(), seen.end(), whole) != seen.end()) continue;
    seen.push_back(whole);
    Job job;
    job.session = session;
    if (const auto opened = RecordedSession::open(session); opened && opened->info().quality) {
      const bool is_webcam =
          std::all_of(opened->cameras().begin(), opened->cameras().end(),
                      [](const auto& camera) { return camera.view == CameraView::webcam; });
      job.frames_expected = static_cast<std::uint64_t>(opened->info().quality->frames) * (is_webcam ? 1 : 2);
    }
    jobs.push_back(std::move(job));
  }
  return jobs;
}

void print_outcome(const std::string& session, const AnalysisOutcome& outcome, double took_s) {
  const auto count = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  if (outcome.was_there_already) {
    std::printf("%s: analysis %lld is there already, made with the same options (--again makes another)\n",
                session.c_str(), static_cast<long long>(outcome.analysis));
    return;
  }
  const auto percent = [&](std::uint64_t n) {
    return 100.0 * static_cast<double>(n) / static_cast<double>(std::max<std::uint64_t>(1, outcome.frames));
  };
  std::printf("%s: analysis %lld\n  %llu frames, eyes found in %.1f %%, gaze in %.1f %%", session.c_str(),
              static_cast<long long>(outcome.analysis), count(outcome.frames), percent(outcome.frames_found),
              percent(outcome.frames_with_gaze));
  if (outcome.gaze_on_screen > 0) std::printf(", %llu times on the screen", count(outcome.gaze_on_screen));
  std::printf("; %llu blinks, %llu fixations, %llu saccades\n", count(outcome.blinks),
              count(outcome.fixations), count(outcome.saccades));
  if (took_s > 0.0)
    std::printf("  took %.1f s, %.1f x real time\n", took_s, seconds(outcome.recorded) / took_s);
  for (const std::string& note : outcome.notes) std::printf("  note: %s\n", note.c_str());
}

/// The sessions of one run, worked off by several threads.
class Run {
 public:
  Run(const AnalyseArguments& arguments, const std::stop_token& stop)
      : arguments_(arguments), stop_(stop), jobs_(jobs_of(arguments.sessions)) {
    for (const Job& job : jobs_) total_ += job.frames_expected;
  }

  int work() {
    {
      std::vector<std::jthread> threads;
      const auto count = std::min(jobs_.size(), static_cast<std::size_t>(arguments_.jobs));
      for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work_off(); });
    }
    bar_.finish();
    std::fflush(stdout);
    int code = exit_success;
    std::size_t not_whole = 0;
    for (const Job& job : jobs_) {
      if (!job.end || (!*job.end && job.end->error().code == ErrorCode::interrupted)) {
        ++not_whole;
      } else if (!*job.end && code == exit_success) {
        code = exit_code_of(job.end->error().code);
      }
    }
    if (not_whole == 0) return code;
    std::fprintf(stderr, "yarbus: stopped by Ctrl-C; %zu of %zu sessions are as they were: run it again\n",
                 not_whole, jobs_.size());
    return exit_interrupted;
  }

 private:
  void work_off() {
    while (!stop_.stop_requested()) {
      const std::size_t index = next_++;
      if (index >= jobs_.size()) return;
      analyse(jobs_[index]);
    }
  }

  void analyse(Job& job) {
    AnalysisRequest request;
    request.session = job.session;
    request.tracker = arguments_.tracker;
    request.mapper = arguments_.mapper;
    request.events = arguments_.events;
    request.software_version = version();
    request.again = arguments_.again;
    const auto started = Clock::now();
    auto end = [&]() -> Result<AnalysisOutcome> {
      try {
        return analyse_session(
            request, [&](const TrackProgress& progress) { tell(job, progress); }, stop_);
      } catch (const std::exception& fault) {
        return Error{ErrorCode::internal, fault.what(), job.session, "Please report it"};
      }
    }();
    const std::lock_guard lock(mutex_);
    bar_.finish();
    if (end) {
      print_outcome(job.session, *end, seconds(Clock::now() - started));
      std::fflush(stdout);
    } else if (end.error().code != ErrorCode::interrupted) {
      report_error(end.error());
    }
    job.frames_done = job.frames_expected;
    job.end = std::move(end);
    ++finished_;
  }

  void tell(Job& job, const TrackProgress& progress) {
    const std::lock_guard lock(mutex_);
    const auto before = static_cast<std::uint64_t>(progress.pass - 1) * progress.frames_total.value_or(0);
    job.frames_done = std::min(job.frames_expected, before + progress.frames_done);
    std::uint64_t done = 0;
    for (const Job& each : jobs_) done += each.frames_done;
    bar_.update("session " + std::to_string(finished_ + 1) + "/" + std::to_string(jobs_.size()), done,
                total_);
  }

  const AnalyseArguments& arguments_;
  std::stop_token stop_;
  std::vector<Job> jobs_;
  std::uint64_t total_ = 0;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  ///< of everything below, and of the jobs' progress and ends
  std::size_t finished_ = 0;
  ProgressBar bar_;
};

/// "--<prefix>dispersion-deg" and so on, for each option of the struct but those that only live events have.
/// What is out of its bounds is refused by the analysis, which names the option.
template <class Options>
void add_event_options(CLI::App& command, const std::string& prefix, Options& options) {
  for (const auto& field : Options::fields()) {
    if (field.name == "memory_s") continue;
    std::string name = "--" + prefix + std::string(field.name);
    std::replace(name.begin(), name.end(), '_', '-');
    std::visit(
        [&](auto member) {
          auto& value = options.*member;
          CLI::Option* option = nullptr;
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, bool>) {
            option = command.add_flag(name, value, std::string(field.help));
          } else {
            option = command.add_option(name, value, std::string(field.help))->capture_default_str();
          }
          option->group("Events (docs/events.md)");
        },
        field.member);
  }
}

}  // namespace

CLI::App* add_analyse(CLI::App& app, AnalyseArguments& arguments) {
  auto* command = app.add_subcommand(
      "analyse", "find everything anew in recorded sessions, beside what is there (docs/analysis.md)");
  command->footer(exit_code_help());
  command->add_option("sessions", arguments.sessions, "the sessions' folders")->required();
  command
      ->add_option_function<std::string>(
          "--stage",
          [&arguments](const std::string& name) {
            arguments.tracker.fit.stage = *fit_stage_from_string(name);
          },
          "eye model stage (default: refraction)")
      ->check(CLI::IsMember({"unprojection", "unoptimised", "contrast", "edge", "refraction"}));
  command->add_option("--mapper", arguments.mapper,
                      "map gaze to the screen with this mapper, fitted to the session's calibration "
                      "(default: the calibration's own; docs/calibration-mapping.md)");
  command->add_flag("--refine-contrast", arguments.tracker.detector.refine_by_contrast,
                    "move each pupil's outline to the greatest region contrast (docs/pupil-detection.md)");
  command->add_flag("--bright-pupil", arguments.tracker.detector.bright_pupil,
                    "the pupil is brighter than the iris: the light is on the camera's axis");
  add_event_options(*command, "fixation-", arguments.events.fixation);
  add_event_options(*command, "saccade-", arguments.events.saccade);
  add_event_options(*command, "blink-", arguments.events.margins);
  add_event_options(*command, "", arguments.events);
  command->add_option("--jobs", arguments.jobs, "sessions at once (default: 1)")
      ->transform(whole_number(1, most_jobs));
  command->add_flag("--again", arguments.again,
                    "make another analysis where one made with the same version and options is there");
  return command;
}

int run_analyse(const AnalyseArguments& arguments) {
  const InterruptWatcher interrupt;
  return Run(arguments, interrupt.token()).work();
}

}  // namespace yarbus::cli
