#pragma once

#include <QFileDialog>
#include <QSettings>
#include <functional>

#include "app/session/session.h"

namespace yarbus::ui {

/// Ask, without stopping the window, for the file that a wearer's eye model is saved as or loaded from;
/// `then` gets its path. They start in the folder used last and delete themselves.
QFileDialog* ask_where_to_save_model(QWidget* parent, QSettings& settings, EyeSide eye,
                                     const std::function<void(const QString& path)>& then);
QFileDialog* ask_which_model_to_load(QWidget* parent, QSettings& settings,
                                     const std::function<void(const QString& path)>& then);

}  // namespace yarbus::ui
