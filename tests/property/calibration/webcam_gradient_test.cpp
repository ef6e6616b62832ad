// The webcam's cost functors: their derivatives, and what they say out of their domain.
#include <gtest/gtest.h>

#include "calibration/mapping/webcam/webcam_costs.h"
#include "tests/support/gradient_check.h"
#include "tests/support/webcam_subject.h"

namespace yarbus::webcam_gradient_test {
namespace {

using webcam_costs::SeenIris;
using webcam_costs::TwoIrisesCost;

constexpr Eigen::Index parameters = 21;  // both eyes, the screen, the scale, the miss
using Jet = ceres::Jet<double, parameters>;

TwoIrisesCost cost_of(const CalibrationSample& sample) {
  TwoIrisesCost cost;
  for (std::size_t eye = 0; eye < 2; ++eye)
    cost.seen[eye] = {static_cast<EyeSide>(eye), sample.rays.face->head.cam_from_head,
                      sample.rays.face->eyes[eye]->iris_dir_in_cam,
                      sample.target_in_screen_mm - Eigen::Vector2d(172.5, 97.0)};
  cost.whitening = 1e3 * Eigen::Matrix4d::Identity();
  cost.whitening(2, 0) = 200.0;
  return cost;
}

Eigen::VectorXd typical() {
  Eigen::VectorXd at(parameters);
  at << -31.0, 1.0, -64.0, 10.4, 0.09, 0.03, 32.0, -1.0, -67.0, 10.7, 0.07, 0.02, 0.1, -0.05, 0.03, 4.0,
      105.0, -3.0, 1.02, 2.0, -3.0;
  return at;
}

template <class T>
Eigen::Matrix<T, Eigen::Dynamic, 1> evaluate(const TwoIrisesCost& cost,
                                             const Eigen::Matrix<T, Eigen::Dynamic, 1>& at) {
  Eigen::Matrix<T, Eigen::Dynamic, 1> residuals(4);
  const T* p = at.data();
  cost(p, p + 6, p + 12, p + 18, p + 19, residuals.data());
  return residuals;
}

TEST(WebcamCosts, DerivativesAgreeWithDifferences) {
  testing_support::WebcamSubject subject(2, testing_support::moving_head());
  const auto samples = testing_support::look_with_webcam(subject, testing_support::thirteen_targets(), 1);
  for (const auto& sample : samples) {
    const TwoIrisesCost cost = cost_of(sample);
    const Eigen::VectorXd at = typical();
    Eigen::Matrix<Jet, Eigen::Dynamic, 1> jets(parameters);
    for (Eigen::Index i = 0; i < parameters; ++i) jets[i] = Jet(at[i], static_cast<int>(i));
    const auto residuals = evaluate<Jet>(cost, jets);
    Eigen::MatrixXd analytic(4, parameters);
    for (Eigen::Index i = 0; i < 4; ++i) analytic.row(i) = residuals[i].v.transpose();
    const Eigen::VectorXd steps = (1e-6 * at.cwiseAbs()).cwiseMax(1e-6);
    const auto values = [&](const Eigen::VectorXd& x) -> Eigen::VectorXd {
      return evaluate<double>(cost, x);
    };
    EXPECT_LT(test::jacobian_error(values, analytic, at, steps), 1e-5);
    analytic(1, 16) *= 1.02;  // the check can fail
    analytic(0, 4) += 0.01 * analytic.cwiseAbs().maxCoeff();
    EXPECT_GT(test::jacobian_error(values, analytic, at, steps), 1e-3);
  }
}

TEST(WebcamCosts, AScreenBehindTheHeadIsNeverRewarded) {
  testing_support::WebcamSubject subject(2, {});
  const auto sample = testing_support::look_with_webcam(subject, {{0.5, 0.5}}, 1).front();
  const TwoIrisesCost cost = cost_of(sample);
  const double usual = evaluate<double>(cost, typical()).norm();
  Eigen::VectorXd behind = typical();
  behind[17] = 3000.0;
  EXPECT_TRUE(evaluate<double>(cost, behind).allFinite());
  EXPECT_GT(evaluate<double>(cost, behind).norm(), usual);
  Eigen::VectorXd scaled = typical();
  scaled[18] = -1.0;  // a head behind the camera
  EXPECT_TRUE(evaluate<double>(cost, scaled).allFinite());
  EXPECT_GT(evaluate<double>(cost, scaled).norm(), 100.0 * usual);
}

}  // namespace
}  // namespace yarbus::webcam_gradient_test
