#include "ui/report/calibration_tables.h"

#include <array>
#include <cmath>
#include <functional>

#include "ui/report/calibration_words.h"

namespace yarbus::ui {

namespace {

const QString absent = "–";
constexpr qsizetype unbroken = 20;  ///< characters of a cell that stay on one line

QString number(double value, int decimals) {
  return std::isfinite(value) ? QString::number(value, 'f', decimals) : absent;
}

QString mapper_state(const MapperView& mapper) {
  if (!mapper.is_available) return QString::fromStdString(mapper.why_not);
  return mapper.is_chosen ? "in use" : QString();
}

}  // namespace

TextTable quality_table(const CalibrationResult& result) {
  TextTable table;
  table.heads << ""
              << "both eyes"
              << "right"
              << "left";
  std::array<std::optional<QualityView>, 3> columns;
  if (result.both.targets > 0) columns[0] = result.both;
  columns[1] = result.eyes[0];
  columns[2] = result.eyes[1];
  const auto add = [&](const QString& name, const std::function<QString(const QualityView&)>& figure) {
    QStringList row{name};
    for (const auto& column : columns) row << (column ? figure(*column) : absent);
    table.rows << row;
  };
  add("Accuracy", [](const QualityView& view) { return degrees_text(view.accuracy_deg); });
  add("Worst target", [](const QualityView& view) { return degrees_text(view.worst_accuracy_deg); });
  add("RMS-S2S", [](const QualityView& view) { return degrees_text(view.rms_s2s_deg); });
  add("STD", [](const QualityView& view) { return degrees_text(view.std_deg); });
  add("BCEA (68 %)",
      [](const QualityView& view) { return view.bcea_deg2 ? number(*view.bcea_deg2, 2) + " deg²" : absent; });
  add("Data loss", [](const QualityView& view) { return number(view.data_loss_percent, 1) + " %"; });
  add("Effective rate", [](const QualityView& view) { return number(view.effective_hz, 1) + " Hz"; });
  add("Targets × window", [](const QualityView& view) {
    return QString("%1 × %2 s").arg(view.targets).arg(number(view.window_s, 2));
  });
  table.bold_row = 0;
  return table;
}

TextTable mapper_table(const CalibrationResult& result) {
  TextTable table;
  table.heads << ""
              << "left out"
              << "validated"
              << "";
  for (const MapperView& mapper : result.mappers) {
    if (mapper.is_chosen) table.bold_row = static_cast<int>(table.rows.size());
    table.rows << QStringList{QString::fromStdString(mapper.name), degrees_text(mapper.left_out_deg),
                              degrees_text(mapper.validated_deg), mapper_state(mapper)};
  }
  return table;
}

TextTable parameter_table(const CalibrationResult& result) {
  TextTable table;
  table.heads << ""
              << "value"
              << "± 1 σ"
              << "known from";
  for (const ParameterView& parameter : result.parameters) {
    const QString unit = parameter.unit.empty() ? QString() : ' ' + QString::fromStdString(parameter.unit);
    table.rows << QStringList{QString::fromStdString(parameter.name), number(parameter.value, 2) + unit,
                              number(parameter.sigma, 2),
                              parameter.from_data ? "the targets" : "the population"};
  }
  return table;
}

TextTable point_table(const CalibrationResult& result) {
  TextTable table;
  table.heads << "point"
              << "verdict"
              << "samples"
              << "spread"
              << "lost"
              << "shown";
  for (const PointView& point : result.points) {
    const QString stage = point.is_validation ? " (validation)" : "";
    const bool has_samples = point.samples > 0 && !point.is_head_pass;
    table.rows << QStringList{point.is_head_pass ? "head movement" : QString::number(point.point + 1) + stage,
                              verdict_word(point.verdict),
                              QString::number(point.samples),
                              has_samples ? degrees_text(point.spread_deg) : absent,
                              number(100.0 * point.data_loss, 0) + " %",
                              QString("%1×").arg(point.attempts)};
  }
  return table;
}

QString html_of(const TextTable& table, bool is_left) {
  QString html = "<table cellspacing=\"0\" cellpadding=\"2\">";
  const auto add_row = [&](const QStringList& cells, bool is_bold) {
    html += "<tr>";
    for (qsizetype i = 0; i < cells.size(); ++i) {
      const QString align = i > 0 && !is_left ? " align=\"right\"" : "";
      QString text = cells[i].toHtmlEscaped();
      if (cells[i].size() <= unbroken) text.replace(' ', "&nbsp;");
      if (is_bold) text = "<b>" + text + "</b>";
      html += "<td" + align + ">" + (i > 0 ? "&nbsp;&nbsp;" : "") + text + "</td>";
    }
    html += "</tr>";
  };
  add_row(table.heads, false);
  for (qsizetype i = 0; i < table.rows.size(); ++i) add_row(table.rows[i], i == table.bold_row);
  return html + "</table>";
}

QString html_list(const QStringList& lines) {
  if (lines.isEmpty()) return {};
  QString html;
  for (const QString& line : lines)
    html += "<p style=\"margin:0 0 4px 0\">• " + line.toHtmlEscaped() + "</p>";
  return html;
}

QStringList finding_lines(const std::vector<FindingView>& findings) {
  QStringList open;
  QStringList mended;
  for (const FindingView& finding : findings) {
    QString line = finding_text(finding);
    if (finding.is_of_validation) line.prepend("Validation: ");
    (finding.is_resolved ? mended : open) << (finding.is_resolved ? "Mended: " + line : line);
  }
  return open + mended;
}

QStringList advice_lines(const CalibrationResult& result) {
  QStringList lines;
  for (const std::string& advice : result.advice) lines << sentence(QString::fromStdString(advice));
  return lines;
}

QString summary_line(const CalibrationResult& result) {
  QStringList parts;
  parts << QString("%1 in %2, %3 samples")
               .arg(layout_words(result.layout), duration_text(result.duration_s))
               .arg(result.samples);
  if (!result.cameras.empty()) parts << QString::fromStdString(result.cameras);
  parts << "screen " + screen_words(result.screen);
  return parts.join("; ");
}

}  // namespace yarbus::ui
