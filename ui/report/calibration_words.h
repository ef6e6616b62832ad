#pragma once

#include <QString>
#include <optional>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// Calibration in words and figures as people read them: for the wizard, the window and the report. Pure
/// functions.

/// "9 points".
QString layout_words(TargetLayout layout);
/// "Good", "Fair", "Poor", "Not validated".
QString grade_word(CalibrationGrade grade);
/// "good", "poor", "missing", "not shown yet".
QString verdict_word(PointVerdict verdict);
/// "0.42°", "1.3°"; a dash for what is absent.
QString degrees_text(const std::optional<double>& degrees);
/// "1:05".
QString duration_text(double seconds);
/// "531 × 299 mm, 1920 × 1080 px, seen from 60 cm".
QString screen_words(const ScreenGeometry& screen);
/// "point 3": people count from one.
QString point_name(int point);
/// "none", "One-Euro", "fixation".
QString filter_name(GazeFilter filter);
/// The filter with what it costs: "One-Euro: +35 ms", "no filter: +0 ms".
QString filter_text(GazeFilter filter, double added_latency_s);
/// Begins with a capital and ends with a full stop.
QString sentence(const QString& text);
/// "Text. Remedy." of a finding.
QString finding_text(const FindingView& finding);

}  // namespace yarbus::ui
