// The refraction stage's forward model against the simulator's exact outlines and numeric differences.
#include "eyemodel/fit/refracted_frame.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include <gtest/gtest.h>

#include "eyemodel/fit/refraction_evidence.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/simulation/anatomy.h"
#include "tests/support/gradient_check.h"
#include "tests/support/refracted_eye.h"

namespace yarbus::refracted_frame_test {
namespace {


/// People before cameras up to 60 degrees off their gaze.
simulation::Scene random_scene(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  simulation::Scene scene;
  scene.eye = simulation::sample_anatomy(seed);
  scene.camera = CameraIntrinsics::from_focal_length(620.0, 640, 480);
  place_camera(scene, 40.0 + 10.0 * uniform(random), 40.0 * uniform(random), 30.0 * uniform(random));
  scene.pupil_radius_mm = 2.2 + 1.2 * uniform(random);
  do {
    scene.yaw_deg = 40.0 * uniform(random);
    scene.pitch_deg = 30.0 * uniform(random);
  } while (std::acos(-test::gaze_of(scene).dot(scene.eye_center_in_cam_mm.normalized())) >
           60.0 * rad_per_deg);
  return scene;
}

std::vector<Eigen::Vector2d> limbus_outline(const simulation::Scene& scene, int count) {
  std::vector<Eigen::Vector2d> points;
  for (int i = 0; i < count; ++i) {
    const double t = 2.0 * std::numbers::pi * i / count;
    const Eigen::Vector3d on_limbus(scene.eye.limbus_radius_mm * std::cos(t),
                                    scene.eye.limbus_radius_mm * std::sin(t), scene.eye.limbus_plane_mm());
    points.push_back(scene.camera.project(scene.cam_from_eye() * on_limbus + scene.eye_center_in_cam_mm));
  }
  return points;
}

TEST(RefractedFrame, TheSimulatorsOutlineLiesOnIt) {
  double farthest_deg = 0.0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const simulation::Scene scene = random_scene(seed);
    const double off_deg =
        std::acos(-test::gaze_of(scene).dot(scene.eye_center_in_cam_mm.normalized())) / rad_per_deg;
    farthest_deg = std::max(farthest_deg, off_deg);
    const RefractedFrame view = test::true_view(scene);
    for (const auto& point : simulation::trace_pupil_outline(scene, 36)) {
      const auto distance = view.pupil_distance_px(point);
      ASSERT_TRUE(distance.has_value()) << seed << ", " << off_deg << " deg";
      EXPECT_LT(std::abs(*distance), 1e-6) << seed << ", " << off_deg << " deg";
    }
    for (const auto& point : limbus_outline(scene, 36)) {
      const auto distance = view.limbus_distance_px(point);
      ASSERT_TRUE(distance.has_value()) << seed;
      EXPECT_LT(std::abs(*distance), 1e-6) << seed << ", " << off_deg << " deg";
    }
  }
  EXPECT_GT(farthest_deg, 50.0);
}

TEST(RefractedFrame, DistancesAreTrueDistancesNegativeInside) {
  const simulation::Scene scene = random_scene(3);
  const RefractedFrame view = test::true_view(scene);
  const auto outline = simulation::trace_pupil_outline(scene, 20000);
  const auto ellipse = simulation::fit_ellipse_to_outline(outline).value().ellipse;
  for (int i = 0; i < 24; ++i) {
    for (const double factor : {0.9, 0.97, 1.03, 1.1}) {
      const Eigen::Vector2d on = ellipse.point_at(2.0 * std::numbers::pi * i / 24.0);
      const Eigen::Vector2d point = ellipse.center_px + factor * (on - ellipse.center_px);
      double nearest_px = std::numeric_limits<double>::infinity();
      for (const auto& each : outline) nearest_px = std::min(nearest_px, (each - point).norm());
      const auto distance = view.pupil_distance_px(point);
      ASSERT_TRUE(distance.has_value());
      EXPECT_NEAR(*distance, factor < 1.0 ? -nearest_px : nearest_px, 1e-3) << i << ", " << factor;
    }
  }
}

/// Beside the outline derivatives are those at a foot found to a thousandth of a pixel, over some ten pixels
/// of curvature.
constexpr double foot_tolerance = 1e-4;

/// Distances of points about a true outline, by EyeShape and EyeTurn.
template <class Distance>
double worst_row_error(const simulation::Scene& scene, const std::vector<Eigen::Vector2d>& outline,
                       double off_px, Distance&& distance_of) {
  const PupilChart chart =
      PupilChart::about((test::gaze_of(scene) + Eigen::Vector3d(0.03, -0.02, 0.01)).normalized());
  Eigen::VectorXd at(refraction_parameters);
  // The chart's base lies a little beside the gaze, so that its offsets are not zero.
  const Eigen::Vector3d gaze = test::gaze_of(scene) / test::gaze_of(scene).dot(chart.base_in_cam);
  at << test::shape_of_scene(scene), gaze.dot(chart.u_in_cam), gaze.dot(chart.v_in_cam),
      scene.pupil_radius_mm;
  Eigen::Vector2d middle = Eigen::Vector2d::Zero();
  for (const auto& point : outline) middle += point / static_cast<double>(outline.size());
  double worst = 0.0;
  for (const auto& on : outline) {
    const Eigen::Vector2d point = on + off_px * (on - middle).normalized();
    const auto values = [&](const Eigen::VectorXd& x) {
      const RefractedFrame view(x.head<7>(), chart, x.tail<3>(), scene.camera);
      const auto distance = distance_of(view, point, nullptr);
      return Eigen::VectorXd::Constant(1, distance.value_or(std::nan("")));
    };
    const RefractedFrame view(at.head<7>(), chart, at.tail<3>(), scene.camera);
    RefractionRow row = RefractionRow::Constant(std::nan(""));
    if (!distance_of(view, point, &row)) return std::nan("");
    const double error =
        test::jacobian_error(values, row, at, Eigen::VectorXd::Constant(refraction_parameters, 1e-4));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

TEST(RefractedFrame, PupilDistancesRowsAreTheirDerivatives) {
  const auto distance = [](const RefractedFrame& view, const Eigen::Vector2d& point, RefractionRow* row) {
    return view.pupil_distance_px(point, row);
  };
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const simulation::Scene scene = random_scene(seed);
    const auto outline = simulation::trace_pupil_outline(scene, 12);
    for (const double off_px : {0.0, 1.0, -1.0}) {
      EXPECT_LT(worst_row_error(scene, outline, off_px, distance), off_px == 0.0 ? 1e-5 : foot_tolerance)
          << seed << ", " << off_px << " px off";
    }
  }
}

TEST(RefractedFrame, LimbusDistancesRowsAreTheirDerivatives) {
  const auto distance = [](const RefractedFrame& view, const Eigen::Vector2d& point, RefractionRow* row) {
    return view.limbus_distance_px(point, row);
  };
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const simulation::Scene scene = random_scene(seed);
    const auto outline = limbus_outline(scene, 12);
    for (const double off_px : {0.0, 1.0, -1.0}) {
      EXPECT_LT(worst_row_error(scene, outline, off_px, distance), off_px == 0.0 ? 1e-5 : foot_tolerance)
          << seed << ", " << off_px << " px off";
    }
  }
}

TEST(RefractedFrame, EllipsesAreTheSimulatorsWithinTheOutlinesDepartureFromOne) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const simulation::Scene scene = random_scene(seed);
    const RefractedFrame view = test::true_view(scene);
    const auto pupil = view.pupil_ellipse();
    const auto fitted = simulation::fit_ellipse_to_outline(simulation::trace_pupil_outline(scene, 96));
    ASSERT_TRUE(pupil && fitted) << seed;
    EXPECT_LT(mean_outline_distance_px(*pupil, fitted->ellipse), std::max(1e-4, fitted->max_residual_px))
        << seed;
    const auto limbus = view.limbus_ellipse();
    const auto fitted_limbus = simulation::fit_ellipse_to_outline(limbus_outline(scene, 96));
    ASSERT_TRUE(limbus && fitted_limbus) << seed;
    EXPECT_LT(mean_outline_distance_px(*limbus, fitted_limbus->ellipse), 1e-4) << seed << ": a true ellipse";
  }
}

