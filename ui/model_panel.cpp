#include "ui/model_panel.h"

#include <QAbstractItemView>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/action_button.h"
#include "ui/certainty_text.h"
#include "ui/mode_text.h"
#include "ui/scrolled_content.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

QLabel* model_text_label(QWidget* parent, const QString& name) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  label->setAccessibleName(name);
  label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
  return label;
}

QString model_capitalised(const QString& text) { return text.left(1).toUpper() + text.mid(1); }

}  // namespace

ModelPanel::ModelPanel(const WindowActions& actions, QWidget* parent)
    : QWidget(parent),
      stage_(new QComboBox(this)),
      state_(model_text_label(this, "State of the eye model")),
      report_(model_text_label(this, "Report of the last fit")),
      gauge_(model_text_label(this, "What fixes size and depth")),
      kept_(model_text_label(this, "Views kept")),
      focal_(model_text_label(this, "Focal length")),
      mode_(model_text_label(this, "What the camera looks at")),
      gaze_(model_text_label(this, "Certainty of the gaze")),
      diameter_(model_text_label(this, "Certainty of the pupil's diameter")),
      center_(model_text_label(this, "Centre of the eye")),
      pupil_plane_(model_text_label(this, "Centre of the eye to the pupil")),
      cornea_center_(model_text_label(this, "Centre of the eye to the cornea's centre")),
      cornea_radius_(model_text_label(this, "Radius of the cornea")),
      slips_(model_text_label(this, "Slips of the headset")),
      update_(model_text_label(this, "Last update")) {
  setObjectName("model_panel");
  stage_->setObjectName("stage");
  stage_->setAccessibleName("Stage of the fit");
  stage_->setToolTip(
      "How far the eye model is refined; each stage starts from the one before (Ctrl+1 to Ctrl+5)");
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
  form_ = new QFormLayout;
  form_->setHorizontalSpacing(12);
  form_->setVerticalSpacing(6);
  form_->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
  form_->addRow("Stage", stage_);
  form_->addRow("Gaze", gaze_);
  form_->addRow("Pupil diameter", diameter_);
  form_->addRow("Eye centre", center_);
  form_->addRow("Pupil plane", pupil_plane_);
  form_->addRow("Corneal centre", cornea_center_);
  form_->addRow("Corneal radius", cornea_radius_);
  form_->addRow("Slips", slips_);
  form_->addRow("Last update", update_);
  form_->addRow("Views kept", kept_);
  form_->addRow("Focal length", focal_);
  form_->addRow("Mode", mode_);
  form_->addRow("Last fit", report_);
  form_->addRow("Scale", gauge_);
  column->addLayout(form_);
  column->addStretch(1);
  fill_scrolled(*this, content);
}

void ModelPanel::follow(const EyeSnapshot& snapshot) {
  const ModelSnapshot& model = snapshot.model;
  const SourceSnapshot& source = snapshot.source;
  const bool is_open = source.state != PlaybackState::closed && source.state != PlaybackState::failed;
  const QString state = model_text(snapshot);
  state_->setText(state.isEmpty() ? QString("No source open") : model_capitalised(state));
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
  const QString mode = mode_text(source);
  mode_->setText(mode.isEmpty() ? QString("–") : model_capitalised(mode));
  follow_certainty(snapshot);
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

void ModelPanel::follow_certainty(const EyeSnapshot& snapshot) {
  const EyeModelPtr& model = snapshot.model.model;
  const bool is_refraction = snapshot.model.stage == FitStage::refraction;
  for (QLabel* label :
       {gaze_, diameter_, center_, pupil_plane_, cornea_center_, cornea_radius_, slips_, update_})
    form_->setRowVisible(label, is_refraction);
  for (QLabel* label : {report_, gauge_}) form_->setRowVisible(label, !is_refraction);
  if (!is_refraction) return;
  if (!model || model->stage != FitStage::refraction) {
    for (QLabel* label :
         {gaze_, diameter_, center_, pupil_plane_, cornea_center_, cornea_radius_, slips_, update_})
      label->setText("–");
    return;
  }
  const FitReport& report = model->report;
  const auto sigma_deg = gaze_sigma_deg(snapshot);
  gaze_->setText(sigma_deg ? angle_sigma_text(*sigma_deg) + " in each direction" : QString("–"));
  diameter_->setText(report.pupil_diameter_sigma_mm > 0.0
                         ? QString("±%1 mm").arg(report.pupil_diameter_sigma_mm, 0, 'f', 2)
                         : QString("–"));
  center_->setText(eye_center_text(*model));
  pupil_plane_->setText(anatomy_text(*model, AnatomyLength::pupil_plane));
  cornea_center_->setText(anatomy_text(*model, AnatomyLength::corneal_centre));
  cornea_radius_->setText(anatomy_text(*model, AnatomyLength::corneal_radius));
  slips_->setText(report.slips > 0 ? model_capitalised(slips_text(report.slips)) : QString("None noticed"));
  update_->setText(QString(report.frames_used == 1 ? "number %1, %2 frame used, %3 px rms"
                                                   : "number %1, %2 frames used, %3 px rms")
                       .arg(model->version)
                       .arg(report.frames_used)
                       .arg(report.rms_px, 0, 'f', 2));
}

}  // namespace yarbus::ui
