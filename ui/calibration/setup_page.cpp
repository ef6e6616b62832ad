#include "ui/calibration/setup_page.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <cmath>

#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

QDoubleSpinBox* spin_box(double low, double high, int decimals, const QString& unit, const QString& name,
                         QWidget* parent) {
  auto* box = new QDoubleSpinBox(parent);
  box->setRange(low, high);
  box->setDecimals(decimals);
  box->setSuffix(' ' + unit);
  box->setObjectName(name);
  return box;
}

QComboBox* chooser(const QString& name, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->setObjectName(name);
  return box;
}

/// A text below a field, as wide as the page. `row_made`: its row, to hide it.
QLabel* add_text(QFormLayout& form, QWidget* body, QLayout** row_made = nullptr) {
  QLabel* label = wrapped_label({}, body);
  auto* row = new QHBoxLayout;
  row->addWidget(label, 1);
  form.addRow(QString(), row);
  if (row_made != nullptr) *row_made = row;
  return label;
}

/// Several widgets as one field; the label's key goes to the first.
void add_field(QFormLayout& form, const QString& text, QHBoxLayout* field, QWidget* first, QWidget* body) {
  auto* label = new QLabel(text, body);
  label->setBuddy(first);
  field->setSpacing(8);
  form.addRow(label, field);
}

void choose(QComboBox& box, const QVariant& data) {
  const int index = box.findData(data);
  if (index >= 0) box.setCurrentIndex(index);
}

}  // namespace

SetupPage::SetupPage(QSettings& settings, QWidget* parent)
    : QWidget(parent), settings_(settings), frame_(*this, "Calibrate gaze on the screen") {
  setObjectName("setup_page");
  demo_text_ = wrapped_label(
      "A simulated participant takes your place: their eyes are drawn frame by frame and look at the "
      "targets, "
      "while everything else is as with a real person. Open sources are closed for it.",
      frame_.body());
  frame_.column()->addWidget(demo_text_);
  frame_.column()->addWidget(wrapped_label(
      "You will look at a few dots on the screen, one after the other. It takes about a minute; "
      "nothing needs to be pressed once it has started.",
      frame_.body()));
  webcam_text_ = wrapped_label(
      "With a webcam: put it in the middle above or below the screen and sit at arm's length from it, facing "
      "the screen. Let the light come from the front, not from a window behind you. Turn glasses or lamps so "
      "that no reflection covers an iris. The head may move a little. Expect about 1 to 3 degrees, which is "
      "1 "
      "to 3 cm at 60 cm: enough for areas of the screen, not for words. The check at the end measures yours.",
      frame_.body());
  webcam_text_->setObjectName("setup_webcam");
  frame_.column()->addWidget(webcam_text_);
  auto* form = new QFormLayout;
  form_ = form;
  form->setRowWrapPolicy(QFormLayout::WrapLongRows);
  form->setHorizontalSpacing(18);
  form->setVerticalSpacing(10);
  frame_.column()->addLayout(form);
  frame_.column()->addStretch(1);
  build_screen_part(*form);
  build_target_part(*form);

  auto* cancel = frame_.add_button("Cancel", "setup_cancel");
  auto* start = frame_.add_button("Start", "setup_start", true);
  connect(cancel, &QPushButton::clicked, this, &SetupPage::cancelled);
  connect(start, &QPushButton::clicked, this, &SetupPage::start_wanted);

  const SetupChoices saved = load_setup(settings_);
  distance_cm_->setValue(0.1 * saved.viewing_distance_mm);
  choose(*layout_, static_cast<int>(saved.layout));
  choose(*validation_, saved.validation_points);
  choose(*pace_, saved.advance_by_key);
  choose(*camera_, saved.is_camera_on_head);
  head_pass_->setChecked(saved.head_pass);
  set_monitors(list_monitors());
  set_demo(false);
}

