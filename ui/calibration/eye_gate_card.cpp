#include "ui/calibration/eye_gate_card.h"

#include <QGridLayout>

#include "ui/calibration/page_parts.h"
#include "ui/icons.h"
#include "ui/mode_text.h"
#include "ui/report/calibration_words.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {
constexpr int gate_icon_px = 22;
}

EyeGateCard::EyeGateCard(EyeSide eye, QWidget* parent)
    : QWidget(parent),
      eye_(eye),
      picture_(new EyeImageView(this)),
      icon_(new QLabel(this)),
      state_(wrapped_label({}, this, 1.1, true)),
      remedy_(wrapped_label({}, this)),
      advice_(wrapped_label({}, this)) {
  setObjectName(eye == EyeSide::right ? "gate_right" : "gate_left");
  picture_->setObjectName("gate_picture");
  picture_->setAccessibleName(eye_name(eye) + " eye now");
  picture_->setFocusPolicy(Qt::NoFocus);
  OverlayOptions options = picture_->overlay();
  options.eyeball = false;
  options.optical_axis = false;
  picture_->set_overlay(options);
  state_->setObjectName("gate_state");
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->addWidget(picture_, 0, 0, 1, 2);
  grid->addWidget(icon_, 1, 0, Qt::AlignTop);
  grid->addWidget(state_, 1, 1);
  grid->addWidget(remedy_, 2, 1);
  grid->addWidget(advice_, 3, 1);
  grid->setColumnStretch(1, 1);
  grid->setRowStretch(0, 1);
}

void EyeGateCard::follow(const EyeGateView& gate, const EyeSnapshot& eye) {
  const bool is_open = eye.source.state != PlaybackState::closed;
  const bool sees_face = is_webcam(eye);
  if (sees_face != is_enlarged_) {
    is_enlarged_ = sees_face;
    picture_->set_enlarged_eye(sees_face ? std::optional(eye_) : std::nullopt);
  }
  picture_->show_sample(is_open ? eye.latest : nullptr);
  picture_->set_waiting_text(sees_face ? "This eye is not seen." : source_text(eye.source));
  const QString name = eye_name(eye_) + " eye: ";
  const bool has_words = gate.is_tracked && !gate.text.empty();
  show_text(*state_, name + (has_words ? QString::fromStdString(gate.text)
                             : is_open ? QString("waiting for frames")
                                       : QString("no camera, not used")));
  show_text(*remedy_, sentence(QString::fromStdString(gate.remedy)));
  QString advice = sentence(QString::fromStdString(gate.advice));
  if (!gate.advice_remedy.empty()) advice += ' ' + sentence(QString::fromStdString(gate.advice_remedy));
  show_text(*advice_, advice);
  const QString icon = gate.is_ready ? (gate.advice.empty() ? "tick" : "warning")
                       : is_open     ? "warning"
                                     : "info";
  if (icon == icon_name_) return;
  icon_name_ = icon;
  icon_->setPixmap(tool_icon(icon).pixmap(QSize(gate_icon_px, gate_icon_px), devicePixelRatioF()));
  icon_->setAccessibleName(gate.is_ready ? "ready" : "not ready");
}

QString EyeGateCard::text() const {
  QStringList parts;
  for (const QLabel* label : {state_, remedy_, advice_}) {
    if (!label->text().isEmpty()) parts << label->text();
  }
  return parts.join(" | ");
}

}  // namespace yarbus::ui
