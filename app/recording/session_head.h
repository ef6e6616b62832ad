#pragma once

#include <vector>

#include "app/recording/session_info.h"
#include "app/recording/sql_database.h"

namespace yarbus {

/// Where a camera's presentation times count from `started_at`: seconds a tick = numerator / denominator.
struct VideoTimeBase {
  int numerator = 1;
  int denominator = 1000;

  /// The tick in which that moment lies, the nearest one.
  [[nodiscard]] std::int64_t ticks(std::chrono::nanoseconds since_start) const;
  [[nodiscard]] std::chrono::nanoseconds time(std::int64_t ticks) const;
};

/// Writes or replaces the session's one row.
Result<void> write_session_info(SqlDatabase& database, const SessionInfo& info);
Result<SessionInfo> read_session_info(const SqlDatabase& database);

/// Writes or replaces one camera.
Result<void> write_camera(SqlDatabase& database, const SessionCamera& camera, const VideoTimeBase& time_base);
Result<std::vector<SessionCamera>> read_cameras(const SqlDatabase& database);
Result<VideoTimeBase> read_time_base(const SqlDatabase& database, int camera);

Result<void> write_analysis(SqlDatabase& database, const AnalysisInfo& analysis);
Result<std::vector<AnalysisInfo>> read_analyses(const SqlDatabase& database);

/// Counts what a list of sessions shows. Cost: a look at every row of frames and of the live results.
Result<SessionQuality> count_quality(const SqlDatabase& database);

}  // namespace yarbus
