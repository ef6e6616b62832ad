#include <gtest/gtest.h>

#include "app/session/eye_tracker.h"
#include "app/session/simulated_source.h"

namespace yarbus::kept_features_test {
namespace {

/// What is kept of the first frames of a simulated eye, for a fit of `stage`.
std::vector<FitFrame> kept_for(FitStage stage, bool by_contrast = false) {
  SimulatedSourceOptions source_options;
  source_options.scenario = "low-contrast";
  source_options.seed = 903;
  source_options.frames = 60;
  auto source = open_simulated_source(source_options);
  EXPECT_TRUE(source);
  EyeTrackerOptions options;
  options.fit.stage = stage;
  options.fit.refraction_by_contrast = by_contrast;
  EyeTracker tracker(options, (*source)->camera());
  std::vector<LabelledFrame> settled;
  for (std::uint64_t frame = 0; frame < 60; ++frame) {
    GazeSample sample;
    tracker.process((*source)->next({}).value(), sample, settled);
  }
  return tracker.make_fit_job(stage).frames;
}

TEST(KeptFeatures, AreThoseOfTheCorneaForTheStageThatUsesThem) {
  const auto frames = kept_for(FitStage::refraction);
  ASSERT_GE(frames.size(), 5U);
  std::size_t with_limbus = 0;
  std::size_t with_glints = 0;
  for (const FitFrame& frame : frames) {
    with_limbus += frame.features.limbus_points.empty() ? 0 : 1;
    with_glints += frame.features.glints.empty() ? 0 : 1;
  }
  EXPECT_GE(with_limbus, frames.size() / 3);
  EXPECT_GE(with_glints, frames.size() / 2);
}

TEST(KeptFeatures, AreNotLookedForByOtherStages) {
  const auto frames = kept_for(FitStage::edge);
  ASSERT_FALSE(frames.empty());
  for (const FitFrame& frame : frames) {
    EXPECT_TRUE(frame.features.limbus_points.empty());
    EXPECT_TRUE(frame.features.glints.empty());
  }
}

TEST(KeptFeatures, PixelsAreKeptBesideThemForAFitToContrast) {
  const auto frames = kept_for(FitStage::refraction, true);
  ASSERT_GE(frames.size(), 5U);
  std::size_t with_limbus = 0;
  for (const FitFrame& frame : frames) {
    ASSERT_NE(frame.patch, nullptr);
    EXPECT_GT(frame.patch->pixels.width_px(), 20);
    with_limbus += frame.features.limbus_points.empty() ? 0 : 1;
  }
  EXPECT_GE(with_limbus, frames.size() / 3);
  for (const FitFrame& frame : kept_for(FitStage::refraction)) EXPECT_EQ(frame.patch, nullptr);
}

}  // namespace
}  // namespace yarbus::kept_features_test
