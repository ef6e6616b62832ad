#pragma once

#include "app/export/session/export_folder.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {

/// `matlab`: session.mat (level 5, written by matio): one struct for each table of `csv`, whose fields are
/// columns of doubles. A column of words holds 1-based numbers, and `<name>_names` the words; a column of
/// text is a cell array. `session` holds name, participant, start and screen. Memory: the whole of the
/// session's numbers. Errors: output_unwritable, also for a column larger than the 2 GB that a level 5 file
/// allows.
Result<void> write_matlab_tables(const ExportRun& run, ExportFolder& folder);

}  // namespace yarbus
