#include "app/session/share_anatomy.h"

namespace yarbus {
namespace {

/// Gives the prior to a fit whose options take one; false for those that do not.
template <class Options>
bool set_prior(Options& options, const AnatomyPrior& prior) {
  if constexpr (requires { options.anatomy_prior = prior; }) {
    options.anatomy_prior = prior;
    return true;
  } else {
    return false;
  }
}

}  // namespace

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
    if (prior && set_prior(options, *prior)) track.refit_first(options, stop);
  };
  refit(right, for_right);
  refit(left, for_left);
}

}  // namespace yarbus
