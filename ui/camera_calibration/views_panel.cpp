#include "ui/camera_calibration/views_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/calibration/page_parts.h"
#include "ui/camera_calibration/camera_words.h"
#include "ui/icons.h"

namespace yarbus::ui {

namespace {

constexpr int id_role = Qt::UserRole;

QString state_of(const CameraCalibrationView& view) {
  if (view.is_removed) return "taken out";
  return std::isfinite(view.error_px) ? "used" : "not computed yet";
}

/// All that the list shows.
QString signature(const CameraCalibrationSnapshot& now) {
  QString text;
  for (const CameraCalibrationView& view : now.views)
    text += QString("%1 %2 %3;").arg(view.id).arg(view.error_px).arg(view.is_removed ? 1 : 0);
  return text;
}

}  // namespace

ViewsPanel::ViewsPanel(CameraCalibrationControl& control, QWidget* parent)
    : QWidget(parent),
      control_(control),
      count_(wrapped_label({}, this, 1.1, true)),
      list_(new QTreeWidget(this)),
      text_(wrapped_label({}, this)),
      not_taken_(new FoldedText("Pictures that gave no view", false, this)),
      remove_(new QPushButton("Remo&ve this view", this)) {
  setObjectName("views_panel");
  count_->setObjectName("views_count");
  list_->setObjectName("views_list");
  list_->setAccessibleName("Views kept");
  list_->setRootIsDecorated(false);
  list_->setAlternatingRowColors(true);
  list_->setHeaderLabels({"View", "From", "Error", "State"});
  text_->setObjectName("view_text");
  remove_->setObjectName("view_remove");
  remove_->setAutoDefault(false);
  remove_->setToolTip("Remove this view (Del)");
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(remove_);
  buttons->addStretch(1);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(count_);
  column->addWidget(list_, 1);
  column->addWidget(text_);
  column->addLayout(buttons);
  column->addWidget(not_taken_);
  not_taken_->set_html({});
  setFocusProxy(list_);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &ViewsPanel::follow_choice);
  connect(remove_, &QPushButton::clicked, this, &ViewsPanel::remove_chosen);
  fill();
}

void ViewsPanel::follow(const CameraCalibrationSnapshot& now) {
  QString lines;
  for (const std::string& line : now.not_taken)
    lines += QString::fromStdString(line).toHtmlEscaped() + "<br>";
  if (not_taken_->html() != lines) not_taken_->set_html(lines);
  const QString since = since_result_words(now);
  count_->setText(view_count_words(now) + (since.isEmpty() ? QString() : ". " + since));
  const QString what = signature(now);
  if (what == shown_) return;
  shown_ = what;
  views_ = now.views;
  fill();
}

void ViewsPanel::fill() {
  // The view chosen may be gone from `views_`, but not yet from the list.
  const QList<QTreeWidgetItem*> before = list_->selectedItems();
  const int id = before.isEmpty() ? 0 : before.first()->data(0, id_role).toInt();
  const int row_before = before.isEmpty() ? 0 : list_->indexOfTopLevelItem(before.first());
  {
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const CameraCalibrationView& view : views_) {
      auto* item = new QTreeWidgetItem(list_);
      item->setData(0, id_role, view.id);
      item->setText(0, QString::number(view.id));
      item->setText(1, view.picture.empty() ? QString("camera") : QString::fromStdString(view.picture));
      item->setText(2, error_text(view.error_px));
      item->setText(3, state_of(view));
      item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
      if (view.is_removed) item->setIcon(3, tool_icon("warning"));
      item->setToolTip(3, QString::fromStdString(view.reason));
      if (view.id == id) list_->setCurrentItem(item);
    }
    // The one that took the place of a view removed, so that the next key finds one.
    if (list_->currentItem() == nullptr && id != 0 && !views_.empty())
      list_->setCurrentItem(list_->topLevelItem(std::min(row_before, list_->topLevelItemCount() - 1)));
    for (int column = 0; column < 3; ++column) list_->resizeColumnToContents(column);
    list_->setColumnWidth(1, std::min(180, list_->columnWidth(1)));
  }
  follow_choice();
}

const CameraCalibrationView* ViewsPanel::chosen() const {
  const QList<QTreeWidgetItem*> items = list_->selectedItems();
  if (items.isEmpty()) return nullptr;
  const int id = items.first()->data(0, id_role).toInt();
  const auto view = std::find_if(views_.begin(), views_.end(),
                                 [id](const CameraCalibrationView& each) { return each.id == id; });
  return view != views_.end() ? &*view : nullptr;
}

void ViewsPanel::follow_choice() {
  const CameraCalibrationView* view = chosen();
  remove_->setEnabled(view != nullptr);
  if (views_.empty()) {
    text_->setText("None is kept yet. Show the board, or load pictures of it.");
  } else if (view == nullptr) {
    text_->setText("Choose a view to see its outline in the picture.");
  } else if (view->is_removed) {
    text_->setText(
        QString("View %1 was taken out: %2.").arg(view->id).arg(QString::fromStdString(view->reason)));
  } else {
    text_->setText(QString("View %1: %2.")
                       .arg(view->id)
                       .arg(std::isfinite(view->error_px) ? "error " + error_text(view->error_px)
                                                          : QString("not computed yet")));
  }
  Q_EMIT selected(view != nullptr ? view->id : 0);
}

void ViewsPanel::remove_chosen() {
  if (const CameraCalibrationView* view = chosen()) control_.remove_view(view->id);
}

void ViewsPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Delete) {
    remove_chosen();
  } else {
    QWidget::keyPressEvent(event);
  }
}

}  // namespace yarbus::ui
