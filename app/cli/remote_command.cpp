#include "app/cli/remote_command.h"

#include <chrono>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/number_checks.h"
#include "app/stream/remote_client.h"

namespace yarbus::cli {
namespace {

constexpr const char* remote_examples =
    "Examples:\n"
    "  yarbus --open 0 --stream               a window that other programs can steer\n"
    "  yarbus remote start anna-1             start a recording there\n"
    "  yarbus remote annotate \"first trial\"   mark this moment of it\n"
    "  yarbus remote stop                     end it\n"
    "  yarbus remote calibrate                open the calibration's wizard\n"
    "  yarbus remote recentre                 while the person looks at the middle of the screen\n"
    "  yarbus remote stop --address tcp://192.168.0.20:50020   of another computer\n\n"
    "Exit code 9: nobody answers at that address.\n";

}  // namespace

CLI::App* add_remote(CLI::App& app, RemoteArguments& arguments) {
  using Task = RemoteArguments::Task;
  auto* remote = app.add_subcommand(
      "remote", "steer a Yarbus that runs with --stream: record, mark, calibrate (docs/streaming.md)");
  remote->footer(remote_examples);
  remote->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, Task task) {
    auto* command = remote->add_subcommand(name, help);
    command->callback([&arguments, task] { arguments.task = task; });
    command->add_option("--address", arguments.address, "where it streams (default: tcp://127.0.0.1:50020)");
    command->add_option("--timeout", arguments.timeout_s, "seconds to wait for the answer (default: 5)")
        ->check(number_above_zero("S"));
    return command;
  };
  add("start", "start a recording", Task::start)
      ->add_option("name", arguments.text, "of the session (default: date and time)");
  add("stop", "end the recording", Task::stop);
  add("calibrate", "ask for a calibration of gaze on the screen", Task::calibrate);
  add("recentre", "the person looks at the middle of the screen: gaze is set right there", Task::recentre);
  add("annotate", "mark this moment of the recording", Task::annotate)
      ->add_option("text", arguments.text, "what to say about it")
      ->required();
  return remote;
}

int run_remote(const RemoteArguments& arguments) {
  using Task = RemoteArguments::Task;
  auto client = RemoteClient::connect(
      arguments.address, std::chrono::milliseconds(static_cast<int>(arguments.timeout_s * 1000.0)));
  if (!client) return report_error(client.error());
  Result<void> done;
  switch (arguments.task) {
    case Task::start:
      done = client->start_recording(arguments.text);
      break;
    case Task::stop:
      done = client->stop_recording();
      break;
    case Task::calibrate:
      done = client->start_calibration();
      break;
    case Task::recentre:
      done = client->recentre();
      break;
    case Task::annotate:
      done = client->annotate(arguments.text);
      break;
  }
  return done ? exit_success : report_error(done.error());
}

}  // namespace yarbus::cli
