#include "app/recording/recorded_session.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "app/recording/row_columns.h"
#include "app/recording/safe_time.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_head.h"
#include "app/recording/session_schema.h"
#include "app/recording/video_packets.h"

namespace yarbus {
namespace {

/// Opens a session's database for reading, in the current schema.
Result<SqlDatabase> open_for_reading(const std::filesystem::path& file) {
  auto opened = SqlDatabase::open(file, SqlDatabase::Access::read);
  auto version = opened ? read_schema_version(*opened) : Result<int>(opened.error());
  if (!version && version.error().code != ErrorCode::unsupported_format) {
    // A folder that may not be written to: SQLite then wants to be told that nobody else does.
    auto frozen = SqlDatabase::open(file, SqlDatabase::Access::read_frozen);
    auto frozen_version = frozen ? read_schema_version(*frozen) : Result<int>(frozen.error());
    if (frozen_version) {
      opened = std::move(frozen);
      version = frozen_version;
    }
  }
  if (!version) return version.error();
  if (*version == session_schema_version) return opened;
  auto copy = SqlDatabase::open(file, SqlDatabase::Access::temporary);
  if (!copy) return copy.error();
  if (const auto copied = opened->copy_to(*copy); !copied) return copied.error();
  if (const auto migrated = migrate_session_schema(*copy); !migrated) return migrated.error();
  return copy;
}

/// The cameras that a folder's videos speak of, for want of a database.
std::vector<SessionCamera> cameras_of_videos(const std::filesystem::path& folder, SessionInfo& info) {
  std::vector<SessionCamera> cameras;
  constexpr int most_cameras = 64;
  for (int camera = 0; camera < most_cameras; ++camera) {
    std::error_code failed;
    const auto file = folder / session_file::video(camera);
    if (!std::filesystem::exists(file, failed)) continue;
    const auto contents = read_video_contents(file);
    if (!contents) continue;
    cameras.push_back(contents->camera);
    cameras.back().camera = camera;
    info.started_at = contents->started_at;
    if (!contents->pts.empty())
      info.duration = std::max(info.duration, contents->time_base.time(contents->pts.back()));
  }
  return cameras;
}

Error damaged_table(std::string_view table, const Error& error) {
  return {error.code, "the table '" + std::string(table) + "' cannot be read to its end: " + error.message,
          error.context, error.remedy};
}

}  // namespace

class RecordedSession::Impl {
 public:
  explicit Impl(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Result<void> open() {
    std::error_code failed;
    if (!std::filesystem::is_directory(folder_, failed)) {
      return Error{ErrorCode::input_missing, "there is no such session", folder_.string(),
                   "Choose the folder that a session was recorded into"};
    }
    condition_.is_being_recorded = SessionLock::is_taken(folder_);
    const auto file = folder_ / session_file::database;
    const bool has_file = std::filesystem::exists(file, failed);
    const auto read = has_file
                          ? open_database(file)
                          : Result<void>(Error{ErrorCode::input_missing, "the session's database is missing",
                                               file.string(), "Repair the session"});
    if (!read) {
      if (read.error().code == ErrorCode::unsupported_format) return read.error();
      if (const auto without = open_without_database(read.error()); !without) return without.error();
    }
    for (const SessionCamera& camera : cameras_) {
      if (camera.video_file.empty() || std::filesystem::exists(folder_ / camera.video_file, failed)) continue;
      if (condition_.is_being_recorded) continue;  // it is made with its first picture
      if (const auto frames = frame_count(camera.camera); condition_.is_finished && frames && *frames == 0)
        continue;  // none came
      condition_.findings.push_back("the video '" + camera.video_file +
                                    "' is missing: its pictures cannot be shown");
    }
    return {};
  }

  Result<std::vector<AnalysisInfo>> analyses() const {
    if (!database_) return no_database();
    return read_analyses(*database_);
  }

  template <class Row>
  Result<std::vector<Row>> all() const {
    std::vector<Row> rows;
    const auto read = visit<Row>("", {}, [&](const Row& row) {
      rows.push_back(row);
      return true;
    });
    if (!read) return read.error();
    return rows;
  }

  template <class Row>
  Result<void> read(const RowSelection& selection, const RowVisitor<Row>& visitor) const {
    const std::string order(RowTable<Row>::order);
    std::string where;
    std::vector<std::int64_t> numbers;
    const auto add = [&](const std::string& condition, std::int64_t number) {
      where += (where.empty() ? " WHERE " : " AND ") + condition;
      numbers.push_back(number);
    };
    if constexpr (!std::is_same_v<Row, FrameRow>) add("analysis = ?", selection.analysis);
    if (selection.camera) add("camera = ?", *selection.camera);
    if (selection.start) add(order + " >= ?", selection.start->count());
    if (selection.end) add(order + " < ?", selection.end->count());
    return visit<Row>(where, numbers, visitor);
  }

  Result<SessionQuality> quality() const {
    if (!database_) return no_database();
    return yarbus::count_quality(*database_);
  }

  Result<std::int64_t> frame_count(int camera) const {
    if (!database_) return no_database();
    const auto count =
        database_->integer("SELECT count(*) FROM frames WHERE camera = " + std::to_string(camera));
    if (!count) return damaged_table("frames", count.error());
    return count->value_or(0);
  }

  Result<RecordedVideo> open_video(int camera) const {
    const auto found = std::find_if(cameras_.begin(), cameras_.end(),
                                    [&](const SessionCamera& of) { return of.camera == camera; });
    if (found == cameras_.end() || found->video_file.empty()) {
      return Error{ErrorCode::input_missing,
                   "camera " + std::to_string(camera) + " has no video: it was recorded without pictures",
                   folder_.string(), "Choose another camera or session"};
    }
    // Without a word of the database the video numbers and times its pictures itself.
    auto pictures = database_ ? read_pictures(camera) : std::vector<VideoPicture>{};
    return RecordedVideo::open(folder_ / found->video_file, *found, std::move(pictures));
  }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const SessionInfo& info() const { return info_; }
  [[nodiscard]] const std::vector<SessionCamera>& cameras() const { return cameras_; }
  [[nodiscard]] const SessionCondition& condition() const { return condition_; }

 private:
  Result<void> open_database(const std::filesystem::path& file) {
    auto database = open_for_reading(file);
    if (!database) return database.error();
    auto info = read_session_info(*database);
    if (!info) return info.error();
    auto cameras = read_cameras(*database);
    if (!cameras) return cameras.error();
    info_ = std::move(*info);
    cameras_ = std::move(*cameras);
    database_.emplace(std::move(*database));
    condition_.is_finished = info_.end != SessionEnd::unfinished;
    if (!condition_.is_finished) {
      if (const auto last = database_->integer("SELECT max(captured_at_ns) FROM frames"); last && *last)
        info_.duration = safe_difference(CaptureTime(**last), info_.started_at);
      if (!condition_.is_being_recorded)
        condition_.findings.push_back("the recording was cut off; a repair finishes it");
    }
    return {};
  }

  Result<void> open_without_database(const Error& why) {
    cameras_ = cameras_of_videos(folder_, info_);
    if (cameras_.empty()) {
      return Error{why.code, why.message + ", and no video is there", folder_.string(),
                   "Choose the folder that a session was recorded into, or repair the session"};
    }
    condition_.has_database = false;
    condition_.is_finished = false;
    condition_.findings.push_back(why.to_text() + " Only the pictures can be read");
    return {};
  }

  std::vector<VideoPicture> read_pictures(int camera) const {
    std::vector<VideoPicture> pictures;
    auto select = database_->prepare("SELECT frame, captured_at_ns, video_pts FROM frames WHERE camera = " +
                                     std::to_string(camera) + " AND video_pts IS NOT NULL ORDER BY frame");
    if (!select) return {};
    while (true) {
      const auto there = select->step();
      if (!there) return {};
      if (!*there) return pictures;
      pictures.push_back({select->integer(0), CaptureTime(select->integer(1)), select->integer(2)});
    }
  }

  template <class Row>
  Result<void> visit(const std::string& where, const std::vector<std::int64_t>& numbers,
                     const RowVisitor<Row>& visitor) const {
    if (!database_) return no_database();
    const std::string_view table = RowTable<Row>::name;
    auto select = database_->prepare("SELECT " + column_names<Row>() + " FROM " + std::string(table) + where +
                                     " ORDER BY " + std::string(RowTable<Row>::order) + ", id");
    if (!select) return damaged_table(table, select.error());
    int at = 0;
    for (const std::int64_t number : numbers) select->bind(at++, number);
    while (true) {
      const auto there = select->step();
      if (!there) return damaged_table(table, there.error());
      if (!*there) return {};
      Row row;
      RowReader reader(*select);
      columns(reader, row);
      if (reader.is_bad()) {
        return Error{ErrorCode::input_unreadable,
                     "the table '" + std::string(table) + "' holds a row that makes no sense",
                     (folder_ / session_file::database).string(),
                     "Repair the session, or open it with the version that recorded it"};
      }
      if (!visitor(row)) return {};
    }
  }

  Error no_database() const {
    return {ErrorCode::input_missing, "the session has no database that can be read", folder_.string(),
            "Repair the session; its pictures can be read without it"};
  }

  std::filesystem::path folder_;
  std::optional<SqlDatabase> database_;
  SessionInfo info_;
  std::vector<SessionCamera> cameras_;
  SessionCondition condition_;
};

RecordedSession::RecordedSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RecordedSession::~RecordedSession() = default;
RecordedSession::RecordedSession(RecordedSession&&) noexcept = default;
RecordedSession& RecordedSession::operator=(RecordedSession&&) noexcept = default;

Result<RecordedSession> RecordedSession::open(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>(folder);
  if (const auto opened = impl->open(); !opened) return opened.error();
  return RecordedSession(std::move(impl));
}

const std::filesystem::path& RecordedSession::folder() const { return impl_->folder(); }
const SessionInfo& RecordedSession::info() const { return impl_->info(); }
const std::vector<SessionCamera>& RecordedSession::cameras() const { return impl_->cameras(); }
const SessionCondition& RecordedSession::condition() const { return impl_->condition(); }
Result<std::vector<AnalysisInfo>> RecordedSession::analyses() const { return impl_->analyses(); }
Result<std::vector<GapRow>> RecordedSession::gaps() const { return impl_->all<GapRow>(); }
Result<std::vector<CalibrationRow>> RecordedSession::calibrations() const {
  return impl_->all<CalibrationRow>();
}
Result<std::vector<AnnotationRow>> RecordedSession::annotations() const {
  return impl_->all<AnnotationRow>();
}
Result<std::vector<SettingRow>> RecordedSession::settings() const { return impl_->all<SettingRow>(); }
Result<void> RecordedSession::read_frames(const RowSelection& selection,
                                          const RowVisitor<FrameRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<void> RecordedSession::read_pupils(const RowSelection& selection,
                                          const RowVisitor<PupilRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<void> RecordedSession::read_poses(const RowSelection& selection,
                                         const RowVisitor<PoseRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<void> RecordedSession::read_faces(const RowSelection& selection,
                                         const RowVisitor<FaceRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<void> RecordedSession::read_gaze(const RowSelection& selection,
                                        const RowVisitor<GazeRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<void> RecordedSession::read_models(const RowSelection& selection,
                                          const RowVisitor<ModelRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<void> RecordedSession::read_events(const RowSelection& selection,
                                          const RowVisitor<EventRow>& visit) const {
  return impl_->read(selection, visit);
}
Result<SessionQuality> RecordedSession::count_quality() const { return impl_->quality(); }
Result<std::int64_t> RecordedSession::frame_count(int camera) const { return impl_->frame_count(camera); }
Result<RecordedVideo> RecordedSession::open_video(int camera) const { return impl_->open_video(camera); }

}  // namespace yarbus
