#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/benchmark/viewer_eye.h"
#include "app/session/calibration_work.h"
#include "app/session/simulated_viewer.h"
#include "calibration/procedure/calibration_procedure.h"
#include "calibration/procedure/drift_monitor.h"
#include "calibration/procedure/eye_center_watch.h"

namespace yarbus::benchmark {

/// Both eyes at one time, and where they truly look.
struct ViewerFrame {
  ProcedureFrame seen;
  /// Mean of where the two visual axes meet the screen, mm; nullopt: one does not.
  std::optional<Eigen::Vector2d> true_gaze_in_screen_mm;
  std::array<double, 2> axis_error_deg{};
  bool is_saccade = false;
};

/// What a calibration came to. Times are of the frames; `fit_time` is the clock's.
struct CalibrationOutcome {
  ProcedurePhase phase = ProcedurePhase::idle;  ///< done: as it should be
  bool was_refused = false;                     ///< by who fits
  std::vector<Finding> findings;
  std::vector<PointResult> points;
  std::shared_ptr<const MapperChoice> choice;
  std::vector<CalibrationSample> calibration;
  std::vector<CalibrationSample> validation;
  std::optional<QualityReport> quality;
  std::optional<double> gate_s;     ///< from the start to the first target's request
  std::optional<double> to_gaze_s;  ///< from then to the fit
  double length_s = 0.0;            ///< from the start to the end
  std::chrono::nanoseconds fit_time{};
};

/// Gaze while one place was looked at or none was shown. `samples[i].target_in_screen_mm` is the place shown;
/// `truth[i]` where the eyes looked.
struct WatchedGaze {
  std::vector<CalibrationSample> samples;
  std::vector<Eigen::Vector2d> truth;
};

/// A simulated viewer before a screen without anybody else: the viewer looks, the eyes are seen and tracked,
/// the procedure says what to show, the window shows it two frames later, fits and scores are carried out at
/// once. Eye models go on learning all the time, as in the product. Threads: one owner.
class ViewerRun {
 public:
  using Eyes = std::array<std::unique_ptr<ViewerEye>, 2>;
  ViewerRun(SimulatedViewer viewer, Eyes eyes, const ScreenGeometry& screen,
            const ProcedureOptions& options = {});

  SimulatedViewer& viewer() { return viewer_; }
  [[nodiscard]] const ScreenGeometry& screen() const { return screen_; }
  [[nodiscard]] double now_s() const;
  /// Frames so far.
  [[nodiscard]] std::uint64_t frames() const { return index_; }

  /// Nothing is shown for so long.
  WatchedGaze look_around(double length_s, const std::stop_token& stop = {});
  /// Places are shown one after another; what is seen from `settle_s` after each on is kept, blinks and all.
  WatchedGaze show(const std::vector<Eigen::Vector2d>& places_in_screen_mm, double each_s,
                   double settle_s = 0.6, const std::stop_token& stop = {});
  /// The whole procedure, until it is done, waits for a person or an eye, or `limit_s` has passed.
  CalibrationOutcome calibrate(const ProcedureRequest& request, double limit_s,
                               const std::stop_token& stop = {});
  /// Where the eyes truly looked at a frame's time; nullopt: no such frame.
  [[nodiscard]] std::optional<Eigen::Vector2d> true_gaze_at(CaptureTime at) const;
  /// Of the live models' optical axes since the last call, all frames with a ray.
  std::vector<double> take_axis_errors_deg() { return std::move(axis_errors_deg_); }
  /// Each frame, as it comes.
  std::function<void(const ViewerFrame&)> on_frame;

 private:
  const ViewerFrame& step(const std::optional<VisibleTarget>& visible);
  void keep(WatchedGaze& watched, int target, const std::optional<Eigen::Vector2d>& shown_mm) const;
  std::optional<VisibleTarget> show_target();
  void carry_out_work(CalibrationOutcome& outcome);

  SimulatedViewer viewer_;
  Eyes eyes_;
  ScreenGeometry screen_;
  CalibrationProcedure procedure_;
  double rate_hz_;
  std::uint64_t index_ = 0;
  ViewerFrame frame_;
  std::vector<std::pair<CaptureTime, Eigen::Vector2d>> truth_;  ///< by rising time
  std::vector<double> axis_errors_deg_;
  int asked_target_ = -1;
  std::uint64_t asked_index_ = 0;
  int next_place_ = 1'000'000;  ///< numbers of places that are no procedure's
};

/// Gaze at a point that the procedure showed for a check: what the drift monitor is told. nullopt: no gaze.
std::optional<KnownTarget> known_target_of(const GazeMapper& mapper,
                                           std::span<const CalibrationSample> samples);

}  // namespace yarbus::benchmark
