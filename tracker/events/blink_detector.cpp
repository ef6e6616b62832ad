#include "tracker/events/blink_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

/// An eye less open than this counts as closed.
constexpr double closed_openness = 0.5;
/// A lid that covers less of the pupil than this does not hide it.
constexpr double raised_lid_closure = 0.25;

CaptureTime from_seconds(double seconds) {
  return CaptureTime(static_cast<CaptureTime::rep>(std::llround(seconds * 1e9)));
}

}  // namespace

std::span<const OptionField<BlinkDetectorOptions>> BlinkDetectorOptions::fields() {
  using O = BlinkDetectorOptions;
  static constexpr std::array<OptionField<O>, 4> table{{
      {"filter_length_s", &O::filter_length_s, 0.02, 2.0, "length of the confidence filter"},
      {"onset_threshold", &O::onset_threshold, 0.05, 1.0,
       "drop of the mean confidence that starts a closure"},
      {"offset_threshold", &O::offset_threshold, 0.05, 1.0,
       "rise of the mean confidence that ends a closure"},
      {"max_duration_s", &O::max_duration_s, 0.1, 60.0, "longer closures are not blinks"},
  }};
  return table;
}

Result<void> BlinkDetectorOptions::validate() const {
  return validate_options(*this, fields(), "blink detector");
}

EyeOpening EyeOpening::of(const PupilOutcome& outcome) {
  const auto* miss = std::get_if<PupilMiss>(&outcome);
  return {confidence_of(outcome), lid_closure_of(outcome),
          miss != nullptr && miss->reason == PupilMissReason::blink};
}

double EyeOpening::openness() const {
  const bool is_hidden = confidence < closed_openness;
  const bool is_lid_up = !is_blink_miss && lid_closure && *lid_closure < raised_lid_closure;
  return is_hidden && is_lid_up ? 1.0 : confidence;
}

BlinkDetector::BlinkDetector(const BlinkDetectorOptions& options)
    : filter_length_(from_seconds(options.filter_length_s)),
      max_duration_(from_seconds(options.max_duration_s)),
      onset_threshold_(options.onset_threshold),
      offset_threshold_(options.offset_threshold) {
  YARBUS_CHECK(options.validate().has_value());
}

bool BlinkDetector::is_low(const Entry& entry) { return entry.openness < closed_openness; }

std::optional<double> BlinkDetector::response() const {
  const CaptureTime now = entries_.back().captured_at;
  const CaptureTime start = now - filter_length_;
  const CaptureTime middle = now - filter_length_ / 2;
  double earlier = 0.0;
  double later = 0.0;
  int earlier_count = 0;
  int later_count = 0;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && entry->captured_at > start; ++entry) {
    if (entry->captured_at > middle) {
      later += entry->openness;
      ++later_count;
    } else {
      earlier += entry->openness;
      ++earlier_count;
    }
  }
  if (earlier_count == 0 || later_count == 0) return std::nullopt;
  return earlier / earlier_count - later / later_count;
}

void BlinkDetector::push(std::uint64_t sequence, CaptureTime captured_at, const EyeOpening& eye,
                         std::vector<LabelledFrame>& settled) {
  YARBUS_CHECK(std::isfinite(eye.confidence));
  if (!entries_.empty()) YARBUS_CHECK_OP(captured_at.count(), >, entries_.back().captured_at.count());
  entries_.push_back({sequence, captured_at, eye.openness(), eye.lid_closure});

  if (const auto drop = response(); drop.has_value()) {
    if (state_ == State::open && *drop >= onset_threshold_) {
      begin_closure();
    } else if (state_ == State::closed && *drop <= -offset_threshold_ && !is_low(entries_.back())) {
      end_closure(settled);  // not on a low frame: the eye closes again, and the closure goes on
    } else if (state_ == State::lost && *drop <= -offset_threshold_) {
      state_ = State::open;
    }
  }
  if (state_ == State::closed && captured_at - closure_started_ > max_duration_) state_ = State::lost;
  if (state_ != State::closed) settle_before_window(settled);
}

void BlinkDetector::begin_closure() {
  const CaptureTime start = entries_.back().captured_at - filter_length_;
  const auto first_low = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.captured_at > start && is_low(entry);
  });
  if (first_low == entries_.end()) return;  // a drop between two high confidences
  closure_started_ = first_low->captured_at;
  state_ = State::closed;
}

void BlinkDetector::end_closure(std::vector<LabelledFrame>& settled) {
  const auto first = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& entry) { return entry.captured_at >= closure_started_; });
  const auto last =
      std::find_if(entries_.rbegin(), entries_.rend(), is_low).base();  // one past the last low frame
  const int id = blink_count_++;
  const Entry& last_entry = *std::prev(last);
  std::optional<double> max_closure;
  std::for_each(first, last, [&](const Entry& entry) {
    if (is_low(entry)) max_closure = std::max(max_closure, entry.lid_closure);  // an absent one is the least
  });
  events_.push_back(
      {id, first->captured_at, last_entry.captured_at, first->sequence, last_entry.sequence, max_closure});
  const auto open_frames = static_cast<std::size_t>(std::distance(entries_.begin(), first));
  const auto closed_frames = static_cast<std::size_t>(std::distance(first, last));
  settle_front(open_frames, std::nullopt, settled);
  settle_front(closed_frames, id, settled);
  state_ = State::open;
}

void BlinkDetector::settle_front(std::size_t count, std::optional<int> blink_id,
                                 std::vector<LabelledFrame>& settled) {
  for (std::size_t i = 0; i < count; ++i) {
    settled.push_back({entries_.front().sequence, blink_id});
    entries_.pop_front();
  }
}

void BlinkDetector::settle_before_window(std::vector<LabelledFrame>& settled) {
  const CaptureTime start = entries_.back().captured_at - filter_length_;
  while (entries_.front().captured_at <= start) settle_front(1, std::nullopt, settled);
}

void BlinkDetector::finish(std::vector<LabelledFrame>& settled) {
  settle_front(entries_.size(), std::nullopt, settled);
  state_ = State::open;
}

void BlinkDetector::restart() {
  entries_.clear();
  state_ = State::open;
}

std::vector<BlinkEvent> BlinkDetector::take_events() { return std::exchange(events_, {}); }

}  // namespace yarbus
