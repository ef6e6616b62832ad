#include "app/session/share_anatomy.h"

namespace yarbus {

std::optional<AnatomyPrior> prior_from_other_model(const EyeModelPtr& other) {
  if (other == nullptr || other->stage != FitStage::refraction || !other->report.is_usable())
    return std::nullopt;
  return prior_from_other_eye(other->anatomy, other->covariance_mm2.bottomRightCorner<4, 4>());
}

void share_anatomy(EyeTrack& right, EyeTrack& left, const std::stop_token& stop) {
  const auto for_right = prior_from_other_model(left.first_model());
  const auto for_left = prior_from_other_model(right.first_model());
  const auto refit = [&](EyeTrack& track, const std::optional<AnatomyPrior>& prior) {
    FitOptions options = track.request().tracker.fit;
    if (!prior) return;
    options.anatomy_prior = *prior;
    track.refit_first(options, stop);
  };
  refit(right, for_right);
  refit(left, for_left);
}

}  // namespace yarbus
