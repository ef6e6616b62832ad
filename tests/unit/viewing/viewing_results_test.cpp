#include "app/viewing/viewing_results.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/viewing/viewing_csv.h"

namespace yarbus::viewing_results_test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// A picture of 1000 x 500 px on a screen 600 mm away: one px is 0.4 mm.
RecordedViewing example_viewing() {
  RecordedViewing viewing;
  viewing.setup.plan.image = "room.svg";
  viewing.setup.plan.tasks = {{"look", 10.0}, {"how old, \"roughly\"?", 5.0}, {"never", 5.0}};
  viewing.setup.picture_width_px = 1000;
  viewing.setup.picture_height_px = 500;
  viewing.setup.picture = {{50.0, 50.0}, {450.0, 250.0}};
  viewing.setup.screen = {500.0, 300.0, 1920, 1080, 600.0};
  viewing.showings = {{0, 0, 0, 100s, 102s, ShowingEnd::paused},
                      {0, 0, 1, 110s, 120s, ShowingEnd::complete},
                      {1, 1, 0, 130s, 132s, ShowingEnd::skipped}};
  viewing.has_end = viewing.is_complete = true;
  return viewing;
}

/// Gaze at 100 Hz that rests at `place` from `start` to `end`.
void rest(std::vector<ViewedGaze>& gaze, CaptureTime start, CaptureTime end, const Eigen::Vector2d& place) {
  for (CaptureTime at = start; at < end; at += 10ms) gaze.push_back({at, place});
}

TEST(ViewingResults, KnownGazeGivesKnownFigures) {
  std::vector<ViewedGaze> gaze;
  // 0.4 s at one place, 0.2 s 60 mm to its right, 0.3 s 80 mm further down: 3-4-5 in px, too.
  rest(gaze, 111s, 111400ms, {150.0, 100.0});
  rest(gaze, 111400ms, 111600ms, {210.0, 100.0});
  rest(gaze, 111600ms, 111900ms, {210.0, 180.0});
  const std::vector<ViewedFixation> fixations{{111s, 111390ms}, {111400ms, 111590ms}, {111600ms, 111890ms}};
  const ViewingResults results = make_viewing_results(example_viewing(), gaze, fixations);
  ASSERT_EQ(results.tasks.size(), 3U);
  const TaskResult& task = results.tasks[0];
  EXPECT_EQ(task.how, ShowingEnd::complete) << "the last showing counts";
  EXPECT_DOUBLE_EQ(task.shown_s, 10.0);
  EXPECT_EQ(task.gaze.size(), 90U);
  ASSERT_EQ(task.fixations.size(), 3U);
  EXPECT_EQ(task.fixations[1].number, 2);
  EXPECT_NEAR(task.fixations[0].start_s, 1.0, 1e-9);
  EXPECT_NEAR(task.fixations[0].duration_s, 0.39, 1e-9);
  EXPECT_NEAR((task.fixations[0].in_screen_mm - Eigen::Vector2d(150.0, 100.0)).norm(), 0.0, 1e-9);
  EXPECT_NEAR((task.fixations[0].in_picture_px - Eigen::Vector2d(249.5, 124.5)).norm(), 0.0, 1e-9);
  EXPECT_EQ(task.fixation_count, 3);
  EXPECT_NEAR(task.dwell_s, 0.39 + 0.19 + 0.29, 1e-9);
  ASSERT_TRUE(task.mean_fixation_s && task.mean_saccade_deg);
  EXPECT_NEAR(*task.mean_fixation_s, 0.29, 1e-9);
  EXPECT_NEAR(task.scanpath_px, 60.0 / 0.4 + 80.0 / 0.4, 1e-6);
  const ViewingSetup setup = example_viewing().setup;
  const double deg =
      setup.angle_deg({150.0, 100.0}, {210.0, 100.0}) + setup.angle_deg({210.0, 100.0}, {210.0, 180.0});
  EXPECT_NEAR(task.scanpath_deg, deg, 1e-9);
  EXPECT_NEAR(deg, 5.6 + 7.5, 0.4) << "of 60 and 80 mm at 600 mm";
  EXPECT_NEAR(*task.mean_saccade_deg, deg / 2.0, 1e-9);
  EXPECT_TRUE(results.notes.empty());
}

