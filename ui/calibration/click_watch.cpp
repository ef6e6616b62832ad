#include "ui/calibration/click_watch.h"

#include <QCoreApplication>
#include <QMouseEvent>
#include <chrono>
#include <utility>

namespace yarbus::ui {

ClickWatch::ClickWatch(CalibrationControl& control, FindScale scale, QObject* parent)
    : QObject(parent), control_(control), scale_(std::move(scale)) {}

void ClickWatch::watch(bool is_watched) {
  if (is_watched == is_watched_) return;
  is_watched_ = is_watched;
  if (is_watched) {
    QCoreApplication::instance()->installEventFilter(this);
  } else {
    QCoreApplication::instance()->removeEventFilter(this);
  }
}

bool ClickWatch::eventFilter(QObject* watched, QEvent* event) {
  // A click comes to the window first and then to its widgets: count it once.
  if (event->type() == QEvent::MouseButtonPress && watched->isWindowType()) {
    const auto* click = static_cast<QMouseEvent*>(event);
    const auto scale = click->button() == Qt::LeftButton ? scale_() : std::nullopt;
    if (scale && scale->is_usable() && scale->area().contains(click->globalPosition())) {
      control_.clicked(scale->mm_of(click->globalPosition()),
                       std::chrono::steady_clock::now().time_since_epoch());
    }
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace yarbus::ui
