#include "ui/report/viewing_files.h"

#include <QBuffer>
#include <QDir>
#include <QFileInfo>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <cmath>
#include <functional>
#include <optional>

#include "app/viewing/viewing_csv.h"
#include "ui/report/picture_file.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

constexpr double figure_font_px = 12.0;
constexpr double png_scale = 2.0;  ///< pixels for each unit of the figure
constexpr double page_mm_per_unit = 25.4 / 96.0;

Error figure_unwritable(const QString& what, const QString& why, const QString& path) {
  return {ErrorCode::output_unwritable, (what + " cannot be written: " + why).toStdString(),
          path.toStdString(), "Choose a folder that exists and that you may write to, with room left"};
}

QString figure_title(const ViewingFigure& figure) {
  QString title = "Viewing session";
  if (!figure.results.session_name.empty())
    title += " " + QString::fromStdString(figure.results.session_name);
  return title;
}

Result<void> write_png(const ViewingFigure& figure, const QSizeF& size, const QString& path) {
  QImage image((size * png_scale).toSize(), QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  painter.scale(png_scale, png_scale);
  paint_viewing_figure(painter, QRectF(QPointF(), size), figure, paper_palette(), figure_font_px);
  painter.end();
  return write_picture(image, path, "the figure");
}

/// What paints into a device that writes into a file.
Result<void> write_through(const QString& path, const std::function<bool(QIODevice& device)>& write) {
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly)) return figure_unwritable("the figure", file.errorString(), path);
  if (!write(file) || !file.commit()) return figure_unwritable("the figure", file.errorString(), path);
  return {};
}

Result<void> write_svg(const ViewingFigure& figure, const QSizeF& size, const QString& path) {
  return write_through(path, [&](QIODevice& device) {
    // The generator opens and closes its device itself: a file that is not yet whole must not be closed.
    QBuffer buffer;
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size.toSize());
    generator.setViewBox(QRectF(QPointF(), size));
    generator.setTitle(figure_title(figure));
    generator.setDescription(viewing_words(figure.results));
    QPainter painter(&generator);
    if (!painter.isActive()) return false;
    painter.fillRect(QRectF(QPointF(), size), Qt::white);
    paint_viewing_figure(painter, QRectF(QPointF(), size), figure, paper_palette(), figure_font_px);
    return painter.end() && device.write(buffer.data()) == buffer.data().size();
  });
}

Result<void> write_pdf(const ViewingFigure& figure, const QSizeF& size, const QString& path) {
  return write_through(path, [&](QIODevice& device) {
    QPdfWriter writer(&device);
    writer.setPageSize(QPageSize(size * page_mm_per_unit, QPageSize::Millimeter));
    writer.setPageMargins(QMarginsF());
    writer.setTitle(figure_title(figure));
    writer.setCreator("Yarbus");
    QPainter painter(&writer);
    if (!painter.isActive()) return false;
    const double scale = writer.width() / size.width();
    painter.scale(scale, scale);
    paint_viewing_figure(painter, QRectF(QPointF(), size), figure, paper_palette(), figure_font_px);
    return painter.end();
  });
}

}  // namespace

Result<void> write_viewing_figure(const ViewingFigure& figure, const QString& path) {
  const QSizeF size = viewing_figure_size(figure);
  const QString ending = QFileInfo(path).suffix().toLower();
  if (ending == "png") return write_png(figure, size, path);
  if (ending == "svg") return write_svg(figure, size, path);
  if (ending == "pdf") return write_pdf(figure, size, path);
  return Error{ErrorCode::invalid_option, "a figure is a .png, .svg or .pdf file", path.toStdString(),
               "Give the file one of these endings"};
}

Result<void> write_viewing_table(const std::string& csv, const QString& path) {
  QSaveFile file(path);
  const auto size = static_cast<qint64>(csv.size());
  if (!file.open(QIODevice::WriteOnly) || file.write(csv.data(), size) != size || !file.commit())
    return figure_unwritable("the table", file.errorString(), path);
  return {};
}

Result<QStringList> write_viewing_folder(const ViewingResults& results, double heat_sigma_deg,
                                         const QString& folder) {
  const QDir directory(folder);
  if (QFileInfo::exists(folder) && (!QFileInfo(folder).isDir() || !directory.isEmpty()))
    return Error{ErrorCode::output_unwritable, "there is something already", folder.toStdString(),
                 "Choose a new folder, or an empty one"};
  if (!QDir().mkpath(folder)) return figure_unwritable("the folder", "it cannot be made", folder);
  std::optional<StimulusPicture> picture;
  if (!results.picture_path.empty()) {
    auto loaded = StimulusPicture::load(QString::fromStdString(results.picture_path));
    if (!loaded) return loaded.error();
    picture = std::move(*loaded);
  }
  QStringList files;
  ViewingLayers heat;
  heat.fixations = heat.saccades = false;
  heat.heat = true;
  heat.heat_sigma_deg = heat_sigma_deg;
  for (const auto& [stem, layers] : {std::pair("scanpaths", ViewingLayers{}), std::pair("heat-maps", heat)}) {
    for (const char* ending : {"png", "svg", "pdf"}) {
      const QString path = directory.filePath(QString("%1.%2").arg(stem, ending));
      if (const auto written = write_viewing_figure({results, picture ? &*picture : nullptr, layers}, path);
          !written)
        return written.error();
      files << path;
    }
  }
  for (const auto& [name, text] : {std::pair("tasks.csv", viewing_tasks_csv(results)),
                                   std::pair("fixations.csv", viewing_fixations_csv(results)),
                                   std::pair("gaze.csv", viewing_gaze_csv(results))}) {
    const QString path = directory.filePath(name);
    if (const auto written = write_viewing_table(text, path); !written) return written.error();
    files << path;
  }
  return files;
}

}  // namespace yarbus::ui
