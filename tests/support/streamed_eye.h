#pragma once

#include <cmath>
#include <memory>
#include <numbers>

#include "app/stream/stream_item.h"

namespace yarbus::test {

/// What the made-up samples of the stream tests show.
struct StreamedEye {
  EyeSide side = EyeSide::right;
  CaptureTime captured_at = std::chrono::seconds(100);
  std::uint64_t sequence = 7;
  int width_px = 64;
  int height_px = 48;
  bool has_pupil = true;
  bool has_pose = true;
  double confidence = 0.875;
  Eigen::Vector3d eye_center_in_cam_mm{1.0, 2.0, 50.0};
  Eigen::Vector3d gaze_dir_in_cam = Eigen::Vector3d(0.2, -0.1, -1.0).normalized();
  FitStage stage = FitStage::refraction;
};

inline std::shared_ptr<GazeSample> make_streamed_sample(const StreamedEye& eye = {}) {
  auto frame = std::make_shared<Frame>();
  frame->sequence = eye.sequence;
  frame->eye = eye.side;
  frame->captured_at = eye.captured_at;
  frame->gray.resize(eye.width_px, eye.height_px);
  for (int y = 0; y < eye.height_px; ++y)
    for (int x = 0; x < eye.width_px; ++x)
      frame->gray.row(y)[x] = static_cast<std::uint8_t>((3 * x + 2 * y) % 256);
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame;
  sample->pupil = PupilMiss{};
  if (eye.has_pupil) {
    PupilObservation pupil;
    pupil.ellipse = {{32.0, 12.0}, 10.0, 6.0, std::numbers::pi / 6.0};
    pupil.confidence = eye.confidence;
    pupil.lid_closure = 0.25;
    sample->pupil = pupil;
  }
  if (eye.has_pose) {
    auto model = std::make_shared<EyeModel>();
    model->version = 1;
    model->stage = eye.stage;
    model->intrinsics = CameraIntrinsics::from_focal_length(80.0, eye.width_px, eye.height_px);
    model->report.was_run = true;
    model->report.converged = true;
    model->report.stage = eye.stage;
    model->report.gaze_sigma_deg = 0.5;
    EyePose pose;
    pose.eye_center_in_cam_mm = eye.eye_center_in_cam_mm;
    pose.eyeball_radius_mm = 10.0;
    pose.pupil_in_cam = {eye.eye_center_in_cam_mm + 10.0 * eye.gaze_dir_in_cam, eye.gaze_dir_in_cam, 1.75};
    sample->pose = pose;
    sample->model = model;
  }
  return sample;
}

inline StreamGaze make_streamed_gaze(CaptureTime captured_at = std::chrono::seconds(100), bool right = true,
                                     bool left = false) {
  StreamGaze gaze;
  gaze.captured_at = captured_at;
  gaze.point_in_screen_mm = {150.0, 75.0};
  gaze.covariance_mm2 << 9.0, 1.0, 1.0, 16.0;
  gaze.sigma_mm = 3.5;
  gaze.eyes = {right, left};
  gaze.screen = {600.0, 300.0, 1920, 960, 500.0};
  return gaze;
}

/// Both eyes, the left one's sample 4 ms before the right one's.
inline StreamEyes make_streamed_pair(CaptureTime captured_at = std::chrono::seconds(100)) {
  StreamedEye left;
  left.side = EyeSide::left;
  left.captured_at = captured_at - std::chrono::milliseconds(4);
  left.confidence = 0.625;
  left.eye_center_in_cam_mm = {-1.0, 2.0, 55.0};
  left.gaze_dir_in_cam = Eigen::Vector3d(-0.2, -0.1, -1.0).normalized();
  StreamedEye right;
  right.captured_at = captured_at;
  StreamEyes eyes = StreamEyes::of(make_streamed_sample(right), make_streamed_gaze(captured_at, true, true));
  eyes.pair.left = make_streamed_sample(left);
  eyes.pair.vergence = VergencePoint{{5.0, -30.0, -400.0}, 1.0, 450.0, 0.1, std::nullopt};
  return eyes;
}

/// A face before a webcam: both eyes half open, the head turned and shifted.
inline std::shared_ptr<GazeSample> make_streamed_face(const Eigen::Matrix3d& cam_from_head_rotation,
                                                      const Eigen::Vector3d& head_in_cam_mm) {
  StreamedEye eye;
  eye.has_pupil = false;
  eye.has_pose = false;
  auto sample = make_streamed_sample(eye);
  IrisPair irises;
  for (auto& side : irises.eyes) {
    side.emplace();
    side->limbus = {{16.0, 24.0}, 4.0, 3.0, 0.0};
    side->openness = 0.5;
    side->confidence = 0.75;
  }
  auto sight = std::make_shared<FaceSight>();
  sight->head.cam_from_head = {cam_from_head_rotation, head_in_cam_mm};
  irises.sight = sight;
  sample->face = irises;
  return sample;
}

}  // namespace yarbus::test
