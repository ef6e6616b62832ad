#include "tracker/events/pupil_series.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/random.h"

namespace yarbus::pupil_series_test {
namespace {

constexpr double rate_hz = 100.0;

/// A pupil of about 4 mm that swings slowly, with a little noise.
std::vector<PupilSizeSample> resting_pupil(double duration_s) {
  simulation::Random random(2);
  std::vector<PupilSizeSample> series;
  for (int i = 0; i < duration_s * rate_hz; ++i) {
    const double t_s = i / rate_hz;
    series.push_back({time_from_seconds(t_s), 4.0 + 0.3 * std::sin(2.0 * t_s) + 0.005 * random.normal()});
  }
  return series;
}
BlinkEvent blink_at(double onset_s, double offset_s) {
  BlinkEvent blink;
  blink.onset = time_from_seconds(onset_s);
  blink.offset = time_from_seconds(offset_s);
  return blink;
}
void lose(std::vector<PupilSizeSample>& series, double from_s, double to_s) {
  for (auto& sample : series) {
    const double t_s = seconds_of(sample.at);
    if (t_s >= from_s - 1e-9 && t_s <= to_s + 1e-9) sample.diameter = std::nan("");
  }
}
std::size_t count(const std::vector<PupilFlag>& flags, PupilFlag flag) {
  return static_cast<std::size_t>(std::count(flags.begin(), flags.end(), flag));
}

TEST(PupilSeries, ARestingPupilIsValid) {
  const auto series = resting_pupil(20.0);
  const auto flags = flag_pupil_sizes(series, {}, {});
  ASSERT_TRUE(flags);
  EXPECT_EQ(count(*flags, PupilFlag::valid), series.size());
}

TEST(PupilSeries, BlinksAndTheirMarginsAreNot) {
  auto series = resting_pupil(4.0);
  lose(series, 1.0, 1.2);
  const std::vector<BlinkEvent> blinks{blink_at(1.0, 1.2)};
  const auto flags = flag_pupil_sizes(series, blinks, {});
  ASSERT_TRUE(flags);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double t_s = seconds_of(series[i].at);
    const PupilFlag expected = t_s > 0.995 && t_s < 1.205   ? PupilFlag::missing
                               : t_s > 0.935 && t_s < 1.305 ? PupilFlag::blink
                                                            : PupilFlag::valid;
    EXPECT_EQ((*flags)[i], expected) << t_s;
  }
}

TEST(PupilSeries, JumpsAndIslandsAreFound) {
  auto series = resting_pupil(4.0);
  series[50].diameter = 5.5;
  lose(series, 2.0, 2.1);
  lose(series, 2.13, 2.3);
  const auto flags = flag_pupil_sizes(series, {}, {});
  ASSERT_TRUE(flags);
  EXPECT_EQ((*flags)[50], PupilFlag::speed_outlier);
  EXPECT_EQ((*flags)[211], PupilFlag::isolated);
  EXPECT_EQ((*flags)[212], PupilFlag::isolated);
  EXPECT_EQ(count(*flags, PupilFlag::isolated), 2U);
  EXPECT_LE(count(*flags, PupilFlag::speed_outlier), 3U);
}

TEST(PupilSeries, ShortGapsAreFilledAndMarkedLongOnesAreNot) {
  auto series = resting_pupil(8.0);
  const auto whole = series;
  lose(series, 1.0, 1.2);
  lose(series, 3.0, 3.6);
  lose(series, 7.9, 8.0);
  const auto flags = flag_pupil_sizes(series, {}, {});
  ASSERT_TRUE(flags);
  const auto trace = interpolate_pupil_sizes(series, *flags, 0.5);
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double t_s = seconds_of(series[i].at);
    if (t_s > 0.995 && t_s < 1.205) {
      EXPECT_EQ(trace.flags[i], PupilFlag::interpolated) << t_s;
      EXPECT_NEAR(trace.diameters[i], whole[i].diameter, 0.05) << t_s;
    } else if ((t_s > 2.995 && t_s < 3.605) || t_s > 7.895) {
      EXPECT_EQ(trace.flags[i], PupilFlag::missing) << t_s;
      EXPECT_TRUE(std::isnan(trace.diameters[i])) << t_s;
    } else {
      EXPECT_EQ(trace.flags[i], PupilFlag::valid) << t_s;
      EXPECT_EQ(trace.diameters[i], series[i].diameter);
    }
  }
}

TEST(PupilSeries, BadInput) {
  EXPECT_TRUE(flag_pupil_sizes({}, {}, {})->empty());
  const std::vector<PupilSizeSample> one{{CaptureTime(5), 3.0}};
  EXPECT_EQ(flag_pupil_sizes(one, {}, {})->front(), PupilFlag::valid);
  std::vector<PupilSizeSample> lost(50);
  for (std::size_t i = 0; i < lost.size(); ++i) lost[i].at = CaptureTime(i);
  EXPECT_EQ(count(*flag_pupil_sizes(lost, {}, {}), PupilFlag::missing), lost.size());
  const auto flags = *flag_pupil_sizes(lost, {}, {});
  EXPECT_TRUE(std::isnan(interpolate_pupil_sizes(lost, flags, 0.5).diameters[10]));
  auto back = resting_pupil(1.0);
  std::swap(back[10].at, back[11].at);
  const auto refused = flag_pupil_sizes(back, {}, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::input_unreadable);
  PupilSeriesOptions wrong;
  wrong.margins.before_s = -1.0;
  EXPECT_EQ(flag_pupil_sizes({}, {}, wrong).error().code, ErrorCode::invalid_option);
  EXPECT_THROW(interpolate_pupil_sizes(back, flags, 0.5), CheckFailure);
}

}  // namespace
}  // namespace yarbus::pupil_series_test
