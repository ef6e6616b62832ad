#pragma once

#include <QImage>
#include <QPainter>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/cli/closed_outputs.h"
#include "app/cli/track_command.h"
#include "app/export/track_csv.h"
#include "app/export/video_writer.h"
#include "ui/report/track_plot.h"

namespace yarbus::cli {

/// Checks, before any work, that every output can be written and none is an input or another output. Empty
/// outputs are none.
Result<void> check_output_paths(const std::vector<std::string>& outputs,
                                const std::vector<std::string>& inputs);

/// Starts the recording that is asked for; nullopt: none is.
Result<std::optional<TrackRecording>> start_recording(const TrackArguments& arguments,
                                                      std::span<const TrackedCamera> cameras);
/// Ends it among a run's files. `blinks`: of each camera.
void close_recording(std::optional<TrackRecording>& recording,
                     std::initializer_list<std::span<const BlinkEvent>> blinks, ClosedOutputs& closed,
                     const std::filesystem::path& folder);

ui::TrackPlotPoint plot_point(const GazeSample& sample, double time_s);

/// How much larger an overlay is than the frames: at least 640 px wide, so that the caption stays readable.
int overlay_factor(int frame_width_px);

/// One sample over its frame, as every overlay of `yarbus track` shows it.
void paint_track_overlay(QPainter& painter, const QRectF& area, const GazeSample& sample);
Result<void> write_overlay_frame(VideoWriter& video, const QImage& canvas, double time_s);

/// The files that `yarbus track` writes: table, overlay video, plot, picture of the detector's stages.
class TrackOutputs final : public TrackSink {
 public:
  explicit TrackOutputs(const TrackArguments& arguments) : arguments_(arguments) {}

  /// See check_output_paths.
  Result<void> check_paths() const;

  Result<void> begin(const SourceSnapshot& source, const CameraIntrinsics& intrinsics) override;
  Result<void> on_sample(const GazeSample& sample, double time_s) override;
  Result<void> on_label(const LabelledFrame& label) override;

  /// Ends the files; incomplete ones get names that say so. Returns the paths written.
  Result<std::vector<std::filesystem::path>> close(const TrackSummary& summary, bool is_complete);

 private:
  Result<void> write_plot(const TrackSummary& summary, const std::filesystem::path& path);
  Result<void> write_stages(const TrackSummary& summary, const std::filesystem::path& path) const;
  Result<void> paint_overlay(const GazeSample& sample, double time_s);

  const TrackArguments& arguments_;
  std::optional<TrackCsvWriter> csv_;
  std::optional<VideoWriter> overlay_;
  std::optional<TrackRecording> recording_;
  QImage canvas_;
  std::vector<ui::TrackPlotPoint> plot_points_;
  FramePtr last_frame_;  ///< null unless the stages are asked for
  PupilOutcome last_outcome_;
};

}  // namespace yarbus::cli
