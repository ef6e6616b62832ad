// The relief of a head that is not the average one, from how its features move while it turns.
#include "eyemodel/types/angle.h"
#include "tracker/face/head_structure.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/simulation/random.h"
#include "tracker/face/fit_pose.h"
#include "tracker/face/head_shape.h"

namespace yarbus::head_structure_test {
namespace {

const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(1000.0, 1280, 720);
/// How the head moves, from the camera as it was.
RigidTransform turned(double yaw_deg, double pitch_deg, double roll_deg) {
  const Eigen::Vector3d middle(0.0, 0.0, 620.0);  // of the skull
  RigidTransform pose;
  pose.rotation = (Eigen::AngleAxisd(yaw_deg * rad_per_deg, Eigen::Vector3d::UnitY()) *
                   Eigen::AngleAxisd(pitch_deg * rad_per_deg, Eigen::Vector3d::UnitX()) *
                   Eigen::AngleAxisd(roll_deg * rad_per_deg, Eigen::Vector3d::UnitZ()))
                      .toRotationMatrix();
  pose.translation_mm =
      middle - pose.rotation * middle + Eigen::Vector3d(yaw_deg, -pitch_deg, 2.0 * roll_deg);
  return pose;
}

/// A face whose relief is that much stronger than the average one's and which is turned by `yaw_deg` in the
/// first image, where an average face is expected that is not.
struct Face {
  std::vector<FeaturePlace> expected;
  std::vector<Eigen::Vector3d> truth_mm;

  Face(double relief, double yaw_deg, simulation::Random& random) {
    const Eigen::Vector3d middle(0.0, 0.0, 620.0);
    const Eigen::Matrix3d turn =
        Eigen::AngleAxisd(yaw_deg * rad_per_deg, Eigen::Vector3d::UnitY()).toRotationMatrix();
    while (truth_mm.size() < 120) {
      const double x = random.uniform(-50.0, 50.0);
      const double y = random.uniform(-45.0, 80.0);
      const double depth = 85.0 + relief * (HeadShape::depth_mm(x, y) - 85.0) + 2.0 * random.normal();
      const Eigen::Vector3d place = middle + turn * Eigen::Vector3d(x, y, -depth);
      const auto met = HeadShape::meet(-middle, place.normalized());
      if (!met) continue;
      const Eigen::Vector3d normal = HeadShape::normal_at(*met);
      if (-normal.dot(place.normalized()) < 0.45) continue;
      truth_mm.push_back(place);
      expected.push_back({place.normalized(), (*met + middle).norm(), normal});
    }
  }

  [[nodiscard]] HeadView from(const RigidTransform& pose, double noise_px, simulation::Random& random) const {
    HeadView view;
    for (const Eigen::Vector3d& place : truth_mm) {
      const Eigen::Vector2d px =
          camera.project(pose.point(place)) + noise_px * Eigen::Vector2d(random.normal(), random.normal());
      view.seen_px.push_back(px.cast<float>());
      view.is_seen.push_back(1);
    }
    return view;
  }
};

/// The turn that features tell of, over the true one.
double gain(const HeadStructure& structure, const Face& face, const RigidTransform& pose,
            simulation::Random& random) {
  const HeadView view = face.from(pose, 0.2, random);
  std::vector<SeenPoint> seen;
  for (std::size_t i = 0; i < view.seen_px.size(); ++i)
    seen.push_back({structure.places_in_first_mm()[i], view.seen_px[i].cast<double>(), true});
  const auto found = fit_pose(seen, camera, pose);
  if (!found) return std::nan("");
  return Eigen::AngleAxisd(found->cam_from_head.rotation).angle() / Eigen::AngleAxisd(pose.rotation).angle();
}

/// Of the features' depths, mm.
double depth_rms_mm(const HeadStructure& structure, const Face& face) {
  double squares = 0.0;
  for (std::size_t i = 0; i < face.truth_mm.size(); ++i)
    squares += (structure.places_in_first_mm()[i] - face.truth_mm[i]).squaredNorm();
  return std::sqrt(squares / static_cast<double>(face.truth_mm.size()));
}

TEST(HeadStructure, LearnsReliefFromTurns) {
  simulation::Random random(4);
  for (const double relief : {0.8, 1.2}) {
    const Face face(relief, 6.0, random);
    HeadStructure structure(face.expected);
    const RigidTransform probe = turned(9.0, 2.0, 0.0);
    const double before = gain(structure, face, probe, random);
    const double before_mm = depth_rms_mm(structure, face);
    for (const auto& [yaw, pitch] : std::array<std::array<double, 2>, 8>{
             {{4, 0}, {8, 1}, {11, -2}, {-4, 3}, {-8, 0}, {-11, 2}, {0, 5}, {2, -5}}}) {
      const RigidTransform pose = turned(yaw, pitch, 0.3 * yaw);
      HeadView view = face.from(pose, 0.3, random);
      // The pose's fit has left out what is far off; some is not.
      for (std::size_t i = 0; i < 4; ++i) view.seen_px[20 * i + 3] += Eigen::Vector2f(1.5F, -1.0F);
      view.cam_from_first = turned(0.8 * yaw, 0.8 * pitch, 0.3 * yaw);
      ASSERT_TRUE(structure.wants(view.cam_from_first));
      structure.add(std::move(view), camera);
    }
    const double after = gain(structure, face, probe, random);
    const double after_mm = depth_rms_mm(structure, face);
    std::printf("relief %.1f: turns seen %.3f as large before, %.3f after; depths off by %.1f, %.1f mm\n",
                relief, before, after, before_mm, after_mm);
    // Three sigmas of what is known of faces remain in part.
    EXPECT_NEAR(after, 1.0, 0.15) << relief;
    EXPECT_LT(after_mm, 0.7 * before_mm) << relief;
  }
}

TEST(HeadStructure, WantsViewsFromElsewhereOnly) {
  simulation::Random random(5);
  const Face face(1.0, 0.0, random);
  HeadStructure structure(face.expected);
  EXPECT_FALSE(structure.wants(turned(1.0, 0.5, 0.0))) << "skin moves as much";
  EXPECT_TRUE(structure.wants(turned(5.0, 0.0, 0.0)));
  HeadView view = face.from(turned(5.0, 0.0, 0.0), 0.2, random);
  view.cam_from_first = turned(5.0, 0.0, 0.0);
  structure.add(std::move(view), camera);
  EXPECT_FALSE(structure.wants(turned(5.3, 0.0, 0.0)));
  EXPECT_TRUE(structure.wants(turned(-5.0, 0.0, 0.0)));
}

TEST(HeadStructure, KeepsNoMoreViewsThanItHasPlaceFor) {
  simulation::Random random(6);
  const Face face(1.1, 0.0, random);
  HeadStructure structure(face.expected);
  int added = 0;
  for (double yaw = -16.0; yaw <= 16.0; yaw += 2.0) {
    for (double pitch = -8.0; pitch <= 8.0; pitch += 2.0) {
      const RigidTransform pose = turned(yaw, pitch, 0.0);
      if (!structure.wants(pose)) continue;
      HeadView view = face.from(pose, 0.3, random);
      view.cam_from_first = pose;
      structure.add(std::move(view), camera);
      ++added;
    }
  }
  EXPECT_GT(added, static_cast<int>(HeadStructure::most_views));
  EXPECT_LT(added, 100) << "the more it has, the more must be new";
  EXPECT_NEAR(gain(structure, face, turned(12.0, 3.0, 0.0), random), 1.0, 0.05);
}

}  // namespace
}  // namespace yarbus::head_structure_test
