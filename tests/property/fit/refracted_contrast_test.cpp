// One frame's contrast cost of the refraction stage: its gradient, and what its curvature is worth.
#include "eyemodel/fit/refracted_contrast.h"

#include <cmath>
#include <random>

#include <Eigen/Eigenvalues>
#include <gtest/gtest.h>

#include "eyemodel/fit/refraction_evidence.h"
#include "eyemodel/simulation/anatomy.h"
#include "tests/support/contrast_views.h"
#include "tests/support/gradient_check.h"

namespace yarbus::refracted_contrast_test {
namespace {

/// A subject's frame and the forward model near its truth.
struct Setting {
  simulation::Scene scene;
  PupilObservation observation;
  ImagePatch patch;
  PupilChart chart;
  EyeShape shape;
  EyeTurn turn;

  explicit Setting(unsigned seed) : scene(test::refracted_scene(simulation::sample_anatomy(seed), 20.0)) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> uniform(-1.0, 1.0);
    scene.yaw_deg = 15.0 * uniform(random);
    scene.pitch_deg = 15.0 * uniform(random);
    observation = test::observe(scene, {0.2, 120}, random);
    patch = *test::render_patch(truth_of(scene).pupil_ellipse, random);
    chart = PupilChart::about(test::gaze_of(scene));
    shape = test::shape_of_scene(scene);
    turn = {0.002 * uniform(random), 0.002 * uniform(random), scene.pupil_radius_mm + 0.01 * uniform(random)};
  }
  [[nodiscard]] RefractedFrame view(const Eigen::VectorXd& by = Eigen::VectorXd::Zero(10)) const {
    return {shape + by.head<7>(), chart, turn + by.tail<3>(), scene.camera};
  }
};

TEST(RefractedContrast, GradientIsThatOfTheCost) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    Setting setting(seed);
    const auto frame = make_refracted_contrast(setting.view(), setting.observation, {}, setting.patch);
    ASSERT_TRUE(frame.has_value()) << seed;
    // Where the slope is steep.
    setting.turn[2] += 0.03;
    const auto model = refracted_contrast_model(*frame, setting.view());
    ASSERT_TRUE(model.has_value()) << seed;
    EXPECT_DOUBLE_EQ(model->cost, refracted_contrast_cost(*frame, setting.view()).value());
    const auto cost = [&](const Eigen::VectorXd& by) -> Eigen::VectorXd {
      return Eigen::VectorXd::Constant(1, refracted_contrast_cost(*frame, setting.view(by)).value());
    };
    const Eigen::MatrixXd gradient = -model->right.transpose();
    Eigen::VectorXd steps = Eigen::VectorXd::Constant(10, 1e-4);
    steps.segment<2>(7).setConstant(1e-5);
    EXPECT_LT(test::jacobian_error(cost, gradient, Eigen::VectorXd::Zero(10), steps), 5e-3) << seed;
    EXPECT_GT(gradient.cwiseAbs().maxCoeff(), 10.0) << "there is something to compare";
  }
}

TEST(RefractedContrast, ExpectedCurvatureIsTheCosts) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    Setting setting(seed);
    setting.turn = {0.0, 0.0, setting.scene.pupil_radius_mm};
    const auto frame = make_refracted_contrast(setting.view(), setting.observation, {}, setting.patch);
    ASSERT_TRUE(frame.has_value()) << seed;
    const auto model = refracted_contrast_model(*frame, setting.view());
    ASSERT_TRUE(model.has_value()) << seed;
    // The parameters that every outline shows: turn and radius, moved by half a pixel.
    for (int k = 7; k < 10; ++k) {
      Eigen::VectorXd step = Eigen::VectorXd::Zero(10);
      step[k] = k == 9 ? 0.04 : 0.003;
      const double curvature =
          (refracted_contrast_cost(*frame, setting.view(step)).value() - 2.0 * model->cost +
           refracted_contrast_cost(*frame, setting.view(-step)).value()) /
          (step[k] * step[k]);
      EXPECT_NEAR(model->matrix(k, k) / curvature, 1.0, 0.35) << seed << ", parameter " << k;
    }
    // Five numbers make an outline: no frame tells more.
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(model->matrix);
    EXPECT_GE(eigen.eigenvalues()[0], -1e-9 * eigen.eigenvalues()[9]);
  }
}

TEST(RefractedContrast, MoreNoiseCountsLess) {
  Setting clean(3);
  Setting noisy(3);
  clean.turn = noisy.turn = {0.0, 0.0, clean.scene.pupil_radius_mm};
  std::mt19937 random(8);
  std::normal_distribution<double> noise(0.0, 12.0);
  for (int y = 0; y < noisy.patch.pixels.height_px(); ++y) {
    for (int x = 0; x < noisy.patch.pixels.width_px(); ++x) {
      std::uint8_t& gray = noisy.patch.pixels.row(y)[x];
      if (gray < 200) gray = static_cast<std::uint8_t>(std::clamp(gray + noise(random), 0.0, 210.0));
    }
  }
  const auto of_clean = make_refracted_contrast(clean.view(), clean.observation, {}, clean.patch);
  const auto of_noisy = make_refracted_contrast(noisy.view(), noisy.observation, {}, noisy.patch);
  ASSERT_TRUE(of_clean && of_noisy);
  EXPECT_GT(of_noisy->noise_px, 1.5 * of_clean->noise_px);
  EXPECT_LT(of_noisy->cost_per_gray, of_clean->cost_per_gray);
}

TEST(RefractedContrast, EquivalentEvidenceHoldsAsMuchInformation) {
  Setting setting(5);
  setting.turn = {0.0, 0.0, setting.scene.pupil_radius_mm};
  const auto frame = make_refracted_contrast(setting.view(), setting.observation, {}, setting.patch);
  ASSERT_TRUE(frame.has_value());
  const auto model = refracted_contrast_model(*frame, setting.view());
  const auto equivalent = equivalent_observation(*frame, setting.view());
  ASSERT_TRUE(model && equivalent);
  const auto equations = refraction_equations(RefractionEvidence::from(*equivalent), setting.view());
  for (int k = 7; k < 10; ++k) EXPECT_NEAR(equations.matrix(k, k) / model->matrix(k, k), 1.0, 0.3) << k;
}

TEST(RefractedContrast, NothingToSeeIsNoContrast) {
  Setting setting(2);
  ImagePatch plain = setting.patch;
  for (int y = 0; y < plain.pixels.height_px(); ++y) {
    for (int x = 0; x < plain.pixels.width_px(); ++x) plain.pixels.row(y)[x] = 90;
  }
  EXPECT_FALSE(make_refracted_contrast(setting.view(), setting.observation, {}, plain).has_value());
  const auto frame = make_refracted_contrast(setting.view(), setting.observation, {}, setting.patch);
  ASSERT_TRUE(frame.has_value());
  Eigen::VectorXd aside = Eigen::VectorXd::Zero(10);
  aside[0] = 30.0;
  EXPECT_FALSE(refracted_contrast_cost(*frame, setting.view(aside)).has_value());
  EXPECT_FALSE(refracted_contrast_model(*frame, setting.view(aside)).has_value());
}

}  // namespace
}  // namespace yarbus::refracted_contrast_test
