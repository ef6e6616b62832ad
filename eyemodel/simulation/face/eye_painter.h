#pragma once

#include <cstdint>

#include <Eigen/Core>
#include <opencv2/core.hpp>

#include "eyemodel/simulation/face/eye_aim.h"
#include "eyemodel/simulation/face/eye_opening.h"
#include "eyemodel/simulation/face/face_canvas.h"
#include "eyemodel/simulation/face/face_light.h"
#include "eyemodel/simulation/face/person.h"

namespace yarbus::simulation {

/// Paints one eye and its lids onto the face.
/// Method: each pixel near the eye is divided into several; their rays go to the lids' sphere; in the opening
/// between the lids on to the cornea, refracted to the iris plane, or to the eyeball; outside it the face's
/// own light is darkened by lashes, crease and margin. Threads: one owner.
class EyePainter {
 public:
  EyePainter(const Person& person, EyeSide side);

  struct View {
    RigidTransform cam_from_head;
    EyeAim aim;
    const EyeOpening& opening;
    const FaceLight& light;
  };
  void paint(const View& view, FaceCanvas& canvas) const;

 private:
  struct Sample {
    double skin_factor = 1.0;  ///< of the face's own light; 0 in the opening
    double eye_light = 0.0;
  };
  [[nodiscard]] Sample sample(const View& view, const Eigen::Vector3d& camera_in_head_mm,
                              const Eigen::Vector3d& ray_in_head, double& distance_mm) const;
  [[nodiscard]] double eye_light(const View& view, const Eigen::Vector3d& camera_in_head_mm,
                                 const Eigen::Vector3d& ray_in_head, double& albedo_only) const;
  [[nodiscard]] double iris_albedo(const Eigen::Vector2d& place_mm) const;
  [[nodiscard]] double lid_skin(const EyeOpening& opening, const LidPlace& place, double upper_mm,
                                double lower_mm) const;

  const Person person_;
  EyeSide side_;
  cv::Mat1f fibres_;  ///< of the iris, over angle and radius
  cv::Mat1f lashes_;  ///< along and out of the lid, 0..1
  cv::Mat1f veins_;   ///< of the white
};

}  // namespace yarbus::simulation
