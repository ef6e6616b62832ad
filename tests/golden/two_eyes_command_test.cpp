// Runs the real program on two eyes: simulated ones, folders, and one picture with both.

#include <algorithm>
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/synthetic_eye_folder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/track_run.h"

namespace yarbus::two_eyes_command_test {
namespace {

using test::read_file;
using test::read_table;
using test::TemporaryFolder;
using test::track;
using testing::HasSubstr;
using Row = test::TableRow;

std::vector<Row> of_eye(const std::vector<Row>& rows, const std::string& eye) {
  std::vector<Row> out;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(out),
               [&](const Row& row) { return row.at("eye") == eye; });
  return out;
}

/// A camera in front of a face: two cornea-less eyes 60 mm apart that look at one moving target.
struct Face {
  static constexpr int width_px = 960;
  static constexpr int height_px = 360;
  static constexpr double focal_px = 960.0;
  static constexpr double depth_mm = 120.0;

  static cv::Vec3d target_mm(int i) {
    return {150.0 * std::sin(0.21 * i), 110.0 * std::cos(0.13 * i),
            depth_mm - 300.0 - 60.0 * std::sin(0.07 * i)};
  }
  static void write(const std::filesystem::path& folder, int frames) {
    std::filesystem::create_directories(folder);
    const test::DrawnPupil pupil{focal_px, 12.0, 2.5};
    for (int i = 0; i < frames; ++i) {
      cv::Mat image(height_px, width_px, CV_8UC1, cv::Scalar(140));
      for (const double x_mm : {-30.0, 30.0}) {
        const cv::Vec3d eye_mm(x_mm, 0.0, depth_mm);
        const cv::Vec3d way_mm = target_mm(i) - eye_mm;
        pupil.draw(image, eye_mm, way_mm / cv::norm(way_mm));
      }
      cv::GaussianBlur(image, image, {5, 5}, 1.0);
      cv::imwrite(test::image_path(folder, i), image);
    }
  }
};

TEST(TwoEyes, TwoSimulatedEyesGiveRowsOfBoth) {
  const TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    const std::string stem = (folder / name).string();
    const auto outcome = track("sim:easy", stem + ".csv",
                               {"--left", "sim:easy", "--frames", "36", "--stage", "edge", "--overlay",
                                stem + ".mp4", "--plot", stem + ".png"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
    EXPECT_THAT(outcome.standard_output, HasSubstr("right eye"));
    EXPECT_THAT(outcome.standard_output, HasSubstr("left eye"));
    EXPECT_THAT(outcome.standard_output, HasSubstr("72 frames of both eyes with a partner, 0 without"));
    EXPECT_THAT(outcome.standard_output, HasSubstr("none: where the two cameras are is not known"));
  }
  for (const char* extension : {".csv", ".mp4"})
    EXPECT_EQ(read_file(folder / (std::string("a") + extension)),
              read_file(folder / (std::string("b") + extension)));
  EXPECT_GT(std::filesystem::file_size(folder / "a.png"), 10000U);
  const auto rows = read_table(folder / "a.csv");
  ASSERT_EQ(rows.size(), 72U);
  double last_s = 0.0;
  for (const Row& row : rows) {
    EXPECT_GE(std::stod(row.at("t_s")), last_s);
    last_s = std::stod(row.at("t_s"));
    EXPECT_EQ(row.at("pair_frame"), row.at("frame"));
    EXPECT_TRUE(row.at("vergence_x_mm").empty());
    EXPECT_FALSE(row.at("vergence_miss").empty());
  }
  // Each eye alone gives the same rows, but for the columns of both.
  for (const char* eye : {"right", "left"}) {
    const auto csv = folder / (std::string(eye) + ".csv");
    ASSERT_EQ(track("sim:easy", csv, {"--frames", "36", "--stage", "edge", "--eye", eye}).exit_code, 0);
    const auto alone = read_table(csv);
    const auto together = of_eye(rows, eye);
    ASSERT_EQ(alone.size(), together.size());
    for (std::size_t i = 0; i < alone.size(); ++i) {
      EXPECT_EQ(alone[i].count("eye"), 0U);
      for (const auto& [column, value] : alone[i]) EXPECT_EQ(together[i].at(column), value) << column << i;
    }
  }
}

TEST(TwoEyes, AnEyeThatEndsOrBreaksOffDoesNotStopTheOther) {
  const TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "long", 75);
  test::write_synthetic_eye_folder(folder / "short", 10);
  auto outcome = track((folder / "long").string(), folder / "o.csv",
                       {"--left", (folder / "short").string(), "--stage", "edge"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output,
              HasSubstr("the left eye ended after 0.30 s, the right went on to 2.47 s"));
  auto rows = read_table(folder / "o.csv");
  EXPECT_EQ(of_eye(rows, "right").size(), 75U);
  EXPECT_EQ(of_eye(rows, "left").size(), 10U);

  cv::imwrite(test::image_path(folder / "short", 10), cv::Mat(64, 64, CV_8UC1, cv::Scalar(140)));
  outcome = track((folder / "short").string(), folder / "p.csv",
                  {"--left", (folder / "long").string(), "--stage", "edge", "--two-pass", "--overlay",
                   (folder / "p.mp4").string()});
  EXPECT_EQ(outcome.exit_code, 6) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_error, HasSubstr("right eye"));
  EXPECT_THAT(outcome.standard_error, HasSubstr("64x64"));
  EXPECT_THAT(outcome.standard_output, HasSubstr("the right eye broke off after 0.30 s"));
  EXPECT_FALSE(std::filesystem::exists(folder / "p.csv"));
  rows = read_table(folder / "p.partial.csv");
  EXPECT_EQ(of_eye(rows, "right").size(), 10U);
  EXPECT_EQ(of_eye(rows, "left").size(), 75U);
  EXPECT_TRUE(std::filesystem::exists(folder / "p.partial.mp4"));
}

TEST(TwoEyes, TwoCamerasWhoseGeometryIsKnownHaveVergence) {
  // The same eye twice, the left one 60 mm beside: both look in parallel.
  const TemporaryFolder folder;
  test::write_synthetic_eye_folder(folder / "eye", 60);
  std::ofstream(folder / "rig.json")
      << R"({"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "translation_mm": [60, 0, 0]})";
  std::ofstream(folder / "toed.json")
      << R"({"rotation": [[0.99388, 0, 0.11047], [0, 1, 0], [-0.11047, 0, 0.99388]], "translation_mm": [60, 0, 0]})";
  const std::string eye = (folder / "eye").string();
  const std::vector<std::string> options{"--left", eye, "--stage", "edge", "--two-pass", "--right-from-left"};
  auto with = [&](const std::string& file) {
    auto out = options;
    out.push_back((folder / file).string());
    return out;
  };
  auto outcome = track(eye, folder / "o.csv", with("rig.json"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, HasSubstr("vergence    in 0 frames"));
  for (const Row& row : read_table(folder / "o.csv")) EXPECT_EQ(row.at("vergence_miss"), "parallel");
  // Turned by 6.34 degrees about y, the left line (towards -z) leans towards the right eye's: they meet.
  outcome = track(eye, folder / "t.csv", with("toed.json"));
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  int met = 0;
  for (const Row& row : read_table(folder / "t.csv")) {
    EXPECT_NE(row.at("vergence_miss"), "parallel");
    met += row.at("vergence_z_mm").empty() ? 0 : 1;
  }
  EXPECT_GT(met, 100);
  EXPECT_EQ(track(eye, folder / "u.csv", with("none.json")).exit_code, 3);
}

