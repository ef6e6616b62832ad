#include "ui/mode_field.h"

#include <QGridLayout>
#include <algorithm>

#include "ui/mode_text.h"

namespace yarbus::ui {

ModeField::ModeField(QWidget* parent)
    : QWidget(parent), choice_(new QComboBox(this)), text_(new QLabel(this)) {
  choice_->setObjectName("mode");
  choice_->addItem("automatic (recognise)", static_cast<int>(TrackingMode::automatic));
  choice_->addItem("one eye close up (eye camera)", static_cast<int>(TrackingMode::near_eye));
  choice_->addItem("a face (webcam)", static_cast<int>(TrackingMode::webcam));
  text_->setObjectName("mode_text");
  text_->setWordWrap(true);
  auto* caption = new QLabel("The camera &looks at", this);
  caption->setBuddy(choice_);
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(0, 0, 0, 4);
  grid->setHorizontalSpacing(10);
  grid->addWidget(caption, 0, 0);
  grid->addWidget(choice_, 0, 1);
  grid->addWidget(text_, 0, 2);
  grid->setColumnStretch(2, 1);
  const auto follow = [this] { text_->setText(mode_explanation(mode())); };
  connect(choice_, &QComboBox::currentIndexChanged, this, follow);
  connect(choice_, &QComboBox::currentIndexChanged, this, &ModeField::changed);
  follow();
}

TrackingMode ModeField::mode() const { return static_cast<TrackingMode>(choice_->currentData().toInt()); }

void ModeField::set_mode(TrackingMode mode) {
  choice_->setCurrentIndex(std::max(0, choice_->findData(static_cast<int>(mode))));
}

}  // namespace yarbus::ui
