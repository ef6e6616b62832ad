#include "ui/recording/recording_words.h"

#include <QDateTime>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStringList>

namespace yarbus::ui {

namespace {

QString counted(std::int64_t count, const QString& one, const QString& many) {
  return QString("%1 %2").arg(count).arg(count == 1 ? one : many);
}

QString quoted(const std::string& name) { return "“" + QString::fromStdString(name) + "”"; }

/// "3 frames lost (0.2 %)"; empty: none.
QString lost_frames_text(const RecordingView& view) {
  if (view.frames_lost <= 0) return {};
  const auto all = static_cast<double>(view.frames + view.frames_lost);
  const double percent = 100.0 * static_cast<double>(view.frames_lost) / all;
  return QString("%1 lost (%2 %)")
      .arg(counted(view.frames_lost, "frame", "frames"),
           percent < 0.1 ? QString("below 0.1") : QString::number(percent, 'f', 1));
}

}  // namespace

QString elapsed_text(std::chrono::nanoseconds elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  const auto two = [](std::int64_t number) { return QString("%1").arg(number, 2, 10, QChar('0')); };
  if (seconds < 3600) return QString("%1:%2").arg(seconds / 60).arg(two(seconds % 60));
  return QString("%1:%2:%3").arg(seconds / 3600).arg(two(seconds / 60 % 60), two(seconds % 60));
}

QString bytes_text(std::uintmax_t bytes) {
  double amount = static_cast<double>(bytes) / 1000.0;
  QString unit = "kB";
  for (const char* next : {"MB", "GB", "TB"}) {
    if (amount < 999.5) break;
    amount /= 1000.0;
    unit = next;
  }
  // A tenth matters where the number is small, and would only flicker in kB.
  const int digits = amount < 9.95 && unit != "kB" ? 1 : 0;
  return QString("%1 %2").arg(amount, 0, 'f', digits).arg(unit);
}

QString parts_text(RecordedParts parts) {
  switch (parts) {
    case RecordedParts::video_and_results:
      return "video and results";
    case RecordedParts::video_only:
      return "video only";
    case RecordedParts::results_only:
      return "results only, no pictures";
  }
  return {};
}

bool is_active(const RecordingView& view) {
  return view.is_starting || view.is_recording || view.is_finishing;
}

QString button_text(const RecordingView& view) {
  if (view.is_finishing) return "Finishing…";
  if (!view.is_recording) return view.is_starting ? "Starting…" : "Record";
  QString text = elapsed_text(view.elapsed);
  if (view.frames_lost > 0) text += QString(" · %1 lost").arg(view.frames_lost);
  return text;
}

QString spoken_text(const RecordingView& view) {
  if (view.is_finishing) return "The recording is being finished";
  if (!view.is_recording) return view.is_starting ? "The recording starts" : "Record";
  QStringList parts{elapsed_text(view.elapsed), bytes_text(view.bytes)};
  if (view.frames_lost > 0) parts << counted(view.frames_lost, "frame", "frames") + " lost";
  if (!view.warning.empty()) parts << "warning: " + QString::fromStdString(view.warning);
  return "Stop recording: " + parts.join(", ");
}

QString recording_text(const RecordingView& view) {
  if (view.is_finishing) return "Finishing the recording " + quoted(view.name) + "…";
  if (!view.is_recording) return view.is_starting ? QString("The recording starts…") : QString();
  QStringList parts{elapsed_text(view.elapsed), bytes_text(view.bytes) + " on the disk"};
  if (view.free_bytes > 0) parts << bytes_text(view.free_bytes) + " left";
  if (view.annotations > 0) parts << counted(view.annotations, "mark", "marks");
  return QString("Recording %1, %2: %3.").arg(quoted(view.name), parts_text(view.parts), parts.join(", "));
}

QString gaps_text(const RecordingView& view) {
  QStringList sentences;
  if (view.frames_lost > 0)
    sentences << lost_frames_text(view) +
                     ": neither their pictures nor their results are kept; the gaps are "
                     "noted in the session.";
  if (view.pictures_lost > 0)
    sentences << counted(view.pictures_lost, "picture was", "pictures were") +
                     " not written in time; the results are kept.";
  if (view.rows_lost > 0)
    sentences << counted(view.rows_lost, "result was", "results were") + " not written in time.";
  return sentences.join(' ');
}

QString ended_text(const RecordingView& view) {
  const QString lost = lost_frames_text(view);
  return QString("recorded %1: %2, %3, %4")
      .arg(quoted(view.name), elapsed_text(view.elapsed), bytes_text(view.bytes),
           lost.isEmpty() ? QString("no frame lost") : lost);
}

QString card_title(const SessionCard& card) {
  return card.name.empty() ? QFileInfo(QString::fromStdString(card.folder)).fileName()
                           : QString::fromStdString(card.name);
}

QString card_facts(const SessionCard& card) {
  QStringList parts;
  if (!card.participant.empty()) parts << QString::fromStdString(card.participant);
  if (card.started_at.time_since_epoch().count() > 0) {
    const auto since_1970 =
        std::chrono::duration_cast<std::chrono::milliseconds>(card.started_at.time_since_epoch());
    parts << QDateTime::fromMSecsSinceEpoch(since_1970.count()).toString("yyyy-MM-dd HH:mm");
  }
  if (card.duration.count() > 0) parts << elapsed_text(card.duration);
  parts << bytes_text(card.bytes);
  return parts.join(", ");
}

QString card_quality(const SessionCard& card) {
  QStringList parts;
  if (card.tracked_share) parts << QString("%1 % tracked").arg(100.0 * *card.tracked_share, 0, 'f', 0);
  if (card.frames > 0 || card.frames_lost > 0)
    parts << (card.frames_lost > 0
                  ? QString("%1 of %2 frames lost").arg(card.frames_lost).arg(card.frames + card.frames_lost)
                  : QString("no frame lost of %1").arg(card.frames));
  if (card.accuracy_deg) parts << QString("accuracy %1°").arg(*card.accuracy_deg, 0, 'f', 1);
  return parts.join(", ");
}

QString card_state(const SessionCard& card) {
  QStringList parts;
  if (card.is_recorded_now) parts << "being recorded now";
  if (card.needs_repair) parts << "cut off: repair it";
  if (!card.problem.empty()) parts << QString::fromStdString(card.problem);
  if (!card.has_video && card.problem.empty()) parts << "no pictures kept";
  return parts.join("; ");
}

bool matches(const SessionCard& card, const QString& search) {
  const QString text =
      QStringList{QString::fromStdString(card.name), QString::fromStdString(card.participant),
                  QString::fromStdString(card.notes),
                  QFileInfo(QString::fromStdString(card.folder)).fileName()}
          .join('\n');
  for (const QString& word : search.split(QRegularExpression("\\s+"), Qt::SkipEmptyParts)) {
    if (!text.contains(word, Qt::CaseInsensitive)) return false;
  }
  return true;
}

}  // namespace yarbus::ui
