#include "ui/model_panel.h"

#include <QAbstractItemView>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/scrolled_content.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

QLabel* text_label(QWidget* parent, const QString& name) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  label->setAccessibleName(name);
  label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  return label;
}

QToolButton* button_for(QAction* action, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setDefaultAction(action);
  button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  button->setFocusPolicy(Qt::StrongFocus);
  button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  return button;
}

QString capitalised(const QString& text) { return text.left(1).toUpper() + text.mid(1); }

}  // namespace

ModelPanel::ModelPanel(const WindowActions& actions, QWidget* parent)
    : QWidget(parent),
      stage_(new QComboBox(this)),
      state_(text_label(this, "State of the eye model")),
      report_(text_label(this, "Report of the last fit")),
      gauge_(text_label(this, "What fixes size and depth")),
      kept_(text_label(this, "Views kept")),
      focal_(text_label(this, "Focal length")) {
  setObjectName("model_panel");
  stage_->setObjectName("stage");
  stage_->setAccessibleName("Stage of the fit");
  stage_->setToolTip(
      "How far the eye model is refined; each stage starts from the one before (Ctrl+1 to Ctrl+4)");
  for (const QAction* action : actions.stages) {
    const auto stage = static_cast<FitStage>(action->data().toInt());
    stage_->addItem(stage_name(stage), static_cast<int>(stage));
  }
  connect(stage_, &QComboBox::activated, this,
          [this] { Q_EMIT stage_chosen(static_cast<FitStage>(stage_->currentData().toInt())); });
  QFont strong = state_->font();
  strong.setBold(true);
  state_->setFont(strong);

  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(10, 10, 10, 10);
  column->setSpacing(8);
  column->addWidget(state_);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(6);
  for (QAction* action : {actions.refit, actions.freeze, actions.reset_model})
    buttons->addWidget(button_for(action, content));
  column->addLayout(buttons);
  auto* form = new QFormLayout;
  form->setHorizontalSpacing(12);
  form->setVerticalSpacing(6);
  form->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
  form->addRow("Stage", stage_);
  form->addRow("Views kept", kept_);
  form->addRow("Focal length", focal_);
  form->addRow("Last fit", report_);
  form->addRow("Scale", gauge_);
  column->addLayout(form);
  column->addStretch(1);
  fill_scrolled(*this, content);
}

void ModelPanel::follow(const EyeSnapshot& snapshot) {
  const ModelSnapshot& model = snapshot.model;
  const SourceSnapshot& source = snapshot.source;
  const bool is_open = source.state != PlaybackState::closed && source.state != PlaybackState::failed;
  const QString state = model_text(snapshot);
  state_->setText(state.isEmpty() ? QString("No source open") : capitalised(state));
  stage_->setEnabled(is_open);
  if (!stage_->view()->isVisible()) {
    const QSignalBlocker quiet(stage_);
    stage_->setCurrentIndex(stage_->findData(static_cast<int>(model.stage)));
  }
  kept_->setText(is_open ? QString("%1 observations").arg(model.observations_kept) : QString("–"));
  focal_->setText(is_open && source.focal_px > 0.0
                      ? QString("%1 px%2")
                            .arg(source.focal_px, 0, 'f', 0)
                            .arg(source.focal_length_is_assumed
                                     ? ", assumed: sizes and depths are approximate"
                                     : ", as given")
                      : QString("–"));
  if (!model.last_report.was_run) {
    report_->setText("–");
    gauge_->setText("–");
    return;
  }
  // The gauge has its own row.
  FitReport report = model.last_report;
  gauge_->setText(report.gauge.empty() ? QString("–") : QString::fromStdString(report.gauge));
  report.gauge.clear();
  report_->setText(QString::fromStdString(report.to_text()));
}

}  // namespace yarbus::ui
