#pragma once

#include <cstddef>
#include <vector>

#include "eyemodel/fit/fit_eye_model.h"
#include "eyemodel/fit/refraction_problem.h"
#include "eyemodel/fit/refraction_start.h"

namespace yarbus {

/// Where a live model's eye may be, as long as its first frames allow several places (a tilted ellipse has
/// two circles): the minima known so far, and places that are tried from time to time, a few an update so
/// that no update takes long. Frames & units: cam, mm. Deterministic.
class StartSearch {
 public:
  /// What the closed form's places come from.
  void add(const FitFrame& frame);
  /// Follows the known minima to `problem`, tries some other places, and returns the best place: the current
  /// one's if no place fits.
  Eigen::Vector3d best_center(const RefractionProblem& problem);
  /// Is the eye's place known well enough (across the line of sight), and only one place left?
  [[nodiscard]] bool has_settled(const RefractionProblem& problem,
                                 const ModelCovariance& covariance_mm2) const;
  [[nodiscard]] bool is_ambiguous() const { return minima_.size() > 1; }
  /// While there are several minima: the mean of all, and the spread between them as doubt.
  void publish_all(EyeModel& model) const;
  /// Lets everything go: the place is settled.
  void finish();

 private:
  std::vector<FitFrame> early_;
  std::vector<EyeMinimum> minima_;  ///< best first
  std::vector<Eigen::Vector3d> untried_in_cam_mm_;
  std::size_t searched_at_ = 0;  ///< the number of frames when places were last sought
  int updates_since_search_ = 0;
};

}  // namespace yarbus
