// The simulator's optics and those of the fits share no code; without noise they must agree.
#include <gtest/gtest.h>

#include "eyemodel/geometry/corneal_refraction.h"
#include "eyemodel/simulation/simulated_outlines.h"

namespace yarbus::exact_outline_test {
namespace {

TEST(ExactOutline, EveryEdgesRayMeetsThePupilsRim) {
  for (const auto population : {simulation::Population::simulated, simulation::Population::normal}) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      simulation::SimulatedOutlineOptions options;
      options.seed = seed;
      options.population = population;
      options.noise_factor = 0.0;
      simulation::SimulatedOutlines outlines(options);
      const OpticalAnatomy anatomy = simulation::optical_anatomy_of(outlines.anatomy());
      const CameraIntrinsics& camera = outlines.camera();
      const auto outline = outlines.make(90);
      ASSERT_TRUE(outline.observation.has_value());
      const RefractingEye eye{outline.truth.eye_center_in_cam_mm, outline.truth.optical_axis_in_cam,
                              anatomy.pupil_plane_mm, anatomy.cornea_center_mm, anatomy.cornea_radius_mm};
      for (const EdgePoint& edge : outline.observation->edge_points) {
        const Eigen::Vector3d ray((edge.position_px.x() - camera.cx_px) / camera.fx_px,
                                  (edge.position_px.y() - camera.cy_px) / camera.fy_px, 1.0);
        const auto passage = pass_cornea(eye, ray.normalized());
        ASSERT_TRUE(passage.has_value());
        // Edge points are floats: 3e-5 px.
        EXPECT_NEAR(passage->from_axis_in_cam_mm.norm(), outline.truth.pupil_in_cam.radius_mm, 2e-5);
      }
    }
  }
}

}  // namespace
}  // namespace yarbus::exact_outline_test
