#pragma once

#include <QImage>
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "app/cli/track_command.h"
#include "app/export/track_csv.h"
#include "app/export/video_writer.h"
#include "ui/report/track_plot.h"

namespace yarbus::cli {

/// The blinks of both eyes as one list: those that overlap are one, numbered anew by onset.
std::vector<BlinkEvent> blinks_of_both(const std::vector<BlinkEvent>& right,
                                       const std::vector<BlinkEvent>& left);

/// The files of `yarbus track` for two eyes: one table with rows of both, one overlay with both side by side
/// (the right eye at left, as in a picture of the face), one plot with both.
class TwoEyeOutputs final : public TwoEyeSink {
 public:
  explicit TwoEyeOutputs(const TrackArguments& arguments) : arguments_(arguments) {}

  Result<void> check_paths() const;

  Result<void> begin(const std::array<SourceSnapshot, 2>& sources,
                     const std::array<CameraIntrinsics, 2>& intrinsics) override;
  Result<void> on_sample(const BinocularSample& sample, double time_s) override;
  Result<void> on_label(EyeSide eye, const LabelledFrame& label) override;

  /// Ends the files; incomplete ones get names that say so. Returns the paths written.
  Result<std::vector<std::filesystem::path>> close(const TwoEyeEnd& end, bool is_complete);

 private:
  /// One eye's half of the overlay.
  struct Half {
    QRectF area;
    bool is_new = false;  ///< painted since the last video frame
    std::optional<double> painted_s;
  };
  Result<void> paint_overlay(const BinocularSample& sample, double time_s);
  /// Writes the canvas as a video frame of the time it was begun at.
  Result<void> write_canvas();
  Result<void> write_plot(const TwoEyeEnd& end, const std::filesystem::path& path);

  const TrackArguments& arguments_;
  std::optional<TrackCsvWriter> csv_;
  std::optional<VideoWriter> overlay_;
  std::optional<TrackRecording> recording_;  ///< of two cameras, by EyeSide
  QImage canvas_;
  std::array<Half, 2> halves_;
  std::optional<double> canvas_s_;
  std::optional<double> written_s_;
  std::array<std::vector<ui::TrackPlotPoint>, 2> plot_points_;
};

}  // namespace yarbus::cli
