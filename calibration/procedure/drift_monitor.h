#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>

#include <Eigen/Core>

#include "calibration/calibration_sample.h"
#include "eyemodel/types/options.h"

namespace yarbus {

struct DriftOptions {
  double significance = 0.001;    ///< chance of a false alarm per known target
  double least_offset_deg = 0.5;  ///< smaller offsets are no drift, however sure
  double check_sigma_deg = 0.3;   ///< how exactly a person looks at a target shown for it, in each direction
  double click_sigma_deg = 1.0;   ///< and at a place that they click
  double memory_s = 300.0;        ///< older known targets are forgotten
  int fewest_clicks = 3;          ///< that must agree, where only clicks tell

  static std::span<const OptionField<DriftOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Gaze at a moment when it is known where the person looks. Frames & units: screen, mm.
struct KnownTarget {
  CaptureTime at{};
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
  Eigen::Vector2d gaze_in_screen_mm = Eigen::Vector2d::Zero();
  Eigen::Matrix2d gaze_covariance_mm2 = Eigen::Matrix2d::Zero();  ///< as the mapper states it
  bool is_click = false;  ///< implied by a click, which may have been made without looking
};

enum class DriftCause : std::uint8_t {
  none,
  slippage,    ///< the eye's centre moved in the camera as well
  head_moved,  ///< it did not, and the camera is on the head: the head moved against the screen
  unknown,
};

struct DriftReport {
  int known_targets = 0;  ///< that the offset rests on
  Eigen::Vector2d offset_in_screen_mm =
      Eigen::Vector2d::Zero();  ///< gaze minus target: subtract it to recentre
  Eigen::Matrix2d offset_covariance_mm2 = Eigen::Matrix2d::Zero();
  double offset_deg = 0.0;
  double chi_square = 0.0;  ///< of the offset against its covariance, two degrees of freedom
  double p_value = 1.0;     ///< chance of one as large without drift, for the number of looks taken
  bool is_drifted = false;
  bool is_of_clicks = false;  ///< it rests on clicks alone

  [[nodiscard]] std::string to_text(DriftCause cause) const;
};

/// Watches the innovation of gaze at known targets.
///
/// Method: gaze minus target is expected to be zero with the mapper's covariance plus that of the person's
/// aim. Offsets of the newest 1, 2, ... known targets are averaged by their covariances, clicks robustly
/// (Cauchy weights), and each average is tested by chi-square; the most significant counts, its chance
/// multiplied by the number of averages tested (Bonferroni). So one sure check, or some agreeing clicks, show
/// a fresh drift in spite of many good ones before it. Threads: one owner. Memory: the newest 16 known
/// targets.
class DriftMonitor {
 public:
  DriftMonitor(const DriftOptions& options, const ScreenGeometry& screen);  ///< options valid (YARBUS_CHECK)

  /// Passes over what is not a number; times rise.
  void push(const KnownTarget& known);
  /// After a recentre or a new calibration: what was known belongs to the old one.
  void clear() {
    known_.clear();
    report_ = {};
  }
  [[nodiscard]] const DriftReport& report() const { return report_; }

 private:
  static constexpr std::size_t most_known = 16;
  [[nodiscard]] std::optional<DriftReport> average_of_newest(std::size_t count) const;
  [[nodiscard]] Eigen::Matrix2d covariance_of(const KnownTarget& known) const;

  DriftOptions options_;
  ScreenGeometry screen_;
  std::deque<KnownTarget> known_;
  DriftReport report_;
};

/// `has_center_moved`: EyeCenterWatch's word; unset where none watches.
DriftCause cause_of_drift(const DriftReport& report, std::optional<bool> has_center_moved,
                          bool is_camera_on_head);

}  // namespace yarbus
