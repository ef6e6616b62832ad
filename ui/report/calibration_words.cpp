#include "ui/report/calibration_words.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

namespace yarbus::ui {

QString layout_words(TargetLayout layout) {
  const std::string_view words = to_string(layout);
  return QString::fromUtf8(words.data(), static_cast<qsizetype>(words.size()));
}

QString grade_word(CalibrationGrade grade) {
  switch (grade) {
    case CalibrationGrade::not_validated:
      return "Not validated";
    case CalibrationGrade::good:
      return "Good";
    case CalibrationGrade::fair:
      return "Fair";
    case CalibrationGrade::poor:
      return "Poor";
  }
  return {};
}

QString verdict_word(PointVerdict verdict) {
  switch (verdict) {
    case PointVerdict::waiting:
      return "not shown yet";
    case PointVerdict::missing:
      return "missing";
    case PointVerdict::poor:
      return "poor";
    case PointVerdict::good:
      return "good";
  }
  return {};
}

QString degrees_text(const std::optional<double>& degrees) {
  if (!degrees || !std::isfinite(*degrees)) return "–";
  return QString("%1°").arg(*degrees, 0, 'f', std::abs(*degrees) < 1.0 ? 2 : 1);
}

QString duration_text(double seconds) {
  const int whole = std::isfinite(seconds) ? static_cast<int>(std::lround(std::max(0.0, seconds))) : 0;
  return QString("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QChar('0'));
}

QString screen_words(const ScreenGeometry& screen) {
  return QString("%1 × %2 mm, %3 × %4 px, seen from %5 cm")
      .arg(screen.width_mm, 0, 'f', 0)
      .arg(screen.height_mm, 0, 'f', 0)
      .arg(screen.width_px)
      .arg(screen.height_px)
      .arg(0.1 * screen.viewing_distance_mm, 0, 'f', 0);
}

QString point_name(int point) { return QString("point %1").arg(point + 1); }

QString filter_name(GazeFilter filter) {
  switch (filter) {
    case GazeFilter::none:
      return "no filter";
    case GazeFilter::one_euro:
      return "One-Euro";
    case GazeFilter::fixation:
      return "fixation filter";
  }
  return {};
}

QString filter_text(GazeFilter filter, double added_latency_s) {
  return QString("%1: +%2 ms").arg(filter_name(filter)).arg(1000.0 * added_latency_s, 0, 'f', 0);
}

QString sentence(const QString& text) {
  if (text.isEmpty()) return text;
  QString out = text.left(1).toUpper() + text.mid(1);
  if (!out.endsWith('.') && !out.endsWith('!') && !out.endsWith('?')) out += '.';
  return out;
}

QString finding_text(const FindingView& finding) {
  QStringList parts{sentence(QString::fromStdString(finding.text))};
  if (!finding.remedy.empty()) parts << sentence(QString::fromStdString(finding.remedy));
  return parts.join(' ');
}

}  // namespace yarbus::ui