TEST(ViewingResults, OnlyWhatTheTaskBeganAndNoLongerThanItLasted) {
  std::vector<ViewedGaze> gaze;
  rest(gaze, 109s, 140s, {150.0, 100.0});
  const std::vector<ViewedFixation> fixations{
      {109900ms, 110300ms},  // under way when the picture came
      {119800ms, 120400ms},  // outlasts it
      {119980ms, 120500ms},  // what is left of it is no fixation
      {130s, 130100ms},      // begins with the picture of the second task
      {132s, 133s},          // begins when it has gone
  };
  const ViewingResults results = make_viewing_results(example_viewing(), gaze, fixations);
  ASSERT_EQ(results.tasks[0].fixations.size(), 1U);
  EXPECT_NEAR(results.tasks[0].fixations[0].duration_s, 0.2, 1e-9);
  ASSERT_EQ(results.tasks[1].fixations.size(), 1U);
  EXPECT_EQ(results.tasks[1].fixations[0].number, 1);
  EXPECT_FALSE(results.tasks[1].mean_saccade_deg);
  EXPECT_EQ(results.tasks[1].how, ShowingEnd::skipped);
  EXPECT_FALSE(results.tasks[2].how) << "its picture was never shown";
  EXPECT_EQ(results.tasks[2].text, "never");
}

TEST(ViewingResults, LooksBesideThePictureAreCountedApart) {
  std::vector<ViewedGaze> gaze;
  rest(gaze, 111s, 112s, {150.0, 100.0});
  rest(gaze, 112s, 113s, {20.0, 100.0});
  rest(gaze, 113s, 114s, {150.0, 100.0});
  const std::vector<ViewedFixation> fixations{{111s, 111900ms}, {112s, 112900ms}, {113s, 113900ms}};
  const TaskResult task = make_viewing_results(example_viewing(), gaze, fixations).tasks[0];
  EXPECT_EQ(task.fixations.size(), 3U);
  EXPECT_FALSE(task.fixations[1].is_on_picture);
  EXPECT_EQ(task.off_picture_count, 1);
  EXPECT_EQ(task.fixation_count, 2);
  EXPECT_NEAR(task.dwell_s, 1.8, 1e-9);
  EXPECT_NEAR(task.scanpath_px, 0.0, 1e-9) << "from one place on the picture to the same one";
}

TEST(ViewingResults, WhatIsMissingIsSaid) {
  RecordedViewing viewing = example_viewing();
  const std::vector<ViewedFixation> fixations{{111s, 112s}};
  EXPECT_THAT(make_viewing_results(viewing, {}, fixations).notes,
              testing::ElementsAre(HasSubstr("1 fixation has no gaze")));
  viewing.is_complete = false;
  viewing.problem = "the disk was full";
  EXPECT_THAT(make_viewing_results(viewing, {}, {}).notes,
              testing::ElementsAre(HasSubstr("the disk was full")));
  viewing.has_end = false;
  EXPECT_THAT(make_viewing_results(viewing, {}, {}).notes, testing::ElementsAre(HasSubstr("cut off")));
}

TEST(ViewingCsv, HasARowEachAndQuotesTexts) {
  std::vector<ViewedGaze> gaze;
  rest(gaze, 111s, 111100ms, {150.0, 100.0});
  const ViewingResults results =
      make_viewing_results(example_viewing(), gaze, std::vector<ViewedFixation>{{111s, 111090ms}});
  EXPECT_EQ(viewing_tasks_csv(results),
            "task,position,text,end,shown_s,fixations,dwell_s,mean_fixation_s,scanpath_px,scanpath_deg,"
            "mean_saccade_deg,off_picture_fixations,gaze_rows\n"
            "1,1,look,complete,10.000,1,0.090,0.0900,0.0,0.000,,0,10\n"
            "2,2,\"how old, \"\"roughly\"\"?\",skipped,2.000,0,0.000,,0.0,0.000,,0,0\n"
            "3,,never,not_shown,0.000,0,0.000,,0.0,0.000,,0,0\n");
  EXPECT_EQ(viewing_fixations_csv(results),
            "task,fixation,start_s,duration_s,x_px,y_px,x_mm,y_mm,on_picture\n"
            "1,1,1.0000,0.0900,249.50,124.50,150.000,100.000,true\n");
  const std::string rows = viewing_gaze_csv(results);
  EXPECT_TRUE(rows.starts_with("task,time_s,x_px,y_px,x_mm,y_mm\n1,1.0000,249.50,124.50,150.000,100.000\n"))
      << rows;
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 11);
}

}  // namespace
}  // namespace yarbus::viewing_results_test
