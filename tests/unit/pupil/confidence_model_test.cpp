#include "tracker/pupil/confidence_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace yarbus::confidence_model_test {
namespace {

/// One term that matters, falling and rising; the others add nothing.
ConfidenceModel model_with(Evidence evidence, const EvidenceTerm& term) {
  ConfidenceModel model;
  model.bias = 0.5;
  for (auto& other : model.terms) other.at = {0.0, 1.0, 2.0, 3.0, 4.0};
  model.terms[static_cast<std::size_t>(evidence)] = term;
  return model;
}

const EvidenceTerm uneven_term{{-1.0, 0.0, 2.0, 3.0, 7.0}, {-2.0, 4.0, 0.0, 1.0, 5.0}};

double log_odds_at(double value) {
  OutlineEvidence evidence;
  evidence[Evidence::residual] = value;
  return model_with(Evidence::residual, uneven_term).log_odds(evidence);
}

TEST(ConfidenceModel, GoesThroughItsKnots) {
  for (std::size_t k = 0; k < EvidenceTerm::knots; ++k)
    EXPECT_DOUBLE_EQ(log_odds_at(uneven_term.at[k]), 0.5 + uneven_term.log_odds[k]) << k;
}

TEST(ConfidenceModel, IsLinearBetweenKnots) {
  EXPECT_DOUBLE_EQ(log_odds_at(-0.5), 0.5 + 1.0);
  EXPECT_DOUBLE_EQ(log_odds_at(0.5), 0.5 + 3.0);
  EXPECT_DOUBLE_EQ(log_odds_at(1.5), 0.5 + 1.0);
  EXPECT_DOUBLE_EQ(log_odds_at(2.25), 0.5 + 0.25);
  EXPECT_DOUBLE_EQ(log_odds_at(6.0), 0.5 + 4.0);
}

TEST(ConfidenceModel, IsConstantBeyondTheEnds) {
  for (const double below : {-1.0, -1.5, -1e9, -std::numeric_limits<double>::infinity()})
    EXPECT_DOUBLE_EQ(log_odds_at(below), 0.5 - 2.0) << below;
  for (const double above : {7.0, 7.5, 1e9, std::numeric_limits<double>::infinity()})
    EXPECT_DOUBLE_EQ(log_odds_at(above), 0.5 + 5.0) << above;
}

TEST(ConfidenceModel, AddsItsTerms) {
  ConfidenceModel model = model_with(Evidence::residual, uneven_term);
  model.terms[static_cast<std::size_t>(Evidence::fill)] = {{0.0, 0.2, 0.4, 0.6, 1.0},
                                                           {0.0, 0.0, 0.0, 3.0, 3.0}};
  OutlineEvidence evidence;
  evidence[Evidence::residual] = 2.0;
  evidence[Evidence::fill] = 0.5;
  EXPECT_DOUBLE_EQ(model.log_odds(evidence), 0.5 + 0.0 + 1.5);
  EXPECT_NEAR(model.probability(evidence), 1.0 / (1.0 + std::exp(-2.0)), 1e-12);
}

class FittedModels : public ::testing::TestWithParam<const ConfidenceModel*> {};

TEST_P(FittedModels, HaveAscendingKnotsAndFiniteNumbers) {
  EXPECT_TRUE(std::isfinite(GetParam()->bias));
  for (std::size_t i = 0; i < evidence_count; ++i) {
    const EvidenceTerm& term = GetParam()->terms[i];
    for (std::size_t k = 0; k < EvidenceTerm::knots; ++k) {
      EXPECT_TRUE(std::isfinite(term.at[k]) && std::isfinite(term.log_odds[k]));
      if (k == 0) continue;
      EXPECT_LT(term.at[k - 1], term.at[k]) << name_of(static_cast<Evidence>(i));
    }
  }
}

TEST_P(FittedModels, EvidenceThatIsNotANumberIsNotRewarded) {
  for (std::size_t i = 0; i < evidence_count; ++i) {
    OutlineEvidence unknown;
    unknown.values[i] = std::numeric_limits<double>::quiet_NaN();
    OutlineEvidence known;
    double worst = std::numeric_limits<double>::infinity();
    for (const double value : GetParam()->terms[i].at) {
      known.values[i] = value;
      worst = std::min(worst, GetParam()->log_odds(known));
    }
    EXPECT_LE(GetParam()->log_odds(unknown), worst + 1e-9) << name_of(static_cast<Evidence>(i));
  }
}

INSTANTIATE_TEST_SUITE_P(Fitted, FittedModels,
                         ::testing::Values(&final_confidence_model(), &coarse_confidence_model()),
                         [](const auto& info) { return info.index == 0 ? "final" : "coarse"; });

}  // namespace
}  // namespace yarbus::confidence_model_test
