// The figures of `benchmark model` on followers whose errors are known: each figure must be right for a
// perfect one, and must show what is wrong with a wrong one.
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include <Eigen/Geometry>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/model_courses.h"
#include "app/benchmark/model_memory.h"
#include "eyemodel/types/angle.h"

namespace yarbus::benchmark::model_figures_test {
namespace {


/// Knows the truth and is off by a normal error of `sigma_deg` in both directions, plus `bias_deg`, and says
/// it is off by `stated_deg`.
struct Skill {
  double sigma_deg = 0.2;
  double stated_deg = 0.2;
  /// Further error at a time, s -> deg.
  std::function<double(double)> bias_deg = [](double) { return 0.0; };
  std::function<bool(double)> has_pose = [](double) { return true; };
  bool states = true;
};

class KnownFollower final : public EyeFollower {
 public:
  KnownFollower(const simulation::SimulatedOutlines& outlines, Skill skill)
      : outlines_(outlines), skill_(std::move(skill)), rng_(outlines.options().seed) {}
  std::optional<EyePose> follow(const FitFrame& frame) override {
    const SimulatedTruth truth = outlines_.make(frame.sequence).truth;
    if (!skill_.has_pose(truth.time_s)) return std::nullopt;
    const Eigen::Vector3d axis = truth.optical_axis_in_cam;
    const Eigen::Vector3d u = axis.unitOrthogonal();
    const Eigen::Vector3d v = axis.cross(u);
    const double a = (skill_.sigma_deg * normal_(rng_) + skill_.bias_deg(truth.time_s)) * rad_per_deg;
    const double b = skill_.sigma_deg * normal_(rng_) * rad_per_deg;
    EyePose pose;
    pose.pupil_in_cam = truth.pupil_in_cam;
    pose.pupil_in_cam.normal_in_cam = (axis + a * u + b * v).normalized();
    if (skill_.states) {
      const double variance = std::pow(skill_.stated_deg * rad_per_deg, 2);
      const Eigen::Vector3d& gaze = pose.gaze_dir_in_cam();
      pose.uncertainty.emplace().gaze_covariance_in_cam =
          variance * (Eigen::Matrix3d::Identity() - gaze * gaze.transpose());
    }
    return pose;
  }

