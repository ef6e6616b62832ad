#pragma once

#include <QString>
#include <QStringList>
#include <QVector>

#include "app/session/calibration_view.h"

namespace yarbus::ui {

/// A table of words: the first column names the row, the others hold figures.
struct TextTable {
  QStringList heads;
  QVector<QStringList> rows;
  int bold_row = -1;
};

/// Accuracy, RMS-S2S, STD, BCEA, data loss and effective frequency: for both eyes and each of them.
TextTable quality_table(const CalibrationResult& result);
/// Every mapper with its errors at left-out and at validation targets; the chosen one is bold.
TextTable mapper_table(const CalibrationResult& result);
/// The geometric model's parameters, and which of them the data determined.
TextTable parameter_table(const CalibrationResult& result);
/// Every point with its verdict, samples, spread and loss.
TextTable point_table(const CalibrationResult& result);

/// The table as Qt's rich text; figures are right-aligned unless `is_left`.
QString html_of(const TextTable& table, bool is_left = false);
/// A list of sentences as rich text; empty without any.
QString html_list(const QStringList& lines);

/// What was found and is not mended, then what was mended.
QStringList finding_lines(const std::vector<FindingView>& findings);
QStringList advice_lines(const CalibrationResult& result);
/// "9 points in 0:38, 512 samples; Mon 1, ..." : what was done, in one line.
QString summary_line(const CalibrationResult& result);

}  // namespace yarbus::ui
