// Cost, residuals and the turn's fit of the refraction stage.
#include "eyemodel/fit/refraction_evidence.h"

#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "tests/support/gradient_check.h"
#include "tests/support/refracted_eye.h"

namespace yarbus::refraction_evidence_test {
namespace {


/// A scene, noisy points of its pupil and limbus, some of them far off, and a chart beside its gaze.
struct NoisyPoints {
  simulation::Scene scene;
  RefractionEvidence evidence;
  PupilChart chart;
  Eigen::VectorXd at{refraction_parameters};

  [[nodiscard]] RefractedFrame view(const Eigen::VectorXd& x) const {
    return {x.head<7>(), chart, x.tail<3>(), scene.camera};
  }
};

NoisyPoints set_up(unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(0.0, 1.0);
  NoisyPoints out;
  out.scene = test::refracted_scene(simulation::sample_anatomy(seed), 25.0);
  out.scene.yaw_deg = 8.0 * normal(random);
  out.scene.pitch_deg = 6.0 * normal(random);
  int i = 0;
  for (Eigen::Vector2d point : simulation::trace_pupil_outline(out.scene, 40)) {
    point += 0.3 * Eigen::Vector2d(normal(random), normal(random));
    if (i % 13 == 0) point.x() += 4.0;   // an outlier
    if (i++ == 20) point.x() += 5000.0;  // beside the cornea
    out.evidence.pupil.push_back({point, 0.3});
  }
  const auto limbus = test::true_view(out.scene).limbus_ellipse().value();
  for (int k = 0; k < 12; ++k) {
    const Eigen::Vector2d noise(normal(random), normal(random));
    out.evidence.limbus.push_back({limbus.point_at(k * 0.5) + noise, 1.0});
  }
  // Two lights' glints, one gleam that no light made.
  out.scene.camera.leds_in_cam_mm = {{9.0, 5.0, -2.0}, {-9.0, -6.0, -2.0}};
  const RefractedFrame view = test::true_view(out.scene);
  for (std::size_t light = 0; light < 2; ++light) {
    const Eigen::Vector2d noise(normal(random), normal(random));
    if (const auto glint = view.glint_px(light)) out.evidence.glints.push_back({*glint + noise, 1.0});
  }
  out.evidence.glints.push_back({limbus.center_px + Eigen::Vector2d(9.0, -14.0), 1.0});
  out.evidence.glint_scale = 1.5;
  out.chart = PupilChart::about(test::gaze_of(out.scene));
  out.at << test::shape_of_scene(out.scene), 0.01, -0.02, out.scene.pupil_radius_mm * 1.01;
  out.at.head<7>() += 0.05 * Eigen::Matrix<double, 7, 1>::Ones();
  return out;
}

TEST(RefractionResiduals, HalfTheirSquaresAreTheCostAndTheirRowsItsGradient) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const NoisyPoints set = set_up(seed);
    const std::size_t count = refraction_residual_count(set.evidence);
    ASSERT_GE(set.evidence.glints.size(), 2U) << seed;
    ASSERT_EQ(count, 53U + 2 * set.evidence.glints.size());
    std::vector<double> residuals(count);
    std::vector<RefractionRow> rows(count);
    refraction_residuals(set.evidence, set.view(set.at), residuals.data(), rows.data());
    double half_squares = 0.0;
    RefractionRow gradient = RefractionRow::Zero();
    for (std::size_t i = 0; i < count; ++i) {
      half_squares += 0.5 * residuals[i] * residuals[i];
      gradient += residuals[i] * rows[i];
    }
    const double cost = refraction_cost(set.evidence, set.view(set.at));
    EXPECT_GT(cost, 5.0);
    EXPECT_NEAR(half_squares, cost, 1e-9 * cost);
    const auto values = [&](const Eigen::VectorXd& x) {
      return Eigen::VectorXd::Constant(1, refraction_cost(set.evidence, set.view(x)));
    };
    EXPECT_LT(test::jacobian_error(values, gradient, set.at,
                                   Eigen::VectorXd::Constant(refraction_parameters, 1e-5)),
              1e-5)
        << seed;

