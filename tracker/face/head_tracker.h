#pragma once

#include <array>
#include <memory>
#include <optional>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/head_pose.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/options.h"

namespace yarbus {

struct HeadTrackerOptions {
  int most_features = 160;
  double back_px = 0.7;             ///< a feature followed back must end this near to where it began
  double keyframe_turn_deg = 15.0;  ///< a head turned further from every keyframe makes another one
  double keyframe_scale = 0.2;      ///< or nearer or farther by this share
  int most_keyframes = 12;
  double least_features = 20;  ///< fewer that agree: the head is lost

  static std::span<const OptionField<HeadTrackerOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Follows a head from frame to frame.
/// Method: corners (Shi & Tomasi 1994) of a keyframe lie on an average face (HeadShape), which is scaled and
/// put in place by the eyes that were found; how far each lies from it is learned while the head turns
/// (HeadStructure). Each frame is warped to how the keyframe saw the face (an affine map, by the last pose);
/// the corners are followed into that (pyramids, Lucas & Kanade 1981, Bouguet 2001) and back again; the pose
/// is fitted to those that return (fit_pose). The oldest keyframe that is near enough is followed, since
/// another has its pose, and its idea of the face, from those before it; its pose is fitted anew whenever the
/// one that it rests on knows its features better, so what is off hardly adds up. Frames & units: image as
/// captured, px; cam and head, mm. Threads: one owner. Images of one size, that of the intrinsics. Only a new
/// keyframe, a new view of one and OpenCV's own scratch take memory. Cost: 3 ms; a new view of a keyframe 2
/// to 10 ms more.
class HeadTracker {
 public:
  HeadTracker(const CameraIntrinsics& intrinsics, const HeadTrackerOptions& options = {});  ///< valid
  ~HeadTracker();
  HeadTracker(HeadTracker&&) noexcept;
  HeadTracker& operator=(HeadTracker&&) noexcept;

  /// A face was found in this image and looks about into the camera, the middles between the corners of its
  /// eyes (px, by EyeSide) being there. If it looks as the head before did, its frame is taken up again.
  /// False: too few features, or outside the image.
  bool start(const GrayView& image, const std::array<Eigen::Vector2d, 2>& eyes_px);
  /// The head in the next image; nullopt: it is lost, until start().
  std::optional<HeadPose> track(CaptureTime at, const GrayView& image);
  [[nodiscard]] bool is_tracking() const;
  [[nodiscard]] int keyframes() const;
  /// Rises with each start() that made a new head frame; 0: none yet.
  [[nodiscard]] int head_number() const;
  /// Follows no longer; start() may take the head up again.
  void lose();
  /// A new head at the next start().
  void forget();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace yarbus
