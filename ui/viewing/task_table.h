#pragma once

#include <QPushButton>
#include <QTableWidget>
#include <QWidget>
#include <vector>

#include "app/viewing/viewing_plan.h"

namespace yarbus::ui {

/// The tasks of a plan as a table with a row each, to be typed, added, removed and moved; all of it works
/// from the keyboard.
class TaskTable : public QWidget {
  Q_OBJECT
 public:
  explicit TaskTable(QWidget* parent = nullptr);

  void set_tasks(const std::vector<ViewingTask>& tasks);
  [[nodiscard]] std::vector<ViewingTask> tasks() const;

 Q_SIGNALS:
  void changed();

 private:
  void add_row(int row, const ViewingTask& task);
  void add();
  void remove();
  void move(int by);
  void follow_choice();

  QTableWidget* table_;
  QPushButton* add_;
  QPushButton* remove_;
  QPushButton* up_;
  QPushButton* down_;
};

}  // namespace yarbus::ui
