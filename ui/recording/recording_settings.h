#pragma once

#include <QSettings>
#include <QString>
#include <array>
#include <optional>

#include "app/session/recording_control.h"

namespace yarbus::ui {

constexpr std::size_t mark_count = 9;
/// By key: 1 is the first.
using MarkLabels = std::array<QString, mark_count>;

/// What was chosen last: participant, what is kept, and the codec. Name and notes belong to one session and
/// are empty. Nullopt: nothing was chosen yet.
std::optional<RecordingWish> load_wish(const QSettings& settings);
void save_wish(QSettings& settings, const RecordingWish& wish);

/// Those without a label of their own are "mark 1" and so on.
MarkLabels load_mark_labels(const QSettings& settings);
void save_mark_labels(QSettings& settings, const MarkLabels& labels);
QString default_mark_label(std::size_t index);

}  // namespace yarbus::ui
