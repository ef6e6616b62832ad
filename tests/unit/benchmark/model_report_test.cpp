// Tables and JSON of `benchmark model` say what was found, and say so when a part is missing.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/benchmark/exactness.h"
#include "app/benchmark/model_json.h"
#include "app/benchmark/model_tables.h"

namespace yarbus::benchmark::model_report_test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two subjects, one of whom loses the eye after the slip.
ModelResult example() {
  ModelResult result;
  result.version = "1.2";
  result.command = "yarbus benchmark model";
  std::vector<std::vector<FollowedFrame>> subjects(2);
  for (int i = 0; i < 18 * 60; ++i) {
    const double time_s = i / 60.0;
    subjects[0].push_back({time_s, 0.25, i % 100 < 70 ? 0.5 : 0.9, 0.4});
    subjects[1].push_back({time_s, time_s < 10.0 ? 0.25 : 40.0, time_s < 10.0 ? 0.5 : 1.0, 0.4});
  }
  result.courses.push_back(course_figures(subjects, {}, simulation::Population::normal));
  const LongPlan plan{18.0, 1, 2.0, 1.5};
  result.long_course = long_figures(subjects, plan);
  ModelTimes times;
  times.predict = Times{100, 0.03, 0.04, 0.05, 0.2};
  times.update = Times{10, 8.0, 9.0, 9.5, 12.25};
  times.joint_fits = {{50, 0.1, 2.0, 0.3, ""},
                      {100, 0.3, 3.0, std::nan(""), "the optimisation did not settle"}};
  times.per_frame_ratio = 1.5;
  times.allocations_per_predict = 0.0;
  result.times = times;
  ExactnessFigures figures;
  figures.given_deg = statistics_of({0.001, 0.003});
  figures.given_max_deg = 0.003;
  figures.fitted_max_deg = std::nan("");
  figures.failed_fits = 2;
  result.exactness = {figures};
  result.memory = memory_course({50u << 20U, 60u << 20U, 60u << 20U}, 60.0, 2);
  return result;
}

TEST(ModelReport, TablesSayWhatWasFound) {
  const std::string text = model_markdown(example());
  EXPECT_THAT(text, HasSubstr("# The live eye model of Yarbus 1.2"));
  EXPECT_THAT(text, HasSubstr("## Stated gaze regions"));
  EXPECT_THAT(text, HasSubstr("50.0 % of 2"));  // one of the two gets back
  EXPECT_THAT(text, HasSubstr("never"));
  EXPECT_THAT(text, HasSubstr("18 s, slips: 1 of 2.0 mm + 1.5°"));
  EXPECT_THAT(text, HasSubstr("40.00"));   // the worst second
  EXPECT_THAT(text, HasSubstr("12.250"));  // the longest update
  EXPECT_THAT(text, HasSubstr("the optimisation did not settle"));
  EXPECT_THAT(text, HasSubstr("no centre found for 2 subjects"));
  EXPECT_THAT(text, HasSubstr("Growth from 2.0 min on: 0 KiB"));
}

TEST(ModelReport, APartThatWasNotRunIsLeftOut) {
  ModelResult result = example();
  result.times.reset();
  result.memory.reset();
  result.courses.clear();
  const std::string text = model_markdown(result);
  EXPECT_THAT(text, Not(HasSubstr("Stated gaze regions")));
  EXPECT_THAT(text, Not(HasSubstr("Time of a joint fit")));
  EXPECT_THAT(text, Not(HasSubstr("Memory of the process")));
  EXPECT_THAT(text, HasSubstr("Noise-free outlines"));
  const auto json = model_json(result);
  EXPECT_TRUE(json.at("times").is_null());
  EXPECT_TRUE(json.at("memory").is_null());
  EXPECT_TRUE(json.at("populations").empty());
}

TEST(ModelReport, JsonHoldsTheSameFigures) {
  const auto json = model_json(example());
  EXPECT_EQ(json.at("kind"), "yarbus model");
  const auto& course = json.at("populations").at(0);
  EXPECT_EQ(course.at("name"), "normal");
  EXPECT_EQ(course.at("learning").at("share"), 1.0);
  EXPECT_EQ(course.at("recovery_1_deg").at("never"), 1);
  EXPECT_TRUE(course.at("recovery_1_deg").at("ninety_s").is_null());
  // 0.7 of the first; of the other all frames before the slip.
  EXPECT_NEAR(course.at("coverage").at("all frames").at("region_68").at("observed").get<double>(),
              0.5 * (0.7 + 10.0 / 18.0), 0.01);
  EXPECT_EQ(json.at("long_course").at("diverged"), 1);
  EXPECT_TRUE(json.at("exactness").at(0).at("fitted_center_max_deg").is_null());
  EXPECT_EQ(json.at("times").at("joint_fits").at(1).at("frames"), 100);
  EXPECT_TRUE(json.at("times").at("joint_fits").at(0).at("failure").is_null());
  EXPECT_EQ(json.at("memory").at("growth_bytes"), 0);
  EXPECT_NO_THROW(static_cast<void>(json.dump()));
}

TEST(HeldAnatomy, TakesTheMeanOfOneLengthOnly) {
  const OpticalAnatomy mean;
  const OpticalAnatomy own{9.7, 5.1, 7.6, 5.7};
  EXPECT_EQ(held_anatomy(HeldAnatomy::own, own).vector(), own.vector());
  EXPECT_EQ(held_anatomy(HeldAnatomy::population, own).vector(), mean.vector());
  EXPECT_EQ(held_anatomy(HeldAnatomy::pupil_plane, own).vector(),
            Eigen::Vector4d(mean.pupil_plane_mm, 5.1, 7.6, 5.7));
  EXPECT_EQ(held_anatomy(HeldAnatomy::cornea_center, own).vector(),
            Eigen::Vector4d(9.7, mean.cornea_center_mm, 7.6, 5.7));
  EXPECT_EQ(held_anatomy(HeldAnatomy::cornea_radius, own).vector(),
            Eigen::Vector4d(9.7, 5.1, mean.cornea_radius_mm, 5.7));
}

}  // namespace
}  // namespace yarbus::benchmark::model_report_test
