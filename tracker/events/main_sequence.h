#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "tracker/events/saccade.h"

namespace yarbus {

/// The main sequence (Bahill, Clark & Stark 1975): V = limit (1 - exp(-A / bend)).
struct MainSequence {
  double limit_deg_s = 0.0;  ///< peak velocity that large saccades approach
  double bend_deg = 0.0;     ///< amplitude at which 63 % of it is reached
  std::size_t saccades = 0;
  double smallest_deg = 0.0;  ///< the amplitudes it rests on: it says nothing outside them
  double largest_deg = 0.0;
  double spread = 0.0;  ///< median of |ln(V / fitted V)|: 0.1 is about 10 %

  [[nodiscard]] double peak_velocity_deg_s(double amplitude_deg) const;
  /// Of small saccades: limit / bend, 1/s.
  [[nodiscard]] double slope_per_s() const { return limit_deg_s / bend_deg; }
};

/// Why saccades give no main sequence.
enum class MainSequenceMiss : std::uint8_t {
  too_few,         ///< fewer than 15 saccades
  one_size,        ///< the largest is less than three times the smallest
  not_determined,  ///< the velocities do not bend (or bend at once) within these amplitudes
};

constexpr std::string_view to_string(MainSequenceMiss miss) {
  switch (miss) {
    case MainSequenceMiss::too_few:
      return "too few saccades";
    case MainSequenceMiss::one_size:
      return "the saccades are all of about one size";
    case MainSequenceMiss::not_determined:
      return "the velocities do not determine it";
  }
  return "unknown";
}

using MainSequenceOutcome = std::variant<MainSequenceMiss, MainSequence>;

/// Fits the main sequence. Method: least absolute deviations of ln V (a saccade in three may be an outlier):
/// for each bend the limit is a median in closed form; the bend is searched on a fine logarithmic grid from a
/// tenth of the smallest to three times the largest amplitude.
/// Saccades without positive amplitude and velocity are left out. Cost: about 1 ms for 1000 saccades.
MainSequenceOutcome fit_main_sequence(std::span<const Saccade> saccades);

}  // namespace yarbus