 private:
  simulation::SimulatedOutlines outlines_;
  Skill skill_;
  std::mt19937_64 rng_;
  std::normal_distribution<double> normal_;
};

RunCourses run_of(const Skill& skill, unsigned threads = 2) {
  return {[skill](const simulation::SimulatedOutlines& outlines) -> std::unique_ptr<EyeFollower> {
            return std::make_unique<KnownFollower>(outlines, skill);
          },
          threads};
}

const CoursePlan short_plan{6.0, 3.0, 2.0, 1.5};

CourseFigures figures_of(const Skill& skill, std::size_t subjects = 12, unsigned threads = 2) {
  return *run_short_courses({}, short_plan, simulation::Population::simulated, subjects,
                            run_of(skill, threads), {});
}

const Coverage& coverage_in(const CourseFigures& figures, CoursePhase phase) {
  return figures.coverage[static_cast<std::size_t>(phase)];
}

TEST(ModelCoverage, AnHonestFollowerIsCoveredAsStated) {
  const CourseFigures figures = figures_of({});
  for (const CoursePhase phase : course_phases) {
    const Coverage& coverage = coverage_in(figures, phase);
    EXPECT_GT(coverage.frames, 300u) << to_string(phase);
    EXPECT_EQ(coverage.subjects, 12u);
    EXPECT_EQ(coverage.without_statement, 0u);
    EXPECT_NEAR(coverage.at_68.observed, 0.68, 0.04) << to_string(phase);
    EXPECT_NEAR(coverage.at_95.observed, 0.95, 0.02) << to_string(phase);
  }
  for (const CoverageAt& at : coverage_in(figures, CoursePhase::all).curve)
    EXPECT_NEAR(at.observed, at.stated, 0.03);
  EXPECT_EQ(coverage_in(figures, CoursePhase::all).curve.size(), 20u);
  // 1.51 sigma.
  EXPECT_NEAR(coverage_in(figures, CoursePhase::all).median_68_deg, 1.51 * 0.2, 0.002);
  EXPECT_NEAR(figures.error_deg->mean, 0.2 * std::sqrt(std::numbers::pi / 2.0), 0.01);
}

TEST(ModelCoverage, ShowsWhoIsTooSureAndWhoIsNotSureEnough) {
  Skill boasting;
  boasting.stated_deg = 0.1;
  const Coverage too_sure = coverage_in(figures_of(boasting), CoursePhase::all);
  // Within half the radius: 1 - (1 - p)^(1/4).
  EXPECT_NEAR(too_sure.at_68.observed, 1.0 - std::pow(0.32, 0.25), 0.03);
  EXPECT_NEAR(too_sure.at_95.observed, 1.0 - std::pow(0.05, 0.25), 0.03);
  Skill shy;
  shy.stated_deg = 0.6;
  const Coverage unsure = coverage_in(figures_of(shy), CoursePhase::all);
  EXPECT_GT(unsure.at_68.observed, 0.99);
}

TEST(ModelCoverage, ShowsWhenItGoesWrong) {
  Skill slipping;
  slipping.bias_deg = [](double time_s) { return time_s >= 3.0 && time_s < 5.0 ? 4.0 : 0.0; };
  const CourseFigures figures = figures_of(slipping);
  EXPECT_NEAR(coverage_in(figures, CoursePhase::before_slip).at_95.observed, 0.95, 0.02);
  EXPECT_LT(coverage_in(figures, CoursePhase::after_slip).at_95.observed, 0.01);
  EXPECT_NEAR(coverage_in(figures, CoursePhase::later).at_95.observed, 0.95, 0.03);
}

TEST(ModelCoverage, WhoSaysNothingCoversNothing) {
  Skill silent;
  silent.states = false;
  const Coverage coverage = coverage_in(figures_of(silent, 2), CoursePhase::all);
  EXPECT_EQ(coverage.without_statement, coverage.frames);
  EXPECT_EQ(coverage.at_95.observed, 0.0);
  EXPECT_TRUE(std::isnan(coverage_of({}).at_68.observed));
}

TEST(ModelCoverage, TheStandardErrorIsThatOfSubjects) {
  // Half of the subjects always right, half never: 100 frames of each are no 100 trials.
  const std::vector<FollowedFrame> right(100, {0.0, 0.1, 0.1, 0.1});
  const std::vector<FollowedFrame> wrong(100, {0.0, 0.1, 1.0, 0.1});
  const Coverage coverage = coverage_of({right, wrong, right, wrong});
  EXPECT_DOUBLE_EQ(coverage.at_68.observed, 0.5);
  EXPECT_DOUBLE_EQ(coverage.at_68.standard_error, 0.25);
}

std::vector<FollowedFrame> frames_with(const std::function<double(double)>& error_deg, double length_s) {
  std::vector<FollowedFrame> frames;
  for (int i = 0; i < static_cast<int>(length_s * 60.0); ++i)
    frames.push_back({i / 60.0, error_deg(i / 60.0), 0.5, 0.3});
  return frames;
}

TEST(ModelSettling, TheRunningErrorIsTheMeanOfTheLastHalfSecond) {
  const auto frames = frames_with([](double t) { return t < 1.0 ? 2.0 : 0.0; }, 3.0);
  const auto running = running_error_deg(frames);
  ASSERT_EQ(running.size(), frames.size());
  EXPECT_DOUBLE_EQ(running[0], 2.0);
  EXPECT_DOUBLE_EQ(running[59], 2.0);
  EXPECT_NEAR(running[74], 1.0, 1e-9);  // 15 of 30 frames each
  EXPECT_DOUBLE_EQ(running[95], 0.0);
  const auto gap = running_error_deg(
      frames_with([](double t) { return t < 1.0 ? 2.0 : std::numeric_limits<double>::quiet_NaN(); }, 2.0));
  EXPECT_TRUE(std::isnan(gap[70]));
}

TEST(ModelSettling, TimesRunToTheLastCrossing) {
  const auto settled = [](const std::function<double(double)>& error, double from_s, double limit_deg) {
    const auto frames = frames_with(error, 10.0);
    return settled_after_s(frames, running_error_deg(frames), from_s, limit_deg);
  };
  // From 2 to 0 degrees at 1 s: the mean is below 1 half a window later.
  EXPECT_NEAR(*settled([](double t) { return t < 1.0 ? 2.0 : 0.0; }, 0.0, 1.0), 1.25, 0.02);
  EXPECT_NEAR(*settled([](double) { return 0.3; }, 0.0, 1.0), 0.0, 1e-9);
  // Good, and bad once more at 6 s.
  EXPECT_NEAR(*settled([](double t) { return t > 6.0 && t < 6.5 ? 3.0 : 0.1; }, 0.0, 1.0), 6.86, 0.05);
  EXPECT_NEAR(*settled([](double t) { return t > 4.0 && t < 5.0 ? 3.0 : 0.1; }, 4.0, 1.0), 1.35, 0.05);
  EXPECT_FALSE(settled([](double t) { return t > 9.8 ? 5.0 : 0.1; }, 0.0, 1.0).has_value());
  EXPECT_FALSE(settled([](double) { return std::nan(""); }, 0.0, 1.0).has_value());
  EXPECT_FALSE(settled([](double) { return 0.1; }, 11.0, 1.0).has_value());
}

TEST(ModelSettling, FiguresCountSubjectsInTime) {
  const SettlingFigure figure = settling_of({0.5, 1.0, 2.0, 4.0, std::nullopt}, 1.0, 3.0);
  EXPECT_EQ(figure.in_time, 3u);
  EXPECT_EQ(figure.never, 1u);
  EXPECT_DOUBLE_EQ(figure.share(), 0.6);
  EXPECT_DOUBLE_EQ(figure.median_s, 2.0);
  EXPECT_TRUE(std::isinf(figure.ninety_s));
}

TEST(ModelSettling, ALearnerAndARecoveringFollowerAreTimed) {
  Skill learning;
  learning.sigma_deg = 0.02;
  learning.bias_deg = [](double t) { return t < 1.0 ? 6.0 : (t >= 3.0 && t < 3.7 ? 4.0 : 0.0); };
  const CourseFigures figures = figures_of(learning, 6);
  EXPECT_EQ(figures.learning.subjects, 6u);
  EXPECT_DOUBLE_EQ(figures.learning.share(), 1.0);
  EXPECT_NEAR(figures.learning.median_s, 1.42, 0.03);
  EXPECT_NEAR(figures.recovery_1_deg.median_s, 1.07, 0.05);
  EXPECT_NEAR(figures.recovery_half_deg.median_s, 1.14, 0.05);
  EXPECT_NEAR(figures.learning_course.median.y.front(), 6.0, 0.1);
  EXPECT_LT(figures.learning_course.median.y.back(), 0.1);
  EXPECT_GT(
      *std::max_element(figures.recovery_course.ninety.y.begin(), figures.recovery_course.ninety.y.end()),
      3.8);

  learning.bias_deg = [](double t) { return t >= 3.0 ? 0.7 : 0.0; };  // below 1, never below 0.5
  const CourseFigures halfway = figures_of(learning, 3);
  EXPECT_EQ(halfway.recovery_1_deg.in_time, 3u);
  EXPECT_EQ(halfway.recovery_half_deg.in_time, 0u);
  EXPECT_EQ(halfway.recovery_half_deg.never, 3u);
}

TEST(ModelEndurance, MeansAndWorstSecond) {
  const std::vector<double> slips{10.0};
  const auto steady = endurance_of(frames_with([](double) { return 0.3; }, 20.0), slips);
  EXPECT_NEAR(steady.mean_deg, 0.3, 1e-9);
  EXPECT_NEAR(steady.worst_second_deg, 0.3, 1e-9);
  EXPECT_FALSE(steady.has_diverged);
  // Bad while learning and after the slip: in the mean, the latter in the worst second, no divergence.
  const auto slip = endurance_of(
      frames_with([](double t) { return t < 2.0 || (t >= 10.0 && t < 13.0) ? 9.0 : 0.0; }, 20.0), slips);
  EXPECT_NEAR(slip.mean_deg, 9.0 * 5.0 / 20.0, 0.01);
  EXPECT_NEAR(slip.worst_second_deg, 9.0, 1e-9);
  EXPECT_FALSE(slip.has_diverged);
}

TEST(ModelEndurance, ALostEyeHasDiverged) {
  const std::vector<double> slips{10.0};
  EXPECT_TRUE(
      endurance_of(frames_with([](double t) { return t >= 17.0 ? 6.0 : 0.1; }, 20.0), slips).has_diverged);
  const auto blind =
      endurance_of(frames_with([](double t) { return t >= 17.0 ? std::nan("") : 0.1; }, 20.0), slips);
  EXPECT_TRUE(blind.has_diverged);
  EXPECT_EQ(blind.without_pose, 180u);
  EXPECT_NEAR(blind.mean_deg, 0.1, 1e-9);
}

TEST(ModelEndurance, LongCoursesCountTheDiverged) {
  LongPlan plan{24.0, 1, 2.0, 1.5};
  EXPECT_THAT(plan.slips_s(), testing::ElementsAre(12.0));
  Skill lost;
  lost.bias_deg = [](double t) { return t > 20.0 ? 30.0 : 0.0; };
  const auto good = run_long_courses({}, plan, 3, run_of({}), {});
  const auto bad = run_long_courses({}, plan, 3, run_of(lost), {});
  ASSERT_TRUE(good && bad);
  EXPECT_EQ(good->diverged, 0u);
  EXPECT_NEAR(good->mean_deg->mean, 0.25, 0.02);
  EXPECT_EQ(bad->diverged, 3u);
  EXPECT_GT(bad->worst_second_deg->mean, 25.0);
}

TEST(ModelCourses, DoNotDependOnTheThreads) {
  const CourseFigures one = figures_of({}, 5, 1);
  const CourseFigures three = figures_of({}, 5, 3);
  EXPECT_EQ(one.error_deg->mean, three.error_deg->mean);
  EXPECT_EQ(one.learning_course.ninety.y, three.learning_course.ninety.y);
  EXPECT_EQ(coverage_in(one, CoursePhase::later).at_68.observed,
            coverage_in(three, CoursePhase::later).at_68.observed);
}

TEST(ModelCourses, AStopGivesNothing) {
  std::stop_source stopped;
  stopped.request_stop();
  EXPECT_FALSE(
      run_short_courses({}, short_plan, simulation::Population::normal, 3, run_of({}), stopped.get_token()));
  EXPECT_FALSE(run_long_courses({}, {}, 3, run_of({}), stopped.get_token()));
}

TEST(ModelMemory, GrowthIsCountedFromTheSettledReading) {
  const MemoryCourse course = memory_course({50, 100, 110, 120, 130}, 30.0, 2);
  EXPECT_EQ(course.growth_bytes, 30);
  EXPECT_DOUBLE_EQ(course.bytes_per_minute.value(), 20.0);
  const MemoryCourse flat = memory_course({90, 100, 100, 100}, 60.0, 2);
  EXPECT_EQ(flat.growth_bytes, 0);
  EXPECT_DOUBLE_EQ(flat.bytes_per_minute.value(), 0.0);
  EXPECT_EQ(memory_course({100, 90}, 60.0, 1).growth_bytes, -10);
  EXPECT_FALSE(memory_course({100}, 60.0, 2).growth_bytes.has_value());
  EXPECT_FALSE(memory_course({100}, 60.0, 2).bytes_per_minute.has_value());
}

TEST(ModelMemory, IsReadAtEvenDistances) {
  SubjectSettings settings;
  settings.rate_hz = 5.0;
  std::uint64_t held = 1000;
  std::uint64_t frames = 0;
  MemoryPlan plan;
  plan.readings = 4;
  plan.settled_readings = 1;
  plan.resident_bytes = [&]() -> std::optional<std::uint64_t> { return held += 7; };
  std::vector<int> readings;
  Skill counting;
  counting.has_pose = [&](double) { return ++frames > 0; };
  const auto course = run_memory_course(settings, plan, run_of(counting).make_follower,
                                        [&](int reading) { readings.push_back(reading); }, {});
  ASSERT_TRUE(course.has_value());
  EXPECT_THAT(course->bytes, testing::ElementsAre(1007, 1014, 1021, 1028));
  EXPECT_EQ(course->growth_bytes, 21);
  EXPECT_THAT(readings, testing::ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(frames, 4u * 300u);
  plan.resident_bytes = []() -> std::optional<std::uint64_t> { return std::nullopt; };
  EXPECT_FALSE(run_memory_course(settings, plan, run_of({}).make_follower, [](int) {}, {}));
}

}  // namespace
}  // namespace yarbus::benchmark::model_figures_test
