// Region contrast beside edges as data of stage `refraction`: the same frames of rendered eyes, as the
// tracker keeps them, and one eye centre for both.
#include <cmath>
#include <limits>
#include <map>
#include <numbers>
#include <string>

#include <Eigen/Geometry>
#include <gtest/gtest.h>

#include "app/session/eye_tracker.h"
#include "app/session/simulated_source.h"
#include "eyemodel/types/simulated_truth.h"

namespace yarbus::contrast_or_edges_test {
namespace {

constexpr std::uint64_t frame_count = 100;

struct Errors {
  double edges_deg = 0.0;
  double contrast_deg = 0.0;
};

/// Mean angle between true optical axes and the pupils as a fit placed them.
double mean_error_deg(const FitOutcome& outcome,
                      const std::map<std::uint64_t, Eigen::Vector3d>& axes_in_cam) {
  double sum = 0.0;
  int count = 0;
  for (const FittedPupil& pupil : outcome.pupils) {
    if (!pupil.is_inlier) continue;
    const Eigen::Vector3d& axis = axes_in_cam.at(pupil.sequence);
    const Eigen::Vector3d& gaze = pupil.pupil_in_cam.normal_in_cam;
    sum += std::atan2(axis.cross(gaze).norm(), axis.dot(gaze)) * 180.0 / std::numbers::pi;
    ++count;
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::infinity();
}

Errors errors_of(const std::string& scenario, std::uint64_t seed) {
  SimulatedSourceOptions source_options;
  source_options.scenario = scenario;
  source_options.seed = seed;
  source_options.frames = frame_count;
  auto source = open_simulated_source(source_options);
  EXPECT_TRUE(source);
  EyeTrackerOptions options;
  options.fit.refraction_by_contrast = true;
  EyeTracker tracker(options, (*source)->camera());
  std::map<std::uint64_t, Eigen::Vector3d> axes_in_cam;
  std::vector<LabelledFrame> settled;
  for (std::uint64_t i = 0; i < frame_count; ++i) {
    GazeSample sample;
    const FramePtr frame = (*source)->next({}).value();
    axes_in_cam[frame->sequence] = frame->truth->optical_axis_in_cam;
    tracker.process(frame, sample, settled);
  }
  FitJob job = tracker.make_fit_job(FitStage::refraction);
  Errors errors;
  errors.contrast_deg = mean_error_deg(ModelFitter{}.run(job), axes_in_cam);
  job.options.refraction_by_contrast = false;
  errors.edges_deg = mean_error_deg(ModelFitter{}.run(job), axes_in_cam);
  return errors;
}

class ContrastOrEdges : public testing::TestWithParam<const char*> {};

TEST_P(ContrastOrEdges, AreNearEachOther) {
  Errors mean;
  constexpr int people = 4;
  for (std::uint64_t seed = 1; seed <= people; ++seed) {
    const Errors errors = errors_of(GetParam(), seed);
    mean.edges_deg += errors.edges_deg / people;
    mean.contrast_deg += errors.contrast_deg / people;
  }
  RecordProperty("edges_deg", std::to_string(mean.edges_deg));
  RecordProperty("contrast_deg", std::to_string(mean.contrast_deg));
  EXPECT_LT(mean.contrast_deg, mean.edges_deg + 0.2);
  EXPECT_LT(mean.contrast_deg, 1.0);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ContrastOrEdges,
                         testing::Values("easy", "low-contrast", "lashes", "noisy-far"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace yarbus::contrast_or_edges_test
