#include "ui/trace_panel.h"

#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>
#include <cmath>

#include "ui/icons.h"

namespace yarbus::ui {

namespace {

constexpr const char* traces_folder_key = "traces/folder";

QString trace_with_sigma(const QString& name, float value, float sigma, const char* unit, int decimals) {
  if (std::isnan(value)) return {};
  QString text =
      QString(", %1 %2%3").arg(name, QString::number(static_cast<double>(value), 'f', decimals), unit);
  if (std::isfinite(sigma)) text += QString(" ± %1").arg(static_cast<double>(sigma), 0, 'f', decimals);
  return text;
}

}  // namespace

QString reading_text(const TracePoint& point) {
  QString text = QString("%1 s").arg(point.time_s, 0, 'f', 3);
  text += trace_with_sigma("azimuth", point.gaze_azimuth_deg, point.gaze_azimuth_sigma_deg, "°", 2);
  text += trace_with_sigma("elevation", point.gaze_elevation_deg, point.gaze_elevation_sigma_deg, "°", 2);
  text += trace_with_sigma("pupil", point.pupil_diameter_mm, point.pupil_diameter_sigma_mm, " mm", 2);
  if (std::isnan(point.gaze_azimuth_deg)) text += ", no gaze";
  text += QString(", confidence %1").arg(static_cast<double>(point.confidence), 0, 'f', 2);
  if (point.in_blink) text += ", in a blink";
  return text;
}

TracePanel::TracePanel(QSettings& settings, QWidget* parent)
    : QWidget(parent), settings_(settings), view_(new TraceView(this)), reading_(new QLabel(this)) {
  setObjectName("trace_panel");
  reading_->setObjectName("trace_reading");
  reading_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  reading_->setFocusPolicy(Qt::NoFocus);
  reading_->setMinimumWidth(40);
  hold_ = add_button("pause", "Hold",
                     "Hold the traces still (drag or Page Up and Page Down move over the last minute)");
  hold_->setCheckable(true);
  hold_->setObjectName("hold_traces");
  narrower_ = add_button("zoom-in", "Less time", "See less time (+, mouse wheel)");
  wider_ = add_button("zoom-out", "More time", "See more time, up to a minute (−, mouse wheel)");
  save_ = add_button("save", "Save…", "Save what is seen as PNG or SVG");
  save_->setObjectName("save_traces");
  auto* row = new QHBoxLayout;
  row->setContentsMargins(6, 0, 4, 0);
  row->setSpacing(2);
  row->addWidget(reading_, 1);
  for (QToolButton* button : {hold_, narrower_, wider_, save_}) row->addWidget(button);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addLayout(row);
  column->addWidget(view_, 1);
  connect(hold_, &QToolButton::toggled, view_, &TraceView::set_paused);
  connect(narrower_, &QToolButton::clicked, view_, [this] { view_->set_span_s(view_->span_s() / 1.5); });
  connect(wider_, &QToolButton::clicked, view_, [this] { view_->set_span_s(view_->span_s() * 1.5); });
  connect(save_, &QToolButton::clicked, this, &TracePanel::ask_where_to_save);
  connect(view_, &TraceView::view_changed, this, &TracePanel::follow_view);
  connect(view_, &TraceView::cursor_changed, this, &TracePanel::follow_cursor);
  auto* copy = new QShortcut(QKeySequence::Copy, view_);
  copy->setContext(Qt::WidgetShortcut);
  connect(copy, &QShortcut::activated, this, [this] {
    if (const auto point = view_->reading()) QGuiApplication::clipboard()->setText(reading_text(*point));
  });
  follow_view();
  follow_cursor();
}

QToolButton* TracePanel::add_button(const QString& icon, const QString& text, const QString& tip) {
  auto* button = new QToolButton(this);
  button->setIcon(tool_icon(icon));
  button->setText(text);
  button->setAccessibleName(text);
  button->setToolTip(tip);
  button->setAutoRaise(true);
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

void TracePanel::follow_view() {
  hold_->setChecked(view_->is_paused());
  narrower_->setEnabled(view_->span_s() > TraceView::least_span_s);
  wider_->setEnabled(view_->span_s() < TraceView::kept_s);
  follow_cursor();
}

void TracePanel::follow_cursor() {
  if (const auto point = view_->reading()) return reading_->setText(reading_text(*point));
  const QString span = QString::number(view_->span_s(), 'g', 3) + " s";
  reading_->setText(view_->is_paused() ? "Held still: " + span + ". New points wait." : "The last " + span);
}

void TracePanel::ask_where_to_save() {
  view_->set_paused(true);  // what was seen when it was asked for
  auto* dialog = new QFileDialog(this, "Save the traces", settings_.value(traces_folder_key).toString(),
                                 "Picture (*.png);;Drawing (*.svg)");
  dialog->setObjectName("save_traces_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("png");
  dialog->selectFile("traces.png");
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    dialog->setDefaultSuffix(filter.contains("svg") ? "svg" : "png");
  });
  connect(dialog, &QFileDialog::fileSelected, this, &TracePanel::save);
  dialog->open();
}

void TracePanel::save(const QString& path) {
  settings_.setValue(traces_folder_key, QFileInfo(path).absolutePath());
  if (const auto written = view_->save(path); !written) {
    Q_EMIT said(Notice::Severity::error, QString::fromStdString(written.error().message),
                QString::fromStdString(written.error().remedy));
  } else {
    Q_EMIT said(Notice::Severity::info, "The traces are in " + path, {});
  }
}

}  // namespace yarbus::ui
