#pragma once

#include <array>
#include <cstdint>

#include <Eigen/Core>

#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/types/rigid_transform.h"

namespace yarbus::simulation {

/// A head's seat before the screen, and its motion about it. Frames & units: head, screen, mm, s. A function
/// of the time alone. Threads: const.
class HeadCourse {
 public:
  /// `seat_in_screen_mm`: of the middle between the eyes at rest. `faces_in_screen_mm`: what the face is
  /// turned to.
  HeadCourse(const HeadMotion& motion, const Eigen::Vector3d& seat_in_screen_mm,
             const Eigen::Vector3d& faces_in_screen_mm, double eyes_before_middle_mm, std::uint64_t seed);

  [[nodiscard]] RigidTransform screen_from_head(double time_s) const;

 private:
  [[nodiscard]] double wave(int channel, double time_s) const;
  HeadMotion motion_;
  Eigen::Vector3d seat_mm_;
  Eigen::Matrix3d screen_from_rest_;
  double eyes_before_middle_mm_;
  std::array<double, 12> phases_{};
};

}  // namespace yarbus::simulation
