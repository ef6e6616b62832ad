#pragma once

#include <QGridLayout>
#include <QLabel>
#include <QWidget>
#include <array>

#include "app/session/session.h"

namespace yarbus::ui {

/// Rates, losses and the time each stage takes.
class HealthPanel : public QWidget {
  Q_OBJECT
 public:
  explicit HealthPanel(QWidget* parent = nullptr);
  void follow(const EyeSnapshot& snapshot);
  /// The state of both eyes in words; empty hides it.
  void follow_both(const QString& text);

 private:
  enum Row : std::size_t {
    rate_in,
    rate_out,
    captured,
    processed,
    lost_by_source,
    lost_by_queue,
    stale_fits,
    blinks,
    row_count
  };
  enum Stage : std::size_t { detect, predict, total, stage_count };

  QLabel* summary_;
  QLabel* both_;
  std::array<QLabel*, row_count> values_{};
  std::array<QLabel*, row_count> names_{};
  std::array<QLabel*, stage_count> stage_names_{};
  std::array<std::array<QLabel*, 3>, stage_count> times_{};
};

}  // namespace yarbus::ui
