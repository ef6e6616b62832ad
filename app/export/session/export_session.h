#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/export/session/export_source.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// What other programs can read. docs/export.md has every file, column and unit.
enum class ExportFormat : std::uint8_t {
  csv,              ///< Yarbus' own tables
  pupil_csv,        ///< as Pupil Player's raw data exporter
  pupil_recording,  ///< a recording folder that Pupil Player opens
  bids,             ///< a BIDS 1.11 dataset
  matlab,           ///< the tables in one MAT-file, level 5
};
inline constexpr std::array export_formats{ExportFormat::csv, ExportFormat::pupil_csv,
                                           ExportFormat::pupil_recording, ExportFormat::bids,
                                           ExportFormat::matlab};

constexpr std::string_view to_string(ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return "csv";
    case ExportFormat::pupil_csv:
      return "pupil-csv";
    case ExportFormat::pupil_recording:
      return "pupil-recording";
    case ExportFormat::bids:
      return "bids";
    case ExportFormat::matlab:
      return "matlab";
  }
  return "unknown";
}
/// Nullopt for any other name.
std::optional<ExportFormat> export_format_from_string(std::string_view name);

struct ExportOptions {
  ExportFormat format = ExportFormat::csv;
  AnalysisId analysis = live_analysis;  ///< whose results
  bool with_video = true;               ///< pupil_recording: copy the videos too
  std::string task = "gaze";            ///< bids: the task's label, letters and digits
  std::vector<std::string> authors;     ///< bids: of the dataset; a session does not know them
};

/// What has been written.
struct ExportSummary {
  std::filesystem::path folder;
  std::vector<std::filesystem::path> files;  ///< relative to the folder, in order of name
  std::vector<std::string> notes;            ///< what could not be exported and why, a sentence each
};

/// How far an export is, 0 to 1, never falling. Called on the caller's thread, at most some hundred times.
using ExportProgress = std::function<void(double share)>;

/// Writes a session into a new folder, with a README.md that states units and coordinate systems.
/// Until it is whole the folder is called "<folder>.part"; what fails or is stopped leaves nothing.
/// Errors: output_unwritable (it exists and is not empty, no room, no permission); interrupted, when stopped;
/// input_empty (the session has no frames); invalid_option (no such analysis, no label of a task); the
/// source's own. Threads: the caller's; takes seconds to minutes. Memory: some seconds of rows at a time; of
/// `csv` and `matlab` also 24 bytes a frame, of `matlab` one whole table.
Result<ExportSummary> export_session(const ExportSource& source, const std::filesystem::path& folder,
                                     const ExportOptions& options, const ExportProgress& progress = {},
                                     std::stop_token stop = {});

}  // namespace yarbus
