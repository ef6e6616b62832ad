#include <cmath>
#include <filesystem>
#include <string>
#include <utility>

#include "app/session/source_request.h"
#include "calibration/camera/camera_file.h"
#include "calibration/camera/camera_library.h"
#include "calibration/camera/camera_presets.h"

namespace yarbus {
namespace {

struct FrameSize {
  int width_px;
  int height_px;
  [[nodiscard]] std::string to_text() const {
    return std::to_string(width_px) + 'x' + std::to_string(height_px);
  }
};

std::string describe(const CameraRecord& record) {
  std::string text = record.camera;
  text += record.origin.empty() ? "" : ", " + record.origin;
  text += record.date.empty() ? "" : ", " + record.date;
  return text;
}

std::string focal_text(const CameraIntrinsics& camera) {
  return std::to_string(static_cast<int>(std::lround(camera.fx_px))) + " px";
}

SourceCamera from_record(const CameraRecord& record) {
  return {record.intrinsics, IntrinsicsOrigin::library, describe(record)};
}

SourceCamera from_other_size(const CameraRecord& record, const FrameSize& size) {
  const FrameSize saved{record.intrinsics.width_px, record.intrinsics.height_px};
  SourceCamera camera{scaled_to(record.intrinsics, size.width_px, size.height_px).value(),
                      IntrinsicsOrigin::library, ""};
  camera.note = describe(record) + ", scaled from " + saved.to_text() + " to " +
                focal_text(camera.intrinsics) + ", as if the camera did not crop";
  return camera;
}

SourceCamera from_preset(const CameraPreset& preset) {
  SourceCamera camera{preset.intrinsics(), IntrinsicsOrigin::preset, ""};
  camera.note = std::string(preset.name) + ", " + focal_text(camera.intrinsics) + ": " +
                std::string(preset.derivation) + "; lenses of one type differ by some per cent";
  return camera;
}

Error wrong_size(const std::string& what, const CameraIntrinsics& camera, const FrameSize& size) {
  return {ErrorCode::invalid_option,
          "the intrinsics are for " + FrameSize{camera.width_px, camera.height_px}.to_text() +
              " images, the source gives " + size.to_text(),
          what, "Calibrate the camera at the size you record with"};
}

/// A file, else a name in the library, else a preset's name.
Result<SourceCamera> named_camera(const SourceRequest& request, const FrameSize& size) {
  const std::string& name = request.intrinsics_file;
  const CameraLibrary library(request.camera_library);
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) {
    if (const auto record = library.load(name, size.width_px, size.height_px)) return from_record(*record);
    if (const auto record = library.other_size(name, size.width_px, size.height_px))
      return from_other_size(*record, size);
    if (const CameraPreset* preset = preset_by_name(name, size.width_px, size.height_px))
      return from_preset(*preset);
    for (const CameraRecord& record : library.list()) {
      if (record.camera == name) return wrong_size(name, record.intrinsics, size);
    }
  }
  const auto read = read_camera_file(name);
  if (!read) return read.error();
  if (read->intrinsics.width_px != size.width_px || read->intrinsics.height_px != size.height_px)
    return wrong_size(name, read->intrinsics, size);
  const std::filesystem::path path(name);
  if (!library.folder().empty() &&
      std::filesystem::equivalent(path.parent_path(), library.folder(), ignored)) {
    if (const auto record = library.load(read->name, size.width_px, size.height_px))
      return from_record(*record);
  }
  return SourceCamera{read->intrinsics, IntrinsicsOrigin::file, name};
}

/// Of a live source that nothing was said about.
SourceCamera recognised_camera(const SourceRequest& request, const SourceInfo& info, const FrameSize& size) {
  const CameraLibrary library(request.camera_library);
  if (info.is_live && !request.camera_library.empty()) {
    if (const auto record = library.load(info.name, size.width_px, size.height_px))
      return from_record(*record);
  }
  if (info.is_live) {
    if (const CameraPreset* preset = preset_for_driver(info.name, size.width_px, size.height_px))
      return from_preset(*preset);
  }
  if (info.is_live && !request.camera_library.empty()) {
    if (const auto record = library.other_size(info.name, size.width_px, size.height_px))
      return from_other_size(*record, size);
  }
  return {CameraIntrinsics::assumed_for(size.width_px, size.height_px), IntrinsicsOrigin::assumed,
          "assumed: 1.0 x the longer side"};
}

}  // namespace

Result<SourceCamera> camera_for(const SourceRequest& request, const SourceInfo& info) {
  const bool turned = request.rotate_deg == 90 || request.rotate_deg == 270;
  const FrameSize sensor =
      turned ? FrameSize{info.height_px, info.width_px} : FrameSize{info.width_px, info.height_px};
  if (request.intrinsics_file.empty() && request.focal_px.has_value()) {
    if (!std::isfinite(*request.focal_px) || *request.focal_px <= 0.0) {
      return Error{
          ErrorCode::invalid_option,
          "the focal length is " + std::to_string(*request.focal_px) + " px, it must be finite and positive",
          "focal length", "Give the focal length in pixels, about as large as the image is wide"};
    }
    return SourceCamera{CameraIntrinsics::from_focal_length(*request.focal_px, info.width_px, info.height_px),
                        IntrinsicsOrigin::stated_focal_length, "focal length as stated"};
  }
  auto camera = request.intrinsics_file.empty()
                    ? Result<SourceCamera>(recognised_camera(request, info, sensor))
                    : named_camera(request, sensor);
  if (!camera) return camera.error();
  camera->intrinsics = rotated_and_mirrored(camera->intrinsics, request.rotate_deg, request.mirror);
  return camera;
}

}  // namespace yarbus
