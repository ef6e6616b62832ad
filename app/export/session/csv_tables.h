#pragma once

#include "app/export/session/export_folder.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {

/// `csv`: frames.csv, pupil.csv, face.csv, gaze.csv, events.csv, annotations.csv and gaps.csv, each with a
/// header line; fields with commas, quotes or line ends are quoted (RFC 4180). A table without rows has its
/// header only.
Result<void> write_csv_tables(const ExportRun& run, ExportFolder& folder);

/// Appends a field of text, quoted if it has to be.
void put_csv_text(std::string& out, const std::string& text);

/// Appends the shortest text that gives the same number again; nothing if it is not finite.
void put_exact_number(std::string& out, double value);

}  // namespace yarbus
