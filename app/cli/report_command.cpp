#include "app/cli/report_command.h"

#include <QSaveFile>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "app/cli/exit_codes.h"
#include "app/cli/number_checks.h"
#include "app/recording/recorded_session.h"
#include "app/session/measure_session.h"
#include "ui/report/session_report.h"

namespace yarbus::cli {
namespace {

using nlohmann::json;

json value_or_null(const std::optional<double>& value) { return value ? json(*value) : json(); }

json to_json(const QualityView& view) {
  return {{"targets", view.targets},
          {"window_s", view.window_s},
          {"accuracy_deg", value_or_null(view.accuracy_deg)},
          {"worst_accuracy_deg", value_or_null(view.worst_accuracy_deg)},
          {"rms_s2s_deg", value_or_null(view.rms_s2s_deg)},
          {"std_deg", value_or_null(view.std_deg)},
          {"bcea_68_deg2", value_or_null(view.bcea_deg2)},
          {"data_loss_percent", view.data_loss_percent},
          {"effective_rate_hz", view.effective_hz}};
}

json to_json(const CameraQuality& camera) {
  json shares = json::array();
  for (const auto& share : camera.valid_shares) shares.push_back(value_or_null(share));
  json precision;
  if (camera.precision) {
    precision = {{"fixations", camera.precision->fixations},
                 {"window_s", camera.precision->window_s},
                 {"rms_s2s_deg", camera.precision->rms_s2s_deg},
                 {"std_deg", camera.precision->std_deg},
                 {"bcea_68_deg2", camera.precision->bcea_deg2}};
  }
  return {{"camera", camera.camera},
          {"name", camera.name},
          {"view", camera.is_webcam ? "webcam" : "near_eye"},
          {"eye", camera.is_webcam ? json() : json(std::string(to_string(camera.eye)))},
          {"frames", camera.frames},
          {"frames_lost", camera.frames_lost},
          {"frames_valid", camera.valid},
          {"frames_in_blink", camera.in_blink},
          {"duration_s", camera.duration_s},
          {"nominal_rate_hz", camera.nominal_rate_hz},
          {"frame_rate_hz", camera.frame_rate_hz},
          {"effective_rate_hz", camera.effective_rate_hz},
          {"data_loss_percent", camera.data_loss_percent},
          {"interval_ms",
           {{"median", camera.median_interval_ms},
            {"p95", camera.p95_interval_ms},
            {"longest", camera.longest_interval_ms},
            {"histogram", {{"bin_ms", camera.interval_bin_ms}, {"counts", camera.interval_counts}}}}},
          {"valid_share_over_time", std::move(shares)},
          {"precision_in_fixations", std::move(precision)}};
}

json to_json(const SessionQualityReport& report) {
  json cameras = json::array();
  for (const CameraQuality& camera : report.cameras) cameras.push_back(to_json(camera));
  json losses = json::array();
  for (const LossQuality& loss : report.losses)
    losses.push_back({{"cause", loss.cause},
                      {"places", loss.gaps},
                      {"frames_lost", loss.frames_lost},
                      {"pictures_lost", loss.pictures_lost},
                      {"results_lost", loss.rows_lost}});
  json calibrations = json::array();
  for (const ScreenQuality& screen : report.calibrations) {
    const auto view = [](const std::optional<QualityView>& of) { return of ? to_json(*of) : json(); };
    calibrations.push_back({{"name", screen.name},
                            {"mapper", screen.mapper},
                            {"right", view(screen.eyes[0])},
                            {"left", view(screen.eyes[1])},
                            {"both", view(screen.both)},
                            {"mean_accuracy_of_eyes_deg", value_or_null(screen.mean_accuracy_of_eyes_deg)}});
  }
  return {{"format", "yarbus data quality"},
          {"version", 1},
          {"session",
           {{"id", report.session_id},
            {"name", report.name},
            {"participant", report.participant},
            {"duration_s", report.duration_s},
            {"end", report.end},
            {"end_note", report.end_note}}},
          {"analysis", {{"number", report.analysis}, {"name", report.analysis_name}}},
          {"cameras", std::move(cameras)},
          {"missing", std::move(losses)},
          {"calibrations", std::move(calibrations)},
          {"notes", report.notes}};
}

Result<void> write_json(const json& report, const std::filesystem::path& path) {
  QSaveFile file(QString::fromStdString(path.string()));
  const std::string text = report.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
  if (file.open(QIODevice::WriteOnly) &&
      file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) &&
      file.commit())
    return {};
  return Error{ErrorCode::output_unwritable,
               "the report cannot be written: " + file.errorString().toStdString(), path.string(),
               "Choose a folder that you may write to, with room left"};
}

}  // namespace

CLI::App* add_report(CLI::App& app, ReportArguments& arguments) {
  auto* command = app.add_subcommand(
      "report", "measure a recorded session's data quality: report.pdf and report.json (docs/analysis.md)");
  command->add_option("session", arguments.session, "the session's folder")->required();
  command->add_option("--out", arguments.folder, "the folder to write them into")->required();
  command->add_option("--analysis", arguments.analysis, "whose results (default: those of the recording)")
      ->transform(whole_number(0));
  return command;
}

int run_report(const ReportArguments& arguments) {
  const auto session = RecordedSession::open(arguments.session);
  if (!session) return report_error(session.error());
  const auto report = measure_session(*session, arguments.analysis);
  if (!report) return report_error(report.error());
  const std::filesystem::path folder = arguments.folder;
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const auto json_path = folder / "report.json";
  if (const auto written = write_json(to_json(*report), json_path); !written)
    return report_error(written.error());
  std::printf("wrote       %s\n", json_path.c_str());
  const auto pdf_path = folder / "report.pdf";
  if (const auto written = ui::write_session_report(*report, QString::fromStdString(pdf_path.string()));
      !written)
    return report_error(written.error());
  std::printf("wrote       %s\n", pdf_path.c_str());
  return exit_success;
}

}  // namespace yarbus::cli
