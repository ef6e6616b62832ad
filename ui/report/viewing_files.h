#pragma once

#include <QString>
#include <QStringList>

#include "ui/report/viewing_figure.h"

namespace yarbus::ui {

/// Writes the figure as its ending says: .png, .svg or .pdf; under its name only when whole. Ink on white
/// paper, whatever the desktop's colours. Needs a QApplication, but no display. Errors: invalid_option
/// (another ending), output_unwritable.
Result<void> write_viewing_figure(const ViewingFigure& figure, const QString& path);
/// Likewise a table: text of viewing_*_csv().
Result<void> write_viewing_table(const std::string& csv, const QString& path);

/// Everything: scanpaths and heat maps as PNG, SVG and PDF, and the tables of tasks, fixations and gaze. The
/// folder is made; one that has something in it is not written into. Returns the files. Errors:
/// output_unwritable, input_unreadable (the picture).
Result<QStringList> write_viewing_folder(const ViewingResults& results, double heat_sigma_deg,
                                         const QString& folder);

}  // namespace yarbus::ui
