#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/export/session/gzip_file.h"
#include "app/export/session/session_chunks.h"
#include "app/export/session/tracking_facts.h"

namespace yarbus {

/// Whose signal a BIDS recording is.
enum class BidsEye : std::uint8_t { right, left, cyclopean };

/// One `_recording-<label>_physio.tsv.gz` with its sidecar and its events.
/// Columns: timestamp (s since the session's start), x_coordinate, y_coordinate, pupil_size (near-eye),
/// confidence. Absent values are n/a.
class BidsRecording {
 public:
  struct Kind {
    BidsEye eye = BidsEye::right;
    bool is_on_screen = false;              ///< else: eye in head
    const SessionCamera* camera = nullptr;  ///< whose frames have a row each; null: each gaze has one
    TrackingFacts facts;                    ///< of that eye
  };
  /// `prefix` is the file's name up to "_recording".
  static Result<BidsRecording> create(const ExportRun& run, ExportFolder& folder, const std::string& prefix,
                                      const Kind& kind);
  Result<void> put(const SessionChunk& chunk);
  /// Ends the samples and writes sidecar and events. `calibrations` of the session, for their errors.
  Result<void> finish(ExportFolder& folder, const std::vector<EventRow>& events,
                      const std::vector<AnnotationRow>& annotations,
                      const std::vector<CalibrationRow>& calibrations);
  [[nodiscard]] bool is_on_screen() const { return kind_.is_on_screen; }

 private:
  BidsRecording(const ExportRun& run, std::string prefix, const Kind& kind, GzipFile samples)
      : run_(&run), prefix_(std::move(prefix)), kind_(kind), samples_(std::move(samples)) {}
  void put_row(std::string& out, CaptureTime at, const GazeRow* gaze, const PoseRow* pose, double confidence);
  [[nodiscard]] std::string sidecar(const std::vector<CalibrationRow>& calibrations) const;
  [[nodiscard]] std::string events_text(const std::vector<EventRow>& events,
                                        const std::vector<AnnotationRow>& annotations) const;
  [[nodiscard]] bool is_of_this(const EventRow& event) const;

  const ExportRun* run_;
  std::string prefix_;
  Kind kind_;
  GzipFile samples_;
  std::optional<CaptureTime> first_;
  CaptureTime last_{};
  std::size_t rows_ = 0;
};

}  // namespace yarbus
