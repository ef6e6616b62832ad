#include "app/session/sample_rows.h"

namespace yarbus {
namespace {

template <class Row>
Row row_of(const GazeSample& sample, int camera) {
  Row row;
  row.camera = camera;
  row.frame = static_cast<std::int64_t>(sample.frame->sequence);
  row.captured_at = sample.frame->captured_at;
  return row;
}

}  // namespace

PupilRow pupil_row_of(const GazeSample& sample, int camera) {
  auto row = row_of<PupilRow>(sample, camera);
  if (const PupilObservation* pupil = sample.observation()) {
    row.ellipse = pupil->ellipse;
    row.covariance_px2 = pupil->covariance_px2;
  } else {
    row.miss = sample.miss()->reason;
  }
  row.confidence = sample.miss() != nullptr ? sample.miss()->best_confidence : confidence_of(sample.pupil);
  row.lid_closure = lid_closure_of(sample.pupil);
  row.in_blink = sample.in_blink;
  return row;
}

PoseRow pose_row_of(const GazeSample& sample, int camera) {
  YARBUS_CHECK(sample.pose.has_value());
  auto row = row_of<PoseRow>(sample, camera);
  row.model_version = sample.model_version();
  row.pose = *sample.pose;
  return row;
}

ModelRow model_row_of(const GazeSample& sample, int camera) {
  YARBUS_CHECK(sample.model != nullptr);
  ModelRow row;
  row.camera = camera;
  row.made_at = sample.frame->captured_at;
  row.model = *sample.model;
  return row;
}

FaceRow face_row_of(const GazeSample& sample, int camera) {
  YARBUS_CHECK(sample.face.has_value());
  auto row = row_of<FaceRow>(sample, camera);
  if (const auto* pair = std::get_if<IrisPair>(&*sample.face)) {
    row.box = pair->face;
    row.head = pair->sight->head;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!pair->eyes[eye] || !pair->sight->eyes[eye]) continue;
      const EyeSight& sight = *pair->sight->eyes[eye];
      row.eyes[eye] = FaceEyeRow{pair->eyes[eye]->limbus, sight.iris_dir_in_cam, sight.eye_center_in_head_mm,
                                 sight.limbus_radius_rad, sight.openness,        sight.confidence};
    }
  } else {
    const auto& miss = std::get<FaceMiss>(*sample.face);
    row.miss = miss.reason;
    row.box = miss.face;
  }
  return row;
}

GazeRow gaze_row(int camera, std::uint64_t sequence, CaptureTime captured_at, const GazePoint& gaze,
                 double confidence) {
  GazeRow row;
  row.camera = camera;
  row.frame = static_cast<std::int64_t>(sequence);
  row.captured_at = captured_at;
  row.gaze = gaze;
  row.confidence = confidence;
  return row;
}

SessionCamera session_camera(int camera, const SourceSnapshot& source, const CameraIntrinsics& intrinsics,
                             EyeSide eye) {
  SessionCamera made;
  made.camera = camera;
  made.eye = eye;
  made.view = source.mode == TrackingMode::webcam ? CameraView::webcam : CameraView::near_eye;
  made.name = source.name;
  made.width_px = intrinsics.width_px;
  made.height_px = intrinsics.height_px;
  made.nominal_rate_hz = source.nominal_rate_hz;
  made.intrinsics = intrinsics;
  made.rotate_deg = source.request.rotate_deg;
  made.mirror = source.request.mirror;
  if (source.gives_jpeg) made.codec = VideoCodec::camera_mjpeg;
  return made;
}

}  // namespace yarbus
