#include "app/recording/sql_database.h"

#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>

#include <sqlite3.h>

namespace yarbus {
namespace {

Error error_of(int code, const std::string& what, const std::string& context) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorCode::device_busy, "the session's database is in use: " + what, context,
              "Close the program that uses it, then try again"};
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {ErrorCode::output_unwritable, "the session's database cannot be written or read: " + what,
              context, "Make room on the disk, and see that the folder may be written to"};
    case SQLITE_CANTOPEN:
      return {ErrorCode::input_unreadable, "the session's database cannot be opened: " + what, context,
              "See that the file exists and that you may read it and its folder"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::input_unreadable, "the session's database is damaged: " + what, context,
              "Repair the session: what can still be read is kept"};
    case SQLITE_ERROR:
      return {ErrorCode::unsupported_format, "the session's database is not as it should be: " + what,
              context, "Repair the session, or open it with the version that recorded it"};
    default:
      return {ErrorCode::internal, "the session's database failed: " + what, context,
              "This is a fault in Yarbus: please report it with the log"};
  }
}

/// A path as an SQLite URI, which needs a few characters escaped.
std::string uri_of(const std::filesystem::path& path, const char* query) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '.' || c == '-' || c == '_') {
      uri += c;
    } else {
      std::array<char, 4> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "%%%02X", static_cast<unsigned char>(c));
      uri += escaped.data();
    }
  }
  return uri + query;
}

}  // namespace

void SqlStatement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void SqlDatabase::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

void SqlStatement::bind(int at, std::int64_t value) { sqlite3_bind_int64(statement_.get(), at + 1, value); }
void SqlStatement::bind(int at, double value) { sqlite3_bind_double(statement_.get(), at + 1, value); }
void SqlStatement::bind(int at, std::string_view text) {
  sqlite3_bind_text(statement_.get(), at + 1, text.data() != nullptr ? text.data() : "",
                    static_cast<int>(text.size()), SQLITE_TRANSIENT);
}
void SqlStatement::bind_blob(int at, std::span<const std::byte> bytes) {
  sqlite3_bind_blob(statement_.get(), at + 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}
void SqlStatement::bind_null(int at) { sqlite3_bind_null(statement_.get(), at + 1); }
void SqlStatement::bind_column(int at, const SqlStatement& from, int column) {
  sqlite3_bind_value(statement_.get(), at + 1, sqlite3_column_value(from.statement_.get(), column));
}

Result<bool> SqlStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_.get());
    return false;
  }
  const Error error = error_of(code, sqlite3_errmsg(sqlite3_db_handle(statement_.get())), context_);
  sqlite3_reset(statement_.get());
  return error;
}

Result<void> SqlStatement::run() {
  const auto stepped = step();
  if (!stepped) return stepped.error();
  reset();
  return {};
}

void SqlStatement::reset() { sqlite3_reset(statement_.get()); }

bool SqlStatement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t SqlStatement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}
double SqlStatement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
std::string SqlStatement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text != nullptr ? std::string(text, size) : std::string();
}
std::span<const std::byte> SqlStatement::blob(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Result<SqlDatabase> SqlDatabase::open(const std::filesystem::path& path, Access access) {
  constexpr int patience_ms = 5000;
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  std::string name = uri_of(path, "");
  switch (access) {
    case Access::read:
      flags |= SQLITE_OPEN_READONLY;
      break;
    case Access::read_frozen:
      flags |= SQLITE_OPEN_READONLY;
      name = uri_of(path, "?immutable=1");
      break;
    case Access::write:
      flags |= SQLITE_OPEN_READWRITE;
      break;
    case Access::create:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      break;
    case Access::temporary:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
      name.clear();
      break;
  }
  SqlDatabase database;
  database.path_ = path;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &opened, flags, nullptr);
  database.database_.reset(opened);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errstr(code), path.string());
  sqlite3_busy_timeout(opened, patience_ms);
  return database;
}

Result<void> SqlDatabase::execute(const std::string& statements) {
  const int code = sqlite3_exec(database_.get(), statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errmsg(database_.get()), path_.string());
  return {};
}

Result<SqlStatement> SqlDatabase::prepare(const std::string& statement) const {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(database_.get(), statement.c_str(), -1, &prepared, nullptr);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errmsg(database_.get()), path_.string());
  SqlStatement result;
  result.statement_.reset(prepared);
  result.context_ = path_.string();
  return result;
}

Result<std::optional<std::int64_t>> SqlDatabase::integer(const std::string& query) const {
  auto statement = prepare(query);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  if (!*row || statement->is_null(0)) return std::optional<std::int64_t>();
  return std::optional(statement->integer(0));
}

Result<std::optional<std::string>> SqlDatabase::text(const std::string& query) const {
  auto statement = prepare(query);
  if (!statement) return statement.error();
  const auto row = statement->step();
  if (!row) return row.error();
  if (!*row || statement->is_null(0)) return std::optional<std::string>();
  return std::optional(statement->text(0));
}

std::int64_t SqlDatabase::last_row() const { return sqlite3_last_insert_rowid(database_.get()); }

bool SqlDatabase::is_in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

Result<void> SqlDatabase::copy_to(SqlDatabase& target) const {
  sqlite3_backup* backup = sqlite3_backup_init(target.database_.get(), "main", database_.get(), "main");
  if (backup == nullptr) {
    return error_of(sqlite3_errcode(target.database_.get()), sqlite3_errmsg(target.database_.get()),
                    path_.string());
  }
  sqlite3_backup_step(backup, -1);
  const int code = sqlite3_backup_finish(backup);
  if (code != SQLITE_OK) return error_of(code, sqlite3_errmsg(target.database_.get()), path_.string());
  return {};
}

}  // namespace yarbus
