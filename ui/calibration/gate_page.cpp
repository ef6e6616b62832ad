#include "ui/calibration/gate_page.h"

#include <algorithm>
#include <cmath>

#include "ui/mode_text.h"
#include "ui/report/calibration_words.h"

namespace yarbus::ui {

GatePage::GatePage(CalibrationControl& control, QWidget* parent)
    : QWidget(parent),
      frame_(*this, "Get ready", false),
      right_(new EyeGateCard(EyeSide::right, this)),
      left_(new EyeGateCard(EyeSide::left, this)),
      intro_(wrapped_label({}, this)),
      text_(wrapped_label({}, this, 1.1)),
      head_(wrapped_label({}, this)),
      progress_(new QProgressBar(this)) {
  setObjectName("gate_page");
  intro_->setObjectName("gate_intro");
  frame_.column()->addWidget(intro_);
  auto* eyes = new QHBoxLayout;
  eyes->setSpacing(20);
  // As in a mirror image of the person: the right eye on the left.
  eyes->addWidget(right_, 1);
  eyes->addWidget(left_, 1);
  frame_.column()->addLayout(eyes, 1);
  text_->setObjectName("gate_text");
  frame_.column()->addWidget(text_);
  progress_->setObjectName("gate_progress");
  progress_->setRange(0, 100);
  progress_->setTextVisible(false);
  progress_->setAccessibleName("How long an eye has been ready");
  progress_->setMaximumHeight(12);
  frame_.column()->addWidget(progress_);
  frame_.column()->addWidget(head_);
  auto* cancel = frame_.add_button("Cancel", "gate_cancel");
  start_ = frame_.add_button("Start now (Space)", "gate_start", true);
  start_->setShortcut(QKeySequence("Space"));
  connect(cancel, &QPushButton::clicked, this, [&control] { control.abort(); });
  connect(start_, &QPushButton::clicked, this, [&control] { control.accept(); });
}

void GatePage::follow(const CalibrationSnapshot& now, const EyeSnapshot& right, const EyeSnapshot& left) {
  // One webcam sees both eyes.
  const bool sees_face = is_webcam(right) || is_webcam(left);
  const EyeSnapshot& webcam = is_webcam(right) ? right : left;
  right_->follow(now.gate[0], sees_face ? webcam : right);
  left_->follow(now.gate[1], sees_face ? webcam : left);
  show_text(*intro_, QString(sees_face ? "Sit at arm's length, face the screen, and look at it. "
                                       : "Sit comfortably, look around, then at the screen. ") +
                         "One eye is enough. The targets come by themselves once an eye is ready: look at "
                         "each until the next one appears.");
  show_text(*text_, sentence(QString::fromStdString(now.gate_text)));
  show_text(*head_, now.request.is_camera_on_head && !sees_face
                        ? "With a camera on the head keep the head still against the screen, best on a chin "
                          "rest: the camera cannot see the head move."
                        : QString());
  progress_->setValue(static_cast<int>(std::lround(100.0 * std::clamp(now.gate_progress, 0.0, 1.0))));
  start_->setEnabled(now.gate[0].is_ready || now.gate[1].is_ready);
}

}  // namespace yarbus::ui
