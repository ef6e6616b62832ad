#include "tracker/face/head_tracker.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Geometry>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "eyemodel/types/check.h"
#include "tracker/face/fit_pose.h"
#include "tracker/face/head_shape.h"
#include "tracker/face/head_structure.h"

namespace yarbus {
namespace {

constexpr double rad_per_deg = 3.14159265358979323846 / 180.0;
constexpr int pyramid_levels = 3;
constexpr double corner_gap = 0.03;  ///< of the face's size: one corner in each square of that side
/// What moves with the skull and is no outline of it: from the forehead to the mouth, mm right of and below
/// the middle of the eyes. Hair, jaw and ears end at the background, wherever the head turns.
constexpr std::array<std::array<double, 2>, 8> face_outline_mm{
    {{-48, -42}, {48, -42}, {58, 0}, {50, 40}, {30, 80}, {-30, 80}, {-50, 40}, {-58, 0}}};
/// Half of what an eye with its lids takes up, mm: what is seen there moves with the gaze.
constexpr double eye_half_width_mm = 19.0;
constexpr double eye_half_height_mm = 11.0;
constexpr double least_facing = 0.45;   ///< cosine between a feature's normal and the way to the camera
constexpr double window_of_face = 0.1;  ///< what is compared about a feature, of the face's size
constexpr int least_window_px = 9;
constexpr int largest_window_px = 31;
/// A head that is taken up again shows this share of a keyframe's features, so exactly.
constexpr double same_head_share = 0.35;
constexpr double same_head_rms_px = 2.5;
/// A view that is so far from the keyframe's (in units of what makes another one) tells of the face's relief.
constexpr double least_news = 0.25;
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
    HeadStructure structure;

    [[nodiscard]] const std::vector<Eigen::Vector3d>& places_in_head_mm() const {
      return structure.places_in_head_mm();
    }
  };

  CameraIntrinsics intrinsics;
  HeadTrackerOptions options;

  std::vector<Keyframe> keyframes;
  std::optional<RigidTransform> pose;
  int head_number = 0;
  double face_px = 0.0;  ///< the face's width in the first keyframe
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
  cv::Mat strength;
  std::vector<cv::Point2f> corners;

  [[nodiscard]] int window_px(double distance_mm) const {
    const double size_px = face_px * first_distance_mm / distance_mm;
    const int half = static_cast<int>(0.5 * window_of_face * size_px);
    return std::clamp(2 * half + 1, least_window_px, largest_window_px);
  }

