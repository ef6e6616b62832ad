#include "app/session/next_prior.h"

namespace yarbus {

std::optional<PupilPrior> next_prior(const PupilOutcome& outcome) {
  const auto* observation = std::get_if<PupilObservation>(&outcome);
  if (observation == nullptr || !(observation->confidence >= min_prior_confidence)) return std::nullopt;
  return PupilPrior{observation->ellipse};
}

}  // namespace yarbus
