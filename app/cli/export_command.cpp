#include "app/cli/export_command.h"

#include <cstdio>
#include <set>

#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/number_checks.h"
#include "app/cli/progress_bar.h"
#include "app/export/session/recorded_session_source.h"

namespace yarbus::cli {

CLI::App* add_export(CLI::App& app, ExportArguments& arguments) {
  auto* command =
      app.add_subcommand("export", "write a recorded session as other programs read it (docs/export.md)");
  command->add_option("session", arguments.session, "the session's folder")->required();
  std::set<std::string> names;
  for (const ExportFormat format : export_formats) names.emplace(to_string(format));
  command
      ->add_option_function<std::string>(
          "--format",
          [&arguments](const std::string& name) {
            arguments.options.format = export_format_from_string(name).value_or(ExportFormat::csv);
          },
          "how (default: csv)")
      ->check(CLI::IsMember(names));
  command->add_option("--out", arguments.folder, "the new folder to write")->required();
  command
      ->add_option("--analysis", arguments.options.analysis,
                   "whose results (default: those of the recording)")
      ->transform(whole_number(0));
  command->add_option("--task", arguments.options.task, "bids: the task's label (default: gaze)");
  command
      ->add_option("--author", arguments.options.authors,
                   "bids: an author of the dataset, by name; may be given more than once")
      ->allow_extra_args(false);
  command->add_flag("!--no-video", arguments.options.with_video, "pupil-recording: leave the videos out");
  return command;
}

int run_export(const ExportArguments& arguments) {
  const InterruptWatcher interrupt;
  const auto session = RecordedSession::open(arguments.session);
  if (!session) return report_error(session.error());
  for (const std::string& finding : session->condition().findings)
    std::fprintf(stderr, "yarbus: %s\n", finding.c_str());
  const RecordedSessionSource source(*session);
  ProgressBar bar;
  constexpr std::uint64_t steps = 1000;
  const auto summary = export_session(
      source, arguments.folder, arguments.options,
      [&](double share) { bar.update("exporting", static_cast<std::uint64_t>(share * steps), steps); },
      interrupt.token());
  bar.finish();
  if (!summary) return report_error(summary.error());
  for (const auto& file : summary->files) std::printf("wrote       %s\n", (summary->folder / file).c_str());
  for (const std::string& note : summary->notes) std::printf("note        %s\n", note.c_str());
  return exit_success;
}

}  // namespace yarbus::cli