void SetupPage::build_screen_part(QFormLayout& form) {
  QWidget* body = frame_.body();
  monitor_ = chooser("setup_monitor", body);
  form.addRow("&Monitor", monitor_);
  connect(monitor_, &QComboBox::currentIndexChanged, this, &SetupPage::follow_monitor);

  width_mm_ = spin_box(40.0, 5000.0, 0, "mm", "setup_width", body);
  height_mm_ = spin_box(40.0, 5000.0, 0, "mm", "setup_height", body);
  width_mm_->setAccessibleName("Width of the picture on the monitor");
  height_mm_->setAccessibleName("Height of the picture on the monitor");
  auto* card = new QPushButton("Check with a bank card…", body);
  card->setObjectName("setup_card");
  card->setAutoDefault(false);
  connect(card, &QPushButton::clicked, this, &SetupPage::card_wanted);
  auto* size = new QHBoxLayout;
  size->addWidget(width_mm_);
  size->addWidget(new QLabel("×", body));
  size->addWidget(height_mm_);
  size->addWidget(card);
  size->addStretch(1);
  add_field(form, "&Size of its picture", size, width_mm_, body);
  size_text_ = add_text(form, body);

  distance_cm_ = spin_box(2.0, 1000.0, 0, "cm", "setup_distance", body);
  auto* distance = new QHBoxLayout;
  distance->addWidget(distance_cm_);
  distance->addWidget(
      wrapped_label("from the eyes to the middle of the screen. Measure with a tape, or stretch "
                    "out an arm: fingertips on the screen are about 60 to 70 cm.",
                    body),
      1);
  add_field(form, "&Viewing distance", distance, distance_cm_, body);
}

void SetupPage::build_target_part(QFormLayout& form) {
  QWidget* body = frame_.body();
  layout_ = chooser("setup_layout", body);
  layout_->addItem("5 points (quick)", static_cast<int>(TargetLayout::five));
  layout_->addItem("9 points (usual)", static_cast<int>(TargetLayout::nine));
  layout_->addItem("13 points (large or near screens)", static_cast<int>(TargetLayout::thirteen));
  layout_->addItem("a moving point (follow it with the eyes)", static_cast<int>(TargetLayout::pursuit));
  form.addRow("&Targets", layout_);
  validation_ = chooser("setup_validation", body);
  validation_->addItem("4 other points", 4);
  validation_->addItem("5 other points", 5);
  validation_->addItem("none: how good it is stays unknown", 0);
  form.addRow("&Then check with", validation_);
  head_pass_ =
      new QCheckBox("Then look at the middle and move the head (10 s; better when you move later)", body);
  head_pass_->setObjectName("setup_head_pass");
  form.addRow("&Head", head_pass_);
  pace_ = chooser("setup_pace", body);
  pace_->addItem("by itself, when the gaze rests on a target", false);
  pace_->addItem("by key: Space at each target", true);
  form.addRow("&Goes on", pace_);
  camera_ = chooser("setup_camera", body);
  camera_->addItem("on the head", true);
  camera_->addItem("fixed to the table or the screen", false);
  form.addRow("Eye &camera", camera_);
  camera_text_ = add_text(form, body, &camera_row_);
  const auto follow_camera = [this] {
    camera_text_->setText(
        camera_->currentData().toBool()
            ? "It cannot see the head move: keep the head still against the screen, best on a chin rest, "
              "as long as you use the calibration."
            : "Keep the head where it is, and the camera too.");
  };
  connect(camera_, &QComboBox::currentIndexChanged, this, follow_camera);
  follow_camera();
  name_ = new QLineEdit(body);
  name_->setObjectName("setup_name");
  name_->setPlaceholderText("of the participant or session; may stay empty");
  form.addRow("&Name", name_);
  fault_ = chooser("setup_fault", body);
  fault_->addItem("none", "");
  fault_->addItem("does not look at the targets", "inattentive");
  fault_->addItem("looks at one place all the time", "one-place");
  fault_->addItem("one eye gets lost", "one-eye-lost");
  fault_->addItem("the cameras slip half-way", "slippage");
  fault_->addItem("the screen is half as large as stated", "wrong-screen-size");
  fault_->addItem("the head moves", "head-moved");
  fault_->addItem("both eyes are shut", "no-eye");
  form.addRow("What goes &wrong", fault_);
}

