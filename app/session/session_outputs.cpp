#include "app/session/session_outputs.h"

#include <utility>

#include "app/export/session/export_session.h"
#include "app/export/session/recorded_session_source.h"
#include "app/recording/recorded_session.h"
#include "app/session/measure_session.h"
#include "app/session/recording_desk.h"

namespace yarbus {

Result<std::vector<SessionResults>> RecordingDesk::results_of(const std::string& folder) const {
  const auto session = RecordedSession::open(folder);
  if (!session) return session.error();
  const auto analyses = session->analyses();
  if (!analyses) return analyses.error();
  std::vector<SessionResults> results;
  for (const AnalysisInfo& info : *analyses) results.push_back({info.analysis, info.name});
  return results;
}

Result<SessionQualityReport> RecordingDesk::measure(const std::string& folder, std::int64_t analysis) const {
  const auto session = RecordedSession::open(folder);
  if (!session) return session.error();
  return measure_session(*session, analysis);
}

Result<ExportedSession> RecordingDesk::export_session(const ExportWish& wish,
                                                      const std::function<void(double)>& on_progress,
                                                      const std::stop_token& stop) const {
  const auto format = export_format_from_string(wish.format);
  if (!format) {
    std::string remedy = "Choose one of:";
    for (const ExportFormat known : export_formats) remedy.append(1, ' ').append(to_string(known));
    return Error{ErrorCode::invalid_option, "there is no format \"" + wish.format + "\"", "export", remedy};
  }
  const auto session = RecordedSession::open(wish.session);
  if (!session) return session.error();
  ExportOptions options;
  options.format = *format;
  options.analysis = wish.analysis;
  const RecordedSessionSource source(*session);
  auto summary = yarbus::export_session(source, wish.folder, options, on_progress, stop);
  if (!summary) return summary.error();
  ExportedSession exported;
  exported.folder = summary->folder.string();
  exported.files = static_cast<int>(summary->files.size());
  exported.notes = session->condition().findings;
  exported.notes.insert(exported.notes.end(), summary->notes.begin(), summary->notes.end());
  return exported;
}

}  // namespace yarbus