  /// The best corner (Shi & Tomasi) of each square of the image that the mask leaves, best first: skin has
  /// its share although hair and brows have more contrast.
  void find_corners(const cv::Mat& image, int square_px) {
    const cv::Rect all = cv::boundingRect(mask) & cv::Rect(0, 0, image.cols, image.rows);
    corners.clear();
    if (all.area() <= 0) return;
    cv::cornerMinEigenVal(image(all), strength, 5);
    std::vector<std::pair<float, cv::Point2f>> found;
    for (int top = 0; top < all.height; top += square_px) {
      for (int left = 0; left < all.width; left += square_px) {
        const cv::Rect square =
            cv::Rect(left, top, square_px, square_px) & cv::Rect(0, 0, all.width, all.height);
        double best = 0.0;
        cv::Point at;
        cv::minMaxLoc(strength(square), nullptr, &best, nullptr, &at, mask(square + all.tl()));
        if (best <= 0.0) continue;
        const cv::Point place = square.tl() + all.tl() + at;
        found.emplace_back(static_cast<float>(best),
                           cv::Point2f(static_cast<float>(place.x), static_cast<float>(place.y)));
      }
    }
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [strong, place] : found) {
      if (static_cast<int>(corners.size()) == 2 * options.most_features) break;
      corners.push_back(place);
    }
  }

  /// Corners of the image within the head's outline at that pose. False: too few.
  bool add_keyframe(const GrayView& view, const RigidTransform& at) {
    Keyframe keyframe;
    keyframe.cam_from_head = at;
    build_pyramid(view, keyframe.pyramid);
    const cv::Mat image(view.height_px, view.width_px, CV_8UC1, const_cast<std::uint8_t*>(view.data),
                        static_cast<std::size_t>(view.stride_bytes));
    const double size_px = face_px * first_distance_mm / at.translation_mm.norm();
    mask.create(image.size(), CV_8UC1);
    mask.setTo(0);
    std::array<cv::Point, face_outline_mm.size()> outline;
    for (std::size_t i = 0; i < outline.size(); ++i) {
      const Eigen::Vector3d on_face(face_outline_mm[i][0], face_outline_mm[i][1], eyes_in_head_z_mm);
      const Eigen::Vector2d place_px = intrinsics.project(at.point(on_face));
      if (!place_px.allFinite()) return false;
      outline[i] = {static_cast<int>(place_px.x()), static_cast<int>(place_px.y())};
    }
    cv::fillConvexPoly(mask, outline.data(), static_cast<int>(outline.size()), 255);
    for (const double side : {-0.5, 0.5}) {
      const Eigen::Vector2d eye_px =
          intrinsics.project(at.point({side * eyes_apart_mm, 0.0, eyes_in_head_z_mm}));
      const double px_per_mm = intrinsics.fx_px / std::max(1.0, at.translation_mm.z());
      if (!eye_px.allFinite()) continue;
      cv::ellipse(
          mask, {static_cast<int>(eye_px.x()), static_cast<int>(eye_px.y())},
          {static_cast<int>(eye_half_width_mm * px_per_mm), static_cast<int>(eye_half_height_mm * px_per_mm)},
          std::atan2(at.rotation(1, 0), at.rotation(0, 0)) / rad_per_deg, 0.0, 360.0, 0, cv::FILLED);
    }
    find_corners(image, std::max(3, static_cast<int>(std::lround(corner_gap * size_px))));
    std::vector<Eigen::Vector3d> rays;
    std::vector<Eigen::Vector3d> places_mm;
    const Eigen::Vector3d camera_in_head_mm = -at.rotation.transpose() * at.translation_mm;
    for (const cv::Point2f& corner : corners) {
      const auto straight_px = intrinsics.undistort({corner.x, corner.y});
      if (!straight_px) continue;
      const Eigen::Vector3d ray_in_cam((straight_px->x() - intrinsics.cx_px) / intrinsics.fx_px,
                                       (straight_px->y() - intrinsics.cy_px) / intrinsics.fy_px, 1.0);
      const Eigen::Vector3d ray = at.rotation.transpose() * ray_in_cam.normalized();
      const auto place_mm = HeadShape::meet(camera_in_head_mm, ray);
      if (!place_mm || -HeadShape::normal_at(*place_mm).dot(ray) < least_facing) continue;
      if (static_cast<int>(keyframe.places_px.size()) == options.most_features) break;
      keyframe.places_px.push_back(corner);
      rays.push_back(ray);
      places_mm.push_back(*place_mm);
    }
    if (static_cast<double>(keyframe.places_px.size()) < options.least_features) return false;
    keyframe.structure = HeadStructure(camera_in_head_mm, std::move(rays), places_mm);
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
  [[nodiscard]] Keyframe& nearest(const RigidTransform& at) {
    return *std::min_element(keyframes.begin(), keyframes.end(), [&](const Keyframe& a, const Keyframe& b) {
      return distance_from(a, at) < distance_from(b, at);
    });
  }

  std::optional<HeadPose> follow(Keyframe& keyframe, const RigidTransform& expected) {
    const std::size_t count = keyframe.places_px.size();
    forward_px.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const Eigen::Vector3d in_cam_mm = expected.point(keyframe.places_in_head_mm()[i]);
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
      const cv::Point2f off = back_px[i] - keyframe.places_px[i];
      if (std::hypot(off.x, off.y) > options.back_px) is_back[i] = 0;
      if (is_forward[i] == 0 || is_back[i] == 0) continue;
      seen.push_back({keyframe.places_in_head_mm()[i], {forward_px[i].x, forward_px[i].y}, true});
    }
    PoseFitOptions fit;
    fit.fewest = static_cast<int>(options.least_features);
    auto found = fit_pose(seen, intrinsics, expected, fit);
    if (found && distance_from(keyframe, found->cam_from_head) > least_news &&
        keyframe.structure.wants(found->cam_from_head)) {
      learn_structure(keyframe, found->cam_from_head);
      for (std::size_t i = 0, point = 0; i < count; ++i) {
        if (is_forward[i] != 0 && is_back[i] != 0) seen[point++].in_head_mm = keyframe.places_in_head_mm()[i];
      }
      found = fit_pose(seen, intrinsics, found->cam_from_head, fit);
    }
    return found;
  }

  /// From the features that were just followed.
  void learn_structure(Keyframe& keyframe, const RigidTransform& at) const {
    HeadView view;
    view.cam_from_head = at;
    view.is_seen.resize(forward_px.size());
    view.seen_px.resize(forward_px.size());
    for (std::size_t i = 0, point = 0; i < forward_px.size(); ++i) {
      if (is_forward[i] == 0 || is_back[i] == 0) continue;
      view.is_seen[i] = seen[point++].is_used ? 1 : 0;
      view.seen_px[i] = {forward_px[i].x, forward_px[i].y};
    }
    keyframe.structure.add(std::move(view), intrinsics);
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
  const auto pose = facing_pose(state.intrinsics, eyes_px);
  if (!pose) return false;
  build_pyramid(image, state.pyramid);
  if (!state.keyframes.empty()) {
    State::Keyframe& before = state.nearest(*pose);
    const auto again = state.follow(before, *pose);
    if (again && again->rms_px < same_head_rms_px &&
        again->features > same_head_share * static_cast<double>(before.places_px.size())) {
      state.pose = again->cam_from_head;
      return true;
    }
  }
  state.keyframes.clear();
  state.face_px = (eyes_px[1] - eyes_px[0]).norm() * 2.0 * HeadShape::half_width_mm / eyes_apart_mm;
  state.first_distance_mm = pose->translation_mm.norm();
  if (!state.add_keyframe(image, *pose)) return false;
  state.pose = pose;
  ++state.head_number;
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
