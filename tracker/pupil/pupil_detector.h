#pragma once

#include <memory>
#include <optional>

#include "eyemodel/types/image.h"
#include "eyemodel/types/options.h"
#include "eyemodel/types/pupil_observation.h"
#include "eyemodel/types/pupil_prior.h"

namespace yarbus {

/// Sizes are fractions of the image height, so that one setting serves every resolution.
struct PupilDetectorOptions {
  double min_radius_fraction = 0.01;
  double max_radius_fraction = 0.30;
  double min_presence = 0.25;  ///< probability that there is a pupil where the outline is; below it: a miss
  int seed = 1;                ///< of the robust fit's random draws
  bool refine_by_contrast = false;  ///< move the outline to the greatest region contrast (ContrastRefiner)
  bool bright_pupil = false;  ///< the pupil is brighter than the iris: the light is on the camera's axis

  static std::span<const OptionField<PupilDetectorOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

struct PupilDetectionTrace;  // pupil_detection_trace.h: intermediate results for the expert view

/// Finds the pupil's outline in a near-eye infrared image: dark, or bright by option.
/// Frames & units: image, px. Threads: one detector per thread (it keeps scratch memory); no allocation per
/// frame once warm.
class PupilDetector {
 public:
  explicit PupilDetector(const PupilDetectorOptions& options);  ///< options must be valid (YARBUS_CHECK)
  ~PupilDetector();
  PupilDetector(PupilDetector&&) noexcept;
  PupilDetector& operator=(PupilDetector&&) noexcept;

  /// `prior`: where the pupil is expected (the last observation or the model's prediction); it speeds up and
  /// steadies the search, but the outcome must stand on the image's evidence alone.
  PupilOutcome detect(GrayView image, const std::optional<PupilPrior>& prior = std::nullopt,
                      PupilDetectionTrace* trace = nullptr);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
