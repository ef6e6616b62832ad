#include "app/session/binocular_pairing.h"

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "app/allocation_counter.h"

namespace yarbus::binocular_pairing_test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

GazeSamplePtr sample_at(EyeSide eye, std::uint64_t sequence, CaptureTime time) {
  auto frame = std::make_shared<Frame>();
  frame->sequence = sequence;
  frame->eye = eye;
  frame->captured_at = time;
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame;
  return sample;
}

/// One frame of a made-up stream.
struct Shot {
  EyeSide eye;
  std::uint64_t sequence;
  CaptureTime time;
  CaptureTime arrives;
};

/// Frames at a rate with jitter of the capture time and a delay until they are processed.
void add_stream(
    std::vector<Shot>& shots, EyeSide eye, double rate_hz, CaptureTime phase, nanoseconds jitter,
    nanoseconds delay, double length_s, std::mt19937_64& random,
    const std::function<bool(double)>& is_lost = [](double) { return false; }) {
  std::uniform_real_distribution<double> spread(-1.0, 1.0);
  for (std::uint64_t i = 0; static_cast<double>(i) / rate_hz < length_s; ++i) {
    const double time_s = static_cast<double>(i) / rate_hz;
    if (is_lost(time_s)) continue;
    const auto noise =
        nanoseconds(static_cast<std::int64_t>(spread(random) * static_cast<double>(jitter.count())));
    const auto late =
        nanoseconds(static_cast<std::int64_t>(std::abs(spread(random)) * static_cast<double>(delay.count())));
    const CaptureTime time = phase + nanoseconds(static_cast<std::int64_t>(1e9 * time_s)) + noise;
    shots.push_back({eye, i, time, time + late});
  }
}

void sort_by_arrival(std::vector<Shot>& shots) {
  std::stable_sort(shots.begin(), shots.end(),
                   [](const Shot& a, const Shot& b) { return a.arrives < b.arrives; });
  // An eye's own samples stay in order: each is made by one thread.
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    CaptureTime last{-1};
    for (Shot& shot : shots) {
      if (shot.eye != eye) continue;
      if (shot.time <= last) shot.time = last + nanoseconds(1);
      last = shot.time;
    }
  }
}

TEST(FrameInterval, IsTheMedianWhichGapsDoNotMove) {
  FrameInterval interval;
  EXPECT_FALSE(interval.median().has_value());
  CaptureTime time{};
  for (int i = 0; i < 20; ++i) {
    interval.add(time);
    time += i % 5 == 4 ? milliseconds(400) : milliseconds(10);
  }
  EXPECT_EQ(*interval.median(), milliseconds(10));
  interval.restart();
  EXPECT_FALSE(interval.median().has_value());
}

TEST(BinocularPairing, AnswersEverySampleAtOnceWithTheNearestThatIsThere) {
  std::mt19937_64 random(1);
  std::vector<Shot> shots;
  add_stream(shots, EyeSide::right, 60.0, {}, milliseconds(1), milliseconds(6), 10.0, random);
  add_stream(shots, EyeSide::left, 60.0, milliseconds(3), milliseconds(1), milliseconds(6), 10.0, random);
  sort_by_arrival(shots);
  BinocularPairing pairing({});
  std::array<std::vector<Shot>, 2> seen;
  int with_partner = 0;
  std::array<std::vector<bool>, 2> is_paired{std::vector<bool>(700), std::vector<bool>(700)};
  for (const Shot& shot : shots) {
    const auto pair = pairing.push(shot.eye, sample_at(shot.eye, shot.sequence, shot.time), shot.time);
    EXPECT_EQ(pair.newest, shot.eye);
    EXPECT_EQ(pair.time, shot.time);
    ASSERT_NE(pair.newest_sample(), nullptr);
    EXPECT_EQ(pair.newest_sample()->frame->sequence, shot.sequence);
    // The nearest of those already there, by looking at all of them.
    const auto& others = seen[static_cast<std::size_t>(other_eye(shot.eye))];
    const Shot* nearest = nullptr;
    for (const Shot& other : others) {
      if (std::chrono::abs(other.time - shot.time) > pairing.tolerance()) continue;
      if (nearest == nullptr ||
          std::chrono::abs(other.time - shot.time) < std::chrono::abs(nearest->time - shot.time))
        nearest = &other;
    }
    ASSERT_EQ(pair.partner() != nullptr, nearest != nullptr);
    if (nearest != nullptr) {
      ++with_partner;
      EXPECT_EQ(pair.partner()->frame->sequence, nearest->sequence);
      EXPECT_EQ(pair.partner_offset, nearest->time - shot.time);
      is_paired[0][pair.right->frame->sequence] = is_paired[1][pair.left->frame->sequence] = true;
    }
    seen[static_cast<std::size_t>(shot.eye)].push_back(shot);
  }
  EXPECT_GE(with_partner, 590);
  for (std::size_t i = 2; i < 598; ++i) EXPECT_TRUE(is_paired[0][i] && is_paired[1][i]) << i;
}

