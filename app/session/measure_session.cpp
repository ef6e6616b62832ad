#include "app/session/measure_session.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "app/export/session/pupil_sizes.h"
#include "app/export/session/recorded_session_source.h"
#include "app/session/calibration_report.h"
#include "app/session/session_calibrations.h"
#include "calibration/validation/data_quality.h"
#include "tracker/events/gaze_events.h"
#include "tracker/events/main_sequence.h"

namespace yarbus {
namespace {

constexpr int bins_a_median = 20;  ///< of the histogram of intervals
constexpr int interval_bins = 60;
constexpr int time_pieces = 60;

/// The value that `share` of all values lie below (of an even number's middle two the larger); 0 without
/// values.
double interval_quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto index =
      std::min(static_cast<std::size_t>(share * static_cast<double>(values.size())), values.size() - 1);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
  return values[index];
}

double seconds_between(CaptureTime from, CaptureTime to) {
  return std::chrono::duration<double>(to - from).count();
}

/// One camera while its rows are read.
class CameraMeasure {
 public:
  CameraMeasure(const RecordedSession& session, const SessionCamera& camera, const AnalysisInfo& analysis)
      : session_(session),
        camera_(camera),
        selection_{analysis.analysis, camera.camera, std::nullopt, std::nullopt},
        saccade_options_(saccade_options_of(analysis)) {}

  Result<CameraQuality> run() {
    quality_.camera = camera_.camera;
    quality_.eye = camera_.eye;
    quality_.is_webcam = camera_.view == CameraView::webcam;
    quality_.name = camera_.name;
    quality_.nominal_rate_hz = camera_.nominal_rate_hz;
    if (auto read = read_frames(); !read) return read.error();
    if (times_.empty()) return quality_;
    measure_intervals();
    if (auto read = quality_.is_webcam ? read_faces() : read_pupils(); !read) return read.error();
    const auto due = static_cast<double>(quality_.frames + quality_.frames_lost);
    // A result may have no frame: the disk refused its row.
    quality_.data_loss_percent = std::max(0.0, 100.0 * (due - static_cast<double>(quality_.valid)) / due);
    if (quality_.duration_s > 0.0) {
      quality_.frame_rate_hz = static_cast<double>(quality_.frames) / quality_.duration_s;
      quality_.effective_rate_hz = static_cast<double>(quality_.valid) / quality_.duration_s;
    }
    share_out();
    if (auto measured = measure_saccades(); !measured) return measured.error();
    if (quality_.is_webcam) return quality_;
    if (auto measured = measure_pupil_sizes(); !measured) return measured.error();
    if (auto measured = measure_precision(); !measured) return measured.error();
    return quality_;
  }

 private:
  Result<void> read_frames() {
    return session_.read_frames(selection_, [&](const FrameRow& row) {
      times_.push_back(row.captured_at);
      ++quality_.frames;
      quality_.frames_lost += row.lost_before;
      return true;
    });
  }

  void measure_intervals() {
    std::vector<double> intervals_ms;
    for (std::size_t i = 1; i < times_.size(); ++i)
      intervals_ms.push_back(1e3 * seconds_between(times_[i - 1], times_[i]));
    if (intervals_ms.empty()) return;
    quality_.median_interval_ms = interval_quantile(intervals_ms, 0.5);
    quality_.p95_interval_ms = interval_quantile(intervals_ms, 0.95);
    quality_.longest_interval_ms = *std::max_element(intervals_ms.begin(), intervals_ms.end());
    quality_.duration_s = seconds_between(times_.front(), times_.back()) + 1e-3 * quality_.median_interval_ms;
    quality_.interval_bin_ms = quality_.median_interval_ms / bins_a_median;
    quality_.interval_counts.assign(interval_bins, 0);
    for (const double interval_ms : intervals_ms) {
      const double bin = std::min(interval_ms / quality_.interval_bin_ms, interval_bins - 1.0);
      ++quality_.interval_counts[static_cast<std::size_t>(bin)];
    }
  }

  Result<void> read_pupils() {
    return session_.read_pupils(selection_, [&](const PupilRow& row) {
      quality_.in_blink += row.in_blink ? 1 : 0;
      note(row.captured_at, !row.miss && !row.in_blink);
      return true;
    });
  }

  Result<void> read_faces() {
    return session_.read_faces(selection_, [&](const FaceRow& row) {
      quality_.in_blink += row.miss == FaceMissReason::eyes_closed ? 1 : 0;
      note(row.captured_at, row.eyes[0].has_value() || row.eyes[1].has_value());
      return true;
    });
  }

  void note(CaptureTime at, bool is_valid) {
    ++quality_.looked_at;
    quality_.valid += is_valid ? 1 : 0;
    if (is_valid) valid_times_.push_back(at);
  }

