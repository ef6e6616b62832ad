#pragma once

#include <QImage>
#include <QString>
#include <optional>

#include "eyemodel/types/detection_stages.h"
#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"

namespace yarbus::ui {

struct DetectorStagesInput {
  QString source_name;
  FramePtr frame;                       ///< not null, with an image
  DetectionStages stages;               ///< of this frame, searched without a prior
  std::optional<PupilOutcome> tracked;  ///< what the tracker made of it with its prior, for the caption
  bool is_bright_pupil = false;         ///< for the words
};

/// Four panels side by side: the dark regions, the edges on rays from them, the outlines proposed and judged,
/// the outcome. Each has its heading above and a key in words below; lines differ by stroke as well as by
/// colour. A panel is 640 to 1000 px wide. Frames & units: image px of the frame mapped to each panel.
/// Threads: any with a QGuiApplication.
QImage paint_detector_stages(const DetectorStagesInput& input);

/// Where the picture shows a place of the frame in panel `panel` (0..3): pixels of the picture.
QPointF place_in_detector_stages(const DetectorStagesInput& input, int panel,
                                 const Eigen::Vector2d& point_px);

/// The same as a PNG file. Errors: output_unwritable; then no file is left behind.
Result<void> write_detector_stages(const DetectorStagesInput& input, const QString& png_path);

}  // namespace yarbus::ui
