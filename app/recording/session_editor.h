#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/recording/session_info.h"
#include "app/recording/session_rows.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// The results of one analysis while they are written. Nobody sees them before commit(); without it they are
/// dropped. Errors: output_unwritable, and for ever after. Threads: one owner.
class AnalysisWriter {
 public:
  ~AnalysisWriter();
  AnalysisWriter(AnalysisWriter&&) noexcept;
  AnalysisWriter& operator=(AnalysisWriter&&) = delete;

  [[nodiscard]] AnalysisId analysis() const { return analysis_; }
  // `analysis` of the rows is set to this one.
  Result<void> add(PupilRow row);
  Result<void> add(PoseRow row);
  Result<void> add(FaceRow row);
  Result<void> add(GazeRow row);
  Result<void> add(ModelRow row);
  Result<void> add(EventRow row);
  /// The calibration that this analysis' gaze rows name: returns its id.
  Result<std::int64_t> add(CalibrationRow row);
  /// Now they are there.
  Result<void> commit();

 private:
  friend class SessionEditor;
  struct Shared;
  AnalysisWriter(std::shared_ptr<Shared> shared, AnalysisId analysis);
  std::shared_ptr<Shared> shared_;
  AnalysisId analysis_ = 0;
  bool is_open_ = true;
};

/// Changes what may be changed of a session that is on the disk: its words, annotations, settings of its
/// replay, and analyses beside the live one. Frames, videos and live results are never touched. Holds the
/// session's lock. Brings an older schema up to date (a copy of the old database is kept). Threads: one
/// owner.
class SessionEditor {
 public:
  /// Errors: input_missing, device_busy (it is being recorded or edited), unsupported_format (a newer
  /// version's), input_unreadable, output_unwritable.
  static Result<SessionEditor> open(const std::filesystem::path& folder);
  ~SessionEditor();
  SessionEditor(SessionEditor&&) noexcept;
  SessionEditor& operator=(SessionEditor&&) = delete;

  Result<void> set_name(const std::string& name);
  Result<void> set_participant(const std::string& participant);
  Result<void> set_notes(const std::string& notes);
  /// Returns its id.
  Result<std::int64_t> add_annotation(AnnotationRow annotation);
  /// Errors: invalid_option (no such annotation).
  Result<void> remove_annotation(std::int64_t id);

  /// Replaces all settings of that name, which begins with "replay.": those of the recording itself stay.
  Result<void> set_replay_setting(SettingRow setting);

  /// Begins an analysis, in one transaction; its number is given. One at a time. Errors: device_busy (one is
  /// under way), output_unwritable.
  Result<AnalysisWriter> begin_analysis(AnalysisInfo info);
  /// Errors: invalid_option (the live one, or no such).
  Result<void> remove_analysis(AnalysisId analysis);

 private:
  explicit SessionEditor(std::shared_ptr<AnalysisWriter::Shared> shared);
  Result<void> set_text(const std::string& column, const std::string& text);
  std::shared_ptr<AnalysisWriter::Shared> shared_;
};

}  // namespace yarbus
