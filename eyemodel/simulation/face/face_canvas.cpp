#include "eyemodel/simulation/face/face_canvas.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace yarbus::simulation {
namespace {

constexpr float nearest_mm = 50.0F;

}  // namespace

FaceCanvas::FaceCanvas(const CameraIntrinsics& camera)
    : light(camera.height_px, camera.width_px),
      depth_mm(camera.height_px, camera.width_px),
      camera_(camera) {}

void FaceCanvas::clear(const cv::Mat1f& room) {
  room.copyTo(light);
  depth_mm.setTo(std::numeric_limits<float>::max());
}

Eigen::Vector2d FaceCanvas::project(const Eigen::Vector3d& point_in_cam_mm) const {
  return {camera_.fx_px * point_in_cam_mm.x() / point_in_cam_mm.z() + camera_.cx_px,
          camera_.fy_px * point_in_cam_mm.y() / point_in_cam_mm.z() + camera_.cy_px};
}

Eigen::Vector3d FaceCanvas::ray_in_cam(double x_px, double y_px) const {
  return Eigen::Vector3d((x_px - camera_.cx_px) / camera_.fx_px, (y_px - camera_.cy_px) / camera_.fy_px, 1.0)
      .normalized();
}

bool FaceCanvas::contains(const Eigen::Vector2d& point_px) const {
  return point_px.x() >= 0.0 && point_px.y() >= 0.0 && point_px.x() <= light.cols - 1 &&
         point_px.y() <= light.rows - 1;
}

void FaceCanvas::draw(const SurfaceMesh& mesh, const RigidTransform& cam_from_mesh, const FaceLight& lamps) {
  const Eigen::Matrix3f turn = cam_from_mesh.rotation.cast<float>();
  const Eigen::Vector3f shift_mm = cam_from_mesh.translation_mm.cast<float>();
  const auto fx = static_cast<float>(camera_.fx_px);
  const auto fy = static_cast<float>(camera_.fy_px);
  const auto cx = static_cast<float>(camera_.cx_px);
  const auto cy = static_cast<float>(camera_.cy_px);
  const float u_step = static_cast<float>(mesh.albedo.cols - 1) / static_cast<float>(mesh.columns - 1);
  const float v_step = static_cast<float>(mesh.albedo.rows - 1) / static_cast<float>(mesh.rows - 1);
  corners_.resize(mesh.points_mm.size());
  is_seen_.resize(mesh.points_mm.size());
  for (int row = 0, i = 0; row < mesh.rows; ++row) {
    for (int column = 0; column < mesh.columns; ++column, ++i) {
      const auto k = static_cast<std::size_t>(i);
      const Eigen::Vector3f point_mm = turn * mesh.points_mm[k] + shift_mm;
      const Eigen::Vector3f normal = turn * mesh.normals[k];
      constexpr float tolerated = 0.35F;  // a triangle may face the camera though one of its corners does not
      is_seen_[k] = point_mm.z() > nearest_mm && normal.dot(point_mm) < tolerated * point_mm.z() ? 1 : 0;
      if (is_seen_[k] == 0) continue;
      const float scale = 1.0F / point_mm.z();
      corners_[k] = {fx * point_mm.x() * scale + cx,
                     fy * point_mm.y() * scale + cy,
                     point_mm.z(),
                     lamps.on(normal, mesh.cavity[k]),
                     u_step * static_cast<float>(column),
                     v_step * static_cast<float>(row)};
    }
  }
  for (int row = 0; row + 1 < mesh.rows; ++row) {
    for (int column = 0; column + 1 < mesh.columns; ++column) {
      const auto a = static_cast<std::size_t>(row * mesh.columns + column);
      const auto c = a + static_cast<std::size_t>(mesh.columns);
      if ((is_seen_[a] & is_seen_[a + 1] & is_seen_[c] & is_seen_[c + 1]) == 0) continue;
      fill(corners_[a], corners_[a + 1], corners_[c], mesh.albedo);
      fill(corners_[a + 1], corners_[c + 1], corners_[c], mesh.albedo);
    }
  }
}

void FaceCanvas::fill(const Corner& a, const Corner& b, const Corner& c, const cv::Mat1f& albedo) {
  const float area = (b.x_px - a.x_px) * (c.y_px - a.y_px) - (b.y_px - a.y_px) * (c.x_px - a.x_px);
  if (area <= 0.0F) return;
  const int low_x = std::max(0, static_cast<int>(std::ceil(std::min({a.x_px, b.x_px, c.x_px}))));
  const int high_x =
      std::min(light.cols - 1, static_cast<int>(std::floor(std::max({a.x_px, b.x_px, c.x_px}))));
  const int low_y = std::max(0, static_cast<int>(std::ceil(std::min({a.y_px, b.y_px, c.y_px}))));
  const int high_y =
      std::min(light.rows - 1, static_cast<int>(std::floor(std::max({a.y_px, b.y_px, c.y_px}))));
  const float inverse = 1.0F / area;
  for (int y = low_y; y <= high_y; ++y) {
    float* lit = light[y];
    float* depth = depth_mm[y];
    const auto py = static_cast<float>(y);
    for (int x = low_x; x <= high_x; ++x) {
      const auto px = static_cast<float>(x);
      const float wb = ((px - a.x_px) * (c.y_px - a.y_px) - (py - a.y_px) * (c.x_px - a.x_px)) * inverse;
      const float wc = ((b.x_px - a.x_px) * (py - a.y_px) - (b.y_px - a.y_px) * (px - a.x_px)) * inverse;
      const float wa = 1.0F - wb - wc;
      if (wa < 0.0F || wb < 0.0F || wc < 0.0F) continue;
      const float z = wa * a.depth_mm + wb * b.depth_mm + wc * c.depth_mm;
      if (z >= depth[x]) continue;
      depth[x] = z;
      const float u = wa * a.u + wb * b.u + wc * c.u;
      const float v = wa * a.v + wb * b.v + wc * c.v;
      const int iu = std::min(static_cast<int>(u), albedo.cols - 2);
      const int iv = std::min(static_cast<int>(v), albedo.rows - 2);
      const float fu = u - static_cast<float>(iu);
      const float fv = v - static_cast<float>(iv);
      const float* upper = albedo[iv] + iu;
      const float* lower = albedo[iv + 1] + iu;
      const float top = upper[0] + fu * (upper[1] - upper[0]);
      const float bottom = lower[0] + fu * (lower[1] - lower[0]);
      lit[x] = (top + fv * (bottom - top)) * (wa * a.light + wb * b.light + wc * c.light);
    }
  }
}

}  // namespace yarbus::simulation
