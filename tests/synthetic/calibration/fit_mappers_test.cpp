#include "calibration/mapping/fit_mappers.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/allocation_counter.h"
#include "calibration/validation/data_quality.h"
#include "tests/support/looking_participant.h"

namespace yarbus::fit_mappers_test {
namespace {

using namespace testing_support;
using testing::HasSubstr;

const GazeMapper& mapper_of(const MapperChoice& choice, std::string_view name) {
  return *choice.candidate(name)->mapper;
}

double accuracy_deg(const GazeMapper& mapper, const MapperChoice& choice,
                    std::span<const CalibrationSample> samples) {
  return measure_quality(mapper, samples, choice.eyes_in_screen_mm).both.accuracy_deg.value_or(1e9);
}

MapperChoice fitted(const Participant& who, std::span<const CalibrationSample> samples,
                    const std::string& mapper = "") {
  auto choice = fit_mappers(samples, who.screen, {{}, mapper});
  if (!choice) throw std::runtime_error(choice.error().to_text());
  return std::move(*choice);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// What is printed for docs/calibration-mapping.md.
struct Row {
  std::vector<double> cross_validation_deg;
  std::vector<double> validated_deg;
  std::vector<double> coverage;
  int chosen = 0;
};

TEST(FitMappers, StatedRegionsHoldOverManySubjects) {
  constexpr int subjects = 400;
  const std::array<const char*, 3> names{"geometric", "polynomial", "gaussian process"};
  std::array<Row, 3> rows;
  Row chosen;
  std::vector<double> one_eye_coverage;
  for (int subject = 0; subject < subjects; ++subject) {
    const Participant who = draw_participant(1000 + static_cast<std::uint64_t>(subject));
    const auto choice = fitted(who, look_at_places(who, subject, nine_places()));
    const auto validation = look_at_places(who, 5000 + subject, validation_places());
    const auto add = [&](const GazeMapper& mapper, Row& row) {
      const auto report = measure_quality(mapper, validation, choice.eyes_in_screen_mm);
      row.validated_deg.push_back(report.both.accuracy_deg.value_or(1e9));
      row.coverage.push_back(report.coverage_68.value_or(0.0));
    };
    for (std::size_t m = 0; m < 3; ++m) {
      add(*choice.candidates[m].mapper, rows[m]);
      rows[m].cross_validation_deg.push_back(choice.candidates[m].cross_validation->mean_deg);
      rows[m].chosen += choice.chosen == m ? 1 : 0;
    }
    add(choice.mapper(), chosen);
    int held = 0;
    for (const auto& sample : validation) {
      const auto point = choice.mapper().map_eye(sample.rays, EyeSide::right);
      held += point && point->region_holds(sample.target_in_screen_mm, 0.68) ? 1 : 0;
    }
    one_eye_coverage.push_back(static_cast<double>(held) / static_cast<double>(validation.size()));
  }
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  };
  std::printf("| mapper | left out, median | validated, median | worst | 68 %% regions hold | chosen |\n");
  for (std::size_t m = 0; m < 3; ++m) {
    std::printf("| %s | %.2f | %.2f | %.2f | %.1f %% | %d |\n", names[m],
                median(rows[m].cross_validation_deg), median(rows[m].validated_deg),
                *std::max_element(rows[m].validated_deg.begin(), rows[m].validated_deg.end()),
                100.0 * mean(rows[m].coverage), rows[m].chosen);
  }
  std::printf("| chosen | | %.2f | %.2f | %.1f %% | |\n| right eye alone | | | | %.1f %% | |\n",
              median(chosen.validated_deg),
              *std::max_element(chosen.validated_deg.begin(), chosen.validated_deg.end()),
              100.0 * mean(chosen.coverage), 100.0 * mean(one_eye_coverage));
  for (const Row& row : {rows[0], rows[1], rows[2], chosen}) {
    EXPECT_GT(mean(row.coverage), 0.63);
    EXPECT_LT(mean(row.coverage), 0.73);
  }
  EXPECT_GT(mean(one_eye_coverage), 0.63);
  EXPECT_LT(mean(one_eye_coverage), 0.73);
  EXPECT_LT(median(chosen.validated_deg), 0.5);
}

/// A smooth error of the eye model that no kappa, no camera and no distance explains.
Participant distorted(std::uint64_t seed) {
  Participant who = draw_participant(seed);
  who.fixation_deg = who.eye_scatter_deg = 0.05;
  who.noise_deg = 0.1;
  who.distortion = [](const Eigen::Vector2d& at) {
    return Eigen::Vector2d(1.2 * std::sin(at[0] / 9.0) * std::cos(at[1] / 6.0), 0.9 * std::cos(at[0] / 7.0));
  };
  return who;
}

std::vector<Eigen::Vector2d> thirteen_places() {
  auto places = nine_places();
  for (const double x : {0.3, 0.7})
    for (const double y : {0.3, 0.7}) places.emplace_back(x, y);
  return places;
}

TEST(FitMappers, TheGaussianProcessCorrectsASmoothDistortion) {
  std::vector<double> geometric;
  std::vector<double> corrected;
  int chosen = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Participant who = distorted(seed);
    const auto choice = fitted(who, look_at_places(who, seed, thirteen_places()));
    const auto validation =
        look_at_places(who, seed + 50, {{0.2, 0.3}, {0.5, 0.3}, {0.8, 0.7}, {0.3, 0.55}, {0.7, 0.5}});
    geometric.push_back(accuracy_deg(mapper_of(choice, "geometric"), choice, validation));
    corrected.push_back(accuracy_deg(mapper_of(choice, "gaussian process"), choice, validation));
    chosen += choice.mapper().name() == "gaussian process" ? 1 : 0;
  }
  RecordProperty("geometric_deg", std::to_string(median(geometric)));
  RecordProperty("corrected_deg", std::to_string(median(corrected)));
  std::printf("smooth distortion: geometric %.2f deg, gaussian process %.2f deg, chosen for %d of 12\n",
              median(geometric), median(corrected), chosen);
  EXPECT_LT(median(corrected), 0.7 * median(geometric));
  EXPECT_GE(chosen, 6);
}

TEST(FitMappers, OutsideTheCalibratedRegionTheGaussianProcessIsTheGeometry) {
  const Participant who = distorted(4);
  std::vector<Eigen::Vector2d> middle;
  for (const auto& place : thirteen_places())
    middle.emplace_back(0.25 + 0.5 * place[0], 0.25 + 0.5 * place[1]);
  const auto choice = fitted(who, look_at_places(who, 4, middle));
  const auto& geometric = mapper_of(choice, "geometric");
  const auto& corrected = mapper_of(choice, "gaussian process");
  const auto apart = [&](const Eigen::Vector2d& place) {
    const auto rays = look_at_places(who, 60, {place}, 1)[0].rays;
    return (geometric.map(rays)->point_in_screen_mm - corrected.map(rays)->point_in_screen_mm).norm();
  };
  double inside = 0.0;
  for (const auto& place : middle) inside = std::max(inside, apart(place));
  EXPECT_GT(inside, 1.0);
  EXPECT_LT(apart({-0.4, 0.5}), 0.01 * inside);
  EXPECT_LT(apart({0.5, 2.2}), 0.01 * inside);
  // No jump on the way.
  double before = apart({0.5, 0.5});
  for (double x = 0.5; x < 1.5; x += 0.005) {
    Participant still = who;
    still.noise_deg = still.jitter_deg = still.fixation_deg = still.eye_scatter_deg = 0.0;
    const auto rays = look_at_places(still, 1, {{x, 0.5}}, 1)[0].rays;
    const double now =
        (geometric.map(rays)->point_in_screen_mm - corrected.map(rays)->point_in_screen_mm).norm();
    if (x > 0.5) {
      EXPECT_LT(std::abs(now - before), 1.0) << x;
    }
    before = now;
  }
}

TEST(FitMappers, ThePolynomialExtrapolatesWorse) {
  std::vector<double> geometric;
  std::vector<double> polynomial;
  for (std::uint64_t seed = 0; seed < 15; ++seed) {
    const Participant who = draw_participant(300 + seed);
    std::vector<Eigen::Vector2d> middle;
    for (const auto& place : nine_places()) middle.emplace_back(0.25 + 0.5 * place[0], 0.25 + 0.5 * place[1]);
    const auto choice = fitted(who, look_at_places(who, seed, middle));
    const auto outside = look_at_places(who, seed + 80, {{0.0, 0.0}, {1.0, 0.0}, {0.0, 1.0}, {1.0, 1.0}});
    geometric.push_back(accuracy_deg(mapper_of(choice, "geometric"), choice, outside));
    polynomial.push_back(accuracy_deg(mapper_of(choice, "polynomial"), choice, outside));
  }
  std::printf("outside the calibrated half of the screen: geometric %.2f deg, polynomial %.2f deg\n",
              median(geometric), median(polynomial));
  EXPECT_GT(median(polynomial), 1.1 * median(geometric));
}

TEST(FitMappers, CrossValidationLeavesOutWholeTargets) {
  const Participant who = draw_participant(31);
  auto samples = look_at_places(who, 31, nine_places());
  const auto choice = fitted(who, samples);
  const auto& validation = *choice.candidate("geometric")->cross_validation;
  ASSERT_EQ(validation.targets.size(), 9U);
  double sum = 0.0;
  for (const auto& target : validation.targets) sum += target.error_deg;
  EXPECT_NEAR(validation.mean_deg, sum / 9.0, 1e-9);
  EXPECT_TRUE(validation.mean_of_eye_deg[0] && validation.mean_of_eye_deg[1]);
  // As many copies of each sample as one likes make it no smaller, as they would with random frames.
  const auto copies = samples;
  for (int i = 0; i < 3; ++i) samples.insert(samples.end(), copies.begin(), copies.end());
  const auto again = fitted(who, samples);
  EXPECT_NEAR(again.candidate("geometric")->cross_validation->mean_deg, validation.mean_deg, 0.03);
}

// Pieces of a moving target's way, where gaze is off by the same: neighbours would vouch for each other.
TEST(FitMappers, TargetsOfOneMovementAreLeftOutTogether) {
  const Participant who = draw_participant(37);
  std::vector<Eigen::Vector2d> places;
  for (int row = 0; row < 5; ++row) {
    for (int piece = 0; piece < 6; ++piece) places.emplace_back(0.1 + 0.16 * piece, 0.1 + 0.2 * row);
  }
  auto samples = look_at_places(who, 37, places);
  std::mt19937 random(37);
  std::normal_distribution<double> normal(0.0, 6.0);
  std::array<Eigen::Vector2d, 5> off_mm;
  for (auto& off : off_mm) off = Eigen::Vector2d(normal(random), normal(random));
  for (auto& sample : samples)
    sample.target_in_screen_mm += off_mm[static_cast<std::size_t>(sample.target / 6)];
  const auto apart = fitted(who, samples);
  for (auto& sample : samples) sample.movement = sample.target / 6;
  const auto together = fitted(who, samples);
  for (const char* name : {"geometric", "gaussian process"}) {
    const auto& alone = *apart.candidate(name)->cross_validation;
    const auto& whole = *together.candidate(name)->cross_validation;
    EXPECT_EQ(whole.targets.size(), alone.targets.size()) << name;
    EXPECT_GT(whole.mean_deg, alone.mean_deg) << name;
    EXPECT_GT(whole.variance_scale, 1.1 * alone.variance_scale) << name;
  }
}

TEST(FitMappers, ABadTargetIsSaidAndNotCounted) {
  const Participant who = draw_participant(33);
  auto samples = look_at_places(who, 33, nine_places());
  const auto good = fitted(who, samples);
  for (auto& sample : samples) {
    if (sample.target == 4) sample.target_in_screen_mm += Eigen::Vector2d(64.0, -48.0);
  }
  const auto choice = fitted(who, samples);
  const auto& validation = *choice.candidate("geometric")->cross_validation;
  for (const auto& target : validation.targets) EXPECT_EQ(target.is_counted, target.target != 4);
  EXPECT_NEAR(validation.mean_deg, good.candidate("geometric")->cross_validation->mean_deg, 0.3);
  const auto at = look_at_places(who, 34, validation_places());
  for (const auto& candidate : choice.candidates)
    EXPECT_LT(accuracy_deg(*candidate.mapper, choice, at), 1.2) << candidate.name;
}

TEST(FitMappers, TheUserHasTheLastWord) {
  const Participant who = draw_participant(35);
  const auto samples = look_at_places(who, 35, nine_places());
  for (const char* name : {"geometric", "polynomial", "gaussian process"}) {
    const auto choice = fitted(who, samples, name);
    EXPECT_EQ(choice.mapper().name(), name);
    EXPECT_THAT(choice.reason, HasSubstr("geometric"));
  }
  const auto unknown = fit_mappers(samples, who.screen, {{}, "neural"});
  EXPECT_THAT(unknown.error().message, HasSubstr("neural"));
}

TEST(FitMappers, FewTargetsLeaveTheGeometryAlone) {
  const Participant who = draw_participant(37);
  const auto samples = look_at_places(who, 37, {{0.1, 0.1}, {0.9, 0.1}, {0.9, 0.9}, {0.1, 0.9}});
  const auto choice = fitted(who, samples);
  EXPECT_EQ(choice.mapper().name(), "geometric");
  EXPECT_THAT(choice.candidate("polynomial")->why_not, HasSubstr("needs 6 targets"));
  EXPECT_EQ(choice.candidate("gaussian process")->mapper, nullptr);
  const auto asked = fit_mappers(samples, who.screen, {{}, "polynomial"});
  EXPECT_THAT(asked.error().message, HasSubstr("needs 6 targets"));
}

TEST(FitMappers, EveryMapperLivesWithOneEye) {
  const Participant who = draw_participant(39);
  auto samples = look_at_places(who, 39, nine_places());
  const auto binocular = fitted(who, samples);
  const auto at = look_at_places(who, 40, validation_places(), 5);
  for (const auto& candidate : binocular.candidates) {
    for (const EyeSide lost : {EyeSide::right, EyeSide::left}) {
      GazeRays rays = at[0].rays;
      rays.eyes[static_cast<std::size_t>(lost)].reset();
      const auto point = candidate.mapper->map(rays);
      ASSERT_TRUE(point) << candidate.name;
      EXPECT_FALSE(point->uses(lost));
      EXPECT_LT((point->point_in_screen_mm - at[0].target_in_screen_mm).norm(), 25.0) << candidate.name;
    }
  }
  for (auto& sample : samples) sample.rays.eyes[1].reset();
  const auto monocular = fitted(who, samples);
  for (const auto& candidate : monocular.candidates)
    EXPECT_LT(accuracy_deg(*candidate.mapper, monocular, at), 1.2) << candidate.name;
  EXPECT_FALSE(monocular.eyes_in_screen_mm[1]);
}

TEST(FitMappers, MappingAllocatesNothing) {
  const Participant who = draw_participant(43);
  const auto samples = look_at_places(who, 43, nine_places(), 4);
  const auto choice = fitted(who, samples);
  for (const auto& candidate : choice.candidates) {
    const auto before = heap_allocations_so_far();
    double sum = 0.0;
    for (const auto& sample : samples) sum += candidate.mapper->map(sample.rays)->point_in_screen_mm[0];
    EXPECT_EQ(heap_allocations_so_far(), before) << candidate.name;
    EXPECT_TRUE(std::isfinite(sum));
  }
  const auto before = heap_allocations_so_far();
  std::vector<double> some(3, 1.0);
  EXPECT_EQ(some.size(), 3U);
  EXPECT_GT(heap_allocations_so_far(), before);  // it does count
}

TEST(FitMappers, TheSameSamplesGiveTheSameGaze) {
  const Participant who = draw_participant(41);
  const auto samples = look_at_places(who, 41, nine_places());
  const auto a = fitted(who, samples);
  const auto b = fitted(who, samples);
  for (std::size_t m = 0; m < 3; ++m) {
    const auto point_a = a.candidates[m].mapper->map(samples[7].rays);
    const auto point_b = b.candidates[m].mapper->map(samples[7].rays);
    EXPECT_EQ(point_a->point_in_screen_mm, point_b->point_in_screen_mm);
    EXPECT_EQ(point_a->covariance_mm2, point_b->covariance_mm2);
  }
}

}  // namespace
}  // namespace yarbus::fit_mappers_test
