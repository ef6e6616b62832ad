#include "ui/health_panel.h"

#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/mode_text.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

QLabel* value_label(QWidget* parent, const QString& name) {
  auto* label = new QLabel("–", parent);
  label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  label->setAccessibleName(name);
  return label;
}

QString ms_text(std::chrono::nanoseconds time) {
  return time.count() == 0 ? QString("–")
                           : QString::number(std::chrono::duration<double, std::milli>(time).count(), 'f', 2);
}

QString rate_text(double rate_hz) {
  return rate_hz > 0.0 ? QString("%1 Hz").arg(rate_hz, 0, 'f', 1) : QString("–");
}

QLabel* header(const QString& text, QWidget* parent, Qt::Alignment alignment) {
  auto* label = new QLabel(text, parent);
  QFont font = label->font();
  font.setBold(true);
  label->setFont(font);
  label->setAlignment(alignment);
  return label;
}

}  // namespace

HealthPanel::HealthPanel(QWidget* parent)
    : QWidget(parent), summary_(new QLabel(this)), both_(new QLabel(this)) {
  setObjectName("health_panel");
  summary_->setWordWrap(true);
  QFont strong = summary_->font();
  strong.setBold(true);
  summary_->setFont(strong);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(10, 10, 10, 10);
  column->setSpacing(10);
  column->addWidget(summary_);
  both_->setObjectName("both_eyes");
  both_->setAccessibleName("State of both eyes");
  both_->setWordWrap(true);
  both_->hide();
  column->addWidget(both_);

  const std::array<const char*, row_count> names{
      "Frames in",          "Samples out",       "Captured",   "Processed",
      "Lost by the source", "Skipped for newer", "Stale fits", "Blinks"};
  auto* counters = new QGridLayout;
  counters->setHorizontalSpacing(14);
  counters->setVerticalSpacing(4);
  // Two columns of name and value.
  constexpr int rows = static_cast<int>(row_count) / 2;
  for (int i = 0; i < static_cast<int>(row_count); ++i) {
    const auto at = static_cast<std::size_t>(i);
    values_[at] = value_label(content, names[at]);
    const int column_of = 2 * (i / rows);
    names_[at] = new QLabel(names[at], content);
    counters->addWidget(names_[at], i % rows, column_of);
    counters->addWidget(values_[at], i % rows, column_of + 1);
  }
  counters->setColumnStretch(1, 1);
  counters->setColumnStretch(3, 1);
  column->addLayout(counters);

  auto* stages = new QGridLayout;
  stages->setHorizontalSpacing(14);
  stages->setVerticalSpacing(4);
  stages->addWidget(header("Time per frame (ms)", content, Qt::AlignLeft), 0, 0);
  const std::array<const char*, 3> columns{"p50", "p95", "p99"};
  const std::array<const char*, stage_count> stage_names{"Find the pupil", "Apply the model",
                                                         "Camera to gaze"};
  for (int i = 0; i < 3; ++i)
    stages->addWidget(header(columns[static_cast<std::size_t>(i)], content, Qt::AlignRight), 0, i + 1);
  for (int s = 0; s < static_cast<int>(stage_count); ++s) {
    const auto stage = static_cast<std::size_t>(s);
    stage_names_[stage] = new QLabel(stage_names[stage], content);
    stages->addWidget(stage_names_[stage], s + 1, 0);
    for (int i = 0; i < 3; ++i) {
      const auto at = static_cast<std::size_t>(i);
      times_[stage][at] = value_label(content, QString("%1, %2, ms").arg(stage_names[stage], columns[at]));
      stages->addWidget(times_[stage][at], s + 1, i + 1);
    }
  }
  stages->setColumnStretch(0, 2);
  for (int i = 1; i <= 3; ++i) stages->setColumnStretch(i, 1);
  column->addLayout(stages);
  column->addStretch(1);
  content->setMinimumHeight(1);  // what the text needs at the width it gets, not at its narrowest
  auto* scroll = new QScrollArea(this);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setWidgetResizable(true);
  scroll->setWidget(content);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scroll);
}

void HealthPanel::follow_both(const QString& text) {
  both_->setVisible(!text.isEmpty());
  both_->setText(text.left(1).toUpper() + text.mid(1));
}

void HealthPanel::follow(const EyeSnapshot& snapshot) {
  if (!isVisible()) return;
  const HealthSnapshot& health = snapshot.health;
  // A webcam has no eye model.
  const bool sees_face = is_webcam(snapshot);
  stage_names_[detect]->setText(sees_face ? "Face and irises" : "Find the pupil");
  stage_names_[predict]->setVisible(!sees_face);
  for (QLabel* time : times_[predict]) time->setVisible(!sees_face);
  names_[stale_fits]->setVisible(!sees_face);
  values_[stale_fits]->setVisible(!sees_face);
  const bool is_open = snapshot.source.state != PlaybackState::closed;
  const QString text = health_text(snapshot);
  summary_->setText(is_open ? text.left(1).toUpper() + text.mid(1) : QString("No source open"));
  values_[rate_in]->setText(rate_text(health.capture_rate_hz));
  values_[rate_out]->setText(rate_text(health.sample_rate_hz));
  values_[captured]->setText(QString::number(health.frames_captured));
  values_[processed]->setText(QString::number(health.frames_processed));
  values_[lost_by_source]->setText(QString::number(health.dropped_by_source));
  values_[lost_by_queue]->setText(QString::number(health.dropped_by_queue));
  values_[stale_fits]->setText(QString::number(health.stale_fits));
  values_[blinks]->setText(QString::number(snapshot.blink_count));
  const std::array<const Percentiles*, stage_count> stages{&health.detect, &health.predict, &health.total};
  for (std::size_t i = 0; i < stage_count; ++i) {
    times_[i][0]->setText(ms_text(stages[i]->p50));
    times_[i][1]->setText(ms_text(stages[i]->p95));
    times_[i][2]->setText(ms_text(stages[i]->p99));
  }
}

}  // namespace yarbus::ui
