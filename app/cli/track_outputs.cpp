#include "app/cli/track_outputs.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include "app/cli/closed_outputs.h"
#include "app/export/output_file.h"
#include "app/session/detection_stages.h"
#include "ui/report/detector_stages.h"
#include "ui/report/overlay.h"

namespace yarbus::cli {
namespace {

/// Overlay videos are at least this wide, so that the caption stays readable over a small camera's image.
constexpr int min_overlay_width_px = 640;

}  // namespace

ui::TrackPlotPoint plot_point(const GazeSample& sample, double time_s) {
  constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  ui::TrackPlotPoint point{time_s, absent, absent, absent, confidence_of(sample.pupil)};
  if (sample.pose) {
    const auto [azimuth_deg, elevation_deg] = azimuth_elevation_deg(sample.pose->gaze_dir_in_cam());
    point.gaze_azimuth_deg = azimuth_deg;
    point.gaze_elevation_deg = elevation_deg;
    point.pupil_diameter_mm = sample.pose->pupil_diameter_mm();
  }
  return point;
}

int overlay_factor(int frame_width_px) {
  return std::max(1, (min_overlay_width_px + frame_width_px - 1) / frame_width_px);
}

void paint_track_overlay(QPainter& painter, const QRectF& area, const GazeSample& sample) {
  ui::OverlayOptions options;
  options.true_outline = true;  // drawn where the frame carries its truth: a simulated eye
  ui::paint_sample(painter, area, sample, options);
}

Result<void> write_overlay_frame(VideoWriter& video, const QImage& canvas, double time_s) {
  const auto time = std::chrono::nanoseconds(std::llround(time_s * 1e9));
  return video.write(canvas.constBits(), canvas.bytesPerLine(), time);
}

Result<void> check_output_paths(const std::vector<std::string>& outputs,
                                const std::vector<std::string>& inputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::string& path = outputs[i];
    if (path.empty()) continue;
    for (const std::string& input : inputs) {
      std::error_code ignored;
      if (std::filesystem::equivalent(path, input, ignored))
        return Error{ErrorCode::invalid_option, "the output is the input itself", path,
                     "Choose another name"};
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (path == outputs[j]) {
        return Error{ErrorCode::invalid_option, "two outputs have the same name", path,
                     "Give each its own name"};
      }
    }
    if (const auto file = OutputFile::create(path); !file) return file.error();
  }
  return {};
}

Result<void> TrackOutputs::check_paths() const {
  return check_output_paths({arguments_.csv_path, arguments_.overlay_path, arguments_.plot_path,
                             arguments_.stages_path, arguments_.save_model_path},
                            {arguments_.request.source.location});
}

Result<std::optional<TrackRecording>> start_recording(const TrackArguments& arguments,
                                                      std::span<const TrackedCamera> cameras) {
  if (arguments.recording.folder.empty()) return std::optional<TrackRecording>();
  TrackRecordingRequest wanted = arguments.recording;
  wanted.made_with = {arguments.request.tracker.fit.stage, arguments.request.tracker.detector.bright_pupil,
                      arguments.request.tracker.detector.refine_by_contrast};
  auto started = TrackRecording::start(wanted, cameras);
  if (!started) return started.error();
  return std::optional<TrackRecording>(std::move(*started));
}

void close_recording(std::optional<TrackRecording>& recording,
                     std::initializer_list<std::span<const BlinkEvent>> blinks, ClosedOutputs& closed,
                     const std::filesystem::path& folder) {
  if (!recording) return;
  if (const auto finished = recording->finish(blinks); finished) {
    closed.add(folder);
  } else {
    closed.fail(finished.error());
  }
}

Result<void> TrackOutputs::begin(const SourceSnapshot& source, const CameraIntrinsics& intrinsics) {
  const std::array cameras{TrackedCamera{source, intrinsics, arguments_.request.eye, {}}};
  auto recording = start_recording(arguments_, cameras);
  if (!recording) return recording.error();
  recording_ = std::move(*recording);
  auto csv = TrackCsvWriter::create(arguments_.csv_path, arguments_.with_timings);
  if (!csv) return csv.error();
  csv_.emplace(std::move(*csv));
  if (!arguments_.overlay_path.empty()) {
    const int factor = overlay_factor(source.width_px);
    canvas_ = QImage(source.width_px * factor, source.height_px * factor, QImage::Format_RGB32);
    auto overlay = VideoWriter::create(arguments_.overlay_path, canvas_.width(), canvas_.height(),
                                       source.nominal_rate_hz);
    if (!overlay) return overlay.error();
    overlay_.emplace(std::move(*overlay));
  }
  return {};
}

Result<void> TrackOutputs::on_sample(const GazeSample& sample, double time_s) {
  csv_->add(sample, time_s);
  if (recording_) {
    if (const auto added = recording_->add(sample); !added) return added;
  }
  if (!arguments_.plot_path.empty()) plot_points_.push_back(plot_point(sample, time_s));
  if (!arguments_.stages_path.empty()) {
    last_frame_ = sample.frame;
    last_outcome_ = sample.pupil;
  }
  return overlay_ ? paint_overlay(sample, time_s) : Result<void>{};
}

Result<void> TrackOutputs::paint_overlay(const GazeSample& sample, double time_s) {
  {
    QPainter painter(&canvas_);
    paint_track_overlay(painter, QRectF(canvas_.rect()), sample);
  }
  return write_overlay_frame(*overlay_, canvas_, time_s);
}

Result<void> TrackOutputs::on_label(const LabelledFrame& label) {
  return csv_->label(label.sequence, label.blink_id);
}

Result<std::vector<std::filesystem::path>> TrackOutputs::close(const TrackSummary& summary,
                                                               bool is_complete) {
  ClosedOutputs closed(is_complete);
  closed.close(csv_);
  closed.close(overlay_);
  close_recording(recording_, {summary.blinks}, closed, arguments_.recording.folder);
  if (!plot_points_.empty()) {
    closed.add_picture(arguments_.plot_path,
                       [&](const auto& part_path) { return write_plot(summary, part_path); });
  }
  if (last_frame_ != nullptr) {
    closed.add_picture(arguments_.stages_path,
                       [&](const auto& part_path) { return write_stages(summary, part_path); });
  }
  return closed.result();
}

Result<void> TrackOutputs::write_plot(const TrackSummary& summary, const std::filesystem::path& path) {
  ui::TrackPlotInput plot;
  plot.title = QString::fromStdString(summary.source.name);
  plot.subtitle =
      QString::fromStdString(summary.model ? summary.model->report.to_text() : summary.last_report.to_text());
  plot.points = std::move(plot_points_);
  plot.blinks = summary.blinks;
  return ui::write_track_plot(plot, QString::fromStdString(path.string()));
}

Result<void> TrackOutputs::write_stages(const TrackSummary& summary,
                                        const std::filesystem::path& path) const {
  const PupilDetectorOptions& detector = arguments_.request.tracker.detector;
  ui::DetectorStagesInput picture;
  picture.source_name = QString::fromStdString(summary.source.name);
  picture.frame = last_frame_;
  picture.stages = detection_stages(last_frame_->gray.view(), detector);
  picture.tracked = last_outcome_;
  picture.is_bright_pupil = detector.bright_pupil;
  return ui::write_detector_stages(picture, QString::fromStdString(path.string()));
}

}  // namespace yarbus::cli
