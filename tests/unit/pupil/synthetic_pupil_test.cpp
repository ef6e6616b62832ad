#include "tests/support/synthetic_pupil.h"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "tests/support/rotated_rect.h"

namespace yarbus::synthetic_pupil_test {
namespace {

TEST(SyntheticPupil, OutlineDistanceSeesAShiftAndNan) {
  const Ellipse a{{50.0, 50.0}, 20.0, 15.0, 0.3};
  Ellipse b = a;
  EXPECT_NEAR(test::outline_distance_px(a, b), 0.0, 0.02);
  b.center_px.x() += 3.0;
  EXPECT_NEAR(test::outline_distance_px(a, b), 3.0, 0.1);
  b.semi_minor_px = std::nan("");
  EXPECT_TRUE(std::isnan(test::outline_distance_px(a, b)));
}

TEST(SyntheticPupil, DrawnDiscHasTheRightAreaAndCentre) {
  test::SyntheticEye eye;
  eye.pupil = Ellipse{{100.25, 80.5}, 20.0, 20.0, 0.0};
  eye.pupil_gray = 0.0;
  eye.iris_gray = eye.sclera_gray = 200.0;
  eye.noise_gray = 0.0;
  const GrayImage image = test::draw(eye);
  double mass = 0.0;
  Eigen::Vector2d moment = Eigen::Vector2d::Zero();
  for (int y = 0; y < image.height_px(); ++y) {
    for (int x = 0; x < image.width_px(); ++x) {
      const double dark = (200.0 - image.view().at(x, y)) / 200.0;
      mass += dark;
      moment += dark * Eigen::Vector2d(x, y);
    }
  }
  EXPECT_NEAR(mass, std::numbers::pi * 400.0, 10.0);
  EXPECT_NEAR((moment / mass - eye.pupil->center_px).norm(), 0.0, 0.02);
}

TEST(RotatedRect, ConvertsEverySideOrderAndAngle) {
  // The converter is checked against points that OpenCV itself puts on its ellipse.
  for (const cv::Size2f size : {cv::Size2f(60, 40), cv::Size2f(40, 60), cv::Size2f(50, 50)}) {
    for (float angle_deg = -180.0F; angle_deg <= 360.0F; angle_deg += 22.5F) {
      const cv::RotatedRect rect({100.0F, 90.0F}, size, angle_deg);
      const Ellipse ellipse = test::ellipse_from(rect);
      ASSERT_TRUE(ellipse.is_valid());
      EXPECT_GE(ellipse.angle_rad, 0.0);
      EXPECT_LT(ellipse.angle_rad, std::numbers::pi);
      std::vector<cv::Point2d> outline;
      cv::ellipse2Poly(cv::Point2d(rect.center), cv::Size2d(0.5 * size.width, 0.5 * size.height),
                       static_cast<int>(std::lround(angle_deg * 2.0F)) / 2, 0, 360, 15, outline);
      for (const auto& point : outline) {
        const Eigen::Vector2d offset = Eigen::Vector2d(point.x, point.y) - ellipse.center_px;
        const double u = offset.dot(ellipse.major_axis()) / ellipse.semi_major_px;
        const double v = offset.dot(ellipse.minor_axis()) / ellipse.semi_minor_px;
        EXPECT_NEAR(u * u + v * v, 1.0, 0.02) << size << " at " << angle_deg;
      }
    }
  }
}

}  // namespace
}  // namespace yarbus::synthetic_pupil_test
