#include "app/cli/viewing_command.h"

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/number_checks.h"
#include "app/recording/recorded_session.h"
#include "app/session/viewing_of_session.h"
#include "ui/report/viewing_files.h"

namespace yarbus::cli {

CLI::App* add_viewing(CLI::App& app, ViewingArguments& arguments) {
  auto* command = app.add_subcommand(
      "viewing", "draw and count how a picture was looked at in a viewing session (docs/viewing.md)");
  command->add_option("session", arguments.session, "the session's folder")->required();
  command->add_option("--out", arguments.folder, "the new folder to write")->required();
  command
      ->add_option_function<std::int64_t>(
          "--analysis", [&arguments](const std::int64_t& number) { arguments.analysis = number; },
          "whose gaze and fixations: an analysis' number, 0 for those of the recording (default: the newest "
          "that has gaze)")
      ->transform(whole_number(0));
  command->add_option("--sigma-deg", arguments.sigma_deg, "sigma of the heat maps' Gaussian (default: 1)")
      ->check(CLI::Range(0.2, 5.0));
  command->footer(std::string("Examples:\n") +
                  "  yarbus viewing anna-1 --out anna-1-viewing          PNG, SVG, PDF and CSV\n"
                  "  yarbus viewing anna-1 --analysis 1 --out anew       of what `yarbus analyse` found\n\n" +
                  std::string(exit_code_help()));
  return command;
}

int run_viewing(const ViewingArguments& arguments) {
  const auto session = RecordedSession::open(arguments.session);
  if (!session) return report_error(session.error());
  const auto results = viewing_results_of(*session, arguments.analysis);
  if (!results) return report_error(results.error());
  const auto files =
      ui::write_viewing_folder(*results, arguments.sigma_deg, QString::fromStdString(arguments.folder));
  if (!files) return report_error(files.error());
  for (const TaskResult& task : results->tasks)
    std::printf("task %-6d %s (%s)\n", task.task + 1, task.text.c_str(),
                qPrintable(ui::viewing_task_words(task)));
  for (const std::string& note : results->notes) std::printf("note        %s\n", note.c_str());
  for (const QString& file : *files) std::printf("wrote       %s\n", qPrintable(file));
  return exit_success;
}

}  // namespace yarbus::cli
