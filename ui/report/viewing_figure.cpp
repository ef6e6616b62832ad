#include "ui/report/viewing_figure.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

constexpr double natural_panel_width = 460.0;
constexpr double natural_font_px = 12.0;
constexpr double title_lines = 2.5;    ///< height of a panel's title, in heights of a text
constexpr double caption_lines = 2.6;  ///< of its figures
constexpr double viewing_legend_lines = 4.6;
constexpr double gap_lines = 1.2;
/// Radius of the circle of a fixation of one second, as a share of the picture's diagonal.
constexpr double second_radius_share = 0.026;
constexpr int heat_columns = 160;

const QColor path_ink(11, 72, 150);
const QColor path_halo(255, 255, 255, 225);
const QColor heat_ink(92, 12, 60);

struct HeatLevel {
  double share;  ///< of the greatest value
  Qt::PenStyle style;
  const char* words;
};
constexpr std::array heat_levels{HeatLevel{0.25, Qt::DotLine, "25 %"}, HeatLevel{0.5, Qt::DashLine, "50 %"},
                                 HeatLevel{0.75, Qt::SolidLine, "75 %"}};

int figure_columns(std::size_t tasks) {
  if (tasks <= 2) return static_cast<int>(std::max<std::size_t>(1, tasks));
  return tasks <= 4 ? 2 : tasks <= 9 ? 3 : 4;
}

/// Where the parts of the figure are.
struct FigureLayout {
  FigureLayout(const ViewingFigure& figure, double width, double font_px)
      : columns(figure_columns(figure.results.tasks.size())),
        rows(std::max(1, (static_cast<int>(figure.results.tasks.size()) + columns - 1) / columns)),
        line(1.35 * font_px),
        gap(gap_lines * font_px),
        panel_width((width - gap * (columns + 1)) / columns),
        picture_height(panel_width * figure.results.setup.picture_height_px /
                       std::max(1, figure.results.setup.picture_width_px)),
        panel_height(picture_height + (title_lines + caption_lines) * line) {}

  [[nodiscard]] double height() const {
    return rows * (panel_height + gap) + gap + viewing_legend_lines * line;
  }
  [[nodiscard]] QPointF panel(int index) const {
    return {gap + (index % columns) * (panel_width + gap), gap + (index / columns) * (panel_height + gap)};
  }

  int columns;
  int rows;
  double line;
  double gap;
  double panel_width;
  double picture_height;
  double panel_height;
};

/// Paler where little is seen, stronger and less transparent where much is.
QRgb heat_color(double share) {
  const double s = std::clamp(share, 0.0, 1.0);
  const auto mix = [&](double low, double high) { return low + (high - low) * s; };
  const int alpha = static_cast<int>(205.0 * std::min(1.0, 1.6 * s));
  return qPremultiply(qRgba(static_cast<int>(mix(255, 176)), static_cast<int>(mix(220, 16)),
                            static_cast<int>(mix(90, 60)), alpha));
}

QImage heat_image(const HeatMap& map, float greatest) {
  QImage image(map.columns, map.rows, QImage::Format_ARGB32_Premultiplied);
  for (int row = 0; row < map.rows; ++row) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
    for (int column = 0; column < map.columns; ++column)
      line[column] = heat_color(greatest > 0.0F ? map.at(column, row) / greatest : 0.0F);
  }
  return image;
}

/// One panel's picture being painted.
class PanelPainter {
 public:
  PanelPainter(QPainter& painter, const QRectF& area, const ViewingFigure& figure, double font_px)
      : painter_(painter), area_(area), figure_(figure), font_px_(font_px) {}

