#pragma once

#include <QString>
#include <array>
#include <optional>
#include <vector>

#include "app/session/session.h"

namespace yarbus::ui {

/// The three ways in of the start page, in their order there.
enum class Door : int { webcam, eye_camera, simulated_eye };
constexpr std::size_t door_count = 3;

/// What a door says, and what it opens.
struct DoorState {
  QString title;
  QString line;                          ///< what it is for, one line
  QString opens;                         ///< "Opens Integrated Camera", or why it opens nothing
  std::optional<SourceRequest> request;  ///< unset: nothing to open now
};

/// The cameras that the doors opened last, by name; empty: none yet.
struct DoorMemory {
  QString webcam;
  QString eye_camera;
};

/// The doors as they are with these cameras. Each camera door opens the camera that it opened last, else the
/// one that was said to be of that kind, else the one whose name speaks for it, else any; a webcam rather the
/// first, an eye camera rather the last. Pure.
std::array<DoorState, door_count> start_doors(const std::vector<CameraChoice>& cameras,
                                              const DoorMemory& memory);

/// The door to come back to: the last one if it can be opened, else the first that can.
Door door_to_begin_with(const std::array<DoorState, door_count>& doors, std::optional<Door> last);

}  // namespace yarbus::ui
