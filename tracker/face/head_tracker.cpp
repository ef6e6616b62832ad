#include "tracker/face/head_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Geometry>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "eyemodel/types/check.h"
#include "tracker/face/fit_pose.h"
#include "tracker/face/head_shape.h"

namespace yarbus {
namespace {

constexpr double rad_per_deg = 3.14159265358979323846 / 180.0;
constexpr int pyramid_levels = 3;
constexpr double corner_quality = 0.01;
constexpr double corner_gap = 0.04;     ///< of the face's size
constexpr double least_facing = 0.45;   ///< cosine between a feature's normal and the way to the camera
constexpr double window_of_face = 0.1;  ///< what is compared about a feature, of the face's size
constexpr int least_window_px = 9;
constexpr int largest_window_px = 31;
/// The found square is about as wide as the head.
constexpr double box_of_head_width = 1.0;
/// The middle of the square lies below the eyes, of its size.
constexpr double eyes_above_middle = 0.2;

Eigen::Matrix3d facing_along(const Eigen::Vector3d& direction) {
  return Eigen::Quaterniond::FromTwoVectors(Eigen::Vector3d::UnitZ(), direction).toRotationMatrix();
}

/// With its own pixels: the image may go.
void build_pyramid(const GrayView& view, std::vector<cv::Mat>& pyramid) {
  const cv::Mat image(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                      static_cast<std::size_t>(view.stride_bytes));
  cv::buildOpticalFlowPyramid(image, pyramid, {largest_window_px, largest_window_px}, pyramid_levels, true,
                              cv::BORDER_REFLECT_101, cv::BORDER_CONSTANT, false);
}

double turn_rad(const Eigen::Matrix3d& a, const Eigen::Matrix3d& b) {
  return Eigen::AngleAxisd(a.transpose() * b).angle();
}

}  // namespace

std::span<const OptionField<HeadTrackerOptions>> HeadTrackerOptions::fields() {
  using O = HeadTrackerOptions;
  static constexpr std::array<OptionField<O>, 6> table{{
      {"most_features", &O::most_features, 20, 500, "followed in each frame"},
      {"back_px", &O::back_px, 0.05, 10.0, "how exactly a feature must return"},
      {"keyframe_turn_deg", &O::keyframe_turn_deg, 2.0, 45.0, "a turn that makes another keyframe"},
      {"keyframe_scale", &O::keyframe_scale, 0.05, 1.0, "a change of distance that makes another keyframe"},
      {"most_keyframes", &O::most_keyframes, 1, 100, "kept at once"},
      {"least_features", &O::least_features, 8.0, 500.0, "that must agree"},
  }};
  return table;
}

Result<void> HeadTrackerOptions::validate() const {
  return validate_options(*this, fields(), "head tracker");
}

struct HeadTracker::State {
  struct Keyframe {
    std::vector<cv::Mat> pyramid;
    RigidTransform cam_from_head;
    std::vector<cv::Point2f> places_px;
    std::vector<Eigen::Vector3d> places_in_head_mm;
  };

  CameraIntrinsics intrinsics;
  HeadTrackerOptions options;
  HeadShape shape;
  std::vector<Keyframe> keyframes;
  std::optional<RigidTransform> pose;
  double face_px = 0.0;  ///< the face's size in the first keyframe
  double first_distance_mm = 0.0;
  // Scratch.
  std::vector<cv::Mat> pyramid;
  std::vector<cv::Point2f> forward_px;
  std::vector<cv::Point2f> back_px;
  std::vector<unsigned char> is_forward;
  std::vector<unsigned char> is_back;
  std::vector<float> errors;
  std::vector<SeenPoint> seen;
  cv::Mat mask;

  [[nodiscard]] int window_px(double distance_mm) const {
    const double size_px = face_px * first_distance_mm / distance_mm;
    const int half = static_cast<int>(0.5 * window_of_face * size_px);
    return std::clamp(2 * half + 1, least_window_px, largest_window_px);
  }

