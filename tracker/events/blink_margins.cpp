#include "tracker/events/blink_margins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {

std::span<const OptionField<BlinkMargins>> BlinkMargins::fields() {
  static constexpr std::array<OptionField<BlinkMargins>, 2> table{{
      {"before_s", &BlinkMargins::before_s, 0.0, 1.0, "before a blink samples are invalid for this long"},
      {"after_s", &BlinkMargins::after_s, 0.0, 1.0, "after a blink samples are invalid for this long"},
  }};
  return table;
}

Result<void> BlinkMargins::validate() const { return validate_options(*this, fields(), "blink margins"); }

BlinkCover::BlinkCover(std::span<const BlinkEvent> blinks, const BlinkMargins& margins)
    : blinks_(blinks),
      before_(time_from_seconds(margins.before_s)),
      after_(time_from_seconds(margins.after_s)) {
  const auto is_earlier = [](const BlinkEvent& a, const BlinkEvent& b) { return a.onset < b.onset; };
  YARBUS_CHECK(std::is_sorted(blinks.begin(), blinks.end(), is_earlier));
}

bool BlinkCover::covers(CaptureTime at) {
  while (!blinks_.empty() && at > blinks_.front().offset + after_) blinks_ = blinks_.subspan(1);
  return !blinks_.empty() && at >= blinks_.front().onset - before_;
}

void mask_blinks(std::span<GazeDirectionSample> series, std::span<const BlinkEvent> blinks,
                 const BlinkMargins& margins) {
  BlinkCover cover(blinks, margins);
  for (GazeDirectionSample& sample : series) {
    if (cover.covers(sample.at)) sample.is_valid = false;
  }
}

Result<std::vector<BlinkEvent>> find_blinks(std::span<const EyeOpeningSample> series,
                                            const BlinkDetectorOptions& options) {
  if (auto valid = options.validate(); !valid) return valid.error();
  BlinkDetector detector(options);
  std::vector<LabelledFrame> settled;
  std::vector<BlinkEvent> blinks;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const EyeOpeningSample& sample = series[i];
    const bool is_rising = i == 0 || sample.at > series[i - 1].at;
    if (!is_rising || !std::isfinite(sample.eye.confidence)) {
      return Error{ErrorCode::input_unreadable,
                   is_rising ? "has a confidence that is not a number" : "is not later than the one before",
                   "eye opening " + std::to_string(i),
                   "Sort the samples by capture time, and give a lost pupil the confidence 0"};
    }
    detector.push(i, sample.at, sample.eye, settled);
    settled.clear();
    for (const BlinkEvent& blink : detector.take_events()) blinks.push_back(blink);
  }
  return blinks;
}

}  // namespace yarbus
