#include "ui/calibration/monitors.h"

#include <QGuiApplication>
#include <cmath>

namespace yarbus::ui {

namespace {

/// Smaller or larger is no monitor: some report 0, 1 or the aspect ratio in cm.
constexpr double smallest_mm = 40.0;
constexpr double largest_mm = 5000.0;
constexpr double guessed_px_per_mm = 96.0 / 25.4;

bool is_plausible(const QSizeF& size_mm) {
  return size_mm.width() >= smallest_mm && size_mm.height() >= smallest_mm && size_mm.width() <= largest_mm &&
         size_mm.height() <= largest_mm;
}

QString size_key(const Monitor& monitor) { return "calibration/monitor_size/" + monitor.key; }

}  // namespace

QSize Monitor::size_px() const {
  return {static_cast<int>(std::lround(pixel_ratio * area.width())),
          static_cast<int>(std::lround(pixel_ratio * area.height()))};
}

Monitor monitor_of(const QScreen& screen) {
  Monitor monitor;
  QStringList parts;
  for (const QString& part : {screen.manufacturer(), screen.model(), screen.serialNumber(), screen.name()}) {
    if (!part.trimmed().isEmpty()) parts << part.trimmed();
  }
  monitor.key = parts.join('|').replace('/', '_').replace('\\', '_');
  const QString kind = screen.model().trimmed();
  monitor.name = kind.isEmpty() || kind == screen.name() ? screen.name() : kind + " (" + screen.name() + ")";
  monitor.area = screen.geometry();
  monitor.pixel_ratio = screen.devicePixelRatio();
  if (is_plausible(screen.physicalSize())) monitor.system_size_mm = screen.physicalSize();
  return monitor;
}

QVector<Monitor> list_monitors() {
  QVector<Monitor> monitors;
  for (const QScreen* screen : QGuiApplication::screens()) {
    if (screen == QGuiApplication::primaryScreen()) {
      monitors.prepend(monitor_of(*screen));
    } else {
      monitors << monitor_of(*screen);
    }
  }
  return monitors;
}

QScreen* find_screen(const QString& key) {
  for (QScreen* screen : QGuiApplication::screens()) {
    if (monitor_of(*screen).key == key) return screen;
  }
  return nullptr;
}

QString monitor_text(const Monitor& monitor) {
  const QSize size = monitor.size_px();
  return QString("%1, %2 × %3 px").arg(monitor.name).arg(size.width()).arg(size.height());
}

QSizeF monitor_size_mm(const QSettings& settings, const Monitor& monitor) {
  const QSizeF measured = settings.value(size_key(monitor)).toSizeF();
  if (is_plausible(measured)) return measured;
  if (is_plausible(monitor.system_size_mm)) return monitor.system_size_mm;
  return QSizeF(monitor.size_px()) / guessed_px_per_mm;
}

bool is_monitor_size_known(const QSettings& settings, const Monitor& monitor) {
  return is_plausible(settings.value(size_key(monitor)).toSizeF()) || is_plausible(monitor.system_size_mm);
}

void remember_monitor_size(QSettings& settings, const Monitor& monitor, const QSizeF& size_mm) {
  settings.setValue(size_key(monitor), size_mm);
}

ScreenGeometry screen_geometry(const Monitor& monitor, const QSizeF& size_mm, double viewing_distance_mm) {
  const QSize size = monitor.size_px();
  return {size_mm.width(), size_mm.height(), size.width(), size.height(), viewing_distance_mm};
}

ScreenScale desktop_scale(const Monitor& monitor, const ScreenGeometry& geometry) {
  return {QRectF(monitor.area), QSizeF(geometry.width_mm, geometry.height_mm)};
}

std::optional<Monitor> monitor_for(const ScreenGeometry& geometry, const QVector<Monitor>& monitors,
                                   const QString& last_key) {
  std::optional<Monitor> found;
  for (const Monitor& monitor : monitors) {
    if (monitor.size_px() != QSize(geometry.width_px, geometry.height_px)) continue;
    if (monitor.key == last_key) return monitor;
    if (!found) found = monitor;
  }
  return found;
}

QSizeF size_from_card(double card_width_px, const QSizeF& area_px) {
  return card_width_px > 0.0 ? area_px * (card_width_mm / card_width_px) : QSizeF();
}

double card_width_px(const QSizeF& size_mm, const QSizeF& area_px) {
  return size_mm.width() > 0.0 ? card_width_mm * area_px.width() / size_mm.width() : 0.0;
}

}  // namespace yarbus::ui
