#include "app/stream/pupil_datum.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/stream/sphere_outline.h"
#include "tests/support/packed_json.h"
#include "tests/support/streamed_eye.h"

namespace yarbus::pupil_datum_test {
namespace {

using nlohmann::json;
using test::make_streamed_sample;
using test::packed_json;
using test::StreamedEye;

json packed_datum(const PupilDatum& datum) {
  return packed_json([&](Packer& out) { pack_value(out, datum); });
}

std::vector<std::string> keys_of(const json& map) {
  std::vector<std::string> keys;
  for (const auto& entry : map.items()) keys.push_back(entry.key());
  return keys;
}

TEST(PupilDatum, FlatHasEveryFieldInPupilsConvention) {
  const json datum = packed_datum(pupil_datum(*make_streamed_sample(), 12.5));
  EXPECT_THAT(keys_of(datum), testing::UnorderedElementsAre("id", "topic", "method", "norm_pos", "diameter",
                                                            "confidence", "timestamp", "ellipse"));
  EXPECT_EQ(datum["id"], 0);
  EXPECT_EQ(datum["topic"], "pupil.0.2d");
  EXPECT_EQ(datum["method"], "2d yarbus");
  EXPECT_EQ(datum["norm_pos"], json({32.0 / 64.0, 1.0 - 12.0 / 48.0})) << "from the bottom left";
  EXPECT_EQ(datum["diameter"], 20.0) << "the full major axis";
  EXPECT_EQ(datum["confidence"], 0.875);
  EXPECT_EQ(datum["timestamp"], 12.5);
  EXPECT_TRUE(datum["timestamp"].is_number_float());
  EXPECT_TRUE(datum["id"].is_number_integer());
  for (const char* key : {"diameter", "confidence"}) EXPECT_TRUE(datum[key].is_number_float()) << key;
  for (const auto& axis : datum["ellipse"]["axes"]) EXPECT_TRUE(axis.is_number_float()) << "also 20.0";
  EXPECT_THAT(keys_of(datum["ellipse"]), testing::UnorderedElementsAre("center", "axes", "angle"));
  EXPECT_EQ(datum["ellipse"]["center"], json({32.0, 12.0})) << "from the top left";
  EXPECT_EQ(datum["ellipse"]["axes"], json({12.0, 20.0})) << "minor, major; full diameters";
  EXPECT_NEAR(datum["ellipse"]["angle"].get<double>(), 120.0, 1e-9) << "of the minor axis";
}

TEST(PupilDatum, AngleStaysBelowHalfATurn) {
  for (const double angle_rad : {0.0, 0.5, std::numbers::pi / 2.0, 3.0}) {
    const Ellipse ellipse{{0.0, 0.0}, 3.0, 1.0, angle_rad};
    const EllipseDatum datum = EllipseDatum::from(ellipse);
    EXPECT_GE(datum.angle_deg, 0.0);
    EXPECT_LT(datum.angle_deg, 180.0);
    const double rad = datum.angle_deg * std::numbers::pi / 180.0;
    EXPECT_NEAR(std::abs(Eigen::Vector2d(std::cos(rad), std::sin(rad)).dot(ellipse.minor_axis())), 1.0,
                1e-12);
  }
}

TEST(PupilDatum, WithoutAPupilIsAllZero) {
  StreamedEye eye;
  eye.side = EyeSide::left;
  eye.has_pupil = false;
  eye.has_pose = false;
  const auto sample = make_streamed_sample(eye);
  const json datum = packed_datum(pupil_datum(*sample, 1.0));
  EXPECT_EQ(datum["id"], 1);
  EXPECT_EQ(datum["topic"], "pupil.1.2d");
  EXPECT_EQ(datum["confidence"], 0.0);
  EXPECT_EQ(datum["diameter"], 0.0);
  EXPECT_EQ(datum["ellipse"]["axes"], json({0.0, 0.0}));
  EXPECT_EQ(datum["norm_pos"], json({0.0, 1.0}));
  EXPECT_FALSE(solid_pupil_datum(*sample, 1.0).has_value());
}

TEST(PupilDatum, SolidAddsTheEyeModel) {
  const auto sample = make_streamed_sample();
  const auto solid = solid_pupil_datum(*sample, 12.5);
  ASSERT_TRUE(solid.has_value());
  const json datum = packed_datum(*solid);
  EXPECT_THAT(keys_of(datum),
              testing::UnorderedElementsAre("id", "topic", "method", "norm_pos", "diameter", "confidence",
                                            "timestamp", "ellipse", "location", "sphere", "projected_sphere",
                                            "circle_3d", "diameter_3d", "model_confidence", "theta", "phi"));
  EXPECT_EQ(datum["topic"], "pupil.0.3d");
  EXPECT_EQ(datum["method"], "3d yarbus refraction");
  EXPECT_EQ(datum["location"], datum["ellipse"]["center"]);
  EXPECT_EQ(datum["sphere"], json({{"center", {1.0, 2.0, 50.0}}, {"radius", 10.0}}));
  EXPECT_EQ(datum["diameter_3d"], 3.5);
  EXPECT_EQ(datum["circle_3d"]["radius"], 1.75);
  const Eigen::Vector3d normal = sample->pose->gaze_dir_in_cam();
  const Eigen::Vector3d center = sample->pose->pupil_in_cam.center_in_cam_mm;
  EXPECT_EQ(datum["circle_3d"]["normal"], json({normal.x(), normal.y(), normal.z()}));
  EXPECT_EQ(datum["circle_3d"]["center"], json({center.x(), center.y(), center.z()}));
  EXPECT_EQ(datum["theta"], std::acos(normal.y()));
  EXPECT_EQ(datum["phi"], std::atan2(normal.z(), normal.x()));
  // Pupil's clients turn the two angles back into the normal.
  const double theta = datum["theta"];
  const double phi = datum["phi"];
  EXPECT_NEAR(
      (Eigen::Vector3d(std::sin(theta) * std::cos(phi), std::cos(theta), std::sin(theta) * std::sin(phi)) -
       normal)
          .norm(),
      0.0, 1e-12);
  EXPECT_NEAR(datum["model_confidence"].get<double>(), 1.0 - std::exp(-8.0), 1e-12)
      << "2 degrees are 4 sigmas";
}

TEST(PupilDatum, ModelConfidenceIsAProbability) {
  StreamedEye eye;
  const auto confidence = [&](double sigma_deg, FitStage stage) {
    auto sample = make_streamed_sample(eye);
    auto model = std::make_shared<EyeModel>(*sample->model);
    model->report.gaze_sigma_deg = sigma_deg;
    model->report.stage = stage;
    sample->model = model;
    return solid_pupil_datum(*sample, 0.0)->solid->model_confidence;
  };
  EXPECT_NEAR(confidence(2.0, FitStage::refraction), 0.3935, 1e-4) << "one sigma of two dimensions";
  EXPECT_EQ(confidence(0.0, FitStage::refraction), 0.0) << "not known";
  EXPECT_EQ(confidence(0.0, FitStage::edge), 1.0) << "a usable fit that states no sigma";
}

TEST(PupilDatum, OfAWebcamIsTheIris) {
  const auto sample = test::make_streamed_face(Eigen::Matrix3d::Identity(), {0.0, 0.0, 600.0});
  const auto left = iris_datum(*sample, EyeSide::left, 3.0);
  ASSERT_TRUE(left.has_value());
  const json datum = packed_datum(*left);
  EXPECT_EQ(datum["topic"], "iris.1.2d");
  EXPECT_EQ(datum["id"], 1);
  EXPECT_EQ(datum["diameter"], 0.0) << "no pupil is measured";
  EXPECT_EQ(datum["confidence"], 0.75);
  EXPECT_EQ(datum["ellipse"]["axes"], json({6.0, 8.0}));
  EXPECT_EQ(datum["norm_pos"], json({0.25, 0.5}));
  EXPECT_FALSE(iris_datum(*make_streamed_sample(), EyeSide::right, 3.0).has_value());
}

TEST(SphereOutline, IsWhereRaysTouchTheSphere) {
  CameraIntrinsics camera = CameraIntrinsics::from_focal_length(300.0, 400, 400);
  camera.fy_px = 360.0;
  for (const Eigen::Vector3d& center : {Eigen::Vector3d(0.0, 0.0, 40.0), Eigen::Vector3d(12.0, -7.0, 35.0),
                                        Eigen::Vector3d(-20.0, 25.0, 60.0)}) {
    const auto outline = sphere_outline(center, 12.0, camera);
    ASSERT_TRUE(outline.has_value());
    const auto circle = visible_outline_of_sphere(center, 12.0);
    ASSERT_TRUE(circle.has_value());
    for (int i = 0; i < 36; ++i) {
      const Eigen::Vector2d point_px = camera.project(point_on_circle(*circle, i * std::numbers::pi / 18.0));
      const Eigen::Vector2d off = point_px - outline->center_px;
      const double u = off.dot(outline->major_axis()) / outline->semi_major_px;
      const double v = off.dot(outline->minor_axis()) / outline->semi_minor_px;
      EXPECT_NEAR(u * u + v * v, 1.0, 1e-9);
    }
  }
}

TEST(SphereOutline, RefusesWhatIsNoEllipse) {
  const auto camera = CameraIntrinsics::from_focal_length(300.0, 400, 400);
  EXPECT_FALSE(sphere_outline({0.0, 0.0, 5.0}, 12.0, camera)) << "the camera is in the sphere";
  EXPECT_FALSE(sphere_outline({50.0, 0.0, 5.0}, 12.0, camera)) << "it reaches behind the camera";
  EXPECT_FALSE(sphere_outline({0.0, 0.0, -50.0}, 12.0, camera));
  EXPECT_FALSE(sphere_outline({0.0, 0.0, 50.0}, std::nan(""), camera));
  EXPECT_FALSE(sphere_outline({std::nan(""), 0.0, 50.0}, 12.0, camera));
}

}  // namespace
}  // namespace yarbus::pupil_datum_test
