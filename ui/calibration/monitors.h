#pragma once

#include <QRect>
#include <QScreen>
#include <QSettings>
#include <QSizeF>
#include <QString>
#include <QVector>
#include <optional>

#include "eyemodel/types/screen_geometry.h"
#include "ui/calibration/screen_scale.h"

namespace yarbus::ui {

/// A monitor as the desktop describes it. Plain values, so that tests have monitors that do not exist.
struct Monitor {
  QString key;   ///< the same monitor has the same key the next time
  QString name;  ///< "DELL U2412M (HDMI-1)"
  QRect area;    ///< in the virtual desktop, device-independent px
  double pixel_ratio = 1.0;
  QSizeF system_size_mm;  ///< as the desktop says; empty: it does not know

  [[nodiscard]] QSize size_px() const;  ///< device pixels
};

Monitor monitor_of(const QScreen& screen);
/// The primary monitor first.
QVector<Monitor> list_monitors();
/// The screen with that key, else null.
QScreen* find_screen(const QString& key);

/// "DELL U2412M (HDMI-1), 1920 × 1200 px".
QString monitor_text(const Monitor& monitor);

/// The size to use: what the person measured, else what the desktop says, else a guess of 96 px an inch.
QSizeF monitor_size_mm(const QSettings& settings, const Monitor& monitor);
bool is_monitor_size_known(const QSettings& settings, const Monitor& monitor);
void remember_monitor_size(QSettings& settings, const Monitor& monitor, const QSizeF& size_mm);

ScreenGeometry screen_geometry(const Monitor& monitor, const QSizeF& size_mm, double viewing_distance_mm);
/// Places of `monitor` in the virtual desktop, by a calibration's sizes.
ScreenScale desktop_scale(const Monitor& monitor, const ScreenGeometry& geometry);

/// The monitor a calibration was made on: the one used last if its pixels fit, else the first that fits.
std::optional<Monitor> monitor_for(const ScreenGeometry& geometry, const QVector<Monitor>& monitors,
                                   const QString& last_key);

/// A bank card (ISO/IEC 7810 ID-1).
constexpr double card_width_mm = 85.60;
constexpr double card_height_mm = 53.98;
/// Size of a monitor of `area_px` on which a card is `card_width_px` wide. Square pixels are assumed.
QSizeF size_from_card(double card_width_px, const QSizeF& area_px);
/// How wide a card is on it.
double card_width_px(const QSizeF& size_mm, const QSizeF& area_px);

}  // namespace yarbus::ui