    std::vector<double> alone(count);
    refraction_residuals(set.evidence, set.view(set.at), alone.data(), nullptr);
    EXPECT_EQ(alone, residuals) << "with or without derivatives";
  }
}

TEST(RefractionEquations, AreThoseOfTheResiduals) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const NoisyPoints set = set_up(seed);
    const std::size_t count = refraction_residual_count(set.evidence);
    std::vector<double> residuals(count);
    std::vector<RefractionRow> rows(count);
    refraction_residuals(set.evidence, set.view(set.at), residuals.data(), rows.data());
    Eigen::Matrix<double, refraction_parameters, refraction_parameters> matrix;
    matrix.setZero();
    Eigen::Matrix<double, refraction_parameters, 1> right;
    right.setZero();
    for (std::size_t i = 0; i < count; ++i) {
      matrix += rows[i].transpose() * rows[i];
      right -= residuals[i] * rows[i].transpose();
    }
    const RefractionEquations equations = refraction_equations(set.evidence, set.view(set.at));
    EXPECT_LT((equations.matrix - matrix).norm(), 1e-9 * matrix.norm());
    EXPECT_LT((equations.right - right).norm(), 1e-9 * right.norm());
    EXPECT_NEAR(equations.cost, refraction_cost(set.evidence, set.view(set.at)), 1e-9);
  }
}

TEST(RefractionEvidence, TakesGlintsWhereLightsAreKnown) {
  std::mt19937 random(1);
  simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  FitFrame frame;
  frame.observation = test::observe(scene, {}, random);
  frame.features.glints.push_back({{321.0, 200.0}, 0.2});
  EXPECT_TRUE(RefractionEvidence::from(frame, scene.camera).glints.empty());
  scene.camera.leds_in_cam_mm = {{9.0, 5.0, -2.0}};
  const auto evidence = RefractionEvidence::from(frame, scene.camera);
  ASSERT_EQ(evidence.glints.size(), 1U);
  EXPECT_EQ(evidence.glints[0].position_px, Eigen::Vector2d(321.0, 200.0));
  EXPECT_EQ(evidence.glints[0].sigma_px, 0.2);
  EXPECT_TRUE(evidence.without_glints().glints.empty());
  EXPECT_EQ(evidence.without_glints().pupil.size(), evidence.pupil.size());
}

TEST(RefractionEvidence, AGlintCostsTheSameWhicheverWayItIsOff) {
  // The two residuals of a glint are one robust term, not two: turned offsets cost alike, far ones the most.
  simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  scene.camera.leds_in_cam_mm = {{9.0, 5.0, -2.0}};
  const RefractedFrame view = test::true_view(scene);
  const Eigen::Vector2d image_px = view.glint_px(0).value();
  const auto cost_at = [&](const Eigen::Vector2d& off_px) {
    RefractionEvidence evidence;
    evidence.glints.push_back({image_px + off_px, 0.2});
    return refraction_cost(evidence, view);
  };
  const double along = cost_at({0.9, 0.0});
  EXPECT_GT(along, 1.0);
  EXPECT_NEAR(cost_at({0.9 * std::sqrt(0.5), -0.9 * std::sqrt(0.5)}), along, 1e-9);
  EXPECT_LT(cost_at({50.0, 20.0}), 4.5);
  EXPECT_GT(cost_at({50.0, 20.0}), 4.49);
  EXPECT_LT(cost_at({0.0, 0.0}), 1e-12);
}

