#pragma once

#include <string>

#include "app/export/session/export_folder.h"
#include "app/export/session/session_chunks.h"

namespace yarbus {

/// `bids`: a BIDS 1.11 dataset of one participant and one task, with eye tracking as physiological recordings
/// (PhysioType "eyetrack"). recording-eye1 is the right eye, eye2 the left, eye3 both together.
/// One near-eye camera with gaze: gaze on the screen. Two: each eye in the head, and eye3 on the screen.
/// A webcam: eye3 on the screen. Without calibrated gaze: each eye in the head.
/// Errors: invalid_option for a task that is not letters and digits.
Result<void> write_bids(const ExportRun& run, ExportFolder& folder);

/// The letters and digits of a text, for a label; "01" if none is left.
std::string bids_label(const std::string& text);

}  // namespace yarbus
