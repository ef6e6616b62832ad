#pragma once

#include "app/session/session.h"

namespace yarbus::test {

/// A drawn face before a webcam: gray room, lighter head, two eyes with irises; what was found agrees with
/// it. The head is 600 mm away; both irises point `azimuth_deg` to image right.
struct SyntheticFace {
  int width_px = 640;
  int height_px = 360;
  double focal_px = 600.0;
  double distance_mm = 600.0;
  double azimuth_deg = 0.0;    ///< of the eyes
  double head_turn_deg = 0.0;  ///< of the head, to image right
  bool has_right = true;
  bool has_left = true;

  [[nodiscard]] Eigen::Vector2d iris_px(EyeSide side) const;
  [[nodiscard]] IrisPair pair() const;
  [[nodiscard]] FramePtr frame(std::uint64_t sequence) const;
  [[nodiscard]] std::shared_ptr<GazeSample> sample(std::uint64_t sequence) const;
  /// The same image without gaze.
  [[nodiscard]] std::shared_ptr<GazeSample> miss(std::uint64_t sequence, FaceMissReason reason) const;
  [[nodiscard]] CameraIntrinsics intrinsics() const;
};

/// A webcam that runs, with the sample as the latest.
EyeSnapshot running_webcam(GazeSamplePtr latest);

}  // namespace yarbus::test