  void paint(const TaskResult& task, const HeatMap* heat, float greatest) {
    painter_.save();
    painter_.setClipRect(area_);
    painter_.setRenderHint(QPainter::Antialiasing);
    painter_.fillRect(area_, Qt::white);
    if (figure_.picture != nullptr) figure_.picture->paint(painter_, area_);
    // Paler, so that what is drawn over it stands out.
    if (figure_.layers.fixations || figure_.layers.saccades || figure_.layers.heat)
      painter_.fillRect(area_, QColor(255, 255, 255, 105));
    if (heat != nullptr && greatest > 0.0F) paint_heat(*heat, greatest);
    if (figure_.layers.saccades) paint_saccades(task);
    if (figure_.layers.fixations) paint_fixations(task);
    painter_.restore();
    painter_.setPen(QPen(QColor(120, 120, 125), 1.0));
    painter_.setBrush(Qt::NoBrush);
    painter_.drawRect(area_);
  }

 private:
  [[nodiscard]] QPointF place(const Eigen::Vector2d& in_picture_px) const {
    const ViewingSetup& setup = figure_.results.setup;
    return {area_.left() + (in_picture_px.x() + 0.5) * area_.width() / setup.picture_width_px,
            area_.top() + (in_picture_px.y() + 0.5) * area_.height() / setup.picture_height_px};
  }
  [[nodiscard]] double line_width(double width) const { return width * font_px_ / natural_font_px; }

  void paint_heat(const HeatMap& map, float greatest) {
    painter_.save();
    painter_.setRenderHint(QPainter::SmoothPixmapTransform);
    painter_.drawImage(area_, heat_image(map, greatest));
    painter_.restore();
    for (const HeatLevel& level : heat_levels) {
      painter_.setPen(QPen(heat_ink, line_width(1.3), level.style));
      for (const HeatLine& line :
           heat_lines(figure_.results.setup, map, static_cast<float>(level.share) * greatest))
        painter_.drawLine(place(line.from_px), place(line.to_px));
    }
  }
  void paint_saccades(const TaskResult& task) {
    QPainterPath path;
    bool is_first = true;
    for (const PictureFixation& fixation : task.fixations) {
      const QPointF to = place(fixation.in_picture_px);
      is_first ? path.moveTo(to) : path.lineTo(to);
      is_first = false;
    }
    painter_.setBrush(Qt::NoBrush);
    painter_.setPen(QPen(path_halo, line_width(3.2), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter_.drawPath(path);
    painter_.setPen(QPen(path_ink, line_width(1.3), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter_.drawPath(path);
  }
  void paint_fixations(const TaskResult& task) {
    const double diagonal = std::hypot(area_.width(), area_.height());
    QFont font = painter_.font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(0.72 * font_px_))));
    painter_.setFont(font);
    for (const PictureFixation& fixation : task.fixations) {
      const QPointF center = place(fixation.in_picture_px);
      const double radius = second_radius_share * diagonal * std::sqrt(fixation.duration_s);
      painter_.setBrush(QColor(255, 255, 255, 190));
      painter_.setPen(QPen(path_ink, line_width(1.4)));
      painter_.drawEllipse(center, radius, radius);
      if (fixation.number == 1) {
        painter_.setBrush(Qt::NoBrush);
        painter_.drawEllipse(center, radius + line_width(3.0), radius + line_width(3.0));
      }
    }
    // Numbers above all circles: a later circle must not hide an earlier number.
    for (const PictureFixation& fixation : task.fixations) {
      const QPointF center = place(fixation.in_picture_px);
      const QRectF box(center.x() - 2.0 * font_px_, center.y() - font_px_, 4.0 * font_px_, 2.0 * font_px_);
      painter_.setPen(QColor(10, 20, 40));
      painter_.drawText(box, Qt::AlignCenter, QString::number(fixation.number));
    }
  }

  QPainter& painter_;
  QRectF area_;
  const ViewingFigure& figure_;
  double font_px_;
};

class LegendPainter {
 public:
  LegendPainter(QPainter& painter, const QRectF& area, const ViewingFigure& figure, const QPalette& palette,
                double font_px, double line)
      : painter_(painter),
        figure_(figure),
        text_(palette.color(QPalette::Text)),
        font_px_(font_px),
        line_(line),
        left_(area.left()),
        right_(area.right()),
        at_(area.topLeft()) {}

