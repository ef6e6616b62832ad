#include "ui/calibration/lost_monitor_page.h"

namespace yarbus::ui {

LostMonitorPage::LostMonitorPage(CalibrationControl& control, QWidget* parent)
    : QWidget(parent), frame_(*this, "Paused: the monitor has gone"), text_(wrapped_label({}, this, 1.1)) {
  setObjectName("lost_monitor_page");
  text_->setObjectName("lost_monitor_text");
  frame_.column()->addWidget(text_);
  frame_.column()->addStretch(1);
  auto* abort = frame_.add_button("Abort", "lost_monitor_abort", true);
  connect(abort, &QPushButton::clicked, this, [&control] { control.abort(); });
}

void LostMonitorPage::set_monitor(const QString& name) {
  text_->setText(
      "The targets were shown on " + name +
      ", which is not there any more. Connect it again and the calibration waits there, paused; what "
      "was seen so far is kept. Or abort: the calibration in force before stays so.");
}

}  // namespace yarbus::ui
