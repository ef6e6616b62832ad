#pragma once

#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/lid_opening.h"
#include "eyemodel/simulation/scene.h"
#include "eyemodel/simulation/surface_texture.h"

namespace yarbus::simulation {

/// Depth (head frame z, mm; into the head) of the skin around the eye at (x, y): socket, brow, cheek, side of
/// the nose, and the lids' sphere, rounded into one another.
double face_depth_mm(double x_mm, double y_mm, double lid_radius_mm, bool nose_at_image_right);

/// The skin as the camera sees it: where each ray meets it and how it is lit, on a coarse grid of image
/// points, since skin changes slowly over the image. Lids' margins and texture are added pixel by pixel.
/// Threads: update() by one owner, shade() concurrent-safe.
class FaceSurface {
 public:
  explicit FaceSurface(std::uint64_t seed);

  /// Traces the grid anew if camera, pose, lights or anatomy changed.
  void update(const Scene& scene);
  /// Gray value (1 = white) of the skin at an image point (px).
  [[nodiscard]] float shade(float x_px, float y_px, const LidOpening& opening, const Scene& scene) const;

 private:
  struct Node {
    float azimuth = 0.0F;
    float elevation = 0.0F;
    float x_mm = 0.0F;
    float y_mm = 0.0F;
    float diffuse = 0.0F;
    float gloss = 0.0F;
  };
  [[nodiscard]] Node trace(const Scene& scene, const Eigen::Vector3d& camera_in_head,
                           const Eigen::Vector3d& dir_in_head) const;
  [[nodiscard]] Node at(float x_px, float y_px) const;

  static constexpr int spacing_px = 4;
  NoiseTexture blotches_;
  NoiseTexture pores_;
  NoiseTexture hairs_;
  std::vector<Node> nodes_;
  int columns_ = 0;
  int rows_ = 0;
  std::vector<double> traced_for_;  ///< everything the grid depends on
};

}  // namespace yarbus::simulation
