#pragma once

#include <cstdint>
#include <span>

#include <Eigen/Core>

#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/options.h"

namespace yarbus {

/// One saccade. Times are where the speed crosses the threshold, between samples.
struct Saccade {
  CaptureTime onset{};
  CaptureTime offset{};
  Eigen::Vector3d from = Eigen::Vector3d::UnitZ();  ///< unit: mean gaze just before
  Eigen::Vector3d to = Eigen::Vector3d::UnitZ();    ///< unit: mean gaze just after
  double amplitude_deg = 0.0;                       ///< angle between `from` and `to`
  double direction_deg = 0.0;  ///< of the way from `from` to `to`: 0 the looker's right, 90 up; -180..180
  double peak_velocity_deg_s = 0.0;  ///< sharp, as sampled: docs/events.md says how much is lost
  int samples = 0;                   ///< over the threshold

  [[nodiscard]] double duration_s() const { return std::chrono::duration<double>(offset - onset).count(); }
};

/// What a saccade is.
struct SaccadeOptions {
  double velocity_window_s = 0.033;     ///< of the smoothing; at least three samples
  double threshold_factor = 6.0;        ///< of the velocity noise
  double least_threshold_deg_s = 30.0;  ///< what noise-free data are held against; above common pursuit
  double least_amplitude_deg = 1.0;     ///< smaller ones belong to the fixation
  double longest_s = 0.2;               ///< longer movements are none (head, headset, loss of tracking)
  double settle_s = 0.04;  ///< before and after, for the amplitude; a second one so soon is the eye settling
  double lowest_rate_hz = 50.0;  ///< at lower sampling rates no saccade is told
  double memory_s = 5.0;         ///< live: the threshold rests on so much of the past

  static std::span<const OptionField<SaccadeOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

/// Whether the sampling is dense enough to tell saccades by their velocity.
enum class SaccadeRate : std::uint8_t {
  unknown,  ///< not enough samples yet to know the rate
  too_low,  ///< a saccade falls between samples: fixations by dispersion only
  enough,
};

constexpr const char* to_string(SaccadeRate rate) {
  switch (rate) {
    case SaccadeRate::unknown:
      return "unknown";
    case SaccadeRate::too_low:
      return "too_low";
    case SaccadeRate::enough:
      return "enough";
  }
  return "unknown";
}

/// By the typical interval between samples; 0 is unknown.
SaccadeRate saccade_rate(double typical_interval_s, const SaccadeOptions& options);

/// Samples on either side of the one whose velocity is asked.
std::size_t velocity_half_samples(double typical_interval_s, const SaccadeOptions& options);

}  // namespace yarbus