TEST(RefractedFrame, WhatIsSeenIsLargerAndNearerThanThePupil) {
  // The apparent pupil of a frontal eye, from the simulator's own numbers for an average eye.
  simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 0.0);
  const auto through_cornea = test::true_view(scene).pupil_ellipse();
  ASSERT_TRUE(through_cornea.has_value());
  const auto bare = project_circle(test::true_view(scene).pupil_in_cam(), scene.camera);
  ASSERT_TRUE(bare.has_value());
  const double growth = through_cornea->semi_major_px / bare->semi_major_px;
  EXPECT_GT(growth, 1.1);
  EXPECT_LT(growth, 1.2);
}

TEST(EyeShape, WhatCannotBeIsRefused) {
  const EyeShape usual = shape_of({0.0, 0.0, 45.0}, OpticalAnatomy{});
  EXPECT_TRUE(is_possible(usual));
  const auto refused = [&](int index, double value) {
    EyeShape shape = usual;
    shape[index] = value;
    return !is_possible(shape);
  };
  EXPECT_TRUE(refused(2, 10.0)) << "the camera inside the cornea";
  EXPECT_TRUE(refused(2, -45.0)) << "behind the camera";
  EXPECT_TRUE(refused(3, 5.0)) << "the pupil behind the corneal centre";
  EXPECT_TRUE(refused(3, 13.5)) << "the pupil before the cornea";
  EXPECT_TRUE(refused(4, -1.0));
  EXPECT_TRUE(refused(4, 11.0)) << "the cornea wholly before the pupil";
  EXPECT_TRUE(refused(5, 3.0)) << "a cornea smaller than the limbus";
  EXPECT_TRUE(refused(5, -7.8));
  EXPECT_TRUE(refused(6, 0.0));
  EXPECT_TRUE(refused(6, 8.0)) << "a limbus larger than the cornea";
  for (int i = 0; i < 7; ++i) {
    EXPECT_TRUE(refused(i, std::nan(""))) << i;
    EXPECT_TRUE(refused(i, std::numeric_limits<double>::infinity())) << i;
  }
}

