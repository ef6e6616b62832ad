#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/simulation/face/eye_painter.h"
#include "eyemodel/simulation/face/face_canvas.h"
#include "eyemodel/simulation/face/face_light.h"
#include "eyemodel/simulation/face/person.h"
#include "eyemodel/simulation/face/surface_mesh.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/types/face_truth.h"

namespace yarbus::simulation {

/// Blinks of one person, about every `interval_s`. A function of the time alone. Threads: one owner.
class FaceBlinks {
 public:
  FaceBlinks(double interval_s, std::uint64_t seed);
  /// Since the last blink began; negative before the first.
  [[nodiscard]] double since_s(double time_s);

 private:
  double interval_s_;
  Random random_;
  std::vector<double> starts_s_;
};

/// One person as the camera sees them: head, body, eyes. Frames & units: cam, head, mm. Threads: one owner.
class FaceActor {
 public:
  explicit FaceActor(const Person& person);

  struct Pose {
    RigidTransform cam_from_head;
    RigidTransform cam_from_body;
    Eigen::Vector3d gaze_point_in_cam_mm = Eigen::Vector3d::Zero();  ///< where both visual axes meet
    double closure = 0.0;
  };
  void paint(const Pose& pose, const FaceLight& light, FaceCanvas& canvas);
  /// What is true of both eyes; visible as far as the head itself goes. After paint(), on that canvas.
  void tell(const Pose& pose, const FaceCanvas& canvas, FaceTruth& truth) const;
  [[nodiscard]] const Person& person() const { return person_; }

 private:
  [[nodiscard]] EyeAim aim(const Pose& pose, EyeSide side) const;
  [[nodiscard]] EyeOpening opening(const Pose& pose, const EyeAim& aim, EyeSide side) const;

  Person person_;
  SurfaceMesh head_;
  SurfaceMesh body_;
  std::vector<EyePainter> eyes_;  ///< by EyeSide
};

}  // namespace yarbus::simulation
