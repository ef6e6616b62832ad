#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "eyemodel/types/frames.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"
#include "tracker/face/eye_frame.h"
#include "tracker/face/eye_landmarks.h"

namespace yarbus {

/// An eye to be looked at.
struct EyePlace {
  EyeFrame frame;  ///< about the middle of its corners, roughly
  EyeSide side = EyeSide::right;
};

/// Finds the parts of eyes near expected places with a small convolutional network, which was trained on
/// rendered eyes only (tracker/face/training). Frames & units: image as captured, px. Threads: one owner.
/// Cost: about 1.5 ms an eye; OpenCV's own scratch takes memory.
class EyeNetwork {
 public:
  /// Errors: input_unreadable if the weights built in cannot be read by the installed OpenCV.
  static Result<EyeNetwork> create();
  ~EyeNetwork();
  EyeNetwork(EyeNetwork&&) noexcept;
  EyeNetwork& operator=(EyeNetwork&&) noexcept;

  /// One look.
  EyeLandmarks find(const GrayView& image, const EyePlace& place);
  /// Several, each from where the last one found the eye: for places that are known roughly.
  EyeLandmarks search(const GrayView& image, EyePlace place, int looks);

 private:
  struct Engine;
  explicit EyeNetwork(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace yarbus