TEST(FitTurn, TakesNoHeapWithGlintsEither) {
  std::mt19937 random(1);
  simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  scene.camera.leds_in_cam_mm = {{9.0, 5.0, -2.0}, {-9.0, -6.0, -2.0}};
  FitFrame frame;
  frame.observation = test::observe(scene, {}, random);
  for (std::size_t light = 0; light < 2; ++light)
    frame.features.glints.push_back({test::true_view(scene).glint_px(light).value(), 0.2});
  const auto evidence = RefractionEvidence::from(frame, scene.camera);
  const PupilChart chart = PupilChart::about(test::gaze_of(scene));
  const EyeShape shape = test::shape_of_scene(scene);
  const std::uint64_t before = heap_allocations_so_far();
  const auto fit = fit_turn(evidence, shape, chart, EyeTurn(0.01, 0.0, 2.0), scene.camera);
  EXPECT_EQ(heap_allocations_so_far() - before, 0U);
  ASSERT_TRUE(fit.has_value());
  EXPECT_LT(fit->turn.head<2>().norm(), 0.005);
  EXPECT_GT(fit->equations.glint_weights, 1.8);
  const std::vector<int> counted(3);
  EXPECT_GT(heap_allocations_so_far() - before, 0U) << "the counter counts";
}

TEST(RefractionEvidence, CountsAnOutlineAsOneHoweverManyPointsStandForIt) {
  // The information about the gaze from 24, 48 and 200 points of equal total noise.
  simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  std::vector<double> gaze_sigma_rad;
  for (const int edges : {24, 48, 200}) {
    std::mt19937 random(1);
    const double noise_px = 0.05 * std::sqrt(edges / 24.0);
    PupilObservation observation = test::observe(scene, {0.0, edges}, random);
    for (std::size_t i = 0; i < observation.edge_points.size(); ++i)
      observation.edge_points[i].sigma_px = static_cast<float>(noise_px);
    const auto evidence = RefractionEvidence::from(observation);
    EXPECT_LE(evidence.pupil.size(), RefractionEvidence::max_pupil_points);
    const auto equations = refraction_equations(evidence, test::true_view(scene));
    const TurnCovariance turn = turn_covariance(equations, ModelCovariance::Zero());
    gaze_sigma_rad.push_back(std::sqrt(turn(0, 0)));
  }
  EXPECT_NEAR(gaze_sigma_rad[1] / gaze_sigma_rad[0], 1.0, 0.05);
  EXPECT_NEAR(gaze_sigma_rad[2] / gaze_sigma_rad[0], 1.0, 0.05);
}

TEST(RefractionEvidence, TakesTheEllipseWhereThereAreTooFewEdges) {
  std::mt19937 random(1);
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy());
  PupilObservation observation = test::observe(scene, {0.0, 120}, random);
  observation.edge_points.clear();
  const auto evidence = RefractionEvidence::from(observation);
  ASSERT_EQ(evidence.pupil.size(), RefractionEvidence::max_pupil_points);
  for (const WeighedPoint& point : evidence.pupil) {
    EXPECT_GT(point.sigma_px, 0.0);
    EXPECT_LT(std::abs(test::true_view(scene).pupil_distance_px(point.position_px).value_or(1.0)), 0.05);
  }
}

TEST(FitTurn, StatedCovarianceIsThatOfNoisyEdges) {
  simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 25.0);
  scene.yaw_deg = 10.0;
  constexpr double noise_px = 0.2;
  constexpr int trials = 800;
  const auto exact = simulation::trace_pupil_outline(scene, 40);
  const PupilChart chart = PupilChart::about(test::gaze_of(scene));
  const EyeTurn truth(0.0, 0.0, scene.pupil_radius_mm);
  std::mt19937 random(17);
  std::normal_distribution<double> normal(0.0, noise_px);
  Eigen::Matrix3d found = Eigen::Matrix3d::Zero();
  Eigen::Matrix3d stated = Eigen::Matrix3d::Zero();
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (int i = 0; i < trials; ++i) {
    RefractionEvidence evidence;
    for (const auto& point : exact)
      evidence.pupil.push_back({point + Eigen::Vector2d(normal(random), normal(random)), noise_px});
    const auto fit = fit_turn(evidence, test::shape_of_scene(scene), chart, truth, scene.camera);
    ASSERT_TRUE(fit.has_value());
    const Eigen::Vector3d off = fit->turn - truth;
    mean += off / trials;
    found += off * off.transpose() / trials;
    stated += turn_covariance(fit->equations, ModelCovariance::Zero()) / trials;
  }
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(std::sqrt(stated(k, k) / found(k, k)), 1.0, 0.15) << k;
    EXPECT_LT(std::abs(mean[k]), 0.2 * std::sqrt(found(k, k))) << k << ": no bias";
  }
  // The directions of large and small doubt too.
  const double correlation = found(0, 2) / std::sqrt(found(0, 0) * found(2, 2));
  EXPECT_NEAR(stated(0, 2) / std::sqrt(stated(0, 0) * stated(2, 2)), correlation, 0.15);
}

