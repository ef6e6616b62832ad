#include "ui/calibration/page_parts.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <algorithm>

namespace yarbus::ui {

PageFrame::PageFrame(QWidget& page, const QString& title, bool is_scrolled)
    : page_(page),
      title_(wrapped_label(title, &page, 1.45, true)),
      body_(new QWidget(&page)),
      column_(new QVBoxLayout(body_)),
      buttons_(new QHBoxLayout) {
  page.setAccessibleName(title);
  column_->setContentsMargins(20, 8, 20, 8);
  column_->setSpacing(10);
  auto* outer = new QVBoxLayout(&page);
  outer->setContentsMargins(0, 14, 0, 14);
  outer->setSpacing(6);
  title_->setContentsMargins(20, 0, 20, 0);
  outer->addWidget(title_);
  if (is_scrolled) {
    auto* scroll = new QScrollArea(&page);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    scroll->setWidget(body_);
    outer->addWidget(scroll, 1);
  } else {
    outer->addWidget(body_, 1);
  }
  buttons_->setContentsMargins(20, 6, 20, 0);
  buttons_->setSpacing(8);
  buttons_->addStretch(1);
  outer->addLayout(buttons_);
}

void PageFrame::set_title(const QString& title) {
  title_->setText(title);
  page_.setAccessibleName(title);
}

QPushButton* PageFrame::make_button(const QString& text, const QString& name) {
  auto* button = new QPushButton(text, &page_);
  button->setObjectName(name);
  button->setMinimumHeight(30);
  button->setAutoDefault(false);
  return button;
}

QPushButton* PageFrame::add_left_button(const QString& text, const QString& name) {
  QPushButton* button = make_button(text, name);
  buttons_->insertWidget(left_buttons_++, button);
  return button;
}

QPushButton* PageFrame::add_button(const QString& text, const QString& name, bool is_main) {
  QPushButton* button = make_button(text, name);
  if (is_main) {
    button->setAutoDefault(true);
    button->setDefault(true);
    QFont bold = button->font();
    bold.setBold(true);
    button->setFont(bold);
    constexpr int least_px = 130;
    constexpr int margin_px = 16;
    button->setMinimumWidth(std::max(least_px, button->sizeHint().width() + margin_px));
  }
  buttons_->addWidget(button);
  return button;
}

namespace {

/// A wrapping label that would like to be as wide as a page: Qt's own hint is a narrow, high block, for which
/// forms keep room even when the text needs one line.
class PageLabel : public QLabel {
 public:
  using QLabel::QLabel;
  [[nodiscard]] QSize sizeHint() const override {
    const int natural_px = fontMetrics().horizontalAdvance(text()) + 2 * margin() + 2;
    if (natural_px > page_px || textFormat() == Qt::RichText) return {page_px, heightForWidth(page_px)};
    return {natural_px, heightForWidth(natural_px)};
  }
  [[nodiscard]] QSize minimumSizeHint() const override { return {1, fontMetrics().lineSpacing()}; }

 private:
  static constexpr int page_px = 700;
};

}  // namespace

QLabel* wrapped_label(const QString& text, QWidget* parent, double point_scale, bool is_bold) {
  auto* label = new PageLabel(text, parent);
  label->setWordWrap(true);
  QFont font = label->font();
  font.setPointSizeF(point_scale * font.pointSizeF());
  font.setBold(is_bold);
  label->setFont(font);
  return label;
}

void show_text(QLabel& label, const QString& text) {
  if (label.text() != text) label.setText(text);
  label.setVisible(!text.isEmpty());
}

}  // namespace yarbus::ui
