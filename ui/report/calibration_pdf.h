#pragma once

#include <QString>

#include "app/session/calibration_view.h"
#include "eyemodel/types/result.h"

namespace yarbus::ui {

/// Writes the calibration's report as one page of A4, under its name only when whole. Needs a QApplication,
/// but no display. Errors: output_unwritable.
Result<void> write_calibration_pdf(const CalibrationResult& result, const QString& path);

}  // namespace yarbus::ui
