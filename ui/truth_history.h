#pragma once

#include <deque>
#include <memory>

#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/truth_errors.h"

namespace yarbus::ui {

/// The errors of the last samples against their truth, for a figure that stands still long enough to be read.
class TruthHistory {
 public:
  static constexpr std::size_t kept = 60;

  /// The same sample again does not count twice.
  void add(const GazeSamplePtr& sample, const TruthErrors& errors);
  void clear();
  /// Of each part over the samples that have it; absent if none has. Signed for the pupil's diameter.
  [[nodiscard]] TruthErrors median() const;
  [[nodiscard]] std::size_t size() const { return errors_.size(); }

 private:
  std::deque<TruthErrors> errors_;
  std::weak_ptr<const GazeSample> last_;  ///< known without keeping its frame out of the pool
};

}  // namespace yarbus::ui
