#include "app/recording/session_head.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "app/recording/model_json.h"
#include "app/recording/row_visitors.h"

namespace yarbus {
namespace {

constexpr std::size_t session_end_count = static_cast<std::size_t>(SessionEnd::repaired) + 1;
constexpr std::size_t video_codec_count = static_cast<std::size_t>(VideoCodec::h264) + 1;
constexpr std::size_t camera_view_count = static_cast<std::size_t>(CameraView::webcam) + 1;

template <class Visitor, class Info>
void info_columns(Visitor& column, Info& info) {
  column("session_id", info.session_id);
  column("name", info.name);
  column("participant", info.participant);
  column("notes", info.notes);
  column("software_version", info.software_version);
  column("started_at_ns", info.started_at);
  column("started_at_wall_ns", info.started_at_wall);
  column("duration_ns", info.duration);
  column.word("end", info.end, session_end_count);
  column("end_note", info.end_note);
  column.optional_part(info.screen, [&](auto& screen) {
    column("screen_width_mm", screen.width_mm);
    column("screen_height_mm", screen.height_mm);
    column("screen_width_px", screen.width_px);
    column("screen_height_px", screen.height_px);
    column("viewing_distance_mm", screen.viewing_distance_mm);
  });
  column.optional_part(info.quality, [&](auto& quality) {
    column("frames", quality.frames);
    column("frames_lost", quality.frames_lost);
    column("results", quality.results);
    column("results_found", quality.results_found);
  });
}

template <class Visitor, class Camera>
void camera_columns(Visitor& column, Camera& camera) {
  column("camera", camera.camera);
  column.word("eye", camera.eye, 2);
  column.word("view", camera.view, camera_view_count);
  column("name", camera.name);
  column("width_px", camera.width_px);
  column("height_px", camera.height_px);
  column("nominal_rate_hz", camera.nominal_rate_hz);
  column("rotate_deg", camera.rotate_deg);
  column("mirror", camera.mirror);
  column.word("codec", camera.codec, video_codec_count);
  column("video_file", camera.video_file);
  if constexpr (std::is_same_v<Visitor, RowReader>) {
    std::optional<std::string> text;
    column("intrinsics_json", text);
    if (text && !(camera.intrinsics = intrinsics_of_json(*text))) column.set_bad();
  } else {
    column("intrinsics_json", camera.intrinsics ? std::optional(intrinsics_json_of(*camera.intrinsics))
                                                : std::optional<std::string>());
  }
}

template <class Visitor, class Info>
void analysis_columns(Visitor& column, Info& info) {
  column("analysis", info.analysis);
  column("name", info.name);
  column("made_at_wall_ns", info.made_at_wall);
  column("software_version", info.software_version);
  column("settings_json", info.settings_json);
}

Error odd_row(const SqlDatabase& database, std::string_view table) {
  return {ErrorCode::input_unreadable,
          "the table '" + std::string(table) + "' holds a row that makes no sense", database.path().string(),
          "Repair the session, or open it with the version that recorded it"};
}

/// Reads all rows of a small table.
template <class Row, class Columns>
Result<std::vector<Row>> read_all(const SqlDatabase& database, const std::string& table, Columns columns_of) {
  ColumnNames names;
  const Row row{};
  columns_of(names, row);
  auto select = database.prepare("SELECT " + names.names() + " FROM " + table + " ORDER BY 1");
  if (!select) return select.error();
  std::vector<Row> rows;
  while (true) {
    const auto there = select->step();
    if (!there) return there.error();
    if (!*there) return rows;
    RowReader reader(*select);
    columns_of(reader, rows.emplace_back());
    if (reader.is_bad()) return odd_row(database, table);
  }
}

constexpr auto camera_columns_of = [](auto& column, auto& row) { camera_columns(column, row); };
constexpr auto analysis_columns_of = [](auto& column, auto& row) { analysis_columns(column, row); };
constexpr auto info_columns_of = [](auto& column, auto& row) { info_columns(column, row); };

}  // namespace

std::int64_t VideoTimeBase::ticks(std::chrono::nanoseconds since_start) const {
  const auto tick_ns = std::max(1LL, 1'000'000'000LL * numerator / denominator);
  const auto ns = since_start.count();
  return (ns >= 0 ? ns + tick_ns / 2 : ns - tick_ns / 2) / tick_ns;
}

std::chrono::nanoseconds VideoTimeBase::time(std::int64_t ticks) const {
  // A damaged video may tell of any tick.
  std::int64_t ns = 0;
  if (!__builtin_mul_overflow(ticks, 1'000'000'000LL * numerator / denominator, &ns))
    return std::chrono::nanoseconds(ns);
  return ticks < 0 ? std::chrono::nanoseconds::min() : std::chrono::nanoseconds::max();
}

Result<void> write_session_info(SqlDatabase& database, const SessionInfo& info) {
  ColumnNames names;
  info_columns(names, info);
  auto insert = database.prepare("INSERT OR REPLACE INTO session(" + names.names() + ", id) VALUES (" +
                                 names.placeholders() + ", 1)");
  if (!insert) return insert.error();
  RowBinder binder(*insert);
  info_columns(binder, info);
  return insert->run();
}

Result<SessionInfo> read_session_info(const SqlDatabase& database) {
  auto rows = read_all<SessionInfo>(database, "session", info_columns_of);
  if (!rows) return rows.error();
  if (rows->empty()) return odd_row(database, "session");
  SessionInfo info = std::move(rows->front());
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  info.schema_version = static_cast<int>(version->value_or(0));
  return info;
}

Result<void> write_camera(SqlDatabase& database, const SessionCamera& camera,
                          const VideoTimeBase& time_base) {
  ColumnNames names;
  camera_columns(names, camera);
  auto insert = database.prepare("INSERT OR REPLACE INTO cameras(" + names.names() +
                                 ", time_base_num, time_base_den) VALUES (" + names.placeholders() + ", " +
                                 std::to_string(time_base.numerator) + ", " +
                                 std::to_string(time_base.denominator) + ")");
  if (!insert) return insert.error();
  RowBinder binder(*insert);
  camera_columns(binder, camera);
  return insert->run();
}

Result<std::vector<SessionCamera>> read_cameras(const SqlDatabase& database) {
  auto cameras = read_all<SessionCamera>(database, "cameras", camera_columns_of);
  if (!cameras) return cameras;
  // A video is beside its database. Another place is never looked into, and nothing there renamed.
  for (const SessionCamera& camera : *cameras) {
    const std::filesystem::path name = camera.video_file;
    if (name != name.filename() || name == ".." || name == ".") return odd_row(database, "cameras");
  }
  return cameras;
}

Result<VideoTimeBase> read_time_base(const SqlDatabase& database, int camera) {
  const std::string where = " FROM cameras WHERE camera = " + std::to_string(camera);
  const auto numerator = database.integer("SELECT time_base_num" + where);
  if (!numerator) return numerator.error();
  const auto denominator = database.integer("SELECT time_base_den" + where);
  if (!denominator) return denominator.error();
  const VideoTimeBase base{static_cast<int>(numerator->value_or(1)),
                           static_cast<int>(denominator->value_or(1000))};
  if (base.numerator <= 0 || base.denominator <= 0) return odd_row(database, "cameras");
  return base;
}

Result<void> write_analysis(SqlDatabase& database, const AnalysisInfo& analysis) {
  ColumnNames names;
  analysis_columns(names, analysis);
  auto insert =
      database.prepare("INSERT INTO analyses(" + names.names() + ") VALUES (" + names.placeholders() + ")");
  if (!insert) return insert.error();
  RowBinder binder(*insert);
  analysis_columns(binder, analysis);
  return insert->run();
}

Result<std::vector<AnalysisInfo>> read_analyses(const SqlDatabase& database) {
  return read_all<AnalysisInfo>(database, "analyses", analysis_columns_of);
}

Result<SessionQuality> count_quality(const SqlDatabase& database) {
  SessionQuality quality;
  const auto count = [&](const char* query, std::int64_t& figure) -> Result<void> {
    const auto counted = database.integer(query);
    if (!counted) return counted.error();
    figure = counted->value_or(0);
    return {};
  };
  if (const auto done = count("SELECT count(*) FROM frames", quality.frames); !done) return done.error();
  if (const auto done = count("SELECT sum(frames_lost) FROM gaps", quality.frames_lost); !done)
    return done.error();
  if (const auto done = count("SELECT (SELECT count(*) FROM pupils WHERE analysis = 0) + "
                              "(SELECT count(*) FROM faces WHERE analysis = 0)",
                              quality.results);
      !done)
    return done.error();
  if (const auto done = count("SELECT (SELECT count(*) FROM pupils WHERE analysis = 0 AND miss IS NULL) + "
                              "(SELECT count(*) FROM faces WHERE analysis = 0 AND miss IS NULL)",
                              quality.results_found);
      !done)
    return done.error();
  return quality;
}

}  // namespace yarbus
