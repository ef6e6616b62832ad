#include "ui/report/screen_map.h"

#include <QStringList>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/report/calibration_words.h"
#include "ui/report/plot_style.h"
#include "ui/report/verdict_marks.h"

namespace yarbus::ui {

namespace {

constexpr double legend_lines = 3.4;  ///< its height, in heights of a text
constexpr double mark_share = 0.62;   ///< radius of a verdict's mark, in heights of a text

bool has_error_of(const ScreenMap& map, int point) {
  return std::any_of(map.errors.begin(), map.errors.end(),
                     [&](const ValidationErrorView& error) { return error.point == point; });
}

double mm_per_degree(const ScreenGeometry& screen) {
  return screen.viewing_distance_mm * std::tan(std::numbers::pi / 180.0);
}

/// One map being painted.
struct Sheet {
  QPainter& painter;
  QRectF area;
  const ScreenMap& map;
  const QPalette& palette;
  double font_px;

  [[nodiscard]] QPointF place(const Eigen::Vector2d& mm) const {
    return screen_map_place(area, map.screen, mm);
  }
  [[nodiscard]] double scale() const { return area.width() / map.screen.width_mm; }
  [[nodiscard]] QColor faint(float alpha) const {
    QColor color = palette.color(QPalette::Text);
    color.setAlphaF(alpha);
    return color;
  }

  /// A line's width, which goes with the texts.
  [[nodiscard]] double line(double width) const { return width * font_px / 12.0; }
  [[nodiscard]] double degree() const { return scale() * mm_per_degree(map.screen); }
  /// Where a degree is smaller than a letter, marks of single eyes would hide the rest.
  [[nodiscard]] bool shows_eyes() const { return degree() >= 0.8 * font_px; }

  void text_at(const QPointF& center, const QString& text) const {
    const QRectF box(center.x() - 10.0 * font_px, center.y() - 0.75 * font_px, 20.0 * font_px, 1.5 * font_px);
    // Beyond an edge of the screen it moves inward.
    const double half = 0.5 * painter.fontMetrics().horizontalAdvance(text);
    double shift = std::max(0.0, area.left() + 2.0 - (center.x() - half));
    shift -= std::max(0.0, center.x() + half - (area.right() - 2.0));
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(box.translated(shift, 0.0), Qt::AlignCenter, text);
  }
  /// Below what it belongs to, or above at the screen's lower edge.
  void text_by(const QPointF& center, double distance, const QString& text) const {
    const double below = center.y() + distance + 0.8 * font_px;
    const bool fits = below + 0.8 * font_px < area.bottom();
    text_at({center.x(), fits ? below : center.y() - distance - 0.8 * font_px}, text);
  }
  void region() const {
    if (!map.region) return;
    const QRectF box(place(map.region->low_mm), place(map.region->high_mm));
    QColor color = palette.color(QPalette::Highlight);
    painter.setPen(QPen(color, 2.0));
    color.setAlphaF(0.35F);
    painter.setBrush(QBrush(color, Qt::BDiagPattern));
    painter.drawRect(box);
  }
  void point(const PointView& view) const {
    const QPointF center = place(view.position_in_screen_mm);
    const double radius = mark_share * font_px * (map.errors.empty() ? 1.15 : 0.8);
    if (view.point == map.selected) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(palette.color(QPalette::Highlight), 2.5));
      painter.drawEllipse(center, 1.9 * radius, 1.9 * radius);
    }
    if (view.is_validation && map.errors.empty()) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(faint(0.6F), 1.0, Qt::DashLine));
      painter.drawEllipse(center, 1.5 * radius, 1.5 * radius);
    }
    paint_verdict_mark(painter, center, radius, view.verdict, palette);
    if (view.verdict == PointVerdict::waiting) return;
    QString text = QString::number(view.samples);
    if (view.samples > 0) text += " · " + degrees_text(view.spread_deg);
    text_by(center, 1.3 * radius, text);
  }
  void error(const ValidationErrorView& view) const {
    const QPointF target = place(view.target_in_screen_mm);
    const double degree = this->degree();
    if (view.point == map.selected) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(palette.color(QPalette::Highlight), 2.5));
      painter.drawEllipse(target, degree + 4.0, degree + 4.0);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(faint(0.45F), line(1.0)));
    painter.drawEllipse(target, degree, degree);
    const double arm = 0.3 * font_px;
    painter.setPen(QPen(palette.color(QPalette::Text), line(1.3)));
    painter.drawLine(target - QPointF(arm, 0.0), target + QPointF(arm, 0.0));
    painter.drawLine(target - QPointF(0.0, arm), target + QPointF(0.0, arm));
    const CurveColors colors = curve_colors(palette);
    const double half = 0.22 * font_px;
    painter.setPen(QPen(colors.elevation, line(1.2)));
    if (const auto& right = view.eyes_in_screen_mm[0]; right && shows_eyes())
      painter.drawRect(QRectF(place(*right) - QPointF(half, half), QSizeF(2.0 * half, 2.0 * half)));
    if (const auto& left = view.eyes_in_screen_mm[1]; left && shows_eyes()) {
      const QPointF at = place(*left);
      painter.drawPolygon(QPolygonF(
          {at + QPointF(0.0, -1.3 * half), at + QPointF(1.2 * half, half), at + QPointF(-1.2 * half, half)}));
    }
    if (view.gaze_in_screen_mm) {
      const QPointF gaze = place(*view.gaze_in_screen_mm);
      painter.setPen(QPen(colors.azimuth, line(2.0), Qt::SolidLine, Qt::RoundCap));
      painter.drawLine(target, gaze);
      painter.setPen(Qt::NoPen);
      painter.setBrush(colors.azimuth);
      painter.drawEllipse(gaze, 0.22 * font_px, 0.22 * font_px);
    }
    text_by(target, degree, view.error_deg ? degrees_text(view.error_deg) : QString("nothing seen"));
  }
};

