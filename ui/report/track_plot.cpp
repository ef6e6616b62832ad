#include "ui/report/track_plot.h"

#include <QImage>
#include <QVector>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ui/report/custom_plot.h"
#include "ui/report/picture_file.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

constexpr int track_plot_width_px = 1600;
constexpr int track_plot_height_px = 1100;

QString with_frames_break(const QString& text) {
  // A report is one long line; what was found, how sure it is and what was left to the population are three.
  QString broken = text;
  const qsizetype at = broken.indexOf("; ");
  if (at >= 0) broken.replace(at, 2, '\n');
  const qsizetype left = broken.indexOf("; left to the population");
  if (left >= 0) broken.replace(left, 2, '\n');
  return broken;
}

class TrackPlot {
 public:
  explicit TrackPlot(const TrackPlotInput& input) : input_(input) {
    plot_.setBackground(QBrush(palette_.color(QPalette::Window)));
    plot_.plotLayout()->clear();
    plot_.plotLayout()->setRowSpacing(10);
    plot_.setAntialiasedElements(QCP::aeAll);
    plot_.setNoAntialiasingOnDrag(false);
    plot_.plotLayout()->addElement(0, 0, new QCPTextElement(&plot_, input.title, plot_font(26, true)));
    auto* subtitle = new QCPTextElement(&plot_, with_frames_break(input.subtitle), plot_font(16));
    subtitle->setTextColor(palette_.color(QPalette::Text));
    plot_.plotLayout()->addElement(1, 0, subtitle);
    if (!input_.left_points.empty()) {
      auto* legend = new QCPTextElement(&plot_, "solid: right eye    dashed, thin: left eye", plot_font(16));
      plot_.plotLayout()->addElement(2, 0, legend);
    }
    const CurveColors colors = curve_colors(palette_);
    add_panel("azimuth (deg)\nright +", {{colors.azimuth, Qt::SolidLine, &TrackPlotPoint::gaze_azimuth_deg}});
    add_panel("elevation (deg)\nup +",
              {{colors.elevation, Qt::SolidLine, &TrackPlotPoint::gaze_elevation_deg}});
    add_panel("pupil diameter\n(mm)", {{colors.diameter, Qt::SolidLine, &TrackPlotPoint::pupil_diameter_mm}});
    QCPAxisRect* confidence =
        add_panel("confidence\n(0 to 1)", {{colors.confidence, Qt::SolidLine, &TrackPlotPoint::confidence}});
    confidence->axis(QCPAxis::atLeft)->setRange(-0.03, 1.06);
    QCPAxis* time = confidence->axis(QCPAxis::atBottom);
    time->setLabel("time (s)");
    time->setTickLabels(true);
    label_blinks();
  }

  QImage render() { return plot_.toPixmap(track_plot_width_px, track_plot_height_px, 1.0).toImage(); }

 private:
  struct Curve {
    QColor color;
    Qt::PenStyle style;
    double TrackPlotPoint::*value;
  };

  QCPAxisRect* add_panel(const QString& label, const std::vector<Curve>& curves) {
    auto* rect = new QCPAxisRect(&plot_);
    plot_.plotLayout()->addElement(plot_.plotLayout()->rowCount(), 0, rect);
    rect->setMarginGroup(QCP::msLeft | QCP::msRight, &margins_);
    rect->setMinimumMargins(QMargins(12, 4, 36, 4));
    style_axis_rect(*rect, palette_, plot_font(17));
    QCPGraph* shading = add_blink_shading(plot_, *rect, palette_);
    fill_shading(*shading);
    QCPAxis* left = rect->axis(QCPAxis::atLeft);
    left->setLabel(label);
    left->setLabelPadding(10);
    left->ticker()->setTickCount(4);
    double lower = std::numeric_limits<double>::max();
    double upper = std::numeric_limits<double>::lowest();
    for (const Curve& curve : curves) {
      const auto draw = [&](const std::vector<TrackPlotPoint>& points, const QPen& pen) {
        QCPGraph* graph = plot_.addGraph(rect->axis(QCPAxis::atBottom), left);
        graph->setPen(pen);
        QVector<double> keys;
        QVector<double> ordinates;
        for (const TrackPlotPoint& point : points) {
          const double value = point.*(curve.value);
          keys << point.time_s;
          ordinates << value;
          if (std::isfinite(value)) {
            lower = std::min(lower, value);
            upper = std::max(upper, value);
          }
        }
        graph->setData(keys, ordinates, true);
      };
      draw(input_.points, QPen(curve.color, 1.6, curve.style));
      if (!input_.left_points.empty())
        draw(input_.left_points, QPen(curve.color.darker(150), 1.1, Qt::DashLine));
    }
    if (lower > upper) {
      lower = 0.0;
      upper = 1.0;
    }
    const double margin = std::max(0.08 * (upper - lower), 0.05);
    left->setRange(lower - margin, upper + margin);
    QCPAxis* time = rect->axis(QCPAxis::atBottom);
    time->setTickLabels(false);
    double first_s = std::numeric_limits<double>::max();
    double last_s = std::numeric_limits<double>::lowest();
    for (const auto* points : {&input_.points, &input_.left_points}) {
      if (points->empty()) continue;
      first_s = std::min(first_s, points->front().time_s);
      last_s = std::max(last_s, points->back().time_s);
    }
    if (first_s <= last_s) time->setRange(first_s, last_s > first_s ? last_s : first_s + 1.0);
    panels_.push_back(rect);
    return rect;
  }

  [[nodiscard]] static double seconds(CaptureTime time) {
    return std::chrono::duration<double>(time).count();
  }

  void fill_shading(QCPGraph& shading) const {
    for (const BlinkEvent& blink : input_.blinks) {
      shading.addData(seconds(blink.onset), 1.0);
      shading.addData(seconds(blink.offset), 0.0);
    }
  }

  void label_blinks() {
    QCPAxisRect* top = panels_.front();
    // Labels keep this share of the width apart; the shading shows the blinks between them.
    constexpr double least_spacing_share = 0.05;
    const double least_spacing_s = least_spacing_share * top->axis(QCPAxis::atBottom)->range().size();
    double last_label_s = std::numeric_limits<double>::lowest();
    for (const BlinkEvent& blink : input_.blinks) {
      const double middle_s = 0.5 * (seconds(blink.onset) + seconds(blink.offset));
      if (middle_s - last_label_s < least_spacing_s) continue;
      last_label_s = middle_s;
      auto* label = new QCPItemText(&plot_);
      label->setClipToAxisRect(false);
      label->position->setAxes(top->axis(QCPAxis::atBottom), top->axis(QCPAxis::atRight));
      label->position->setAxisRect(top);
      label->position->setTypeX(QCPItemPosition::ptPlotCoords);
      label->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
      label->position->setCoords(middle_s, 0.03);
      label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
      label->setText(QString("blink %1").arg(blink.id));
      label->setFont(plot_font(14));
      label->setColor(palette_.color(QPalette::Text));
      label->setBrush(QColor(255, 255, 255, 210));
      label->setPadding(QMargins(3, 1, 3, 1));
    }
  }

  const TrackPlotInput& input_;
  QPalette palette_ = paper_palette();
  QCustomPlot plot_;
  QCPMarginGroup margins_{&plot_};
  std::vector<QCPAxisRect*> panels_;
};

}  // namespace

Result<void> write_track_plot(const TrackPlotInput& input, const QString& png_path) {
  TrackPlot plot(input);
  return write_picture(plot.render(), png_path, "the plot");
}

}  // namespace yarbus::ui
