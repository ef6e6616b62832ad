#pragma once

#include <stop_token>

#include "app/session/replay_control.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Columns of a timeline's lanes.
constexpr std::size_t timeline_columns = 2000;

/// Reads what a session holds into so many columns. Pupil diameter in mm by the eye model, else in px; gaze
/// as azimuth and elevation of the eye in cam (a face's: the mean of both), else on the screen in mm. Tables
/// that are damaged are told in `problem`, and what comes before the damage is there. A stop request ends it
/// early; what has been read until then is returned. Cost: reads the rows once, one in memory at a time.
/// Errors: RecordedSession::open()'s; input_empty without a frame. Threads: any.
Result<SessionTimeline> read_timeline(const TimelineWish& wish, const std::stop_token& stop,
                                      std::size_t columns = timeline_columns);

}  // namespace yarbus