  /// Corners of the image within the head's outline at that pose. False: too few.
  bool add_keyframe(const GrayView& view, const RigidTransform& at) {
    Keyframe keyframe;
    keyframe.cam_from_head = at;
    build_pyramid(view, keyframe.pyramid);
    const cv::Mat image(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                        static_cast<std::size_t>(view.stride_bytes));
    const double size_px = face_px * first_distance_mm / at.translation_mm.norm();
    const Eigen::Vector2d middle_px = intrinsics.project(at.translation_mm);
    mask.create(image.size(), CV_8UC1);
    mask.setTo(0);
    const int radius_px = std::max(4, static_cast<int>(0.62 * size_px));
    cv::circle(mask, {static_cast<int>(middle_px.x()), static_cast<int>(middle_px.y() + 0.15 * size_px)},
               radius_px, 255, cv::FILLED);
    std::vector<cv::Point2f> corners;
    cv::goodFeaturesToTrack(image, corners, options.most_features, corner_quality,
                            std::max(3.0, corner_gap * size_px), mask);
    const Eigen::Vector3d camera_in_head_mm = -at.rotation.transpose() * at.translation_mm;
    for (const cv::Point2f& corner : corners) {
      const auto straight_px = intrinsics.undistort({corner.x, corner.y});
      if (!straight_px) continue;
      const Eigen::Vector3d ray_in_cam((straight_px->x() - intrinsics.cx_px) / intrinsics.fx_px,
                                       (straight_px->y() - intrinsics.cy_px) / intrinsics.fy_px, 1.0);
      const Eigen::Vector3d ray = at.rotation.transpose() * ray_in_cam.normalized();
      const auto place_mm = shape.meet(camera_in_head_mm, ray);
      if (!place_mm || -shape.normal_at(*place_mm).dot(ray) < least_facing) continue;
      keyframe.places_px.push_back(corner);
      keyframe.places_in_head_mm.push_back(*place_mm);
    }
    if (static_cast<double>(keyframe.places_px.size()) < options.least_features) return false;
    if (static_cast<int>(keyframes.size()) == options.most_keyframes)
      keyframes.erase(keyframes.begin() + (keyframes.size() > 1 ? 1 : 0));  // the first one is the surest
    keyframes.push_back(std::move(keyframe));
    return true;
  }

  /// How far a pose is from a keyframe's, in units of what makes another one.
  [[nodiscard]] double distance_from(const Keyframe& keyframe, const RigidTransform& at) const {
    const double turned = turn_rad(keyframe.cam_from_head.rotation, at.rotation) / rad_per_deg;
    const double scaled =
        std::abs(std::log(at.translation_mm.norm() / keyframe.cam_from_head.translation_mm.norm()));
    return std::max(turned / options.keyframe_turn_deg, scaled / options.keyframe_scale);
  }
  [[nodiscard]] const Keyframe& nearest(const RigidTransform& at) const {
    return *std::min_element(keyframes.begin(), keyframes.end(), [&](const Keyframe& a, const Keyframe& b) {
      return distance_from(a, at) < distance_from(b, at);
    });
  }

