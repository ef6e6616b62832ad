#pragma once

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QString>
#include <QVBoxLayout>

namespace yarbus::ui {

/// The common look of the wizard's pages: a title, a scrolled body, and a row of buttons at the bottom.
class PageFrame {
 public:
  PageFrame(QWidget& page, const QString& title, bool is_scrolled = true);

  void set_title(const QString& title);
  [[nodiscard]] QWidget* body() const { return body_; }
  [[nodiscard]] QVBoxLayout* column() const { return column_; }
  /// Left of the gap, in the order they are added.
  QPushButton* add_left_button(const QString& text, const QString& name);
  /// Right of the gap. `is_main`: pressed by Enter.
  QPushButton* add_button(const QString& text, const QString& name, bool is_main = false);

 private:
  QPushButton* make_button(const QString& text, const QString& name);
  QWidget& page_;
  QLabel* title_;
  QWidget* body_;
  QVBoxLayout* column_;
  QHBoxLayout* buttons_;
  int left_buttons_ = 0;
};

/// A label whose text wraps; `point_scale` of the usual size.
QLabel* wrapped_label(const QString& text, QWidget* parent, double point_scale = 1.0, bool is_bold = false);
/// Shows the text, or hides the label when there is none.
void show_text(QLabel& label, const QString& text);

}  // namespace yarbus::ui
