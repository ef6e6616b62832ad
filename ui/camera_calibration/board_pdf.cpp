#include "ui/camera_calibration/board_pdf.h"

#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgRenderer>

#include "ui/camera_calibration/camera_words.h"

namespace yarbus::ui {

namespace {

QPageLayout layout_for(const BoardDrawing& drawing) {
  const QString name = paper_name(drawing.width_mm, drawing.height_mm);
  const QMarginsF none(0.0, 0.0, 0.0, 0.0);
  if (name.isEmpty()) {
    const QPageSize own(QSizeF(drawing.width_mm, drawing.height_mm), QPageSize::Millimeter, "board",
                        QPageSize::ExactMatch);
    return {own, QPageLayout::Portrait, none};
  }
  const QPageSize::PageSizeId id = name.startsWith("A4")   ? QPageSize::A4
                                   : name.startsWith("A3") ? QPageSize::A3
                                   : name.startsWith("A2") ? QPageSize::A2
                                                           : QPageSize::A1;
  return {QPageSize(id), name.endsWith("lying") ? QPageLayout::Landscape : QPageLayout::Portrait, none};
}

}  // namespace

Result<void> write_board_pdf(const BoardDrawing& drawing, const QString& path) {
  QSaveFile file(path);
  const auto failed = [&] {
    return Error{ErrorCode::output_unwritable,
                 "the board cannot be written: " + file.errorString().toStdString(), path.toStdString(),
                 "Choose a folder that exists and that you may write to, with room left"};
  };
  if (!file.open(QIODevice::WriteOnly)) return failed();
  {
    QPdfWriter writer(&file);
    constexpr int dots_per_inch = 1200;
    constexpr double mm_per_inch = 25.4;
    writer.setResolution(dots_per_inch);
    writer.setPageLayout(layout_for(drawing));
    writer.setTitle("Calibration board");
    writer.setCreator("Yarbus");
    QPainter painter(&writer);
    if (!painter.isActive()) return failed();
    const double dots_per_mm = dots_per_inch / mm_per_inch;
    const QSizeF page_mm = writer.pageLayout().fullRect(QPageLayout::Millimeter).size();
    const QRectF place((page_mm.width() - drawing.width_mm) / 2.0,
                       (page_mm.height() - drawing.height_mm) / 2.0, drawing.width_mm, drawing.height_mm);
    QSvgRenderer renderer(QByteArray::fromStdString(drawing.svg));
    renderer.render(&painter, QRectF(place.topLeft() * dots_per_mm, place.size() * dots_per_mm));
    if (!painter.end()) return failed();
  }
  if (!file.commit()) return failed();
  return {};
}

}  // namespace yarbus::ui
