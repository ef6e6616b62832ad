// Cuts of eyes and what goes with them: the frame about an eye, the cutter, the patch, the head's scale.
#include "tracker/face/eye_frame.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tracker/face/eye_patch.h"
#include "tracker/face/head_scale.h"

namespace yarbus::eye_frame_test {
namespace {

GrayImage ramp(int width_px, int height_px) {
  GrayImage image(width_px, height_px);
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) image.row(y)[x] = static_cast<std::uint8_t>(20 + x / 4 + y / 8);
  }
  return image;
}

TEST(EyeFrame, GoesFromMillimetresToPixelsAndBack) {
  const EyeFrame frame = EyeFrame::frontal({100.0, 80.0}, {60.0, 10.0}, 30.0);
  EXPECT_LT((frame.to_px({30.0, 0.0}) - Eigen::Vector2d(160.0, 90.0)).norm(), 1e-12);
  EXPECT_LT((frame.to_px({0.0, 30.0}) - Eigen::Vector2d(90.0, 140.0)).norm(), 1e-12) << "down the face";
  EXPECT_LT((frame.to_mm(frame.to_px({3.0, -4.0})) - Eigen::Vector2d(3.0, -4.0)).norm(), 1e-12);
  EXPECT_NEAR(frame.scale_px_per_mm(), std::hypot(60.0, 10.0) / 30.0, 1e-12);
}

TEST(EyeFrame, OfAHeadFollowsItsPose) {
  const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(1000.0, 1280, 720);
  RigidTransform pose;
  pose.translation_mm = {20.0, -10.0, 600.0};
  const Eigen::Vector3d eye_mm(-31.0, 0.0, -80.0);
  const EyeFrame frame = EyeFrame::on_head(pose, eye_mm, camera);
  EXPECT_LT((frame.center_px - camera.project(pose.point(eye_mm))).norm(), 1e-9);
  EXPECT_NEAR(frame.scale_px_per_mm(), 1000.0 / 520.0, 1e-3);
}

TEST(EyeCutter, CutsUprightMirroredAndOutsideTheImage) {
  const GrayImage image = ramp(400, 300);
  EyeCutter cutter;
  GrayImage cut;
  const EyeFrame frame = EyeFrame::frontal({200.0, 150.0}, {60.0, 0.0}, 30.0);
  cutter.cut(image.view(), frame, {40, 24, 40.0, false}, cut);
  ASSERT_EQ(cut.width_px(), 40);
  ASSERT_EQ(cut.height_px(), 24);
  EXPECT_NEAR(cut.view().at(20, 12), image.view().at(201, 151), 1.0);
  EXPECT_GT(cut.view().at(39, 12), cut.view().at(0, 12)) << "brighter to the right";
  cutter.cut(image.view(), frame, {40, 24, 40.0, true}, cut);
  EXPECT_LT(cut.view().at(39, 12), cut.view().at(0, 12)) << "mirrored";
  // Where a cut's pixel is in the face: the inverse of the cutting.
  const EyeCut how{40, 24, 40.0, true};
  EXPECT_NEAR(how.to_mm({0.0, 11.5}).x(), 19.5, 1e-12);
  EyeFrame outside = frame;
  outside.center_px = {-500.0, 5000.0};
  cutter.cut(image.view(), outside, {40, 24, 40.0, false}, cut);
  EXPECT_NEAR(cut.view().at(20, 12), image.view().at(0, 299), 1.0) << "the border goes on";
  EyeFrame broken = frame;
  broken.center_px.x() = std::nan("");
  cutter.cut(image.view(), broken, {40, 24, 40.0, false}, cut);
  EXPECT_EQ(cut.view().at(20, 12), 0);
}

TEST(EyePatch, LightAndContrastMakeNoDifference) {
  const GrayImage image = ramp(400, 300);
  GrayImage darker = image;
  for (int i = 0; i < 400 * 300; ++i) darker.data()[i] = static_cast<std::uint8_t>(10 + image.data()[i] / 2);
  EyeCutter cutter;
  GrayImage scratch;
  EyePatch bright;
  EyePatch dark;
  const EyeFrame frame = EyeFrame::frontal({200.0, 150.0}, {60.0, 0.0}, 30.0);
  cut_eye_patch(image.view(), frame, cutter, scratch, bright);
  cut_eye_patch(darker.view(), frame, cutter, scratch, dark);
  double largest = 0.0;
  double mean = 0.0;
  for (std::size_t i = 0; i < bright.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(bright[i]) - dark[i]));
    mean += static_cast<double>(bright[i]) / static_cast<double>(bright.size());
  }
  EXPECT_NEAR(mean, 128.0, 1.0);
  EXPECT_LT(largest, 12.0) << "one gray level of the darker is 7 of the patch";
  const GrayImage even(400, 300);
  cut_eye_patch(even.view(), frame, cutter, scratch, dark);
  for (const std::uint8_t level : dark) EXPECT_EQ(level, 128) << "no contrast at all";
}

TEST(HeadScale, IrisesAndTheDistanceOfTheEyesShareTheSay) {
  HeadScale scale;
  EXPECT_DOUBLE_EQ(scale.factor(), 1.0);
  scale.push(5.85 / 600.0 / 1.1, 1e-4, 600.0);  // seen as if 10 % farther away
  const double once = scale.factor();
  EXPECT_GT(once, 1.03);
  for (int i = 0; i < 500; ++i) scale.push(5.85 / 600.0 / 1.1, 1e-4, 600.0);
  // Weights 1 / 0.0427^2 and 1 / 0.0635^2.
  EXPECT_NEAR(std::log(scale.factor()), std::log(1.1) * 0.689, 0.005);
  const double before = scale.factor();
  scale.push(std::nan(""), 1e-4, 600.0);
  scale.push(5.85 / 600.0 * 3.0, 1e-4, 600.0);  // no iris
  EXPECT_DOUBLE_EQ(scale.factor(), before);
  scale.forget();
  EXPECT_DOUBLE_EQ(scale.factor(), 1.0);
}

}  // namespace
}  // namespace yarbus::eye_frame_test