TEST(BinocularPairing, OfDifferentRatesUsesHalfTheSlowerInterval) {
  std::mt19937_64 random(2);
  std::vector<Shot> shots;
  add_stream(shots, EyeSide::right, 120.0, {}, {}, {}, 3.0, random);
  add_stream(shots, EyeSide::left, 30.0, milliseconds(1), {}, {}, 3.0, random);
  sort_by_arrival(shots);
  BinocularPairing pairing({});
  int paired_left = 0;
  int paired_right = 0;
  for (const Shot& shot : shots) {
    const auto pair = pairing.push(shot.eye, sample_at(shot.eye, shot.sequence, shot.time), shot.time);
    if (pair.partner() != nullptr) ++(shot.eye == EyeSide::left ? paired_left : paired_right);
  }
  EXPECT_NEAR(static_cast<double>(pairing.tolerance().count()), 1e9 / 60.0, 1000.0);
  EXPECT_EQ(paired_left, 90) << "each frame of the slower eye has one of the faster";
  EXPECT_NEAR(paired_right, 180, 4) << "the faster eye's frames within half an interval after a slow one";
}

TEST(BinocularPairing, ADeadEyeNeverHoldsUpTheOther) {
  std::mt19937_64 random(3);
  std::vector<Shot> shots;
  add_stream(shots, EyeSide::right, 60.0, {}, {}, {}, 20.0, random);
  add_stream(shots, EyeSide::left, 60.0, milliseconds(2), {}, {}, 20.0, random,
             [](double time_s) { return time_s > 5.0 && time_s < 15.0; });
  sort_by_arrival(shots);
  BinocularPairing pairing({});
  std::array<int, 3> alone{};  // before, during, after
  std::array<int, 3> left_with{};
  for (const Shot& shot : shots) {
    const auto pair = pairing.push(shot.eye, sample_at(shot.eye, shot.sequence, shot.time), shot.time);
    const double time_s = std::chrono::duration<double>(shot.time).count();
    const std::size_t part = time_s < 5.01 ? 0 : time_s < 15.0 ? 1 : 2;
    if (shot.eye == EyeSide::right && pair.left == nullptr) ++alone[part];
    if (shot.eye == EyeSide::left && pair.right != nullptr) ++left_with[part];
  }
  EXPECT_GE(alone[1], 598);
  EXPECT_GE(left_with[0], 300);
  EXPECT_GE(left_with[2], 299);
}

TEST(BinocularPairing, TimeGoingBackStartsAnEyeAnew) {
  BinocularPairing pairing({});
  for (int i = 0; i < 10; ++i) {
    const CaptureTime time = milliseconds(1000 + 20 * i);
    pairing.push(EyeSide::right, sample_at(EyeSide::right, 100 + i, time), time);
    pairing.push(EyeSide::left, sample_at(EyeSide::left, 100 + i, time), time);
  }
  // Both files are wound back, first the right.
  auto pair = pairing.push(EyeSide::right, sample_at(EyeSide::right, 0, {}), {});
  EXPECT_EQ(pair.left, nullptr) << "the left eye's samples are of another time";
  pair = pairing.push(EyeSide::left, sample_at(EyeSide::left, 0, milliseconds(1)), milliseconds(1));
  ASSERT_NE(pair.right, nullptr);
  EXPECT_EQ(pair.right->frame->sequence, 0U);
  // Forward again past where it was: nothing of before the seek is left.
  const CaptureTime later = milliseconds(1180);
  pair = pairing.push(EyeSide::right, sample_at(EyeSide::right, 59, later), later);
  EXPECT_EQ(pair.left, nullptr);
}

TEST(BinocularPairing, LetsGoOfOldPartnersAndHoldsFew) {
  BinocularPairing pairing({});
  std::vector<std::weak_ptr<const GazeSample>> given;
  for (int i = 0; i < 1000; ++i) {
    const CaptureTime time = milliseconds(16 * i);
    const EyeSide eye = i < 500 ? EyeSide::left : EyeSide::right;  // the left eye dies
    const auto sample = sample_at(eye, static_cast<std::uint64_t>(i), time);
    given.push_back(sample);
    (void)pairing.push(eye, sample, time);
  }
  const auto alive =
      std::count_if(given.begin(), given.end(), [](const auto& each) { return !each.expired(); });
  EXPECT_LE(alive, static_cast<std::ptrdiff_t>(BinocularPairing::kept));
}

