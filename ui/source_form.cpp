#include "ui/source_form.h"

#include <QRegularExpression>

namespace yarbus::ui {

std::optional<std::pair<int, int>> parse_size(const QString& text) {
  static const QRegularExpression form(R"(^\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*$)");
  const auto match = form.match(text);
  if (!match.hasMatch()) return std::nullopt;
  const int width = match.captured(1).toInt();
  const int height = match.captured(2).toInt();
  if (width < 1 || height < 1) return std::nullopt;
  return std::pair(width, height);
}

std::optional<CameraFormat> parse_camera_format(const QString& line) {
  static const QRegularExpression form(R"(^(\w{3,4})\s+(\d+x\d+)(?:\s+at\s+([\d., ]+?)\s*Hz)?$)");
  const auto match = form.match(line.trimmed());
  if (!match.hasMatch()) return std::nullopt;
  const auto size = parse_size(match.captured(2));
  if (!size) return std::nullopt;
  CameraFormat format{match.captured(1), size->first, size->second, {}};
  for (const QString& rate : match.captured(3).split(',', Qt::SkipEmptyParts)) {
    bool ok = false;
    const double rate_hz = rate.trimmed().toDouble(&ok);
    if (ok && rate_hz > 0.0) format.rates_hz.push_back(rate_hz);
  }
  return format;
}

QString permission_remedy() {
  return "You may not use this camera. Add yourself to the group “video” (sudo usermod -aG video $USER), "
         "then log out and in again.";
}

QString camera_label(const CameraChoice& camera) {
  const QString label =
      QString::fromStdString(camera.name) + "  (" + QString::fromStdString(camera.path) + ")";
  return camera.is_readable ? label : label + "  – no permission";
}

}  // namespace yarbus::ui
