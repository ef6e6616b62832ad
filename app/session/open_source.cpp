#include "app/session/open_source.h"

#include <array>
#include <filesystem>
#include <string>
#include <utility>

#include "app/recording/video_packets.h"
#include "app/session/session_source.h"
#include "app/session/source_request.h"
#include "eyemodel/simulation/face/face_setup.h"

namespace yarbus {
namespace {

/// "simulated eye" or "simulated face".
std::string kind_of(const SourceRequest& request) {
  return simulation::names_face(request.location) ? "simulated face" : "simulated eye";
}

/// A simulation has its own camera: settings that would do nothing are refused rather than ignored.
Result<void> refuse_foreign_settings(const SourceRequest& request) {
  const bool is_eye = !simulation::names_face(request.location);
  const std::array<std::pair<const char*, bool>, 7> settings{{
      {"rotate", request.rotate_deg != 0},
      {"mirror", request.mirror},
      {"height", is_eye && request.height_px.has_value()},
      {"rate", is_eye && request.rate_hz.has_value()},
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
  return Error{ErrorCode::invalid_option,
               "a " + kind_of(request) + " cannot be changed by these options: " + refused,
               kind_of(request) + ' ' + request.location, "Leave them out"};
}

/// A camera's own pictures in a session's video are as captured; the rest of the session speaks of them as
/// they were turned. What the request asks for comes after that.
void turn_as_recorded(SourceOptions& options) {
  const bool may_be_recorded =
      options.kind == SourceKind::automatic || options.kind == SourceKind::video_file;
  if (!may_be_recorded || std::filesystem::path(options.location).extension() != ".mkv") return;
  const auto camera = read_video_camera(options.location);
  if (!camera || camera->codec != VideoCodec::camera_mjpeg) return;  // opening it tells what is wrong
  // Turning clockwise after a mirror is turning the other way before it.
  const int asked_deg = camera->mirror ? -options.rotate_deg : options.rotate_deg;
  options.rotate_deg = (camera->rotate_deg + asked_deg + 360) % 360;
  options.mirror = options.mirror != camera->mirror;
}

void use_camera(SourceCamera camera, OpenedSource& opened) {
  opened.intrinsics = std::move(camera.intrinsics);
  opened.intrinsics_origin = camera.origin;
  opened.intrinsics_note = std::move(camera.note);
}

/// The simulated camera, unless the request names another.
Result<OpenedSource> with_camera(const SourceRequest& request, const CameraIntrinsics& own,
                                 std::unique_ptr<FrameSource> frames) {
  OpenedSource opened;
  opened.intrinsics = own;
  opened.intrinsics_origin = IntrinsicsOrigin::simulation;
  opened.intrinsics_note = "the simulated camera, known exactly";
  if (request.focal_px || !request.intrinsics_file.empty()) {
    auto camera = camera_for(request, frames->info());
    if (!camera) return camera.error();
    use_camera(std::move(*camera), opened);
  }
  opened.frames = std::move(frames);
  return opened;
}

Result<OpenedSource> open_simulated_face(const SourceRequest& request, EyeSide eye, const SimulationUse& use,
                                         std::size_t frames_held) {
  if (const auto allowed = refuse_foreign_settings(request); !allowed) return allowed.error();
  SimulatedFaceSourceOptions options;
  options.face.scenario = request.location;
  options.face.seed = request.seed;
  if (request.width_px) {
    constexpr int widest_old_px = 800;
    options.face.width_px = *request.width_px;
    options.face.height_px =
        *request.width_px <= widest_old_px ? *request.width_px * 3 / 4 : *request.width_px * 9 / 16;
  }
  options.face.height_px = request.height_px.value_or(options.face.height_px);
  options.face.rate_hz = request.rate_hz.value_or(options.face.rate_hz);
  options.camera_id = static_cast<int>(eye);
  options.pool_frames += frames_held;
  options.is_live = use.is_live;
  options.frames = use.frames;
  options.mailbox = use.face_target;
  auto source = open_simulated_face_source(options);
  if (!source) return source.error();
  const CameraIntrinsics camera = (*source)->face().camera();
  const ScreenGeometry screen = (*source)->face().screen();
  auto opened = with_camera(request, camera, std::move(*source));
  if (opened) opened->screen = screen;
  return opened;
}

Result<OpenedSource> open_simulated(const SourceRequest& request, EyeSide eye, const SimulationUse& use,
                                    std::size_t frames_held) {
  if (const auto allowed = refuse_foreign_settings(request); !allowed) return allowed.error();
  SimulatedSourceOptions options;
  options.scenario = request.location;
  options.seed = request.seed;
  options.eye = eye;
  options.width_px = request.width_px;
  options.camera_id = static_cast<int>(eye);
  options.pool_frames += frames_held;
  options.is_live = use.is_live;
  options.frames = use.frames;
  options.controls = use.controls;
  auto source = open_simulated_source(options);
  if (!source) return source.error();
  const CameraIntrinsics camera = (*source)->camera();
  const SimulationControls controls = (*source)->controls();
  auto opened = with_camera(request, camera, std::move(*source));
  if (opened) opened->simulation = controls;
  return opened;
}

}  // namespace

Result<OpenedSource> open_source(const SourceRequest& request, EyeSide eye, const SimulationUse& use,
                                 std::size_t frames_held) {
  if (request.kind == SourceRequest::Kind::simulated_eye) {
    return simulation::names_face(request.location) ? open_simulated_face(request, eye, use, frames_held)
                                                    : open_simulated(request, eye, use, frames_held);
  }
  if (names_session(request)) return open_session_source(request, eye, frames_held);
  auto options = to_source_options(request, eye);
  if (!options) return options.error();
  options->pool_frames += frames_held;
  turn_as_recorded(*options);
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
    case Kind::recorded_session:
      return false;
    case Kind::automatic:
      break;
  }
  const SourceKind kind = detect_source_kind(request.location);
  return kind == SourceKind::camera || kind == SourceKind::mjpeg_stream;
}

}  // namespace yarbus
