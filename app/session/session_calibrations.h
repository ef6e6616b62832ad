#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/recording/recorded_session.h"
#include "calibration/mapping/calibration_file.h"
#include "calibration/procedure/procedure_frame.h"

namespace yarbus {

/// The calibrations that a session holds, fitted again to their raw samples, for mapping its frames, and the
/// recentres that were made while it was recorded.
/// Frames & units: screen, mm. Threads: const, concurrent-safe.
class SessionCalibrations {
 public:
  struct Calibration {
    std::int64_t id = 0;  ///< in the session
    CaptureTime made_at{};
    LoadedCalibration loaded;
  };
  struct MappedGaze {
    GazePoint point;
    std::int64_t calibration = 0;
  };

  /// `mapper`: by name; empty: each calibration's own. A calibration of another kind of camera or image size,
  /// or one that cannot be read, is left out and told in notes(). Cost: the fits, up to seconds each with a
  /// webcam. Errors: invalid_option for a mapper that a calibration does not have, or where there is no
  /// calibration to have it; the session's.
  static Result<SessionCalibrations> load(const RecordedSession& session, const std::string& mapper);

  /// With the last calibration that was made until then; before the first one, with that. What the last
  /// recentre until then subtracts is subtracted.
  [[nodiscard]] std::optional<MappedGaze> map(const ProcedureFrame& frame) const;
  /// By time.
  [[nodiscard]] const std::vector<Calibration>& all() const { return calibrations_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  /// What is subtracted from gaze from a moment on, mm.
  struct Offset {
    CaptureTime at{};
    Eigen::Vector2d in_screen_mm;
  };
  Result<void> load_offsets(const RecordedSession& session);

  std::vector<Calibration> calibrations_;
  std::vector<Offset> offsets_;  ///< by time
  std::vector<std::string> notes_;
};

}  // namespace yarbus
