#pragma once

#include <filesystem>

#include "app/recording/sql_database.h"

namespace yarbus {

/// Writes a session's small picture, unless it has one: the first frame in which the live analysis is sure of
/// a pupil or an eye. Without such a frame, or without its picture, none is written.
void make_session_thumbnail(const std::filesystem::path& folder, const SqlDatabase& database);

}  // namespace yarbus
