#include "ui/viewing/task_table.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace yarbus::ui {

namespace {

constexpr int text_column = 0;
constexpr int seconds_column = 1;

QPushButton* table_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setAutoDefault(false);
  return button;
}

}  // namespace

TaskTable::TaskTable(QWidget* parent)
    : QWidget(parent),
      table_(new QTableWidget(0, 2, this)),
      add_(table_button("&Add task", "task_add", this)),
      remove_(table_button("Re&move", "task_remove", this)),
      up_(table_button("Move &up", "task_up", this)),
      down_(table_button("Move do&wn", "task_down", this)) {
  table_->setObjectName("task_table");
  table_->setAccessibleName("Tasks");
  table_->setHorizontalHeaderLabels({"Task, as the viewer reads it", "Picture shown for"});
  table_->horizontalHeader()->setSectionResizeMode(text_column, QHeaderView::Stretch);
  table_->horizontalHeader()->setSectionResizeMode(seconds_column, QHeaderView::ResizeToContents);
  // Not by its contents: a text that is wrapped before the table has its width would make tall rows.
  table_->verticalHeader()->setDefaultSectionSize(2 * fontMetrics().lineSpacing() + 4);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  // Tab leaves the table; arrows and F2 or typing work within it.
  table_->setTabKeyNavigation(false);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* button : {add_, remove_, up_, down_}) buttons->addWidget(button);
  buttons->addStretch(1);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(table_, 1);
  column->addLayout(buttons);
  connect(add_, &QPushButton::clicked, this, &TaskTable::add);
  connect(remove_, &QPushButton::clicked, this, &TaskTable::remove);
  connect(up_, &QPushButton::clicked, this, [this] { move(-1); });
  connect(down_, &QPushButton::clicked, this, [this] { move(1); });
  connect(table_, &QTableWidget::itemSelectionChanged, this, &TaskTable::follow_choice);
  connect(table_, &QTableWidget::itemChanged, this, &TaskTable::changed);
  follow_choice();
}

void TaskTable::add_row(int row, const ViewingTask& task) {
  const QSignalBlocker quiet(table_);
  table_->insertRow(row);
  table_->setItem(row, text_column, new QTableWidgetItem(QString::fromStdString(task.text)));
  auto* seconds = new QDoubleSpinBox(table_);
  seconds->setRange(viewing_bounds::shortest_picture_s, viewing_bounds::longest_picture_s);
  seconds->setDecimals(1);
  seconds->setSuffix(" s");
  seconds->setValue(task.seconds);
  seconds->setAccessibleName("Seconds that the picture is shown for this task");
  connect(seconds, &QDoubleSpinBox::valueChanged, this, &TaskTable::changed);
  table_->setCellWidget(row, seconds_column, seconds);
}

void TaskTable::set_tasks(const std::vector<ViewingTask>& tasks) {
  {
    const QSignalBlocker quiet(table_);
    table_->setRowCount(0);
  }
  for (const ViewingTask& task : tasks) add_row(table_->rowCount(), task);
  if (!tasks.empty()) table_->setCurrentCell(0, text_column);
  follow_choice();
  Q_EMIT changed();
}

std::vector<ViewingTask> TaskTable::tasks() const {
  std::vector<ViewingTask> tasks;
  for (int row = 0; row < table_->rowCount(); ++row) {
    const QTableWidgetItem* text = table_->item(row, text_column);
    const auto* seconds = qobject_cast<const QDoubleSpinBox*>(table_->cellWidget(row, seconds_column));
    tasks.push_back({text != nullptr ? text->text().trimmed().toStdString() : std::string(),
                     seconds != nullptr ? seconds->value() : ViewingTask().seconds});
  }
  return tasks;
}

void TaskTable::add() {
  std::vector<ViewingTask> all = tasks();
  const int row = table_->currentRow() < 0 ? table_->rowCount() : table_->currentRow() + 1;
  add_row(row, {"", all.empty() ? ViewingTask().seconds : all.back().seconds});
  table_->setCurrentCell(row, text_column);
  table_->setFocus();
  table_->editItem(table_->item(row, text_column));
  follow_choice();
  Q_EMIT changed();
}

void TaskTable::remove() {
  const int row = table_->currentRow();
  if (row < 0) return;
  table_->removeRow(row);
  if (table_->rowCount() > 0) table_->setCurrentCell(std::min(row, table_->rowCount() - 1), text_column);
  follow_choice();
  Q_EMIT changed();
}

void TaskTable::move(int by) {
  const int row = table_->currentRow();
  const int to = row + by;
  if (row < 0 || to < 0 || to >= table_->rowCount()) return;
  std::vector<ViewingTask> all = tasks();
  std::swap(all[static_cast<std::size_t>(row)], all[static_cast<std::size_t>(to)]);
  set_tasks(all);
  table_->setCurrentCell(to, text_column);
}

void TaskTable::follow_choice() {
  const int row = table_->currentRow();
  add_->setEnabled(table_->rowCount() < static_cast<int>(viewing_bounds::most_tasks));
  remove_->setEnabled(row >= 0);
  up_->setEnabled(row > 0);
  down_->setEnabled(row >= 0 && row + 1 < table_->rowCount());
}

}  // namespace yarbus::ui
