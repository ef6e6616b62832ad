#pragma once

#include <vector>

#include <Eigen/Core>
#include <opencv2/core.hpp>

#include "eyemodel/simulation/face/face_light.h"
#include "eyemodel/simulation/face/surface_mesh.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::simulation {

/// The image that is being painted: linear light and how far away it comes from. Frames & units: image, px;
/// cam, mm. Threads: one owner.
class FaceCanvas {
 public:
  explicit FaceCanvas(const CameraIntrinsics& camera);

  /// Starts over with the room behind.
  void clear(const cv::Mat1f& room);
  /// Draws a surface: triangles with Gouraud-shaded light, texture by bilinear interpolation, depth buffer.
  /// Back sides are not drawn.
  void draw(const SurfaceMesh& mesh, const RigidTransform& cam_from_mesh, const FaceLight& light);

  [[nodiscard]] const CameraIntrinsics& camera() const { return camera_; }
  [[nodiscard]] Eigen::Vector2d project(const Eigen::Vector3d& point_in_cam_mm) const;
  /// Unit, from the pinhole through an image point.
  [[nodiscard]] Eigen::Vector3d ray_in_cam(double x_px, double y_px) const;
  [[nodiscard]] bool contains(const Eigen::Vector2d& point_px) const;

  cv::Mat1f light;
  cv::Mat1f depth_mm;

 private:
  struct Corner {
    float x_px, y_px, depth_mm, light, u, v;
  };
  void fill(const Corner& a, const Corner& b, const Corner& c, const cv::Mat1f& albedo);

  CameraIntrinsics camera_;
  std::vector<Corner> corners_;
  std::vector<unsigned char> is_seen_;
};

}  // namespace yarbus::simulation
