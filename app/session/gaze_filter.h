#pragma once

#include <optional>

#include <Eigen/Core>

#include "app/session/calibration_view.h"
#include "tracker/events/fixation_detector.h"

namespace yarbus {

/// Limits of the filters. Angles are those of gaze seen from the eyes.
struct GazeFilterOptions {
  double least_cutoff_hz = 1.5;          ///< One-Euro: of gaze at rest
  double cutoff_per_speed = 0.25;        ///< One-Euro: Hz for each deg/s
  double speed_cutoff_hz = 3.0;          ///< One-Euro: of the speed's own low pass
  double longest_gap_s = 0.25;           ///< after which a filter starts anew
  double fixation_dispersion_deg = 1.5;  ///< fixation-aware: as FixationDetector's
  double fixation_averaging_s = 0.25;    ///< fixation-aware: over so much of the fixation
};

/// Steadies gaze on the screen for display; what is measured and recorded stays as it is.
/// Method: One-Euro (Casiez, Roussel & Vogel 2012): a first-order low pass whose cutoff rises with speed. The
/// fixation-aware filter averages within a fixation (FixationDetector) and follows at once outside.
/// Frames & units: screen, mm; time as captured, rising. Threads: one owner. No heap.
class GazeSmoother {
 public:
  explicit GazeSmoother(const GazeFilterOptions& options = {});

  void set(GazeFilter filter);
  [[nodiscard]] GazeFilter filter() const { return filter_; }
  void clear();
  /// `mm_per_deg`: on the screen, as far away as it is.
  Eigen::Vector2d push(CaptureTime at, const Eigen::Vector2d& gaze_in_screen_mm, double mm_per_deg);
  /// By how much the filter now trails a gaze that moves slowly, s.
  [[nodiscard]] double added_latency_s() const { return added_latency_s_; }

 private:
  Eigen::Vector2d one_euro(double step_s, const Eigen::Vector2d& gaze_mm, double mm_per_deg);
  Eigen::Vector2d by_fixation(CaptureTime at, double step_s, const Eigen::Vector2d& gaze_mm,
                              double mm_per_deg);

  GazeFilterOptions options_;
  GazeFilter filter_ = GazeFilter::one_euro;
  FixationDetector fixations_;
  std::optional<CaptureTime> last_;
  Eigen::Vector2d filtered_mm_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d measured_mm_ = Eigen::Vector2d::Zero();
  Eigen::Vector2d velocity_mm_s_ = Eigen::Vector2d::Zero();
  bool was_fixating_ = false;
  double averaged_s_ = 0.0;
  double added_latency_s_ = 0.0;
};

}  // namespace yarbus