TEST(TwoEyes, OneCameraWithBothEyesSeesWhatTheyLookAt) {
  const TemporaryFolder folder;
  Face::write(folder / "face", 120);
  const auto outcome = track((folder / "face").string(), folder / "o.csv",
                             {"--both", "--focal-px", "960", "--stage", "edge", "--two-pass"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_error;
  const auto rows = read_table(folder / "o.csv");
  ASSERT_EQ(rows.size(), 240U);
  std::vector<double> off_deg;
  std::vector<double> off_share;
  for (const Row& row : rows) {
    if (row.at("vergence_x_mm").empty()) continue;
    const cv::Vec3d found(std::stod(row.at("vergence_x_mm")), std::stod(row.at("vergence_y_mm")),
                          std::stod(row.at("vergence_z_mm")));
    const cv::Vec3d middle(0, 0, Face::depth_mm);
    const cv::Vec3d truth = Face::target_mm(std::stoi(row.at("frame")));
    const double cosine =
        (found - middle).dot(truth - middle) / cv::norm(found - middle) / cv::norm(truth - middle);
    off_deg.push_back(std::acos(std::min(1.0, cosine)) * 180.0 / CV_PI);
    off_share.push_back(std::abs(cv::norm(found - middle) / cv::norm(truth - middle) - 1.0));
  }
  ASSERT_GT(off_deg.size(), 200U);
  std::sort(off_deg.begin(), off_deg.end());
  std::sort(off_share.begin(), off_share.end());
  EXPECT_LT(off_deg[off_deg.size() / 2], 1.0) << "direction of the point from between the eyes";
  EXPECT_LT(off_share[off_share.size() / 2], 0.15) << "its distance";
  // Smaller regions see the same: the principal point moves with the crop.
  ASSERT_EQ(track((folder / "face").string(), folder / "r.csv",
                  {"--both", "--focal-px", "960", "--stage", "edge", "--two-pass", "--right-region",
                   "60,20,360,320", "--left-region", "560,30,340,310"})
                .exit_code,
            0);
  const auto cropped = read_table(folder / "r.csv");
  ASSERT_EQ(cropped.size(), rows.size());
  double largest_mm = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].at("eye_x_mm").empty() || cropped[i].at("eye_x_mm").empty()) continue;
    largest_mm = std::max(largest_mm,
                          std::abs(std::stod(rows[i].at("eye_x_mm")) - std::stod(cropped[i].at("eye_x_mm"))));
  }
  EXPECT_LT(largest_mm, 0.5);
}

