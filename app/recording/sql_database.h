#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "eyemodel/types/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace yarbus {

/// One prepared statement. Parameters and columns are counted from 0. Threads: its database's owner.
class SqlStatement {
 public:
  void bind(int at, std::int64_t value);
  void bind(int at, double value);  ///< NaN becomes NULL
  void bind(int at, std::string_view text);
  void bind_blob(int at, std::span<const std::byte> bytes);
  void bind_null(int at);
  void bind_column(int at, const SqlStatement& from, int column);  ///< as it is

  /// Whether there is a row to read. After the last one, or an error, it can be stepped anew.
  Result<bool> step();
  /// For statements without rows.
  Result<void> run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::span<const std::byte> blob(int column) const;  ///< valid until the next step

 private:
  friend class SqlDatabase;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  std::string context_;
};

/// A thin owner of one SQLite connection. Errors of all calls: device_busy (locked by somebody else),
/// output_unwritable (disk full or refusing), input_unreadable (damaged, or no database),
/// unsupported_format (no such table or column). Threads: one owner.
class SqlDatabase {
 public:
  enum class Access : std::uint8_t {
    read,
    read_frozen,  ///< as if nobody could change the file: what is only in its write-ahead log is not seen
    write,
    create,
    temporary,  ///< in a file of its own that goes with the object; the path is for messages only
  };
  static Result<SqlDatabase> open(const std::filesystem::path& path, Access access);

  /// One or more statements without rows.
  Result<void> execute(const std::string& statements);
  [[nodiscard]] Result<SqlStatement> prepare(const std::string& statement) const;
  /// The first column of the first row; nullopt without a row or with NULL.
  [[nodiscard]] Result<std::optional<std::int64_t>> integer(const std::string& query) const;
  [[nodiscard]] Result<std::optional<std::string>> text(const std::string& query) const;
  [[nodiscard]] std::int64_t last_row() const;
  /// Copies everything into `target`, replacing what it holds.
  Result<void> copy_to(SqlDatabase& target) const;
  [[nodiscard]] bool is_in_transaction() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
  std::filesystem::path path_;
};

}  // namespace yarbus
