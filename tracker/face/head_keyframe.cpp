#include "tracker/face/head_keyframe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "eyemodel/types/angle.h"
#include "tracker/face/head_shape.h"

namespace yarbus {
namespace {

constexpr double corner_gap = 0.03;  ///< of the face's size: one corner in each square of that side
/// What moves with the skull and is no outline of it: from the forehead to the mouth, mm right of and below
/// the middle of the eyes. Hair, jaw and ears end at the background, wherever the head turns.
constexpr std::array<std::array<double, 2>, 8> face_outline_mm{
    {{-48, -42}, {48, -42}, {58, 0}, {50, 40}, {30, 80}, {-30, 80}, {-50, 40}, {-58, 0}}};
/// Half of what an eye with its lids takes up, mm: what is seen there moves with the gaze.
constexpr double eye_half_width_mm = 19.0;
constexpr double eye_half_height_mm = 11.0;
constexpr double least_facing = 0.45;    ///< cosine between a feature's normal and the way to the camera
constexpr double window_of_face = 0.1;   ///< of the face's size
constexpr double margin_of_face = 0.15;  ///< about the outline, likewise
constexpr double largest_gain = 5.0;     ///< between the light of an image and its keyframe
constexpr int least_window_px = 9;
constexpr int largest_window_px = 31;
/// A later keyframe's face is known from an earlier one: so much of an average face's doubt is left.
constexpr double child_looseness = 0.5;
constexpr double surface_sigma_mm = 12.0;  ///< over which one feature's depth tells of another's
constexpr double average_weight = 0.05;    ///< of the average face, beside features

int window_for(double size_px) {
  const int half = static_cast<int>(0.5 * window_of_face * size_px);
  return std::clamp(2 * half + 1, least_window_px, largest_window_px);
}

/// By how much the face about there lies deeper than the average one, as a keyframe's features have it.
double off_shape_mm(const HeadKeyframe& keyframe, const Eigen::Vector3d& place_mm) {
  double sum = 0.0;
  double weights = average_weight;
  for (const Eigen::Vector3d& other_mm : keyframe.places_in_head_mm) {
    const double distance_sq = (other_mm - place_mm).head<2>().squaredNorm();
    const double weight = std::exp(-0.5 * distance_sq / (surface_sigma_mm * surface_sigma_mm));
    sum += weight * (other_mm.z() + HeadShape::depth_mm(other_mm.x(), other_mm.y()));
    weights += weight;
  }
  return sum / weights;
}

/// Where a face has what is seen there. nullopt: not on it, or seen too obliquely.
std::optional<FeaturePlace> feature_at(const cv::Point2f& at_px, const CameraIntrinsics& intrinsics,
                                       const RigidTransform& at, const HeadKeyframe* parent) {
  const auto straight_px = intrinsics.undistort({at_px.x, at_px.y});
  if (!straight_px) return std::nullopt;
  FeaturePlace feature;
  feature.ray = Eigen::Vector3d((straight_px->x() - intrinsics.cx_px) / intrinsics.fx_px,
                                (straight_px->y() - intrinsics.cy_px) / intrinsics.fy_px, 1.0)
                    .normalized();
  const Eigen::Vector3d camera_in_head_mm = -at.rotation.transpose() * at.translation_mm;
  const auto place_mm = HeadShape::meet(camera_in_head_mm, at.rotation.transpose() * feature.ray);
  if (!place_mm) return std::nullopt;
  feature.normal = at.rotation * HeadShape::normal_at(*place_mm);
  const double facing = feature.normal.dot(feature.ray);
  if (-facing < least_facing) return std::nullopt;
  const Eigen::Vector3d off_mm(0.0, 0.0, parent != nullptr ? off_shape_mm(*parent, *place_mm) : 0.0);
  feature.depth_mm =
      (*place_mm - camera_in_head_mm).norm() + feature.normal.dot(at.rotation * off_mm) / facing;
  return feature;
}

}  // namespace

void HeadKeyframe::place_features() {
  places_in_head_mm.clear();
  for (const Eigen::Vector3d& place_mm : structure.places_in_first_mm())
    places_in_head_mm.push_back(cam_from_head.rotation.transpose() *
                                (place_mm - cam_from_head.translation_mm));
}

void match_light(const HeadKeyframe& keyframe, cv::Mat& face) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(face, mean, deviation);
  const double gain =
      std::clamp(keyframe.gray_deviation[0] / std::max(1.0, deviation[0]), 1.0 / largest_gain, largest_gain);
  face.convertTo(face, -1, gain, keyframe.gray_mean[0] - gain * mean[0]);
}

void build_pyramid(const cv::Mat& image, int window_px, std::vector<cv::Mat>& pyramid) {
  cv::buildOpticalFlowPyramid(image, pyramid, {window_px, window_px}, head_pyramid_levels, true,
                              cv::BORDER_REFLECT_101, cv::BORDER_CONSTANT, false);
}

