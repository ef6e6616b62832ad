#pragma once

#include "app/recording/recorded_session.h"
#include "app/session/open_source.h"

namespace yarbus {

/// The pictures that a session has of one camera, as a source: gray and turned as they were tracked, with
/// their numbers and capture times of the session, and with the camera's intrinsics as recorded (or assumed,
/// where none were). `frames_held`: frames that others keep besides the pipeline, at most. A picture that
/// cannot be decoded is left out and counted as dropped. Errors: as RecordedSession::open_video();
/// input_empty without a picture.
Result<OpenedSource> open_recorded_frames(const RecordedSession& session, const SessionCamera& camera,
                                          std::size_t frames_held = 0);

}  // namespace yarbus
