#include "ui/viewing/viewing_dialog.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QStandardPaths>
#include <algorithm>
#include <limits>

#include "app/viewing/viewing_plan_file.h"
#include "ui/calibration/page_parts.h"
#include "ui/recording/recording_settings.h"
#include "ui/viewing/viewing_example.h"

namespace yarbus::ui {

namespace {

constexpr QSize viewing_dialog_size(860, 660);
constexpr QSize preview_size(240, 150);
constexpr const char* plan_key = "viewing/plan";
constexpr const char* plan_folder_key = "viewing/folder";
constexpr const char* plan_filter = "Viewing plans (*.json);;All files (*)";

QPushButton* viewing_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setAutoDefault(false);
  return button;
}

QString minutes_text(double seconds) {
  if (seconds < 90.0) return QString("%1 s").arg(seconds, 0, 'f', 0);
  return QString("%1 min").arg(seconds / 60.0, 0, 'f', 1);
}

}  // namespace

ViewingDialog::ViewingDialog(QSettings& settings, QWidget* parent)
    : QDialog(parent),
      settings_(settings),
      image_(new QLineEdit(this)),
      preview_(new QLabel(this)),
      tasks_(new TaskTable(this)),
      instruction_(new QDoubleSpinBox(this)),
      waits_for_key_(new QCheckBox("&until Space is pressed", this)),
      order_(new QComboBox(this)),
      seed_(new QSpinBox(this)),
      participant_(new QLineEdit(this)),
      parts_(new QComboBox(this)),
      length_(new QLabel(this)),
      state_(wrapped_label({}, this)),
      problem_(wrapped_label({}, this)),
      calibrate_(viewing_button("&Calibrate…", "viewing_calibrate", this)),
      start_(viewing_button("&Start", "viewing_start", this)) {
  setObjectName("viewing_dialog");
  setWindowTitle("Viewing session");
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(
      wrapped_label("A picture is shown several times, each time with another task in mind. "
                    "Afterwards you see where the gaze went for each task.",
                    this));
  build_plan_part(*column);
  state_->setObjectName("viewing_state");
  problem_->setObjectName("viewing_problem");
  problem_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  for (QLabel* label : {state_, problem_}) label->setTextFormat(Qt::PlainText);
  auto* states = new QHBoxLayout;
  states->addWidget(state_, 1);
  states->addWidget(calibrate_);
  column->addLayout(states);
  column->addWidget(problem_);

  auto* example = viewing_button("&Example", "viewing_example", this);
  example->setToolTip("The picture and the seven tasks that come with Yarbus");
  auto* load = viewing_button("&Load plan…", "viewing_load", this);
  auto* save = viewing_button("Sa&ve plan…", "viewing_save", this);
  auto* close = viewing_button("Close", "viewing_close", this);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* button : {example, load, save}) buttons->addWidget(button);
  buttons->addStretch(1);
  buttons->addWidget(length_);
  buttons->addWidget(start_);
  buttons->addWidget(close);
  column->addLayout(buttons);
  start_->setDefault(true);
  resize(viewing_dialog_size);

  connect(example, &QPushButton::clicked, this, &ViewingDialog::use_example);
  connect(load, &QPushButton::clicked, this, &ViewingDialog::ask_for_plan);
  connect(save, &QPushButton::clicked, this, &ViewingDialog::ask_where_to_save);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(calibrate_, &QPushButton::clicked, this, &ViewingDialog::calibrate_wanted);
  connect(start_, &QPushButton::clicked, this, [this] {
    if (!start_->isEnabled()) return;
    remember();
    show_text(*problem_, {});
    Q_EMIT start_wanted();
  });
  show_text(*problem_, {});
  const auto kept = viewing_plan_from_json(settings_.value(plan_key).toString().toStdString());
  if (kept) {
    set_plan(*kept);
  } else {
    use_example();
  }
}

