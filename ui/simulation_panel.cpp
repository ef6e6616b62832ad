#include "ui/simulation_panel.h"

#include <QAbstractItemView>
#include <QEvent>
#include <QFormLayout>
#include <QGridLayout>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>
#include <cmath>

#include "ui/action_button.h"
#include "ui/scrolled_content.h"
#include "ui/state_text.h"

namespace yarbus::ui {

namespace {

/// One slider: a field of the controls, its range and how it is said.
struct Dial {
  const char* name;
  const char* label;
  const char* tip;
  double SimulationControls::*value;
  double minimum;
  double maximum;
  double step;
  int page_steps;
  int decimals;
  const char* format;  ///< %1 is the number
};

constexpr std::array<Dial, SimulationPanel::slider_count> dials{{
    {"pupil_radius", "&Pupil radius", "Mean radius of the pupil; it breathes a little around it",
     &SimulationControls::pupil_radius_mm, 1.0, 4.0, 0.05, 10, 2, "%1 mm"},
    {"noise", "&Noise", "Noise of the camera's sensor, as a multiple of the scenario's",
     &SimulationControls::noise_factor, 0.0, 5.0, 0.1, 5, 1, "× %1"},
    {"lid_droop", "Lid dr&oop", "The upper lid hangs by this much more", &SimulationControls::lid_droop_deg,
     0.0, 30.0, 1.0, 5, 0, "%1°"},
    {"light", "Li&ght", "Brightness of the image, as a multiple of the scenario's",
     &SimulationControls::light_factor, 0.2, 2.0, 0.05, 4, 2, "× %1"},
    {"off_axis", "O&ff-axis angle", "Angle between the camera and straight ahead",
     &SimulationControls::off_axis_deg, 0.0, 55.0, 1.0, 5, 0, "%1°"},
    {"slip", "Headset slip", "The camera slid down the face by this much, tilting as it does",
     &SimulationControls::slip_mm, -4.0, 4.0, 0.1, 5, 1, "%1 mm"},
}};

constexpr std::array<SimulatedMotion, 5> motions{SimulatedMotion::scenario, SimulatedMotion::look_around,
                                                 SimulatedMotion::pursuit, SimulatedMotion::still,
                                                 SimulatedMotion::follow_pointer};

int steps_of(const Dial& dial, double value) {
  return static_cast<int>(std::lround((value - dial.minimum) / dial.step));
}

double value_at(const Dial& dial, int steps) { return dial.minimum + steps * dial.step; }

QString text_of(const Dial& dial, double value) {
  QString number = QString::number(std::abs(value), 'f', dial.decimals);
  if (value < 0.0 && number.toDouble() != 0.0) number.prepend("−");
  return QString(dial.format).arg(number);
}

QLabel* error_label(QWidget* parent, const QString& object_name, const QString& name) {
  auto* label = new QLabel(parent);
  label->setObjectName(object_name);
  label->setAccessibleName(name);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse);
  return label;
}

}  // namespace

QString motion_name(SimulatedMotion motion) {
  switch (motion) {
    case SimulatedMotion::scenario:
      return "As the scenario has it";
    case SimulatedMotion::look_around:
      return "Look around";
    case SimulatedMotion::pursuit:
      return "Follow a moving target";
    case SimulatedMotion::still:
      return "Hold still where the image is clicked";
    case SimulatedMotion::follow_pointer:
      return "Follow the mouse over the image";
    case SimulatedMotion::look_at:
      return "Look at the calibration's targets";
  }
  return {};
}

