#include "app/export/session/export_session.h"

#include <algorithm>
#include <utility>

#include "app/export/session/bids.h"
#include "app/export/session/csv_tables.h"
#include "app/export/session/export_folder.h"
#include "app/export/session/matlab_tables.h"
#include "app/export/session/pupil_csv.h"
#include "app/export/session/pupil_recording.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {
namespace {

Result<void> write_format(const ExportRun& run, ExportFolder& folder) {
  switch (run.options.format) {
    case ExportFormat::csv:
      return write_csv_tables(run, folder);
    case ExportFormat::pupil_csv:
      return write_pupil_csv(run, folder);
    case ExportFormat::pupil_recording:
      return write_pupil_recording(run, folder);
    case ExportFormat::bids:
      return write_bids(run, folder);
    case ExportFormat::matlab:
      return write_matlab_tables(run, folder);
  }
  return Error{ErrorCode::invalid_option, "there is no such export format", "export",
               "Choose one of the formats"};
}

Result<void> check_analysis(const ExportSource& source, AnalysisId analysis) {
  const auto analyses = source.analyses();
  if (!analyses) return analyses.error();
  const bool is_there = std::any_of(analyses->begin(), analyses->end(),
                                    [&](const AnalysisInfo& info) { return info.analysis == analysis; });
  if (is_there) return {};
  return Error{ErrorCode::invalid_option, "the session has no analysis " + std::to_string(analysis),
               source.info().name, "Choose one that it has, or 0 for the recording's own results"};
}

}  // namespace

std::optional<ExportFormat> export_format_from_string(std::string_view name) {
  const auto format = std::find_if(export_formats.begin(), export_formats.end(),
                                   [&](ExportFormat one) { return to_string(one) == name; });
  if (format == export_formats.end()) return std::nullopt;
  return *format;
}

Result<ExportSummary> export_session(const ExportSource& source, const std::filesystem::path& folder,
                                     const ExportOptions& options, const ExportProgress& progress,
                                     std::stop_token stop) {
  if (auto checked = check_analysis(source, options.analysis); !checked) return checked.error();
  auto made = ExportFolder::create(folder);
  if (!made) return made.error();
  ExportSummary summary;
  const ExportRun run{source, options, progress, std::move(stop), summary.notes};
  run.tell(0.0);
  if (auto written = write_format(run, *made); !written) return written.error();
  if (auto going = run.check(); !going) return going.error();
  auto files = made->commit();
  if (!files) return files.error();
  summary.folder = made->path();
  summary.files = std::move(*files);
  run.tell(1.0);
  return summary;
}

}  // namespace yarbus
