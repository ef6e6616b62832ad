#include "ui/wearer_dialogs.h"

#include <QFileInfo>

namespace yarbus::ui {

namespace {

constexpr const char* wearer_folder_key = "wearer/folder";

QFileDialog* ask(QWidget* parent, QSettings& settings, const QString& title,
                 const std::function<void(const QString&)>& then) {
  auto* dialog = new QFileDialog(parent, title, settings.value(wearer_folder_key).toString(),
                                 "Eye models (*.json);;All files (*)");
  dialog->setObjectName("wearer_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, [&settings, then](const QString& path) {
    settings.setValue(wearer_folder_key, QFileInfo(path).absolutePath());
    then(path);
  });
  return dialog;
}

}  // namespace

QFileDialog* ask_where_to_save_model(QWidget* parent, QSettings& settings, EyeSide eye,
                                     const std::function<void(const QString& path)>& then) {
  QFileDialog* dialog = ask(parent, settings, "Save the eye model for this wearer", then);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix("json");
  dialog->selectFile(QString("wearer-%1-eye.json").arg(to_string(eye)));
  dialog->open();
  return dialog;
}

QFileDialog* ask_which_model_to_load(QWidget* parent, QSettings& settings,
                                     const std::function<void(const QString& path)>& then) {
  QFileDialog* dialog = ask(parent, settings, "Load the eye model of a wearer", then);
  dialog->setFileMode(QFileDialog::ExistingFile);
  dialog->open();
  return dialog;
}

}  // namespace yarbus::ui
