#include "app/recording/session_editor.h"

#include <array>
#include <system_error>
#include <utility>

#include "app/recording/session_folder.h"
#include "app/recording/session_head.h"
#include "app/recording/session_writer.h"

namespace yarbus {

struct AnalysisWriter::Shared {
  Shared(std::filesystem::path of, SessionLock held, SessionWriter opened)
      : folder(std::move(of)), lock(std::move(held)), writer(std::move(opened)) {}
  std::filesystem::path folder;
  SessionLock lock;
  SessionWriter writer;

  Result<std::int64_t> insert_with_id(const auto& row) {
    if (const auto done = writer.insert_one(row); !done) return done.error();
    return writer.database().last_row();
  }
};

AnalysisWriter::AnalysisWriter(std::shared_ptr<Shared> shared, AnalysisId analysis)
    : shared_(std::move(shared)), analysis_(analysis) {}

AnalysisWriter::AnalysisWriter(AnalysisWriter&& other) noexcept
    : shared_(std::move(other.shared_)),
      analysis_(other.analysis_),
      is_open_(std::exchange(other.is_open_, false)) {}

AnalysisWriter::~AnalysisWriter() {
  if (is_open_ && shared_ != nullptr) static_cast<void>(shared_->writer.database().execute("ROLLBACK"));
}

Result<void> AnalysisWriter::add(PupilRow row) {
  row.analysis = analysis_;
  return shared_->writer.insert_one(row);
}
Result<void> AnalysisWriter::add(PoseRow row) {
  row.analysis = analysis_;
  return shared_->writer.insert_one(row);
}
Result<void> AnalysisWriter::add(FaceRow row) {
  row.analysis = analysis_;
  return shared_->writer.insert_one(row);
}
Result<void> AnalysisWriter::add(GazeRow row) {
  row.analysis = analysis_;
  return shared_->writer.insert_one(row);
}
Result<void> AnalysisWriter::add(ModelRow row) {
  row.analysis = analysis_;
  return shared_->writer.insert_one(row);
}
Result<void> AnalysisWriter::add(EventRow row) {
  row.analysis = analysis_;
  return shared_->writer.insert_one(row);
}
Result<std::int64_t> AnalysisWriter::add(CalibrationRow row) {
  row.id = 0;
  return shared_->insert_with_id(row);
}

Result<void> AnalysisWriter::commit() {
  YARBUS_CHECK(is_open_);
  const auto done = shared_->writer.database().execute("COMMIT");
  if (!done) return done.error();
  is_open_ = false;
  return {};
}

SessionEditor::SessionEditor(std::shared_ptr<AnalysisWriter::Shared> shared) : shared_(std::move(shared)) {}
SessionEditor::~SessionEditor() = default;
SessionEditor::SessionEditor(SessionEditor&&) noexcept = default;

Result<SessionEditor> SessionEditor::open(const std::filesystem::path& folder) {
  std::error_code failed;
  const auto file = folder / session_file::database;
  if (!std::filesystem::exists(file, failed)) {
    return Error{ErrorCode::input_missing, "there is no session with a database", folder.string(),
                 "Choose the folder that a session was recorded into, or repair it"};
  }
  auto lock = SessionLock::take(folder);
  if (!lock) return lock.error();
  auto writer = SessionWriter::open(file);
  if (!writer) return writer.error();
  return SessionEditor(
      std::make_shared<AnalysisWriter::Shared>(folder, std::move(*lock), std::move(*writer)));
}

Result<void> SessionEditor::set_text(const std::string& column, const std::string& text) {
  auto update = shared_->writer.database().prepare("UPDATE session SET " + column + " = ?");
  if (!update) return update.error();
  update->bind(0, std::string_view(text));
  return update->run();
}

Result<void> SessionEditor::set_name(const std::string& name) { return set_text("name", name); }
Result<void> SessionEditor::set_participant(const std::string& participant) {
  return set_text("participant", participant);
}
Result<void> SessionEditor::set_notes(const std::string& notes) { return set_text("notes", notes); }

Result<std::int64_t> SessionEditor::add_annotation(AnnotationRow annotation) {
  annotation.id = 0;
  return shared_->insert_with_id(annotation);
}

Result<void> SessionEditor::remove_annotation(std::int64_t id) {
  SqlDatabase& database = shared_->writer.database();
  const std::string where = " FROM annotations WHERE id = " + std::to_string(id);
  const auto found = database.integer("SELECT count(*)" + where);
  if (!found) return found.error();
  if (found->value_or(0) == 0) {
    return Error{ErrorCode::invalid_option, "there is no annotation " + std::to_string(id),
                 shared_->folder.string(), "Choose one that is there"};
  }
  return database.execute("DELETE" + where);
}

Result<void> SessionEditor::set_replay_setting(SettingRow setting) {
  YARBUS_CHECK(setting.name.starts_with("replay."));
  auto clear = shared_->writer.database().prepare("DELETE FROM settings WHERE name = ?");
  if (!clear) return clear.error();
  clear->bind(0, std::string_view(setting.name));
  if (const auto cleared = clear->run(); !cleared) return cleared.error();
  setting.id = 0;
  return shared_->writer.insert_one(setting);
}

Result<AnalysisWriter> SessionEditor::begin_analysis(AnalysisInfo info) {
  SqlDatabase& database = shared_->writer.database();
  if (database.is_in_transaction()) {
    return Error{ErrorCode::device_busy, "another analysis of the session is being written",
                 shared_->folder.string(), "Wait until it has ended"};
  }
  if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  AnalysisWriter writer(shared_, 0);
  const auto last = database.integer("SELECT max(analysis) FROM analyses");
  if (!last) return last.error();
  info.analysis = writer.analysis_ = last->value_or(0) + 1;
  if (info.settings_json.empty()) info.settings_json = "{}";
  if (const auto written = write_analysis(database, info); !written) return written.error();
  return writer;
}

Result<void> SessionEditor::remove_analysis(AnalysisId analysis) {
  SqlDatabase& database = shared_->writer.database();
  const std::string where = " WHERE analysis = " + std::to_string(analysis);
  const auto found = database.integer("SELECT count(*) FROM analyses" + where);
  if (!found) return found.error();
  if (analysis == live_analysis || found->value_or(0) == 0) {
    return Error{ErrorCode::invalid_option,
                 analysis == live_analysis ? "what was recorded live is not removed"
                                           : "there is no analysis " + std::to_string(analysis),
                 shared_->folder.string(), "Choose a later analysis that is there"};
  }
  std::string statements = "BEGIN IMMEDIATE;";
  for (const char* table : {"pupils", "poses", "faces", "gaze", "eye_models", "events", "analyses"})
    statements += "DELETE FROM " + std::string(table) + where + ";";
  const auto done = database.execute(statements + "COMMIT");
  if (!done && database.is_in_transaction()) static_cast<void>(database.execute("ROLLBACK"));
  return done;
}

}  // namespace yarbus
