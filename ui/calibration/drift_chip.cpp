#include "ui/calibration/drift_chip.h"

#include <QMenu>

#include "ui/icons.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {
constexpr int widest_text_px = 360;
}

DriftChip::DriftChip(const WindowActions& actions, QWidget* parent) : QToolButton(parent) {
  setObjectName("drift_chip");
  setAutoRaise(true);
  setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  setPopupMode(QToolButton::InstantPopup);
  setFocusPolicy(Qt::TabFocus);
  auto* menu = new QMenu(this);
  menu->addActions({actions.check_point, actions.recentre, actions.recentre_at_mouse, actions.undo_recentre,
                    actions.calibrate_region, actions.calibrate});
  setMenu(menu);
  hide();
}

void DriftChip::follow(const ScreenGazeSnapshot& gaze) {
  const DriftView& drift = gaze.drift;
  QString text = gaze.is_calibrated ? QString::fromStdString(drift.text) : QString();
  if (!text.isEmpty() && gaze.is_recentred) text += " (recentred)";
  const QString icon = drift.is_drifted || drift.has_center_moved ? "warning" : "tick";
  if (text != full_text_) {
    full_text_ = text;
    setText(fontMetrics().elidedText(text.left(1).toUpper() + text.mid(1), Qt::ElideRight, widest_text_px));
    setAccessibleName("Gaze on the screen: " + text);
    QString tip = sentence(text);
    if (!drift.remedy.empty()) tip += ' ' + sentence(QString::fromStdString(drift.remedy));
    setToolTip(tip);
    setVisible(!text.isEmpty());
  }
  if (icon != icon_name_) {
    icon_name_ = icon;
    setIcon(tool_icon(icon));
  }
}

}  // namespace yarbus::ui
