#include "app/cli/report_command.h"

#include <QSaveFile>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <system_error>

#include <CLI/CLI.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/quality_json.h"
#include "app/recording/recorded_session.h"
#include "app/session/measure_session.h"
#include "ui/report/session_report.h"

namespace yarbus::cli {
namespace {

Result<void> write_json(const SessionQualityReport& report, const std::string& path) {
  QSaveFile file(QString::fromStdString(path));
  const std::string text =
      quality_json(report).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  if (file.open(QIODevice::WriteOnly) &&
      file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) &&
      file.commit())
    return {};
  return Error{ErrorCode::output_unwritable,
               "the report cannot be written: " + file.errorString().toStdString(), path,
               "Choose a folder that exists and that you may write to, with room left"};
}

/// "last", or a number. Empty: well understood; otherwise what is wrong.
std::string read_analysis(const std::string& text, std::optional<AnalysisId>& analysis) {
  if (text == "last") {
    analysis.reset();
    return {};
  }
  AnalysisId number = 0;
  const char* end = text.data() + text.size();
  const auto [read_to, fault] = std::from_chars(text.data(), end, number);
  if (fault != std::errc() || read_to != end || number < 0)
    return "must be \"last\" or a whole number of 0 or more, not \"" + text + "\"";
  analysis = number;
  return {};
}

/// Analyses are numbered as they were made.
Result<AnalysisId> newest_analysis(const RecordedSession& session) {
  const auto analyses = session.analyses();
  if (!analyses) return analyses.error();
  AnalysisId newest = live_analysis;
  for (const AnalysisInfo& info : *analyses) newest = std::max(newest, info.analysis);
  return newest;
}

void print_camera(const CameraQuality& camera) {
  std::printf("camera %-4d %lld frames, %lld lost, %.2f s; %.2f valid frames a second; data loss %.1f %%\n",
              camera.camera, static_cast<long long>(camera.frames),
              static_cast<long long>(camera.frames_lost), camera.duration_s, camera.effective_rate_hz,
              camera.data_loss_percent);
  std::printf("            interval %.2f ms median, %.2f ms longest\n", camera.median_interval_ms,
              camera.longest_interval_ms);
  if (const auto& precision = camera.precision)
    std::printf("            precision in %d fixations: RMS-S2S %.3f deg, STD %.3f deg\n",
                precision->fixations, precision->rms_s2s_deg, precision->std_deg);
  if (const auto& size = camera.pupil_size; size && size->frames > 0)
    std::printf("            pupil size valid in %.1f %% of frames, interpolated in %.1f %%\n",
                100.0 * static_cast<double>(size->valid) / static_cast<double>(size->frames),
                100.0 * static_cast<double>(size->interpolated) / static_cast<double>(size->frames));
  if (const auto& sequence = camera.saccades.main_sequence)
    std::printf("            %zu saccades, main sequence %.0f deg/s (1 - exp(-A / %.1f deg))\n",
                camera.saccades.saccades.size(), sequence->limit_deg_s, sequence->bend_deg);
  else if (camera.saccades.miss.empty())
    std::printf("            %zu saccades, no main sequence: %s\n", camera.saccades.saccades.size(),
                camera.saccades.main_sequence_miss.c_str());
}

void print_report(const SessionQualityReport& report) {
  for (const CameraQuality& camera : report.cameras) print_camera(camera);
  for (const ScreenQuality& screen : report.calibrations) {
    if (screen.both && screen.both->accuracy_deg)
      std::printf("calibration %s: accuracy %.2f deg at %d targets\n", screen.name.c_str(),
                  *screen.both->accuracy_deg, screen.both->targets);
    else
      std::printf("calibration %s: not validated\n", screen.name.c_str());
  }
  for (const std::string& note : report.notes) std::printf("note        %s\n", note.c_str());
}

}  // namespace

CLI::App* add_report(CLI::App& app, ReportArguments& arguments) {
  auto* command =
      app.add_subcommand("report", "measure a recorded session's data quality (docs/analysis.md)");
  command->add_option("session", arguments.session, "the session's folder")->required();
  command->add_option_function<std::string>(
      "--analysis",
      [&arguments](const std::string& text) {
        const std::string fault = read_analysis(text, arguments.analysis);
        if (!fault.empty()) throw CLI::ValidationError("--analysis", fault);
      },
      "whose results: an analysis' number, or \"last\" (default: those of the recording)");
  command->add_option("--pdf", arguments.pdf, "write the report with plots into this file");
  command->add_option("--json", arguments.json, "write all figures into this file");
  command->footer(
      std::string("Examples:\n") +
      "  yarbus report anna-1                               the figures in words\n"
      "  yarbus report anna-1 --pdf anna-1.pdf --json anna-1.json\n"
      "  yarbus report anna-1 --analysis last --pdf anew.pdf   of what `yarbus analyse` found\n\n" +
      std::string(exit_code_help()));
  return command;
}

int run_report(const ReportArguments& arguments) {
  const auto session = RecordedSession::open(arguments.session);
  if (!session) return report_error(session.error());
  const auto analysis =
      arguments.analysis ? Result<AnalysisId>(*arguments.analysis) : newest_analysis(*session);
  if (!analysis) return report_error(analysis.error());
  const auto report = measure_session(*session, *analysis);
  if (!report) return report_error(report.error());
  print_report(*report);
  if (!arguments.json.empty()) {
    if (const auto written = write_json(*report, arguments.json); !written)
      return report_error(written.error());
    std::printf("wrote       %s\n", arguments.json.c_str());
  }
  if (!arguments.pdf.empty()) {
    if (const auto written = ui::write_session_report(*report, QString::fromStdString(arguments.pdf));
        !written)
      return report_error(written.error());
    std::printf("wrote       %s\n", arguments.pdf.c_str());
  }
  return exit_success;
}

}  // namespace yarbus::cli
