#include "calibration/camera/camera_file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>

#include "tests/support/rendered_board.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::camera_file_test {
namespace {

using testing::HasSubstr;

void expect_same(const CameraIntrinsics& a, const CameraIntrinsics& b) {
  EXPECT_DOUBLE_EQ(a.fx_px, b.fx_px);
  EXPECT_DOUBLE_EQ(a.fy_px, b.fy_px);
  EXPECT_DOUBLE_EQ(a.cx_px, b.cx_px);
  EXPECT_DOUBLE_EQ(a.cy_px, b.cy_px);
  EXPECT_EQ(a.width_px, b.width_px);
  EXPECT_EQ(a.height_px, b.height_px);
  EXPECT_EQ(a.distortion_model, b.distortion_model);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_DOUBLE_EQ(a.distortion[i], b.distortion[i]) << i;
}

TEST(CameraFile, RoundTripsInEveryFormat) {
  const test::TemporaryFolder folder;
  for (const CameraIntrinsics& camera : {test::standard_test_camera(), test::fisheye_test_camera()}) {
    for (const char* name : {"k.json", "k.yml", "k.yaml"}) {
      ASSERT_TRUE(write_camera_file(folder / name, {"Eye \"left\"", camera}, 0.12)) << name;
      const auto back = read_camera_file(folder / name);
      ASSERT_TRUE(back) << back.error().to_text();
      EXPECT_EQ(back->name, "Eye \"left\"");
      expect_same(back->intrinsics, camera);
    }
  }
  EXPECT_EQ(write_camera_file(folder / "k.txt", {}, 0.0).error().code, ErrorCode::invalid_option);
}

TEST(CameraFile, ReadsWhatOpenCVWrites) {
  const test::TemporaryFolder folder;
  {
    cv::FileStorage file((folder / "cv.yml").string(), cv::FileStorage::WRITE);
    file << "calibration_time"
         << "today"
         << "image_width" << 640 << "image_height" << 480;
    file << "camera_matrix" << cv::Mat(cv::Matx33d(612.5, 0, 311.25, 0, 613.5, 236.75, 0, 0, 1));
    file << "distortion_coefficients" << cv::Mat(cv::Matx<double, 5, 1>(-0.3, 0.1, 0.001, -0.002, 0.05));
  }
  const auto camera = read_camera_file(folder / "cv.yml");
  ASSERT_TRUE(camera) << camera.error().to_text();
  EXPECT_EQ(camera->intrinsics.fx_px, 612.5);
  EXPECT_EQ(camera->intrinsics.cy_px, 236.75);
  EXPECT_EQ(camera->intrinsics.distortion[4], 0.05);
  // And OpenCV reads what Yarbus writes.
  ASSERT_TRUE(write_camera_file(folder / "ours.yml", *camera, 0.2));
  const cv::FileStorage ours((folder / "ours.yml").string(), cv::FileStorage::READ);
  cv::Mat K;
  ours["camera_matrix"] >> K;
  ASSERT_EQ(K.size(), cv::Size(3, 3));
  EXPECT_EQ(K.at<double>(1, 2), 236.75);
}

TEST(CameraFile, ReadsWhatRosWrites) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "ost.yaml") << R"(image_width: 640
image_height: 480
camera_name: head_camera
camera_matrix:
  rows: 3
  cols: 3
  data: [438.783, 0., 305.593, 0., 437.302, 243.738, 0., 0., 1.]
distortion_model: plumb_bob
distortion_coefficients:
  rows: 1
  cols: 5
  data: [-0.361976, 0.110510, 0.001014, 0.000505, 0.]
)";
  const auto camera = read_camera_file(folder / "ost.yaml");
  ASSERT_TRUE(camera) << camera.error().to_text();
  EXPECT_EQ(camera->name, "head_camera");
  EXPECT_EQ(camera->intrinsics.fx_px, 438.783);
  EXPECT_EQ(camera->intrinsics.distortion[1], 0.110510);
  std::ofstream(folder / "fish.yaml") << R"(image_width: 640
