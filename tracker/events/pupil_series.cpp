#include "tracker/events/pupil_series.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "eyemodel/geometry/axis_angles.h"
#include "tracker/events/median.h"

namespace yarbus {
namespace {

bool is_trusted(PupilFlag flag) { return flag == PupilFlag::valid; }

/// Places of the trusted samples.
std::vector<std::size_t> trusted_places(std::span<const PupilFlag> flags) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (is_trusted(flags[i])) places.push_back(i);
  }
  return places;
}

void flag_speed_outliers(std::span<const PupilSizeSample> series, const PupilSeriesOptions& options,
                         std::vector<PupilFlag>& flags) {
  const auto places = trusted_places(flags);
  if (places.size() < 3) return;
  std::vector<double> speeds(places.size(), 0.0);
  std::vector<double> scratch;
  for (std::size_t i = 1; i < places.size(); ++i) {
    const PupilSizeSample& before = series[places[i - 1]];
    const PupilSizeSample& after = series[places[i]];
    const double speed = std::abs(after.diameter - before.diameter) / seconds_of(after.at - before.at);
    speeds[i - 1] = std::max(speeds[i - 1], speed);
    speeds[i] = speed;
  }
  scratch = speeds;
  const double median = median_in_place(scratch);
  std::transform(speeds.begin(), speeds.end(), scratch.begin(),
                 [&](double speed) { return std::abs(speed - median); });
  const double deviation = median_in_place(scratch);
  scratch.clear();
  for (const std::size_t place : places) scratch.push_back(series[place].diameter);
  const double limit = std::max(median + options.speed_factor * deviation,
                                options.least_speed_per_s * median_in_place(scratch));
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (speeds[i] > limit) flags[places[i]] = PupilFlag::speed_outlier;
  }
}

void flag_islands(std::span<const PupilSizeSample> series, const PupilSeriesOptions& options,
                  std::vector<PupilFlag>& flags) {
  const auto places = trusted_places(flags);
  const auto is_loss = [&](std::size_t left, std::size_t right) {
    return right > left + 1 && seconds_of(series[right].at - series[left].at) >= options.loss_s;
  };
  std::size_t first = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i + 1 < places.size() && !is_loss(places[i], places[i + 1])) continue;
    const bool has_loss_before = first > 0;
    const bool has_loss_after = i + 1 < places.size();
    const double length_s = seconds_of(series[places[i]].at - series[places[first]].at);
    if (has_loss_before && has_loss_after && length_s < options.isolated_s) {
      for (std::size_t j = first; j <= i; ++j) flags[places[j]] = PupilFlag::isolated;
    }
    first = i + 1;
  }
}

}  // namespace

std::span<const OptionField<PupilSeriesOptions>> PupilSeriesOptions::fields() {
  using O = PupilSeriesOptions;
  static constexpr std::array<OptionField<O>, 5> table{{
      {"speed_factor", &O::speed_factor, 3.0, 100.0, "outliers: so many deviations above the median speed"},
      {"least_speed_per_s", &O::least_speed_per_s, 0.0, 100.0, "slower changes are no outliers"},
      {"isolated_s", &O::isolated_s, 0.0, 1.0, "shorter islands between losses are not trusted"},
      {"loss_s", &O::loss_s, 0.0, 1.0, "a loss this long makes an island of what lies beside it"},
      {"longest_gap_s", &O::longest_gap_s, 0.0, 5.0, "longer gaps are not interpolated"},
  }};
  return table;
}

Result<void> PupilSeriesOptions::validate() const {
  if (auto valid = margins.validate(); !valid) return valid.error();
  return validate_options(*this, fields(), "pupil series");
}

Result<std::vector<PupilFlag>> flag_pupil_sizes(std::span<const PupilSizeSample> series,
                                                std::span<const BlinkEvent> blinks,
                                                const PupilSeriesOptions& options) {
  if (auto valid = options.validate(); !valid) return valid.error();
  for (std::size_t i = 1; i < series.size(); ++i) {
    if (series[i].at > series[i - 1].at) continue;
    return Error{ErrorCode::input_unreadable, "is not later than the one before",
                 "pupil sample " + std::to_string(i),
                 "Sort the samples by capture time and keep one of each time"};
  }
  std::vector<PupilFlag> flags(series.size(), PupilFlag::valid);
  BlinkCover cover(blinks, options.margins);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const bool is_seen = std::isfinite(series[i].diameter) && series[i].diameter > 0.0;
    if (!is_seen) flags[i] = PupilFlag::missing;
    if (cover.covers(series[i].at)) flags[i] = is_seen ? PupilFlag::blink : PupilFlag::missing;
  }
  flag_speed_outliers(series, options, flags);
  flag_islands(series, options, flags);
  return flags;
}

PupilTrace interpolate_pupil_sizes(std::span<const PupilSizeSample> series, std::span<const PupilFlag> flags,
                                   double longest_gap_s) {
  YARBUS_CHECK_OP(series.size(), ==, flags.size());
  PupilTrace trace;
  trace.flags.assign(flags.begin(), flags.end());
  trace.diameters.assign(series.size(), std::numeric_limits<double>::quiet_NaN());
  const auto places = trusted_places(flags);
  for (const std::size_t place : places) trace.diameters[place] = series[place].diameter;
  for (std::size_t i = 1; i < places.size(); ++i) {
    const PupilSizeSample& before = series[places[i - 1]];
    const PupilSizeSample& after = series[places[i]];
    const double gap_s = seconds_of(after.at - before.at);
    if (gap_s > longest_gap_s) continue;
    for (std::size_t place = places[i - 1] + 1; place < places[i]; ++place) {
      const double share = seconds_of(series[place].at - before.at) / gap_s;
      trace.diameters[place] = before.diameter + share * (after.diameter - before.diameter);
      trace.flags[place] = PupilFlag::interpolated;
    }
  }
  return trace;
}

}  // namespace yarbus
