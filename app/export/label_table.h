#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "app/export/labelled_recording.h"
#include "eyemodel/types/face_truth.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/screen_geometry.h"
#include "eyemodel/types/simulated_truth.h"

namespace yarbus {

/// The numbers of one row of gt.csv, named as its columns; NaN where the row has none.
struct LabelRow {
  static constexpr double absent = std::numeric_limits<double>::quiet_NaN();
  double frame = absent;
  double t_s = absent;
  double eye_x = absent, eye_y = absent, eye_z = absent;
  double gaze_x = absent, gaze_y = absent, gaze_z = absent;
  double pupil_x = absent, pupil_y = absent, pupil_z = absent;
  double pupil_r = absent;
  double ell_cx = absent, ell_cy = absent, ell_a = absent, ell_b = absent, ell_angle_rad = absent;
  double visible_fraction = absent;
  double blink = absent;
  double target_x_px = absent, target_y_px = absent;
  double split = absent;  ///< 0 calibration, 1 test
};

/// A simulated eye's frame, as the writer's columns see it.
struct TruthOfFrame {
  std::uint64_t frame = 0;
  const SimulatedTruth& truth;
};

/// A simulated face's frame, as the writer's columns see it.
struct FaceTruthOfFrame {
  std::uint64_t frame = 0;
  const FaceTruth& truth;
  const ScreenGeometry& screen;
};

/// One column of gt.csv: its name, what the writer puts there, and where the reader keeps it.
struct LabelColumn {
  std::string_view name;
  int decimals = 6;
  double (*value)(const TruthOfFrame&) = nullptr;  ///< null: not of a simulated eye
  double LabelRow::*field = nullptr;  ///< null: written for people and other programs, not read back
  double (*face_value)(const FaceTruthOfFrame&) = nullptr;  ///< null: not of a simulated face
};

/// Every column, in the order in which they are written. Header and rows, read or written, come from here.
std::span<const LabelColumn> label_columns();

/// The words of a column whose numbers stand for some (0 the first, 1 the second ...); empty: it holds
/// numbers.
std::span<const std::string_view> words_of(const LabelColumn& column);

/// What a row says: incomplete groups are absent, the gaze is made a unit vector and the ellipse's axes are
/// put in order. Errors: input_unreadable, naming the column whose value cannot be.
Result<FrameLabel> label_of(const LabelRow& row);

}  // namespace yarbus