TEST(FitTurn, TheShapesDoubtComesOnTop) {
  // Shapes drawn from a covariance, exact edges: the turn's spread is what that covariance leaves open.
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 25.0);
  RefractionEvidence evidence;
  for (const auto& point : simulation::trace_pupil_outline(scene, 40))
    evidence.pupil.push_back({point, 0.01});
  Eigen::Matrix<double, 7, 1> sigmas;
  sigmas << 0.05, 0.05, 0.1, 0.05, 0.03, 0.03, 0.02;
  const ModelCovariance covariance = sigmas.cwiseAbs2().asDiagonal();
  const PupilChart chart = PupilChart::about(test::gaze_of(scene));
  const EyeTurn truth(0.0, 0.0, scene.pupil_radius_mm);
  // Distances of a wrong shape's best outline are no outliers: the loss is to be the square here.
  for (WeighedPoint& point : evidence.pupil) point.sigma_px = 1.0;
  const auto at_truth = fit_turn(evidence, test::shape_of_scene(scene), chart, truth, scene.camera);
  ASSERT_TRUE(at_truth.has_value());
  const Eigen::Matrix3d stated = turn_covariance(at_truth->equations, covariance) -
                                 turn_covariance(at_truth->equations, ModelCovariance::Zero());
  std::mt19937 random(5);
  std::normal_distribution<double> normal(0.0, 1.0);
  constexpr int trials = 800;
  Eigen::Matrix3d found = Eigen::Matrix3d::Zero();
  for (int i = 0; i < trials; ++i) {
    EyeShape shape = test::shape_of_scene(scene);
    for (int k = 0; k < 7; ++k) shape[k] += sigmas[k] * normal(random);
    const auto fit = fit_turn(evidence, shape, chart, truth, scene.camera, 30);
    ASSERT_TRUE(fit.has_value());
    found += (fit->turn - truth) * (fit->turn - truth).transpose() / trials;
  }
  for (int k = 0; k < 3; ++k) EXPECT_NEAR(std::sqrt(stated(k, k) / found(k, k)), 1.0, 0.15) << k;
}

TEST(FitTurn, FromAStartAFewDegreesOffItComesBack) {
  const simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 25.0);
  RefractionEvidence evidence;
  for (const auto& point : simulation::trace_pupil_outline(scene, 40)) evidence.pupil.push_back({point, 0.2});
  const PupilChart chart = PupilChart::about(test::gaze_of(scene));
  for (const auto& start : {EyeTurn(0.03, 0.0, 2.2), EyeTurn(0.0, -0.03, 1.9), EyeTurn(0.02, 0.02, 2.1)}) {
    const auto fit = fit_turn(evidence, test::shape_of_scene(scene), chart, start, scene.camera, 30);
    ASSERT_TRUE(fit.has_value());
    EXPECT_LT(fit->turn.head<2>().norm(), 1e-4);
    EXPECT_NEAR(fit->turn[2], scene.pupil_radius_mm, 1e-3);
  }
}

}  // namespace
}  // namespace yarbus::refraction_evidence_test