SimulationPanel::SimulationPanel(EyeCommands& commands, const WindowActions& actions, QWidget* parent)
    : QWidget(parent),
      commands_(commands),
      motion_(new QComboBox(this)),
      now_(error_label(this, "truth_now", "Error of the newest frame")),
      median_(error_label(this, "truth_median", "Median error of the last frames")) {
  setObjectName("simulation_panel");
  motion_->setObjectName("motion");
  motion_->setAccessibleName("Motion of the simulated eye");
  motion_->setToolTip("What moves the gaze; with the image focused, the arrow keys point like the mouse");
  motion_->setMinimumContentsLength(12);
  motion_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  motion_->installEventFilter(this);
  for (const SimulatedMotion motion : motions)
    motion_->addItem(motion_name(motion), static_cast<int>(motion));
  motion_->setPlaceholderText(motion_name(SimulatedMotion::look_at));  // not for people to choose
  connect(motion_, &QComboBox::activated, this, [this] {
    const auto motion = static_cast<SimulatedMotion>(motion_->currentData().toInt());
    commands_.change_simulation([motion](SimulationControls& controls) { controls.motion = motion; });
  });

  auto* content = new QWidget;
  auto* errors = new QFormLayout;
  errors->setHorizontalSpacing(12);
  errors->setVerticalSpacing(4);
  errors->setLabelAlignment(Qt::AlignLeft | Qt::AlignTop);
  errors->addRow("Error now", now_);
  errors->addRow("Median", median_);
  median_->setToolTip(QString("Over the last %1 frames shown").arg(TruthHistory::kept));
  QFont strong = median_->font();
  strong.setBold(true);
  median_->setFont(strong);

  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(10);
  grid->setVerticalSpacing(4);
  auto* motion_label = new QLabel("&Motion", content);
  motion_label->setBuddy(motion_);
  grid->addWidget(motion_label, 0, 0);
  grid->addWidget(motion_, 0, 1, 1, 2);
  for (std::size_t i = 0; i < slider_count; ++i) {
    const Dial& dial = dials[i];
    auto* slider = new QSlider(Qt::Horizontal, content);
    slider->setObjectName(dial.name);
    slider->setRange(0, steps_of(dial, dial.maximum));
    slider->setPageStep(dial.page_steps);
    slider->setToolTip(dial.tip);
    slider->setFocusPolicy(Qt::StrongFocus);
    slider->installEventFilter(this);
    auto* label = new QLabel(dial.label, content);
    label->setBuddy(slider);
    label->setToolTip(dial.tip);
    auto* value = new QLabel(content);
    value->setObjectName(QString(dial.name) + "_value");
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setMinimumWidth(value->fontMetrics().horizontalAdvance("−0.00 mm"));
    const int row = static_cast<int>(i) + 1;
    grid->addWidget(label, row, 0);
    grid->addWidget(slider, row, 1);
    grid->addWidget(value, row, 2);
    sliders_[i] = slider;
    values_[i] = value;
    connect(slider, &QSlider::valueChanged, this, [this, i](int steps) {
      show_value(i);
      commands_.change_simulation(
          [i, steps](SimulationControls& controls) { controls.*dials[i].value = value_at(dials[i], steps); });
    });
    show_value(i);
  }
  grid->setColumnStretch(1, 1);

  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(6);
  for (QAction* action : {actions.blink, actions.show_truth, actions.reset_simulation})
    buttons->addWidget(button_for(action, content));

  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(10, 10, 10, 10);
  column->setSpacing(8);
  column->addLayout(errors);
  column->addLayout(grid);
  column->addLayout(buttons);
  column->addStretch(1);
  fill_scrolled(*this, content);
}

bool SimulationPanel::eventFilter(QObject* watched, QEvent* event) {
  // The wheel scrolls the panel; it turns only what has the focus.
  if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
    event->ignore();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void SimulationPanel::show_value(std::size_t slider) {
  const Dial& dial = dials[slider];
  const QString text = text_of(dial, value_at(dial, sliders_[slider]->value()));
  values_[slider]->setText(text);
  // Said with its value: a screen reader would read the number of steps.
  sliders_[slider]->setAccessibleName(QString(dial.label).remove('&') + ", " + text);
}

void SimulationPanel::follow() {
  const auto controls = commands_.simulation();
  if (!controls) return;
  if (!motion_->view()->isVisible()) {
    const QSignalBlocker quiet(motion_);
    motion_->setCurrentIndex(motion_->findData(static_cast<int>(controls->motion)));
  }
  for (std::size_t i = 0; i < slider_count; ++i) {
    if (sliders_[i]->isSliderDown()) continue;
    const int steps = steps_of(dials[i], (*controls).*dials[i].value);
    if (steps == sliders_[i]->value()) continue;
    const QSignalBlocker quiet(sliders_[i]);
    sliders_[i]->setValue(steps);
    show_value(i);
  }
}

void SimulationPanel::add_errors(const EyeSnapshot& snapshot) {
  if (snapshot.truth_errors) history_.add(snapshot.latest, *snapshot.truth_errors);
}

void SimulationPanel::show_errors(const EyeSnapshot& snapshot) {
  const bool has_model = snapshot.model.model != nullptr;
  now_->setText(snapshot.truth_errors ? errors_text(*snapshot.truth_errors, has_model) : QString("–"));
  median_->setText(history_.size() > 0 ? errors_text(history_.median(), has_model) : QString("–"));
}

}  // namespace yarbus::ui
