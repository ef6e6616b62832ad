#include "ui/scrolled_content.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace yarbus::ui {

void fill_scrolled(QWidget& panel, QWidget* content) {
  content->setMinimumHeight(1);  // what the text needs at the width it gets, not at its narrowest
  auto* scroll = new QScrollArea(&panel);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(content);
  auto* outer = new QVBoxLayout(&panel);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
}

}  // namespace yarbus::ui
