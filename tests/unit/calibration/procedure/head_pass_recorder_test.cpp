// What the head pass keeps of its frames.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "calibration/procedure/head_pass.h"
#include "tests/support/head_pass_run.h"

namespace yarbus::head_pass_recorder_test {
namespace {

using support::face;

TEST(HeadPassRecorder, FramesTakeNoMemory) {
  HeadPassRecorder recorder{ProcedureOptions::for_webcam()};
  recorder.begin({});
  ProcedureFrame frame;
  frame.rays.face = face(1.0, 2.0);
  for (auto& ray : frame.rays.eyes) {
    ray.emplace();
    ray->confidence = 1.0;
  }
  const std::uint64_t before = heap_allocations_so_far();
  for (int i = 1; i <= 10000; ++i) {
    frame.rays.captured_at = CaptureTime(i * 1'000'000LL);
    recorder.push(frame);
  }
  EXPECT_EQ(heap_allocations_so_far(), before);
  const auto attempt = recorder.finish(frame.at());
  EXPECT_EQ(attempt.result.eyes[0].data_loss, 0.0);
  EXPECT_LT(attempt.samples.front().rays.captured_at, CaptureTime(100'000'000LL));
  EXPECT_GT(attempt.samples.back().rays.captured_at, CaptureTime(9'900'000'000LL));
}

TEST(HeadPassRecorder, FacesOfNonsenseAndDoubtfulEyesAreLeftOut) {
  HeadPassRecorder recorder{ProcedureOptions::for_webcam()};
  recorder.begin({});
  for (int i = 1; i <= 400; ++i) {
    ProcedureFrame frame;
    frame.rays.captured_at = CaptureTime(i * 25'000'000LL);
    frame.rays.face = face(10.0 * std::sin(0.1 * i), 10.0 * std::cos(0.1 * i));
    frame.rays.eyes[0].emplace();
    frame.rays.eyes[0]->confidence = i % 4 == 0 ? 0.1 : 0.9;
    if (i % 4 == 1) frame.status[0].in_blink = true;
    if (i % 4 == 2) {
      FaceSight broken = *frame.rays.face;
      broken.head.cam_from_head.rotation(0, 0) = std::numeric_limits<double>::quiet_NaN();
      frame.rays.face = std::make_shared<const FaceSight>(broken);
    }
    recorder.push(frame);
  }
  const auto attempt = recorder.finish(CaptureTime(10'100'000'000LL));
  EXPECT_EQ(attempt.raw.size(), 400U);
  EXPECT_EQ(attempt.samples.size(), 100U);
  EXPECT_NEAR(attempt.result.data_loss, 0.75, 1e-9);
  for (const auto& sample : attempt.samples) {
    EXPECT_EQ(sample.rays.captured_at.count() / 25'000'000LL % 4, 3);
    EXPECT_TRUE(sample.rays.eye(EyeSide::right));
    EXPECT_FALSE(sample.rays.eye(EyeSide::left));
  }
}

}  // namespace
}  // namespace yarbus::head_pass_recorder_test