/// Words with their marks, along the map's lower edge, as many lines as they need (at most two).
class Legend {
 public:
  Legend(const Sheet& sheet)
      : sheet_(sheet), at_(sheet.area.left(), sheet.area.bottom() + 1.1 * sheet.font_px) {}

  template <class Mark>
  void add(const QString& words, Mark mark) {
    const double width = sheet_.painter.fontMetrics().horizontalAdvance(words);
    const double needed = 1.7 * sheet_.font_px + width;
    if (at_.x() + needed > sheet_.area.right() + 2.0 && at_.x() > sheet_.area.left())
      at_ = QPointF(sheet_.area.left(), at_.y() + 1.5 * sheet_.font_px);
    mark(at_ + QPointF(0.6 * sheet_.font_px, 0.0));
    sheet_.painter.setPen(sheet_.palette.color(QPalette::Text));
    sheet_.painter.drawText(
        QRectF(at_.x() + 1.5 * sheet_.font_px, at_.y() - sheet_.font_px, width + 4.0, 2.0 * sheet_.font_px),
        Qt::AlignVCenter | Qt::AlignLeft, words);
    at_.rx() += needed + 1.1 * sheet_.font_px;
  }

 private:
  const Sheet& sheet_;
  QPointF at_;
};

void paint_legend(const Sheet& sheet) {
  Legend legend(sheet);
  QPainter& painter = sheet.painter;
  for (const PointVerdict verdict :
       {PointVerdict::good, PointVerdict::poor, PointVerdict::missing, PointVerdict::waiting}) {
    const auto& points = sheet.map.points;
    const bool occurs = std::any_of(points.begin(), points.end(),
                                    [&](const PointView& point) { return point.verdict == verdict; });
    if (!occurs) continue;
    legend.add(verdict_word(verdict), [&](const QPointF& at) {
      paint_verdict_mark(painter, at, 0.5 * sheet.font_px, verdict, sheet.palette);
    });
  }
  if (sheet.map.errors.empty()) {
    if (!sheet.map.points.empty()) legend.add("figures: samples · spread", [](const QPointF&) {});
    return;
  }
  const CurveColors colors = curve_colors(sheet.palette);
  legend.add("circle of 1°", [&](const QPointF& at) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(sheet.faint(0.6F), sheet.line(1.0)));
    painter.drawEllipse(at, 0.5 * sheet.font_px, 0.5 * sheet.font_px);
  });
  legend.add("target to mean gaze", [&](const QPointF& at) {
    painter.setPen(QPen(colors.azimuth, sheet.line(2.0)));
    painter.drawLine(at - QPointF(0.5 * sheet.font_px, 0.0), at + QPointF(0.2 * sheet.font_px, 0.0));
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.azimuth);
    painter.drawEllipse(at + QPointF(0.3 * sheet.font_px, 0.0), 0.25 * sheet.font_px, 0.25 * sheet.font_px);
  });
  if (!sheet.shows_eyes()) return;
  legend.add("right eye alone", [&](const QPointF& at) {
    const double half = 0.24 * sheet.font_px;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.elevation, sheet.line(1.2)));
    painter.drawRect(QRectF(at - QPointF(half, half), QSizeF(2.0 * half, 2.0 * half)));
  });
  legend.add("left eye alone", [&](const QPointF& at) {
    const double half = 0.28 * sheet.font_px;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.elevation, sheet.line(1.2)));
    painter.drawPolygon(QPolygonF(
        {at + QPointF(0.0, -1.2 * half), at + QPointF(1.1 * half, half), at + QPointF(-1.1 * half, half)}));
  });
}

}  // namespace

