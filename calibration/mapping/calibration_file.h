#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "calibration/calibration_sample.h"
#include "calibration/mapping/fit_mappers.h"
#include "eyemodel/types/calibration_terms.h"

namespace yarbus {

/// What a calibration belongs to: with another camera, resolution, eye or screen it means nothing.
struct CalibrationSetup {
  struct Camera {
    std::string name;
    int width_px = 0;
    int height_px = 0;
  };
  std::array<std::optional<Camera>, 2> cameras;  ///< by EyeSide; absent: that eye was not looked at
  ScreenGeometry screen;
};

/// How a calibration came about.
struct CalibrationRecord {
  std::string made_at;  ///< local time, "2026-11-26 10:42"
  TargetLayout layout = TargetLayout::nine;
  double duration_s = 0.0;  ///< from the first target to the last
  std::vector<PointView> points;
  std::vector<FindingView> findings;
  std::optional<double> accuracy_deg;  ///< as validated, with every eye
};

/// Bytes. Files with a longer name are refused.
constexpr std::size_t longest_calibration_name = 200;

/// A calibration as it is kept: its raw samples, and how to fit them.
struct SavedCalibration {
  std::string name;
  CalibrationRecord record;
  CalibrationSetup setup;
  MapperOptions options;  ///< `mapper` names the one in use
  std::vector<CalibrationSample>
      samples;  ///< what the mappers are fitted to; of a webcam, what they use of it
  std::vector<CalibrationSample> validation;    ///< every frame of the validation's fixations, lost ones too
  std::vector<CalibrationSample> other_frames;  ///< the rest of what was seen meanwhile; kept without faces
};

/// What a list of calibrations shows, read without fitting anything.
struct CalibrationHead {
  std::string name;
  CalibrationRecord record;
  CalibrationSetup setup;
};

/// The same, read and fitted again. The fit is deterministic, so it is the one that was saved.
struct LoadedCalibration {
  SavedCalibration saved;
  MapperChoice choice;
};

/// Samples, options and the figures of the fit as JSON, as in a file.
std::string calibration_text(const SavedCalibration& calibration, const MapperChoice& choice);

/// Writes calibration_text(); the file gets its name only when it is whole.
/// Errors: output_unwritable.
Result<void> save_calibration(const std::filesystem::path& path, const SavedCalibration& calibration,
                              const MapperChoice& choice);

/// Reads, checks and fits again. Errors: input_missing; input_unreadable, naming what is wrong: not JSON,
/// another format or version, a key that is missing, unknown or of the wrong kind, samples that give other
/// figures than the file says (altered after it was saved); and whatever fit_mappers() refuses.
Result<LoadedCalibration> load_calibration(const std::filesystem::path& path);

/// The same from the text of such a file; `context` names it in errors.
Result<LoadedCalibration> parse_calibration(const std::string& text, const std::string& context);

/// Errors: as load_calibration(), but for what only a fit can tell.
Result<CalibrationHead> read_calibration_head(const std::filesystem::path& path);

/// Whether a calibration may be used for a setup; the error names every difference ("the right eye's camera
/// is 640x480 px, the calibration's 1280x720 px"). A viewing distance may differ by a tenth, a screen's size
/// by 2 %.
Result<void> check_setup(const CalibrationSetup& calibrated, const CalibrationSetup& current);

}  // namespace yarbus
