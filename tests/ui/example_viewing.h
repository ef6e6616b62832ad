#pragma once

#include "app/viewing/viewing_results.h"

namespace yarbus::test {

/// Two tasks on a picture of 800 x 500 px; in the first three fixations at known places, the second was
/// skipped.
inline ViewingResults example_viewing_results() {
  ViewingResults results;
  results.session_folder = "/sessions/one";
  results.session_name = "One";
  results.setup.plan.tasks = {{"Look at the picture", 10.0}, {"How old is everybody?", 10.0}};
  results.setup.picture_width_px = 800;
  results.setup.picture_height_px = 500;
  results.setup.picture = {{50.0, 25.0}, {450.0, 275.0}};
  results.setup.screen = {500.0, 300.0, 1920, 1080, 600.0};
  TaskResult first;
  first.position = 0;
  first.text = results.setup.plan.tasks[0].text;
  first.how = ShowingEnd::complete;
  first.shown_s = 10.0;
  const std::vector<Eigen::Vector2d> places_px{{200.0, 125.0}, {600.0, 125.0}, {600.0, 375.0}};
  const std::vector<double> lengths_s{0.25, 1.0, 0.5};
  for (std::size_t i = 0; i < places_px.size(); ++i) {
    PictureFixation fixation;
    fixation.number = static_cast<int>(i) + 1;
    fixation.start_s = static_cast<double>(i) + 0.5;
    fixation.duration_s = lengths_s[i];
    fixation.in_picture_px = places_px[i];
    fixation.in_screen_mm = results.setup.screen_mm(places_px[i]);
    fixation.is_on_picture = true;
    first.fixations.push_back(fixation);
  }
  first.fixation_count = 3;
  first.dwell_s = 1.75;
  first.mean_fixation_s = 1.75 / 3.0;
  first.scanpath_px = 650.0;
  first.scanpath_deg = 30.0;
  first.mean_saccade_deg = 15.0;
  TaskResult second;
  second.task = 1;
  second.position = 1;
  second.text = results.setup.plan.tasks[1].text;
  second.how = ShowingEnd::skipped;
  second.shown_s = 2.0;
  results.tasks = {first, second};
  return results;
}

}  // namespace yarbus::test
