#include "app/cli/track_face_command.h"

#include <QImage>
#include <QPainter>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/cli/closed_outputs.h"
#include "app/cli/exit_codes.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/track_outputs.h"
#include "app/export/face_csv.h"
#include "app/session/track_face.h"

namespace yarbus::cli {
namespace {

/// The files of one run: table, overlay video, plot.
class FaceOutputs final : public FaceTrackSink {
 public:
  explicit FaceOutputs(const TrackArguments& arguments) : arguments_(arguments) {}

  [[nodiscard]] Result<void> check_paths() const {
    return check_output_paths({arguments_.csv_path, arguments_.overlay_path, arguments_.plot_path},
                              {arguments_.request.source.location});
  }
  Result<void> begin(const SourceSnapshot& source, const CameraIntrinsics& intrinsics) override {
    const std::array cameras{TrackedCamera{source, intrinsics, arguments_.request.eye, {}}};
    auto recording = start_recording(arguments_, cameras);
    if (!recording) return recording.error();
    recording_ = std::move(*recording);
    auto csv = FaceCsvWriter::create(arguments_.csv_path, arguments_.with_timings);
    if (!csv) return csv.error();
    csv_.emplace(std::move(*csv));
    if (arguments_.overlay_path.empty()) return {};
    const int factor = overlay_factor(source.width_px);
    canvas_ = QImage(source.width_px * factor, source.height_px * factor, QImage::Format_RGB32);
    auto overlay = VideoWriter::create(arguments_.overlay_path, canvas_.width(), canvas_.height(),
                                       source.nominal_rate_hz);
    if (!overlay) return overlay.error();
    overlay_.emplace(std::move(*overlay));
    return {};
  }
  Result<void> on_frame(const FaceTrackFrame& frame) override {
    std::array<std::optional<FaceCsvAxis>, 2> axes;
    for (std::size_t eye = 0; eye < axes.size(); ++eye) {
      if (const auto& ray = frame.frame.rays.eyes[eye])
        axes[eye] = FaceCsvAxis{ray->eye_center_in_cam_mm, ray->optical_axis_in_cam};
    }
    if (const auto written = csv_->add(frame.sample, frame.time_s, axes, frame.gaze); !written)
      return written;
    if (recording_) {
      if (const auto added = recording_->add(frame.sample, frame.gaze); !added) return added;
    }
    if (!arguments_.plot_path.empty()) plot_points_.push_back(point_of(frame));
    if (!overlay_) return {};
    {
      QPainter painter(&canvas_);
      paint_track_overlay(painter, QRectF(canvas_.rect()), frame.sample);
    }
    return write_overlay_frame(*overlay_, canvas_, frame.time_s);
  }
  Result<std::vector<std::filesystem::path>> close(const FaceTrackSummary& summary, bool is_complete) {
    ClosedOutputs closed(is_complete);
    closed.close(csv_);
    closed.close(overlay_);
    close_recording(recording_, {std::span<const BlinkEvent>()}, closed, arguments_.recording.folder);
    if (!plot_points_.empty()) {
      closed.add_picture(arguments_.plot_path, [&](const std::filesystem::path& part_path) {
        ui::TrackPlotInput plot;
        plot.title = QString::fromStdString(summary.source.name);
        plot.subtitle = QString("both eyes' optical axes in the camera, mean");
        plot.points = std::move(plot_points_);
        return ui::write_track_plot(plot, QString::fromStdString(part_path.string()));
      });
    }
    return closed.result();
  }

 private:
  static ui::TrackPlotPoint point_of(const FaceTrackFrame& frame) {
    constexpr double absent = std::numeric_limits<double>::quiet_NaN();
    ui::TrackPlotPoint point{frame.time_s, absent, absent, absent, 0.0};
    Eigen::Vector3d axis = Eigen::Vector3d::Zero();
    int eyes = 0;
    for (const auto& ray : frame.frame.rays.eyes) {
      if (!ray) continue;
      axis += ray->optical_axis_in_cam;
      point.confidence += ray->confidence;
      ++eyes;
    }
    if (eyes == 0) return point;
    point.confidence /= eyes;
    const auto [azimuth_deg, elevation_deg] = azimuth_elevation_deg(axis);
    point.gaze_azimuth_deg = azimuth_deg;
    point.gaze_elevation_deg = elevation_deg;
    return point;
  }

