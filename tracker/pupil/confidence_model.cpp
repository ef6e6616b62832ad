#include "tracker/pupil/confidence_model.h"

#include <algorithm>
#include <cmath>

namespace yarbus {

double ConfidenceModel::log_odds(const OutlineEvidence& evidence) const {
  double sum = bias;
  for (std::size_t i = 0; i < evidence_count; ++i) {
    const EvidenceTerm& term = terms[i];
    const double value = evidence.values[i];
    if (std::isnan(value)) {
      sum += *std::min_element(term.log_odds.begin(), term.log_odds.end());
      continue;
    }
    if (!(value > term.at.front())) {
      sum += term.log_odds.front();
      continue;
    }
    std::size_t k = 1;
    while (k < EvidenceTerm::knots && value >= term.at[k]) ++k;
    if (k == EvidenceTerm::knots) {
      sum += term.log_odds.back();
      continue;
    }
    const double share = (value - term.at[k - 1]) / (term.at[k] - term.at[k - 1]);
    sum += term.log_odds[k - 1] + share * (term.log_odds[k] - term.log_odds[k - 1]);
  }
  return sum;
}

double ConfidenceModel::probability(const OutlineEvidence& evidence) const {
  return 1.0 / (1.0 + std::exp(-log_odds(evidence)));
}

}  // namespace yarbus
