#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "eyemodel/fit/fit_eye_model.h"

namespace yarbus {

/// How the store spreads what it keeps.
struct ObservationStoreOptions {
  int bins_across = 20;     ///< of the image's width; bins are square
  int frames_per_bin = 10;  ///< the most confident and the newest share a bin
  double min_confidence = 0.7;

  static std::span<const OptionField<ObservationStoreOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Keeps observations spread over the image, so that a fit sees every gaze direction the eye has shown, in
/// bounded memory. A frame goes into the bin of its pupil centre; a full bin gives up its oldest frame when
/// the new one is no worse by 0.1 of confidence. Deterministic. Threads: one owner.
class ObservationStore {
 public:
  ObservationStore(const ObservationStoreOptions& options, int width_px, int height_px);
  /// True if `add` would keep a frame with this ellipse centre and confidence (ask before cutting a patch).
  [[nodiscard]] bool would_keep(const PupilObservation& observation) const;
  /// Returns whether it was kept.
  bool add(FitFrame frame);
  void clear();
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t occupied_bins() const;
  /// What is kept, ordered by sequence. Patches are shared, not copied.
  [[nodiscard]] std::vector<FitFrame> frames() const;

 private:
  /// nullptr if the observation is not fit to be kept.
  std::vector<FitFrame>* bin_of(const PupilObservation& observation);

  ObservationStoreOptions options_;
  int columns_ = 0;
  int rows_ = 0;
  double bin_size_px_ = 1.0;
  std::vector<std::vector<FitFrame>> bins_;
};

}  // namespace yarbus
