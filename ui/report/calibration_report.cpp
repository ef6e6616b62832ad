#include "ui/report/calibration_report.h"

#include <QAbstractTextDocumentLayout>
#include <QTextDocument>
#include <QTextOption>
#include <algorithm>
#include <cmath>

#include "ui/report/calibration_tables.h"
#include "ui/report/calibration_words.h"
#include "ui/report/plot_style.h"
#include "ui/report/screen_map.h"
#include "ui/report/verdict_marks.h"

namespace yarbus::ui {

namespace {

constexpr int text_px = 8;
constexpr double gap = 12.0;
constexpr double least_scale = 0.1;  ///< of texts that would not fit

/// Rich text as wide as `width`; drawn with its top left corner at `at`. Returns its height.
double paint_html(QPainter& painter, const QPointF& at, double width, double room, const QString& html) {
  if (html.isEmpty()) return 0.0;
  QTextDocument document;
  document.setDocumentMargin(0.0);
  document.setUseDesignMetrics(true);
  document.setDefaultFont(plot_font(text_px));
  // Never within a word: columns of tables are at least as wide as their longest one.
  QTextOption option = document.defaultTextOption();
  option.setWrapMode(QTextOption::WordWrap);
  document.setDefaultTextOption(option);
  document.setHtml(html);
  document.setTextWidth(width);
  double scale = 1.0;
  // Smaller texts also break later: a few steps find a size that fits.
  const auto fits = [&] {
    const QSizeF size = scale * document.size();
    return size.height() <= room && size.width() <= width + 0.5;
  };
  while (!fits() && scale > least_scale) {
    scale *= 0.95;
    document.setTextWidth(width / scale);
  }
  painter.save();
  painter.translate(at);
  painter.scale(scale, scale);
  QAbstractTextDocumentLayout::PaintContext context;
  context.palette = paper_palette();
  document.documentLayout()->draw(&painter, context);
  painter.restore();
  return scale * document.size().height();
}

QString block(const QString& title, const QString& html) {
  if (html.isEmpty()) return {};
  return "<p style=\"margin:0 0 2px 0\"><b>" + title.toHtmlEscaped() + "</b></p>" + html +
         "<p style=\"margin:0\">&nbsp;</p>";
}

QString muted(const QString& text) {
  return "<p style=\"margin:0 0 4px 0\">" + text.toHtmlEscaped() + "</p>";
}

double paint_header(QPainter& painter, const QRectF& page, const CalibrationResult& result) {
  const QPalette palette = paper_palette();
  constexpr double mark = 34.0;
  paint_grade_mark(painter, {page.left(), page.top() + 24.0, mark, mark}, result.grade, palette);
  painter.setPen(palette.color(QPalette::Text));
  painter.setFont(plot_font(9));
  painter.drawText(QRectF(page.left(), page.top(), page.width(), 14.0), Qt::AlignLeft | Qt::AlignVCenter,
                   "Yarbus: calibration of gaze on the screen");
  painter.drawText(QRectF(page.left(), page.top(), page.width(), 14.0), Qt::AlignRight | Qt::AlignVCenter,
                   QString::fromStdString(result.made_at));
  const double left = page.left() + mark + 10.0;
  const double width = page.right() - left;
  painter.setFont(plot_font(16, true));
  const QString title = painter.fontMetrics().elidedText(QString::fromStdString(result.name), Qt::ElideRight,
                                                         static_cast<int>(width));
  painter.drawText(QRectF(left, page.top() + 20.0, width, 22.0), Qt::AlignLeft | Qt::AlignVCenter, title);
  painter.setFont(plot_font(10));
  const QRectF words(left, page.top() + 43.0, width, 60.0);
  QRectF used;
  const QString verdict = grade_word(result.grade) + ": " + sentence(QString::fromStdString(result.verdict));
  painter.drawText(words, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, verdict, &used);
  return std::max(used.bottom(), page.top() + 24.0 + mark) + 6.0;
}

}  // namespace

void paint_calibration_report(QPainter& painter, const QRectF& page, const CalibrationResult& result) {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  double top = paint_header(painter, page, result);
  top += paint_html(painter, {page.left(), top}, page.width(), 40.0, muted(summary_line(result))) + 2.0;

  // The map with the figures beside it.
  const double map_width = 0.58 * page.width();
  const double map_height =
      std::min(0.36 * page.height(),
               map_width * result.screen.height_mm / std::max(1.0, result.screen.width_mm) + 28.0);
  paint_screen_map(painter, {page.left(), top, map_width, map_height}, screen_map_of(result), paper_palette(),
                   text_px);
  const double side_left = page.left() + map_width + gap;
  QString side = block("Data quality at the validation's targets", html_of(quality_table(result)));
  if (result.coverage_68)
    side += muted(QString("Stated 68 % regions hold the target in %1 % of the frames.")
                      .arg(100.0 * *result.coverage_68, 0, 'f', 0));
  if (result.true_accuracy_deg)
    side += muted("Simulated participant: accuracy against the true gaze " +
                  degrees_text(result.true_accuracy_deg) + ".");
  const double side_height =
      paint_html(painter, {side_left, top}, page.right() - side_left, map_height, side);
  top += std::max(map_height, side_height) + gap;

  // Two columns of texts.
  const double column = 0.5 * (page.width() - gap);
  const double room = page.bottom() - 14.0 - top;
  QString mappers = html_of(mapper_table(result));
  if (!result.mapper_reason.empty()) mappers += muted(sentence(QString::fromStdString(result.mapper_reason)));
  const QString left = block("Mappers: mean error", mappers) + block("Points", html_of(point_table(result)));
  const QString right =
      block("What would help", html_list(advice_lines(result))) +
      block("What was found", html_list(finding_lines(result.findings))) +
      block("Geometric model", result.parameters.empty() ? QString() : html_of(parameter_table(result)));
  paint_html(painter, {page.left(), top}, column, room, left);
  paint_html(painter, {page.left() + column + gap, top}, column, room, right);

  painter.setPen(QColor(90, 95, 105));
  painter.setFont(plot_font(7));
  painter.drawText(QRectF(page.left(), page.bottom() - 11.0, page.width(), 11.0),
                   Qt::AlignLeft | Qt::AlignBottom,
                   "With a camera on the head, gaze on the screen is valid only while the head keeps still "
                   "against the screen.");
  painter.restore();
}

}  // namespace yarbus::ui
