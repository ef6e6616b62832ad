// Calibrations from a webcam as they are kept.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "calibration/mapping/calibration_file.h"
#include "calibration/mapping/webcam/tangent_distance.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/webcam_subject.h"

namespace yarbus::webcam_file_test {
namespace {

using namespace testing_support;
using nlohmann::json;
using testing::HasSubstr;

class WebcamFile : public testing::Test {
 protected:
  void SetUp() override {
    WebcamSubject subject(21, {});
    saved_.name = "Ann";
    saved_.setup.screen = subject.screen();
    saved_.setup.cameras[0] = saved_.setup.cameras[1] = CalibrationSetup::Camera{"Integrated", 1280, 720};
    auto places = thirteen_targets();
    places.resize(5);
    saved_.samples = look_with_webcam(subject, places, 6);
    auto one_eyed = std::make_shared<FaceSight>(*saved_.samples[3].rays.face);
    one_eyed->eyes[1].reset();
    saved_.samples[3].rays.face = one_eyed;
    saved_.validation = look_with_webcam(subject, {{0.3, 0.3}}, 3, 50);
    saved_.other_frames = saved_.validation;
    auto choice = fit_mappers(saved_.samples, subject.screen());
    ASSERT_TRUE(choice) << choice.error().to_text();
    choice_ = std::move(*choice);
    ASSERT_TRUE(save_calibration(path(), saved_, choice_));
  }
  std::filesystem::path path() const { return folder_.path() / "calibration.json"; }
  json read() const {
    std::ifstream stream(path());
    return json::parse(stream);
  }
  std::string error_after(const json& file) const {
    std::ofstream(path()) << file.dump();
    const auto loaded = load_calibration(path());
    return loaded ? "loaded" : loaded.error().message;
  }

