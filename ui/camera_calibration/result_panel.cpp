#include "ui/camera_calibration/result_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <array>

#include "ui/calibration/page_parts.h"
#include "ui/icons.h"

namespace yarbus::ui {

namespace {

constexpr const char* result_folder_key = "camera_calibration/export_folder";

/// What saving does, or did.
QString save_words(const CameraCalibrationSnapshot& now, const SourceSnapshot& source) {
  const bool is_open = source.state != PlaybackState::closed && source.state != PlaybackState::failed;
  if (!now.saved_as.empty())
    return "Saved as " + QString::fromStdString(now.saved_as) +
           ". What was opened with it uses it now; the eye model starts anew.";
  // Kept as the sensor gives it.
  const bool is_turned = !now.is_from_files && source.request.rotate_deg % 180 != 0;
  const CameraIntrinsics& camera = now.result->intrinsics;
  QString text = QString("Kept under this name for %1 × %2 px. ")
                     .arg(is_turned ? camera.height_px : camera.width_px)
                     .arg(is_turned ? camera.width_px : camera.height_px);
  if (now.is_from_files) {
    return text + (is_open ? "It is applied at once if the name is that of the open source."
                           : "It is applied when a source of that name is opened.");
  }
  text += "It is applied at once: the source is opened anew with it, and the eye model starts anew.";
  return source.is_live ? text + " Under the camera’s own name it is found by itself in future." : text;
}

}  // namespace

ResultPanel::ResultPanel(CameraCalibrationControl& control, QSettings& settings, QWidget* parent)
    : QWidget(parent),
      control_(control),
      settings_(settings),
      lens_(new QComboBox(this)),
      compute_(new QPushButton("C&ompute", this)),
      busy_(new QProgressBar(this)),
      refusal_(wrapped_label({}, this, 1.0, true)),
      content_(new QWidget(this)) {
  setObjectName("result_panel");
  lens_->setObjectName("lens_choice");
  lens_->addItem("automatic: the better of both", static_cast<int>(LensChoice::automatic));
  lens_->addItem("standard (k1, k2, p1, p2, k3)", static_cast<int>(LensChoice::standard));
  lens_->addItem("fisheye (k1 to k4)", static_cast<int>(LensChoice::fisheye));
  lens_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  compute_->setObjectName("result_compute");
  compute_->setAutoDefault(false);
  busy_->setObjectName("result_busy");
  busy_->setRange(0, 100);
  refusal_->setObjectName("result_refusal");
  content_->setObjectName("result_content");
  auto* form = new QFormLayout;
  form->setRowWrapPolicy(QFormLayout::WrapLongRows);
  auto* choice = new QHBoxLayout;
  choice->addWidget(lens_, 1);
  choice->addWidget(compute_);
  form->addRow("Lens mo&del", choice);
  qobject_cast<QLabel*>(form->labelForField(choice))->setBuddy(lens_);
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addLayout(form);
  column->addWidget(busy_);
  column->addWidget(refusal_);
  column->addWidget(content_, 1);
  column->addStretch(0);
  build_result();
  setFocusProxy(compute_);
  connect(compute_, &QPushButton::clicked, this, &ResultPanel::compute);
}

void ResultPanel::build_result() {
  auto* column = new QVBoxLayout(content_);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(10);
  auto* header = new QHBoxLayout;
  verdict_icon_ = new QLabel(content_);
  verdict_ = wrapped_label({}, content_, 1.15, true);
  verdict_->setObjectName("result_verdict");
  header->addWidget(verdict_icon_, 0, Qt::AlignTop);
  header->addWidget(verdict_, 1);
  column->addLayout(header);
  remedy_ = wrapped_label({}, content_);
  remedy_->setObjectName("result_remedy");
  old_ = wrapped_label({}, content_, 1.0, true);
  old_->setObjectName("result_old");
  lens_text_ = wrapped_label({}, content_);
  lens_text_->setObjectName("result_lens");
  table_ = new QLabel(content_);
  table_->setObjectName("result_table");
  table_->setTextFormat(Qt::RichText);
  table_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  for (QLabel* label : {remedy_, old_, table_, lens_text_}) column->addWidget(label);
  build_saving();
  auto* form = new QFormLayout;
  form->setRowWrapPolicy(QFormLayout::WrapLongRows);
  form->addRow("N&ame", name_);
  column->addLayout(form);
  column->addWidget(save_text_);
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(save_);
  buttons->addWidget(export_);
  buttons->addStretch(1);
  column->addLayout(buttons);
  column->addStretch(1);
}

void ResultPanel::build_saving() {
  name_ = new QLineEdit(content_);
  name_->setObjectName("camera_name");
  name_->setAccessibleName("Name of the camera");
  save_ = new QPushButton("&Save", content_);
  save_->setObjectName("camera_save");
  export_ = new QPushButton("E&xport…", content_);
  export_->setObjectName("camera_export");
  export_->setToolTip("Write OpenCV's YAML, or JSON");
  for (QPushButton* button : {save_, export_}) button->setAutoDefault(false);
  QFont bold = save_->font();
  bold.setBold(true);
  save_->setFont(bold);
  save_text_ = wrapped_label({}, content_);
  save_text_->setObjectName("save_text");
  connect(save_, &QPushButton::clicked, this, &ResultPanel::save);
  connect(name_, &QLineEdit::returnPressed, this, &ResultPanel::save);
  connect(export_, &QPushButton::clicked, this, &ResultPanel::ask_where_to_export);
}

void ResultPanel::compute() { control_.compute(static_cast<LensChoice>(lens_->currentData().toInt())); }

QString ResultPanel::camera_name() const { return name_->text().trimmed(); }

void ResultPanel::save() {
  if (save_->isEnabled()) control_.save(camera_name().toStdString());
}

void ResultPanel::show_verdict(const CameraVerdict& verdict) {
  constexpr std::array<const char*, 3> icons{"tick", "info", "warning"};
  const QString icon = icons[static_cast<std::size_t>(verdict.grade)];
  const int side = 2 * fontMetrics().height();
  if (icon != icon_name_) {
    icon_name_ = icon;
    verdict_icon_->setPixmap(tool_icon(icon).pixmap(side, side));
  }
  show_text(*verdict_, verdict.words);
  show_text(*remedy_, verdict.remedy);
}

void ResultPanel::follow(const CameraCalibrationSnapshot& now, const SourceSnapshot& source) {
  compute_->setEnabled(!now.is_busy && !now.views.empty());
  lens_->setEnabled(!now.is_busy);
  busy_->setVisible(now.is_busy);
  busy_->setValue(static_cast<int>(100.0 * now.busy_share));
  busy_->setFormat(QString::fromStdString(now.busy_text) + " %p %");
  const QString refusal =
      now.refusal.empty()
          ? now.result || now.is_busy ? QString() : QString("Nothing is computed yet. Collect views first.")
          : "No camera came out: " + QString::fromStdString(now.refusal) + ". " +
                QString::fromStdString(now.refusal_remedy) + '.';
  show_text(*refusal_, refusal);
  content_->setVisible(now.result.has_value());
  const QString own_name = QString::fromStdString(source.name);
  name_->setPlaceholderText(own_name.isEmpty() ? "name of the camera" : own_name);
  if (!now.result) return;
  show_verdict(camera_verdict(*now.result));
  show_text(*old_, since_result_words(now));
  const QString numbers = left_out_words(*now.result);
  show_text(*lens_text_,
            numbers.isEmpty()
                ? with_capital(QString::fromStdString(now.result->lens_text))
                : numbers + " Taken: " + lens_name(now.result->intrinsics.distortion_model) + '.');
  show_text(*table_, result_html(*now.result));
  const bool has_name = !camera_name().isEmpty() || !own_name.isEmpty();
  save_->setEnabled(has_name && !now.is_busy);
  export_->setEnabled(!now.is_busy);
  show_text(*save_text_, has_name ? save_words(now, source) : QString("Give the camera a name to save it."));
}

void ResultPanel::ask_where_to_export() {
  auto* dialog = new QFileDialog(this, "Export the camera", settings_.value(result_folder_key).toString(),
                                 "OpenCV YAML (*.yml *.yaml);;JSON (*.json)");
  dialog->setObjectName("camera_export_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("yml");
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    dialog->setDefaultSuffix(filter.startsWith("JSON") ? "json" : "yml");
  });
  dialog->selectFile("camera.yml");
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    settings_.setValue(result_folder_key, QFileInfo(path).absolutePath());
    control_.export_result(path.toStdString());
  });
  dialog->open();
}

}  // namespace yarbus::ui
