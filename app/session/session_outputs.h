#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/session/session_quality.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// Results of a session: those of the recording, number 0, or of a later analysis.
struct SessionResults {
  std::int64_t analysis = 0;
  std::string name;
};

/// A session for other programs.
struct ExportWish {
  std::string session;        ///< its folder
  std::string folder;         ///< to be written; must not exist, or be empty
  std::string format;         ///< by its name: "csv", "pupil-csv", "pupil-recording", "bids", "matlab"
  std::int64_t analysis = 0;  ///< whose results
};

struct ExportedSession {
  std::string folder;
  int files = 0;
  std::vector<std::string> notes;  ///< what could not be exported and why, a sentence each
};

/// What is made of recorded sessions for people and other programs. A Session's RecordingControl is one, too,
/// where it can read sessions. No session is changed. Threads: any; the caller waits.
class SessionOutputs {
 public:
  virtual ~SessionOutputs() = default;

  /// The recording's first. Takes some ms. Errors: the session's.
  [[nodiscard]] virtual Result<std::vector<SessionResults>> results_of(const std::string& folder) const = 0;
  /// How good it is. Takes some seconds at most. Errors: invalid_option (no such analysis), the session's.
  [[nodiscard]] virtual Result<SessionQualityReport> measure(const std::string& folder,
                                                             std::int64_t analysis) const = 0;
  /// Takes seconds to minutes; `on_progress` gets 0 to 1 on the caller's thread. What fails or is stopped
  /// leaves nothing. Errors: interrupted, output_unwritable, input_empty, invalid_option, the session's.
  virtual Result<ExportedSession> export_session(const ExportWish& wish,
                                                 const std::function<void(double)>& on_progress,
                                                 const std::stop_token& stop) const = 0;
};

}  // namespace yarbus