  test::TemporaryFolder folder_;
  SavedCalibration saved_;
  MapperChoice choice_;
};

TEST_F(WebcamFile, ComesBackAsItWas) {
  const auto loaded = load_calibration(path());
  ASSERT_TRUE(loaded) << loaded.error().to_text();
  ASSERT_EQ(loaded->saved.samples.size(), saved_.samples.size());
  for (std::size_t i = 0; i < saved_.samples.size(); ++i) {
    const FaceSight& before = *saved_.samples[i].rays.face;
    const FaceSight& after = *loaded->saved.samples[i].rays.face;
    EXPECT_EQ(before.head.cam_from_head.rotation, after.head.cam_from_head.rotation);
    EXPECT_EQ(before.head.cam_from_head.translation_mm, after.head.cam_from_head.translation_mm);
    EXPECT_TRUE(before.head.covariance.isApprox(after.head.covariance, 1e-12));
    for (std::size_t eye = 0; eye < 2; ++eye) {
      ASSERT_EQ(before.eyes[eye].has_value(), after.eyes[eye].has_value());
      if (!before.eyes[eye]) continue;
      EXPECT_EQ(before.eyes[eye]->patch, after.eyes[eye]->patch);
      EXPECT_EQ(before.eyes[eye]->iris_dir_in_cam, after.eyes[eye]->iris_dir_in_cam);
      EXPECT_EQ(before.eyes[eye]->iris_covariance_rad2, after.eyes[eye]->iris_covariance_rad2);
      EXPECT_EQ(before.eyes[eye]->lower_lid_mm, after.eyes[eye]->lower_lid_mm);
    }
  }
  EXPECT_TRUE(loaded->saved.validation[2].rays.face);
  EXPECT_FALSE(loaded->saved.other_frames[2].rays.face);  // nothing uses them
  ASSERT_TRUE(loaded->choice.webcam);
  EXPECT_FALSE(loaded->choice.parameters().empty());
  const auto before = choice_.mapper().map(saved_.validation[0].rays);
  const auto after = loaded->choice.mapper().map(saved_.validation[0].rays);
  EXPECT_LT((before->point_in_screen_mm - after->point_in_screen_mm).norm(), 1e-3);
}

TEST_F(WebcamFile, TheHeadPassComesBackAsATargetOfItsOwn) {
  WebcamSubject subject(23, {});
  auto places = thirteen_targets();
  places.resize(5);
  saved_.samples = look_with_webcam(subject, places, 12);
  subject.look_at(77, 0.5 * Eigen::Vector2d(subject.screen().width_mm, subject.screen().height_mm), 120,
                  saved_.samples, true);
  PointView grid;
  grid.verdict = PointVerdict::good;
  PointView pass;
  pass.point = 1;
  pass.is_head_pass = true;
  pass.verdict = PointVerdict::poor;
  pass.reason = "the head hardly turned";
  pass.samples = 120;
  saved_.record.points = {grid, pass};
  const auto choice = fit_mappers(saved_.samples, subject.screen());
  ASSERT_TRUE(choice) << choice.error().to_text();
  ASSERT_TRUE(save_calibration(path(), saved_, *choice));
  const json file = read();
  EXPECT_FALSE(file["record"]["points"][0].contains("is_head_pass"));  // as files without one
  const auto loaded = load_calibration(path());
  ASSERT_TRUE(loaded) << loaded.error().to_text();
  EXPECT_FALSE(loaded->saved.record.points[0].is_head_pass);
  EXPECT_TRUE(loaded->saved.record.points[1].is_head_pass);
  EXPECT_EQ(loaded->saved.record.points[1].reason, pass.reason);
  const auto of_pass = std::count_if(loaded->saved.samples.begin(), loaded->saved.samples.end(),
                                     [](const CalibrationSample& sample) { return sample.target == 77; });
  EXPECT_EQ(of_pass, 40);
  json broken = file;
  broken["record"]["points"][1]["is_head_pass"] = "yes";
  EXPECT_THAT(error_after(broken), HasSubstr("not true or false"));
}

TEST_F(WebcamFile, KeepsNoMoreThanIsUsed) {
  WebcamSubject subject(22, {});
  saved_.samples = look_with_webcam(subject, thirteen_targets(), 30);
  auto choice = fit_mappers(saved_.samples, subject.screen());
  ASSERT_TRUE(choice);
  ASSERT_TRUE(save_calibration(path(), saved_, *choice));
  const auto bytes = std::filesystem::file_size(path());
  RecordProperty("bytes_of_13_by_30", static_cast<int>(bytes));
  EXPECT_LT(bytes, 3'000'000U);
  saved_.samples = look_with_webcam(subject, five_targets(), 100);
  choice = fit_mappers(saved_.samples, subject.screen());
  ASSERT_TRUE(save_calibration(path(), saved_, *choice));
  const auto loaded = load_calibration(path());
  ASSERT_TRUE(loaded) << loaded.error().to_text();
  EXPECT_EQ(loaded->saved.samples.size(), 200U);
}

TEST_F(WebcamFile, RefusesHostileFaces) {
  const json whole = read();
  const auto with = [&](const char* part, const char* key, const json& value) {
    json file = whole;
    json& face = file["samples"][4]["face"];
    (std::string(part).empty() ? face : face[part])[key] = value;
    return error_after(file);
  };
  EXPECT_EQ(error_after(whole), "loaded");
  EXPECT_THAT(with("right", "patch", "AAAA"), HasSubstr("sample 4, face, right eye: \"patch\" has not 720"));
  EXPECT_THAT(with("right", "patch", std::string(720, '*')), HasSubstr("not base64"));
  EXPECT_THAT(with("right", "patch", 7), HasSubstr("not a text"));
  EXPECT_THAT(with("right", "iris_dir_in_cam", {0.0, 0.0, 7.0}), HasSubstr("direction"));
  EXPECT_THAT(with("left", "iris_covariance_rad2", {-1.0, 0.0, 1.0}), HasSubstr("left iris"));
  EXPECT_THAT(with("", "cam_from_head_rotation", {1, 0, 0, 0, 1, 0, 0, 0, -1}), HasSubstr("sample 4, face"));
  EXPECT_THAT(with("", "head_covariance", {1.0}), HasSubstr("not 21 numbers"));
  EXPECT_THAT(with("", "colour", "red"), HasSubstr("unknown key \"colour\""));
  EXPECT_THAT(with("", "features", 0.5), HasSubstr("whole number"));
  EXPECT_NE(with("", "cam_from_head_translation_mm", {1e300, 0.0, 1e300}), "loaded");
  json file = whole;
  file["samples"][4]["face"] = 3;
  EXPECT_THAT(error_after(file), HasSubstr("sample 4, face"));
  file = whole;
  file["samples"][4]["face"]["right"]["iris_dir_in_cam"] = {0.6, 0.0, 0.8};
  EXPECT_NE(error_after(file), "loaded");  // other figures
}

TEST(TangentDistance, IsBlindToSmallChangesAlone) {
  const auto eye_at = [](double x_px, double bright, double contrast, double gaze_px) {
    EyePatch patch;
    for (int y = 0; y < eye_patch_height; ++y) {
      for (int x = 0; x < eye_patch_width; ++x) {
        const double dx = x - 14.5 - x_px;
        const double dy = y - 8.5;
        const double white = 60.0 / (1.0 + std::exp(0.8 * (dx * dx / 12.0 + dy * dy / 2.5 - 9.0)));
        const double iris = 100.0 / (1.0 + std::exp(1.5 * (std::hypot(dx - gaze_px, dy) - 4.5)));
        patch[static_cast<std::size_t>(y * eye_patch_width + x)] =
            static_cast<std::uint8_t>(std::clamp(110.0 + bright + contrast * (white - iris), 0.0, 255.0));
      }
    }
    return smooth_patch(patch);
  };
  const TangentPatch patch = eye_at(0.0, 0.0, 1.0, 0.0);
  const FeatureTangentPlane plane(patch);
  EXPECT_LT(plane.squared_distance(patch), 1.0F);
  for (const TangentPatch& other :
       {eye_at(0.7, 0.0, 1.0, 0.0), eye_at(0.0, 15.0, 1.0, 0.0), eye_at(0.0, 0.0, 1.2, 0.0)})
    EXPECT_LT(plane.squared_distance(other), 0.1F * (other - patch).squaredNorm());
  const TangentPatch looks_aside = eye_at(0.0, 0.0, 1.0, 3.0);
  EXPECT_GT(plane.squared_distance(looks_aside), 0.3F * (looks_aside - patch).squaredNorm());
  const FeatureTangentPlane flat(TangentPatch::Constant(128.0F));
  EXPECT_TRUE(std::isfinite(flat.squared_distance(patch)));
}

}  // namespace
}  // namespace yarbus::webcam_file_test