  std::optional<HeadPose> follow(const Keyframe& keyframe, const RigidTransform& expected) {
    const std::size_t count = keyframe.places_px.size();
    forward_px.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Eigen::Vector3d in_cam_mm = expected.point(keyframe.places_in_head_mm[i]);
      const Eigen::Vector2d at_px =
          in_cam_mm.z() > 1.0 ? intrinsics.project(in_cam_mm) : Eigen::Vector2d::Constant(-1.0);
      forward_px[i] = {static_cast<float>(at_px.x()), static_cast<float>(at_px.y())};
    }
    const int window = window_px(expected.translation_mm.norm());
    const cv::Size size(window, window);
    const cv::TermCriteria until(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 20, 0.01);
    cv::calcOpticalFlowPyrLK(keyframe.pyramid, pyramid, keyframe.places_px, forward_px, is_forward, errors,
                             size, pyramid_levels, until, cv::OPTFLOW_USE_INITIAL_FLOW);
    back_px = keyframe.places_px;
    cv::calcOpticalFlowPyrLK(pyramid, keyframe.pyramid, forward_px, back_px, is_back, errors, size,
                             pyramid_levels, until, cv::OPTFLOW_USE_INITIAL_FLOW);
    seen.clear();
    for (std::size_t i = 0; i < count; ++i) {
      if (is_forward[i] == 0 || is_back[i] == 0) continue;
      const cv::Point2f off = back_px[i] - keyframe.places_px[i];
      if (std::hypot(off.x, off.y) > options.back_px) continue;
      seen.push_back({keyframe.places_in_head_mm[i], {forward_px[i].x, forward_px[i].y}, true});
    }
    PoseFitOptions fit;
    fit.fewest = static_cast<int>(options.least_features);
    return fit_pose(seen, intrinsics, expected, fit);
  }
};

HeadTracker::HeadTracker(const CameraIntrinsics& intrinsics, const HeadTrackerOptions& options)
    : state_(std::make_unique<State>()) {
  YARBUS_CHECK(intrinsics.validate().has_value());
  YARBUS_CHECK(options.validate().has_value());
  state_->intrinsics = intrinsics;
  state_->options = options;
}
HeadTracker::~HeadTracker() = default;
HeadTracker::HeadTracker(HeadTracker&&) noexcept = default;
HeadTracker& HeadTracker::operator=(HeadTracker&&) noexcept = default;

bool HeadTracker::is_tracking() const { return state_->pose.has_value(); }
int HeadTracker::keyframes() const { return static_cast<int>(state_->keyframes.size()); }

bool HeadTracker::start(const GrayView& image, const FaceBox& face) {
  State& state = *state_;
  YARBUS_CHECK(image.width_px == state.intrinsics.width_px && image.height_px == state.intrinsics.height_px);
  state.keyframes.clear();
  state.pose.reset();
  if (!(face.size_px > 0.0) || !face.center_px.allFinite()) return false;
  const Eigen::Vector2d eyes_px = face.center_px - Eigen::Vector2d(0.0, eyes_above_middle * face.size_px);
  const auto straight_px = state.intrinsics.undistort(eyes_px);
  if (!straight_px) return false;
  const Eigen::Vector3d along =
      Eigen::Vector3d((straight_px->x() - state.intrinsics.cx_px) / state.intrinsics.fx_px,
                      (straight_px->y() - state.intrinsics.cy_px) / state.intrinsics.fy_px, 1.0)
          .normalized();
  RigidTransform pose;
  pose.rotation = facing_along(along);
  const double width_mm = 2.0 * state.shape.half_axes_mm.x();
  pose.translation_mm = along * (state.intrinsics.fx_px * width_mm / (box_of_head_width * face.size_px));
  state.face_px = face.size_px;
  state.first_distance_mm = pose.translation_mm.norm();
  build_pyramid(image, state.pyramid);
  if (!state.add_keyframe(image, pose)) return false;
  state.pose = pose;
  return true;
}

std::optional<HeadPose> HeadTracker::track(CaptureTime at, const GrayView& image) {
  State& state = *state_;
  YARBUS_CHECK(image.width_px == state.intrinsics.width_px && image.height_px == state.intrinsics.height_px);
  if (!state.pose) return std::nullopt;
  build_pyramid(image, state.pyramid);
  auto found = state.follow(state.nearest(*state.pose), *state.pose);
  if (!found) {
    state.pose.reset();
    return std::nullopt;
  }
  found->at = at;
  state.pose = found->cam_from_head;
  if (state.distance_from(state.nearest(*state.pose), *state.pose) > 1.0)
    (void)state.add_keyframe(image, *state.pose);
  return found;
}

}  // namespace yarbus
