#pragma once

#include <array>
#include <memory>
#include <optional>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/iris_pair.h"
#include "tracker/face/cut_eye.h"
#include "tracker/face/eye_landmarks.h"
#include "tracker/face/head_scale.h"

namespace yarbus {

/// From the parts of eyes in an image and the head's pose to what is known in the camera's space. Learns the
/// head's scale and the places of the eyes in it. A frame: begin(), observe() for each eye that is open,
/// finish(). Frames & units: image as captured, px; cam, head, mm. Threads: one owner.
class FaceSightMaker {
 public:
  explicit FaceSightMaker(const CameraIntrinsics& intrinsics);

  /// The square of the face with its head there.
  [[nodiscard]] FaceBox face_of(const HeadPose& assumed) const;
  /// `assumed`: as the head tracker has it, before its scale is known.
  void begin(const HeadPose& assumed);
  /// Where that eye should be in this frame.
  [[nodiscard]] EyeFrame eye_frame(EyeSide side) const;
  /// Measures the iris, and keeps what it says.
  IrisObservation observe(const GrayView& image, EyeSide side, const EyeLandmarks& landmarks);
  std::shared_ptr<const FaceSight> finish();
  /// Another head.
  void forget();

 private:
  /// Where the corners' middle is in the head as it was assumed, mm; learned over the first frames.
  struct Place {
    Eigen::Vector3d in_head_mm = Eigen::Vector3d::Zero();
    int frames = 0;
  };
  void learn_place(EyeSide side, const EyeLandmarks& landmarks, const EyeFrame& frame);

  CameraIntrinsics intrinsics_;
  HeadScale scale_;
  std::array<Place, 2> places_;
  HeadPose assumed_;
  FaceSight sight_;
  EyeCutter cutter_;
  GrayImage scratch_;
};

}  // namespace yarbus