void ViewingDialog::build_plan_part(QVBoxLayout& column) {
  image_->setObjectName("viewing_image");
  image_->setPlaceholderText("a PNG, JPEG or SVG file");
  preview_->setObjectName("viewing_preview");
  preview_->setFixedSize(preview_size);
  preview_->setAlignment(Qt::AlignCenter);
  preview_->setFrameShape(QFrame::StyledPanel);
  preview_->setWordWrap(true);
  auto* choose = viewing_button("C&hoose…", "viewing_choose", this);
  auto* image_row = new QHBoxLayout;
  image_row->addWidget(image_, 1);
  image_row->addWidget(choose);

  instruction_->setObjectName("viewing_instruction");
  instruction_->setRange(0.0, viewing_bounds::longest_instruction_s);
  instruction_->setDecimals(1);
  instruction_->setSuffix(" s");
  instruction_->setAccessibleName("Seconds that each task is shown before the picture");
  waits_for_key_->setObjectName("viewing_waits_for_key");
  auto* instruction_row = new QHBoxLayout;
  instruction_row->addWidget(instruction_);
  instruction_row->addWidget(waits_for_key_);
  instruction_row->addStretch(1);

  order_->setObjectName("viewing_order");
  order_->addItem("as in the table", static_cast<int>(TaskOrder::as_given));
  order_->addItem("shuffled, by seed", static_cast<int>(TaskOrder::shuffled));
  seed_->setObjectName("viewing_seed");
  seed_->setRange(0, std::numeric_limits<int>::max());
  seed_->setAccessibleName("Seed of the order: the same seed gives the same order");
  auto* order_row = new QHBoxLayout;
  order_row->addWidget(order_);
  order_row->addWidget(seed_);
  order_row->addStretch(1);

  participant_->setObjectName("viewing_participant");
  parts_->setObjectName("viewing_parts");
  parts_->addItem("video and results", static_cast<int>(RecordedParts::video_and_results));
  parts_->addItem("results only: no pictures of anybody", static_cast<int>(RecordedParts::results_only));
  const auto last = load_wish(settings_);
  if (last) {
    participant_->setText(QString::fromStdString(last->participant));
    parts_->setCurrentIndex(last->parts == RecordedParts::results_only ? 1 : 0);
  }

  auto* form = new QFormLayout;
  form->setVerticalSpacing(8);
  auto* image_label = new QLabel("&Picture", this);
  image_label->setBuddy(image_);
  form->addRow(image_label, image_row);
  auto* read = new QLabel("Task is &shown", this);
  read->setBuddy(instruction_);
  form->addRow(read, instruction_row);
  auto* in_order = new QLabel("&Order", this);
  in_order->setBuddy(order_);
  form->addRow(in_order, order_row);
  form->addRow("Pa&rticipant", participant_);
  form->addRow("&Keep", parts_);
  auto* top = new QHBoxLayout;
  top->setSpacing(16);
  top->addLayout(form, 1);
  top->addWidget(preview_, 0, Qt::AlignTop);
  column.addLayout(top);
  column.addWidget(tasks_, 1);

  connect(choose, &QPushButton::clicked, this, &ViewingDialog::ask_for_picture);
  connect(image_, &QLineEdit::textChanged, this, &ViewingDialog::use_picture);
  connect(tasks_, &TaskTable::changed, this, &ViewingDialog::follow_state);
  connect(instruction_, &QDoubleSpinBox::valueChanged, this, &ViewingDialog::follow_state);
  connect(waits_for_key_, &QCheckBox::toggled, this, &ViewingDialog::follow_state);
  connect(order_, &QComboBox::currentIndexChanged, this, &ViewingDialog::follow_state);
}

ViewingPlan ViewingDialog::plan() const {
  ViewingPlan plan;
  plan.name = plan_name_;
  plan.image = image_->text().trimmed().toStdString();
  plan.tasks = tasks_->tasks();
  plan.instruction_s = instruction_->value();
  plan.waits_for_key = waits_for_key_->isChecked();
  plan.order = static_cast<TaskOrder>(order_->currentData().toInt());
  plan.seed = static_cast<std::uint64_t>(seed_->value());
  return plan;
}

void ViewingDialog::set_plan(const ViewingPlan& plan) {
  plan_name_ = plan.name;
  image_->setText(QString::fromStdString(plan.image));
  instruction_->setValue(plan.instruction_s);
  waits_for_key_->setChecked(plan.waits_for_key);
  order_->setCurrentIndex(order_->findData(static_cast<int>(plan.order)));
  seed_->setValue(static_cast<int>(std::min<std::uint64_t>(plan.seed, std::numeric_limits<int>::max())));
  tasks_->set_tasks(plan.tasks);
  follow_state();
}

