#pragma once

#include <QString>
#include <vector>

#include "eyemodel/types/blink.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// One frame of a finished track, for the plot. NaN = absent.
struct TrackPlotPoint {
  double time_s = 0.0;
  double gaze_azimuth_deg = 0.0;
  double gaze_elevation_deg = 0.0;
  double pupil_diameter_mm = 0.0;
  double confidence = 0.0;
};

struct TrackPlotInput {
  QString title;     ///< the input's name
  QString subtitle;  ///< fit report and gauge in words
  std::vector<TrackPlotPoint> points;
  std::vector<TrackPlotPoint> left_points;  ///< of two eyes: the left one's, dashed; `points` is the right's
  std::vector<BlinkEvent> blinks;
};

/// A PNG with gaze azimuth and elevation, pupil diameter and confidence against time, blinks shaded and
/// labelled; 1600x1100 px. Works without a display: a QApplication must exist, QT_QPA_PLATFORM=offscreen is
/// enough. Errors: output_unwritable; then no file is left behind. Threads: the one of the QApplication.
Result<void> write_track_plot(const TrackPlotInput& input, const QString& png_path);

}  // namespace yarbus::ui
