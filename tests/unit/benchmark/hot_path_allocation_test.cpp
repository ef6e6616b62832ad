#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::hot_path_allocation_test {
namespace {

TEST(HotPath, TheContrastRefinerAllocatesNothingOnceWarm) {
  test::SyntheticEye eye;
  const GrayImage first = test::draw(eye);
  eye.pupil->center_px += Eigen::Vector2d(1.5, -0.7);
  eye.seed = 2;
  const GrayImage second = test::draw(eye);
  PupilDetectorOptions options;
  options.refine_by_contrast = true;
  PupilDetector detector(options);
  for (const GrayImage* image : {&first, &second}) (void)detector.detect(image->view());
  const std::uint64_t before = heap_allocations_so_far();
  const auto outcome = detector.detect(first.view());
  const std::uint64_t after = heap_allocations_so_far();
  EXPECT_TRUE(std::holds_alternative<PupilObservation>(outcome));
  EXPECT_EQ(after - before, 0U);
}

}  // namespace
}  // namespace yarbus::hot_path_allocation_test
