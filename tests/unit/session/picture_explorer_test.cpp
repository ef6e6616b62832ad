#include "app/session/picture_explorer.h"

#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace yarbus::picture_explorer_test {
namespace {

ShownPicture shown(int task = 0) {
  ShownPicture picture;
  picture.showing = 2;
  picture.task = task;
  picture.area = {{50.0, 20.0}, {450.0, 270.0}};
  for (int i = 0; i < 12; ++i) picture.details_in_screen_mm.push_back({70.0 + 30.0 * i, 40.0 + 17.0 * i});
  return picture;
}

struct Course {
  std::vector<double> looks_s;
  std::vector<Eigen::Vector2d> places_mm;
};

Course explore(PictureExplorer& explorer, double length_s) {
  Course course;
  int last = -1;
  double since_s = 0.0;
  for (double t_s = 1000.0; t_s < 1000.0 + length_s; t_s += 0.005) {
    const VisibleTarget target = explorer.look(t_s);
    if (target.target == last) continue;
    if (last >= 0) course.looks_s.push_back(t_s - since_s);
    course.places_mm.push_back(target.position_in_screen_mm);
    last = target.target;
    since_s = t_s;
  }
  return course;
}

TEST(PictureExplorer, RestsATimeAtDetailsOfThePicture) {
  PictureExplorer explorer(shown(), 1);
  const Course course = explore(explorer, 60.0);
  ASSERT_GT(course.looks_s.size(), 140U);
  for (const double look_s : course.looks_s) {
    EXPECT_GE(look_s, 0.199);
    EXPECT_LE(look_s, 0.406);
  }
  EXPECT_EQ(course.places_mm.front(), Eigen::Vector2d(250.0, 145.0)) << "the middle comes first";
  std::set<std::size_t> seen;
  for (std::size_t i = 1; i < course.places_mm.size(); ++i) {
    std::size_t nearest = 0;
    double way_mm = 1e9;
    const auto details = shown().details_in_screen_mm;
    for (std::size_t k = 0; k < details.size(); ++k) {
      const double away_mm = (details[k] - course.places_mm[i]).norm();
      if (away_mm < way_mm) std::tie(way_mm, nearest) = std::pair(away_mm, k);
    }
    EXPECT_LT(way_mm, 25.0);
    seen.insert(nearest);
    EXPECT_GE(course.places_mm[i].x(), 50.0);
    EXPECT_LE(course.places_mm[i].y(), 270.0);
  }
  EXPECT_GE(seen.size(), 6U) << "it looks about";
}

TEST(PictureExplorer, IsTheSeedsAndTheTasks) {
  PictureExplorer one(shown(), 1);
  PictureExplorer again(shown(), 1);
  PictureExplorer other_task(shown(1), 1);
  PictureExplorer other_person(shown(), 2);
  const auto places = explore(one, 10.0).places_mm;
  EXPECT_EQ(explore(again, 10.0).places_mm, places);
  EXPECT_NE(explore(other_task, 10.0).places_mm, places);
  EXPECT_NE(explore(other_person, 10.0).places_mm, places);
}

TEST(PictureExplorer, APictureOfWhichNothingIsKnownIsLookedAtAllTheSame) {
  ShownPicture picture = shown();
  picture.details_in_screen_mm.clear();
  PictureExplorer explorer(picture, 3);
  const Course course = explore(explorer, 20.0);
  double least_x = 1e9;
  double most_x = 0.0;
  for (const auto& place : course.places_mm) {
    least_x = std::min(least_x, place.x());
    most_x = std::max(most_x, place.x());
  }
  EXPECT_GT(most_x - least_x, 120.0);
  picture.details_in_screen_mm = {{100.0, 100.0}};
  PictureExplorer alone(picture, 3);
  EXPECT_LT((explore(alone, 3.0).places_mm.back() - Eigen::Vector2d(100.0, 100.0)).norm(), 25.0);
}

}  // namespace
}  // namespace yarbus::picture_explorer_test
