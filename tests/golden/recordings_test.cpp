// The real program with the default stage on real recordings, which know no truth: what can be asked is that
// blinks are found, that the model explains what is seen, that a gaze is there, and that it keeps still when
// the eye does. Each bound is about 1.5 times what was measured when it was set, and says what it protects
// from.

#include "tests/support/recordings.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/gaze_steadiness.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"

namespace yarbus::recordings_test {
namespace {

using test::numbers_of;
using test::quantile;
using test::read_table;
using test::TableRow;
using test::TemporaryFolder;
using test::track;
using testing::HasSubstr;

/// A pupil that stays this near counts as still.
constexpr double still_px = 2.0;

std::vector<TableRow> outside_blinks(const std::vector<TableRow>& rows) {
  std::vector<TableRow> open;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(open),
               [](const TableRow& row) { return row.at("blink_id").empty(); });
  return open;
}

double share_with(const std::vector<TableRow>& rows, const char* column) {
  const auto with =
      std::count_if(rows.begin(), rows.end(), [&](const TableRow& row) { return !row.at(column).empty(); });
  return static_cast<double>(with) / static_cast<double>(rows.size());
}

std::size_t blinks_in(const std::vector<TableRow>& rows) {
  std::set<std::string> blinks;
  for (const TableRow& row : rows) {
    if (!row.at("blink_id").empty()) blinks.insert(row.at("blink_id"));
  }
  return blinks.size();
}

/// Unit vectors out of the eye, towards the camera.
void expect_directions(const std::vector<TableRow>& rows) {
  for (const TableRow& row : rows) {
    if (row.at("gaze_x").empty()) continue;
    const double x = std::stod(row.at("gaze_x"));
    const double y = std::stod(row.at("gaze_y"));
    const double z = std::stod(row.at("gaze_z"));
    EXPECT_NEAR(x * x + y * y + z * z, 1.0, 1e-5);
    EXPECT_LT(z, 0.0) << "frame " << row.at("frame");
  }
}

TEST(Recordings, TheRefractionStageExplainsTheGogglesAndItsGazeIsSteady) {
  const auto video = test::recording("goggles_320x240/demo.mp4");
  YARBUS_REQUIRE_RECORDING(video);
  const TemporaryFolder folder;
  const auto outcome = track(video, folder / "o.csv", {"--two-pass"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("refraction fit"));
  const auto rows = read_table(folder / "o.csv");
  ASSERT_EQ(rows.size(), 1112U);
  expect_directions(rows);
  // Measured 0.17 px and 0.67 px: from a place, an anatomy or a path of the headset that the outlines
  // contradict, and from outlines that no pupil has.
  const auto errors_px = numbers_of(rows, "reprojection_error_px");
  EXPECT_LT(quantile(errors_px, 0.5), 0.26);
  EXPECT_LT(quantile(errors_px, 0.95), 1.0);
  // Measured 0.993: from a gaze lost while the pupil is there, half closed lids and large saccades included.
  EXPECT_GT(share_with(outside_blinks(rows), "gaze_x"), 0.985);
  // Measured 0.10 degrees in 2.0 s: from a gaze that flips between an ellipse's two circles, and from a path
  // of the headset that takes up the outlines' noise.
  const auto still = test::longest_still_stretch(rows, still_px);
  EXPECT_GT(still.size(), 35U);
  EXPECT_LT(test::gaze_dispersion_deg(still), 0.15);
  // The eye makes saccades of some 40 degrees here (0.66 of the unit vector): from a model that keeps still
  // by turning too little.
  const auto gaze_x = numbers_of(rows, "gaze_x");
  EXPECT_GT(quantile(gaze_x, 0.99) - quantile(gaze_x, 0.01), 0.45);
}

TEST(Recordings, TheRefractionStageExplainsTheHeadsetThroughThreeBlinks) {
  const auto video = test::recording("headset_blinks_640x480/short_human_3blink.mp4");
  YARBUS_REQUIRE_RECORDING(video);
  const TemporaryFolder folder;
  const auto outcome = track(video, folder / "o.csv", {"--two-pass"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("refraction fit"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("assumed"));
  const auto rows = read_table(folder / "o.csv");
  ASSERT_EQ(rows.size(), 284U);
  expect_directions(rows);
  EXPECT_EQ(blinks_in(rows), 3U);
  // Measured 0.27 px and 0.6 px: as above; lashes and lids at a blink's edge make the 95 %. (0.12 px if the
  // headset may slip at every saccade: what is left is that the pupil is not quite round.)
  const auto errors_px = numbers_of(rows, "reprojection_error_px");
  EXPECT_LT(quantile(errors_px, 0.5), 0.40);
  EXPECT_LT(quantile(errors_px, 0.95), 0.8);
  // Measured 1.0, both: from a pupil or a gaze lost between the blinks.
  EXPECT_GT(share_with(outside_blinks(rows), "ellipse_cx_px"), 0.98);
  EXPECT_GT(share_with(outside_blinks(rows), "gaze_x"), 0.98);
  // Measured 0.26 degrees in 23 frames: as above. The eye drifts in this recording: the two pixels that count
  // as still are half a degree at its distance.
  const auto still = test::longest_still_stretch(rows, still_px);
  EXPECT_GE(still.size(), 15U);
  EXPECT_LT(test::gaze_dispersion_deg(still), 0.39);
  // The whole eye is in view. Its iris, 195 px wide, says with the assumed focal length (640 px) that it is
  // 38 mm away, the eye's centre behind it, and that the pupil is 3 to 4 mm wide: from a fit that makes the
  // eye smaller than any to explain a pupil that is not quite round.
  EXPECT_NEAR(quantile(numbers_of(rows, "eye_z_mm"), 0.5), 43.0, 6.0);
  // Measured 0.1 mm: from a headset that is said to slip where an eye with a pupil not quite round looks aside.
  const auto across_mm = numbers_of(rows, "eye_x_mm");
  EXPECT_LT(quantile(across_mm, 1.0) - quantile(across_mm, 0.0), 0.5);
  const auto diameters_mm = numbers_of(rows, "pupil_diameter_mm");
  EXPECT_GT(quantile(diameters_mm, 0.5), 2.7);
  EXPECT_LT(quantile(diameters_mm, 0.5), 4.0);
}

TEST(Recordings, ADeskHasNoPupil) {
  for (const char* name : {"no_eye/a.mp4", "no_eye/b.mp4"}) {
    const auto video = test::recording(name);
    YARBUS_REQUIRE_RECORDING(video);
    const TemporaryFolder folder;
    const auto outcome = track(video, folder / "o.csv");
    // The first recording is itself cut short: its frames are kept under a partial name.
    ASSERT_TRUE(outcome.exit_code == 0 || outcome.exit_code == 6) << outcome.standard_error;
    const auto rows = read_table(folder / (outcome.exit_code == 0 ? "o.csv" : "o.partial.csv"));
    ASSERT_GE(rows.size(), 30U);
    const auto found = std::count_if(rows.begin(), rows.end(),
                                     [](const auto& row) { return !row.at("ellipse_cx_px").empty(); });
    EXPECT_LE(static_cast<double>(found), 0.02 * static_cast<double>(rows.size())) << name;
  }
}

TableRow row_of(double cx_px, double angle_rad, const char* blink = "") {
  return {{"ellipse_cx_px", std::to_string(cx_px)},
          {"ellipse_cy_px", "50"},
          {"blink_id", blink},
          {"gaze_x", std::to_string(std::sin(angle_rad))},
          {"gaze_y", "0"},
          {"gaze_z", std::to_string(-std::cos(angle_rad))}};
}

TEST(GazeSteadiness, AStretchEndsWhereThePupilGoesOrBlinksAndAFlipIsSeen) {
  std::vector<TableRow> rows;
  for (int i = 0; i < 10; ++i) rows.push_back(row_of(100.0 + 0.1 * i, 0.0));
  for (int i = 0; i < 3; ++i) rows.push_back(row_of(100.0, 0.0, "0"));
  for (int i = 0; i < 8; ++i) rows.push_back(row_of(100.0, 0.0));
  for (int i = 0; i < 12; ++i) rows.push_back(row_of(110.0 + 1.5 * i, 0.0));
  EXPECT_EQ(test::longest_still_stretch(rows, 2.0).size(), 10U);
  EXPECT_NEAR(test::gaze_dispersion_deg(test::longest_still_stretch(rows, 2.0)), 0.0, 1e-6);
  rows[4] = row_of(100.0, 0.1);
  EXPECT_GT(test::gaze_dispersion_deg(test::longest_still_stretch(rows, 2.0)), 1.0);
}

}  // namespace
}  // namespace yarbus::recordings_test
