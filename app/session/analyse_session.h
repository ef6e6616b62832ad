#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/recording/session_info.h"
#include "app/session/eye_tracker.h"
#include "app/session/track_file.h"
#include "tracker/events/gaze_events.h"

namespace yarbus {

/// How a recorded session shall be looked at again.
struct AnalysisRequest {
  std::filesystem::path session;
  EyeTrackerOptions tracker;  ///< of eye cameras
  std::string mapper;         ///< of its calibrations, by name; empty: each calibration's own
  GazeEventOptions events;    ///< what is a fixation, and what a saccade
  std::string software_version;
  bool again = false;  ///< also where the session has an analysis made with the same version and options
};

/// What came of it.
struct AnalysisOutcome {
  AnalysisId analysis = live_analysis;
  bool was_there_already = false;  ///< nothing was done; no count below is set
  std::uint64_t frames = 0;
  std::uint64_t frames_found = 0;      ///< with a pupil, or with irises
  std::uint64_t frames_with_gaze = 0;  ///< of the eye, in the camera
  std::uint64_t gaze_on_screen = 0;    ///< rows
  std::uint64_t blinks = 0;
  std::uint64_t fixations = 0;
  std::uint64_t saccades = 0;
  std::chrono::nanoseconds recorded{};  ///< how long the session lasted
  std::vector<std::string> notes;       ///< what was left out and why, a sentence each
};

/// Finds everything anew in a session's pictures and stores it beside what is there: pupils with an eye model
/// fitted to the whole recording, then poses, gaze on the screen with the session's calibrations, and events;
/// of a webcam faces instead of pupils. Two eye cameras, one an eye, go together. The same session, version
/// and options give the same rows. Nothing is seen of an analysis before it is whole; a stop or an error
/// leaves the session as it was. `on_progress` is called on this thread.
/// Errors: interrupted; input_missing (no session, or no pictures), device_busy (it is being recorded or
/// analysed), invalid_option (no such mapper), the session's, output_unwritable.
/// Threads: several sessions may be analysed at once, each on its own thread.
Result<AnalysisOutcome> analyse_session(const AnalysisRequest& request,
                                        const std::function<void(const TrackProgress&)>& on_progress,
                                        const std::stop_token& stop);

}  // namespace yarbus
