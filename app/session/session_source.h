#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "app/session/open_source.h"
#include "app/session/replay_control.h"
#include "app/session/session.h"

namespace yarbus {

/// True if the request is for a recorded session: it says so, or it names a folder with a session's database
/// and says no kind, or images.
bool names_session(const SourceRequest& request);

/// The pictures of a session's camera as a source: of that eye, or of the only camera that there is. Frame
/// numbers, capture times and the direction are as recorded, intrinsics too unless the request names others.
/// Errors: input_missing (no such session, no pictures), device_busy (it is being recorded), invalid_option
/// (no camera of that eye; settings that a session does not have), input_unreadable.
Result<OpenedSource> open_session_source(const SourceRequest& request, EyeSide eye, std::size_t frames_held);

/// What must be known of a session before its cameras are opened.
struct ReplayFacts {
  std::vector<EyeSide> eyes;  ///< those of its cameras that have pictures, each once
  TrimMarks trim;             ///< as kept with it
};
/// Errors: RecordedSession::open()'s.
Result<ReplayFacts> read_replay_facts(const std::string& folder);

/// Keeps the marks with the session. Errors: SessionEditor's.
Result<void> keep_trim(const std::string& folder, const TrimMarks& marks);

}  // namespace yarbus
