#include "ui/report/benchmark_plot.h"

#include <QImage>
#include <QVector>
#include <algorithm>
#include <cmath>
#include <map>

#include "ui/report/custom_plot.h"
#include "ui/report/picture_file.h"
#include "ui/report/plot_style.h"

namespace yarbus::ui {

namespace {

constexpr int plot_width_px = 1600;
constexpr int plot_height_px = 1200;
constexpr int columns = 3;

/// A cumulative panel ends where this share of the values of the widest curve lies: a few wild errors would
/// otherwise squeeze everything else against the left.
constexpr double shown_share = 0.90;
/// Curves farther out than this many times the median end of the others leave the panel.
constexpr double widest_ratio = 3.0;

/// Dash, marker and colour of a curve; the colours differ in lightness too.
struct CurveLook {
  QString name;
  QColor color;
  QVector<double> dashes;  ///< empty: solid
  double width = 2.4;
  QCPScatterStyle::ScatterShape marker = QCPScatterStyle::ssDisc;
};

CurveLook look_of(BenchmarkCurve about) {
  switch (about) {
    case BenchmarkCurve::detector:
      return {"detector alone", QColor(160, 48, 112), {6, 2, 1, 2, 1, 2}, 2.4, QCPScatterStyle::ssDisc};
    case BenchmarkCurve::unprojection:
      return {"unprojection", QColor(120, 120, 125), {1, 2}, 2.8, QCPScatterStyle::ssCross};
    case BenchmarkCurve::unoptimised:
      return {"unoptimised", QColor(213, 110, 0), {6, 3}, 2.4, QCPScatterStyle::ssSquare};
    case BenchmarkCurve::contrast:
      return {"contrast", QColor(0, 114, 178), {7, 2, 1, 2}, 2.4, QCPScatterStyle::ssTriangle};
    case BenchmarkCurve::edge:
      return {"edge", QColor(15, 15, 20), {}, 2.4, QCPScatterStyle::ssDiamond};
    case BenchmarkCurve::refraction:
      return {"refraction", QColor(0, 140, 90), {}, 3.0, QCPScatterStyle::ssStar};
    case BenchmarkCurve::cold:
      return {"cold", QColor(0, 114, 178), {6, 3}, 2.4, QCPScatterStyle::ssSquare};
    case BenchmarkCurve::tracked:
      return {"tracked", QColor(15, 15, 20), {}, 2.4, QCPScatterStyle::ssDisc};
    case BenchmarkCurve::as_stated:
      return {"as stated", QColor(120, 120, 125), {1, 2}, 2.8, QCPScatterStyle::ssNone};
    case BenchmarkCurve::simulated_eyes:
      return {"simulated eyes", QColor(15, 15, 20), {}, 2.4, QCPScatterStyle::ssDisc};
    case BenchmarkCurve::normal_eyes:
      return {"normal eyes", QColor(0, 114, 178), {6, 3}, 2.4, QCPScatterStyle::ssSquare};
    case BenchmarkCurve::half_of_eyes:
      return {"half of the subjects", QColor(15, 15, 20), {}, 2.4, QCPScatterStyle::ssDisc};
    case BenchmarkCurve::most_of_eyes:
      return {"90 % of the subjects", QColor(213, 110, 0), {6, 3}, 2.4, QCPScatterStyle::ssSquare};
    case BenchmarkCurve::measured:
      return {"measured", QColor(0, 140, 90), {}, 3.0, QCPScatterStyle::ssDiamond};
    case BenchmarkCurve::in_proportion:
      return {"in proportion", QColor(120, 120, 125), {1, 2}, 2.8, QCPScatterStyle::ssNone};
    case BenchmarkCurve::geometric_mapper:
      return {"geometric", QColor(0, 90, 180), {}, 3.0, QCPScatterStyle::ssDisc};
    case BenchmarkCurve::appearance_process:
      return {"appearance process", QColor(0, 140, 90), {6, 3}, 2.6, QCPScatterStyle::ssSquare};
    case BenchmarkCurve::stacked_mapper:
      return {"stacked", QColor(130, 60, 160), {2, 2}, 2.6, QCPScatterStyle::ssDiamond};
    case BenchmarkCurve::tangent_distance:
      return {"tangent distance", QColor(150, 110, 60), {8, 3, 2, 3}, 2.2, QCPScatterStyle::ssTriangle};
    case BenchmarkCurve::ridge:
      return {"ridge", QColor(213, 80, 0), {4, 2}, 2.4, QCPScatterStyle::ssTriangleInverted};
    case BenchmarkCurve::mean_target:
      return {"mean target", QColor(120, 120, 125), {1, 2}, 2.2, QCPScatterStyle::ssCross};
  }
  return {};
}

QPen pen_of(const CurveLook& look) {
  QPen pen(look.color, look.width);
  pen.setCapStyle(Qt::FlatCap);
  if (!look.dashes.isEmpty()) pen.setDashPattern(look.dashes);
  return pen;
}

class BenchmarkPlot {
 public:
  explicit BenchmarkPlot(const BenchmarkPlotInput& input) {
    plot_.setBackground(QBrush(palette_.color(QPalette::Window)));
    plot_.setAutoAddPlottableToLegend(false);
    plot_.plotLayout()->clear();
    plot_.plotLayout()->setRowSpacing(8);
    plot_.setAntialiasedElements(QCP::aeAll);
    plot_.setNoAntialiasingOnDrag(false);
    plot_.plotLayout()->addElement(0, 0, text_element(input.title, plot_font(26, true)));
    plot_.plotLayout()->addElement(1, 0, text_element(input.subtitle, plot_font(16)));
    auto* grid = new QCPLayoutGrid;
    plot_.plotLayout()->addElement(2, 0, grid);
    plot_.plotLayout()->setRowStretchFactor(0, 0.001);
    plot_.plotLayout()->setRowStretchFactor(1, 0.001);
    grid->setRowSpacing(4);
    grid->setColumnSpacing(16);
    int at = 0;
    for (const BenchmarkPlotPanel& panel : input.panels) {
      const int row = at / columns;
      grid->addElement(2 * row, at % columns, text_element(panel.title, plot_font(20, true)));
      grid->addElement(2 * row + 1, at % columns, panel_of(panel));
      grid->setRowStretchFactor(2 * row, 0.001);
      ++at;
    }
    if (!shown_.empty()) add_legend();
  }

