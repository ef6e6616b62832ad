#include "ui/camera_calibration/library_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QMessageBox>
#include <QSignalBlocker>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/calibration/page_parts.h"
#include "ui/camera_calibration/camera_words.h"

namespace yarbus::ui {

namespace {

constexpr const char* library_folder_key = "camera_calibration/export_folder";
constexpr const char* import_folder_key = "camera_calibration/import_folder";

QPushButton* small_button(const QString& text, const QString& name, QWidget* parent) {
  auto* button = new QPushButton(text, parent);
  button->setObjectName(name);
  button->setAutoDefault(false);
  return button;
}

bool is_source_open(const SourceSnapshot& source) {
  return source.state != PlaybackState::closed && source.state != PlaybackState::failed &&
         source.state != PlaybackState::opening;
}

QString size_text(int width_px, int height_px) { return QString("%1 × %2").arg(width_px).arg(height_px); }

}  // namespace

LibraryPanel::LibraryPanel(CameraCalibrationControl& control, QSettings& settings, QWidget* parent)
    : QWidget(parent), control_(control), settings_(settings), in_use_(wrapped_label({}, this, 1.0, true)) {
  setObjectName("library_panel");
  in_use_->setObjectName("library_in_use");
  auto* column = new QVBoxLayout(this);
  column->setSpacing(10);
  column->addWidget(in_use_);
  column->addWidget(make_saved_part(), 1);
  column->addWidget(make_preset_part());
  setFocusProxy(list_);
  refresh();
}

QWidget* LibraryPanel::make_saved_part() {
  auto* group = new QGroupBox("Saved cameras", this);
  list_ = new QTreeWidget(group);
  list_->setObjectName("library_list");
  list_->setAccessibleName("Saved cameras");
  list_->setRootIsDecorated(false);
  list_->setAlternatingRowColors(true);
  list_->setHeaderLabels({"Camera", "Size, px", "Focal, px", "Lens", "Error", "Made"});
  text_ = wrapped_label({}, group);
  text_->setObjectName("library_text");
  use_ = small_button("&Use for the source", "library_use", group);
  auto* import = small_button("Imp&ort…", "library_import", group);
  import->setToolTip("Put OpenCV's or ROS's YAML, or JSON, into the library");
  export_ = small_button("E&xport…", "library_export", group);
  delete_ = small_button("&Delete…", "library_delete", group);
  auto* buttons = new QHBoxLayout;
  for (QPushButton* button : {use_, import, export_, delete_}) buttons->addWidget(button);
  buttons->addStretch(1);
  auto* column = new QVBoxLayout(group);
  column->addWidget(list_, 1);
  column->addWidget(text_);
  column->addLayout(buttons);
  connect(list_, &QTreeWidget::itemSelectionChanged, this, &LibraryPanel::follow_choice);
  connect(use_, &QPushButton::clicked, this, [this] {
    if (const SavedCamera* camera = chosen()) Q_EMIT use_wanted(QString::fromStdString(camera->camera));
  });
  connect(import, &QPushButton::clicked, this, &LibraryPanel::ask_what_to_import);
  connect(export_, &QPushButton::clicked, this, &LibraryPanel::ask_where_to_export);
  connect(delete_, &QPushButton::clicked, this, &LibraryPanel::ask_to_remove);
  return group;
}

QWidget* LibraryPanel::make_preset_part() {
  auto* group = new QGroupBox("Common cameras (nominal values, not measured)", this);
  preset_ = new QComboBox(group);
  preset_->setObjectName("preset_choice");
  preset_->setAccessibleName("Common cameras");
  preset_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  preset_text_ = wrapped_label({}, group);
  preset_text_->setObjectName("preset_text");
  use_preset_ = small_button("Us&e for the source", "preset_use", group);
  auto* row = new QHBoxLayout;
  row->addWidget(use_preset_);
  row->addStretch(1);
  auto* column = new QVBoxLayout(group);
  column->addWidget(preset_);
  column->addWidget(preset_text_);
  column->addLayout(row);
  connect(preset_, &QComboBox::currentIndexChanged, this, &LibraryPanel::follow_choice);
  connect(use_preset_, &QPushButton::clicked, this, [this] {
    if (const CameraPresetChoice* preset = chosen_preset())
      Q_EMIT use_wanted(QString::fromStdString(preset->name));
  });
  return group;
}

void LibraryPanel::refresh() {
  const SavedCamera* before = chosen();
  const SavedCamera kept = before != nullptr ? *before : SavedCamera{};
  saved_ = control_.list_saved();
  presets_ = control_.list_presets();
  {
    const QSignalBlocker quiet(list_);
    list_->clear();
    for (const SavedCamera& camera : saved_) {
      auto* item = new QTreeWidgetItem(list_);
      item->setText(0, QString::fromStdString(camera.camera));
      item->setText(1, size_text(camera.width_px, camera.height_px));
      item->setText(2, QString::number(camera.focal_px, 'f', 1));
      item->setText(3, lens_name(camera.lens));
      item->setText(4, camera.rms_px ? error_text(*camera.rms_px) : QString("–"));
      item->setText(5, QString::fromStdString(camera.date));
      for (int i = 0; i < list_->columnCount(); ++i)
        item->setToolTip(i, QString::fromStdString(camera.origin));
      if (camera.camera == kept.camera && camera.width_px == kept.width_px &&
          camera.height_px == kept.height_px)
        list_->setCurrentItem(item);
    }
    for (int i = 0; i < list_->columnCount(); ++i) list_->resizeColumnToContents(i);
    list_->setColumnWidth(0, std::min(170, list_->columnWidth(0)));
  }
  if (preset_->count() != static_cast<int>(presets_.size())) {
    const QSignalBlocker quiet(preset_);
    preset_->clear();
    for (const CameraPresetChoice& preset : presets_)
      preset_->addItem(QString::fromStdString(preset.name) + ", " +
                       size_text(preset.width_px, preset.height_px));
  }
  follow_choice();
}

void LibraryPanel::follow(const SourceSnapshot& source) {
  if (source.state == source_.state && source.name == source_.name && source.width_px == source_.width_px &&
      source.height_px == source_.height_px && source.focal_px == source_.focal_px &&
      source.intrinsics_note == source_.intrinsics_note)
    return;
  source_ = source;
  const QString note = QString::fromStdString(source.intrinsics_note);
  in_use_->setText(is_source_open(source) ? QString("In use: %1 px%2")
                                         .arg(source.focal_px, 0, 'f', 1)
                                         .arg(note.isEmpty() ? QString() : ", " + note)
                                   : QString("No source is open."));
  follow_choice();
}

QString LibraryPanel::why_not(int width_px, int height_px) const {
  if (!is_source_open(source_)) return "No source is open.";
  const bool is_turned = source_.request.rotate_deg % 180 != 0;
  const int width = is_turned ? source_.height_px : source_.width_px;
  const int height = is_turned ? source_.width_px : source_.height_px;
  if (width_px == width && height_px == height) return {};
  return QString("It is for %1 px, the source gives %2 px.")
      .arg(size_text(width_px, height_px), size_text(width, height));
}

const SavedCamera* LibraryPanel::chosen() const {
  const QList<QTreeWidgetItem*> items = list_->selectedItems();
  if (items.isEmpty()) return nullptr;
  const auto index = static_cast<std::size_t>(list_->indexOfTopLevelItem(items.first()));
  return index < saved_.size() ? &saved_[index] : nullptr;
}

const CameraPresetChoice* LibraryPanel::chosen_preset() const {
  const int index = preset_->currentIndex();
  return index >= 0 && static_cast<std::size_t>(index) < presets_.size()
             ? &presets_[static_cast<std::size_t>(index)]
             : nullptr;
}

void LibraryPanel::follow_choice() {
  const SavedCamera* camera = chosen();
  const QString fault = camera != nullptr ? why_not(camera->width_px, camera->height_px) : QString();
  use_->setEnabled(camera != nullptr && fault.isEmpty());
  for (QPushButton* button : {export_, delete_}) button->setEnabled(camera != nullptr);
  if (saved_.empty()) {
    text_->setText("None is saved yet.");
  } else if (camera == nullptr) {
    text_->setText("Choose one.");
  } else {
    text_->setText(with_capital(QString::fromStdString(camera->origin)) + ". " + fault);
  }
  const CameraPresetChoice* preset = chosen_preset();
  const QString preset_fault = preset != nullptr ? why_not(preset->width_px, preset->height_px) : QString();
  use_preset_->setEnabled(preset != nullptr && preset_fault.isEmpty());
  preset_text_->setText(preset == nullptr
                            ? QString()
                            : QString("%1 px: %2. Lenses of one type differ by some per cent. %3")
                                  .arg(preset->focal_px, 0, 'f', 1)
                                  .arg(QString::fromStdString(preset->derivation), preset_fault));
}

void LibraryPanel::ask_to_remove() {
  const SavedCamera* camera = chosen();
  if (camera == nullptr) return;
  const QString name = QString::fromStdString(camera->camera);
  auto* question = new QMessageBox(
      QMessageBox::Question, "Delete a camera",
      "Delete “" + name + "” at " + size_text(camera->width_px, camera->height_px) + " px from the library?",
      QMessageBox::Cancel, this);
  question->setObjectName("delete_question");
  question->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* yes = question->addButton("Delete", QMessageBox::DestructiveRole);
  yes->setObjectName("delete_yes");
  connect(yes, &QPushButton::clicked, this,
          [this, gone = *camera] { control_.remove_saved(gone.camera, gone.width_px, gone.height_px); });
  question->open();
}

void LibraryPanel::ask_where_to_export() {
  const SavedCamera* camera = chosen();
  if (camera == nullptr) return;
  auto* dialog = new QFileDialog(this, "Export a camera", settings_.value(library_folder_key).toString(),
                                 "OpenCV YAML (*.yml *.yaml);;JSON (*.json)");
  dialog->setObjectName("library_export_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("yml");
  connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
    dialog->setDefaultSuffix(filter.startsWith("JSON") ? "json" : "yml");
  });
  dialog->selectFile("camera.yml");
  connect(dialog, &QFileDialog::fileSelected, this, [this, written = *camera](const QString& path) {
    settings_.setValue(library_folder_key, QFileInfo(path).absolutePath());
    control_.export_saved(written.camera, written.width_px, written.height_px, path.toStdString());
  });
  dialog->open();
}

void LibraryPanel::ask_what_to_import() {
  auto* dialog = new QFileDialog(this, "Import a camera", settings_.value(import_folder_key).toString(),
                                 "Cameras (*.yml *.yaml *.xml *.json);;All files (*)");
  dialog->setObjectName("library_import_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::ExistingFile);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    settings_.setValue(import_folder_key, QFileInfo(path).absolutePath());
    ask_name_for(path);
  });
  dialog->open();
}

void LibraryPanel::ask_name_for(const QString& path) {
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName("import_name_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle("Import a camera");
  dialog->setLabelText(
      "Name of the camera; empty: the one in the file.\nUnder a camera's own name it is found "
      "by itself when that camera is opened.");
  dialog->setTextValue(source_.is_live ? QString::fromStdString(source_.name) : QString());
  connect(dialog, &QInputDialog::textValueSelected, this, [this, path](const QString& name) {
    control_.import_file(path.toStdString(), name.trimmed().toStdString());
  });
  dialog->open();
}

}  // namespace yarbus::ui
