#pragma once

#include <Eigen/Core>

#include "eyemodel/simulation/corneal_optics.h"
#include "eyemodel/simulation/illumination.h"
#include "eyemodel/simulation/scene.h"
#include "eyemodel/simulation/surface_texture.h"

namespace yarbus::simulation {

/// What textures an eyeball: iris and sclera. Made once a subject.
struct EyeTextures {
  explicit EyeTextures(std::uint64_t seed);
  IrisTexture iris;
  NoiseTexture vessels;
  NoiseTexture mottling;
};

/// The eyeball of one scene: cornea with mirror images, iris and pupil behind it, sclera around it.
/// Frames & units: eye, mm. Threads: const, concurrent-safe.
class EyeSurface {
 public:
  EyeSurface(const Scene& scene, const EyeTextures& textures);

  struct Shade {
    float gray = 0.0F;            ///< 1 = white
    float pupil_coverage = 0.0F;  ///< share of the pixel inside the pupil
  };
  /// Seen along `dir` (any length) from the camera; `dir + step_x`, `dir + step_y` are the directions of the
  /// next pixel to the right and below, for the pupil's antialiased edge. `to_upper_lid`, `to_lower_lid`:
  /// distance of the line of sight from the lids' margins, rad, for their shadows.
  [[nodiscard]] Shade shade(const Eigen::Vector3d& dir, const Eigen::Vector3d& step_x,
                            const Eigen::Vector3d& step_y, double to_upper_lid, double to_lower_lid) const;
  /// Only the pupil's share of the pixel.
  [[nodiscard]] float pupil_coverage(const Eigen::Vector3d& dir, const Eigen::Vector3d& step_x,
                                     const Eigen::Vector3d& step_y) const;

 private:
  [[nodiscard]] float pupil_coverage(const CorneaHit& hit, const Eigen::Vector3d& dir,
                                     const Eigen::Vector3d& step_x, const Eigen::Vector3d& step_y) const;
  [[nodiscard]] double iris(const CorneaHit& hit, double pupil_coverage) const;
  [[nodiscard]] double sclera(const Eigen::Vector3d& point) const;
  [[nodiscard]] double reflections(const Eigen::Vector3d& point, const Eigen::Vector3d& normal,
                                   const Eigen::Vector3d& unit_dir, bool is_cornea) const;

  const Scene& scene_;
  const EyeTextures& textures_;
  Eigen::Vector3d camera_in_eye_;
  Eigen::Matrix3d head_from_eye_;
  Illumination lights_;
};

}  // namespace yarbus::simulation
