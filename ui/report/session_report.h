#pragma once

#include <QString>

#include "app/session/session_quality.h"
#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// Writes a session's data quality as a PDF of A4, under its name only when whole: a page a camera with its
/// figures, the intervals between its frames and the share of valid frames over time; the first one also has
/// what is known of the session, the last one of its calibrations. Needs a QApplication, but no display.
/// Errors: output_unwritable.
Result<void> write_session_report(const SessionQualityReport& report, const QString& path);

}  // namespace yarbus::ui
