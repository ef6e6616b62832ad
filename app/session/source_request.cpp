#include "app/session/source_request.h"

#include <string>

#include "eyemodel/simulation/face/face_setup.h"

namespace yarbus {

Result<SourceOptions> to_source_options(const SourceRequest& request, EyeSide eye) {
  SourceOptions options;
  switch (request.kind) {
    case SourceRequest::Kind::automatic:
      options.kind = SourceKind::automatic;
      break;
    case SourceRequest::Kind::camera:
      options.kind = SourceKind::camera;
      break;
    case SourceRequest::Kind::video_file:
      options.kind = SourceKind::video_file;
      break;
    case SourceRequest::Kind::image_folder:
      options.kind = SourceKind::image_folder;
      break;
    case SourceRequest::Kind::mjpeg_stream:
      options.kind = SourceKind::mjpeg_stream;
      break;
    case SourceRequest::Kind::simulated_eye:
    case SourceRequest::Kind::recorded_session:
      YARBUS_CHECK(false);  // comes from no capture device
  }
  options.location = request.location;
  options.eye = eye;
  options.camera_id = static_cast<int>(eye);
  options.rotate_deg = request.rotate_deg;
  options.mirror = request.mirror;
  options.width_px = request.width_px;
  options.height_px = request.height_px;
  options.rate_hz = request.rate_hz;
  options.folder_rate_hz = request.rate_hz.value_or(options.folder_rate_hz);
  options.exposure = request.exposure;
  options.gain = request.gain;
  if (request.pixel_format == "MJPG") {
    options.pixel_format = CameraPixelFormat::mjpg;
  } else if (request.pixel_format == "YUYV") {
    options.pixel_format = CameraPixelFormat::yuyv;
  } else if (!request.pixel_format.empty()) {
    return Error{ErrorCode::invalid_option, "unknown pixel format \"" + request.pixel_format + '"',
                 request.location, "Choose MJPG or YUYV"};
  }
  if (const auto valid = validate(options); !valid) return valid.error();
  return options;
}

SourceSnapshot describe_source(const SourceRequest& request, const SourceInfo& info,
                               const SourceCamera& camera) {
  SourceSnapshot source;
  source.request = request;
  source.name = info.name;
  source.width_px = info.width_px;
  source.height_px = info.height_px;
  source.is_live = info.is_live;
  source.is_seekable = info.is_seekable;
  source.gives_jpeg = info.gives_jpeg;
  source.nominal_rate_hz = info.nominal_rate_hz;
  source.frame_count = info.frame_count;
  source.focal_length_is_assumed = camera.intrinsics.is_assumed;
  source.focal_px = camera.intrinsics.fx_px;
  source.intrinsics_origin = camera.origin;
  source.intrinsics_note = camera.note;
  return source;
}

bool is_simulated_face(const SourceRequest& request) {
  return request.kind == SourceRequest::Kind::simulated_eye &&
         simulation::find_face_scenario(request.location) != nullptr;
}

}  // namespace yarbus
