#include "ui/eye_scene.h"

#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/ui/synthetic_sample.h"
#include "ui/eye_scene_view.h"

namespace yarbus {
namespace {

using test::SyntheticEye;

const QRectF area(0, 0, 400, 400);

QImage painted(const ui::EyeScene& scene, const ui::OrbitCamera& camera) {
  QImage image(area.size().toSize(), QImage::Format_RGB32);
  QPainter painter(&image);
  ui::paint_eye_scene(painter, area, camera, scene, QPalette());
  painter.end();
  return image;
}

TEST(OrbitCamera, LooksAtItsCenterFromEverySide) {
  ui::OrbitCamera camera;
  const Eigen::Vector3d center(3.0, -2.0, 40.0);
  camera.look_at(center, 25.0);
  for (int i = 0; i < 20; ++i) {
    const auto point = camera.project(camera.view_from_cam(center), area);
    ASSERT_TRUE(point);
    EXPECT_NEAR(point->x(), area.center().x(), 1e-9);
    EXPECT_NEAR(point->y(), area.center().y(), 1e-9);
    camera.orbit(0.7, 0.2);
  }
}

TEST(OrbitCamera, KeepsTheSphereInView) {
  ui::OrbitCamera camera;
  const Eigen::Vector3d center(3.0, -2.0, 40.0);
  camera.look_at(center, 25.0);
  for (int i = 0; i < 50; ++i) {
    camera.orbit(0.31, std::sin(0.9 * i));
    const Eigen::Vector3d on_sphere =
        center + 25.0 * Eigen::Vector3d(std::cos(i), std::sin(i), std::cos(2.0 * i)).normalized();
    const auto point = camera.project(camera.view_from_cam(on_sphere), area);
    ASSERT_TRUE(point);
    EXPECT_TRUE(area.adjusted(-1, -1, 1, 1).contains(*point));
  }
}

TEST(OrbitCamera, UprightStaysUprightAndPolesStopIt) {
  ui::OrbitCamera camera;
  const Eigen::Vector3d center(0.0, 0.0, 40.0);
  camera.look_at(center, 25.0);
  const auto above = camera.project(camera.view_from_cam(center + Eigen::Vector3d(0, -10, 0)), area);
  ASSERT_TRUE(above);
  EXPECT_LT(above->y(), area.center().y());
  camera.orbit(0.0, 100.0);
  EXPECT_LT(camera.pitch_rad(), 1.6);
  camera.zoom(1e9);
  EXPECT_LT(camera.zoom_factor(), 10.0);
  camera.reset();
  EXPECT_DOUBLE_EQ(camera.zoom_factor(), 1.0);
}

TEST(OrbitCamera, NothingBehindTheViewerIsProjected) {
  const ui::OrbitCamera camera;
  EXPECT_FALSE(camera.project({0.0, 0.0, -1.0}, area));
  EXPECT_FALSE(camera.project({0.0, 0.0, std::nan("")}, area));
}

TEST(EyeScene, PaintsEyeballPupilAndRay) {
  const SyntheticEye eye;
  ui::OrbitCamera camera;
  ui::EyeScene scene{eye.model(), eye.sample(0, 10.0, 5.0, eye.model())};
  ui::frame_scene(camera, scene);
  const QImage full = painted(scene, camera);
  const QImage empty = painted({}, camera);
  const auto at = [&](const Eigen::Vector3d& p) {
    return camera.project(camera.view_from_cam(p), area)->toPoint();
  };
  EXPECT_NE(full.pixel(at(eye.eye_center_in_cam_mm)), empty.pixel(at(eye.eye_center_in_cam_mm)));
  // The ray exists only with a pose.
  const Circle3 pupil = eye.pupil_at(10.0, 5.0);
  const Eigen::Vector3d on_ray = pupil.center_in_cam_mm + 10.0 * pupil.normal_in_cam;
  scene.sample.reset();
  EXPECT_NE(full.pixel(at(on_ray)), painted(scene, camera).pixel(at(on_ray)));
}

TEST(EyeScene, SurvivesAModelItCannotFrame) {
  auto model = std::make_shared<EyeModel>();
  model->eye_center_in_cam_mm.setConstant(std::nan(""));
  ui::OrbitCamera camera;
  const ui::EyeScene scene{model, nullptr};
  ui::frame_scene(camera, scene);
  EXPECT_FALSE(painted(scene, camera).isNull());
}

TEST(EyeSceneView, TurnsZoomsAndComesHome) {
  ui::EyeSceneView view;
  view.resize(300, 300);
  const SyntheticEye eye;
  view.show_model(eye.model());
  view.show_sample(eye.sample(0, 0, 0, eye.model()));
  const double yaw = view.camera().yaw_rad();
  const double pitch = view.camera().pitch_rad();
  const QImage before = view.grab().toImage();
  QTest::mousePress(&view, Qt::LeftButton, {}, {150, 150});
  QMouseEvent move(QEvent::MouseMove, QPointF(190, 160), QPointF(190, 160), Qt::NoButton, Qt::LeftButton, {});
  QApplication::sendEvent(&view, &move);
  EXPECT_NE(view.camera().yaw_rad(), yaw);
  EXPECT_NE(view.camera().pitch_rad(), pitch);
  EXPECT_NE(view.grab().toImage(), before);
  QTest::mouseDClick(&view, Qt::LeftButton, {}, {150, 150});
  EXPECT_DOUBLE_EQ(view.camera().yaw_rad(), yaw);
  QTest::keyClick(&view, Qt::Key_Left);
  EXPECT_NE(view.camera().yaw_rad(), yaw);
  QTest::keyClick(&view, Qt::Key_Home);
  EXPECT_DOUBLE_EQ(view.camera().yaw_rad(), yaw);
  QWheelEvent wheel(QPointF(150, 150), QPointF(150, 150), {}, QPoint(0, 120), Qt::NoButton, {},
                    Qt::NoScrollPhase, false);
  QApplication::sendEvent(&view, &wheel);
  EXPECT_GT(view.camera().zoom_factor(), 1.0);
}

}  // namespace
}  // namespace yarbus