  QImage render() { return plot_.toPixmap(plot_width_px, plot_height_px, 1.0).toImage(); }

 private:
  QCPTextElement* text_element(const QString& text, const QFont& font) {
    auto* element = new QCPTextElement(&plot_, text, font);
    element->setTextColor(palette_.color(QPalette::Text));
    return element;
  }

  QCPAxisRect* panel_of(const BenchmarkPlotPanel& panel) {
    auto* rect = new QCPAxisRect(&plot_);
    rect->setMinimumMargins(QMargins(12, 6, 20, 6));
    style_axis_rect(*rect, palette_, plot_font(16));
    QCPAxis* x = rect->axis(QCPAxis::atBottom);
    QCPAxis* y = rect->axis(QCPAxis::atLeft);
    x->setLabel(panel.x_label);
    y->setLabel(panel.y_label);
    x->setLabelPadding(6);
    y->setLabelPadding(8);
    const bool has_data = std::any_of(panel.curves.begin(), panel.curves.end(),
                                      [](const BenchmarkPlotCurve& curve) { return !curve.x.empty(); });
    if (!has_data) {
      say_in(*rect, "not measurable: the recording does not hold this truth,\nor too few frames have it");
      return rect;
    }
    for (const BenchmarkPlotCurve& curve : panel.curves) add_curve(panel, curve, *x, *y);
    set_ranges(panel, *x, *y);
    return rect;
  }

  void add_curve(const BenchmarkPlotPanel& panel, const BenchmarkPlotCurve& curve, QCPAxis& x, QCPAxis& y) {
    const CurveLook look = look_of(curve.about);
    QCPGraph* graph = plot_.addGraph(&x, &y);
    graph->setName(look.name);
    graph->setPen(pen_of(look));
    graph->setAdaptiveSampling(false);
    QVector<double> keys(curve.x.begin(), curve.x.end());
    QVector<double> values(curve.y.begin(), curve.y.end());
    if (panel.kind == BenchmarkPlotPanel::Kind::cumulative) {
      graph->setLineStyle(QCPGraph::lsStepLeft);
      if (!keys.isEmpty()) {  // the last share holds on to the end of the panel
        keys << 1e6;
        values << values.back();
      }
    } else if (panel.kind != BenchmarkPlotPanel::Kind::course) {
      graph->setScatterStyle(QCPScatterStyle(look.marker, QPen(look.color, 2.0), QBrush(look.color), 11.0));
    }
    graph->setData(keys, values, true);
    shown_.try_emplace(curve.about, graph);
  }

