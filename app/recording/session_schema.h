#pragma once

#include <filesystem>

#include "app/recording/sql_database.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Of the databases that this version writes (`PRAGMA user_version`); docs/sessions-schema.md describes it.
constexpr int session_schema_version = 2;

/// Makes an empty database one of the current schema.
Result<void> create_session_schema(SqlDatabase& database);

/// The version of a database. Errors: unsupported_format if a newer version made it, or if it is no session.
Result<int> read_schema_version(const SqlDatabase& database);

/// Brings a database up to the current schema in one transaction, step by step; nothing recorded is lost.
/// Returns whether anything had to be done. Errors: as read_schema_version(), output_unwritable.
Result<bool> migrate_session_schema(SqlDatabase& database);

}  // namespace yarbus
