#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/recorded_video.h"
#include "app/recording/session_info.h"
#include "app/recording/session_rows.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Called for row after row; returns whether to go on.
template <class Row>
using RowVisitor = std::function<bool(const Row&)>;

/// Which rows of results are read: of one analysis, of one camera or all, from `start` to before `end`.
struct RowSelection {
  AnalysisId analysis = live_analysis;
  std::optional<int> camera = std::nullopt;
  std::optional<CaptureTime> start = std::nullopt;
  std::optional<CaptureTime> end = std::nullopt;
};

/// How a session was found when it was opened.
struct SessionCondition {
  bool is_finished = true;         ///< false: it was cut off; repair_session() finishes it
  bool is_being_recorded = false;  ///< by a running program
  /// What is wrong with it and what was done about it, a sentence each. Empty: nothing.
  std::vector<std::string> findings;
  bool has_database = true;  ///< false: only the videos can be read
};

/// A session on the disk, for reading. It is never changed; an older schema is read through a copy.
/// What cannot be read is left out and told in condition(). Rows come in order of capture time, streamed: one
/// at a time is in memory. Errors of all readers: input_unreadable, naming the table, where its rows are
/// damaged (those before the damage have been visited). Threads: one owner; several objects may read one
/// session.
class RecordedSession {
 public:
  /// Errors: input_missing (no such folder, or neither database nor video in it), unsupported_format (made by
  /// a newer version), input_unreadable (nothing of it can be read).
  static Result<RecordedSession> open(const std::filesystem::path& folder);
  ~RecordedSession();
  RecordedSession(RecordedSession&&) noexcept;
  RecordedSession& operator=(RecordedSession&&) noexcept;

  [[nodiscard]] const std::filesystem::path& folder() const;
  [[nodiscard]] const SessionInfo& info() const;
  [[nodiscard]] const std::vector<SessionCamera>& cameras() const;
  [[nodiscard]] const SessionCondition& condition() const;
  /// The live one first.
  [[nodiscard]] Result<std::vector<AnalysisInfo>> analyses() const;

  // Small tables, whole.
  [[nodiscard]] Result<std::vector<GapRow>> gaps() const;
  [[nodiscard]] Result<std::vector<CalibrationRow>> calibrations() const;
  [[nodiscard]] Result<std::vector<AnnotationRow>> annotations() const;
  [[nodiscard]] Result<std::vector<SettingRow>> settings() const;

  // Long tables, row by row.
  /// `selection.analysis` is not used. Without a camera: by time, cameras mixed.
  Result<void> read_frames(const RowSelection& selection, const RowVisitor<FrameRow>& visit) const;
  Result<void> read_pupils(const RowSelection& selection, const RowVisitor<PupilRow>& visit) const;
  Result<void> read_poses(const RowSelection& selection, const RowVisitor<PoseRow>& visit) const;
  Result<void> read_faces(const RowSelection& selection, const RowVisitor<FaceRow>& visit) const;
  Result<void> read_gaze(const RowSelection& selection, const RowVisitor<GazeRow>& visit) const;
  Result<void> read_models(const RowSelection& selection, const RowVisitor<ModelRow>& visit) const;
  /// By start; `selection.camera` leaves out events of no camera.
  Result<void> read_events(const RowSelection& selection, const RowVisitor<EventRow>& visit) const;

  /// As SessionInfo::quality, counted now. Errors: input_unreadable, input_missing.
  [[nodiscard]] Result<SessionQuality> count_quality() const;

  /// How many frames a camera has rows of. Errors: input_unreadable.
  [[nodiscard]] Result<std::int64_t> frame_count(int camera) const;

  /// The camera's pictures. Errors: input_missing (none was recorded, or the file is gone),
  /// input_unreadable.
  [[nodiscard]] Result<RecordedVideo> open_video(int camera) const;

 private:
  class Impl;
  explicit RecordedSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
