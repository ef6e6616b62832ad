#include "app/session/picture_quality.h"

#include <numeric>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

#include "app/session/open_source.h"

namespace yarbus::picture_quality_test {
namespace {

GrayImage simulated_picture(const std::string& scenario) {
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = scenario;
  SimulationUse use;
  use.frames = 1;
  auto opened = open_source(request, EyeSide::right, use);
  EXPECT_TRUE(opened) << scenario;
  auto frame = opened->frames->next({});
  EXPECT_TRUE(frame && *frame != nullptr);
  return (*frame)->gray;
}

cv::Mat pixels_of(GrayImage& image) { return {image.height_px(), image.width_px(), CV_8UC1, image.data()}; }

GrayImage blurred(const GrayImage& image, double sigma_px) {
  GrayImage out = image;
  if (sigma_px > 0.0) cv::GaussianBlur(pixels_of(out), pixels_of(out), {}, sigma_px);
  return out;
}

GrayImage of_one_gray(std::uint8_t gray) {
  GrayImage image(100, 80);
  pixels_of(image).setTo(gray);
  return image;
}

TEST(PictureQuality, SharpnessFallsWithEveryStepOutOfFocus) {
  for (const char* scenario : {"easy", "face-still"}) {
    const GrayImage sharp = simulated_picture(scenario);
    double before = std::numeric_limits<double>::infinity();
    for (const double sigma_px : {0.0, 1.0, 2.0, 3.0, 5.0}) {
      const PictureQuality quality = judge_picture(blurred(sharp, sigma_px).view(), {});
      ASSERT_TRUE(quality.has_contrast) << scenario;
      EXPECT_LT(quality.sharpness, 0.9 * before) << scenario << ", sigma " << sigma_px;
      before = quality.sharpness;
    }
    EXPECT_GT(before, 0.0);
  }
}

TEST(PictureQuality, SharpnessDoesNotDependOnBrightnessAndContrast) {
  const GrayImage image = blurred(simulated_picture("easy"), 1.0);
  GrayImage paler = image;
  pixels_of(paler).convertTo(pixels_of(paler), CV_8U, 0.6, 40.0);
  const double sharpness = judge_picture(image.view(), {}).sharpness;
  EXPECT_NEAR(judge_picture(paler.view(), {}).sharpness, sharpness, 0.1 * sharpness);
}

TEST(PictureQuality, OnlyTheAreaCounts) {
  GrayImage half = of_one_gray(120);
  for (int y = 0; y < half.height_px(); ++y) {
    for (int x = 0; x < half.width_px() / 2; ++x) half.row(y)[x] = (x / 4 + y / 4) % 2 == 0 ? 20 : 255;
  }
  const PictureQuality left = judge_picture(half.view(), {0.0, 0.0, 0.5, 1.0});
  const PictureQuality right = judge_picture(half.view(), {0.5, 0.0, 1.0, 1.0});
  EXPECT_TRUE(left.has_contrast);
  EXPECT_GT(left.sharpness, 0.0);
  EXPECT_NEAR(left.white_share, 0.5, 0.03);
  EXPECT_FALSE(right.has_contrast);
  EXPECT_EQ(right.sharpness, 0.0);
  EXPECT_EQ(right.white_share, 0.0);
  EXPECT_NEAR(right.mean_gray, 120.0, 1e-9);
  // Too small to be judged: the whole picture.
  EXPECT_NEAR(judge_picture(half.view(), {0.5, 0.5, 0.55, 0.55}).white_share, 0.25, 0.03);
}

TEST(PictureQuality, ExposureIsJudgedByWhatIsBlackAndWhite) {
  EXPECT_EQ(judge_picture(of_one_gray(30).view(), {}).exposure, ExposureVerdict::too_dark);
  EXPECT_EQ(judge_picture(of_one_gray(120).view(), {}).exposure, ExposureVerdict::good);
  GrayImage glints = of_one_gray(120);
  for (int x = 0; x < 100; ++x) glints.row(3)[x] = 255;  // 1.25 %
  EXPECT_EQ(judge_picture(glints.view(), {}).exposure, ExposureVerdict::good);
  for (int y = 4; y < 6; ++y) {
    for (int x = 0; x < 100; ++x) glints.row(y)[x] = 255;  // 3.75 %
  }
  const PictureQuality burnt = judge_picture(glints.view(), {});
  EXPECT_EQ(burnt.exposure, ExposureVerdict::overexposed);
  EXPECT_NEAR(burnt.white_share, 0.0375, 1e-9);
  EXPECT_NEAR(burnt.histogram[63], 0.0375F, 1e-6F);
  EXPECT_NEAR(burnt.histogram[30], 0.9625F, 1e-6F);
  // A large black pupil makes no picture dark.
  GrayImage pupil = of_one_gray(120);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 100; ++x) pupil.row(y)[x] = 5;
  }
  EXPECT_EQ(judge_picture(pupil.view(), {}).exposure, ExposureVerdict::good);
  EXPECT_NEAR(judge_picture(pupil.view(), {}).black_share, 0.5, 1e-9);
}

TEST(PictureQuality, SimulatedCamerasAreWellExposed) {
  for (const char* scenario : {"easy", "face-still"}) {
    const PictureQuality quality = judge_picture(simulated_picture(scenario).view(), {});
    EXPECT_EQ(quality.exposure, ExposureVerdict::good)
        << scenario << ": white " << quality.white_share << ", mean " << quality.mean_gray;
    EXPECT_NEAR(std::accumulate(quality.histogram.begin(), quality.histogram.end(), 0.0), 1.0, 1e-4);
  }
}

TEST(PictureQuality, NothingIsMadeOfNothing) {
  const PictureQuality quality = judge_picture({}, {});
  EXPECT_FALSE(quality.has_contrast);
  EXPECT_EQ(quality.mean_gray, 0.0);
}

}  // namespace
}  // namespace yarbus::picture_quality_test