bool KeyframeMaker::draw_face(const cv::Size& size, const CameraIntrinsics& intrinsics,
                              const RigidTransform& at) {
  mask_.create(size, CV_8UC1);
  mask_.setTo(0);
  std::array<cv::Point, face_outline_mm.size()> outline;
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const Eigen::Vector3d on_face(face_outline_mm[i][0], face_outline_mm[i][1], eyes_in_head_z_mm);
    const Eigen::Vector2d place_px = intrinsics.project(at.point(on_face));
    if (!place_px.allFinite()) return false;
    outline[i] = {static_cast<int>(place_px.x()), static_cast<int>(place_px.y())};
  }
  face_ = cv::boundingRect(outline);
  cv::fillConvexPoly(mask_, outline.data(), static_cast<int>(outline.size()), 255);
  for (const double side : {-0.5, 0.5}) {
    const Eigen::Vector2d eye_px =
        intrinsics.project(at.point({side * eyes_apart_mm, 0.0, eyes_in_head_z_mm}));
    const double px_per_mm = intrinsics.fx_px / std::max(1.0, at.translation_mm.z());
    if (!eye_px.allFinite()) continue;
    cv::ellipse(
        mask_, {static_cast<int>(eye_px.x()), static_cast<int>(eye_px.y())},
        {static_cast<int>(eye_half_width_mm * px_per_mm), static_cast<int>(eye_half_height_mm * px_per_mm)},
        std::atan2(at.rotation(1, 0), at.rotation(0, 0)) * deg_per_rad, 0.0, 360.0, 0, cv::FILLED);
  }
  return true;
}

/// The best corner (Shi & Tomasi) of each square of the image that the mask leaves, best first: skin has
/// its share although hair and brows have more contrast.
void KeyframeMaker::find_corners(const cv::Mat& image, int square_px, std::size_t most) {
  const cv::Rect all = cv::boundingRect(mask_) & cv::Rect(0, 0, image.cols, image.rows);
  corners_.clear();
  if (all.area() <= 0) return;
  cv::cornerMinEigenVal(image(all), strength_, 5);
  std::vector<std::pair<float, cv::Point2f>> found;
  for (int top = 0; top < all.height; top += square_px) {
    for (int left = 0; left < all.width; left += square_px) {
      const cv::Rect square =
          cv::Rect(left, top, square_px, square_px) & cv::Rect(0, 0, all.width, all.height);
      double best = 0.0;
      cv::Point at;
      cv::minMaxLoc(strength_(square), nullptr, &best, nullptr, &at, mask_(square + all.tl()));
      if (best <= 0.0) continue;
      const cv::Point place = square.tl() + all.tl() + at;
      found.emplace_back(static_cast<float>(best),
                         cv::Point2f(static_cast<float>(place.x), static_cast<float>(place.y)));
    }
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [strong, place] : found) {
    if (corners_.size() == most) break;
    corners_.push_back(place);
  }
}

std::optional<HeadKeyframe> KeyframeMaker::make(const cv::Mat& image, const CameraIntrinsics& intrinsics,
                                                const RigidTransform& at, double size_px, int most,
                                                double fewest, const HeadKeyframe* parent) {
  if (!draw_face(image.size(), intrinsics, at)) return std::nullopt;
  find_corners(image, std::max(3, static_cast<int>(std::lround(corner_gap * size_px))),
               2 * static_cast<std::size_t>(most));
  HeadKeyframe keyframe;
  keyframe.cam_from_head = at;
  keyframe.window_px = window_for(size_px);
  const int margin_px = static_cast<int>(margin_of_face * size_px);
  keyframe.part = cv::Rect(face_.x - margin_px, face_.y - margin_px, face_.width + 2 * margin_px,
                           face_.height + 2 * margin_px) &
                  cv::Rect(0, 0, image.cols, image.rows);
  if (std::min(keyframe.part.width, keyframe.part.height) < keyframe.window_px) return std::nullopt;
  std::vector<FeaturePlace> features;
  for (const cv::Point2f& corner : corners_) {
    if (static_cast<int>(features.size()) == most) break;
    const auto feature = feature_at(corner, intrinsics, at, parent);
    if (!feature) continue;
    keyframe.places_px.push_back(corner - cv::Point2f(keyframe.part.tl()));
    features.push_back(*feature);
  }
  if (static_cast<double>(features.size()) < fewest) return std::nullopt;
  cv::meanStdDev(image(keyframe.part), keyframe.gray_mean, keyframe.gray_deviation);
  build_pyramid(image(keyframe.part), keyframe.window_px, keyframe.pyramid);
  keyframe.structure = HeadStructure(std::move(features), parent != nullptr ? child_looseness : 1.0);
  keyframe.place_features();
  return keyframe;
}

}  // namespace yarbus