void SetupPage::set_monitors(const QVector<Monitor>& monitors) {
  const QString before = monitor() != nullptr ? monitor()->key : QString();
  const QSignalBlocker blocker(monitor_);
  monitors_ = monitors;
  monitor_->clear();
  for (const Monitor& one : monitors_) monitor_->addItem(monitor_text(one), one.key);
  choose(*monitor_, last_monitor_key(settings_));
  choose(*monitor_, before);
  follow_monitor();
}

void SetupPage::set_demo(bool is_demo) {
  is_demo_ = is_demo;
  demo_text_->setVisible(is_demo);
  form_->setRowVisible(fault_, is_demo);
  frame_.set_title(is_demo ? "Demo: calibrate a simulated participant" : "Calibrate gaze on the screen");
  follow_kind();
}

void SetupPage::set_webcam(bool is_webcam) {
  is_webcam_ = is_webcam;
  follow_kind();
}

void SetupPage::follow_kind() {
  // A demo brings its own eye cameras.
  const bool sees_face = is_webcam_ && !is_demo_;
  webcam_text_->setVisible(sees_face);
  form_->setRowVisible(camera_, !sees_face);
  form_->setRowVisible(camera_row_, !sees_face);
  form_->setRowVisible(head_pass_, sees_face);
}

const Monitor* SetupPage::monitor() const {
  const int index = monitor_->currentIndex();
  return index >= 0 && index < monitors_.size() ? &monitors_[index] : nullptr;
}

void SetupPage::follow_monitor() {
  if (monitor() == nullptr) return;
  const QSizeF size = monitor_size_mm(settings_, *monitor());
  width_mm_->setValue(size.width());
  height_mm_->setValue(size.height());
  size_text_->setText(
      is_monitor_size_known(settings_, *monitor())
          ? "As the monitor says or as measured last. A wrong size makes all angles wrong: a "
            "bank card held to the screen shows it."
          : "The monitor does not say its size; this is a guess. Check it with a bank card, or "
            "measure the picture.");
}

void SetupPage::use_size(const QSizeF& size_mm) {
  width_mm_->setValue(size_mm.width());
  height_mm_->setValue(size_mm.height());
  size_text_->setText("As measured with the bank card.");
}

SetupChoices SetupPage::choices() const {
  SetupChoices choices;
  if (monitor() != nullptr) choices.monitor_key = monitor()->key;
  choices.viewing_distance_mm = 10.0 * distance_cm_->value();
  choices.layout = static_cast<TargetLayout>(layout_->currentData().toInt());
  choices.validation_points = validation_->currentData().toInt();
  choices.advance_by_key = pace_->currentData().toBool();
  choices.is_camera_on_head = camera_->currentData().toBool();
  choices.head_pass = head_pass_->isChecked();
  choices.name = name_->text();
  return choices;
}

CalibrationRequest SetupPage::request() const {
  ScreenGeometry screen;
  if (monitor() != nullptr) {
    screen =
        screen_geometry(*monitor(), {width_mm_->value(), height_mm_->value()}, 10.0 * distance_cm_->value());
  }
  CalibrationRequest request = request_of(choices(), screen);
  if (is_webcam_ && !is_demo_) {
    request.is_camera_on_head = false;  // what is remembered stays
    request.head_pass = head_pass_->isChecked();
  }
  if (is_demo_) request.demo_fault = fault_->currentData().toString().toStdString();
  return request;
}

void SetupPage::remember() {
  save_setup(settings_, choices());
  if (monitor() == nullptr) return;
  const QSizeF size(width_mm_->value(), height_mm_->value());
  // A size that nobody touched is the monitor's own or a guess: no need to keep it.
  const QSizeF before = monitor_size_mm(settings_, *monitor());
  const bool is_touched =
      std::abs(before.width() - size.width()) > 0.5 || std::abs(before.height() - size.height()) > 0.5;
  if (is_touched) remember_monitor_size(settings_, *monitor(), size);
}

}  // namespace yarbus::ui
