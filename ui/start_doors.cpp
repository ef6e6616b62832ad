#include "ui/start_doors.h"

#include <QRegularExpression>

#include "ui/simulation_page.h"

namespace yarbus::ui {

namespace {

/// Its name says that it is worn at the eye, or sees infrared.
bool sounds_like_eye_camera(const CameraChoice& camera) {
  static const QRegularExpression words(R"(\b(eye\w*|pupil\w*|IR|infrared|HMD)\b)",
                                        QRegularExpression::CaseInsensitiveOption);
  return words.match(QString::fromStdString(camera.name)).hasMatch();
}

/// How much speaks for a camera behind a door; the highest is taken.
int rank_of(const CameraChoice& camera, TrackingMode door, const QString& opened_last) {
  if (!opened_last.isEmpty() && QString::fromStdString(camera.name) == opened_last) return 3;
  if (camera.remembered_mode == door) return 2;
  if (camera.remembered_mode != TrackingMode::automatic) return -1;  // said to be the other kind
  const bool is_eye_like = sounds_like_eye_camera(camera);
  return is_eye_like == (door == TrackingMode::near_eye) ? 1 : 0;
}

const CameraChoice* camera_behind(const std::vector<CameraChoice>& cameras, TrackingMode door,
                                  const QString& opened_last) {
  const CameraChoice* best = nullptr;
  int best_rank = 0;
  for (const CameraChoice& camera : cameras) {
    if (!camera.is_readable) continue;
    const int rank = rank_of(camera, door, opened_last);
    const bool wins_tie = door == TrackingMode::near_eye;
    if (best != nullptr && (wins_tie ? rank < best_rank : rank <= best_rank)) continue;
    best = &camera;
    best_rank = rank;
  }
  return best;
}

DoorState camera_door(const std::vector<CameraChoice>& cameras, TrackingMode mode,
                      const QString& opened_last) {
  DoorState door;
  if (const CameraChoice* camera = camera_behind(cameras, mode, opened_last)) {
    door.request.emplace();
    door.request->kind = SourceRequest::Kind::camera;
    door.request->location = camera->path;
    door.request->mode = mode;
    door.opens = "Opens " + QString::fromStdString(camera->name);
    if (cameras.size() > 1) door.opens += QString(", one of %1 cameras").arg(cameras.size());
  } else if (cameras.empty()) {
    door.opens = "No camera found: plug one in";
  } else {
    door.opens = "No permission to use " + QString::fromStdString(cameras.front().name);
  }
  return door;
}

}  // namespace

std::array<DoorState, door_count> start_doors(const std::vector<CameraChoice>& cameras,
                                              const DoorMemory& memory) {
  DoorState webcam = camera_door(cameras, TrackingMode::webcam, memory.webcam);
  webcam.title = "Webcam";
  webcam.line = "Sees your face at arm's length; gaze comes from both irises. Nothing to wear.";
  DoorState eye_camera = camera_door(cameras, TrackingMode::near_eye, memory.eye_camera);
  eye_camera.title = "Eye camera";
  eye_camera.line = "Sees one eye close up in infrared: more exact gaze, and the pupil's size.";
  DoorState simulated;
  simulated.title = "Simulated eye";
  simulated.line = "Try everything on a drawn eye whose true gaze is known.";
  simulated.opens = "Needs no camera";
  simulated.request.emplace();
  simulated.request->kind = SourceRequest::Kind::simulated_eye;
  simulated.request->location = first_scenario;
  return {webcam, eye_camera, simulated};
}

Door door_to_begin_with(const std::array<DoorState, door_count>& doors, std::optional<Door> last) {
  if (last && doors[static_cast<std::size_t>(*last)].request) return *last;
  for (std::size_t i = 0; i < doors.size(); ++i) {
    if (doors[i].request) return static_cast<Door>(i);
  }
  return Door::simulated_eye;
}

}  // namespace yarbus::ui
