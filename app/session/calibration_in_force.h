#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/session/calibration_view.h"
#include "app/session/gaze_filter.h"
#include "calibration/mapping/calibration_file.h"
#include "calibration/mapping/fit_mappers.h"
#include "calibration/procedure/drift_monitor.h"
#include "calibration/procedure/eye_center_watch.h"
#include "calibration/procedure/procedure_frame.h"
#include "calibration/validation/data_quality.h"

namespace yarbus {

/// A calibration in use: maps frames to gaze on the screen, watches for drift, is recentred.
/// Frames & units: screen, mm; time as captured, rising. Threads: one owner.
class CalibrationInForce {
 public:
  CalibrationInForce(std::string path, SavedCalibration saved, MapperChoice choice, bool is_camera_on_head);

  /// Gaze of one frame; nullopt if no eye is there, or the line of sight does not meet the screen. No heap.
  std::optional<ScreenGaze> push(const ProcedureFrame& frame);
  void set_filter(GazeFilter filter) { smoother_.set(filter); }

  /// The person looked at this place around then: the mean of the gaze of the frames within 0.15 s before it
  /// is compared. False: no gaze is known of that time.
  bool push_known(const Eigen::Vector2d& target_in_screen_mm, CaptureTime at, bool is_click);
  /// One point that was looked at on purpose: the mean over its samples. False: they give no gaze.
  bool push_check(const std::vector<CalibrationSample>& samples);
  /// Subtracts what the drift monitor found, from now on. False: no known target has told anything.
  bool recentre();
  /// The same if clicks alone show drift by the monitor's test: by how much, deg. Unset: they do not.
  std::optional<double> recentre_by_clicks();
  /// Subtracts what is off where the person looks now. False: no gaze is known of now.
  bool recentre_at(const Eigen::Vector2d& target_in_screen_mm);
  void undo_recentre();  ///< the last one

  /// Uses another mapper by name; "": the one that cross-validation finds best. Fits again. Errors: as
  /// fit_mappers().
  Result<void> use_mapper(const std::string& name);
  void rename(const std::string& name) { saved_.name = name; }
  void set_path(const std::string& path) { path_ = path; }

  [[nodiscard]] DriftView drift() const;
  [[nodiscard]] bool is_recentred() const { return !earlier_offsets_.empty(); }
  /// What recentring subtracts from the mapper's gaze: screen, mm.
  [[nodiscard]] const Eigen::Vector2d& offset_in_screen_mm() const { return offset_mm_; }
  [[nodiscard]] const SavedCalibration& saved() const { return saved_; }
  [[nodiscard]] const MapperChoice& choice() const { return choice_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Of the chosen mapper at the validation's targets; unset: there are none.
  [[nodiscard]] const std::optional<QualityReport>& quality() const { return quality_; }

 private:
  struct Recent {
    CaptureTime at{};
    GazePoint point;
  };
  static constexpr std::size_t recent_capacity = 256;
  /// The mapper's gaze, recentred, of the frames in that time.
  [[nodiscard]] std::optional<GazePoint> mean_gaze(CaptureTime from, CaptureTime to) const;
  [[nodiscard]] std::optional<bool> has_center_moved() const;
  [[nodiscard]] bool is_extrapolated(const Eigen::Vector2d& point_mm) const;
  void watch_centers();
  void forget_gaze();
  void measure();

  std::string path_;
  SavedCalibration saved_;
  MapperChoice choice_;
  std::optional<QualityReport> quality_;
  bool is_camera_on_head_;
  double mm_per_deg_ = 10.0;
  Eigen::Vector2d low_mm_ = Eigen::Vector2d::Zero();  ///< of the targets
  Eigen::Vector2d high_mm_ = Eigen::Vector2d::Zero();
  GazeSmoother smoother_;
  DriftMonitor drift_;
  std::array<std::optional<EyeCenterWatch>, 2> centers_;
  struct Offset {
    Eigen::Vector2d mm;
    Eigen::Matrix2d covariance_mm2;
  };
  std::vector<Offset> earlier_offsets_;                  ///< before each recentre, the last at the end
  Eigen::Vector2d offset_mm_ = Eigen::Vector2d::Zero();  ///< subtracted from the mapper's gaze
  Eigen::Matrix2d offset_covariance_mm2_ = Eigen::Matrix2d::Zero();
  std::array<Recent, recent_capacity> recent_;
  std::size_t recent_count_ = 0;
  std::optional<CaptureTime> last_frame_;
};

}  // namespace yarbus
