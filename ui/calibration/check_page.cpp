#include "ui/calibration/check_page.h"

#include "ui/icons.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {
constexpr int icon_px = 36;
}

CheckPage::CheckPage(QWidget* parent)
    : QWidget(parent),
      frame_(*this, "Check of the calibration"),
      icon_(new QLabel(this)),
      text_(wrapped_label({}, this, 1.25, true)),
      remedy_(wrapped_label({}, this)) {
  setObjectName("check_page");
  text_->setObjectName("check_text");
  auto* row = new QHBoxLayout;
  row->setSpacing(14);
  row->addWidget(icon_, 0, Qt::AlignTop);
  row->addWidget(text_, 1);
  frame_.column()->addLayout(row);
  frame_.column()->addWidget(remedy_);
  frame_.column()->addStretch(1);
  auto* recentre = frame_.add_left_button("Recentre", "check_recentre");
  auto* calibrate = frame_.add_left_button("Calibrate again…", "check_calibrate");
  auto* done_button = frame_.add_button("Done", "check_done", true);
  connect(recentre, &QPushButton::clicked, this, &CheckPage::recentre_wanted);
  connect(calibrate, &QPushButton::clicked, this, &CheckPage::calibrate_wanted);
  connect(done_button, &QPushButton::clicked, this, &CheckPage::done);
}

void CheckPage::follow(const ScreenGazeSnapshot& gaze) {
  const bool is_drifted = gaze.drift.is_drifted || gaze.drift.has_center_moved;
  if (icon_->pixmap().isNull() || is_drifted != was_drifted_) {
    was_drifted_ = is_drifted;
    icon_->setPixmap(
        tool_icon(is_drifted ? "warning" : "tick").pixmap(QSize(icon_px, icon_px), devicePixelRatioF()));
  }
  const QString text = gaze.drift.text.empty() ? QString("there is no calibration in force")
                                               : QString::fromStdString(gaze.drift.text);
  show_text(*text_, sentence(text));
  show_text(*remedy_, sentence(QString::fromStdString(gaze.drift.remedy)));
}

}  // namespace yarbus::ui
