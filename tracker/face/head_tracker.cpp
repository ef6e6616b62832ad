#include "tracker/face/head_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "eyemodel/types/angle.h"
#include "eyemodel/types/check.h"
#include "tracker/face/fit_pose.h"
#include "tracker/face/head_keyframe.h"
#include "tracker/face/head_shape.h"

namespace yarbus {
namespace {

/// A head that is taken up again shows this share of a keyframe's features, so exactly.
constexpr double same_head_share = 0.35;
constexpr double same_head_rms_px = 2.5;
/// A keyframe reaches so much farther about the camera's axis, about which the image is turned back.
constexpr double roll_reach = 3.0;
/// A head that shows its keyframe's face smaller or larger than this in area is none.
constexpr double least_area = 0.1;
/// Most cameras stand above the screen that is looked at: a face is turned down from them by about that.
constexpr double usual_pitch_rad = 10.0 * rad_per_deg;

Eigen::Matrix3d facing_along(const Eigen::Vector3d& direction) {
  return Eigen::Quaterniond::FromTwoVectors(Eigen::Vector3d::UnitZ(), direction).toRotationMatrix();
}

/// The pose of a head that looks into the camera with its eyes there; nullopt: they are nowhere.
std::optional<RigidTransform> facing_pose(const CameraIntrinsics& intrinsics,
                                          const std::array<Eigen::Vector2d, 2>& eyes_px) {
  const Eigen::Vector2d apart_px = eyes_px[1] - eyes_px[0];  // the left eye is at the image's right
  const double eyes_px_apart = apart_px.norm();
  if (!(eyes_px_apart > 1.0) || !apart_px.allFinite() || apart_px.x() <= 0.0) return std::nullopt;
  const auto straight_px = intrinsics.undistort(0.5 * (eyes_px[0] + eyes_px[1]));
  if (!straight_px) return std::nullopt;
  const Eigen::Vector3d along = Eigen::Vector3d((straight_px->x() - intrinsics.cx_px) / intrinsics.fx_px,
                                                (straight_px->y() - intrinsics.cy_px) / intrinsics.fy_px, 1.0)
                                    .normalized();
  RigidTransform pose;
  pose.rotation =
      facing_along(along) * Eigen::AngleAxisd(usual_pitch_rad, Eigen::Vector3d::UnitX()) *
      Eigen::AngleAxisd(std::atan2(apart_px.y(), apart_px.x()), Eigen::Vector3d::UnitZ()).toRotationMatrix();
  const Eigen::Vector3d eyes_in_cam_mm = along * (intrinsics.fx_px * eyes_apart_mm / eyes_px_apart);
  pose.translation_mm = eyes_in_cam_mm - pose.rotation * Eigen::Vector3d(0.0, 0.0, eyes_in_head_z_mm);
  return pose;
}

cv::Mat as_mat(const GrayView& view) {
  return {view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
          static_cast<std::size_t>(view.stride_bytes)};
}

/// The affine map that brings `from` nearest to `to`. nullopt: they lie on a line.
std::optional<cv::Matx23d> affine_between(std::span<const cv::Point2f> from,
                                          std::span<const Eigen::Vector2d> to) {
  Eigen::Matrix3d squares = Eigen::Matrix3d::Zero();
  Eigen::Matrix<double, 3, 2> products = Eigen::Matrix<double, 3, 2>::Zero();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!to[i].allFinite()) continue;
    const Eigen::Vector3d at(from[i].x, from[i].y, 1.0);
    squares += at * at.transpose();
    products += at * to[i].transpose();
  }
  const Eigen::LDLT<Eigen::Matrix3d> solver(squares);
  const Eigen::Matrix<double, 3, 2> map = solver.solve(products);
  const double area = map(0, 0) * map(1, 1) - map(0, 1) * map(1, 0);
  if (!map.allFinite() || !(area > least_area) || !(area < 1.0 / least_area)) return std::nullopt;
  return cv::Matx23d(map(0, 0), map(1, 0), map(2, 0), map(0, 1), map(1, 1), map(2, 1));
}

