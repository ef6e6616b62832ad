#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/eye_model.h"
#include "eyemodel/types/fixed_vector.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::types_test {
namespace {

TEST(Result, AskingForTheWrongOneIsAProgrammerError) {
  const Result<int> good = 3;
  const Result<int> bad = Error{ErrorCode::input_missing, "is gone", "a.mp4", "Find it"};
  EXPECT_EQ(*good, 3);
  EXPECT_THROW((void)good.error(), CheckFailure);
  EXPECT_THROW((void)bad.value(), CheckFailure);
  EXPECT_EQ(bad.error().to_text(), "a.mp4: is gone. Find it.");
  EXPECT_TRUE(Result<void>().has_value());
}

TEST(FixedVector, FullIsFull) {
  FixedVector<int, 2> vector;
  vector.push_back(1);
  vector.push_back(2);
  EXPECT_TRUE(vector.full());
  EXPECT_THROW(vector.push_back(3), CheckFailure);
  vector.clear();
  EXPECT_TRUE(vector.empty());
}

TEST(GrayImage, ResizingSmallerKeepsItsMemory) {
  GrayImage image(64, 48);
  const auto* before = image.data();
  image.resize(32, 32);
  EXPECT_EQ(image.data(), before);
  EXPECT_THROW(image.resize(-1, 5), CheckFailure);
}

TEST(Ellipse, PointsAndAngleFollowTheConvention) {
  const Ellipse ellipse{{10, 20}, 5, 3, 0.5};
  EXPECT_NEAR((ellipse.point_at(0.0) - ellipse.center_px).norm(), 5.0, 1e-12);
  EXPECT_GT(ellipse.point_at(0.0).y(), 20.0) << "from +x towards +y, which is down";
  EXPECT_FALSE((Ellipse{{10, 20}, 3, 5, 0.0}).is_valid());
  EXPECT_FALSE((Ellipse{{std::nan(""), 20}, 5, 3, 0.0}).is_valid());
}

/// A point of the sensor after the image is turned clockwise and mirrored, as pixels are.
Eigen::Vector2d turned(Eigen::Vector2d p, int rotate_deg, bool mirror, int width, int height) {
  for (int i = 0; i < rotate_deg / 90; ++i) {
    p = Eigen::Vector2d(height - 1 - p.y(), p.x());
    std::swap(width, height);
  }
  if (mirror) p.x() = width - 1 - p.x();
  return p;
}

TEST(CameraIntrinsics, TurnWithTheImageDistortionIncluded) {
  auto camera = CameraIntrinsics::from_focal_length(600, 640, 480);
  camera.fy_px = 620;
  camera.cx_px = 300;
  camera.distortion = {-0.2, 0.05, 0.01, -0.02, 0.003};
  for (const int rotate_deg : {0, 90, 180, 270}) {
    for (const bool mirror : {false, true}) {
      const auto other = rotated_and_mirrored(camera, rotate_deg, mirror);
      // The same ray in the turned camera's axes: turn a point at unit depth about the optical axis.
      const Eigen::Vector2d ray(0.21, -0.13);
      Eigen::Vector2d ray_turned = ray;
      for (int i = 0; i < rotate_deg / 90; ++i) ray_turned = Eigen::Vector2d(-ray_turned.y(), ray_turned.x());
      if (mirror) ray_turned.x() = -ray_turned.x();
      const auto expected = turned(camera.project({ray.x(), ray.y(), 1.0}), rotate_deg, mirror, 640, 480);
      EXPECT_NEAR((other.project({ray_turned.x(), ray_turned.y(), 1.0}) - expected).norm(), 0.0, 1e-9)
          << rotate_deg << mirror;
    }
  }
}

TEST(CameraIntrinsics, LightsTurnWithTheImage) {
  auto camera = CameraIntrinsics::from_focal_length(600, 640, 480);
  camera.leds_in_cam_mm = {{9.0, 5.0, 20.0}};
  for (const int rotate_deg : {0, 90, 180, 270}) {
    for (const bool mirror : {false, true}) {
      // A light in front of the camera is still seen where its image went.
      const auto other = rotated_and_mirrored(camera, rotate_deg, mirror);
      const auto expected = turned(camera.project(camera.leds_in_cam_mm[0]), rotate_deg, mirror, 640, 480);
      EXPECT_NEAR((other.project(other.leds_in_cam_mm[0]) - expected).norm(), 0.0, 1e-9)
          << rotate_deg << mirror;
    }
  }
}

TEST(CameraIntrinsics, FileErrorsNameTheFault) {
  const test::TemporaryFolder folder;
  const auto read = [&](const std::string& text) {
    std::ofstream(folder / "k.json") << text;
    return read_camera_intrinsics(folder / "k.json");
  };
  EXPECT_TRUE(read(
      R"({"K": {"fx": 600, "fy": 600, "cx": 320, "cy": 240, "width": 640, "height": 480}, "distortion": "none"})"));
  EXPECT_THAT(read(R"({"K": {"fx": 600}})").error().message, testing::HasSubstr("fy"));
  EXPECT_THAT(read(R"({"K": {"fx": -1, "fy": 600, "cx": 320, "cy": 240, "width": 640, "height": 480}})")
                  .error()
                  .message,
              testing::HasSubstr("fx is -1"));
  EXPECT_EQ(read("[1,2").error().code, ErrorCode::input_unreadable);
  EXPECT_EQ(
      read(
          R"({"K": {"fx": 600, "fy": 600, "cx": 3, "cy": 2, "width": 6, "height": 4}, "distortion": "fisheye"})")
          .error()
          .code,
      ErrorCode::input_unreadable);
  // In plain words, with what the file should hold.
  for (
      const auto& [text, words] : std::vector<std::pair<const char*, const char*>>{
          {"{}", "it has no \"K\""},
          {"[1, 2]", "it has no \"K\""},
          {"{", "not JSON"},
          {R"({"K": [600, 600]})", "\"K\" is not of the form"},
          {R"({"K": {"fx": 600}})", "its \"K\" has no \"fy\""},
          {R"({"K": {"fx": "wide"}})", "\"fx\" in \"K\" is \"wide\", must be a number"},
          {R"({"K": {"fx": 6, "fy": 6, "cx": 3, "cy": 2, "width": 6.5, "height": 4}})",
           "must be a whole number"},
          {R"({"K": {"fx": 6, "fy": 6, "cx": 3, "cy": 2, "width": 1e300, "height": 4}})",
           "must be a whole number"},
          {R"({"K": {"fx": 6, "fy": 6, "cx": 3, "cy": 2, "width": 6, "height": 4}, "distortion": [0, "x"]})",
           "a list of numbers"},
          {R"({"K": {"fx": 6, "fy": 6, "cx": 3, "cy": 2, "width": 6, "height": 4}, "distortion": [0,0,0,0,0,0]})",
           "more than the five"}}) {
    const auto result = read(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().code, ErrorCode::input_unreadable) << text;
    EXPECT_THAT(result.error().message, testing::HasSubstr(words)) << text;
    EXPECT_THAT(result.error().message, testing::Not(testing::HasSubstr("exception"))) << text;
    EXPECT_THAT(result.error().remedy, testing::HasSubstr("\"fx\": 620")) << text;
    EXPECT_THAT(result.error().context, testing::HasSubstr("k.json")) << text;
  }
  const auto camera = read(
      R"({"K": {"fx": 6, "fy": 6, "cx": 3, "cy": 2, "width": 6, "height": 4}, "distortion": [0.1, -0.2]})");
  ASSERT_TRUE(camera.has_value());
  EXPECT_EQ(camera->distortion[1], -0.2);
  EXPECT_EQ(camera->distortion[2], 0.0);
  EXPECT_TRUE(camera->leds_in_cam_mm.empty());
  const std::string K =
      R"({"K": {"fx": 6, "fy": 6, "cx": 3, "cy": 2, "width": 6, "height": 4}, "leds_in_cam_mm": )";
  const auto lit = read(K + "[[9, 5, -2], [-9.5, -6, -2]]}");
  ASSERT_TRUE(lit.has_value());
  ASSERT_EQ(lit->leds_in_cam_mm.size(), 2U);
  EXPECT_EQ(lit->leds_in_cam_mm[1], Eigen::Vector3d(-9.5, -6, -2));
  EXPECT_TRUE(read(K + "null}"));
  for (const auto& [leds, words] : std::vector<std::pair<const char*, const char*>>{
           {"[9, 5, -2]}", "must be a list of places"},
           {"[[9, 5]]}", "must be a list of places"},
           {R"([["left", 5, 1]]})", "must be a list of places"},
           {"[[1,1,1],[2,1,1],[3,1,1],[4,1,1],[5,1,1]]}", "more than four"}}) {
    const auto result = read(K + leds);
    ASSERT_FALSE(result.has_value()) << leds;
    EXPECT_THAT(result.error().message, testing::HasSubstr("leds_in_cam_mm")) << leds;
    EXPECT_THAT(result.error().message, testing::HasSubstr(words)) << leds;
  }
  auto broken = *lit;
  broken.leds_in_cam_mm[0].y() = std::nan("");
  EXPECT_THAT(broken.validate().error().message, testing::HasSubstr("leds_in_cam_mm is nan"));
  broken.leds_in_cam_mm.assign(5, Eigen::Vector3d::Zero());
  EXPECT_THAT(broken.validate().error().message, testing::HasSubstr("number of leds_in_cam_mm is 5"));
  EXPECT_EQ(read_camera_intrinsics(folder / "none.json").error().code, ErrorCode::input_missing);
}

TEST(VisibleOutline, RaysThroughItTouchTheSphere) {
  const Eigen::Vector3d center(3, -2, 40);
  const auto outline = visible_outline_of_sphere(center, 12.0);
  ASSERT_TRUE(outline.has_value());
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3d ray = point_on_circle(*outline, i * 0.785).normalized();
    EXPECT_NEAR((center - ray * ray.dot(center)).norm(), 12.0, 1e-9);
  }
  EXPECT_FALSE(visible_outline_of_sphere({0, 0, 5}, 12.0)) << "camera inside";
}

TEST(FitStage, NamesRoundTrip) {
  for (const FitStage stage : {FitStage::unprojection, FitStage::unoptimised, FitStage::contrast,
                               FitStage::edge, FitStage::refraction}) {
    EXPECT_EQ(fit_stage_from_string(to_string(stage)), stage);
  }
  EXPECT_FALSE(fit_stage_from_string("magic"));
}

}  // namespace
}  // namespace yarbus::types_test
