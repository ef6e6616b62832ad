// The lid closure that the detector states over simulated blinks, against how much of the pupil shows.
#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/prior_after.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::blink_closure_test {
namespace {

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<double> ranks;
  for (const double value : values) {
    const auto below = std::count_if(values.begin(), values.end(), [&](double v) { return v < value; });
    const auto equal = std::count(values.begin(), values.end(), value);
    ranks.push_back(static_cast<double>(below) + 0.5 * static_cast<double>(equal - 1));
  }
  return ranks;
}

/// Spearman's rank correlation; equal values share their rank.
double rank_correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ra = ranks_of(a);
  const auto rb = ranks_of(b);
  const double mean = 0.5 * (static_cast<double>(a.size()) - 1.0);
  double ab = 0.0;
  double aa = 0.0;
  double bb = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (ra[i] - mean) * (rb[i] - mean);
    aa += (ra[i] - mean) * (ra[i] - mean);
    bb += (rb[i] - mean) * (rb[i] - mean);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(RankCorrelation, OfKnownSeries) {
  EXPECT_NEAR(rank_correlation({1.0, 2.0, 3.0, 4.0}, {1.0, 4.0, 9.0, 16.0}), 1.0, 1e-12);
  EXPECT_NEAR(rank_correlation({1.0, 2.0, 3.0, 4.0}, {4.0, 3.0, 2.0, 1.0}), -1.0, 1e-12);
  EXPECT_NEAR(rank_correlation({1.0, 2.0, 3.0}, {2.0, 3.0, 1.0}), -0.5, 1e-12);
  EXPECT_NEAR(rank_correlation({1.0, 1.0, 2.0, 2.0}, {5.0, 5.0, 7.0, 7.0}), 1.0, 1e-12);
}

class BlinkClosure : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(BlinkClosure, RanksTheFramesAsTheTruthDoes) {
  auto eye = simulation::SimulatedEye::create("blinks", GetParam());
  ASSERT_TRUE(eye);
  PupilDetector detector{PupilDetectorOptions{}};
  std::optional<PupilPrior> prior;  // of the last pupil found: over the blink it says where to look
  GrayImage image;
  SimulatedTruth truth;
  std::vector<double> hidden;
  std::vector<double> stated;
  int closed = 0;
  for (std::uint64_t frame = 0; frame < 70; ++frame) {
    eye->render(frame, image, truth);
    const auto outcome = detector.detect(image.view(), prior);
    const auto* found = std::get_if<PupilObservation>(&outcome);
    const auto closure =
        found != nullptr ? std::optional(found->lid_closure) : std::get<PupilMiss>(outcome).lid_closure;
    if (found != nullptr) prior = test::prior_after(outcome);
    if (truth.closure < 0.05 && hidden.size() > 25) continue;  // open frames are not the matter
    if (!closure) continue;
    EXPECT_GE(*closure, 0.0);
    EXPECT_LE(*closure, 1.0);
    hidden.push_back(1.0 - truth.visible_fraction);
    stated.push_back(*closure);
    closed += truth.visible_fraction < 0.1 ? 1 : 0;
    if (truth.visible_fraction >= 0.05) continue;
    EXPECT_GT(*closure, 0.5) << "frame " << frame;
  }
  ASSERT_GE(closed, 2);
  const double correlation = rank_correlation(hidden, stated);
  RecordProperty("rank_correlation", std::to_string(correlation));
  EXPECT_GT(correlation, 0.8) << hidden.size() << " frames";
}

INSTANTIATE_TEST_SUITE_P(Subjects, BlinkClosure, ::testing::Values(301, 302));

}  // namespace
}  // namespace yarbus::blink_closure_test
