#include "ui/calibration/export_dialogs.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

namespace yarbus::ui {

namespace {

constexpr const char* export_folder_key = "calibration/export_folder";

/// The calibration's name as a file may be called.
QString file_name(const std::string& calibration) {
  static const QRegularExpression unfit("[^\\w.-]+", QRegularExpression::UseUnicodePropertiesOption);
  QString name = QString::fromStdString(calibration).replace(unfit, "-");
  while (name.startsWith('.') || name.startsWith('-')) name.remove(0, 1);
  if (name.isEmpty()) return "calibration";
  return name.startsWith("calibration", Qt::CaseInsensitive) ? name : "calibration-" + name;
}

QFileDialog* ask_for_file(QWidget* parent, QSettings& settings, const QString& title, const QString& filter,
                          const QString& suffix, const QString& name,
                          const std::function<void(const QString&)>& then) {
  auto* dialog = new QFileDialog(
      parent, title,
      settings.value(export_folder_key, QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
          .toString(),
      filter);
  dialog->setObjectName("export_dialog");
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(suffix);
  dialog->selectFile(name + '.' + suffix);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, [&settings, then](const QString& path) {
    settings.setValue(export_folder_key, QFileInfo(path).absolutePath());
    then(path);
  });
  dialog->open();
  return dialog;
}

}  // namespace

QFileDialog* ask_where_to_write_pdf(QWidget* parent, QSettings& settings, const std::string& name,
                                    const std::function<void(const QString& path)>& then) {
  return ask_for_file(parent, settings, "Export the calibration's report", "PDF (*.pdf);;All files (*)",
                      "pdf", file_name(name), then);
}

QFileDialog* ask_where_to_write_json(QWidget* parent, QSettings& settings, const std::string& name,
                                     const std::function<void(const QString& path)>& then) {
  return ask_for_file(parent, settings, "Export the calibration with all its samples",
                      "JSON (*.json);;All files (*)", "json", file_name(name), then);
}

}  // namespace yarbus::ui