  static void set_ranges(const BenchmarkPlotPanel& panel, QCPAxis& x, QCPAxis& y) {
    if (panel.kind == BenchmarkPlotPanel::Kind::cumulative) {
      x.setRange(0.0, panel.x_end.value_or(cumulative_end(panel)));
      y.setRange(0.0, 102.0);
      return;
    }
    if (panel.kind == BenchmarkPlotPanel::Kind::shares) {
      x.setRange(0.0, 100.0);
      y.setRange(0.0, 105.0);
      return;
    }
    const bool is_by_share = panel.kind == BenchmarkPlotPanel::Kind::points_by_share;
    double x_end = 0.0;
    double y_end = 0.0;
    for (const BenchmarkPlotCurve& curve : panel.curves) {
      for (const double value : curve.x) x_end = std::max(x_end, value);
      for (const double value : curve.y) y_end = std::max(y_end, std::isfinite(value) ? value : 0.0);
    }
    if (panel.kind == BenchmarkPlotPanel::Kind::course) {
      x.setRange(0.0, std::max(x_end, 0.1));
    } else {
      x.setRange(0.0, is_by_share ? 100.0 : 1.08 * std::max(x_end, 1.0));
    }
    y.setRange(0.0, panel.y_end.value_or(1.1 * std::max(y_end, 0.1)));
  }

  static double cumulative_end(const BenchmarkPlotPanel& panel) {
    std::vector<double> ends;
    for (const BenchmarkPlotCurve& curve : panel.curves) {
      if (curve.x.size() < 2) continue;
      const auto at = static_cast<std::size_t>(shown_share * static_cast<double>(curve.x.size() - 1));
      ends.push_back(curve.x[at]);
    }
    if (ends.empty()) return 1.0;
    std::sort(ends.begin(), ends.end());
    return std::max(1.1 * std::min(ends.back(), widest_ratio * ends[ends.size() / 2]), 0.05);
  }

  /// One line below the panels, which share their looks.
  void add_legend() {
    auto* legend = new QCPLegend;
    plot_.plotLayout()->addElement(3, 0, legend);
    plot_.plotLayout()->setRowStretchFactor(3, 0.001);
    legend->setLayer("legend");
    legend->setFillOrder(QCPLegend::foColumnsFirst);
    legend->setFont(plot_font(18));
    legend->setTextColor(palette_.color(QPalette::Text));
    legend->setBrush(Qt::NoBrush);
    legend->setBorderPen(Qt::NoPen);
    legend->setMargins(QMargins(60, 6, 0, 10));
    legend->setIconSize(70, 18);
    legend->setColumnSpacing(36);
    for (const auto& [about, graph] : shown_) graph->addToLegend(legend);
  }

  void say_in(QCPAxisRect& rect, const QString& text) {
    auto* label = new QCPItemText(&plot_);
    label->position->setType(QCPItemPosition::ptAxisRectRatio);
    label->position->setAxisRect(&rect);
    label->position->setCoords(0.5, 0.5);
    label->setClipAxisRect(&rect);
    label->setText(text);
    label->setFont(plot_font(17));
    label->setColor(palette_.color(QPalette::Text));
    rect.axis(QCPAxis::atLeft)->setTickLabels(false);
    rect.axis(QCPAxis::atBottom)->setTickLabels(false);
  }

  QPalette palette_ = paper_palette();
  QCustomPlot plot_;
  std::map<BenchmarkCurve, QCPGraph*> shown_;  ///< one graph of each kind of curve, for the legend
};

}  // namespace

Result<void> write_benchmark_plot(const BenchmarkPlotInput& input, const QString& png_path) {
  BenchmarkPlot plot(input);
  return write_picture(plot.render(), png_path, "the plot");
}

}  // namespace yarbus::ui