TEST(RefractedFrame, PointsBesideTheCorneaHaveNoDistanceAndCostTheMost) {
  const simulation::Scene scene = random_scene(5);
  const RefractedFrame view = test::true_view(scene);
  const Eigen::Vector2d far_away(5000.0, 5000.0);
  EXPECT_FALSE(view.pupil_distance_px(far_away).has_value());
  RefractionEvidence far;
  far.pupil.push_back({far_away, 0.2});
  const double missed = refraction_cost(far, view);
  EXPECT_DOUBLE_EQ(missed, refraction_equations(far, view).cost);
  // Nothing that can be seen costs more.
  const auto ellipse = view.pupil_ellipse();
  ASSERT_TRUE(ellipse.has_value());
  double most = 0.0;
  for (double factor = 0.1; factor < 8.0; factor *= 1.1) {
    RefractionEvidence seen;
    seen.pupil.push_back({ellipse->center_px + factor * (ellipse->point_at(0.5) - ellipse->center_px), 0.2});
    const double cost = refraction_cost(seen, view);
    EXPECT_LE(cost, missed) << factor;
    most = std::max(most, cost);
  }
  EXPECT_GT(most, 0.9 * missed) << "and it comes near";
}

TEST(RefractedFrame, AnEyeThatLooksAwayShowsNoPupil) {
  const EyeShape shape = shape_of({0.0, 0.0, 45.0}, OpticalAnatomy{});
  const auto camera = CameraIntrinsics::from_focal_length(620.0, 640, 480);
  for (const Eigen::Vector3d& gaze : {Eigen::Vector3d(0, 0, 1), Eigen::Vector3d(1, 0, 0.2)}) {
    const RefractedFrame away(shape, PupilChart::about(gaze.normalized()), EyeTurn(0.0, 0.0, 2.0), camera);
    EXPECT_FALSE(away.pupil_ellipse().has_value());
    EXPECT_FALSE(away.limbus_ellipse().has_value());
    EXPECT_FALSE(away.pupil_distance_px({320.0, 240.0}).has_value());
  }
}