  void share_out() {
    std::array<int, time_pieces> all{};
    std::array<int, time_pieces> good{};
    const auto piece = [&](CaptureTime at) {
      const double share =
          quality_.duration_s > 0.0 ? seconds_between(times_.front(), at) / quality_.duration_s : 0.0;
      return static_cast<std::size_t>(std::clamp(share * time_pieces, 0.0, time_pieces - 1.0));
    };
    for (const CaptureTime at : times_) ++all[piece(at)];
    for (const CaptureTime at : valid_times_) ++good[piece(at)];
    for (std::size_t i = 0; i < all.size(); ++i)
      quality_.valid_shares.push_back(all[i] > 0 ? std::optional(static_cast<double>(good[i]) / all[i])
                                                 : std::nullopt);
  }

  Result<void> measure_saccades() {
    SaccadeQuality& found = quality_.saccades;
    std::vector<Saccade> saccades;
    auto read = session_.read_events(selection_, [&](const EventRow& row) {
      if (row.kind != EventKind::saccade || !row.amplitude_deg || !row.peak_velocity_deg_s) return true;
      Saccade& saccade = saccades.emplace_back();
      saccade.amplitude_deg = *row.amplitude_deg;
      saccade.peak_velocity_deg_s = *row.peak_velocity_deg_s;
      found.saccades.push_back({*row.amplitude_deg, *row.peak_velocity_deg_s});
      return true;
    });
    if (!read) return read;
    const auto fitted = fit_main_sequence(saccades);
    if (const auto* sequence = std::get_if<MainSequence>(&fitted)) {
      found.main_sequence = MainSequenceQuality{
          sequence->limit_deg_s,  sequence->bend_deg,    static_cast<std::int64_t>(sequence->saccades),
          sequence->smallest_deg, sequence->largest_deg, sequence->spread};
    } else {
      found.main_sequence_miss = std::string(to_string(std::get<MainSequenceMiss>(fitted)));
    }
    if (!saccades.empty() || quality_.looked_at == 0) return {};
    // The reason is not stored; the rate, on which it nearly always rests, can be told again.
    GazeEvents none;
    none.rate_hz = quality_.median_interval_ms > 0.0 ? 1e3 / quality_.median_interval_ms : 0.0;
    none.saccade_rate = saccade_rate(1e-3 * quality_.median_interval_ms, saccade_options_);
    if (none.saccade_rate != SaccadeRate::enough) found.miss = none.saccade_miss_text();
    return {};
  }

  /// As the analysis was made: options that it does not name are as they are by themselves.
  static SaccadeOptions saccade_options_of(const AnalysisInfo& analysis) {
    SaccadeOptions options;
    const auto settings = nlohmann::json::parse(analysis.settings_json, nullptr, false);
    const nlohmann::json::json_pointer rate("/events/saccade/lowest_rate_hz");
    if (settings.is_object() && settings.contains(rate) && settings[rate].is_number())
      options.lowest_rate_hz = settings[rate].get<double>();
    return options;
  }

  Result<void> measure_pupil_sizes() {
    if (quality_.looked_at == 0) return {};
    const RecordedSessionSource source(session_);
    const auto sizes = PupilSizes::read(source, selection_.analysis, camera_.camera);
    if (!sizes) return sizes.error();
    quality_.pupil_size = PupilSizeQuality{static_cast<std::int64_t>(sizes->frames()),
                                           sizes->found(PupilFlag::valid),
                                           sizes->found(PupilFlag::missing),
                                           sizes->found(PupilFlag::blink),
                                           sizes->found(PupilFlag::speed_outlier),
                                           sizes->found(PupilFlag::isolated),
                                           sizes->interpolated()};
    return {};
  }

  Result<void> measure_precision() {
    std::vector<std::pair<CaptureTime, CaptureTime>> fixations;
    auto read = session_.read_events(selection_, [&](const EventRow& row) {
      if (row.kind == EventKind::fixation) fixations.emplace_back(row.start, row.end);
      return true;
    });
    if (!read) return read;
    std::vector<DirectedGaze> frames;
    std::vector<double> windows_s;
    std::vector<double> steps;
    std::vector<double> spreads;
    std::vector<double> areas;
    std::size_t next = 0;
    std::int64_t last_frame = 0;
    const auto measure = [&] {
      const TargetQuality measured = measure_target(static_cast<int>(next), frames);
      frames.clear();
      if (!measured.rms_s2s_deg || !measured.std_deg || !measured.bcea_deg2) return;
      windows_s.push_back(measured.window_s);
      steps.push_back(*measured.rms_s2s_deg);
      spreads.push_back(*measured.std_deg);
      areas.push_back(*measured.bcea_deg2);
    };
    read = session_.read_poses(selection_, [&](const PoseRow& row) {
      while (next < fixations.size() && fixations[next].second < row.captured_at) {
        measure();
        ++next;
      }
      if (next == fixations.size()) return false;
      if (row.captured_at < fixations[next].first) return true;
      // Frames without a gaze are loss: no step leads over them.
      if (!frames.empty()) add_missing(row, last_frame, frames);
      last_frame = row.frame;
      // The axis points at the camera: half a turn about the vertical, and azimuth is far from its seam.
      const Eigen::Vector3d gaze = row.pose.gaze_dir_in_cam();
      frames.push_back(
          {row.captured_at, Eigen::Vector3d(-gaze.x(), gaze.y(), -gaze.z()), Eigen::Vector3d::UnitZ()});
      return true;
    });
    if (!read) return read;
    if (next < fixations.size()) measure();
    if (steps.empty()) return {};
    quality_.precision = FixationPrecision{static_cast<int>(steps.size()), interval_quantile(windows_s, 0.5),
                                           interval_quantile(steps, 0.5), interval_quantile(spreads, 0.5),
                                           interval_quantile(areas, 0.5)};
    return {};
  }

