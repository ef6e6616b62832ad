// Is the simulator hard where it says it is? A plain detector is set beside ours on half-visible pupils.

#include <cstdio>

#include <gtest/gtest.h>

#include "app/benchmark/metrics.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/plain_threshold_detector.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::half_visible_test {
namespace {

/// "Half visible": a third to two thirds of the pupil's area, so that enough frames of a recording are in it
/// and none is nearly whole or nearly gone.
constexpr double least_visible = 0.35;
constexpr double most_visible = 0.65;
/// A share of fewer frames than this says nothing; a scenario that shows fewer is not what it claims to be.
constexpr int enough_frames = 20;
constexpr std::uint64_t subjects = 6;
constexpr std::uint64_t frames_each = 100;

struct Found {
  int frames = 0;
  int plain = 0;
  int ours = 0;
};

bool is_near(const Ellipse& found, const Ellipse& truth) {
  return (found.center_px - truth.center_px).norm() < benchmark::found_within_px;
}

/// Both detectors on a scenario's frames whose pupil's visible share is within the bounds, until there are
/// `enough` or the recordings end.
Found count_found(const char* scenario, double least, double most, int enough) {
  Found found;
  PupilDetector detector{PupilDetectorOptions{}};
  GrayImage image;
  SimulatedTruth truth;
  for (std::uint64_t seed = 1; seed <= subjects && found.frames < enough; ++seed) {
    auto eye = simulation::SimulatedEye::create(scenario, seed);
    if (!eye) {
      ADD_FAILURE() << eye.error().to_text();
      return found;
    }
    for (std::uint64_t i = 0; i < frames_each; ++i) {
      eye->render(i, image, truth);
      if (truth.visible_fraction < least || truth.visible_fraction > most) continue;
      ++found.frames;
      const auto plain = test::detect_by_threshold(image.view());
      if (plain && is_near(*plain, truth.pupil_ellipse)) ++found.plain;
      const PupilOutcome ours = detector.detect(image.view(), std::nullopt);
      const auto* observation = std::get_if<PupilObservation>(&ours);
      if (observation != nullptr && is_near(observation->ellipse, truth.pupil_ellipse)) ++found.ours;
    }
  }
  return found;
}

class BenchmarkHalfVisible : public testing::TestWithParam<const char*> {};

TEST_P(BenchmarkHalfVisible, APlainDetectorFindsAtMostHalf) {
  const Found found = count_found(GetParam(), least_visible, most_visible, 3 * enough_frames);
  std::printf("%s, half-visible pupils found within 5 px: plain threshold %d of %d, Yarbus %d of %d\n",
              GetParam(), found.plain, found.frames, found.ours, found.frames);
  ASSERT_GE(found.frames, enough_frames) << "too few half-visible pupils to say anything";
  EXPECT_LE(2 * found.plain, found.frames);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, BenchmarkHalfVisible,
                         testing::Values("lashes", "off-axis", "droopy", "glasses"));

TEST(BenchmarkPlainDetector, FindsPupilsThatAreClear) {
  const Found found = count_found("easy", 0.98, 1.0, 3 * enough_frames);
  std::printf("easy, whole pupils found within 5 px: plain threshold %d of %d, Yarbus %d of %d\n",
              found.plain, found.frames, found.ours, found.frames);
  ASSERT_GE(found.frames, enough_frames);
  EXPECT_GE(10 * found.plain, 9 * found.frames);
}

}  // namespace
}  // namespace yarbus::half_visible_test
