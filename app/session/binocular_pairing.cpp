#include "app/session/binocular_pairing.h"

#include <algorithm>
#include <utility>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

using std::chrono::nanoseconds;

nanoseconds pair_tolerance(const PairingOptions& options, const FrameInterval& right,
                           const FrameInterval& left) {
  if (options.tolerance) return *options.tolerance;
  const auto a = right.median();
  const auto b = left.median();
  if (!a && !b) return options.assumed_interval / 2;
  return std::max(a.value_or(nanoseconds{}), b.value_or(nanoseconds{})) / 2;
}

BinocularSample make_pair(const PairingOptions& options, EyeSide newest, CaptureTime time,
                          const GazeSamplePtr& sample, CaptureTime partner_time,
                          const GazeSamplePtr& partner) {
  BinocularSample out;
  out.newest = newest;
  out.time = time;
  (newest == EyeSide::right ? out.right : out.left) = sample;
  if (partner == nullptr) return out;
  (newest == EyeSide::right ? out.left : out.right) = partner;
  out.partner_offset = partner_time - time;
  out.vergence =
      vergence_of(out.right.get(), out.left.get(), options.right_cam_from_left_cam, options.vergence);
  return out;
}

}  // namespace

void FrameInterval::add(CaptureTime time) {
  if (last_) intervals_[count_++ % kept] = time - *last_;
  last_ = time;
}

std::optional<nanoseconds> FrameInterval::median() const {
  if (count_ == 0) return std::nullopt;
  auto sorted = intervals_;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(count_, kept));
  const auto middle = sorted.begin() + (end - sorted.begin() - 1) / 2;
  std::nth_element(sorted.begin(), middle, end);
  return *middle;
}

nanoseconds BinocularPairing::tolerance() const {
  return pair_tolerance(options_, eye(EyeSide::right).interval, eye(EyeSide::left).interval);
}

BinocularSample BinocularPairing::push(EyeSide side, const GazeSamplePtr& sample, CaptureTime time) {
  YARBUS_CHECK(sample != nullptr);
  Eye& own = eye(side);
  Eye& other = eye(other_eye(side));
  if (own.interval.last() && time < *own.interval.last()) restart(side);
  own.interval.add(time);
  const nanoseconds within = tolerance();

  Timed* nearest = nullptr;
  for (Timed& candidate : other.recent) {
    if (candidate.sample == nullptr) continue;
    if (candidate.time < time - within) {
      candidate = {};  // this eye's samples to come are later still
    } else if (candidate.time <= time + within &&
               (nearest == nullptr ||
                std::chrono::abs(candidate.time - time) < std::chrono::abs(nearest->time - time))) {
      nearest = &candidate;
    }
  }
  // A free place, else that of the oldest.
  Timed* place = &own.recent.front();
  for (Timed& each : own.recent) {
    if (each.sample == nullptr) {
      place = &each;
      break;
    }
    if (each.time < place->time) place = &each;
  }
  *place = {time, sample};
  return nearest == nullptr ? make_pair(options_, side, time, sample, {}, nullptr)
                            : make_pair(options_, side, time, sample, nearest->time, nearest->sample);
}

void BinocularPairing::restart(EyeSide side) { eye(side) = Eye{}; }

bool MergedPairing::wants(EyeSide side) const {
  return eye(side).head.sample == nullptr && !eye(side).has_ended;
}

void MergedPairing::push(EyeSide side, const GazeSamplePtr& sample, CaptureTime time) {
  YARBUS_CHECK(sample != nullptr && wants(side));
  Eye& own = eye(side);
  if (own.interval.last()) YARBUS_CHECK_OP(time.count(), >, own.interval.last()->count());
  own.interval.add(time);
  own.head = {time, sample};
}

std::optional<BinocularSample> MergedPairing::next() {
  YARBUS_CHECK(!wants(EyeSide::right) && !wants(EyeSide::left));
  const Eye& right = eye(EyeSide::right);
  const Eye& left = eye(EyeSide::left);
  if (right.head.sample == nullptr && left.head.sample == nullptr) return std::nullopt;
  const bool takes_right =
      left.head.sample == nullptr || (right.head.sample != nullptr && right.head.time <= left.head.time);
  const EyeSide side = takes_right ? EyeSide::right : EyeSide::left;
  Eye& own = eye(side);
  const Eye& other = eye(other_eye(side));

  const nanoseconds within = pair_tolerance(options_, right.interval, left.interval);
  const Timed* nearest = nullptr;
  for (const Timed* candidate : {&other.previous, &other.head}) {
    if (candidate->sample == nullptr) continue;
    const nanoseconds apart = std::chrono::abs(candidate->time - own.head.time);
    if (apart <= within && (nearest == nullptr || apart < std::chrono::abs(nearest->time - own.head.time)))
      nearest = candidate;
  }
  const BinocularSample out =
      nearest == nullptr
          ? make_pair(options_, side, own.head.time, own.head.sample, {}, nullptr)
          : make_pair(options_, side, own.head.time, own.head.sample, nearest->time, nearest->sample);
  own.previous = std::exchange(own.head, {});
  return out;
}

}  // namespace yarbus
