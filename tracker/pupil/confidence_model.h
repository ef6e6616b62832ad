#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "tracker/pupil/outline_evidence.h"

namespace yarbus {

/// What one piece of evidence adds to the log-odds: linear between its knots, constant beyond them; for what
/// is not a number, the least that it can add.
struct EvidenceTerm {
  static constexpr std::size_t knots = 5;
  std::array<double, knots> at{};        ///< values of the evidence, ascending
  std::array<double, knots> log_odds{};  ///< contribution there
};

/// A generalised additive model of the probability that an outline is the pupil's.
/// Method: log-odds = bias + sum over the evidence of a piecewise linear term (Hastie & Tibshirani 1990),
/// fitted by penalised logistic regression (training/fit_confidence.py); docs/pupil-detection.md says on
/// what.
struct ConfidenceModel {
  double bias = 0.0;
  std::array<EvidenceTerm, evidence_count> terms{};

  [[nodiscard]] double log_odds(const OutlineEvidence& evidence) const;
  /// 0..1.
  [[nodiscard]] double probability(const OutlineEvidence& evidence) const;
};

/// For outlines measured in the image itself: nowhere more than 2 px off the pupil's.
const ConfidenceModel& final_confidence_model();
/// The same, but only: there is a pupil, and its centre is within 5 px (at 480 lines) of the outline's. Of a
/// pupil that is half hidden this may be sure while the outline is not.
const ConfidenceModel& presence_model();
/// For outlines measured on a reduced level, where they need only be worth refining.
const ConfidenceModel& coarse_confidence_model();

}  // namespace yarbus