TEST(BinocularPairing, AllocatesNothing) {
  BinocularPairing pairing({});
  std::vector<GazeSamplePtr> samples;
  for (int i = 0; i < 400; ++i) {
    const EyeSide eye = i % 2 == 0 ? EyeSide::right : EyeSide::left;
    samples.push_back(sample_at(eye, static_cast<std::uint64_t>(i), milliseconds(8 * i)));
  }
  const std::uint64_t before = heap_allocations_so_far();
  int pairs = 0;
  for (const auto& sample : samples)
    pairs +=
        pairing.push(sample->frame->eye, sample, sample->frame->captured_at).partner() != nullptr ? 1 : 0;
  EXPECT_EQ(heap_allocations_so_far() - before, 0U);
  EXPECT_GT(pairs, 300);
  const auto made = std::make_unique<int>(pairs);
  EXPECT_GT(heap_allocations_so_far(), before) << "the counter counts";
}

/// What a merged pairing gives for two streams.
std::vector<BinocularSample> merge(const std::vector<Shot>& right, const std::vector<Shot>& left,
                                   const PairingOptions& options = {}) {
  MergedPairing pairing(options);
  std::array<std::size_t, 2> next{};
  std::vector<BinocularSample> out;
  while (true) {
    for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
      const auto& shots = eye == EyeSide::right ? right : left;
      std::size_t& at = next[static_cast<std::size_t>(eye)];
      if (!pairing.wants(eye)) continue;
      if (at == shots.size()) {
        pairing.end(eye);
      } else {
        pairing.push(eye, sample_at(eye, shots[at].sequence, shots[at].time), shots[at].time);
        ++at;
      }
    }
    auto pair = pairing.next();
    if (!pair) return out;
    out.push_back(*pair);
  }
}

TEST(MergedPairing, GivesEachSampleOnceInOrderWithItsNearest) {
  std::mt19937_64 random(4);
  for (const auto& [right_hz, left_hz] : {std::pair{60.0, 60.0}, {30.0, 120.0}, {50.0, 47.0}}) {
    std::vector<Shot> right;
    std::vector<Shot> left;
    add_stream(right, EyeSide::right, right_hz, {}, milliseconds(2), {}, 4.0, random);
    add_stream(left, EyeSide::left, left_hz, milliseconds(5), milliseconds(2), {}, 4.0, random,
               [](double time_s) { return time_s > 1.0 && time_s < 2.0; });
    const auto pairs = merge(right, left);
    ASSERT_EQ(pairs.size(), right.size() + left.size());
    CaptureTime last{-1'000'000'000};
    for (const BinocularSample& pair : pairs) {
      EXPECT_GE(pair.time, last);
      last = pair.time;
      const auto& others = pair.newest == EyeSide::right ? left : right;
      nanoseconds nearest = std::chrono::hours(1);
      for (const Shot& other : others)
        nearest = std::min(nearest, nanoseconds(std::chrono::abs(other.time - pair.time)));
      if (pair.partner() != nullptr) {
        EXPECT_EQ(std::chrono::abs(pair.partner_offset), nearest);
      } else {
        EXPECT_GT(nearest, milliseconds(3)) << "a partner so near is within any of these tolerances";
      }
    }
  }
}

TEST(MergedPairing, EqualTimesAreRightThenLeftAndPartnersOfEachOther) {
  std::vector<Shot> right;
  std::vector<Shot> left;
  for (std::uint64_t i = 0; i < 5; ++i) {
    right.push_back({EyeSide::right, i, milliseconds(33 * i), {}});
    if (i < 3) left.push_back({EyeSide::left, i, milliseconds(33 * i), {}});
  }
  const auto pairs = merge(right, left);
  ASSERT_EQ(pairs.size(), 8U);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(pairs[i].newest, i % 2 == 0 ? EyeSide::right : EyeSide::left);
    ASSERT_NE(pairs[i].partner(), nullptr);
    EXPECT_EQ(pairs[i].right->frame->sequence, i / 2);
    EXPECT_EQ(pairs[i].left->frame->sequence, i / 2);
  }
  EXPECT_EQ(pairs[6].left, nullptr);
  EXPECT_EQ(pairs[7].left, nullptr);
}

TEST(MergedPairing, AnEyeWithoutFramesLeavesTheOther) {
  std::vector<Shot> right{{EyeSide::right, 0, {}, {}}, {EyeSide::right, 1, milliseconds(30), {}}};
  EXPECT_EQ(merge(right, {}).size(), 2U);
  EXPECT_TRUE(merge({}, {}).empty());
}

TEST(MergedPairing, KeepsToAGivenTolerance) {
  std::vector<Shot> right{{EyeSide::right, 0, {}, {}}};
  std::vector<Shot> left{{EyeSide::left, 0, microseconds(2500), {}}};
  PairingOptions options;
  options.tolerance = milliseconds(2);
  EXPECT_EQ(merge(right, left, options)[0].left, nullptr);
  options.tolerance = milliseconds(3);
  EXPECT_NE(merge(right, left, options)[0].left, nullptr);
}

}  // namespace
}  // namespace yarbus::binocular_pairing_test
