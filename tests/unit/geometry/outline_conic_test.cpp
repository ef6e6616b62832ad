#include "eyemodel/geometry/outline_conic.h"

#include <cmath>

#include <gtest/gtest.h>

#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/damped_newton.h"
#include "eyemodel/geometry/undistort.h"
#include "tests/support/gradient_check.h"

namespace yarbus::outline_conic_test {
namespace {

const Ellipse tilted{{210.0, 140.0}, 42.0, 29.0, 0.7};

TEST(OutlineConic, IsTheEllipsesConic) {
  const Conic conic = conic_from_coefficients(outline_conic(OutlineShape::from(tilted)).conic);
  EXPECT_LT((conic - conic_from_ellipse(tilted)).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_NEAR(sampson_distance_px(conic, tilted.point_at(1.2)), 0.0, 1e-10);
  EXPECT_LT(sampson_distance_px(conic, tilted.center_px + Eigen::Vector2d(1.0, 0.0)), 0.0);
}

TEST(OutlineConic, DerivativesAreExact) {
  for (const Ellipse& ellipse : {tilted, Ellipse{{10.0, -5.0}, 6.0, 6.0, 0.0}}) {
    const OutlineShape shape = OutlineShape::from(ellipse);
    Eigen::VectorXd at(5);
    at << shape.center_px, shape.s_xx_px, shape.s_xy_px, shape.s_yy_px;
    const auto values = [](const Eigen::VectorXd& x) -> Eigen::VectorXd {
      return outline_conic({x.head<2>(), x[2], x[3], x[4]}).conic;
    };
    const auto analytic = outline_conic(shape).by_shape;
    EXPECT_LT(test::jacobian_error(values, analytic, at, Eigen::VectorXd::Constant(5, 1e-4)), 1e-6);
    // The quadratic coefficients are far smaller than the others: they are checked by themselves.
    const auto form = [&](const Eigen::VectorXd& x) -> Eigen::VectorXd { return 1e4 * values(x).head<3>(); };
    EXPECT_LT(test::jacobian_error(form, 1e4 * analytic.topRows<3>(), at, Eigen::VectorXd::Constant(5, 1e-4)),
              1e-6);
  }
}

TEST(Distort, UndoesUndistort) {
  CameraIntrinsics lens = CameraIntrinsics::from_focal_length(600.0, 640, 480);
  EXPECT_EQ(distort(lens, tilted)->center_px, tilted.center_px) << "without distortion nothing changes";
  for (const DistortionModel model : {DistortionModel::radial_tangential, DistortionModel::fisheye}) {
    lens.distortion_model = model;
    lens.distortion = model == DistortionModel::fisheye
                          ? std::array<double, 5>{-0.02, 0.01, 0.0, 0.0, 0.0}
                          : std::array<double, 5>{-0.2, 0.05, 0.001, -0.002, 0.0};
    PupilObservation captured;
    captured.ellipse = tilted;
    captured.lid_closure = 0.3;
    captured.covariance_px2 = OutlineCovariance::Identity() * 0.04;
    const auto undistorted = undistort(lens, captured);
    ASSERT_TRUE(undistorted.has_value());
    EXPECT_EQ(undistorted->lid_closure, 0.3);
    EXPECT_EQ(undistorted->covariance_px2, captured.covariance_px2);
    EXPECT_GT((undistorted->ellipse.center_px - tilted.center_px).norm(), 0.5);
    const auto back = distort(lens, undistorted->ellipse);
    ASSERT_TRUE(back.has_value());
    EXPECT_LT(mean_outline_distance_px(*back, tilted), 0.01);
  }
  EXPECT_FALSE(distort(lens, {{std::nan(""), 0.0}, 3.0, 2.0, 0.0}).has_value());
}

/// Rosenbrock's valley, defined only where x < 1.5.
std::optional<ValueAndGradient<2>> valley(const Eigen::Vector2d& p) {
  if (!(p.x() < 1.5)) return std::nullopt;
  const double across = p.y() - p.x() * p.x();
  return ValueAndGradient<2>{(1.0 - p.x()) * (1.0 - p.x()) + 10.0 * across * across,
                             {-2.0 * (1.0 - p.x()) - 40.0 * across * p.x(), 20.0 * across}};
}

TEST(DampedNewton, FindsTheBottomOfACurvedValleyBesideAnEdge) {
  const DampedNewtonOptions options{
      .difference_step = 1e-5, .longest_step = 0.5, .settled_step = 1e-7, .max_iterations = 60};
  const Eigen::Vector2d bottom = minimise<2>(valley, Eigen::Vector2d(-1.2, 1.0), options);
  EXPECT_LT((bottom - Eigen::Vector2d(1.0, 1.0)).norm(), 1e-5);
}

TEST(DampedNewton, NeverLeavesTheDomainNorGoesUphill) {
  const DampedNewtonOptions options;
  const auto edge = [](const Eigen::Vector2d& p) -> std::optional<ValueAndGradient<2>> {
    if (!(p.x() <= 1.0)) return std::nullopt;
    return ValueAndGradient<2>{-p.x() + p.y() * p.y(), {-1.0, 2.0 * p.y()}};
  };
  const Eigen::Vector2d end = minimise<2>(edge, Eigen::Vector2d(0.0, 0.5), options);
  EXPECT_LE(end.x(), 1.0);
  EXPECT_LT(edge(end)->value, edge(Eigen::Vector2d(0.0, 0.5))->value);
  const Eigen::Vector2d outside(2.0, 0.0);
  EXPECT_EQ(minimise<2>(edge, outside, options), outside) << "no value, no step";
  const auto saddle = quadratic_about<2>(
      [](const Eigen::Vector2d& p) {
        return std::optional(ValueAndGradient<2>{p.x() * p.x() - p.y() * p.y(), {2.0 * p.x(), -2.0 * p.y()}});
      },
      Eigen::Vector2d(0.3, 0.4), 1e-4);
  ASSERT_TRUE(saddle.has_value());
  EXPECT_NEAR(saddle->curvature(0, 0), 2.0, 1e-6);
  EXPECT_NEAR(saddle->curvature(1, 1), 2.0, 1e-6) << "made positive";
}

}  // namespace
}  // namespace yarbus::outline_conic_test
