#pragma once

#include <QString>
#include <chrono>
#include <cstdint>

#include "app/session/recording_control.h"

namespace yarbus::ui {

/// Recording and its library in words. Pure functions.

/// "0:12", "1:02:03".
QString elapsed_text(std::chrono::nanoseconds elapsed);
/// In decimal units: "900 kB", "34 MB", "1.2 GB".
QString bytes_text(std::uintmax_t bytes);
/// "video and results", ...
QString parts_text(RecordedParts parts);

/// Whether a recording starts, runs or is being finished.
bool is_active(const RecordingView& view);
/// What the button says meanwhile: "0:12 · 3 lost"; "Starting…"; "Finishing…". The rest is said by
/// the strip: the tool bar must fit in the smallest window.
QString button_text(const RecordingView& view);
/// The same for those who listen: "Stop recording: 0:12, 34 MB, 3 frames lost".
QString spoken_text(const RecordingView& view);
/// "Recording “anna-1”, video and results: 0:12, 34 MB on the disk, 120 GB left, 2 marks."
QString recording_text(const RecordingView& view);
/// What is missing from it, and what that means; empty: nothing.
QString gaps_text(const RecordingView& view);
/// What is told when it has ended: "recorded “anna-1”: 0:12, 34 MB, no frame lost".
QString ended_text(const RecordingView& view);

/// The lines of a card of the library; each may be empty but the first.
QString card_title(const SessionCard& card);
QString card_facts(const SessionCard& card);    ///< "Anna, 2026-03-01 14:05, 0:12, 34 MB"
QString card_quality(const SessionCard& card);  ///< "97 % tracked, 3 of 1440 frames lost, accuracy 0.6°"
QString card_state(const SessionCard& card);    ///< "cut off: repair it", "being recorded now", ...
/// Whether every word of `search` is in name, participant, notes or the folder's name, in whatever case.
bool matches(const SessionCard& card, const QString& search);

}  // namespace yarbus::ui
