#include "tracker/pupil/outline_judge.h"

#include <gtest/gtest.h>

#include "tests/support/prior_after.h"
#include "tests/support/synthetic_pupil.h"

namespace yarbus::outline_judge_test {
namespace {

using test::outline_distance_px;

/// A judge for one image, with the image's memory.
struct Court {
  GrayImage image;
  OutlineJudge judge;

  explicit Court(const test::SyntheticEye& eye) : image(test::draw(eye)) {
    OutlineLimits limits;
    limits.max_radius_px = 0.3 * eye.height_px;
    judge.start(image.view(), read_gray_levels(image.view()), limits, 0.5F);
  }
};

TEST(OutlineJudge, TheTrueOutlineIsMoreLikelyThanWrongOnes) {
  test::SyntheticEye eye;
  Court court(eye);
  const auto right = court.judge.judge(OutlineShape::from(*eye.pupil), 4.0);
  ASSERT_TRUE(right);
  EXPECT_GT(*right, 2.0);
  const Ellipse best = court.judge.best()->shape.to_ellipse();
  EXPECT_LT(outline_distance_px(best, *eye.pupil), 0.3);
  Ellipse shifted = *eye.pupil;
  shifted.center_px.x() += 14.0;
  Ellipse too_small = *eye.pupil;
  too_small.semi_major_px *= 0.6;
  too_small.semi_minor_px *= 0.6;
  for (const Ellipse& wrong : {shifted, too_small, Ellipse{{40.0, 40.0}, 20.0, 20.0, 0.0}}) {
    const auto log_odds = court.judge.judge(OutlineShape::from(wrong), 3.0);
    if (!log_odds) continue;
    if (outline_distance_px(court.judge.last().shape.to_ellipse(), *eye.pupil) < 2.0)
      continue;  // it got there
    EXPECT_LT(*log_odds, 0.0);
    EXPECT_LT(*log_odds, *right - 3.0);
  }
  EXPECT_LT(outline_distance_px(court.judge.best()->shape.to_ellipse(), *eye.pupil), 0.3);
}

TEST(OutlineJudge, TheIrisIsLessLikelyThanThePupil) {
  test::SyntheticEye eye;
  eye.iris_radius_factor = 1.7;
  Court court(eye);
  Ellipse iris = *eye.pupil;
  iris.semi_major_px *= eye.iris_radius_factor;
  iris.semi_minor_px *= eye.iris_radius_factor;
  const auto of_iris = court.judge.judge(OutlineShape::from(iris), 4.0);
  const auto of_pupil = court.judge.judge(OutlineShape::from(*eye.pupil), 4.0);
  ASSERT_TRUE(of_pupil);
  ASSERT_TRUE(of_iris);
  EXPECT_GT(*of_pupil, *of_iris + 2.0);
  EXPECT_LT(outline_distance_px(court.judge.best()->shape.to_ellipse(), *eye.pupil), 0.3);
}

TEST(OutlineJudge, MovesTheOutlineToTheEdges) {
  test::SyntheticEye eye;
  Court court(eye);
  Ellipse start = *eye.pupil;
  start.center_px += Eigen::Vector2d(2.5, -2.0);
  start.semi_minor_px -= 1.0;
  const PupilPrior prior = test::prior_at(start);
  ASSERT_TRUE(court.judge.judge(OutlineShape::from(start), 6.0, &prior));
  EXPECT_LT(outline_distance_px(court.judge.last().shape.to_ellipse(), *eye.pupil), 0.3);
  EXPECT_TRUE(court.judge.last().from_prior);
}

TEST(OutlineJudge, RefusesSizesThatAreNotAllowed) {
  test::SyntheticEye eye;
  const GrayImage image = test::draw(eye);
  OutlineJudge judge;
  judge.start(image.view(), read_gray_levels(image.view()), {4.0, 30.0, 0.3}, 0.5F);
  EXPECT_FALSE(judge.judge(OutlineShape::from(*eye.pupil), 4.0));
  EXPECT_EQ(judge.best(), nullptr);
  judge.start(image.view(), read_gray_levels(image.view()), {4.0, 60.0, 0.95}, 0.5F);
  EXPECT_FALSE(judge.judge(OutlineShape::from(*eye.pupil), 4.0));
  std::minstd_rand random(1);
  judge.reconsider(random);  // nothing to reconsider
  EXPECT_EQ(judge.best(), nullptr);
}

TEST(OutlineJudge, ForgetsTheImageBefore) {
  test::SyntheticEye eye;
  Court court(eye);
  ASSERT_TRUE(court.judge.judge(OutlineShape::from(*eye.pupil), 4.0));
  const GrayImage other = test::draw(eye);
  court.judge.start(other.view(), read_gray_levels(other.view()), {}, 0.5F);
  EXPECT_EQ(court.judge.best(), nullptr);
}

TEST(OutlineJudge, ReconsideringFindsThePupilBehindALid) {
  for (const double covered : {0.2, 0.25, 0.3, 0.35}) {  // of the pupil's height
    for (unsigned seed = 1; seed <= 3; ++seed) {
      test::SyntheticEye eye;
      eye.seed = seed;
      eye.pupil = Ellipse{{160.0, 120.0}, 40.0, 38.0, 0.0};
      eye.lid_y_px = 82.0 + 76.0 * covered;
      Court court(eye);
      // Through the lid's edge above and the pupil's below.
      const double top = eye.lid_y_px;
      const double bottom = 158.0;
      const Ellipse bent{{160.0, 0.5 * (top + bottom)}, 39.0, 0.5 * (bottom - top), 0.0};
      ASSERT_TRUE(court.judge.judge(OutlineShape::from(bent), 3.0)) << covered;
      const double before_px = outline_distance_px(court.judge.best()->shape.to_ellipse(), *eye.pupil);
      std::minstd_rand random(seed);
      court.judge.reconsider(random);
      const double after_px = outline_distance_px(court.judge.best()->shape.to_ellipse(), *eye.pupil);
      EXPECT_LT(after_px, 2.0) << covered << " covered, seed " << seed << ", before " << before_px;
      EXPECT_LE(after_px, before_px + 0.1);
    }
  }
}

TEST(OutlineJudge, ReconsideringAnOpenEyeChangesNothingMuch) {
  test::SyntheticEye eye;
  Court court(eye);
  ASSERT_TRUE(court.judge.judge(OutlineShape::from(*eye.pupil), 4.0));
  std::minstd_rand random(1);
  court.judge.reconsider(random);
  EXPECT_LT(outline_distance_px(court.judge.best()->shape.to_ellipse(), *eye.pupil), 0.3);
}

}  // namespace
}  // namespace yarbus::outline_judge_test
