#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "eyemodel/fit/anatomy_prior.h"
#include "eyemodel/geometry/undistort.h"
#include "eyemodel/types/corneal_features.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/options.h"
#include "eyemodel/types/pupil_observation.h"

namespace yarbus {

/// One frame's evidence for a fit. Everything is in the undistorted image.
struct FitFrame {
  std::uint64_t sequence = 0;
  PupilObservation observation;
  std::shared_ptr<const ImagePatch> patch;  ///< needed by the contrast stage, and by refraction_by_contrast
  CaptureTime captured_at{};
  CornealFeatures features;  ///< used by the refraction stage, where there are any
};

struct FitOptions {
  FitStage stage = FitStage::refraction;
  double eyeball_radius_mm = 12.0;  ///< the gauge: one camera cannot tell size from distance
  int min_frames = 10;
  double min_spread_deg = 6.0;    ///< of gaze directions, below it the fit fails with one_direction
  double max_condition = 3000.0;  ///< of the eye centre's normal matrix
  int max_iterations = 100;
  double edge_loss_scale_px = 1.0;  ///< robust loss of the edge stage
  double contrast_band_px = 1.5;    ///< mean width of the two bands over which contrast is taken
  int glint_threshold_gray = 220;   ///< pixels at or above are ignored by contrast
  /// Stage refraction: after the fit to edges, the image's region contrast takes their place
  /// (fit_to_contrast). Fits of all frames at once only: the online model and the smoother know edges, and so
  /// do predictions.
  bool refraction_by_contrast = false;
  AnatomyPrior anatomy_prior;  ///< of the refraction stage; not a setting: the population's, or what is known

  static std::span<const OptionField<FitOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// The pupil of one frame as the joint fit placed it.
struct FittedPupil {
  std::uint64_t sequence = 0;
  Circle3 pupil_in_cam;
  bool is_inlier = true;
};

struct FitOutcome {
  std::uint64_t base_version = 0;  ///< the model version the job started from; a stale outcome is not applied
  std::optional<EyeModel> model;   ///< absent when report.failure says why
  FitReport report;
  std::vector<FittedPupil> pupils;  ///< by rising sequence
};

/// A valid ellipse and finite edge points: only such frames enter a fit.
bool is_usable(const FitFrame& frame);

/// Fits the eye to the frames by the stage asked for, running those before it as its start (Swirski & Dodgson
/// 2013, section 3). Deterministic: single-threaded, no wall-clock limits. `stop` ends it early with failure
/// `diverged` and no model.
FitOutcome fit_eye_model(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                         const FitOptions& options, std::stop_token stop = {});

}  // namespace yarbus
