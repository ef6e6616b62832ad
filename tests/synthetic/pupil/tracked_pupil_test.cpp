// Frame after frame with the last outline as the prior, against searching each image anew.
#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "tests/support/prior_after.h"
#include "tests/support/synthetic_pupil.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus::tracked_pupil_test {
namespace {

using test::outline_distance_px;
using test::SyntheticEye;

/// Distance between what is found with a prior and without, or NaN when either is a miss.
double disagreement_px(GrayView image, PupilDetector& cold, PupilDetector& tracked,
                       std::optional<PupilPrior>& prior) {
  const auto cold_outcome = cold.detect(image);
  const auto tracked_outcome = tracked.detect(image, prior);
  prior = test::prior_after(tracked_outcome);
  const auto* a = std::get_if<PupilObservation>(&cold_outcome);
  const auto* b = std::get_if<PupilObservation>(&tracked_outcome);
  return a != nullptr && b != nullptr ? outline_distance_px(a->ellipse, b->ellipse) : std::nan("");
}

TEST(TrackedPupil, AgreesWithColdDetectionOnDrawnEyes) {
  for (const int height_px : {120, 240, 480}) {
    PupilDetector cold{PupilDetectorOptions{}};
    PupilDetector tracked{PupilDetectorOptions{}};
    std::optional<PupilPrior> prior;
    SyntheticEye eye;
    eye.height_px = height_px;
    eye.width_px = height_px * 4 / 3;
    eye.pupil = Ellipse{{0.5 * eye.width_px, 0.5 * height_px}, 0.14 * height_px, 0.12 * height_px, 0.4};
    for (unsigned frame = 0; frame < 12; ++frame) {
      eye.seed = frame + 1;
      eye.pupil->center_px += Eigen::Vector2d(0.008, 0.005) * height_px;
      eye.pupil->semi_major_px *= 1.004;
      eye.glints = {{eye.pupil->center_px + Eigen::Vector2d(2.0, 3.0), 0.015 * height_px}};
      EXPECT_LT(disagreement_px(test::draw(eye).view(), cold, tracked, prior), 0.1)
          << height_px << " lines, frame " << frame;
    }
  }
}

TEST(TrackedPupil, AgreesWithColdDetectionOnASimulatedEye) {
  auto eye = simulation::SimulatedEye::create("easy", 4);
  ASSERT_TRUE(eye);
  PupilDetector cold{PupilDetectorOptions{}};
  PupilDetector tracked{PupilDetectorOptions{}};
  std::optional<PupilPrior> prior;
  GrayImage image;
  SimulatedTruth truth;
  int compared = 0;
  for (std::uint64_t frame = 0; frame < 20; ++frame) {
    eye->render(frame, image, truth);
    const double distance_px = disagreement_px(image.view(), cold, tracked, prior);
    if (truth.visible_fraction < 0.98) continue;
    EXPECT_LT(distance_px, 0.1) << frame;
    ++compared;
  }
  EXPECT_GE(compared, 10);
}

TEST(TrackedPupil, DoesNotDependOnWhereThePriorIsExactly) {
  const SyntheticEye eye;
  const GrayImage image = test::draw(eye);
  PupilDetector detector{PupilDetectorOptions{}};
  for (double angle = 0.0; angle < 6.2; angle += 0.7) {
    for (const double share : {0.03, 0.1, 0.2, 0.4}) {
      Ellipse start = *eye.pupil;
      start.center_px += share * 37.0 * Eigen::Vector2d(std::cos(angle), std::sin(angle));
      start.semi_minor_px *= 0.96;
      const auto outcome = detector.detect(image.view(), test::prior_at(start));
      const auto* found = std::get_if<PupilObservation>(&outcome);
      ASSERT_TRUE(found) << share << " at " << angle;
      EXPECT_LT(outline_distance_px(found->ellipse, *eye.pupil), 0.25) << share << " at " << angle;
    }
  }
}

TEST(TrackedPupil, IsBackAfterASaccadeAndAfterABlink) {
  PupilDetector detector{PupilDetectorOptions{}};
  std::optional<PupilPrior> prior;
  const auto distance_px = [&](const SyntheticEye& eye) {
    const auto outcome = detector.detect(test::draw(eye).view(), prior);
    prior = test::prior_after(outcome);
    const auto* found = std::get_if<PupilObservation>(&outcome);
    return found != nullptr ? outline_distance_px(found->ellipse, *eye.pupil) : 1e9;
  };
  SyntheticEye eye;
  eye.pupil = Ellipse{{100.0, 90.0}, 24.0, 22.0, 0.0};
  EXPECT_LT(distance_px(eye), 0.4);
  eye.pupil->center_px = {230.0, 150.0};
  EXPECT_LT(distance_px(eye), 0.4);
  SyntheticEye closed = eye;
  closed.lid_y_px = 239.0;
  EXPECT_GT(distance_px(closed), 1e8);
  EXPECT_FALSE(prior);
  EXPECT_LT(distance_px(eye), 0.4);
}

/// Heap allocations of one call.
std::uint64_t allocations_in(PupilDetector& detector, const GrayImage& image,
                             const std::optional<PupilPrior>& prior) {
  const auto before = heap_allocations_so_far();
  const auto outcome = detector.detect(image.view(), prior);
  const auto after = heap_allocations_so_far();
  EXPECT_FALSE(outcome.valueless_by_exception());
  return after - before;
}

TEST(PupilDetectorAllocations, TheCounterCounts) {
  const auto before = heap_allocations_so_far();
  PupilDetector detector{PupilDetectorOptions{}};
  EXPECT_GT(heap_allocations_so_far(), before);
  EXPECT_GT(allocations_in(detector, test::draw(SyntheticEye{}), std::nullopt), 0U) << "the first image";
}

TEST(PupilDetectorAllocations, NoneOnceWarm) {
  const SyntheticEye open;
  SyntheticEye hairy = open;
  hairy.lashes = 9;
  hairy.noise_gray = 12.0;
  SyntheticEye half_closed = open;
  half_closed.lid_y_px = 115.0;
  SyntheticEye closed = open;
  closed.lid_y_px = 200.0;
  SyntheticEye blank = open;
  blank.pupil.reset();
  SyntheticEye cut = open;
  cut.pupil->center_px.x() = 326.0;
  SyntheticEye noise = blank;
  noise.noise_gray = 60.0;
  std::vector<GrayImage> images;
  for (const auto& eye : {open, hairy, half_closed, closed, blank, cut, noise})
    images.push_back(test::draw(eye));
  for (const bool bright_pupil : {false, true}) {
    PupilDetectorOptions options;
    options.bright_pupil = bright_pupil;
    PupilDetector detector{options};
    // Warm: an eye and a picture without one, which is searched the longest.
    allocations_in(detector, images[1], std::nullopt);
    allocations_in(detector, images[4], std::nullopt);
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < images.size(); ++i) {
        EXPECT_EQ(allocations_in(detector, images[i], std::nullopt), 0U) << "image " << i << ", cold";
        EXPECT_EQ(allocations_in(detector, images[i], test::prior_at(*open.pupil)), 0U)
            << "image " << i << ", tracked";
        EXPECT_EQ(allocations_in(detector, images[i], test::prior_at({{40.0, 200.0}, 20.0, 20.0, 0.0})),
                  0U)
            << "image " << i << ", prior elsewhere";
      }
    }
  }
}

}  // namespace
}  // namespace yarbus::tracked_pupil_test
