#pragma once

#include <QFileDialog>
#include <QSettings>
#include <QString>
#include <functional>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// Ask, without stopping the window, where a calibration's report or its data go; `then` gets the path. They
/// start in the folder used last and delete themselves.
QFileDialog* ask_where_to_write_pdf(QWidget* parent, QSettings& settings, const CalibrationResult& result,
                                    const std::function<void(const QString& path)>& then);
QFileDialog* ask_where_to_write_json(QWidget* parent, QSettings& settings, const CalibrationResult& result,
                                     const std::function<void(const QString& path)>& then);

}  // namespace yarbus::ui
