#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "eyemodel/types/fixed_vector.h"
#include "tracker/events/gaze_series.h"
#include "tracker/events/gaze_velocity.h"
#include "tracker/events/saccade.h"
#include "tracker/events/saccade_segmenter.h"
#include "tracker/events/saccade_threshold.h"

namespace yarbus {

/// Saccades of a live stream of gaze directions, by velocity (VelocityFilter, RunningThreshold,
/// SaccadeSegmenter). The sampling rate is learnt from the times of the samples.
/// Latency: a saccade is told once `settle_s` and VelocityFilter::latency_samples() have passed since its
/// offset; none is told before the threshold rests on 30 velocities, nor where the rate is too low.
/// Bad input: a direction that is not finite counts as lost; a sample that is not later than the last one is
/// left out and counted, and one that is more than a second earlier begins a new stream (a seek).
/// Threads: one owner. Memory: fixed, about 40 KiB, no heap. Cost: about 1 us a sample.
class SaccadeDetector {
 public:
  explicit SaccadeDetector(const SaccadeOptions& options = {});  ///< must be valid (YARBUS_CHECK)

  void clear();
  void push(const GazeDirectionSample& sample);
  /// Saccades completed since the last call, oldest first.
  using Saccades = FixedVector<Saccade, 8>;
  Saccades take();

  [[nodiscard]] SaccadeRate rate() const { return rate_; }
  /// Typical interval between samples, s; 0 while unknown.
  [[nodiscard]] double typical_interval_s() const { return interval_s_; }
  [[nodiscard]] const std::optional<SaccadeThreshold>& threshold() const { return threshold_.threshold(); }
  [[nodiscard]] double latency_s() const;
  [[nodiscard]] std::uint64_t ignored_samples() const { return ignored_samples_; }

 private:
  static constexpr std::size_t intervals_kept = 64;
  void learn_rate(double interval_s);
  void process(const GazeVelocity& velocity);

  SaccadeOptions options_;
  VelocityFilter velocities_;
  RunningThreshold threshold_;
  SaccadeSegmenter segmenter_;
  Saccades completed_;
  std::optional<CaptureTime> last_at_;
  std::array<double, intervals_kept> intervals_s_{};
  std::array<double, intervals_kept> scratch_{};
  std::uint64_t interval_count_ = 0;
  double interval_s_ = 0.0;
  SaccadeRate rate_ = SaccadeRate::unknown;
  std::uint64_t ignored_samples_ = 0;
};

/// All that velocity tells about a whole series.
struct SaccadeSeries {
  double typical_interval_s = 0.0;
  SaccadeRate rate = SaccadeRate::unknown;
  std::optional<SaccadeThreshold>
      threshold;                         ///< absent: the rate is too low, or too few velocities are valid
  std::vector<GazeVelocity> velocities;  ///< one a sample; empty without a usable rate
  std::vector<Saccade> saccades;         ///< in order
};

/// Saccades of a whole series: as the live detector, with one threshold that rests on all of it.
/// Errors: invalid_option; input_unreadable where time does not rise. A series in which nothing is valid is
/// no error: it has no saccades.
Result<SaccadeSeries> find_saccades(std::span<const GazeDirectionSample> series,
                                    const SaccadeOptions& options);

/// Of two eyes: those that overlap in time with one of the other eye (Engbert & Kliegl 2003), each with the
/// mean of both eyes' places, and the earlier onset and the later offset. Noise seldom moves both eyes at
/// once.
std::vector<Saccade> binocular_saccades(std::span<const Saccade> right, std::span<const Saccade> left);

}  // namespace yarbus