  void paint(const FigureLayout& layout, float greatest) {
    painter_.save();
    painter_.setRenderHint(QPainter::Antialiasing);
    const double diagonal = std::hypot(layout.panel_width, layout.picture_height);
    if (figure_.layers.fixations) {
      for (const double seconds : {0.2, 0.5, 1.0})
        circle(second_radius_share * diagonal * std::sqrt(seconds), seconds);
      words("circle: a fixation, its area is its time, its number the order; double ring: the first");
    }
    if (figure_.layers.saccades) {
      const QPointF middle = room(2.6 * font_px_);
      painter_.setPen(QPen(path_ink, 1.3 * font_px_ / natural_font_px));
      painter_.drawLine(middle - QPointF(1.2 * font_px_, 0), middle + QPointF(1.2 * font_px_, 0));
      words("line: from one fixation to the next");
    }
    if (figure_.layers.heat) {
      for (const HeatLevel& level : heat_levels) {
        const QPointF middle = room(3.4 * font_px_);
        painter_.setPen(QPen(heat_ink, 1.3 * font_px_ / natural_font_px, level.style));
        painter_.drawLine(middle - QPointF(1.5 * font_px_, 0), middle + QPointF(1.5 * font_px_, 0));
        words(level.words);
      }
      words(QString("of the longest look of all tasks, %1 s per square degree; Gaussian of σ = %2°")
                .arg(static_cast<double>(greatest), 0, 'f', 2)
                .arg(figure_.layers.heat_sigma_deg, 0, 'g', 3));
    }
    painter_.restore();
  }

 private:
  /// The middle of that much room in the line; begins a new one where there is none.
  QPointF room(double width) {
    if (at_.x() + width > right_ && at_.x() > left_) at_ = {left_, at_.y() + line_};
    const QPointF middle(at_.x() + 0.5 * width, at_.y() + 0.5 * line_);
    at_.rx() += width;
    return middle;
  }
  void circle(double radius, double seconds) {
    const QPointF middle = room(2.0 * radius + 0.6 * font_px_);
    painter_.setBrush(QColor(255, 255, 255, 190));
    painter_.setPen(QPen(path_ink, 1.4 * font_px_ / natural_font_px));
    painter_.drawEllipse(middle, radius, radius);
    words(QString("%1 s").arg(seconds, 0, 'g', 2));
  }
  void words(const QString& text) {
    const double width = QFontMetricsF(painter_.font()).horizontalAdvance(text) + font_px_;
    const QPointF middle = room(width);
    painter_.setPen(text_);
    painter_.drawText(QRectF(middle.x() - 0.5 * width, middle.y() - line_, width, 2.0 * line_),
                      Qt::AlignLeft | Qt::AlignVCenter, text);
  }

  QPainter& painter_;
  const ViewingFigure& figure_;
  QColor text_;
  double font_px_;
  double line_;
  double left_;
  double right_;
  QPointF at_;
};

/// The text on at most two lines, "…" where it does not fit.
void draw_title(QPainter& painter, const QRectF& box, const QString& text) {
  const QFontMetricsF metrics(painter.font());
  QStringList words = text.split(' ', Qt::SkipEmptyParts);
  QString first;
  while (!words.isEmpty()) {
    const QString longer = first.isEmpty() ? words.front() : first + ' ' + words.front();
    if (metrics.horizontalAdvance(longer) > box.width() && !first.isEmpty()) break;
    first = longer;
    words.pop_front();
  }
  const QString second = metrics.elidedText(words.join(' '), Qt::ElideRight, box.width());
  first = metrics.elidedText(first, Qt::ElideRight, box.width());
  painter.drawText(box, Qt::AlignLeft | Qt::AlignBottom, second.isEmpty() ? first : first + '\n' + second);
}

}  // namespace

QString viewing_task_title(const TaskResult& task) {
  return QString("Task %1: %2").arg(task.task + 1).arg(QString::fromStdString(task.text));
}

