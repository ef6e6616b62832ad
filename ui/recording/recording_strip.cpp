#include "ui/recording/recording_strip.h"

#include <QHBoxLayout>
#include <QStringList>
#include <QVBoxLayout>

#include "ui/calibration/page_parts.h"
#include "ui/recording/recording_words.h"

namespace yarbus::ui {

namespace {
constexpr int mark_shown_ms = 4000;

void say(QLabel& label, const QString& text) {
  if (label.text() != text) show_text(label, text);
}
}  // namespace

RecordingStrip::RecordingStrip(QWidget* parent)
    : QFrame(parent),
      state_(new QLabel(this)),
      mark_(new QLabel(this)),
      gaps_(wrapped_label({}, this)),
      warning_(wrapped_label({}, this, 1.0, true)) {
  setObjectName("recording_strip");
  setAccessibleName("Recording");
  state_->setObjectName("recording_state");
  mark_->setObjectName("recording_mark");
  gaps_->setObjectName("recording_gaps");
  warning_->setObjectName("recording_warning");
  for (QLabel* label : {state_, mark_, gaps_, warning_}) label->setTextFormat(Qt::PlainText);
  QFont bold = mark_->font();
  bold.setBold(true);
  mark_->setFont(bold);
  state_->setSizePolicy(QSizePolicy::Ignored,
                        QSizePolicy::Preferred);  // a long name must not widen the window
  auto* row = new QHBoxLayout;
  row->addWidget(state_, 1);
  row->addWidget(mark_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 6, 12, 6);
  column->setSpacing(3);
  column->addLayout(row);
  column->addWidget(gaps_);
  column->addWidget(warning_);
  for (QLabel* label : {mark_, gaps_, warning_}) label->hide();
  mark_shown_.setSingleShot(true);
  mark_shown_.setInterval(mark_shown_ms);
  connect(&mark_shown_, &QTimer::timeout, this, [this] { say(*mark_, {}); });
  hide();
}

void RecordingStrip::follow(const RecordingView& view) {
  if (!is_active(view)) {
    if (isHidden()) return;
    say(*mark_, {});
    hide();
    return;
  }
  if (const QString state = recording_text(view); state != state_->text()) state_->setText(state);
  state_->setToolTip(QString::fromStdString(view.codec));
  say(*gaps_, gaps_text(view));
  say(*warning_, view.warning.empty() ? QString() : "Warning: " + QString::fromStdString(view.warning));
  setAccessibleDescription(text());
  show();
}

void RecordingStrip::show_mark(const QString& label, std::chrono::nanoseconds at) {
  say(*mark_, QString("Marked “%1” at %2").arg(label, elapsed_text(at)));
  mark_shown_.start();
  setAccessibleDescription(text());
}

QString RecordingStrip::text() const {
  QStringList parts;
  for (const QLabel* label : {state_, mark_, gaps_, warning_}) {
    if (!label->text().isEmpty()) parts << label->text();
  }
  return parts.join(' ');
}

}  // namespace yarbus::ui