RecordingWish ViewingDialog::recording() const {
  RecordingWish wish = load_wish(settings_).value_or(RecordingWish{});
  wish.name = plan_name_.empty() ? "Viewing" : plan_name_;
  wish.participant = participant_->text().trimmed().toStdString();
  wish.parts = static_cast<RecordedParts>(parts_->currentData().toInt());
  return wish;
}

void ViewingDialog::use_picture(const QString& path) {
  picture_.reset();
  picture_fault_.clear();
  preview_->clear();
  if (!path.trimmed().isEmpty()) {
    auto loaded = StimulusPicture::load(path.trimmed());
    if (loaded) {
      picture_ = std::move(*loaded);
      const QSize size = picture_->size_px().scaled(preview_size - QSize(8, 8), Qt::KeepAspectRatio);
      const double ratio = devicePixelRatioF();
      QPixmap shown = QPixmap::fromImage(picture_->image(size * ratio));
      shown.setDevicePixelRatio(ratio);
      preview_->setPixmap(shown);
      preview_->setAccessibleName("The picture, " + QString::number(picture_->size_px().width()) + " × " +
                                  QString::number(picture_->size_px().height()) + " px");
    } else {
      picture_fault_ = QString::fromStdString(loaded.error().message + ". " + loaded.error().remedy);
      preview_->setText("No picture");
    }
  }
  follow_state();
}

void ViewingDialog::follow(const Obstacle& obstacle) {
  if (obstacle == obstacle_) return;
  obstacle_ = obstacle;
  follow_state();
}

void ViewingDialog::show_problem(const QString& text) { show_text(*problem_, text); }

void ViewingDialog::follow_state() {
  const ViewingPlan now = plan();
  const auto valid = now.validate();
  instruction_->setEnabled(!now.waits_for_key);
  seed_->setEnabled(now.order == TaskOrder::shuffled);
  length_->setText(
      now.tasks.empty()
          ? QString()
          : QString("%1, %2")
                .arg(now.tasks.size() == 1 ? QString("1 task") : QString("%1 tasks").arg(now.tasks.size()))
                .arg(minutes_text(now.length_s())));
  QString text;
  if (!picture_fault_.isEmpty()) {
    text = picture_fault_;
  } else if (!valid) {
    text = "Not yet: " + QString::fromStdString(valid.error().message) + '.';
  } else {
    text = obstacle_.text;
  }
  state_->setText(text.isEmpty()
                      ? QString("Ready. The showing takes the whole calibrated screen and is recorded.")
                      : text);
  calibrate_->setVisible(obstacle_.can_calibrate);
  start_->setEnabled(text.isEmpty() && picture_.has_value());
}

void ViewingDialog::remember() {
  settings_.setValue(plan_key, QString::fromStdString(viewing_plan_json(plan())));
}

void ViewingDialog::use_example() {
  const auto example = example_viewing_plan();
  if (!example) return show_problem(QString::fromStdString(example.error().to_text()));
  set_plan(*example);
}

void ViewingDialog::ask_for_picture() {
  auto* dialog = new QFileDialog(this, "Choose a picture", QFileInfo(image_->text()).absolutePath(),
                                 StimulusPicture::name_filter());
  dialog->setObjectName("viewing_picture_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, image_, &QLineEdit::setText);
  dialog->open();
}

void ViewingDialog::ask_for_plan() {
  auto* dialog = new QFileDialog(
      this, "Load a viewing plan",
      settings_.value(plan_folder_key, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
          .toString(),
      plan_filter);
  dialog->setObjectName("viewing_load_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    settings_.setValue(plan_folder_key, QFileInfo(path).absolutePath());
    const auto loaded = load_viewing_plan(path.toStdString());
    if (!loaded) return show_problem(QString::fromStdString(loaded.error().to_text()));
    show_problem({});
    set_plan(*loaded);
  });
  dialog->open();
}

void ViewingDialog::ask_where_to_save() {
  auto* dialog = new QFileDialog(
      this, "Save the viewing plan as",
      settings_.value(plan_folder_key, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
          .toString(),
      plan_filter);
  dialog->setObjectName("viewing_save_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("json");
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    settings_.setValue(plan_folder_key, QFileInfo(path).absolutePath());
    const auto saved = save_viewing_plan(path.toStdString(), plan());
    show_problem(saved ? "The plan was saved as " + path + "."
                       : QString::fromStdString(saved.error().to_text()));
  });
  dialog->open();
}

}  // namespace yarbus::ui
