#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "app/session/session.h"
#include "app/session/simulated_source.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {

/// How a simulated eye is run; other sources are live or not by themselves.
struct SimulationUse {
  bool is_live = false;
  std::optional<std::uint64_t> frames;    ///< when not live; unset: the scenario's own number
  SimulationMailbox* controls = nullptr;  ///< when live
};

/// An opened source with the camera behind it.
struct OpenedSource {
  std::unique_ptr<FrameSource> frames;
  CameraIntrinsics intrinsics;
  IntrinsicsOrigin intrinsics_origin = IntrinsicsOrigin::assumed;
  std::string intrinsics_note;                   ///< where they come from, in words
  std::optional<SimulationControls> simulation;  ///< of a simulated eye: what it is set to
};

/// Opens whatever the request names: the one way from a request to frames. A simulated eye's camera is known
/// exactly and used unless the request names another. Errors: the source's; invalid_option for settings that
/// a simulated eye does not have (turning, camera settings).
Result<OpenedSource> open_source(const SourceRequest& request, EyeSide eye, const SimulationUse& simulation);

/// True if the source gives the newest frame and drops what is not taken in time; false if it gives every
/// one. Of a simulated eye in the window: true.
bool may_drop_frames(const SourceRequest& request);

}  // namespace yarbus