  /// Of the frames between the last gaze and this one, evenly in time.
  static void add_missing(const PoseRow& row, std::int64_t last_frame, std::vector<DirectedGaze>& frames) {
    const CaptureTime before = frames.back().captured_at;
    const std::int64_t intervals = row.frame - last_frame;
    for (std::int64_t i = 1; i < intervals; ++i)
      frames.push_back(
          {before + (row.captured_at - before) * i / intervals, std::nullopt, Eigen::Vector3d::UnitZ()});
  }

  const RecordedSession& session_;
  const SessionCamera& camera_;
  RowSelection selection_;
  SaccadeOptions saccade_options_;
  CameraQuality quality_;
  std::vector<CaptureTime> times_;
  std::vector<CaptureTime> valid_times_;
};

Result<std::vector<LossQuality>> losses_of(const RecordedSession& session) {
  const auto gaps = session.gaps();
  if (!gaps) return gaps.error();
  std::map<std::string, LossQuality> by_cause;
  for (const GapRow& gap : *gaps) {
    LossQuality& loss = by_cause[std::string(to_string(gap.cause))];
    ++loss.gaps;
    loss.frames_lost += gap.frames_lost;
    loss.pictures_lost += gap.pictures_lost;
    loss.rows_lost += gap.rows_lost;
  }
  std::vector<LossQuality> losses;
  for (auto& [cause, loss] : by_cause) {
    loss.cause = cause;
    losses.push_back(std::move(loss));
  }
  return losses;
}

/// Why figures of a camera say less than they seem to.
std::optional<std::string> note_on(const CameraQuality& camera) {
  const std::string name = "Camera " + std::to_string(camera.camera);
  if (camera.frames == 0) return name + " has no frames";
  if (camera.looked_at == 0)
    return name + " has no results here, so all its frames count as lost data: analyse the session first";
  if (camera.looked_at < camera.frames)
    return name + ": " + std::to_string(camera.frames - camera.looked_at) + " of " +
           std::to_string(camera.frames) + " frames were never looked at; they count as lost data";
  return std::nullopt;
}

ScreenQuality quality_of(const SessionCalibrations::Calibration& calibration) {
  const LoadedCalibration& loaded = calibration.loaded;
  ScreenQuality screen;
  screen.name = loaded.saved.name;
  screen.mapper = std::string(loaded.choice.mapper().name());
  if (loaded.saved.validation.empty()) return screen;
  const QualityReport measured =
      measure_quality(loaded.choice.mapper(), loaded.saved.validation, loaded.choice.eyes_in_screen_mm);
  const CalibrationResult described = describe_calibration("", loaded.saved, loaded.choice, measured);
  screen.eyes = described.eyes;
  screen.both = described.both;
  screen.mean_accuracy_of_eyes_deg = measured.mean_accuracy_of_eyes_deg;
  return screen;
}

}  // namespace

Result<SessionQualityReport> measure_session(const RecordedSession& session, AnalysisId analysis) {
  const auto analyses = session.analyses();
  if (!analyses) return analyses.error();
  const auto found = std::find_if(analyses->begin(), analyses->end(),
                                  [&](const AnalysisInfo& info) { return info.analysis == analysis; });
  if (found == analyses->end())
    return Error{ErrorCode::invalid_option, "the session has no analysis " + std::to_string(analysis),
                 session.folder().string(), "Choose one that it has, or 0 for the recording's own results"};
  SessionQualityReport report;
  report.name = session.info().name;
  report.participant = session.info().participant;
  report.session_id = session.info().session_id;
  report.duration_s = std::chrono::duration<double>(session.info().duration).count();
  report.analysis = analysis;
  report.analysis_name = found->name;
  report.end = std::string(to_string(session.info().end));
  report.end_note = session.info().end_note;
  report.notes = session.condition().findings;
  for (const SessionCamera& camera : session.cameras()) {
    auto measured = CameraMeasure(session, camera, *found).run();
    if (!measured) return measured.error();
    if (auto note = note_on(*measured)) report.notes.push_back(std::move(*note));
    if (!measured->saccades.miss.empty())
      report.notes.push_back("Camera " + std::to_string(measured->camera) + ": " + measured->saccades.miss);
    report.cameras.push_back(std::move(*measured));
  }
  auto losses = losses_of(session);
  if (!losses) return losses.error();
  report.losses = std::move(*losses);
  const auto calibrations = SessionCalibrations::load(session, "");
  if (!calibrations) return calibrations.error();
  report.notes.insert(report.notes.end(), calibrations->notes().begin(), calibrations->notes().end());
  for (const auto& calibration : calibrations->all()) report.calibrations.push_back(quality_of(calibration));
  return report;
}

}  // namespace yarbus
