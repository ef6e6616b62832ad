// The closed-form passage of a ray through the cornea, against the simulator's own tracer and differences.
#include <cmath>
#include <numbers>
#include <random>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/geometry/corneal_refraction.h"
#include "eyemodel/simulation/corneal_optics.h"
#include "tests/support/gradient_check.h"

namespace yarbus::corneal_passage_test {
namespace {

/// An eye of the population somewhere before the camera, turned up to 60 degrees from it.
struct TurnedEye {
  simulation::EyeAnatomy anatomy;
  RefractingEye eye;
  Eigen::Matrix3d cam_from_eye;
};

TurnedEye random_eye(unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  TurnedEye turned;
  turned.anatomy = simulation::sample_anatomy(seed);
  turned.eye.eye_center_in_cam_mm = {8.0 * uniform(random), 6.0 * uniform(random),
                                     45.0 + 15.0 * uniform(random)};
  const double azimuth = std::numbers::pi * uniform(random);
  const Eigen::Vector3d across(std::cos(azimuth), std::sin(azimuth), 0.0);
  turned.cam_from_eye = (Eigen::AngleAxisd(uniform(random) * std::numbers::pi / 3.0, across) *
                         Eigen::AngleAxisd(std::numbers::pi, Eigen::Vector3d::UnitX()))
                            .toRotationMatrix();
  turned.eye.optical_axis_in_cam = turned.cam_from_eye.col(2);
  turned.eye.pupil_plane_mm = turned.anatomy.pupil_plane_mm;
  turned.eye.cornea_center_mm = turned.anatomy.cornea_center_mm;
  turned.eye.cornea_radius_mm = turned.anatomy.cornea_radius_mm;
  return turned;
}

Eigen::Vector3d random_ray(const TurnedEye& turned, std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  const Eigen::Vector3d aim = turned.eye.eye_center_in_cam_mm + 9.0 * turned.eye.optical_axis_in_cam;
  return (aim + 5.0 * Eigen::Vector3d(uniform(random), uniform(random), uniform(random))).normalized();
}

TEST(CornealPassage, AgreesWithTheSimulatorsTracer) {
  int compared = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    const TurnedEye turned = random_eye(seed);
    std::mt19937 random(seed + 1000);
    for (int i = 0; i < 40; ++i) {
      const Eigen::Vector3d ray = random_ray(turned, random);
      const Eigen::Matrix3d eye_from_cam = turned.cam_from_eye.transpose();
      const simulation::Ray in_eye{-eye_from_cam * turned.eye.eye_center_in_cam_mm, eye_from_cam * ray};
      const auto traced = simulation::trace_to_iris(in_eye, turned.anatomy);
      if (!traced) continue;  // beside the cornea, where the fit's sphere goes on
      const auto passage = pass_cornea(turned.eye, ray);
      ASSERT_TRUE(passage.has_value()) << seed << ", ray " << i;
      ++compared;
      const Eigen::Vector3d entry =
          eye_from_cam * (passage->entry_in_cam_mm - turned.eye.eye_center_in_cam_mm);
      EXPECT_LT((entry - traced->entry_mm).norm(), 1e-9);
      const Eigen::Vector3d off_axis = eye_from_cam * passage->from_axis_in_cam_mm;
      EXPECT_LT((off_axis.head<2>() - traced->iris_mm).norm(), 1e-9) << seed << ", ray " << i;
      EXPECT_NEAR(off_axis.z(), 0.0, 1e-9) << "in the pupil's plane";
      EXPECT_NEAR(passage->refracted_in_cam.norm(), 1.0, 1e-12);
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(CornealPassage, AlongTheAxisNothingIsBent) {
  RefractingEye eye;
  eye.eye_center_in_cam_mm = {0.0, 0.0, 45.0};
  const auto passage = pass_cornea(eye, Eigen::Vector3d::UnitZ());
  ASSERT_TRUE(passage.has_value());
  EXPECT_NEAR(passage->from_axis_in_cam_mm.norm(), 0.0, 1e-12);
  EXPECT_NEAR(passage->entry_in_cam_mm.z(), 45.0 - eye.cornea_center_mm - eye.cornea_radius_mm, 1e-12);
  EXPECT_NEAR((passage->refracted_in_cam - Eigen::Vector3d::UnitZ()).norm(), 0.0, 1e-12);
}

TEST(CornealPassage, RaysThatMissTheSphereHaveNone) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    const TurnedEye turned = random_eye(seed);
    const Eigen::Vector3d cornea =
        turned.eye.eye_center_in_cam_mm + turned.eye.cornea_center_mm * turned.eye.optical_axis_in_cam;
    const Eigen::Vector3d aside = cornea.unitOrthogonal();
    const double touching_rad = std::asin(turned.eye.cornea_radius_mm / cornea.norm());
    const auto ray_at = [&](double angle_rad) -> Eigen::Vector3d {
      return std::cos(angle_rad) * cornea.normalized() + std::sin(angle_rad) * aside;
    };
    EXPECT_FALSE(pass_cornea(turned.eye, ray_at(touching_rad + 1e-9)).has_value());
    EXPECT_FALSE(pass_cornea(turned.eye, ray_at(touching_rad + 0.3)).has_value());
    EXPECT_FALSE(pass_cornea(turned.eye, -cornea.normalized()).has_value()) << "the eye behind the camera";
  }
}

TEST(CornealPassage, AGrazingRayIsBentAsSnellsLawHasIt) {
  // Facing the camera: a ray that touches the sphere meets it beside the pupil's plane, which lies in front.
  RefractingEye eye;
  eye.eye_center_in_cam_mm = {0.0, 0.0, 45.0};
  eye.pupil_plane_mm = 2.0;  // deep inside, so that even a grazing ray comes to it from the front
  const double distance_mm = 45.0 - eye.cornea_center_mm;
  const double angle = std::asin(eye.cornea_radius_mm / distance_mm) - 1e-9;
  const Eigen::Vector3d ray(std::sin(angle), 0.0, std::cos(angle));
  const auto passage = pass_cornea(eye, ray);
  ASSERT_TRUE(passage.has_value());
  const Eigen::Vector3d cornea = eye.eye_center_in_cam_mm + eye.cornea_center_mm * eye.optical_axis_in_cam;
  const Eigen::Vector3d normal = (passage->entry_in_cam_mm - cornea).normalized();
  const double sine = normal.cross(passage->refracted_in_cam).norm();
  EXPECT_NEAR(sine, 1.0 / 1.3375, 1e-6) << "the critical angle";
}

TEST(CornealPassage, FromBehindOrAlongThePlaneThereIsNone) {
  RefractingEye eye;
  eye.eye_center_in_cam_mm = {0.0, 0.0, 45.0};
  const Eigen::Vector3d ray = Eigen::Vector3d(0.05, 0.02, 1.0).normalized();
  ASSERT_TRUE(pass_cornea(eye, ray).has_value());
  eye.optical_axis_in_cam = Eigen::Vector3d::UnitZ();
  EXPECT_FALSE(pass_cornea(eye, ray).has_value()) << "the eye looks away";
  eye.optical_axis_in_cam = -Eigen::Vector3d::UnitZ();
  eye.pupil_plane_mm = eye.cornea_center_mm + eye.cornea_radius_mm + 1.0;
  EXPECT_FALSE(pass_cornea(eye, ray).has_value()) << "the plane before the cornea";
  eye.pupil_plane_mm = 10.0;
  eye.eye_center_in_cam_mm.x() = std::nan("");
  EXPECT_FALSE(pass_cornea(eye, ray).has_value());
}

TEST(CornealPassage, AnEyeAboutTheCameraHasNone) {
  RefractingEye eye;
  eye.eye_center_in_cam_mm = {0.0, 0.0, 8.0};  // the camera inside the corneal sphere
  EXPECT_FALSE(pass_cornea(eye, Eigen::Vector3d::UnitZ()).has_value());
}

TEST(PassageGradient, IsThatOfThePassageByEveryParameter) {
  int checked = 0;
  for (unsigned seed = 1; seed <= 30; ++seed) {
    const TurnedEye turned = random_eye(seed);
    std::mt19937 random(seed + 2000);
    for (int i = 0; i < 5; ++i) {
      const Eigen::Vector3d ray = random_ray(turned, random);
      const auto passage = pass_cornea(turned.eye, ray);
      if (!passage || passage->root_mm < 1.0 || passage->from_axis_in_cam_mm.norm() < 0.1) continue;
      // Centre, axis (on its tangents), ray (on its tangents), plane, corneal centre and radius.
      const Eigen::Vector3d direction = passage->from_axis_in_cam_mm.normalized();
      const Eigen::Vector3d& axis = turned.eye.optical_axis_in_cam;
      const Eigen::Vector3d axis_u = axis.unitOrthogonal();
      const Eigen::Vector3d axis_v = axis.cross(axis_u);
      const Eigen::Vector3d ray_u = ray.unitOrthogonal();
      const Eigen::Vector3d ray_v = ray.cross(ray_u);
      const auto values = [&](const Eigen::VectorXd& x) {
        RefractingEye eye = turned.eye;
        eye.eye_center_in_cam_mm += x.head<3>();
        eye.optical_axis_in_cam = (axis + x[3] * axis_u + x[4] * axis_v).normalized();
        const Eigen::Vector3d turned_ray = (ray + x[5] * ray_u + x[6] * ray_v).normalized();
        eye.pupil_plane_mm += x[7];
        eye.cornea_center_mm += x[8];
        eye.cornea_radius_mm += x[9];
        const auto there = pass_cornea(eye, turned_ray);
        EXPECT_TRUE(there.has_value());
        return Eigen::VectorXd::Constant(1, there ? direction.dot(there->from_axis_in_cam_mm) : std::nan(""));
      };
      const PassageGradient by = passage_gradient(turned.eye, ray, *passage, direction);
      Eigen::MatrixXd analytic(1, 10);
      analytic << by.by_eye_center.transpose(), by.by_optical_axis.dot(axis_u),
          by.by_optical_axis.dot(axis_v), by.by_ray.dot(ray_u), by.by_ray.dot(ray_v), by.by_pupil_plane,
          by.by_cornea_center, by.by_cornea_radius;
      EXPECT_LT(test::jacobian_error(values, analytic, Eigen::VectorXd::Zero(10),
                                     Eigen::VectorXd::Constant(10, 1e-5)),
                1e-6)
          << seed << ", ray " << i;
      ++checked;
    }
  }
  EXPECT_GT(checked, 80);
}

}  // namespace
}  // namespace yarbus::corneal_passage_test
