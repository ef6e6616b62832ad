// Frames of the simulator: where limbus points and glints are against the truth, and where there are none.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/drawn_limbus.h"
#include "tests/support/limbus_fit.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/corneal_feature_finder.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::corneal_features_test {
namespace {

using simulation::SimulatedEye;

/// Where a light is mirrored by a sphere (cam, mm) for a camera at the origin: the normal halves the angle.
Eigen::Vector3d mirrored_in_cam(const Eigen::Vector3d& center_mm, double radius_mm,
                                const Eigen::Vector3d& light_mm) {
  Eigen::Vector3d normal = -center_mm.normalized();
  for (int i = 0; i < 100; ++i) {
    const Eigen::Vector3d point = center_mm + radius_mm * normal;
    normal = (-point.normalized() + (light_mm - point).normalized()).normalized();
  }
  return center_mm + radius_mm * normal;
}

struct Findings {
  int pupils = 0;
  int limbi = 0;
  Eigen::Vector3d limbus_error =
      Eigen::Vector3d::Zero();  ///< mean of radius and centre; shares of the radius
  double worst_radius_error = 0.0;
  double limbus_mahalanobis = 0.0;
  int glints = 0;
  int wrong_glints = 0;
  Eigen::Vector2d glint_error_px = Eigen::Vector2d::Zero();
  double glint_mahalanobis = 0.0;
  double glint_rms_px = 0.0;  ///< in each direction
  /// Of it the part that a subject's frames have in common, which no number of frames averages out.
  double glint_common_px = 0.0;
};

Findings find_in(const std::string& scenario, int subjects) {
  Findings findings;
  double common_px2 = 0.0;
  int pairs = 0;
  PupilDetector detector{PupilDetectorOptions{}};
  CornealFeatureFinder finder;
  CornealFeatures features;
  GrayImage image;
  SimulatedTruth truth;
  for (int subject = 0; subject < subjects; ++subject) {
    const auto seed = static_cast<std::uint64_t>(901 + subject);
    auto eye = SimulatedEye::create(scenario, seed);
    EXPECT_TRUE(eye.has_value());
    const auto anatomy =
        simulation::set_up_scenario(*simulation::find_scenario(scenario), seed, EyeSide::right).scene.eye;
    std::vector<Eigen::Vector2d> of_subject_px;  // of frames before
    for (int frame = 0; frame < 4; ++frame) {
      eye->render(static_cast<std::uint64_t>(3 + 11 * frame), image, truth);
      const auto outcome = detector.detect(image.view());
      const auto* pupil = std::get_if<PupilObservation>(&outcome);
      if (pupil == nullptr || pupil->confidence < 0.5 || truth.is_saccade) continue;
      ++findings.pupils;
      const std::size_t before = of_subject_px.size();
      finder.find(image.view(), *pupil, std::nullopt, features);
      if (!features.limbus_points.empty()) {
        const auto fit = test::fit_limbus(features.limbus_points, truth.limbus_ellipse);
        ++findings.limbi;
        findings.limbus_error += fit.error;
        findings.limbus_mahalanobis += fit.mahalanobis_squared();
        findings.worst_radius_error = std::max(findings.worst_radius_error, std::abs(fit.error[0]));
      }
      const Eigen::Vector3d cornea_in_cam_mm =
          truth.eye_center_in_cam_mm + anatomy.cornea_center_mm * truth.optical_axis_in_cam;
      for (const Glint& glint : features.glints) {
        Eigen::Vector2d nearest_px(1e9, 1e9);
        for (const Eigen::Vector3d& led : eye->camera().leds_in_cam_mm) {
          const Eigen::Vector2d off_px =
              glint.position_px -
              truth.intrinsics.project(mirrored_in_cam(cornea_in_cam_mm, anatomy.cornea_radius_mm, led));
          if (off_px.norm() < nearest_px.norm()) nearest_px = off_px;
        }
        if (nearest_px.norm() > 5.0) {
          ++findings.wrong_glints;
          continue;
        }
        ++findings.glints;
        findings.glint_error_px += nearest_px;
        findings.glint_rms_px += nearest_px.squaredNorm();
        for (std::size_t i = 0; i < before; ++i) common_px2 += nearest_px.dot(of_subject_px[i]);
        pairs += static_cast<int>(before);
        of_subject_px.push_back(nearest_px);
        findings.glint_mahalanobis += nearest_px.squaredNorm() / (glint.sigma_px * glint.sigma_px);
      }
    }
  }
  if (findings.limbi > 0) {
    findings.limbus_error /= findings.limbi;
    findings.limbus_mahalanobis /= findings.limbi;
  }
  if (findings.glints > 0) {
    findings.glint_error_px /= findings.glints;
    findings.glint_mahalanobis /= findings.glints;
    findings.glint_rms_px = std::sqrt(0.5 * findings.glint_rms_px / findings.glints);
    findings.glint_common_px = std::sqrt(std::max(0.0, 0.5 * common_px2 / std::max(1, pairs)));
  }
  return findings;
}

TEST(CornealFeatures, HaveLittleBiasWhereverTheyAreFound) {
  struct Case {
    std::string scenario;
    int subjects;
    int fewest_limbi;
    int fewest_glints;
  };
  for (const Case& item :
       {Case{"easy", 16, 10, 40}, Case{"subjects", 24, 5, 40}, Case{"low-contrast", 10, 20, 30},
        Case{"window", 16, 6, 50}, Case{"lashes", 16, 2, 30}, Case{"noisy-far", 16, 10, 40}}) {
    const Findings findings = find_in(item.scenario, item.subjects);
    RecordProperty(item.scenario + " limbi of pupils",
                   std::to_string(findings.limbi) + " of " + std::to_string(findings.pupils));
    RecordProperty(item.scenario + " limbus radius error", std::to_string(findings.limbus_error[0]));
    RecordProperty(item.scenario + " limbus centre error",
                   std::to_string(findings.limbus_error.tail<2>().norm()));
    RecordProperty(item.scenario + " limbus mahalanobis", std::to_string(findings.limbus_mahalanobis));
    RecordProperty(item.scenario + " glints, wrong",
                   std::to_string(findings.glints) + ", " + std::to_string(findings.wrong_glints));
    RecordProperty(item.scenario + " glints, px: rms, in common",
                   std::to_string(findings.glint_rms_px) + ", " + std::to_string(findings.glint_common_px));
    EXPECT_GE(findings.limbi, item.fewest_limbi) << item.scenario;
    EXPECT_LE(std::abs(findings.limbus_error[0]), 0.015) << item.scenario;
    EXPECT_LE(findings.worst_radius_error, 0.04) << item.scenario;
    EXPECT_LE(std::abs(findings.limbus_error[1]), 0.035) << item.scenario;
    EXPECT_LE(std::abs(findings.limbus_error[2]), 0.04) << item.scenario;
    EXPECT_LE(findings.limbus_mahalanobis, 5.0) << item.scenario << ", three degrees of freedom";
    EXPECT_GE(findings.glints, item.fewest_glints) << item.scenario;
    EXPECT_LE(findings.wrong_glints, findings.glints / 8) << item.scenario;
    EXPECT_LE(findings.glint_error_px.norm(), 0.2) << item.scenario;
    EXPECT_LE(findings.glint_rms_px, 0.35) << item.scenario;
    EXPECT_LE(findings.glint_common_px, 0.15) << item.scenario;
    EXPECT_LE(findings.glint_mahalanobis, 4.0) << item.scenario << ", two degrees of freedom";
  }
}

TEST(CornealFeatures, AreNotLookedForFromFarAside) {
  auto eye = SimulatedEye::create("off-axis", 901);
  ASSERT_TRUE(eye.has_value());
  GrayImage image;
  SimulatedTruth truth;
  CornealFeatureFinder finder;
  CornealFeatures features;
  int aside = 0;
  for (std::uint64_t frame = 0; frame < 60; frame += 6) {
    eye->render(frame, image, truth);
    PupilObservation pupil;
    pupil.ellipse = truth.pupil_ellipse;
    if (pupil.ellipse.aspect_ratio() >= 0.82) continue;
    ++aside;
    finder.find(image.view(), pupil, std::nullopt, features);
    EXPECT_TRUE(features.limbus_points.empty());
    EXPECT_TRUE(features.glints.empty());
  }
  EXPECT_GE(aside, 3);
}

TEST(CornealFeatures, ClosedLidsAndEmptyPicturesHaveNoLimbus) {
  // What a wrong detection would hand over: the pupil where it would be, under the lid.
  auto eye = SimulatedEye::create("blinks", 3);
  ASSERT_TRUE(eye.has_value());
  GrayImage image;
  SimulatedTruth truth;
  CornealFeatureFinder finder;
  CornealFeatures features;
  int closed = 0;
  for (std::uint64_t frame = 0; frame < 150; ++frame) {
    eye->render(frame, image, truth);
    if (truth.closure < 0.9) continue;
    ++closed;
    PupilObservation pupil;
    pupil.ellipse = truth.pupil_ellipse;
    finder.find(image.view(), pupil, std::nullopt, features);
    EXPECT_TRUE(features.limbus_points.empty()) << frame;
  }
  EXPECT_GE(closed, 3);
  test::SyntheticEye blank;
  blank.pupil.reset();
  PupilObservation pupil;
  pupil.ellipse = Ellipse{{160.0, 120.0}, 30.0, 29.0, 0.2};
  for (const double noise_gray : {2.0, 40.0}) {
    blank.noise_gray = noise_gray;
    finder.find(test::draw(blank).view(), pupil, std::nullopt, features);
    EXPECT_TRUE(features.limbus_points.empty()) << noise_gray;
  }
}

/// A model that is wrong must not be confirmed by what is found where it expects the limbus.
TEST(CornealFeatures, AWrongModelDoesNotMoveTheLimbus) {
  const test::DrawnLimbus drawn;
  const GrayImage image = test::draw(drawn);
  PupilObservation pupil;
  pupil.ellipse = drawn.pupil;
  CornealFeatureFinder finder;
  CornealFeatures alone;
  finder.find(image.view(), pupil, std::nullopt, alone);
  ASSERT_GT(alone.limbus_points.size(), 20U);
  for (const double scale : {0.7, 1.0, 2.5}) {
    Ellipse expected = drawn.limbus();
    expected.semi_major_px *= scale;
    expected.semi_minor_px *= scale;
    CornealFeatures features;
    finder.find(image.view(), pupil, expected, features);
    ASSERT_EQ(features.limbus_points.size(), alone.limbus_points.size()) << scale;
    for (std::size_t i = 0; i < alone.limbus_points.size(); ++i)
      EXPECT_EQ(features.limbus_points[i].position_px, alone.limbus_points[i].position_px);
  }
}

TEST(CornealFeatures, TakeNoMemoryOnceWarm) {
  const test::DrawnLimbus drawn;
  const GrayImage image = test::draw(drawn);
  const GrayImage noise = test::draw([] {
    test::DrawnLimbus noisy;
    noisy.noise_gray = 60.0;
    return noisy;
  }());
  PupilObservation pupil;
  pupil.ellipse = drawn.pupil;
  auto finder = std::make_unique<CornealFeatureFinder>();
  CornealFeatures features;
  const auto allocations = [&](const GrayImage& seen, const std::optional<Ellipse>& expected) {
    const auto before = heap_allocations_so_far();
    finder->find(seen.view(), pupil, expected, features);
    return heap_allocations_so_far() - before;
  };
  EXPECT_GT(allocations(image, std::nullopt), 0U) << "the first image: the counter counts";
  for (const auto& expected : {std::optional<Ellipse>(), std::optional(drawn.limbus())}) {
    EXPECT_EQ(allocations(image, expected), 0U);
    EXPECT_FALSE(features.limbus_points.empty());
    EXPECT_EQ(allocations(noise, expected), 0U);
    pupil.ellipse.semi_major_px = 60.0;
    pupil.ellipse.semi_minor_px = 58.0;
    EXPECT_EQ(allocations(image, expected), 0U);
    pupil.ellipse = drawn.pupil;
  }
}

}  // namespace
}  // namespace yarbus::corneal_features_test
