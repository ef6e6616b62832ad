#include "eyemodel/simulation/face/eye_painter.h"

#include <array>
#include <cmath>
#include <numbers>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "eyemodel/simulation/face/circle_image.h"

namespace yarbus::simulation::eye_painter_test {
namespace {

/// An eye of a person whose lids are out of the way, straight before a camera or off to the side.
struct PaintedEye {
  CameraIntrinsics camera;
  Ellipse limbus;      ///< as the truth has it
  cv::Mat1f contrast;  ///< light with a lighter iris less light with a darker one: the iris alone
};

PaintedEye paint(const Eigen::Vector3d& place_in_cam_mm, double head_yaw_deg,
                 const Eigen::Vector3d& looks_to_in_head, double focal_px, double closure = 0.0) {
  Person person = draw_person(3);
  person.lids.upper_deg = 41.0;
  person.lids.lower_deg = -55.0;
  person.lids.inner_mm = person.lids.outer_mm = 18.0;
  person.pupil_radius_mm = 1.0;
  const EyeSide side = EyeSide::right;
  RigidTransform cam_from_head;
  cam_from_head.rotation =
      Eigen::AngleAxisd(head_yaw_deg / 180.0 * std::numbers::pi, Eigen::Vector3d::UnitY()).toRotationMatrix();
  cam_from_head.translation_mm = place_in_cam_mm;
  const EyeAim aim = aim_eye(person.eye(side), looks_to_in_head);
  FaceLight light;
  light.screen_radiance = 0.0;

  PaintedEye painted;
  painted.camera = CameraIntrinsics::from_focal_length(focal_px, 1280, 720);
  std::array<FaceCanvas, 2> canvases{FaceCanvas(painted.camera), FaceCanvas(painted.camera)};
  const cv::Mat1f room(720, 1280, 0.3F);
  for (std::size_t i = 0; i < 2; ++i) {
    person.iris_albedo = i == 0 ? 0.05 : 0.25;
    canvases[i].clear(room);
    const EyeOpening opening(person, side, 0.0, closure);
    EyePainter(person, side).paint({cam_from_head, aim, opening, light}, canvases[i]);
  }
  painted.contrast = canvases[1].light - canvases[0].light;
  const Eigen::Vector3d axis_in_cam = cam_from_head.direction(aim.optical_axis_in_head);
  const Eigen::Vector3d center_mm = cam_from_head.point(person.eye_center_in_head_mm(side)) +
                                    person.eye(side).limbus_plane_mm() * axis_in_cam;
  painted.limbus = image_of_circle(center_mm, axis_in_cam, person.eye(side).limbus_radius_mm, painted.camera);
  return painted;
}

double at(const cv::Mat1f& image, const Eigen::Vector2d& place_px) {
  const int x = static_cast<int>(std::floor(place_px.x()));
  const int y = static_cast<int>(std::floor(place_px.y()));
  const double fx = place_px.x() - x;
  const double fy = place_px.y() - y;
  const auto row = [&](int r) { return (1.0 - fx) * image(r, x) + fx * image(r, x + 1); };
  return (1.0 - fy) * row(y) + fy * row(y + 1);
}

/// The middle of the iris as painted, found from a start within a few px: where opposite edges are as far.
Eigen::Vector2d measured_center_px(const PaintedEye& painted, const Eigen::Vector2d& start_px) {
  Eigen::Vector2d center_px = start_px;
  constexpr int directions = 180;
  for (int step = 0; step < 6; ++step) {
    Eigen::Vector2d sum_px = Eigen::Vector2d::Zero();
    for (int i = 0; i < directions; ++i) {
      const double turn = 2.0 * std::numbers::pi * i / directions;
      const Eigen::Vector2d out(std::cos(turn), std::sin(turn));
      // From outside to where the iris begins.
      double radius_px = 1.6 * painted.limbus.semi_major_px;
      constexpr double begins = 0.004;
      while (radius_px > 0.0 && at(painted.contrast, center_px + radius_px * out) < begins) radius_px -= 0.02;
      sum_px += radius_px * out;
    }
    center_px += 2.0 / directions * sum_px;
  }
  return center_px;
}

struct Case {
  Eigen::Vector3d place_in_cam_mm;
  double head_yaw_deg;
  Eigen::Vector3d looks_to_in_head;
  double focal_px;
};

const std::array cases{
    Case{{30.0, 20.0, 600.0}, 0.0, {0.0, 0.0, -600.0}, 1060.0},
    Case{{-90.0, 60.0, 620.0}, 10.0, {150.0, 60.0, -600.0}, 1060.0},
    Case{{120.0, -40.0, 560.0}, -12.0, {-160.0, -30.0, -600.0}, 1060.0},
    Case{{60.0, 70.0, 640.0}, 5.0, {-60.0, 170.0, -600.0}, 1600.0},
    Case{{10.0, 10.0, 600.0}, 0.0, {100.0, 0.0, -600.0}, 530.0},
};

TEST(EyePainter, TheIrisIsWhereTheTruthSaysItIs) {
  for (const Case& each : cases) {
    SCOPED_TRACE(testing::Message() << each.place_in_cam_mm.transpose() << ", f " << each.focal_px);
    const PaintedEye painted =
        paint(each.place_in_cam_mm, each.head_yaw_deg, each.looks_to_in_head, each.focal_px);
    const Eigen::Vector2d start_px = painted.limbus.center_px + Eigen::Vector2d(0.7, -0.5);
    const Eigen::Vector2d offset_px = measured_center_px(painted, start_px) - painted.limbus.center_px;
    EXPECT_LT(offset_px.norm(), 0.15) << offset_px.transpose();
  }
}

TEST(EyePainter, TheMeasurementSeesAnIrisThatIsElsewhere) {
  const Case& first = cases.front();
  const PaintedEye painted =
      paint(first.place_in_cam_mm, first.head_yaw_deg, first.looks_to_in_head, first.focal_px);
  const Eigen::Vector3d moved_mm = first.place_in_cam_mm + Eigen::Vector3d(0.25, 0.0, 0.0);  // 0.45 px
  const PaintedEye moved = paint(moved_mm, first.head_yaw_deg, first.looks_to_in_head, first.focal_px);
  const Eigen::Vector2d offset_px =
      measured_center_px(moved, painted.limbus.center_px) - painted.limbus.center_px;
  EXPECT_GT(offset_px.norm(), 0.3);
}

TEST(EyePainter, ClosedLidsHideTheEye) {
  const Case& first = cases.front();
  const auto iris_px = [&](double closure) {
    const PaintedEye painted =
        paint(first.place_in_cam_mm, first.head_yaw_deg, first.looks_to_in_head, first.focal_px, closure);
    int count = 0;
    for (const float value : painted.contrast) count += value > 0.01F ? 1 : 0;
    return count;
  };
  EXPECT_GT(iris_px(0.0), 150);
  EXPECT_LT(iris_px(0.7), iris_px(0.0));
  EXPECT_EQ(iris_px(1.0), 0);
}

TEST(CircleImage, IsTheEllipseThroughTheProjectedCircle) {
  const CameraIntrinsics camera = CameraIntrinsics::from_focal_length(900.0, 1280, 720);
  const Eigen::Vector3d center_mm(80.0, -50.0, 500.0);
  const Eigen::Vector3d normal = Eigen::Vector3d(0.5, 0.3, -1.0).normalized();
  constexpr double radius_mm = 5.85;
  const Ellipse ellipse = image_of_circle(center_mm, normal, radius_mm, camera);
  const Eigen::Vector3d side = normal.unitOrthogonal();
  const Eigen::Vector3d other = normal.cross(side);
  for (int i = 0; i < 12; ++i) {
    const double turn = 2.0 * std::numbers::pi * i / 12.0;
    const Eigen::Vector2d px =
        camera.project(center_mm + radius_mm * (std::cos(turn) * side + std::sin(turn) * other));
    const Eigen::Vector2d off = Eigen::Rotation2Dd(-ellipse.angle_rad) * (px - ellipse.center_px);
    const double level = std::hypot(off.x() / ellipse.semi_major_px, off.y() / ellipse.semi_minor_px);
    EXPECT_NEAR(level, 1.0, 1e-9);
  }
}

}  // namespace
}  // namespace yarbus::simulation::eye_painter_test
