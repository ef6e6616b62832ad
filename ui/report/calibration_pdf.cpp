#include "ui/report/calibration_pdf.h"

#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <string>

#include "ui/report/calibration_report.h"

namespace yarbus::ui {

Result<void> write_calibration_pdf(const CalibrationResult& result, const QString& path) {
  QSaveFile file(path);
  const auto failed = [&] {
    return Error{ErrorCode::output_unwritable,
                 "the report cannot be written: " + file.errorString().toStdString(), path.toStdString(),
                 "Choose a folder that exists and that you may write to, with room left"};
  };
  if (!file.open(QIODevice::WriteOnly)) return failed();
  {
    QPdfWriter writer(&file);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF(15.0, 14.0, 15.0, 12.0), QPageLayout::Millimeter);
    writer.setTitle("Calibration " + QString::fromStdString(result.name));
    writer.setCreator("Yarbus");
    QPainter painter(&writer);
    if (!painter.isActive()) return failed();
    constexpr double points_per_inch = 72.0;
    const double scale = writer.resolution() / points_per_inch;
    painter.scale(scale, scale);
    paint_calibration_report(painter, {0.0, 0.0, writer.width() / scale, writer.height() / scale}, result);
    if (!painter.end()) return failed();
  }
  if (!file.commit()) return failed();
  return {};
}

}  // namespace yarbus::ui
