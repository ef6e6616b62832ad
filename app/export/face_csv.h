#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <optional>

#include <Eigen/Core>

#include "app/export/output_file.h"
#include "eyemodel/types/gaze_point.h"
#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// An eye's line of sight, as far as it is known without a calibration. Frames & units: cam, mm.
struct FaceCsvAxis {
  Eigen::Vector3d eye_center_in_cam_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d optical_axis_in_cam = -Eigen::Vector3d::UnitZ();
};

/// Writes one row a webcam's frame, in the columns that docs/webcam.md explains. Header and rows come from
/// one table. Absent values are empty fields. Threads: one owner.
class FaceCsvWriter {
 public:
  /// `with_timings` fills detect_ms, which makes two runs differ.
  static Result<FaceCsvWriter> create(const std::filesystem::path& path, bool with_timings);

  /// `axes`, by EyeSide; `gaze` with a calibration.
  Result<void> add(const GazeSample& sample, double time_s,
                   const std::array<std::optional<FaceCsvAxis>, 2>& axes,
                   const std::optional<GazePoint>& gaze);
  /// Ends the file: under its name if `is_complete`, else as "<name>.partial.<ext>". Returns the path it is
  /// at.
  Result<std::filesystem::path> close(bool is_complete);

 private:
  FaceCsvWriter(OutputFile file, bool with_timings);

  OutputFile file_;
  std::ofstream stream_;
  bool with_timings_;
};

}  // namespace yarbus
