#pragma once

#include <QWidget>
#include <array>
#include <optional>
#include <vector>

#include "app/session/session.h"
#include "ui/report/custom_plot.h"

namespace yarbus::ui {

/// Gaze azimuth and elevation, pupil diameter and confidence over the last seconds, on one time axis; blinks
/// are hatched. The axis can be narrowed, held still and shifted over what is kept, and a cursor reads the
/// curves. Where a point says how sure it is, a band about its curve reaches one standard deviation to either
/// side, and past the axis where that is much. Adding points is cheap; the plot is only drawn while visible.
class TraceView : public QWidget {
  Q_OBJECT
 public:
  explicit TraceView(QWidget* parent = nullptr);

  /// The points to show, oldest first. `restarted`: the ones shown before no longer hold.
  void show_traces(const std::vector<TracePoint>& points, bool restarted);
  /// A webcam sees no pupil: its panel makes room for the others.
  void set_webcam(bool is_webcam);

  /// How much of the time is seen, clamped to least_span_s .. kept_s.
  void set_span_s(double span_s);
  [[nodiscard]] double span_s() const { return span_s_; }
  /// The axis stands still and takes no new points; afterwards it asks for them (points_wanted()).
  void set_paused(bool paused);
  [[nodiscard]] bool is_paused() const { return is_paused_; }
  /// Shifts what is seen by so much, + later, over what is kept; while it is paused.
  void shift(double by_s);
  /// The cursor's time; it is read and drawn at the nearest point. nullopt: no cursor.
  void set_cursor(std::optional<double> time_s);
  /// By so many points; to the middle of what is seen if there is no cursor.
  void step_cursor(int points);
  [[nodiscard]] std::optional<double> cursor_s() const { return cursor_s_; }
  /// The point under the cursor; nullopt: no cursor, or no points.
  [[nodiscard]] std::optional<TracePoint> reading() const;
  /// What is seen, on white paper, as a PNG or SVG file by the name's ending. Errors: output_unwritable;
  /// invalid_option for another ending.
  Result<void> save(const QString& path);
  [[nodiscard]] const QCustomPlot& plot() const { return *plot_; }
  [[nodiscard]] QSize sizeHint() const override { return {720, 250}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {260, 150}; }

  static constexpr double window_s = 20.0;  ///< seen at first
  static constexpr double least_span_s = 1.0;
  static constexpr double kept_s = 60.0;  ///< as the session keeps them
  enum Curve : std::size_t { azimuth, elevation, diameter, confidence, curve_count };
  [[nodiscard]] const QCPGraph& curve(Curve which) const { return *curves_[which]; }
  /// The edges of a curve's band; the confidence has none.
  struct Band {
    QCPGraph* lower = nullptr;
    QCPGraph* upper = nullptr;
  };
  [[nodiscard]] const Band& band(Curve which) const { return bands_[which]; }

 Q_SIGNALS:
  void view_changed();    ///< span, pause or place
  void cursor_changed();  ///< its reading too, as curves run on
  void points_wanted();   ///< those since the pause

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Panel {
    QCPAxisRect* rect = nullptr;
    QCPGraph* shading = nullptr;
    QCPItemText* title = nullptr;
    QCPItemStraightLine* cursor = nullptr;
  };
  Panel add_panel();
  void add_curves();
  /// Every graph that has a value a point.
  template <class Visit>
  void each_value_graph(Visit visit);
  void restyle();
  void style(const QPalette& colors);
  [[nodiscard]] double time_at(double x_px) const;
  [[nodiscard]] double first_time_s() const;
  void show_cursor();
  void redraw();
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
  double span_s_ = window_s;
  bool is_paused_ = false;
  double paused_end_s_ = 0.0;       ///< right end of what is seen while paused
  std::optional<double> cursor_s_;  ///< of a point
  bool cursor_is_mouse_ = false;    ///< it goes when the mouse leaves
  std::optional<double> dragged_from_px_;
};

}  // namespace yarbus::ui
