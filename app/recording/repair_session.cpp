#include "app/recording/repair_session.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "app/recording/recover_database.h"
#include "app/recording/safe_time.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_thumbnail.h"
#include "app/recording/session_writer.h"
#include "app/recording/video_packets.h"

namespace yarbus {
namespace {

constexpr int most_cameras = 64;

std::string count_of(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// "<name>", or "<name>-2", ...: a name that is free.
std::filesystem::path free_name(const std::filesystem::path& wanted) {
  std::error_code failed;
  auto name = wanted;
  for (int number = 2; std::filesystem::exists(name, failed); ++number)
    name = wanted.string() + "-" + std::to_string(number);
  return name;
}

Result<void> rename_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::error_code failed;
  std::filesystem::rename(from, to, failed);
  if (!failed) return {};
  return Error{ErrorCode::output_unwritable, "cannot be renamed: " + failed.message(), from.string(),
               "See that you may write to the session's folder"};
}

class Repair {
 public:
  explicit Repair(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<RepairReport> run() {
    std::error_code failed;
    if (!std::filesystem::is_directory(folder_, failed)) {
      return Error{ErrorCode::input_missing, "there is no such session", folder_.string(),
                   "Choose the folder that a session was recorded into"};
    }
    if (!holds_session(folder_)) {
      return Error{ErrorCode::input_missing, "the folder holds no session: neither a database nor a video",
                   folder_.string(), "Choose the folder that a session was recorded into"};
    }
    auto lock = SessionLock::take(folder_);
    if (!lock) return lock.error();
    if (const auto opened = open_database(); !opened) return opened.error();
    auto info = read_session_info(writer_->database());
    if (!info) return info.error();
    const bool was_cut_off = info->end == SessionEnd::unfinished;
    if (was_cut_off) {
      say("the recording was cut off before it was ended");
      if (const auto told = tell_missing_events(); !told) return told.error();
    }
    auto cameras = read_cameras(writer_->database());
    if (!cameras) return cameras.error();
    for (const SessionCamera& camera : *cameras) {
      if (const auto done = repair_camera(camera, *info, was_cut_off); !done) return done.error();
    }
    if (report_.was_needed) {
      if (const auto ended = end_session(*info, was_cut_off); !ended) return ended.error();
    }
    std::filesystem::remove(folder_ / session_file::reserve, failed);  // room set aside, nothing recorded
    if (const auto emptied = writer_->checkpoint(); !emptied) return emptied.error();
    return report_;
  }

 private:
  void say(std::string sentence) {
    report_.was_needed = true;
    report_.sentences.push_back(std::move(sentence));
  }

  /// A recorder looks for fixations and saccades when it ends; a repair knows no gaze and cannot.
  Result<void> tell_missing_events() {
    auto& database = writer_->database();
    const auto looked = database.integer(
        "SELECT (SELECT count(*) FROM poses WHERE analysis = 0) +"
        " (SELECT count(*) FROM faces WHERE analysis = 0)");
    const auto found = database.integer(
        "SELECT count(*) FROM events WHERE analysis = 0 AND kind IN ('fixation', 'saccade')");
    if (!looked) return looked.error();
    if (!found) return found.error();
    if (looked->value_or(0) > 0 && found->value_or(0) == 0)
      say("fixations and saccades are missing, because they are found when a recording ends; 'yarbus "
          "analyse' "
          "finds them in the pictures");
    return {};
  }

  // --- The database ---

  Result<void> open_database() {
    const auto file = folder_ / session_file::database;
    std::error_code failed;
    if (!std::filesystem::exists(file, failed)) {
      say("the database was missing");
      return make_from_videos(file);
    }
    auto writer = SessionWriter::open(file);
    std::string damage;
    if (writer) {
      const auto checked = writer->database().text("PRAGMA integrity_check(1)");
      if (checked && *checked == "ok") {
        writer_.emplace(std::move(*writer));
        return {};
      }
      damage = checked ? checked->value_or("nothing") : checked.error().message;
    } else {
      const bool is_damage =
          writer.error().code == ErrorCode::input_unreadable || writer.error().code == ErrorCode::internal;
      if (!is_damage) return writer.error();
      damage = writer.error().message;
    }
    writer = Error{};  // closes it
    say("the database is damaged (" + damage + ")");
    return recover(file);
  }

  Result<void> recover(const std::filesystem::path& file) {
    const auto new_file = free_name(file.string() + ".new");
    const auto tables = recover_database(file, new_file);
    if (!tables && tables.error().code == ErrorCode::unsupported_format &&
        tables.error().message.find("newer") != std::string::npos) {
      return tables.error();
    }
    if (!tables && tables.error().code == ErrorCode::output_unwritable) return tables.error();
    const auto kept = free_name(file.string() + ".damaged");
    if (const auto renamed = rename_file(file, kept); !renamed) return renamed.error();
    for (const char* log : {"-wal", "-shm"}) {
      std::error_code failed;
      if (std::filesystem::exists(file.string() + log, failed)) {
        if (const auto renamed = rename_file(file.string() + log, kept.string() + log); !renamed)
          return renamed.error();
      }
    }
    say("it was kept as '" + kept.filename().string() + "'");
    std::error_code failed;
    if (!tables) {
      std::filesystem::remove(new_file, failed);  // it is ours, and empty
      say("nothing of it could be read");
      return make_from_videos(file);
    }
    if (const auto renamed = rename_file(new_file, file); !renamed) return renamed.error();
    for (const RecoveredTable& table : *tables) {
      if (table.is_whole) continue;
      say("of '" + table.name + "' " + count_of(table.rows, "row") + " could be read, at least " +
          std::to_string(table.missing) + " could not");
    }
    auto writer = SessionWriter::open(file);
    if (!writer) return writer.error();
    writer_.emplace(std::move(*writer));
    const auto info = read_session_info(writer_->database());
    return info ? Result<void>() : fill_heads();
  }

  Result<void> make_from_videos(const std::filesystem::path& file) {
    auto writer = SessionWriter::create(file);
    if (!writer) return writer.error();
    writer_.emplace(std::move(*writer));
    if (const auto filled = fill_heads(); !filled) {
      writer_.reset();
      std::error_code failed;
      std::filesystem::remove(file, failed);  // ours, and empty
      return filled.error();
    }
    say("a new database was made from what the videos say; results, names and notes are not in it");
    return {};
  }

  /// The session's row and its cameras, as the videos tell them.
  Result<void> fill_heads() {
    SessionInfo info;
    info.session_id = folder_.filename().string();
    info.name = folder_.filename().string();
    bool has_video = false;
    for (int camera = 0; camera < most_cameras; ++camera) {
      const auto contents = read_video_contents(folder_ / session_file::video(camera));
      if (!contents) continue;
      has_video = true;
      info.started_at = contents->started_at;
      SessionCamera facts = contents->camera;
      facts.camera = camera;
      if (const auto written = write_camera(writer_->database(), facts, contents->time_base); !written)
        return written.error();
    }
    if (!has_video) {
      return Error{ErrorCode::input_missing, "there is neither a database nor a video", folder_.string(),
                   "Choose the folder that a session was recorded into"};
    }
    return write_session_info(writer_->database(), info);
  }

  // --- One camera ---

  Result<void> repair_camera(const SessionCamera& camera, SessionInfo& info, bool was_cut_off) {
    RepairedCamera& result = report_.cameras.emplace_back();
    result.camera = camera.camera;
    if (!camera.video_file.empty()) {
      const auto file = folder_ / camera.video_file;
      const auto contents = read_video_contents(file);
      if (contents) {
        result.pictures = static_cast<std::int64_t>(contents->pts.size());
        if (const auto done = reconcile(camera, info, *contents, result); !done) return done.error();
        if (was_cut_off || result.pictures_missing > 0) {
          if (const auto done = rewrite(file, result.pictures); !done) return done.error();
        }
      } else if (was_cut_off || contents.error().code != ErrorCode::input_missing) {
        const auto rows = count_pictures(camera.camera);
        if (!rows) return rows.error();
        if (*rows > 0) {
          report_.sentences.push_back("camera " + std::to_string(camera.camera) + ": " +
                                      contents.error().to_text());
        }
      }
    }
    const auto frames = writer_->database().integer("SELECT count(*) FROM frames WHERE camera = " +
                                                    std::to_string(camera.camera));
    if (!frames) return frames.error();
    result.frames = frames->value_or(0);
    return {};
  }

  Result<std::int64_t> count_pictures(int camera) {
    const auto count = writer_->database().integer("SELECT count(video_pts) FROM frames WHERE camera = " +
                                                   std::to_string(camera));
    if (!count) return count.error();
    return count->value_or(0);
  }

  Result<void> reconcile(const SessionCamera& camera, SessionInfo& info, const VideoContents& contents,
                         RepairedCamera& result) {
    // Cut off before its first transaction, the database does not know when the session began.
    if (info.started_at == CaptureTime{}) info.started_at = contents.started_at;
    struct Known {
      std::int64_t frame = 0;
      CaptureTime captured_at{};
    };
    std::map<std::int64_t, Known> rows;  // by pts
    auto select = writer_->database().prepare(
        "SELECT video_pts, frame, captured_at_ns FROM frames WHERE video_pts IS NOT NULL AND camera = " +
        std::to_string(camera.camera));
    if (!select) return select.error();
    while (true) {
      const auto there = select->step();
      if (!there) return there.error();
      if (!*there) break;
      rows[select->integer(0)] = {select->integer(1), CaptureTime(select->integer(2))};
    }
    const auto last_row = writer_->database().integer("SELECT max(frame) FROM frames WHERE camera = " +
                                                      std::to_string(camera.camera));
    if (!last_row) return last_row.error();
    std::int64_t last_frame = last_row->value_or(-1);

    if (const auto begun = writer_->database().execute("BEGIN IMMEDIATE"); !begun) return begun.error();
    // Rows whose picture is not in the video.
    std::optional<GapRow> gap;
    for (const auto& [pts, known] : rows) {
      if (std::binary_search(contents.pts.begin(), contents.pts.end(), pts)) continue;
      if (const auto done = writer_->database().execute(
              "UPDATE frames SET video_pts = NULL WHERE camera = " + std::to_string(camera.camera) +
              " AND frame = " + std::to_string(known.frame));
          !done)
        return done.error();
      ++result.pictures_missing;
      if (!gap) {
        gap.emplace();
        gap->cause = GapCause::cut_off;
        gap->camera = camera.camera;
        gap->first_frame = known.frame;
        gap->start = known.captured_at;
        gap->note = "found by a repair: these pictures are not in the video";
      }
      gap->last_frame = known.frame;
      gap->end = known.captured_at;
      ++gap->pictures_lost;
    }
    if (gap) {
      if (const auto done = writer_->insert_one(*gap); !done) return done.error();
    }
    // Pictures without a row.
    for (const std::int64_t pts : contents.pts) {
      if (rows.contains(pts)) continue;
      FrameRow row;
      row.camera = camera.camera;
      row.video_pts = pts;
      row.captured_at = safe_sum(info.started_at, contents.time_base.time(pts));
      const auto after = rows.upper_bound(pts);
      const bool is_last = after == rows.end();
      const std::int64_t before = is_last                 ? last_frame
                                  : after == rows.begin() ? -1
                                                          : std::prev(after)->second.frame;
      const std::int64_t limit = is_last ? std::numeric_limits<std::int64_t>::max() : after->second.frame;
      if (before >= limit || before + 1 == limit) {
        ++result.pictures_unplaced;
        continue;
      }
      row.frame = before + 1;
      // Its frame may have a row that names no picture, or one that is nowhere.
      const auto is_there =
          writer_->database().integer("SELECT 1 FROM frames WHERE camera = " + std::to_string(camera.camera) +
                                      " AND frame = " + std::to_string(row.frame));
      if (!is_there) return is_there.error();
      if (*is_there) {
        ++result.pictures_unplaced;
        continue;
      }
      if (is_last) last_frame = row.frame;
      if (const auto done = writer_->insert_one(row); !done) return done.error();
      rows[pts] = {row.frame, row.captured_at};
      ++result.rows_added;
    }
    if (const auto done = writer_->database().execute("COMMIT"); !done) return done.error();
    tell(camera, result);
    return {};
  }

  void tell(const SessionCamera& camera, const RepairedCamera& result) {
    const std::string of = "camera " + std::to_string(camera.camera) + ": ";
    if (result.pictures_missing > 0) {
      say(of + count_of(result.pictures_missing, "picture") +
          " that the database tells of are not in the video; their frames now say so");
    }
    if (result.rows_added > 0) {
      say(of + count_of(result.rows_added, "picture") +
          " had no row in the database; they got one, timed by the video to a millisecond");
    }
    if (result.pictures_unplaced > 0) {
      report_.sentences.push_back(of + count_of(result.pictures_unplaced, "picture") +
                                  " belong to no frame and stay in the video only");
    }
  }

  /// Gives a video an index and a duration.
  Result<void> rewrite(const std::filesystem::path& file, std::int64_t pictures) {
    std::error_code failed;
    const auto bytes = std::filesystem::file_size(file, failed);
    const auto space = std::filesystem::space(folder_, failed);
    if (!failed && space.available < bytes + bytes / 20) {
      say("'" + file.filename().string() +
          "' was left without an index: a copy of it does not fit on the disk");
      return {};
    }
    const auto part = file.string() + ".part";
    std::filesystem::remove(part, failed);  // of a repair that was itself cut off
    const auto written = rewrite_video(file, part);
    if (!written || *written != pictures) {
      std::filesystem::remove(part, failed);
      if (!written) return written.error();
      say("'" + file.filename().string() + "' was left without an index: its copy was not the same");
      return {};
    }
    auto kept = file;
    kept.replace_extension(".cut-off.mkv");
    kept = free_name(kept);
    if (const auto renamed = rename_file(file, kept); !renamed) return renamed.error();
    if (const auto renamed = rename_file(part, file); !renamed) return renamed.error();
    say("'" + file.filename().string() + "' got an index (" + count_of(pictures, "picture") +
        "); as it was found it is kept as '" + kept.filename().string() + "'");
    return {};
  }

  // --- The end ---

  Result<void> end_session(SessionInfo& info, bool was_cut_off) {
    SqlDatabase& database = writer_->database();
    const auto last = database.integer("SELECT max(captured_at_ns) FROM frames");
    if (!last) return last.error();
    const CaptureTime end(last->value_or(info.started_at.count()));
    if (was_cut_off) {
      info.end = SessionEnd::repaired;
      info.duration = safe_difference(end, info.started_at);
      GapRow gap;
      gap.cause = GapCause::cut_off;
      gap.start = gap.end = end;
      gap.note = "the recording was cut off here; what came in its last moments is lost";
      if (const auto done = writer_->insert_one(gap); !done) return done.error();
    }
    std::string note;
    for (const std::string& sentence : report_.sentences) note += (note.empty() ? "" : "; ") + sentence;
    info.end_note = info.end_note.empty() ? note : info.end_note + "; " + note;
    const auto quality = count_quality(database);
    if (!quality) return quality.error();
    info.quality = *quality;
    if (const auto written = write_session_info(database, info); !written) return written.error();
    make_session_thumbnail(folder_, database);
    return {};
  }

  std::filesystem::path folder_;
  std::optional<SessionWriter> writer_;
  RepairReport report_;
};

}  // namespace

Result<RepairReport> repair_session(const std::filesystem::path& folder) { return Repair(folder).run(); }

}  // namespace yarbus