QString viewing_task_words(const TaskResult& task) {
  if (!task.how) return "not shown";
  QStringList parts;
  parts << QString("shown for %1 s").arg(task.shown_s, 0, 'f', 1);
  if (*task.how == ShowingEnd::skipped) parts.back() += ", skipped";
  if (*task.how == ShowingEnd::paused || *task.how == ShowingEnd::cancelled) parts.back() += ", cut short";
  parts << (task.fixation_count == 1 ? QString("1 fixation")
                                     : QString("%1 fixations").arg(task.fixation_count));
  if (task.mean_fixation_s)
    parts.back() += QString(", mean %1 ms").arg(1e3 * *task.mean_fixation_s, 0, 'f', 0);
  if (task.mean_saccade_deg) parts << QString("path %1°").arg(task.scanpath_deg, 0, 'f', 0);
  if (task.off_picture_count > 0) parts << QString("%1 beside the picture").arg(task.off_picture_count);
  return parts.join("; ");
}

QString viewing_words(const ViewingResults& results) {
  QStringList sentences;
  for (const TaskResult& task : results.tasks)
    sentences << viewing_task_title(task) + ": " + viewing_task_words(task) + '.';
  return sentences.join('\n');
}

QSizeF viewing_figure_size(const ViewingFigure& figure) {
  const int columns = figure_columns(figure.results.tasks.size());
  const double width = columns * natural_panel_width + (columns + 1) * gap_lines * natural_font_px;
  return {width, viewing_figure_height(figure, width, natural_font_px)};
}

double viewing_figure_height(const ViewingFigure& figure, double width, double font_px) {
  return FigureLayout(figure, width, font_px).height();
}

void paint_viewing_figure(QPainter& painter, const QRectF& target, const ViewingFigure& figure,
                          const QPalette& palette, double font_px) {
  const FigureLayout layout(figure, target.width(), font_px);
  std::vector<HeatMap> heat;
  float greatest = 0.0F;
  if (figure.layers.heat) {
    for (const TaskResult& task : figure.results.tasks) {
      heat.push_back(
          make_heat_map(figure.results.setup, task.fixations, figure.layers.heat_sigma_deg, heat_columns));
      greatest = std::max(greatest, heat.back().greatest);
    }
  }
  painter.save();
  painter.translate(target.topLeft());
  const int font_size = std::max(1, static_cast<int>(std::lround(font_px)));
  for (std::size_t i = 0; i < figure.results.tasks.size(); ++i) {
    const TaskResult& task = figure.results.tasks[i];
    const QPointF corner = layout.panel(static_cast<int>(i));
    const double title_height = title_lines * layout.line;
    painter.setPen(palette.color(QPalette::Text));
    painter.setFont(plot_font(font_size, true));
    draw_title(painter, {corner.x(), corner.y(), layout.panel_width, title_height - 0.25 * font_px},
               viewing_task_title(task));
    const QRectF area(corner.x(), corner.y() + title_height, layout.panel_width, layout.picture_height);
    painter.setFont(plot_font(font_size));
    PanelPainter(painter, area, figure, font_px).paint(task, heat.empty() ? nullptr : &heat[i], greatest);
    painter.setPen(palette.color(QPalette::Text));
    painter.setFont(plot_font(font_size));
    painter.drawText(QRectF(corner.x(), area.bottom() + 0.3 * font_px, layout.panel_width,
                            caption_lines * layout.line - 0.3 * font_px),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, viewing_task_words(task));
  }
  painter.setFont(plot_font(font_size));
  const double top = layout.rows * (layout.panel_height + layout.gap) + layout.gap;
  LegendPainter(painter,
                {layout.gap, top, target.width() - 2.0 * layout.gap, viewing_legend_lines * layout.line},
                figure, palette, font_px, layout.line)
      .paint(layout, greatest);
  painter.restore();
}

}  // namespace yarbus::ui
