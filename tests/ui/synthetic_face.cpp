#include "tests/ui/synthetic_face.h"

#include <cmath>
#include <numbers>

#include <Eigen/Geometry>

#include "eyemodel/types/angle.h"

namespace yarbus::test {

namespace {

constexpr double limbus_mm = 5.85;
constexpr double limbus_plane_mm = 10.6;
constexpr double face_rate_hz = 30.0;

/// Image right is the person's left.
Eigen::Vector3d eye_center_in_head_mm(EyeSide side) {
  return {side == EyeSide::right ? -31.0 : 31.0, 0.0, -78.0};
}

RigidTransform cam_from_head(const SyntheticFace& face) {
  RigidTransform pose;
  // An upright head that turns to image right about its own y, which points down.
  pose.rotation =
      Eigen::AngleAxisd(-face.head_turn_deg * rad_per_deg, Eigen::Vector3d::UnitY()).toRotationMatrix();
  pose.translation_mm = {0.0, 0.0, face.distance_mm};
  return pose;
}

Eigen::Vector3d limbus_in_cam_mm(const SyntheticFace& face, EyeSide side) {
  const double a = face.azimuth_deg * rad_per_deg;
  return cam_from_head(face).point(eye_center_in_head_mm(side)) +
         limbus_plane_mm * Eigen::Vector3d(std::sin(a), 0.0, -std::cos(a));
}

}  // namespace

CameraIntrinsics SyntheticFace::intrinsics() const {
  return CameraIntrinsics::from_focal_length(focal_px, width_px, height_px);
}

Eigen::Vector2d SyntheticFace::iris_px(EyeSide side) const {
  return intrinsics().project(limbus_in_cam_mm(*this, side));
}

IrisPair SyntheticFace::pair() const {
  IrisPair pair;
  auto sight = std::make_shared<FaceSight>();
  sight->head.cam_from_head = cam_from_head(*this);
  sight->head.features = 30;
  pair.face.center_px = intrinsics().project({0.0, 30.0, distance_mm});
  pair.face.size_px = 150.0 * focal_px / distance_mm;
  for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
    if (!(side == EyeSide::right ? has_right : has_left)) continue;
    const auto at = static_cast<std::size_t>(side);
    const Eigen::Vector3d limbus_mm_in_cam = limbus_in_cam_mm(*this, side);
    const double px_per_mm = focal_px / limbus_mm_in_cam.z();
    IrisObservation eye;
    eye.limbus.center_px = iris_px(side);
    eye.limbus.semi_major_px = limbus_mm * px_per_mm;
    eye.limbus.semi_minor_px = 0.97 * eye.limbus.semi_major_px;
    eye.limbus.angle_rad = 0.5 * std::numbers::pi;
    const double nose = side == EyeSide::right ? 1.0 : -1.0;
    eye.inner_corner_px = eye.limbus.center_px + px_per_mm * Eigen::Vector2d(nose * 14.0, 1.0);
    eye.outer_corner_px = eye.limbus.center_px - px_per_mm * Eigen::Vector2d(nose * 14.0, 0.0);
    eye.upper_lid_px = eye.limbus.center_px - px_per_mm * Eigen::Vector2d(0.0, 4.5);
    eye.lower_lid_px = eye.limbus.center_px + px_per_mm * Eigen::Vector2d(0.0, 5.5);
    for (const double turn : {1.07, 1.37, 1.77, 2.07, 4.21, 4.51, 4.91, 5.21})
      eye.limbus_points_px.push_back(eye.limbus.point_at(turn).cast<float>());
    eye.openness = 0.8;
    eye.confidence = 0.93;
    pair.eyes[at] = eye;
    EyeSight& seen = sight->eyes[at].emplace();
    seen.iris_dir_in_cam = limbus_mm_in_cam.normalized();
    seen.eye_center_in_head_mm = eye_center_in_head_mm(side);
    seen.limbus_radius_rad = limbus_mm / limbus_mm_in_cam.z();
    seen.openness = eye.openness;
    seen.confidence = eye.confidence;
  }
  pair.sight = std::move(sight);
  return pair;
}

FramePtr SyntheticFace::frame(std::uint64_t sequence) const {
  auto frame = std::make_shared<Frame>();
  frame->sequence = sequence;
  frame->captured_at = std::chrono::nanoseconds(
      static_cast<std::int64_t>(1e9 * static_cast<double>(sequence) / face_rate_hz));
  frame->gray.resize(width_px, height_px);
  SyntheticFace whole = *this;
  whole.has_right = whole.has_left = true;
  const IrisPair found = whole.pair();
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const Eigen::Vector2d p(x, y);
      double gray = 90.0;
      const Eigen::Vector2d d = (p - found.face.center_px) / (0.5 * found.face.size_px);
      if (std::hypot(d.x(), 0.8 * d.y()) < 1.0) gray = 170.0;
      for (const auto& eye : found.eyes) {
        const Eigen::Vector2d e = p - eye->limbus.center_px;
        const double half = 0.5 * (eye->inner_corner_px - eye->outer_corner_px).norm();
        if (std::pow(e.x() / half, 2) + std::pow(e.y() / (0.38 * half), 2) < 1.0)
          gray = e.norm() < eye->limbus.semi_major_px ? 60.0 : 220.0;
      }
      frame->gray.row(y)[x] = static_cast<std::uint8_t>(gray);
    }
  }
  return frame;
}

std::shared_ptr<GazeSample> SyntheticFace::sample(std::uint64_t sequence) const {
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame(sequence);
  sample->face = pair();
  return sample;
}

std::shared_ptr<GazeSample> SyntheticFace::miss(std::uint64_t sequence, FaceMissReason reason) const {
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame(sequence);
  FaceMiss miss;
  miss.reason = reason;
  if (reason != FaceMissReason::no_face && reason != FaceMissReason::too_dark) miss.face = pair().face;
  sample->face = miss;
  return sample;
}

EyeSnapshot running_webcam(GazeSamplePtr latest) {
  EyeSnapshot snapshot;
  snapshot.source.state = PlaybackState::playing;
  snapshot.source.request.kind = SourceRequest::Kind::camera;
  snapshot.source.request.location = "/dev/video0";
  snapshot.source.request.mode = TrackingMode::automatic;
  snapshot.source.mode = TrackingMode::webcam;
  snapshot.source.mode_reason = "a face is seen, which takes up 23 % of the image's width";
  snapshot.source.name = "Integrated Camera";
  snapshot.source.is_live = true;
  snapshot.source.width_px = 640;
  snapshot.source.height_px = 360;
  snapshot.source.nominal_rate_hz = face_rate_hz;
  snapshot.source.focal_px = 600.0;
  snapshot.source.focal_length_is_assumed = true;
  snapshot.source.position = latest && latest->frame ? latest->frame->sequence : 0;
  snapshot.faces_seen = 1;
  snapshot.latest = std::move(latest);
  return snapshot;
}

}  // namespace yarbus::test
