#pragma once

#include <QLabel>
#include <QSettings>
#include <QToolButton>
#include <QWidget>

#include "ui/trace_view.h"

namespace yarbus::ui {

/// The traces with what is done with them: hold still, see more or less, save; and a line that says what the
/// cursor is at.
class TracePanel : public QWidget {
  Q_OBJECT
 public:
  /// `settings` remembers where traces were saved last; it must outlive the panel.
  explicit TracePanel(QSettings& settings, QWidget* parent = nullptr);

  [[nodiscard]] TraceView& view() { return *view_; }

 Q_SIGNALS:
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);

 private:
  QToolButton* add_button(const QString& icon, const QString& text, const QString& tip);
  void follow_view();
  void follow_cursor();
  void ask_where_to_save();
  void save(const QString& path);

  QSettings& settings_;
  TraceView* view_;
  QLabel* reading_;
  QToolButton* hold_;
  QToolButton* narrower_;
  QToolButton* wider_;
  QToolButton* save_;
};

/// What a point of the traces says, in words: "12.345 s: azimuth 3.2° ± 0.3, …".
QString reading_text(const TracePoint& point);

}  // namespace yarbus::ui
