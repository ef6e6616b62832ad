#pragma once

#include <filesystem>
#include <memory>
#include <tuple>
#include <variant>
#include <vector>

#include "app/recording/row_columns.h"
#include "app/recording/session_head.h"
#include "app/recording/sql_database.h"

namespace yarbus {

/// When a frame's results were ready, told after its row was written.
struct FrameDone {
  int camera = 0;
  std::int64_t frame = 0;
  CaptureTime processed_at{};
};

/// Whatever is written into a session's tables.
using SessionRow =
    std::variant<FrameRow, FrameDone, GapRow, PupilRow, PoseRow, FaceRow, GazeRow, std::shared_ptr<const ModelRow>,
                 std::shared_ptr<const EventRow>, std::shared_ptr<const AnnotationRow>,
                 std::shared_ptr<const CalibrationRow>, std::shared_ptr<const SettingRow>>;

/// A session's database, opened for writing. Threads: one owner.
class SessionWriter {
 public:
  /// Makes a new database, in write-ahead mode, synced to the disk with every transaction.
  /// Errors: output_unwritable.
  static Result<SessionWriter> create(const std::filesystem::path& file);
  /// Opens one, and brings its schema up to date; before that it is copied to "<file>.schema-<version>".
  static Result<SessionWriter> open(const std::filesystem::path& file);

  [[nodiscard]] SqlDatabase& database() { return database_; }

  /// Within a transaction or not. Rows whose id is 0 get one.
  Result<void> insert(const SessionRow& row);
  /// All rows in one transaction, or none.
  Result<void> insert_all(const std::vector<SessionRow>& rows);
  /// Empties the write-ahead log into the database.
  Result<void> checkpoint();

  template <class Row>
  Result<void> insert_one(const Row& row) {
    auto& statement = std::get<Insert<Row>>(inserts_).statement;
    if (!statement) {
      auto prepared = prepare_insert<Row>(database_);
      if (!prepared) return prepared.error();
      statement.emplace(std::move(*prepared));
    }
    return insert_row(*statement, row);
  }

 private:
  template <class Row>
  struct Insert {
    std::optional<SqlStatement> statement;
  };
  explicit SessionWriter(SqlDatabase database) : database_(std::move(database)) {}
  Result<void> set_up();

  SqlDatabase database_;
  std::optional<SqlStatement> done_;
  std::tuple<Insert<FrameRow>, Insert<GapRow>, Insert<PupilRow>, Insert<PoseRow>, Insert<FaceRow>, Insert<GazeRow>,
             Insert<ModelRow>, Insert<EventRow>, Insert<AnnotationRow>, Insert<CalibrationRow>,
             Insert<SettingRow>>
      inserts_;
};

}  // namespace yarbus
