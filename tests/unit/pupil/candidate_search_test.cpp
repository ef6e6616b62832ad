#include "tracker/pupil/candidate_search.h"

#include <gtest/gtest.h>

#include "tests/support/synthetic_pupil.h"

namespace yarbus {
namespace {

TEST(CandidateSearch, PutsACandidateOnADarkDiscOfAnySize) {
  for (const double radius : {4.0, 8.0, 15.0, 30.0}) {
    testing::SyntheticEye eye;
    eye.width_px = 160;
    eye.height_px = 120;
    eye.pupil = Ellipse{{85.0, 58.0}, radius, radius, 0.0};
    const GrayImage image = testing::draw(eye);
    CandidateSearch search;
    DarkCandidates candidates;
    search.find(image.view(), 2.4, 36.0, 25.0, candidates);
    const bool found = std::any_of(candidates.begin(), candidates.end(), [&](const DarkCandidate& candidate) {
      return (candidate.center_px - eye.pupil->center_px).norm() < 0.4 * radius + 1.0 &&
             candidate.radius_px < 1.6 * radius && candidate.radius_px > 0.6 * radius;
    });
    EXPECT_TRUE(found) << radius;
  }
}

TEST(CandidateSearch, FindsNothingInAFlatImage) {
  testing::SyntheticEye eye;
  eye.pupil.reset();
  eye.noise_gray = 0.0;
  CandidateSearch search;
  DarkCandidates candidates;
  search.find(testing::draw(eye).view(), 4.0, 60.0, 25.0, candidates);
  EXPECT_TRUE(candidates.empty());
}

TEST(CandidateSearch, BarsAlongTheBorderDoNotHideADisc) {
  testing::SyntheticEye eye;
  eye.width_px = 160;
  eye.height_px = 120;
  eye.pupil = Ellipse{{85.0, 58.0}, 12.0, 12.0, 0.0};
  GrayImage image = testing::draw(eye);
  for (int y = 0; y < 120; ++y)
    for (int x = 0; x < 160; ++x)
      if (y < 6 || y >= 114 || x >= 150) image.row(y)[x] = 0;
  CandidateSearch search;
  DarkCandidates candidates;
  search.find(image.view(), 2.4, 36.0, 25.0, candidates);
  ASSERT_FALSE(candidates.empty());
  EXPECT_LT((candidates[0].center_px - eye.pupil->center_px).norm(), 5.0);
}

}  // namespace
}  // namespace yarbus