Eigen::Vector2d mapped(const cv::Matx23d& map, const Eigen::Vector2d& at) {
  return {map(0, 0) * at.x() + map(0, 1) * at.y() + map(0, 2),
          map(1, 0) * at.x() + map(1, 1) * at.y() + map(1, 2)};
}

/// What follows if the motion from `before` to `now` goes on.
RigidTransform moved_on(const RigidTransform& before, const RigidTransform& now) {
  return {now.rotation * before.rotation.transpose() * now.rotation,
          2.0 * now.translation_mm - before.translation_mm};
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
  CameraIntrinsics intrinsics;
  HeadTrackerOptions options;

  std::vector<HeadKeyframe> keyframes;
  std::optional<RigidTransform> pose;
  std::optional<RigidTransform> pose_before;  ///< one image earlier
  int head_number = 0;
  int next_keyframe = 0;
  double face_px = 0.0;  ///< the face's width in the first keyframe
  double first_distance_mm = 0.0;
  // Scratch.
  cv::Mat face;  ///< the image's face as the keyframe saw it
  std::vector<cv::Mat> pyramid;
  std::vector<std::size_t> seen_features;  ///< by `seen`
  std::vector<Eigen::Vector2d> expected_px;
  std::vector<cv::Point2f> forward_px;
  std::vector<cv::Point2f> back_px;
  std::vector<unsigned char> is_forward;
  std::vector<unsigned char> is_back;
  std::vector<float> errors;
  std::vector<SeenPoint> seen;
  KeyframeMaker maker;

  /// `parent`: whose features were just followed into the image. False: too few features.
  bool add_keyframe(const GrayView& view, const RigidTransform& at, const HeadKeyframe* parent) {
    const double size_px = face_px * first_distance_mm / at.translation_mm.norm();
    auto made = maker.make(as_mat(view), intrinsics, at, size_px, options.most_features,
                           options.least_features, parent);
    if (!made) return false;
    made->number = next_keyframe++;
    if (parent != nullptr) {
      made->parent = parent->number;
      made->seen_of_parent = seen;
      made->features_of_parent = seen_features;
    }
    if (static_cast<int>(keyframes.size()) == options.most_keyframes)
      keyframes.erase(keyframes.begin() + (keyframes.size() > 1 ? 1 : 0));  // the first one is the surest
    keyframes.push_back(std::move(*made));
    return true;
  }

  /// How far a pose is from a keyframe's, in units of what makes another one.
  [[nodiscard]] double distance_from(const HeadKeyframe& keyframe, const RigidTransform& at) const {
    const Eigen::Matrix3d& before = keyframe.cam_from_head.rotation;
    const double cosine = std::clamp(before.col(2).dot(at.rotation.col(2)), -1.0, 1.0);
    const double scaled =
        std::abs(std::log(at.translation_mm.norm() / keyframe.cam_from_head.translation_mm.norm()));
    return std::max({std::acos(cosine) / rad_per_deg / options.keyframe_turn_deg,
                     turn_rad(before, at.rotation) / rad_per_deg / (roll_reach * options.keyframe_turn_deg),
                     scaled / options.keyframe_scale});
  }
  [[nodiscard]] HeadKeyframe& nearest(const RigidTransform& at) {
    return *std::min_element(keyframes.begin(), keyframes.end(),
                             [&](const HeadKeyframe& a, const HeadKeyframe& b) {
                               return distance_from(a, at) < distance_from(b, at);
                             });
  }

  /// The keyframe to follow from: the oldest that is near enough, since it has its pose from fewer others.
  [[nodiscard]] HeadKeyframe& keyframe_for(const RigidTransform& at) {
    const auto near = std::find_if(keyframes.begin(), keyframes.end(),
                                   [&](const HeadKeyframe& each) { return distance_from(each, at) < 1.0; });
    return near != keyframes.end() ? *near : nearest(at);
  }

  std::optional<HeadPose> follow(const GrayView& view, HeadKeyframe& keyframe,
                                 const RigidTransform& expected) {
    const std::size_t count = keyframe.places_px.size();
    expected_px.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Eigen::Vector3d in_cam_mm = expected.point(keyframe.places_in_head_mm[i]);
      expected_px[i] =
          in_cam_mm.z() > 1.0 ? intrinsics.project(in_cam_mm) : Eigen::Vector2d::Constant(std::nan(""));
    }
    const auto image_from_part = affine_between(keyframe.places_px, expected_px);
    if (!image_from_part) return std::nullopt;
    cv::Matx23d part_from_image;
    cv::invertAffineTransform(*image_from_part, part_from_image);
    const cv::Mat image = as_mat(view);
    cv::warpAffine(image, face, *image_from_part, keyframe.part.size(),
                   cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_REPLICATE);
    match_light(keyframe, face);
    build_pyramid(face, keyframe.window_px, pyramid);
    forward_px = keyframe.places_px;
    for (std::size_t i = 0; i < count; ++i) {
      const Eigen::Vector2d at_px = mapped(part_from_image, expected_px[i]);
      if (at_px.allFinite()) forward_px[i] = {static_cast<float>(at_px.x()), static_cast<float>(at_px.y())};
    }
    const cv::Size size(keyframe.window_px, keyframe.window_px);
    const cv::TermCriteria until(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 20, 0.01);
    cv::calcOpticalFlowPyrLK(keyframe.pyramid, pyramid, keyframe.places_px, forward_px, is_forward, errors,
                             size, head_pyramid_levels, until, cv::OPTFLOW_USE_INITIAL_FLOW);
    back_px = keyframe.places_px;
    cv::calcOpticalFlowPyrLK(pyramid, keyframe.pyramid, forward_px, back_px, is_back, errors, size,
                             head_pyramid_levels, until, cv::OPTFLOW_USE_INITIAL_FLOW);
    seen.clear();
    seen_features.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const cv::Point2f off = back_px[i] - keyframe.places_px[i];
      if (is_forward[i] == 0 || is_back[i] == 0 || std::hypot(off.x, off.y) > options.back_px) continue;
      const Eigen::Vector2d at_px = mapped(*image_from_part, {forward_px[i].x, forward_px[i].y});
      if (!(at_px.x() > 0.0) || !(at_px.y() > 0.0) || !(at_px.x() < image.cols - 1.0) ||
          !(at_px.y() < image.rows - 1.0))
        continue;
      seen.push_back({keyframe.places_in_head_mm[i], at_px, true});
      seen_features.push_back(i);
    }
    return fit(expected);
  }

  /// The pose of the head whose features were just followed.
  std::optional<HeadPose> fit(const RigidTransform& near) {
    PoseFitOptions fitting;
    fitting.fewest = static_cast<int>(options.least_features);
    return fit_pose(seen, intrinsics, near, fitting);
  }

  /// From the features that were just followed. False: nothing new.
  bool learn_structure(HeadKeyframe& keyframe, const RigidTransform& at) {
    HeadView view;
    view.cam_from_first.rotation = at.rotation * keyframe.cam_from_head.rotation.transpose();
    view.cam_from_first.translation_mm =
        at.translation_mm - view.cam_from_first.rotation * keyframe.cam_from_head.translation_mm;
    if (!keyframe.structure.wants(view.cam_from_first)) return false;
    view.is_seen.resize(keyframe.places_px.size());
    view.seen_px.resize(keyframe.places_px.size());
    for (std::size_t k = 0; k < seen.size(); ++k) {
      view.is_seen[seen_features[k]] = seen[k].is_used ? 1 : 0;
      view.seen_px[seen_features[k]] = seen[k].seen_px.cast<float>();
    }
    keyframe.structure.add(std::move(view), intrinsics);
    keyframe.place_features();
    for (std::size_t k = 0; k < seen.size(); ++k)
      seen[k].in_head_mm = keyframe.places_in_head_mm[seen_features[k]];
    place_children(keyframe);
    return true;
  }

  /// Those whose pose rests on a keyframe's features, once these are known better.
  void place_children(const HeadKeyframe& parent) {
    for (HeadKeyframe& child : keyframes) {
      if (child.parent != parent.number) continue;
      for (std::size_t k = 0; k < child.seen_of_parent.size(); ++k)
        child.seen_of_parent[k].in_head_mm = parent.places_in_head_mm[child.features_of_parent[k]];
      const auto seen_again = fit_pose(child.seen_of_parent, intrinsics, child.cam_from_head);
      if (!seen_again) continue;
      child.cam_from_head = seen_again->cam_from_head;
      child.place_features();
      place_children(child);
    }
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

int HeadTracker::head_number() const { return state_->head_number; }
void HeadTracker::lose() { state_->pose.reset(); }
void HeadTracker::forget() {
  state_->keyframes.clear();
  state_->pose.reset();
}

bool HeadTracker::start(const GrayView& image, const std::array<Eigen::Vector2d, 2>& eyes_px) {
  State& state = *state_;
  YARBUS_CHECK(image.width_px == state.intrinsics.width_px && image.height_px == state.intrinsics.height_px);
  state.pose.reset();
  state.pose_before.reset();
  const auto pose = facing_pose(state.intrinsics, eyes_px);
  if (!pose) return false;
  if (!state.keyframes.empty()) {
    HeadKeyframe& before = state.nearest(*pose);
    const auto again = state.follow(image, before, *pose);
    if (again && again->rms_px < same_head_rms_px &&
        again->features > same_head_share * static_cast<double>(before.places_px.size())) {
      state.pose = again->cam_from_head;
      return true;
    }
  }
  state.keyframes.clear();
  state.face_px = (eyes_px[1] - eyes_px[0]).norm() * 2.0 * HeadShape::half_width_mm / eyes_apart_mm;
  state.first_distance_mm = pose->translation_mm.norm();
  if (!state.add_keyframe(image, *pose, nullptr)) return false;
  state.pose = pose;
  ++state.head_number;
  return true;
}

std::optional<HeadPose> HeadTracker::track(CaptureTime at, const GrayView& image) {
  State& state = *state_;
  YARBUS_CHECK(image.width_px == state.intrinsics.width_px && image.height_px == state.intrinsics.height_px);
  if (!state.pose) return std::nullopt;
  // As it was; or, if that fails, as it would be if it went on to move.
  std::array<RigidTransform, 2> expected{*state.pose, *state.pose};
  if (state.pose_before) expected[1] = moved_on(*state.pose_before, *state.pose);
  HeadKeyframe* keyframe = nullptr;
  std::optional<HeadPose> found;
  for (std::size_t i = 0; i < (state.pose_before ? 2U : 1U) && !found; ++i) {
    keyframe = &state.keyframe_for(expected[i]);
    found = state.follow(image, *keyframe, expected[i]);
    if (HeadKeyframe* nearest = &state.nearest(expected[i]); !found && nearest != keyframe) {
      keyframe = nearest;
      found = state.follow(image, *keyframe, expected[i]);
    }
  }
  if (found && state.learn_structure(*keyframe, found->cam_from_head))
    found = state.fit(found->cam_from_head);
  if (!found) {
    state.pose.reset();
    return std::nullopt;
  }
  found->at = at;
  state.pose_before = state.pose;
  state.pose = found->cam_from_head;
  if (state.distance_from(state.nearest(*state.pose), *state.pose) > 1.0)
    (void)state.add_keyframe(image, *state.pose, keyframe);
  return found;
}

}  // namespace yarbus
