#pragma once

#include <QLabel>
#include <QToolButton>
#include <QWidget>

namespace yarbus::ui {

/// A heading that opens and closes the text below it; gone while there is no text.
class FoldedText : public QWidget {
  Q_OBJECT
 public:
  FoldedText(const QString& title, bool is_open, QWidget* parent = nullptr);
  /// Rich text; empty hides all of it.
  void set_html(const QString& html);
  void open(bool is_open);
  [[nodiscard]] bool is_open() const { return heading_->isChecked(); }
  [[nodiscard]] QString html() const { return text_->text(); }

 private:
  QToolButton* heading_;
  QLabel* text_;
};

}  // namespace yarbus::ui
