#include "app/recording/recover_database.h"

#include <algorithm>
#include <array>
#include <limits>

#include "app/recording/session_schema.h"
#include "app/recording/sql_database.h"

namespace yarbus {
namespace {

constexpr std::array<const char*, 14> table_names{"session",  "cameras",     "frames",       "gaps",     "analyses",
                                                  "pupils",   "poses",       "faces",        "gaze",     "eye_models",
                                                  "events",   "annotations", "calibrations", "settings"};

Result<std::vector<std::string>> column_list(const SqlDatabase& database, const std::string& table) {
  auto select = database.prepare("SELECT name FROM pragma_table_info('" + table + "')");
  if (!select) return select.error();
  std::vector<std::string> names;
  while (true) {
    const auto there = select->step();
    if (!there) return there.error();
    if (!*there) return names;
    names.push_back(select->text(0));
  }
}

/// Copies one table, past the places that cannot be read.
class TableCopy {
 public:
  TableCopy(const SqlDatabase& from, SqlDatabase& to, std::string table)
      : from_(from), to_(to), table_(std::move(table)) {
    result_.name = table_;
  }

  Result<RecoveredTable> run() {
    const auto old_columns = column_list(from_, table_);
    if (!old_columns) return damaged_whole();
    const auto new_columns = column_list(to_, table_);
    if (!new_columns) return new_columns.error();
    for (const std::string& name : *new_columns) {
      if (std::find(old_columns->begin(), old_columns->end(), name) == old_columns->end()) continue;
      names_ += (columns_ == 0 ? "" : ", ") + name;
      places_ += columns_ == 0 ? "?" : ", ?";
      ++columns_;
    }
    if (columns_ == 0) return result_;  // an older version had no such table
    auto insert = to_.prepare("INSERT OR IGNORE INTO " + table_ + "(" + names_ + ") VALUES (" + places_ + ")");
    if (!insert) return insert.error();
    insert_.emplace(std::move(*insert));
    if (const auto copied = copy_all(); !copied) return copied.error();
    const auto rows = to_.integer("SELECT count(*) FROM " + table_);
    if (!rows) return rows.error();
    const auto span = to_.integer("SELECT max(rowid) - min(rowid) + 1 FROM " + table_);
    if (!span) return span.error();
    result_.rows = rows->value_or(0);
    result_.missing = result_.is_whole ? 0 : span->value_or(0) - result_.rows;
    return result_;
  }

 private:
  enum class Ending : std::uint8_t { all_read, damage };

  RecoveredTable damaged_whole() {
    result_.is_whole = false;
    return result_;
  }

  /// Copies rows `where`, in that order, until their end or the first damage.
  Result<Ending> copy(const std::string& where, const std::string& order) {
    auto select = from_.prepare("SELECT rowid, " + names_ + " FROM " + table_ + " NOT INDEXED WHERE " + where +
                                " ORDER BY rowid " + order);
    if (!select) return Ending::damage;
    while (true) {
      const auto there = select->step();
      if (!there) return Ending::damage;
      if (!*there) return Ending::all_read;
      last_ = select->integer(0);
      for (int column = 0; column < columns_; ++column) insert_->bind_column(column, *select, column + 1);
      if (const auto inserted = insert_->run(); !inserted) return inserted.error();
    }
  }

  Result<void> copy_all() {
    constexpr std::int64_t widest_step = std::int64_t{1} << 40U;
    std::int64_t after = std::numeric_limits<std::int64_t>::min();
    while (true) {
      last_ = after;
      const auto forward = copy("rowid > " + std::to_string(after), "ASC");
      if (!forward) return forward.error();
      if (*forward == Ending::all_read) return {};
      result_.is_whole = false;
      const std::int64_t before_damage = std::max<std::int64_t>(last_, 0);
      // Where does it become readable again?
      std::int64_t step = 1;
      while (step < widest_step && !is_readable_from(before_damage + step)) step *= 2;
      if (step >= widest_step) return {};
      const std::string from = std::to_string(before_damage + step);
      const auto backward =
          copy("rowid > " + std::to_string(before_damage) + " AND rowid < " + from, "DESC");
      if (!backward) return backward.error();
      after = before_damage + step - 1;
      if (after <= before_damage) after = before_damage + 1;
    }
  }

  [[nodiscard]] bool is_readable_from(std::int64_t row) const {
    auto select = from_.prepare("SELECT " + names_ + " FROM " + table_ + " NOT INDEXED WHERE rowid >= " +
                                std::to_string(row) + " ORDER BY rowid LIMIT 1");
    return select && select->step().has_value();
  }

  const SqlDatabase& from_;
  SqlDatabase& to_;
  std::string table_;
  RecoveredTable result_;
  std::string names_;
  std::string places_;
  int columns_ = 0;
  std::int64_t last_ = 0;
  std::optional<SqlStatement> insert_;
};

}  // namespace

Result<std::vector<RecoveredTable>> recover_database(const std::filesystem::path& damaged,
                                                     const std::filesystem::path& new_file) {
  auto from = SqlDatabase::open(damaged, SqlDatabase::Access::read);
  if (!from) return from.error();
  if (const auto version = read_schema_version(*from); !version) return version.error();
  auto to = SqlDatabase::open(new_file, SqlDatabase::Access::create);
  if (!to) return to.error();
  if (const auto made = create_session_schema(*to); !made) return made.error();
  if (const auto begun = to->execute("BEGIN"); !begun) return begun.error();
  std::vector<RecoveredTable> tables;
  for (const char* name : table_names) {
    auto table = TableCopy(*from, *to, name).run();
    if (!table) return table.error();
    tables.push_back(std::move(*table));
  }
  if (const auto done = to->execute("COMMIT"); !done) return done.error();
  return tables;
}

}  // namespace yarbus
