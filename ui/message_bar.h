#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <deque>
#include <functional>

#include "app/session/session.h"

namespace yarbus::ui {

/// "Note", "Warning", "Error".
QString severity_word(Notice::Severity severity);
/// The name of its tool icon.
QString severity_icon(Notice::Severity severity);
/// With a capital letter, unless it begins with a path, and a full stop.
QString as_sentence(QString text);

/// Says what happened and what to do about it, above the image; the newest first, offers last. Never
/// modal. News that need
/// nothing done go away by themselves; warnings and errors stay until dismissed.
class MessageBar : public QFrame {
  Q_OBJECT
 public:
  explicit MessageBar(QAction* dismiss, QWidget* parent = nullptr);

  void show_message(Notice::Severity severity, const QString& text, const QString& remedy);
  void show_notice(const Notice& notice);
  /// A message with a button, which stays: pressing it does what it says and dismisses the message.
  void show_offer(const QString& text, const QString& remedy, const QString& button,
                  const std::function<void()>& accepted,
                  Notice::Severity severity = Notice::Severity::warning);
  /// Drops the message shown; the one before it comes back.
  void dismiss();
  [[nodiscard]] QString text() const { return text_->text(); }
  [[nodiscard]] std::size_t waiting() const { return messages_.size(); }

 Q_SIGNALS:
  /// Every message, as it comes.
  void said(yarbus::Notice::Severity severity, const QString& text, const QString& remedy);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Message {
    Notice::Severity severity = Notice::Severity::info;
    QString text;
    QString remedy;
    QString button;  ///< empty: none
    std::function<void()> accepted;
    /// News that need nothing done.
    [[nodiscard]] bool goes_by_itself() const {
      return severity == Notice::Severity::info && button.isEmpty();
    }
  };
  void add(const Message& message);
  void accept_offer();
  void refresh();
  void style();

  std::deque<Message> messages_;  ///< newest last
  QLabel* icon_;
  QLabel* text_;
  QPushButton* offer_;
  QLabel* more_;
  QTimer fade_;
  bool is_styled_dark_ = false;
};

}  // namespace yarbus::ui
