#pragma once

#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>
#include <opencv2/core.hpp>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/rigid_transform.h"
#include "tracker/face/fit_pose.h"
#include "tracker/face/head_structure.h"

namespace yarbus {

/// An image of a head from which its features are followed. Frames & units: px of the image's part about the
/// face; head, mm.
struct HeadKeyframe {
  int number = 0;
  cv::Rect part;                 ///< of the image as captured
  std::vector<cv::Mat> pyramid;  ///< of that part
  cv::Scalar gray_mean;          ///< and its gray levels
  cv::Scalar gray_deviation;
  RigidTransform cam_from_head;
  int window_px = 0;  ///< what is compared about a feature
  std::vector<cv::Point2f> places_px;
  HeadStructure structure;  ///< before the camera as it was
  std::vector<Eigen::Vector3d> places_in_head_mm;

  /// The keyframe that it has its pose from, and which features of that one are where in its image.
  int parent = -1;
  std::vector<SeenPoint> seen_of_parent;
  std::vector<std::size_t> features_of_parent;

  /// By the pose and the structure.
  void place_features();
};

/// Gives an image of what a keyframe shows the keyframe's brightness and contrast: the camera's exposure may
/// hunt, and what is followed is taken to be as bright as it was.
void match_light(const HeadKeyframe& keyframe, cv::Mat& face);

/// Image pyramids for OpenCV's calcOpticalFlowPyrLK, with their own pixels.
void build_pyramid(const cv::Mat& image, int window_px, std::vector<cv::Mat>& pyramid);
constexpr int head_pyramid_levels = 3;

/// Chooses what to follow of a face. Threads: one owner.
class KeyframeMaker {
 public:
  /// Corners (Shi & Tomasi 1994) within the outline of a head at that pose, but for its eyes. `size_px`: of
  /// the face there. `parent`: whose idea of the face is taken over; null: an average face's. The pose's
  /// origin is left to the caller. nullopt: fewer than `fewest`, or outside the image.
  std::optional<HeadKeyframe> make(const cv::Mat& image, const CameraIntrinsics& intrinsics,
                                   const RigidTransform& cam_from_head, double size_px, int most,
                                   double fewest, const HeadKeyframe* parent);

 private:
  bool draw_face(const cv::Size& size, const CameraIntrinsics& intrinsics, const RigidTransform& at);
  void find_corners(const cv::Mat& image, int square_px, std::size_t most);

  cv::Mat mask_;  ///< where features may be
  cv::Rect face_;
  cv::Mat strength_;
  std::vector<cv::Point2f> corners_;
};

}  // namespace yarbus
