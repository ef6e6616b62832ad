#pragma once

#include <memory>
#include <optional>
#include <span>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/face_box.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/iris_pair.h"
#include "eyemodel/types/options.h"
#include "eyemodel/types/result.h"

namespace yarbus {

struct FaceTrackerOptions {
  double search_interval_s = 1.0;     ///< between looks whether the face is still there, while it is followed
  double least_iris_radius_px = 2.5;  ///< smaller irises are too far away
  double largest_turn_deg = 40.0;     ///< of the head, away from the camera
  double least_eye_probability = 0.99;  ///< of the network, that there is an eye
  double largest_iris_sigma = 0.3;      ///< of its radius: an iris placed no surer is not seen
  double closed_openness = 0.2;         ///< a lid more closed than that hides the gaze
  double dark_gray = 20.0;              ///< an image whose mean is below is too dark to find a face in
  bool uses_network = true;             ///< false: the irises are found by voting, without corners and lids

  static std::span<const OptionField<FaceTrackerOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// From a webcam's image to both irises and the head: follows one face from frame to frame.
///
/// Method: a face that was found is looked over for eyes (EyeNetwork); they put a head in place, which is
/// followed (HeadTracker); each frame the eyes are looked at where the head says they are, and the limbus is
/// measured (fit_limbus). Faces are searched by somebody else (FaceFinder), because that takes longer than a
/// frame: whenever wants_search() says so, give the newest image to the finder and tell what it found. Where
/// several are found, the one nearest to where the face was last is taken, or the largest. Frames & units:
/// image as captured, px; cam, head, mm. Threads: one owner. One image size, that of the intrinsics. Memory:
/// the frame's FaceSight, a keyframe now and then, and OpenCV's scratch.
class FaceTracker {
 public:
  /// Errors: of the options; of EyeNetwork::create().
  static Result<FaceTracker> create(const CameraIntrinsics& intrinsics,
                                    const FaceTrackerOptions& options = {});
  ~FaceTracker();
  FaceTracker(FaceTracker&&) noexcept;
  FaceTracker& operator=(FaceTracker&&) noexcept;

  FaceOutcome track(CaptureTime at, const GrayView& image);
  /// As of the last track(): no face is followed, or it is time for a look whether it is one.
  [[nodiscard]] bool wants_search() const;
  /// What a search of that image found (it may be some frames old).
  void found(const GrayView& image, CaptureTime at, std::span<const FaceBox> faces);
  /// From the next search on the face nearest to this place is followed.
  void choose(const Eigen::Vector2d& place_px);
  /// How many faces the last search found.
  [[nodiscard]] int faces_seen() const;
  /// Rises when another head frame begins: what was learned of the last one does not hold.
  [[nodiscard]] int head_number() const;
  /// After a jump in time: the head, if it looks the same, keeps its frame.
  void restart_time();
  [[nodiscard]] const CameraIntrinsics& intrinsics() const;

 private:
  struct State;
  explicit FaceTracker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace yarbus
