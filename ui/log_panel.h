#pragma once

#include <QComboBox>
#include <QDateTime>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QWidget>

#include "app/session/session.h"

namespace yarbus::ui {

/// Everything that was said since the start: when, how grave in a word, what, and what to do. Can be narrowed
/// and copied. Keeps the last `most_entries`.
class LogPanel : public QWidget {
  Q_OBJECT
 public:
  explicit LogPanel(QWidget* parent = nullptr);

  void add(Notice::Severity severity, const QString& text, const QString& remedy,
           const QDateTime& at = QDateTime::currentDateTime());
  /// One line an entry, its parts separated by tabs: those selected, else all that are shown.
  [[nodiscard]] QString as_text() const;
  void copy() const;

  static constexpr int most_entries = 500;

 private:
  [[nodiscard]] bool is_wanted(const QTreeWidgetItem& entry) const;
  void narrow();
  void count();

  QLineEdit* filter_;
  QComboBox* severities_;
  QLabel* count_;
  QPushButton* copy_;
  QTreeWidget* entries_;
};

}  // namespace yarbus::ui
