#pragma once

#include <QMimeData>
#include <QSettings>
#include <QString>
#include <optional>

#include "app/session/session.h"

namespace yarbus::ui {

/// Remembers what was open for an eye.
void save_source(QSettings& settings, EyeSide eye, const SourceRequest& request);
void forget_source(QSettings& settings, EyeSide eye);
/// Nullopt if nothing (or nothing sensible) is remembered.
std::optional<SourceRequest> load_source(QSettings& settings, EyeSide eye);

/// Remembers what was closed last, of whichever eye.
void save_closed_source(QSettings& settings, const SourceRequest& request);
std::optional<SourceRequest> load_closed_source(QSettings& settings);
/// What people call it: "demo.mp4", "simulated eye easy", "http://…".
QString source_label(const SourceRequest& request);

/// False if the file, folder or camera device is known to be gone; true where only opening can tell.
bool may_still_exist(const SourceRequest& request);

/// What something dropped on the window opens: a folder, a file or an http:// address. Nullopt: nothing that
/// can be opened. What it shows is recognised.
std::optional<SourceRequest> source_from_drop(const QMimeData& data);

}  // namespace yarbus::ui