TEST(TwoEyes, CombinationsThatMeanNothingAreRefused) {
  const TemporaryFolder folder;
  test::write_plain_folder(folder / "a", 2);
  const std::string a = (folder / "a").string();
  for (const auto& [options, words] : std::vector<std::pair<std::vector<std::string>, const char*>>{
           {{"--left", a, "--both"}, "--both"},
           {{"--left", a, "--eye", "left"}, "--eye"},
           {{"--left", a, "--stages", "s.png"}, "--stages"},
           {{"--left", a, "--right-region", "0,0,40,40", "--left-region", "50,0,40,40"}, "needs --both"},
           {{"--right-from-left", "rig.json"}, "needs --left"},
           {{"--both", "--right-from-left", "rig.json"}, "one camera sees both"},
           {{"--both", "--left-region", "0,0,40,40"}, "other eye's region"},
           {{"--both", "--right-region", "0,0,40", "--left-region", "0,0,40,40"}, "four whole numbers"},
           {{"--both", "--right-region", "0,0,40,40", "--left-region", "300,0,40,40"},
            "reaches past the image"},
           {{"--left", a, "--left-camera", "c.json", "--left-focal-px", "600"}, "exclude each other"},
           {{"--left", "sim:"}, "name a scenario"}}) {
    const auto outcome = track(a, folder / "o.csv", options);
    EXPECT_EQ(outcome.exit_code, 2) << words << outcome.standard_error;
    EXPECT_THAT(outcome.standard_error, HasSubstr(words));
    EXPECT_FALSE(std::filesystem::exists(folder / "o.csv"));
  }
  EXPECT_EQ(track("sim:easy", folder / "o.csv", {"--both"}).exit_code, 2);
  EXPECT_EQ(track(a, folder / "o.csv", {"--left", (folder / "none").string()}).exit_code, 3);
  EXPECT_EQ(track(a, folder / "a.csv", {"--left", a, "--overlay", (folder / "a.csv").string()}).exit_code, 2);
}

}  // namespace
}  // namespace yarbus::two_eyes_command_test
