#include "ui/report/picture_file.h"

#include <QSaveFile>
#include <string>

namespace yarbus::ui {

Result<void> write_picture(const QImage& picture, const QString& png_path, const char* what, bool is_small) {
  QSaveFile file(png_path);
  const auto failed = [&] {
    return Error{ErrorCode::output_unwritable,
                 what + (" cannot be written: " + file.errorString().toStdString()), png_path.toStdString(),
                 "Choose a folder that exists and that you may write to, with room left"};
  };
  const int quality = is_small ? 0 : -1;  // of Qt's PNG qualities: the smallest file, the usual one
  if (!file.open(QIODevice::WriteOnly)) return failed();
  if (!picture.save(&file, "PNG", quality) || !file.commit()) return failed();
  return {};
}

}  // namespace yarbus::ui
