#pragma once

#include <array>
#include <optional>
#include <vector>

#include "calibration/procedure/frame_sample.h"
#include "calibration/procedure/point_result.h"
#include "calibration/procedure/procedure_frame.h"
#include "calibration/procedure/procedure_options.h"
#include "eyemodel/geometry/dispersion_window.h"

namespace yarbus {

/// Where an eye pointed at an earlier target, and how far it should turn from there.
struct ExpectedTurn {
  Eigen::Vector3d from_axis_in_cam = Eigen::Vector3d::Zero();
  double turn_rad = 0.0;
};

/// A showing to record.
struct Showing {
  int point = 0;
  int target = 0;
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
  bool is_validation = false;
  CaptureTime shown_at{};
  CaptureTime records_from{};  ///< frames before are settling time
  std::array<std::optional<ExpectedTurn>, 2> turns;
  std::optional<PursuitPath> path;  ///< of an arc, with its motion
  std::optional<PursuitMotion> motion;
};

/// Collects the frames of one showing, finds the still gaze in them and chooses samples.
///
/// Method: each eye's frames fall into runs of still gaze (DispersionWindow). The longest run that turned as
/// the target's jump asks (at least 35 % of the angle) is the fixation; runs within the dispersion limit of
/// it belong to it, so a blink does not end it. Chosen are its frames with confidence, within three robust
/// deviations. One eye is enough. On an arc of a moving target every frame outside saccades is chosen.
/// Threads: one owner. Memory: set up once; the newest 1024 to 2048 frames of a showing are kept; push()
/// takes none.
class PointRecorder {
 public:
  explicit PointRecorder(const ProcedureOptions& options);

  void begin(const Showing& showing);
  void push(const ProcedureFrame& frame);
  /// Still gaze for long enough.
  [[nodiscard]] bool is_complete() const;
  /// Enough for a key press to end the point.
  [[nodiscard]] bool has_enough_samples() const;
  [[nodiscard]] bool is_still() const { return windows_[0].is_still() || windows_[1].is_still(); }
  /// 0..1 of what is_complete() asks.
  [[nodiscard]] double progress() const;
  [[nodiscard]] const Showing& showing() const { return showing_; }
  /// Frames with a usable eye so far.
  [[nodiscard]] int usable_frames() const { return usable_frames_; }
  [[nodiscard]] int invalid_frames() const { return invalid_frames_; }
  [[nodiscard]] int frames() const { return frames_; }
  /// What came of it; samples are copied out.
  [[nodiscard]] PointAttempt finish(CaptureTime now) const;

 private:
  static constexpr std::size_t max_candidates = 2048;
  static constexpr int max_runs = 128;
  struct Candidate {
    CalibrationSample sample;
    std::array<int, 2> run{-1, -1};  ///< by eye; -1: not still
  };
  struct Run {
    Eigen::Vector3d axis_sum = Eigen::Vector3d::Zero();
    int count = 0;
    CaptureTime first{};
    CaptureTime last{};
    [[nodiscard]] double length_s() const;
  };
  struct Fixation {
    std::array<bool, max_runs> has_run{};
    bool has_any = false;
    bool has_followed = true;
    int count = 0;
    double length_s = 0.0;
  };

  void drop_oldest_half();
  void forget_frames();
  void push_still(std::size_t eye, const EyeRay& ray, CaptureTime at);
  [[nodiscard]] bool has_turned(std::size_t eye, const Eigen::Vector3d& axis_in_cam) const;
  [[nodiscard]] Fixation fixation_of(std::size_t eye) const;
  void choose(std::size_t eye, const Fixation& fixation, std::vector<char>& is_chosen) const;
  void measure(std::size_t eye, const std::vector<char>& is_chosen, EyePointResult& result) const;
  void judge(PointResult& result, bool has_followed) const;
  [[nodiscard]] PointReason reason_for_nothing() const;

  ProcedureOptions options_;
  Showing showing_;
  std::array<DispersionWindow, 2> windows_;
  std::array<std::vector<Run>, 2> runs_;
  std::array<bool, 2> in_run_{};
  std::vector<Candidate> candidates_;
  std::array<int, 2> lost_frames_{};
  int frames_ = 0;
  int usable_frames_ = 0;
  int closed_frames_ = 0;
  int invalid_frames_ = 0;
};

}  // namespace yarbus
