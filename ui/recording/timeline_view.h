#pragma once

#include <QPixmap>
#include <QWidget>
#include <optional>
#include <vector>

#include "app/session/replay_control.h"

namespace yarbus::ui {

/// A recorded session over its whole time: a lane each for pupil diameter, gaze and confidence, bars of
/// blinks, fixations and saccades, ticks of annotations and gaps, the trim marks and the present moment.
/// Click, drag or keys seek. Threads: the window's.
class TimelineView : public QWidget {
  Q_OBJECT
 public:
  explicit TimelineView(QWidget* parent = nullptr);

  /// Null: nothing has been read yet.
  void show_timeline(const TimelinePtr& timeline);
  void set_position(std::optional<CaptureTime> at);
  void set_trim(const TrimMarks& trim);

  [[nodiscard]] const TimelinePtr& timeline() const { return timeline_; }
  [[nodiscard]] std::optional<CaptureTime> position() const { return position_; }
  [[nodiscard]] const TrimMarks& trim() const { return trim_; }
  /// Of a moment, within the widget; and back, clamped to the session.
  [[nodiscard]] double x_of(CaptureTime at) const;
  [[nodiscard]] CaptureTime time_at(double x) const;
  /// What lies there, in words; empty: nothing that needs words.
  [[nodiscard]] QString text_at(const QPoint& place) const;
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void seek_wanted(yarbus::CaptureTime at);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Row {
    QString name;
    const TimelineLane* lane = nullptr;                ///< of a curve
    const std::vector<TimelineSpan>* spans = nullptr;  ///< of bars and ticks
    QRect place;
    QColor color;
    bool is_ticks = false;
  };
  [[nodiscard]] std::vector<Row> rows() const;
  [[nodiscard]] QRect plot() const;
  [[nodiscard]] int row_height() const;
  void seek_to(double x);
  void draw_contents();
  void forget_picture();

  TimelinePtr timeline_;
  std::optional<CaptureTime> position_;
  TrimMarks trim_;
  QPixmap picture_;  ///< everything but position and trim marks
  bool is_dragging_ = false;
};

/// Fewer columns: each covers the same share of the lane, with the least and the greatest of those it covers.
TimelineLane merged_columns(const TimelineLane& lane, std::size_t columns);

}  // namespace yarbus::ui
