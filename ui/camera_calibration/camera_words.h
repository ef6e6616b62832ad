#pragma once

#include <QString>

#include "app/session/camera_calibration_control.h"

namespace yarbus::ui {

/// Calibration of a camera in words and figures as people read them. Pure functions.

/// "Chessboard", "Circles", ...
QString board_kind_name(BoardKind kind);
/// What the numbers of columns and rows count: "inner corners", "circles".
QString counted_name(BoardKind kind);
/// "standard", "fisheye".
QString lens_name(DistortionModel lens);
/// "500.02 ± 0.14": as many decimals as two digits of the deviation need; without one, three decimals.
QString with_sigma(double value, double sigma);
/// "0.06 px"; a dash for what is absent.
QString error_text(double error_px);

/// What the board measures, what paper it fits, and what to check after printing.
QString size_check_words(const CalibrationBoard& board, const BoardDrawing& drawing);
/// The paper that a drawing of that size fits: "A4", "A4 lying", "A3", ...; empty: none up to A2.
QString paper_name(double width_mm, double height_mm);

/// How good a camera is known, and what would help.
struct CameraVerdict {
  enum class Grade { good, fair, poor } grade = Grade::poor;
  QString words;
  QString remedy;  ///< empty: nothing is needed
};
/// By the uncertainty of the focal length, which is that of every distance, and by the error left.
CameraVerdict camera_verdict(const CameraCalibrationResult& result);
/// Focal lengths, principal point, distortion, error: a table as rich text.
QString result_html(const CameraCalibrationResult& result);
/// "on views left out of the fit: standard 0.060 px, fisheye 0.083 px"; empty if neither was fitted.
QString left_out_words(const CameraCalibrationResult& result);

/// True if views that the result rests on were removed since.
bool is_result_old(const CameraCalibrationSnapshot& now);
/// "2 views came since: ..." or that some went; empty: the result is of all views, or there is none.
QString since_result_words(const CameraCalibrationSnapshot& now);
/// The largest words of the page: what to do now.
QString guide_words(const CameraCalibrationSnapshot& now, bool has_source);
/// "7 views, 2 of them taken out".
QString view_count_words(const CameraCalibrationSnapshot& now);

/// Begins with a capital.
QString with_capital(QString text);

}  // namespace yarbus::ui