image_height: 480
camera_matrix: {rows: 3, cols: 3, data: [300.0, 0, 320, 0, 300.0, 240, 0, 0, 1]}
distortion_model: equidistant
distortion_coefficients: {rows: 1, cols: 4, data: [0.1, 0.2, 0.3, 0.4]}
)";
  const auto fisheye = read_camera_file(folder / "fish.yaml");
  ASSERT_TRUE(fisheye) << fisheye.error().to_text();
  EXPECT_EQ(fisheye->intrinsics.distortion_model, DistortionModel::fisheye);
  EXPECT_EQ(fisheye->intrinsics.distortion[3], 0.4);
}

TEST(CameraFile, RefusesWhatIsNoCameraAndSaysWhy) {
  const test::TemporaryFolder folder;
  const std::string head = "image_width: 640\nimage_height: 480\n";
  const std::string K = "camera_matrix: {rows: 3, cols: 3, data: [600, 0, 320, 0, 600, 240, 0, 0, 1]}\n";
  const auto read = [&](const std::string& text) {
    std::ofstream(folder / "k.yml") << text;
    return read_camera_file(folder / "k.yml");
  };
  EXPECT_EQ(read_camera_file(folder / "none.yml").error().code, ErrorCode::input_missing);
  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {K, "no image_width"},
           {"image_width: wide\nimage_height: 480\n" + K, "image_width is not a whole number"},
           {head, "camera_matrix is not 3 by 3"},
           {head + "camera_matrix: {rows: 2, cols: 2, data: [1, 2, 3, 4]}\n", "camera_matrix is not 3 by 3"},
           {head + "camera_matrix: {rows: 3, cols: 3, data: [600, 2, 320, 0, 600, 240, 0, 0, 1]}\n",
            "skewed"},
           {head + "camera_matrix: {rows: 3, cols: 3, data: [600, 0, 320, 0, 600, 240, 0, 0, 2]}\n",
            "of the form"},
           {head + "camera_matrix: {rows: 3, cols: 3, data: [-600, 0, 320, 0, 600, 240, 0, 0, 1]}\n",
            "fx is -600"},
           {head + K + "distortion_coefficients: {rows: 1, cols: 8, data: [0,0,0,0,0,0.1,0,0]}\n",
            "Yarbus handles 5"},
           {head + K + "distortion_coefficients: many\n", "are not numbers"},
           {"\t[this is : no { yaml", "YAML"}}) {
    const auto camera = read(text);
    ASSERT_FALSE(camera) << text;
    EXPECT_THAT(camera.error().message, HasSubstr(words)) << text;
    EXPECT_THAT(camera.error().context, HasSubstr("k.yml")) << text;
    EXPECT_FALSE(camera.error().remedy.empty()) << text;
  }
  EXPECT_TRUE(read(head + K + "distortion_coefficients: {rows: 1, cols: 8, data: [0.1,0,0,0,0,0,0,0]}\n"));
}

TEST(CameraFile, ScalesTheSameShapeOnly) {
  const CameraIntrinsics camera = test::standard_test_camera();
  const auto half = scaled_to(camera, 320, 240);
  ASSERT_TRUE(half);
  EXPECT_TRUE(half->is_assumed);
  // A point of the large image, and the same place in the small one: pixel edges agree.
  const Eigen::Vector3d point(30.0, -20.0, 200.0);
  const Eigen::Vector2d large = camera.project(point);
  EXPECT_NEAR(
      (half->project(point) - (0.5 * (large + Eigen::Vector2d(0.5, 0.5)) - Eigen::Vector2d(0.5, 0.5))).norm(),
      0.0, 1e-9);
  EXPECT_EQ(scaled_to(camera, 640, 360).error().code, ErrorCode::invalid_option);
  EXPECT_FALSE(scaled_to(camera, 640, 480)->is_assumed);
}

}  // namespace
}  // namespace yarbus::camera_file_test