  const TrackArguments& arguments_;
  std::optional<FaceCsvWriter> csv_;
  std::optional<VideoWriter> overlay_;
  std::optional<TrackRecording> recording_;
  QImage canvas_;
  std::vector<ui::TrackPlotPoint> plot_points_;
};

void print_face_summary(const FaceTrackSummary& summary) {
  const auto count = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
  const double percent = 100.0 * static_cast<double>(summary.frames_with_irises) /
                         static_cast<double>(std::max<std::uint64_t>(1, summary.frames));
  std::printf("frames      %llu, %dx%d px\n", count(summary.frames), summary.source.width_px,
              summary.source.height_px);
  std::printf("irises      in %llu frames (%.1f %%)\n", count(summary.frames_with_irises), percent);
  if (summary.frames_with_irises < summary.frames) {
    std::printf("misses     ");
    for (std::size_t i = 0; i < summary.misses.size(); ++i) {
      if (summary.misses[i] == 0) continue;
      std::printf(" %s %llu", std::string(to_string(static_cast<FaceMissReason>(i))).c_str(),
                  count(summary.misses[i]));
    }
    std::printf("\n");
  }
  std::printf("blinks      %d\n", summary.blinks);
  if (summary.median_distance_mm && summary.median_iris_radius_px)
    std::printf("head        %.0f cm away (median), iris radius %.1f px\n",
                *summary.median_distance_mm / 10.0, *summary.median_iris_radius_px);
  std::printf("camera      focal length %.1f px%s\n", summary.intrinsics.fx_px,
              summary.source.focal_length_is_assumed
                  ? " (assumed: 1.0 x the longer side; distances are approximate)"
                  : "");
  if (summary.frames_with_gaze > 0)
    std::printf("gaze        on the screen in %llu frames\n", count(summary.frames_with_gaze));
  if (summary.median_gaze_error_mm)
    std::printf("            %.1f mm median from where the simulated eyes look\n",
                *summary.median_gaze_error_mm);
  if (summary.most_faces > 1)
    std::printf("warning     %d faces at once; one of them was followed\n", summary.most_faces);
  if (summary.is_lifeless)
    std::printf("warning     nothing moved in the face for 20 s: it may be a photograph\n");
}

}  // namespace

int run_track_face(const TrackArguments& arguments) {
  const InterruptWatcher interrupt;
  FaceOutputs outputs(arguments);
  if (const auto checked = outputs.check_paths(); !checked) return report_error(checked.error());
  FaceTrackRequest request;
  request.source = arguments.request.source;
  request.max_frames = arguments.request.max_frames;
  request.calibration_path = arguments.calibration_path;
  ProgressBar bar;
  const auto on_progress = [&](const TrackProgress& progress) {
    bar.update("tracking", progress.frames_done, progress.frames_total);
  };
  const FaceTrackEnd end = track_face(request, outputs, on_progress, interrupt.token());
  bar.finish();
  const bool is_complete = !end.error.has_value();
  const auto written = outputs.close(end.summary, is_complete);
  if (end.summary.frames > 0) print_face_summary(end.summary);
  if (end.summary.frames > 0 && arguments.with_timings) {
    const auto ms = [](std::chrono::nanoseconds time) {
      return std::chrono::duration<double, std::milli>(time).count();
    };
    std::printf("time        %.1f ms a frame (median), %.1f p95\n", ms(end.summary.detect.p50),
                ms(end.summary.detect.p95));
  }
  std::vector<Error> errors;
  if (end.error) errors.push_back(*end.error);
  return finish_run(errors, written, end.summary.was_interrupted, end.summary.frames);
}

}  // namespace yarbus::cli
