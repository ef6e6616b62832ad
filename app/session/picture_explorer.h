#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "app/session/simulated_viewer.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// A picture that is on the screen. Frames & units: screen, mm.
struct ShownPicture {
  int showing = 0;  ///< another number is another showing
  int task = 0;     ///< for which it is shown: index in the plan
  ScreenRegion area;
  std::vector<Eigen::Vector2d> details_in_screen_mm;  ///< where there is most to see; empty: anywhere
};

/// Where a simulated participant looks in a picture: jumps from one of its details to another, 0.2 to 0.4 s
/// at each, near ones rather than far ones; which are liked depends on the task. By the seed alone. Threads:
/// one owner; no clock; deterministic. Times rise.
class PictureExplorer {
 public:
  PictureExplorer(ShownPicture picture, std::uint64_t seed);

  /// What is looked at then; every jump is another target.
  VisibleTarget look(double t_s);
  [[nodiscard]] int showing() const { return picture_.showing; }

 private:
  void jump();
  [[nodiscard]] std::size_t choose_detail();

  ShownPicture picture_;
  simulation::Random random_;
  std::vector<double> liking_;  ///< by detail
  std::size_t detail_ = 0;
  Eigen::Vector2d place_mm_ = Eigen::Vector2d::Zero();
  int jumps_ = 0;
  double next_jump_s_ = 0.0;
};

}  // namespace yarbus
