#include "ui/calibration/folded_text.h"

#include <QVBoxLayout>

namespace yarbus::ui {

FoldedText::FoldedText(const QString& title, bool is_open, QWidget* parent)
    : QWidget(parent), heading_(new QToolButton(this)), text_(new QLabel(this)) {
  heading_->setText(title);
  heading_->setCheckable(true);
  heading_->setAutoRaise(true);
  heading_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  heading_->setFocusPolicy(Qt::StrongFocus);
  text_->setTextFormat(Qt::RichText);
  text_->setWordWrap(true);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  text_->setContentsMargins(22, 0, 0, 4);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(heading_);
  column->addWidget(text_);
  connect(heading_, &QToolButton::toggled, this, &FoldedText::open);
  heading_->setChecked(is_open);
  open(is_open);
}

void FoldedText::set_html(const QString& html) {
  text_->setText(html);
  setVisible(!html.isEmpty());
}

void FoldedText::open(bool is_open) {
  heading_->setChecked(is_open);
  heading_->setArrowType(is_open ? Qt::DownArrow : Qt::RightArrow);
  text_->setVisible(is_open);
}

}  // namespace yarbus::ui
