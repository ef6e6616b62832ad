#include "app/cli/quality_json.h"

#include <optional>
#include <string>
#include <utility>

namespace yarbus::cli {
namespace {

using nlohmann::json;

json or_null(const std::optional<double>& value) { return value ? json(*value) : json(); }

json view_json(const QualityView& view) {
  return {{"targets", view.targets},
          {"window_s", view.window_s},
          {"accuracy_deg", or_null(view.accuracy_deg)},
          {"worst_accuracy_deg", or_null(view.worst_accuracy_deg)},
          {"rms_s2s_deg", or_null(view.rms_s2s_deg)},
          {"std_deg", or_null(view.std_deg)},
          {"bcea_68_deg2", or_null(view.bcea_deg2)},
          {"data_loss_percent", view.data_loss_percent},
          {"effective_rate_hz", view.effective_hz}};
}

json pupil_size_json(const PupilSizeQuality& size) {
  const auto percent = [&](std::int64_t frames) {
    return size.frames > 0 ? json(100.0 * static_cast<double>(frames) / static_cast<double>(size.frames))
                           : json();
  };
  return {{"frames", size.frames},
          {"frames_valid", size.valid},
          {"valid_percent", percent(size.valid)},
          {"frames_missing", size.missing},
          {"frames_in_blink", size.in_blink},
          {"frames_speed_outlier", size.speed_outliers},
          {"frames_isolated", size.isolated},
          {"frames_interpolated", size.interpolated},
          {"interpolated_percent", percent(size.interpolated)}};
}

json saccades_json(const SaccadeQuality& saccades) {
  json each = json::array();
  for (const auto& saccade : saccades.saccades)
    each.push_back(
        {{"amplitude_deg", saccade.amplitude_deg}, {"peak_velocity_deg_s", saccade.peak_velocity_deg_s}});
  json sequence;
  if (const auto& fitted = saccades.main_sequence) {
    sequence = {{"limit_deg_s", fitted->limit_deg_s}, {"bend_deg", fitted->bend_deg},
                {"saccades", fitted->saccades},       {"smallest_deg", fitted->smallest_deg},
                {"largest_deg", fitted->largest_deg}, {"spread_ln", fitted->spread}};
  }
  const auto words = [](const std::string& text) { return text.empty() ? json() : json(text); };
  return {{"count", saccades.saccades.size()},
          {"missing_because", words(saccades.miss)},
          {"main_sequence", std::move(sequence)},
          {"main_sequence_missing_because", words(saccades.main_sequence_miss)},
          {"each", std::move(each)}};
}

json camera_json(const CameraQuality& camera) {
  json shares = json::array();
  for (const auto& share : camera.valid_shares) shares.push_back(or_null(share));
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
          {"frames_looked_at", camera.looked_at},
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
          {"precision_in_fixations", std::move(precision)},
          {"pupil_size", camera.pupil_size ? pupil_size_json(*camera.pupil_size) : json()},
          {"saccades", saccades_json(camera.saccades)}};
}

}  // namespace

nlohmann::json quality_json(const SessionQualityReport& report) {
  json cameras = json::array();
  for (const CameraQuality& camera : report.cameras) cameras.push_back(camera_json(camera));
  json losses = json::array();
  for (const LossQuality& loss : report.losses)
    losses.push_back({{"cause", loss.cause},
                      {"places", loss.gaps},
                      {"frames_lost", loss.frames_lost},
                      {"pictures_lost", loss.pictures_lost},
                      {"results_lost", loss.rows_lost}});
  json calibrations = json::array();
  for (const ScreenQuality& screen : report.calibrations) {
    const auto view = [](const std::optional<QualityView>& of) { return of ? view_json(*of) : json(); };
    calibrations.push_back({{"name", screen.name},
                            {"mapper", screen.mapper},
                            {"right", view(screen.eyes[0])},
                            {"left", view(screen.eyes[1])},
                            {"both", view(screen.both)},
                            {"mean_accuracy_of_eyes_deg", or_null(screen.mean_accuracy_of_eyes_deg)}});
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

}  // namespace yarbus::cli
