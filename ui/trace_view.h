#pragma once

#include <QWidget>
#include <array>
#include <vector>

#include "app/session/session.h"
#include "ui/report/custom_plot.h"

namespace yarbus::ui {

/// Gaze azimuth and elevation, pupil diameter and confidence over the last seconds, on one time axis; blinks
/// are hatched. Where a point says how sure it is, a band about its curve reaches one standard deviation to
/// either side, and past the axis where that is much. Adding points is cheap; the plot is only drawn while
/// visible.
class TraceView : public QWidget {
  Q_OBJECT
 public:
  explicit TraceView(QWidget* parent = nullptr);

  /// The points to show, oldest first. `restarted`: the ones shown before no longer hold.
  void show_traces(const std::vector<TracePoint>& points, bool restarted);
  /// A webcam sees no pupil: its panel makes room for the others.
  void set_webcam(bool is_webcam);
  [[nodiscard]] const QCustomPlot& plot() const { return *plot_; }
  [[nodiscard]] QSize sizeHint() const override { return {720, 250}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {260, 150}; }

  static constexpr double window_s = 20.0;
  enum Curve : std::size_t { azimuth, elevation, diameter, confidence, curve_count };
  [[nodiscard]] const QCPGraph& curve(Curve which) const { return *curves_[which]; }
  /// The edges of a curve's band; the confidence has none.
  struct Band {
    QCPGraph* lower = nullptr;
    QCPGraph* upper = nullptr;
  };
  [[nodiscard]] const Band& band(Curve which) const { return bands_[which]; }

 protected:
  void showEvent(QShowEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Panel {
    QCPAxisRect* rect = nullptr;
    QCPGraph* shading = nullptr;
    QCPItemText* title = nullptr;
  };
  Panel add_panel();
  void add_curves();
  /// Every graph that has a value a point.
  template <class Visit>
  void each_value_graph(Visit visit);
  void restyle();
  void append(const TracePoint& point);
  void scroll();
  void fit_ranges();
  void draw_if_visible();

  QCustomPlot* plot_;
  QCPMarginGroup* margins_;
  std::array<Panel, 3> panels_;
  std::array<QCPGraph*, curve_count> curves_{};
  std::array<Band, confidence> bands_;  ///< by Curve
  QCPItemText* empty_text_;
  bool is_webcam_ = false;
  bool has_points_ = false;
  std::uint64_t next_index_ = 0;
  double last_time_s_ = 0.0;
};

}  // namespace yarbus::ui