TEST(RefractedFrame, GlintDerivativesAreThoseOfDifferences) {
  int compared = 0;
  for (unsigned seed = 1; seed <= 40; ++seed) {
    simulation::Scene scene = random_scene(seed);
    scene.camera.leds_in_cam_mm = {{9.0, 5.0, -2.0}, {-9.0, -6.0, -2.0}, {0.0, 0.0, 0.0}};
    const PupilChart chart = PupilChart::about(test::gaze_of(scene));
    Eigen::VectorXd at(refraction_parameters);
    at << test::shape_of_scene(scene), 0.02, -0.01, scene.pupil_radius_mm;
    const auto view_at = [&](const Eigen::VectorXd& x) {
      return RefractedFrame(x.head<7>(), chart, x.tail<3>(), scene.camera);
    };
    ASSERT_EQ(view_at(at).light_count(), 3U);
    for (std::size_t light = 0; light < 3; ++light) {
      RefractionRows rows;
      const auto glint = view_at(at).glint_px(light, &rows);
      if (!glint) continue;
      EXPECT_EQ(*view_at(at).glint_px(light), *glint);
      const auto values = [&](const Eigen::VectorXd& x) {
        const Eigen::Vector2d nowhere = Eigen::Vector2d::Constant(std::numeric_limits<double>::quiet_NaN());
        return Eigen::VectorXd(view_at(x).glint_px(light).value_or(nowhere));
      };
      EXPECT_LT(test::jacobian_error(values, rows, at, Eigen::VectorXd::Constant(10, 1e-5)), 1e-7)
          << seed << ", light " << light;
      ++compared;
    }
  }
  EXPECT_GT(compared, 40);
}

TEST(RefractedFrame, BeyondTheLimbusNothingIsMirrored) {
  simulation::Scene scene = test::refracted_scene(test::average_anatomy(), 0.0);
  scene.camera.leds_in_cam_mm = {{9.0, 5.0, -2.0}};
  int seen = 0;
  bool was_lost = false;
  for (double yaw_deg = 0.0; yaw_deg <= 80.0; yaw_deg += 1.0) {
    scene.yaw_deg = yaw_deg;
    const RefractedFrame view = test::true_view(scene);
    const auto glint = view.glint_px(0);
    if (glint) {
      EXPECT_FALSE(was_lost) << "once only";
      // On the camera's side of the cornea's rim: inside the limbus's outline.
      EXPECT_LT(view.limbus_distance_px(*glint).value_or(1.0), 15.0) << "the cornea rises above its plane";
      ++seen;
    } else {
      was_lost = true;
    }
  }
  EXPECT_GT(seen, 30);
  EXPECT_TRUE(was_lost);
  const RefractedFrame dark = test::true_view(test::refracted_scene(test::average_anatomy()));
  EXPECT_EQ(dark.light_count(), 0U);
  EXPECT_FALSE(match_glint({320.0, 240.0}, dark, false).has_value());
}

}  // namespace
}  // namespace yarbus::refracted_frame_test