QRectF screen_map_area(const QRectF& target, const ScreenGeometry& screen, double font_px) {
  if (screen.width_mm <= 0.0 || screen.height_mm <= 0.0) return {};
  const double room = target.height() - legend_lines * font_px;
  const double scale = std::min(target.width() / screen.width_mm, room / screen.height_mm);
  if (scale <= 0.0) return {};
  const QSizeF size(scale * screen.width_mm, scale * screen.height_mm);
  return {QPointF(target.left() + 0.5 * (target.width() - size.width()), target.top()), size};
}

QPointF screen_map_place(const QRectF& area, const ScreenGeometry& screen,
                         const Eigen::Vector2d& in_screen_mm) {
  return {area.left() + area.width() * in_screen_mm.x() / screen.width_mm,
          area.top() + area.height() * in_screen_mm.y() / screen.height_mm};
}

Eigen::Vector2d screen_map_mm(const QRectF& area, const ScreenGeometry& screen, const QPointF& place) {
  return {(place.x() - area.left()) / area.width() * screen.width_mm,
          (place.y() - area.top()) / area.height() * screen.height_mm};
}

int screen_map_point_at(const QRectF& area, const ScreenMap& map, const QPointF& place, double font_px) {
  int best = -1;
  double best_distance = 1.8 * font_px;
  for (const PointView& point : map.points) {
    const QPointF off = screen_map_place(area, map.screen, point.position_in_screen_mm) - place;
    const double distance = std::hypot(off.x(), off.y());
    if (distance < best_distance) {
      best_distance = distance;
      best = point.point;
    }
  }
  return best;
}

void paint_screen_map(QPainter& painter, const QRectF& target, const ScreenMap& map, const QPalette& palette,
                      double font_px) {
  const QRectF area = screen_map_area(target, map.screen, font_px);
  if (area.isEmpty()) return;
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(plot_font(static_cast<int>(std::lround(font_px))));
  const Sheet sheet{painter, area, map, palette, font_px};
  painter.setPen(QPen(sheet.faint(0.5F), sheet.line(1.0)));
  painter.setBrush(palette.color(QPalette::Base));
  painter.drawRect(area);
  sheet.region();
  for (const PointView& point : map.points) {
    if (!has_error_of(map, point.point)) sheet.point(point);
  }
  for (const ValidationErrorView& error : map.errors) sheet.error(error);
  paint_legend(sheet);
  painter.restore();
}

QString screen_map_words(const ScreenMap& map) {
  QStringList words;
  for (const PointView& point : map.points) {
    QString text = point_name(point.point) + ": " + verdict_word(point.verdict);
    if (point.samples > 0)
      text += QString(", %1 samples, spread %2").arg(point.samples).arg(degrees_text(point.spread_deg));
    if (!point.reason.empty()) text += ", " + QString::fromStdString(point.reason);
    words << sentence(text);
  }
  for (const ValidationErrorView& error : map.errors)
    words << sentence(point_name(error.point) + ": error " + degrees_text(error.error_deg));
  return words.join(' ');
}

std::vector<PointView> points_on_map(const std::vector<PointView>& points) {
  std::vector<PointView> placed;
  for (const PointView& point : points) {
    if (!point.is_head_pass) placed.push_back(point);
  }
  return placed;
}

ScreenMap screen_map_of(const CalibrationResult& result) {
  ScreenMap map;
  map.screen = result.screen;
  map.points = points_on_map(result.points);
  map.errors = result.errors;
  return map;
}

}  // namespace yarbus::ui
