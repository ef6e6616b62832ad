#pragma once

#include <QFileDialog>
#include <QSettings>
#include <QString>
#include <functional>
#include <string>

namespace yarbus::ui {

/// Ask, without stopping the window, where the report of the calibration called `name` or its data go; `then`
/// gets the path. They start in the folder used last and delete themselves.
QFileDialog* ask_where_to_write_pdf(QWidget* parent, QSettings& settings, const std::string& name,
                                    const std::function<void(const QString& path)>& then);
QFileDialog* ask_where_to_write_json(QWidget* parent, QSettings& settings, const std::string& name,
                                     const std::function<void(const QString& path)>& then);

}  // namespace yarbus::ui
