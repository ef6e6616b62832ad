#include "ui/recording/recording_settings.h"

namespace yarbus::ui {

namespace {

constexpr const char* participant_key = "recording/participant";
constexpr const char* parts_key = "recording/parts";
constexpr const char* lossy_key = "recording/lossy_video";

/// The words of the settings file; they outlive the program's own order.
constexpr std::array<std::pair<RecordedParts, const char*>, 3> parts_names{
    {{RecordedParts::video_and_results, "video_and_results"},
     {RecordedParts::video_only, "video_only"},
     {RecordedParts::results_only, "results_only"}}};

QString mark_key(std::size_t index) { return QString("recording/mark_%1").arg(index + 1); }

}  // namespace

std::optional<RecordingWish> load_wish(const QSettings& settings) {
  const QString kept = settings.value(parts_key).toString();
  for (const auto& [parts, name] : parts_names) {
    if (kept != name) continue;
    RecordingWish wish;
    wish.parts = parts;
    wish.participant = settings.value(participant_key).toString().toStdString();
    wish.lossy_video = settings.value(lossy_key, false).toBool();
    return wish;
  }
  return std::nullopt;
}

void save_wish(QSettings& settings, const RecordingWish& wish) {
  for (const auto& [parts, name] : parts_names) {
    if (parts == wish.parts) settings.setValue(parts_key, QString(name));
  }
  settings.setValue(participant_key, QString::fromStdString(wish.participant));
  settings.setValue(lossy_key, wish.lossy_video);
}

QString default_mark_label(std::size_t index) { return QString("mark %1").arg(index + 1); }

MarkLabels load_mark_labels(const QSettings& settings) {
  MarkLabels labels;
  for (std::size_t i = 0; i < mark_count; ++i) {
    labels[i] = settings.value(mark_key(i)).toString().trimmed();
    if (labels[i].isEmpty()) labels[i] = default_mark_label(i);
  }
  return labels;
}

void save_mark_labels(QSettings& settings, const MarkLabels& labels) {
  for (std::size_t i = 0; i < mark_count; ++i) {
    const QString label = labels[i].trimmed();
    if (label.isEmpty() || label == default_mark_label(i)) {
      settings.remove(mark_key(i));
    } else {
      settings.setValue(mark_key(i), label);
    }
  }
}

}  // namespace yarbus::ui
