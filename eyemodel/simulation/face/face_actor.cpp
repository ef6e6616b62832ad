#include "eyemodel/simulation/face/face_actor.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/simulation/face/circle_image.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {

FaceBlinks::FaceBlinks(double interval_s, std::uint64_t seed)
    : interval_s_(interval_s), random_(scramble(seed ^ 0xB114C)) {
  starts_s_.push_back(random_.uniform(0.7, 2.5));
}

double FaceBlinks::since_s(double time_s) {
  constexpr double shortest_s = 2.0;
  const double longest_s = std::max(shortest_s, 2.0 * interval_s_ - shortest_s);
  while (starts_s_.back() <= time_s)
    starts_s_.push_back(starts_s_.back() + random_.uniform(shortest_s, longest_s));
  const auto next = std::upper_bound(starts_s_.begin(), starts_s_.end(), time_s);
  return next == starts_s_.begin() ? time_s - starts_s_.front() : time_s - *std::prev(next);
}

FaceActor::FaceActor(const Person& person)
    : person_(person), head_(make_head(person)), body_(make_body(person)) {
  eyes_.emplace_back(person_, EyeSide::right);
  eyes_.emplace_back(person_, EyeSide::left);
}

EyeAim FaceActor::aim(const Pose& pose, EyeSide side) const {
  const Eigen::Vector3d point_in_head_mm = pose.cam_from_head.rotation.transpose() *
                                           (pose.gaze_point_in_cam_mm - pose.cam_from_head.translation_mm);
  return aim_eye(person_.eye(side), point_in_head_mm - person_.eye_center_in_head_mm(side));
}

EyeOpening FaceActor::opening(const Pose& pose, const EyeAim& aim, EyeSide side) const {
  const double gaze_up_deg = std::asin(std::clamp(-aim.optical_axis_in_head.y(), -1.0, 1.0)) / rad_per_deg;
  return {person_, side, gaze_up_deg, pose.closure};
}

void FaceActor::paint(const Pose& pose, const FaceLight& light, FaceCanvas& canvas) {
  canvas.draw(body_, pose.cam_from_body, light);
  canvas.draw(head_, pose.cam_from_head, light);
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    const EyeAim aimed = aim(pose, side);
    const EyeOpening open = opening(pose, aimed, side);
    eyes_[static_cast<std::size_t>(side)].paint({pose.cam_from_head, aimed, open, light}, canvas);
  }
}

void FaceActor::tell(const Pose& pose, const FaceCanvas& canvas, FaceTruth& truth) const {
  truth.has_face = true;
  truth.cam_from_head = pose.cam_from_head;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    FaceEyeTruth& eye = truth.eyes[static_cast<std::size_t>(side)];
    const EyeAnatomy& anatomy = person_.eye(side);
    const EyeAim aimed = aim(pose, side);
    const EyeOpening open = opening(pose, aimed, side);
    eye.rotation_center_in_cam_mm = pose.cam_from_head.point(person_.eye_center_in_head_mm(side));
    eye.optical_axis_in_cam = pose.cam_from_head.direction(aimed.optical_axis_in_head);
    eye.visual_axis_in_cam = pose.cam_from_head.direction(aimed.visual_axis_in_head);
    eye.limbus_radius_mm = anatomy.limbus_radius_mm;
    const Eigen::Vector3d limbus_in_cam_mm =
        eye.rotation_center_in_cam_mm + anatomy.limbus_plane_mm() * eye.optical_axis_in_cam;
    eye.limbus =
        image_of_circle(limbus_in_cam_mm, eye.optical_axis_in_cam, anatomy.limbus_radius_mm, canvas.camera());
    const Eigen::Vector3d inner_in_cam_mm =
        pose.cam_from_head.point(open.point_in_head_mm(open.inner_corner()));
    const Eigen::Vector3d outer_in_cam_mm =
        pose.cam_from_head.point(open.point_in_head_mm(open.outer_corner()));
    eye.inner_corner_px = canvas.project(inner_in_cam_mm);
    eye.outer_corner_px = canvas.project(outer_in_cam_mm);
    eye.openness = 1.0 - pose.closure;
    constexpr double least_openness = 1.0 / 3.0;
    constexpr double least_facing = 0.42;  // cosine: beyond 65 degrees the limbus is a line
    const Eigen::Vector2d middle_px = eye.limbus.center_px;
    const Eigen::Vector3d to_camera = -limbus_in_cam_mm.normalized();
    eye.is_visible = canvas.contains(middle_px) && eye.openness >= least_openness &&
                     eye.optical_axis_in_cam.dot(to_camera) > least_facing;
    if (eye.is_visible) {
      constexpr float in_front_mm = 6.0F;
      const float depth_mm = canvas.depth_mm(static_cast<int>(std::lround(middle_px.y())),
                                             static_cast<int>(std::lround(middle_px.x())));
      eye.is_visible = depth_mm > static_cast<float>(limbus_in_cam_mm.z()) - in_front_mm;
    }
  }
}

}  // namespace yarbus::simulation
