#include "ui/status_line.h"

#include <QHBoxLayout>
#include <QResizeEvent>

#include "ui/state_text.h"

namespace yarbus::ui {

namespace {
QString capitalised(const QString& text) { return text.left(1).toUpper() + text.mid(1); }
}  // namespace

ElidedLabel::ElidedLabel(QWidget* parent) : QLabel(parent) {
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  setTextFormat(Qt::PlainText);
}

void ElidedLabel::set_full_text(const QString& text) {
  if (text == full_text_) return;
  full_text_ = text;
  setToolTip(text);
  setAccessibleName(text);
  elide();
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  elide();
}

void ElidedLabel::elide() { setText(fontMetrics().elidedText(full_text_, Qt::ElideRight, width())); }

StatusLine::StatusLine(QWidget* parent)
    : QWidget(parent),
      source_(new ElidedLabel(this)),
      tracking_(new ElidedLabel(this)),
      model_(new ElidedLabel(this)),
      truth_(new ElidedLabel(this)) {
  setObjectName("status_line");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 3, 10, 3);
  row->setSpacing(20);
  row->addWidget(source_, 3);
  row->addWidget(tracking_, 3);
  row->addWidget(model_, 5);
  row->addWidget(truth_, 5);
  truth_->hide();
}

void StatusLine::follow(const EyeSnapshot& snapshot) {
  const bool has_ended = snapshot.source.state == PlaybackState::ended;
  source_->set_full_text(capitalised(source_text(snapshot.source)) +
                         (has_ended ? " (Space plays it again)" : ""));
  tracking_->set_full_text(capitalised(tracking_text(snapshot)));
  model_->set_full_text(capitalised(model_text(snapshot)));
  // Without a source there is one thing to say, and all the room for it.
  tracking_->setVisible(!tracking_->full_text().isEmpty());
  model_->setVisible(!model_->full_text().isEmpty());
}

void StatusLine::follow_truth(const EyeSnapshot& snapshot) {
  truth_->set_full_text(capitalised(truth_text(snapshot)));
  truth_->setVisible(!truth_->full_text().isEmpty());
}

QString StatusLine::text() const {
  QStringList parts;
  for (const ElidedLabel* label : {source_, tracking_, model_, truth_}) {
    if (!label->full_text().isEmpty()) parts << label->full_text();
  }
  return parts.join(" | ");
}

}  // namespace yarbus::ui
