#include "app/recording/session_writer.h"

#include <string>
#include <utility>

#include "app/recording/session_schema.h"

namespace yarbus {

Result<void> SessionWriter::set_up() {
  // Pages stay within a few MB, and a transaction is on the disk when it has ended.
  return database_.execute(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; "
      "PRAGMA cache_size = -8192; PRAGMA foreign_keys = OFF");
}

Result<SessionWriter> SessionWriter::create(const std::filesystem::path& file) {
  auto database = SqlDatabase::open(file, SqlDatabase::Access::create);
  if (!database) return database.error();
  SessionWriter writer(std::move(*database));
  if (const auto ready = writer.set_up(); !ready) return ready.error();
  if (const auto made = create_session_schema(writer.database_); !made) return made.error();
  return writer;
}

Result<SessionWriter> SessionWriter::open(const std::filesystem::path& file) {
  auto database = SqlDatabase::open(file, SqlDatabase::Access::write);
  if (!database) return database.error();
  SessionWriter writer(std::move(*database));
  const auto version = read_schema_version(writer.database_);
  if (!version) return version.error();
  if (const auto ready = writer.set_up(); !ready) return ready.error();
  if (*version != session_schema_version) {
    auto copy = SqlDatabase::open(file.string() + ".schema-" + std::to_string(*version),
                                  SqlDatabase::Access::create);
    if (!copy) return copy.error();
    if (const auto copied = writer.database_.copy_to(*copy); !copied) return copied.error();
    if (const auto migrated = migrate_session_schema(writer.database_); !migrated) return migrated.error();
  }
  return writer;
}

Result<void> SessionWriter::insert(const SessionRow& row) {
  return std::visit(
      [&](const auto& value) -> Result<void> {
        using Value = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, FrameDone>) {
          if (!done_) {
            auto prepared = database_.prepare(
                "UPDATE frames SET processed_at_ns = ? WHERE camera = ? AND frame = ?");
            if (!prepared) return prepared.error();
            done_.emplace(std::move(*prepared));
          }
          done_->bind(0, std::int64_t{value.processed_at.count()});
          done_->bind(1, std::int64_t{value.camera});
          done_->bind(2, value.frame);
          return done_->run();
        } else if constexpr (requires { *value; }) {
          return insert_one(*value);
        } else {
          return insert_one(value);
        }
      },
      row);
}

Result<void> SessionWriter::insert_all(const std::vector<SessionRow>& rows) {
  if (rows.empty()) return {};
  if (const auto begun = database_.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  Result<void> done;
  for (auto row = rows.begin(); row != rows.end() && done; ++row) done = insert(*row);
  if (done) done = database_.execute("COMMIT");
  if (!done && database_.is_in_transaction()) static_cast<void>(database_.execute("ROLLBACK"));
  return done;
}

Result<void> SessionWriter::checkpoint() { return database_.execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

}  // namespace yarbus
