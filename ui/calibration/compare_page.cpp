#include "ui/calibration/compare_page.h"

#include "ui/report/calibration_tables.h"

namespace yarbus::ui {

ComparePage::ComparePage(QWidget* parent) : QWidget(parent), frame_(*this, "Two calibrations side by side") {
  setObjectName("compare_page");
  auto* row = new QHBoxLayout;
  row->setSpacing(24);
  sides_ = {add_side(*row, "In force"), add_side(*row, "Saved")};
  frame_.column()->addLayout(row);
  frame_.column()->addStretch(1);
  auto* back_button = frame_.add_button("Back", "compare_back");
  use_ = frame_.add_button("Use the saved one", "compare_use", true);
  connect(back_button, &QPushButton::clicked, this, &ComparePage::back);
  connect(use_, &QPushButton::clicked, this, [this] { Q_EMIT use_wanted(path_); });
}

ComparePage::Side ComparePage::add_side(QHBoxLayout& row, const QString& title) {
  QWidget* body = frame_.body();
  Side side;
  auto* column = new QVBoxLayout;
  column->addWidget(wrapped_label(title, body, 1.1, true));
  side.none = wrapped_label("None.", body);
  side.header = new VerdictHeader(body);
  side.quality = new QLabel(body);
  side.map = new ScreenMapView(body);
  side.mappers = new QLabel(body);
  for (QWidget* widget : {static_cast<QWidget*>(side.none), static_cast<QWidget*>(side.header),
                          static_cast<QWidget*>(side.quality), static_cast<QWidget*>(side.map),
                          static_cast<QWidget*>(side.mappers)})
    column->addWidget(widget);
  column->addStretch(1);
  row.addLayout(column, 1);
  return side;
}

void ComparePage::show_side(const Side& side, const CalibrationResultPtr& result) {
  side.none->setVisible(!result);
  side.header->setVisible(result != nullptr);
  side.quality->setVisible(result != nullptr);
  side.map->setVisible(result != nullptr);
  side.mappers->setVisible(result != nullptr);
  if (!result) return;
  side.header->show_result(*result);
  side.quality->setText(html_of(quality_table(*result)));
  side.map->show_map(screen_map_of(*result));
  side.mappers->setText(html_of(mapper_table(*result)));
}

void ComparePage::compare(const CalibrationResultPtr& in_force, const CalibrationResultPtr& saved) {
  show_side(sides_[0], in_force);
  show_side(sides_[1], saved);
  path_ = saved ? QString::fromStdString(saved->path) : QString();
  use_->setEnabled(!path_.isEmpty());
}

}  // namespace yarbus::ui
