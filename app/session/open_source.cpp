#include "app/session/open_source.h"

#include <array>
#include <string>
#include <utility>

#include "app/session/source_request.h"

namespace yarbus {
namespace {

/// A simulated eye has its own camera: settings that would do nothing are refused rather than ignored.
Result<void> refuse_foreign_settings(const SourceRequest& request) {
  const std::array<std::pair<const char*, bool>, 7> settings{{
      {"rotate", request.rotate_deg != 0},
      {"mirror", request.mirror},
      {"height", request.height_px.has_value()},
      {"rate", request.rate_hz.has_value()},
      {"format", !request.pixel_format.empty()},
      {"exposure", request.exposure.has_value()},
      {"gain", request.gain.has_value()},
  }};
  std::string refused;
  for (const auto& [name, is_set] : settings) {
    if (!is_set) continue;
    if (!refused.empty()) refused += ", ";
    refused += name;
  }
  if (refused.empty()) return {};
  return Error{ErrorCode::invalid_option, "a simulated eye cannot be changed by these options: " + refused,
               "simulated eye " + request.location, "Leave them out"};
}

void use_camera(SourceCamera camera, OpenedSource& opened) {
  opened.intrinsics = std::move(camera.intrinsics);
  opened.intrinsics_origin = camera.origin;
  opened.intrinsics_note = std::move(camera.note);
}

Result<OpenedSource> open_simulated(const SourceRequest& request, EyeSide eye, const SimulationUse& use) {
  if (const auto allowed = refuse_foreign_settings(request); !allowed) return allowed.error();
  SimulatedSourceOptions options;
  options.scenario = request.location;
  options.seed = request.seed;
  options.eye = eye;
  options.width_px = request.width_px;
  options.camera_id = static_cast<int>(eye);
  options.is_live = use.is_live;
  options.frames = use.frames;
  options.controls = use.controls;
  auto source = open_simulated_source(options);
  if (!source) return source.error();
  OpenedSource opened;
  opened.intrinsics = (*source)->camera();
  opened.intrinsics_origin = IntrinsicsOrigin::simulation;
  opened.intrinsics_note = "the simulated camera, known exactly";
  opened.simulation = (*source)->controls();
  if (request.focal_px || !request.intrinsics_file.empty()) {
    auto camera = camera_for(request, (*source)->info());
    if (!camera) return camera.error();
    use_camera(std::move(*camera), opened);
  }
  opened.frames = std::move(*source);
  return opened;
}

}  // namespace

Result<OpenedSource> open_source(const SourceRequest& request, EyeSide eye, const SimulationUse& simulation) {
  if (request.kind == SourceRequest::Kind::simulated_eye) return open_simulated(request, eye, simulation);
  const auto options = to_source_options(request, eye);
  if (!options) return options.error();
  auto source = open_frame_source(*options);
  if (!source) return source.error();
  auto camera = camera_for(request, (*source)->info());
  if (!camera) return camera.error();
  OpenedSource opened;
  opened.frames = std::move(*source);
  use_camera(std::move(*camera), opened);
  return opened;
}

bool may_drop_frames(const SourceRequest& request) {
  using Kind = SourceRequest::Kind;
  switch (request.kind) {
    case Kind::camera:
    case Kind::mjpeg_stream:
    case Kind::simulated_eye:
      return true;
    case Kind::video_file:
    case Kind::image_folder:
      return false;
    case Kind::automatic:
      break;
  }
  const SourceKind kind = detect_source_kind(request.location);
  return kind == SourceKind::camera || kind == SourceKind::mjpeg_stream;
}

}  // namespace yarbus
