#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "calibration/mapping/gaze_mapper.h"
#include "calibration/mapping/geometric_fit.h"
#include "calibration/mapping/webcam/webcam_geometry.h"
#include "eyemodel/types/result.h"

namespace yarbus {

struct MapperOptions {
  GeometricOptions geometric;  ///< of near-eye cameras
  std::string mapper;          ///< its name; empty: the one that cross-validation finds best
};

/// A target, predicted by a mapper that never saw it.
struct TargetError {
  int target = 0;
  int movement = -1;  ///< as CalibrationSample
  double error_mm = 0.0;
  double error_deg = 0.0;  ///< seen from the eyes
  bool is_counted = true;  ///< false: it fits nowhere and is in no mean
};

/// Leave-one-target-out cross-validation, with every eye that is there. The targets of one movement are left
/// out together and say as much about how sure a mapper is as one that stood still.
struct CrossValidation {
  double mean_mm = 0.0;
  double mean_deg = 0.0;
  std::vector<TargetError> targets;
  /// What the stated variance of the fit was multiplied by, so that it is as large as these errors are.
  double variance_scale = 1.0;
  /// Mean (deg) with that eye alone, by EyeSide; absent: not fitted.
  std::array<std::optional<double>, 2> mean_of_eye_deg;
};

/// One mapper, or why there is none.
struct MapperCandidate {
  std::string name;
  std::shared_ptr<const GazeMapper> mapper;  ///< null: could not be fitted
  std::optional<CrossValidation> cross_validation;
  std::string why_not;            ///< in words, where `mapper` or `cross_validation` lacks
  bool is_only_compared = false;  ///< a baseline, never chosen
  /// It is the geometric mapper and a correction that is zero where nothing speaks for one.
  bool refines_geometric = false;
};

/// All mappers fitted to one calibration, and which of them is used.
struct MapperChoice {
  /// Near-eye: geometric, polynomial, gaussian process. Webcam: geometric, appearance process, stacked,
  /// tangent distance, ridge, mean target.
  std::vector<MapperCandidate> candidates;
  std::size_t chosen = 0;
  std::string reason;                    ///< why that one, in words
  GeometricFit geometric;                ///< of near-eye cameras; of a webcam as if not fitted
  std::optional<WebcamGeometry> webcam;  ///< of a webcam alone
  std::array<std::optional<Eigen::Vector3d>, 2> eyes_in_screen_mm;  ///< where each eye was, by EyeSide

  [[nodiscard]] const GazeMapper& mapper() const { return *candidates[chosen].mapper; }
  [[nodiscard]] const std::shared_ptr<const GazeMapper>& shared_mapper() const {
    return candidates[chosen].mapper;
  }
  [[nodiscard]] const MapperCandidate* candidate(std::string_view name) const;
  /// Of the geometric mapper.
  [[nodiscard]] const std::vector<FittedParameter>& parameters() const {
    return webcam ? webcam->parameters : geometric.parameters;
  }
  [[nodiscard]] double geometric_rms_deg() const { return webcam ? webcam->rms_deg : geometric.rms_deg; }
  /// Between the eyes, or the one there is.
  [[nodiscard]] Eigen::Vector3d gaze_origin_in_screen_mm() const;
};

/// Fits every mapper that the samples allow and chooses one.
/// Method: leave-one-target-out cross-validation, never single frames: each target is predicted by mappers
/// fitted without it. Another mapper than the geometric one is chosen only if its error is smaller by more
/// than twice the standard error of the differences between targets. Each mapper's stated variance is scaled
/// to the errors at the targets left out (docs/calibration-mapping.md). Samples with a face are a webcam's
/// and go to fit_webcam_mappers(). Deterministic. Errors: those of average_fixations() and fit_geometric();
/// invalid_option for a mapper that does not exist or that the samples do not allow.
Result<MapperChoice> fit_mappers(std::span<const CalibrationSample> samples, const ScreenGeometry& screen,
                                 const MapperOptions& options = {});

}  // namespace yarbus
