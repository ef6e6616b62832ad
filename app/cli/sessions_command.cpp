#include "app/cli/sessions_command.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/recording/repair_session.h"
#include "app/recording/session_list.h"

namespace yarbus::cli {
namespace {

std::string wall_time_text(WallTime at) {
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(at).count();
  std::tm local{};
  localtime_r(&seconds, &local);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M", &local);
  return text.data();
}

std::string state_text(const SessionEntry& entry) {
  if (entry.is_being_recorded) return "is being recorded";
  if (!entry.fault.empty()) return entry.fault;
  if (entry.needs_repair) return "was cut off: `yarbus sessions repair`";
  return std::string(to_string(entry.info.end));
}

int list(const SessionsArguments& arguments) {
  const auto entries = list_sessions(arguments.folder, arguments.search);
  if (!entries) return report_error(entries.error());
  if (entries->empty())
    std::printf("%s\n", arguments.search.empty() ? "No session is recorded there." : "No session matches.");
  for (const SessionEntry& entry : *entries) {
    std::printf("%s\n  %s%s%s, %s, %.1f s, %.1f MB", entry.folder.c_str(), entry.info.name.c_str(),
                entry.info.participant.empty() ? "" : ", ", entry.info.participant.c_str(),
                wall_time_text(entry.info.started_at_wall).c_str(),
                std::chrono::duration<double>(entry.info.duration).count(),
                static_cast<double>(entry.bytes) / 1e6);
    if (const auto& quality = entry.info.quality) {
      std::printf(", %lld frames, %lld lost", static_cast<long long>(quality->frames),
                  static_cast<long long>(quality->frames_lost));
      if (quality->results > 0) std::printf(", eyes found in %.1f %%", 100.0 * quality->found_share());
    }
    std::printf("\n  %s\n", state_text(entry).c_str());
  }
  return exit_success;
}

int repair(const SessionsArguments& arguments) {
  const auto report = repair_session(arguments.folder);
  if (!report) return report_error(report.error());
  if (!report->was_needed) std::puts("Nothing had to be repaired.");
  for (const std::string& sentence : report->sentences) std::printf("%s\n", sentence.c_str());
  for (const RepairedCamera& camera : report->cameras)
    std::printf("camera %d: %lld frames, %lld pictures, %lld pictures missing, %lld rows added\n",
                camera.camera, static_cast<long long>(camera.frames), static_cast<long long>(camera.pictures),
                static_cast<long long>(camera.pictures_missing), static_cast<long long>(camera.rows_added));
  return exit_success;
}

int trash(const SessionsArguments& arguments) {
  const auto moved = move_session_to_trash(arguments.folder);
  if (!moved) return report_error(moved.error());
  std::printf("moved to %s\n", moved->c_str());
  return exit_success;
}

}  // namespace

CLI::App* add_sessions(CLI::App& app, SessionsArguments& arguments) {
  using Task = SessionsArguments::Task;
  auto* sessions =
      app.add_subcommand("sessions",
                         "list recorded sessions, repair one that was cut off, or throw one away "
                         "(docs/sessions.md)");
  sessions->require_subcommand(1);
  auto* list_app = sessions->add_subcommand("list", "the sessions in a folder, newest first");
  list_app->add_option("folder", arguments.folder, "that holds sessions (default: the current folder)")
      ->default_val(".");
  list_app->add_option("--search", arguments.search, "words of name, participant or notes");
  list_app->callback([&arguments] { arguments.task = Task::list; });
  auto* repair_app = sessions->add_subcommand(
      "repair", "finish a session that was cut off; nothing recorded is deleted, and it says what was lost");
  repair_app->add_option("session", arguments.folder, "its folder")->required();
  repair_app->callback([&arguments] { arguments.task = Task::repair; });
  auto* trash_app = sessions->add_subcommand("trash", "move a session to the desktop's trash");
  trash_app->add_option("session", arguments.folder, "its folder")->required();
  trash_app->callback([&arguments] { arguments.task = Task::trash; });
  return sessions;
}

int run_sessions(const SessionsArguments& arguments) {
  switch (arguments.task) {
    case SessionsArguments::Task::list:
      return list(arguments);
    case SessionsArguments::Task::repair:
      return repair(arguments);
    case SessionsArguments::Task::trash:
      return trash(arguments);
  }
  return exit_usage;
}

}  // namespace yarbus::cli
