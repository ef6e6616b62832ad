#include "app/recording/session_schema.h"

#include <array>
#include <string>

namespace yarbus {
namespace {

/// What makes version N of version N - 1, from an empty database on. A step that was published stays as it
/// is: a change of the schema is a new step.
constexpr std::array<const char*, session_schema_version> schema_steps{
    R"sql(
CREATE TABLE session(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  session_id TEXT NOT NULL, name TEXT NOT NULL, participant TEXT NOT NULL, notes TEXT NOT NULL,
  software_version TEXT NOT NULL, started_at_ns INTEGER NOT NULL, started_at_wall_ns INTEGER NOT NULL,
  duration_ns INTEGER NOT NULL, end TEXT NOT NULL, end_note TEXT NOT NULL,
  screen_width_mm REAL, screen_height_mm REAL, screen_width_px INTEGER, screen_height_px INTEGER,
  viewing_distance_mm REAL,
  frames INTEGER, frames_lost INTEGER, results INTEGER, results_found INTEGER);
CREATE TABLE cameras(
  camera INTEGER PRIMARY KEY, eye TEXT NOT NULL, view TEXT NOT NULL, name TEXT NOT NULL,
  width_px INTEGER NOT NULL, height_px INTEGER NOT NULL, nominal_rate_hz REAL NOT NULL, intrinsics_json TEXT,
  rotate_deg INTEGER NOT NULL, mirror INTEGER NOT NULL, codec TEXT, video_file TEXT NOT NULL,
  time_base_num INTEGER NOT NULL DEFAULT 1, time_base_den INTEGER NOT NULL DEFAULT 1000);
CREATE TABLE frames(
  id INTEGER PRIMARY KEY, camera INTEGER NOT NULL, frame INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL,
  arrived_at_ns INTEGER, processed_at_ns INTEGER, lost_before INTEGER NOT NULL, video_pts INTEGER);
CREATE UNIQUE INDEX frames_by_number ON frames(camera, frame);
CREATE INDEX frames_by_time ON frames(captured_at_ns);
CREATE TABLE gaps(
  id INTEGER PRIMARY KEY, cause TEXT NOT NULL, camera INTEGER, first_frame INTEGER, last_frame INTEGER,
  start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL, frames_lost INTEGER NOT NULL,
  pictures_lost INTEGER NOT NULL, rows_lost INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE analyses(
  analysis INTEGER PRIMARY KEY, name TEXT NOT NULL, made_at_wall_ns INTEGER NOT NULL,
  software_version TEXT NOT NULL, settings_json TEXT NOT NULL);
CREATE TABLE pupils(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, camera INTEGER NOT NULL, frame INTEGER NOT NULL,
  captured_at_ns INTEGER NOT NULL, miss TEXT, confidence REAL, lid_closure REAL, in_blink INTEGER NOT NULL,
  center_x_px REAL, center_y_px REAL, semi_major_px REAL, semi_minor_px REAL, angle_rad REAL,
  covariance_px2 BLOB);
CREATE INDEX pupils_by_time ON pupils(analysis, captured_at_ns);
CREATE TABLE poses(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, camera INTEGER NOT NULL, frame INTEGER NOT NULL,
  captured_at_ns INTEGER NOT NULL, model_version INTEGER NOT NULL,
  eye_center_x_mm REAL, eye_center_y_mm REAL, eye_center_z_mm REAL, eyeball_radius_mm REAL,
  pupil_center_x_mm REAL, pupil_center_y_mm REAL, pupil_center_z_mm REAL,
  gaze_x REAL, gaze_y REAL, gaze_z REAL, pupil_radius_mm REAL,
  reprojected_center_x_px REAL, reprojected_center_y_px REAL, reprojected_semi_major_px REAL,
  reprojected_semi_minor_px REAL, reprojected_angle_rad REAL, reprojection_error_px REAL,
  pupil_diameter_sigma_mm REAL, gaze_covariance_rad2 BLOB);
CREATE INDEX poses_by_time ON poses(analysis, captured_at_ns);
CREATE TABLE faces(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, camera INTEGER NOT NULL, frame INTEGER NOT NULL,
  captured_at_ns INTEGER NOT NULL, miss TEXT,
  box_center_x_px REAL, box_center_y_px REAL, box_size_px REAL, box_score REAL,
  head_at_ns INTEGER, head_x_mm REAL, head_y_mm REAL, head_z_mm REAL, head_rotation BLOB,
  head_covariance BLOB, head_rms_px REAL, head_features INTEGER,
  right_center_x_px REAL, right_center_y_px REAL, right_semi_major_px REAL, right_semi_minor_px REAL,
  right_angle_rad REAL, right_iris_dir_x REAL, right_iris_dir_y REAL, right_iris_dir_z REAL,
  right_eye_center_x_mm REAL, right_eye_center_y_mm REAL, right_eye_center_z_mm REAL,
  right_limbus_radius_rad REAL, right_openness REAL, right_confidence REAL,
  left_center_x_px REAL, left_center_y_px REAL, left_semi_major_px REAL, left_semi_minor_px REAL,
  left_angle_rad REAL, left_iris_dir_x REAL, left_iris_dir_y REAL, left_iris_dir_z REAL,
  left_eye_center_x_mm REAL, left_eye_center_y_mm REAL, left_eye_center_z_mm REAL,
  left_limbus_radius_rad REAL, left_openness REAL, left_confidence REAL);
CREATE INDEX faces_by_time ON faces(analysis, captured_at_ns);
CREATE TABLE gaze(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL, camera INTEGER NOT NULL,
  frame INTEGER NOT NULL, calibration INTEGER, x_mm REAL, y_mm REAL, xx_mm2 REAL, xy_mm2 REAL, yy_mm2 REAL,
  uses_right INTEGER NOT NULL, uses_left INTEGER NOT NULL, confidence REAL);
CREATE INDEX gaze_by_time ON gaze(analysis, captured_at_ns);
CREATE TABLE eye_models(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, camera INTEGER NOT NULL, captured_at_ns INTEGER NOT NULL,
  version INTEGER NOT NULL, stage TEXT NOT NULL, model_json TEXT NOT NULL);
CREATE INDEX eye_models_by_time ON eye_models(analysis, captured_at_ns);
CREATE TABLE events(
  id INTEGER PRIMARY KEY, analysis INTEGER NOT NULL, kind TEXT NOT NULL, number INTEGER NOT NULL, eye TEXT,
  camera INTEGER, first_frame INTEGER, last_frame INTEGER, start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL,
  confidence REAL, max_closure REAL, start_x_mm REAL, start_y_mm REAL, end_x_mm REAL, end_y_mm REAL,
  direction_x REAL, direction_y REAL, direction_z REAL, dispersion_deg REAL, amplitude_deg REAL,
  peak_velocity_deg_s REAL, details_json TEXT NOT NULL);
CREATE INDEX events_by_time ON events(analysis, start_ns);
CREATE TABLE annotations(
  id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL, label TEXT NOT NULL,
  details_json TEXT NOT NULL);
CREATE TABLE calibrations(
  id INTEGER PRIMARY KEY, made_at_ns INTEGER NOT NULL, name TEXT NOT NULL, accuracy_deg REAL,
  file_json TEXT NOT NULL);
)sql",
    // Settings, and the camera's own word where its clock went back.
    R"sql(
CREATE TABLE settings(
  id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, name TEXT NOT NULL, value_json TEXT NOT NULL);
ALTER TABLE frames ADD COLUMN reported_at_ns INTEGER;
)sql"};

Result<void> take_steps(SqlDatabase& database, int from) {
  if (const auto begun = database.execute("BEGIN IMMEDIATE"); !begun) return begun.error();
  Result<void> done;
  for (int version = from; version < session_schema_version && done; ++version)
    done = database.execute(schema_steps[static_cast<std::size_t>(version)]);
  if (done) done = database.execute("PRAGMA user_version = " + std::to_string(session_schema_version));
  if (done) done = database.execute("COMMIT");
  if (!done) static_cast<void>(database.execute("ROLLBACK"));
  return done;
}

}  // namespace

Result<void> create_session_schema(SqlDatabase& database) { return take_steps(database, 0); }

Result<int> read_schema_version(const SqlDatabase& database) {
  const auto version = database.integer("PRAGMA user_version");
  if (!version) return version.error();
  const auto number = version->value_or(0);
  if (number > session_schema_version) {
    return Error{ErrorCode::unsupported_format,
                 "the session is of a newer version of Yarbus (schema " + std::to_string(number) +
                     ", this one reads up to " + std::to_string(session_schema_version) + ")",
                 database.path().string(), "Open it with that version; nothing in it was changed"};
  }
  const auto tables = database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'session'");
  if (!tables) return tables.error();
  if (number <= 0 || tables->value_or(0) == 0) {
    return Error{ErrorCode::unsupported_format, "the database is not one of a Yarbus session",
                 database.path().string(), "Choose a folder that Yarbus recorded"};
  }
  return static_cast<int>(number);
}

Result<bool> migrate_session_schema(SqlDatabase& database) {
  const auto version = read_schema_version(database);
  if (!version) return version.error();
  if (*version == session_schema_version) return false;
  if (const auto taken = take_steps(database, *version); !taken) return taken.error();
  return true;
}

}  // namespace yarbus
