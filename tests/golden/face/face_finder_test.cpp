// Faces in real webcam recordings, and none where there are none. The numbers were set after looking at the
// images.
#include "tracker/face/face_finder.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "tests/support/recordings.h"

namespace yarbus::face_finder_test {
namespace {

GrayView view_of(const cv::Mat& image) {
  return {image.data, image.cols, image.rows, static_cast<std::ptrdiff_t>(image.step)};
}

cv::Mat gray_of(const cv::Mat& image) {
  cv::Mat gray;
  cv::cvtColor(image, gray, cv::COLOR_BGR2GRAY);
  return gray;
}

FaceFinder finder() {
  auto made = FaceFinder::create();
  EXPECT_TRUE(made);
  return std::move(*made);
}

/// How many faces each frame of a recording shows, every `step` frames.
std::vector<std::size_t> counts(const std::filesystem::path& path, int step) {
  cv::VideoCapture video(path.string());
  FaceFinder faces = finder();
  std::vector<std::size_t> found;
  cv::Mat frame;
  for (int i = 0; video.read(frame); ++i) {
    if (i % step == 0) found.push_back(faces.find(view_of(gray_of(frame))).size());
  }
  return found;
}

TEST(FaceFinder, FindsTheFaceBeforeAWebcamWhereItIs) {
  const auto path = test::recording("webcam_one_labelled/07_00_02_img-040.png");
  YARBUS_REQUIRE_RECORDING(path);
  const cv::Mat image = gray_of(cv::imread(path.string()));
  FaceFinder faces = finder();
  const auto found = faces.find(view_of(image));
  ASSERT_EQ(found.size(), 1U);
  // The same place at any size, and in a view into a larger image.
  for (const double scale : {0.3, 0.5}) {
    cv::Mat smaller;
    cv::resize(image, smaller, {}, scale, scale, cv::INTER_AREA);
    const auto again = faces.find(view_of(smaller));
    ASSERT_EQ(again.size(), 1U) << scale;
    EXPECT_LT((again[0].center_px / scale - found[0].center_px).norm(), 0.2 * found[0].size_px) << scale;
    EXPECT_NEAR(again[0].size_px / scale, found[0].size_px, 0.25 * found[0].size_px) << scale;
  }
  const cv::Rect about(static_cast<int>(found[0].center_px.x() - found[0].size_px),
                       static_cast<int>(found[0].center_px.y() - found[0].size_px),
                       static_cast<int>(2.0 * found[0].size_px), static_cast<int>(2.0 * found[0].size_px));
  const cv::Rect inside = about & cv::Rect(0, 0, image.cols, image.rows);
  const auto part = faces.find(view_of(image(inside)));
  ASSERT_EQ(part.size(), 1U);
  EXPECT_LT((part[0].center_px + Eigen::Vector2d(inside.x, inside.y) - found[0].center_px).norm(),
            0.2 * found[0].size_px);
}

TEST(FaceFinder, FindsEverybodyInView) {
  const auto two = test::recording("faces_head_turn/head-pose-face-detection-female-and-male.gif");
  YARBUS_REQUIRE_RECORDING(two);
  const auto found = counts(two, 10);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front(), 2U) << "both look at the camera before they turn";
  for (const std::size_t count : found) EXPECT_LE(count, 2U);
}

TEST(FaceFinder, FindsOneThatFacesTheCamera) {
  for (const char* name : {"faces_head_turn/head-pose-face-detection-female.gif",
                           "faces_head_turn/head-pose-face-detection-male.gif"}) {
    const auto path = test::recording(name);
    YARBUS_REQUIRE_RECORDING(path);
    const auto found = counts(path, 8);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.front(), 1U) << name;
    for (const std::size_t count : found) EXPECT_LE(count, 1U) << name;
  }
}

TEST(FaceFinder, FindsNoneWhereThereIsNone) {
  for (const char* name : {"no_eye/a.mp4", "no_eye/b.mp4"}) {
    const auto path = test::recording(name);
    YARBUS_REQUIRE_RECORDING(path);
    for (const std::size_t count : counts(path, 10)) EXPECT_EQ(count, 0U) << name;
  }
  FaceFinder faces = finder();
  EXPECT_TRUE(faces.find({}).empty());
  for (const cv::Size size : {cv::Size(1, 1), cv::Size(15, 200), cv::Size(160, 120), cv::Size(3840, 2160)}) {
    for (const int gray : {0, 128, 255}) {
      const cv::Mat even(size, CV_8UC1, cv::Scalar(gray));
      EXPECT_TRUE(faces.find(view_of(even)).empty()) << size << ' ' << gray;
    }
  }
}

TEST(FaceFinder, FindsAFaceInTheDark) {
  const auto path = test::recording("webcam_one_labelled/07_00_02_img-040.png");
  YARBUS_REQUIRE_RECORDING(path);
  const cv::Mat image = gray_of(cv::imread(path.string()));
  cv::Mat dark;
  image.convertTo(dark, CV_8UC1, 0.08);
  FaceFinder faces = finder();
  EXPECT_EQ(faces.find(view_of(dark)).size(), 1U);
}

TEST(FaceFinder, RefusesOptionsOutOfBounds) {
  FaceFinderOptions options;
  options.search_width_px = 0;
  const auto made = FaceFinder::create(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::invalid_option);
}

}  // namespace
}  // namespace yarbus::face_finder_test
