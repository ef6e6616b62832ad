#include "ui/report/picture_file.h"

#include <QSaveFile>
#include <QSvgGenerator>
#include <string>

namespace yarbus::ui {

namespace {

Error unwritable(const QSaveFile& file, const char* what) {
  return {ErrorCode::output_unwritable, what + (" cannot be written: " + file.errorString().toStdString()),
          file.fileName().toStdString(),
          "Choose a folder that exists and that you may write to, with room left"};
}

}  // namespace

Result<void> write_picture(const QImage& picture, const QString& png_path, const char* what, bool is_small) {
  QSaveFile file(png_path);
  const int quality = is_small ? 0 : -1;  // of Qt's PNG qualities: the smallest file, the usual one
  if (!file.open(QIODevice::WriteOnly)) return unwritable(file, what);
  if (!picture.save(&file, "PNG", quality) || !file.commit()) return unwritable(file, what);
  return {};
}

Result<void> write_svg(const QString& svg_path, const QSize& size, const char* what,
                       const std::function<void(QPaintDevice& paper)>& paint) {
  QSaveFile file(svg_path);
  if (!file.open(QIODevice::WriteOnly)) return unwritable(file, what);
  {
    QSvgGenerator paper;
    paper.setOutputDevice(&file);
    paper.setSize(size);
    paper.setViewBox(QRect(QPoint(), size));
    paper.setTitle("Yarbus");
    paint(paper);
  }
  if (!file.commit()) return unwritable(file, what);
  return {};
}

}  // namespace yarbus::ui
