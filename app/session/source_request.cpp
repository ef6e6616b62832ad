#include "app/session/source_request.h"

#include <cmath>
#include <string>

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

Result<CameraIntrinsics> intrinsics_for(const SourceRequest& request, const SourceInfo& info) {
  const bool turned = request.rotate_deg == 90 || request.rotate_deg == 270;
  const int sensor_width_px = turned ? info.height_px : info.width_px;
  const int sensor_height_px = turned ? info.width_px : info.height_px;
  if (!request.intrinsics_file.empty()) {
    auto intrinsics = read_camera_intrinsics(request.intrinsics_file);
    if (!intrinsics) return intrinsics.error();
    if (intrinsics->width_px != sensor_width_px || intrinsics->height_px != sensor_height_px) {
      return Error{ErrorCode::invalid_option,
                   "the intrinsics are for " + std::to_string(intrinsics->width_px) + 'x' +
                       std::to_string(intrinsics->height_px) + " images, the source gives " +
                       std::to_string(sensor_width_px) + 'x' + std::to_string(sensor_height_px),
                   request.intrinsics_file, "Calibrate the camera at the size you record with"};
    }
    return rotated_and_mirrored(*intrinsics, request.rotate_deg, request.mirror);
  }
  if (request.focal_px.has_value()) {
    if (!std::isfinite(*request.focal_px) || *request.focal_px <= 0.0) {
      return Error{
          ErrorCode::invalid_option,
          "the focal length is " + std::to_string(*request.focal_px) + " px, it must be finite and positive",
          "focal length", "Give the focal length in pixels, about as large as the image is wide"};
    }
    return CameraIntrinsics::from_focal_length(*request.focal_px, info.width_px, info.height_px);
  }
  return CameraIntrinsics::assumed_for(info.width_px, info.height_px);
}

SourceSnapshot describe_source(const SourceRequest& request, const SourceInfo& info,
                               const CameraIntrinsics& intrinsics) {
  SourceSnapshot source;
  source.request = request;
  source.name = info.name;
  source.width_px = info.width_px;
  source.height_px = info.height_px;
  source.is_live = info.is_live;
  source.is_seekable = info.is_seekable;
  source.nominal_rate_hz = info.nominal_rate_hz;
  source.frame_count = info.frame_count;
  source.focal_length_is_assumed = intrinsics.is_assumed;
  source.focal_px = intrinsics.fx_px;
  return source;
}

}  // namespace yarbus
