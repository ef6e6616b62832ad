#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/session/replay_places.h"
#include "app/session/session.h"
#include "app/session/simulated_face_source.h"
#include "app/session/simulated_source.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/screen_geometry.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// How a simulated eye or face is run; other sources are live or not by themselves.
struct SimulationUse {
  bool is_live = false;
  std::optional<std::uint64_t> frames;    ///< when not live; unset: the scenario's own number
  SimulationMailbox* controls = nullptr;  ///< of an eye, when live
  FaceMailbox* face_target = nullptr;     ///< of a face, when live
};

/// An opened source with the camera behind it.
struct OpenedSource {
  std::unique_ptr<FrameSource> frames;
  CameraIntrinsics intrinsics;
  IntrinsicsOrigin intrinsics_origin = IntrinsicsOrigin::assumed;
  std::string intrinsics_note;                   ///< where they come from, in words
  std::optional<SimulationControls> simulation;  ///< of a simulated eye: what it is set to
  std::optional<ScreenGeometry> screen;          ///< of a simulated face: what it looks at
  // Of a recorded session.
  std::shared_ptr<const ReplayPlaces> places;  ///< null of other sources
  std::optional<TrackingMode> mode;            ///< as it was recorded
  std::string remark;                          ///< what the person should know of it, in words
};

/// Opens whatever the request names: the one way from a request to frames. A folder that holds a recorded
/// session is opened as one (session_source.h). A simulated eye's or face's camera
/// is known exactly and used unless the request names another. A face's image has the size and rate that are
/// asked for (1280x720 at 30 Hz; a width alone: 4:3 up to 800 px, else 16:9). `frames_held`: frames that
/// others keep besides the pipeline, at most. Errors: the source's; invalid_option for settings that a
/// simulated eye or face does not have (turning, camera settings).
Result<OpenedSource> open_source(const SourceRequest& request, EyeSide eye, const SimulationUse& simulation,
                                 std::size_t frames_held = 0);

/// True if the source gives the newest frame and drops what is not taken in time; false if it gives every
/// one. Of a simulated eye in the window: true.
bool may_drop_frames(const SourceRequest& request);

}  // namespace yarbus
