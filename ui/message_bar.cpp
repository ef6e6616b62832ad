#include "ui/message_bar.h"

#include <QEvent>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <algorithm>

#include "ui/icons.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

constexpr std::size_t most_messages = 20;
constexpr int info_shown_ms = 8000;
constexpr int icon_px = 20;

QColor tint(Notice::Severity severity, bool dark) {
  switch (severity) {
    case Notice::Severity::info:
      return dark ? QColor(38, 62, 92) : QColor(222, 235, 252);
    case Notice::Severity::warning:
      return dark ? QColor(88, 68, 24) : QColor(253, 240, 206);
    case Notice::Severity::error:
      return dark ? QColor(98, 40, 42) : QColor(252, 224, 222);
  }
  return {};
}

}  // namespace

QString severity_word(Notice::Severity severity) {
  switch (severity) {
    case Notice::Severity::info:
      return "Note";
    case Notice::Severity::warning:
      return "Warning";
    case Notice::Severity::error:
      return "Error";
  }
  return {};
}

QString severity_icon(Notice::Severity severity) {
  switch (severity) {
    case Notice::Severity::info:
      return "info";
    case Notice::Severity::warning:
      return "warning";
    case Notice::Severity::error:
      return "error";
  }
  return {};
}

QString as_sentence(QString text) {
  if (text.isEmpty()) return text;
  if (text.at(0).isLower() && !text.contains('/')) text[0] = text.at(0).toUpper();
  if (!text.endsWith('.') && !text.endsWith('!') && !text.endsWith('?')) text += '.';
  return text;
}

MessageBar::MessageBar(QAction* dismiss, QWidget* parent)
    : QFrame(parent),
      icon_(new QLabel(this)),
      text_(new QLabel(this)),
      offer_(new QPushButton(this)),
      more_(new QLabel(this)) {
  setObjectName("message_bar");
  setAccessibleName("Messages");
  setAutoFillBackground(true);
  text_->setWordWrap(true);
  text_->setTextFormat(Qt::RichText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  text_->setFocusPolicy(Qt::ClickFocus);
  auto* close = new QToolButton(this);
  close->setDefaultAction(dismiss);
  close->setIcon(tool_icon("close"));
  close->setToolButtonStyle(Qt::ToolButtonIconOnly);
  close->setAutoRaise(true);
  close->setFocusPolicy(Qt::StrongFocus);
  close->setAccessibleName("Dismiss message");
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 8, 8, 8);
  layout->setSpacing(10);
  layout->addWidget(icon_, 0, Qt::AlignTop);
  layout->addWidget(text_, 1);
  layout->addWidget(offer_);
  layout->addWidget(more_);
  layout->addWidget(close, 0, Qt::AlignTop);
  offer_->setObjectName("message_offer");
  offer_->setAutoDefault(false);
  connect(offer_, &QPushButton::clicked, this, &MessageBar::accept_offer);
  fade_.setSingleShot(true);
  connect(&fade_, &QTimer::timeout, this, &MessageBar::dismiss);
  hide();
}

void MessageBar::show_notice(const Notice& notice) {
  show_message(notice.severity, QString::fromStdString(notice.text), QString::fromStdString(notice.remedy));
}

void MessageBar::show_message(Notice::Severity severity, const QString& text, const QString& remedy) {
  add({severity, text, remedy, {}, {}});
}

void MessageBar::show_offer(const QString& text, const QString& remedy, const QString& button,
                            const std::function<void()>& accepted, Notice::Severity severity) {
  add({severity, text, remedy, button, accepted});
}

void MessageBar::accept_offer() {
  if (messages_.empty()) return;
  const auto accepted = messages_.back().accepted;
  dismiss();
  if (accepted) accepted();
}

void MessageBar::add(const Message& added) {
  // The same thing again moves to the front instead of piling up.
  const auto same = std::find_if(messages_.begin(), messages_.end(), [&](const Message& message) {
    return message.text == added.text && message.remedy == added.remedy;
  });
  if (same != messages_.end()) messages_.erase(same);
  // News do not outlive what comes after them.
  std::erase_if(messages_, [](const Message& message) { return message.goes_by_itself(); });
  // An offer can wait; what has gone wrong is read first.
  const auto place = added.button.isEmpty()
                         ? messages_.end()
                         : std::find_if(messages_.begin(), messages_.end(),
                                        [](const Message& message) { return message.button.isEmpty(); });
  messages_.insert(place, added);
  if (messages_.size() > most_messages) messages_.pop_front();
  Q_EMIT said(added.severity, added.text, added.remedy);
  refresh();
}

void MessageBar::dismiss() {
  if (!messages_.empty()) messages_.pop_back();
  refresh();
}

void MessageBar::refresh() {
  fade_.stop();
  if (messages_.empty()) {
    hide();
    return;
  }
  const Message& message = messages_.back();
  QString html =
      "<b>" + severity_word(message.severity) + ":</b> " + as_sentence(message.text).toHtmlEscaped();
  if (!message.remedy.isEmpty()) html += " " + as_sentence(message.remedy).toHtmlEscaped();
  text_->setText(html);
  offer_->setText(message.button);
  offer_->setVisible(!message.button.isEmpty());
  more_->setText(messages_.size() > 1 ? QString("%1 more").arg(messages_.size() - 1) : QString());
  more_->setVisible(messages_.size() > 1);
  style();
  setAccessibleDescription(message.text + ". " + message.remedy);
  show();
  if (message.goes_by_itself()) fade_.start(info_shown_ms);
}

void MessageBar::style() {
  if (messages_.empty()) return;
  const Notice::Severity severity = messages_.back().severity;
  icon_->setPixmap(tool_icon(severity_icon(severity)).pixmap(QSize(icon_px, icon_px), devicePixelRatioF()));
  QPalette tinted;
  is_styled_dark_ = is_dark(tinted);
  tinted.setColor(QPalette::Window, tint(severity, is_dark(tinted)));
  setPalette(tinted);
}

void MessageBar::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  // The application's palette turned: our own tint must follow it. Our own tint comes here as a change too.
  if ((event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::PaletteChange) &&
      is_dark(QGuiApplication::palette()) != is_styled_dark_)
    style();
}

}  // namespace yarbus::ui
