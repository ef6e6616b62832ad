#include "calibration/mapping/calibration_file.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/looking_participant.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::calibration_file_test {
namespace {

using namespace testing_support;
using nlohmann::json;
using testing::HasSubstr;

class CalibrationFile : public testing::Test {
 protected:
  void SetUp() override {
    const Participant who = draw_participant(51);
    saved_.name = "Ann";
    saved_.setup.screen = who.screen;
    saved_.setup.cameras[0] = CalibrationSetup::Camera{"Pupil Cam2 ID0", 400, 400};
    saved_.setup.cameras[1] = CalibrationSetup::Camera{"Pupil Cam2 ID1", 400, 400};
    saved_.options.mapper = "gaussian process";
    saved_.samples = look_at_places(who, 51, nine_places(), 6);
    saved_.samples[3].rays.eyes[1].reset();
    saved_.samples[5].movement = 3;
    saved_.samples[5].rays.eyes[0]->center_covariance_in_cam_mm2 << 0.01, 0.02, 0.03, 0.02, 0.5, 0.06, 0.03,
        0.06, 0.9;
    saved_.validation = look_at_places(who, 52, validation_places(), 4);
    saved_.validation[1].rays.eyes = {};
    saved_.other_frames = look_at_places(who, 53, {{0.5, 0.5}}, 3);
    saved_.record.made_at = "2026-11-26 10:42";
    saved_.record.layout = TargetLayout::pursuit;
    saved_.record.duration_s = 31.5;
    saved_.record.accuracy_deg = 0.61;
    saved_.record.points.push_back(
        {7, {12.5, 80.0}, true, PointVerdict::poor, "few samples", "look longer", 2, 11, 0.42, 0.25, 1.5});
    saved_.record.findings.push_back(
        {"one-eye-lost", "the left eye is lost", "move its camera", {2, 7}, false, true, true});
    auto choice = fit_mappers(saved_.samples, who.screen, saved_.options);
    ASSERT_TRUE(choice);
    choice_ = std::move(*choice);
    ASSERT_TRUE(save_calibration(path(), saved_, choice_));
  }
  std::filesystem::path path() const { return folder_.path() / "calibration.json"; }
  json read() const {
    std::ifstream stream(path());
    return json::parse(stream);
  }
  /// The error after the file was changed.
  std::string error_after(const json& file) const {
    std::ofstream(path()) << file.dump();
    const auto loaded = load_calibration(path());
    return loaded ? "loaded" : loaded.error().message;
  }

  test::TemporaryFolder folder_;
  SavedCalibration saved_;
  MapperChoice choice_;
};

TEST_F(CalibrationFile, ComesBackAsItWas) {
  const auto loaded = load_calibration(path());
  ASSERT_TRUE(loaded) << loaded.error().to_text();
  EXPECT_EQ(loaded->saved.name, "Ann");
  EXPECT_EQ(loaded->saved.samples.size(), saved_.samples.size());
  EXPECT_FALSE(loaded->saved.samples[3].rays.eyes[1]);
  EXPECT_EQ(loaded->saved.samples[4].movement, -1);
  EXPECT_EQ(loaded->saved.samples[5].movement, 3);
  EXPECT_EQ(loaded->saved.samples[5].rays.eyes[0]->center_covariance_in_cam_mm2,
            saved_.samples[5].rays.eyes[0]->center_covariance_in_cam_mm2);
  ASSERT_EQ(loaded->saved.validation.size(), saved_.validation.size());
  EXPECT_FALSE(loaded->saved.validation[1].rays.eyes[0]);
  EXPECT_EQ(loaded->saved.other_frames.size(), 3U);
  const CalibrationRecord& record = loaded->saved.record;
  EXPECT_EQ(record.made_at, "2026-11-26 10:42");
  EXPECT_EQ(record.layout, TargetLayout::pursuit);
  EXPECT_EQ(record.duration_s, 31.5);
  EXPECT_EQ(record.accuracy_deg, 0.61);
  ASSERT_EQ(record.points.size(), 1U);
  EXPECT_EQ(record.points[0].point, 7);
  EXPECT_EQ(record.points[0].position_in_screen_mm, Eigen::Vector2d(12.5, 80.0));
  EXPECT_TRUE(record.points[0].is_validation);
  EXPECT_EQ(record.points[0].verdict, PointVerdict::poor);
  EXPECT_EQ(record.points[0].reason, "few samples");
  EXPECT_EQ(record.points[0].off_deg, 1.5);
  ASSERT_EQ(record.findings.size(), 1U);
  EXPECT_EQ(record.findings[0].name, "one-eye-lost");
  EXPECT_EQ(record.findings[0].points, (std::vector<int>{2, 7}));
  EXPECT_TRUE(record.findings[0].is_resolved);
  EXPECT_EQ(loaded->saved.samples[8].rays.captured_at, saved_.samples[8].rays.captured_at);
  EXPECT_EQ(loaded->choice.mapper().name(), "gaussian process");
  for (const auto& sample : saved_.samples) {
    const auto before = choice_.mapper().map(sample.rays);
    const auto after = loaded->choice.mapper().map(sample.rays);
    EXPECT_EQ(before->point_in_screen_mm, after->point_in_screen_mm);
    EXPECT_EQ(before->covariance_mm2, after->covariance_mm2);
  }
  EXPECT_TRUE(check_setup(loaded->saved.setup, saved_.setup));
}

TEST_F(CalibrationFile, NamesThatAreNoTextAreWrittenAllTheSame) {
  saved_.setup.cameras[0]->name = "cam \xFF";
  ASSERT_TRUE(save_calibration(path(), saved_, choice_));
  const auto loaded = load_calibration(path());
  ASSERT_TRUE(loaded) << loaded.error().to_text();
  EXPECT_THAT(loaded->saved.setup.cameras[0]->name, HasSubstr("cam "));
}

TEST_F(CalibrationFile, RefusesANameWithoutEnd) {
  json file = read();
  file["name"] = std::string(201, 'a');
  EXPECT_THAT(error_after(file), HasSubstr("longer than 200"));
}

TEST_F(CalibrationFile, RefusesWhatIsNoCalibration) {
  EXPECT_THAT(load_calibration(folder_.path() / "none.json").error().message, HasSubstr("does not exist"));
  std::stringstream text;
  text << std::ifstream(path()).rdbuf();
  std::ofstream(path()) << text.str().substr(0, text.str().size() / 2);
  EXPECT_THAT(load_calibration(path()).error().message, HasSubstr("ends too early"));
  EXPECT_THAT(error_after(json{{"format", "yarbus wearer"}}), HasSubstr("no Yarbus calibration"));
  EXPECT_THAT(error_after(json::array()), HasSubstr("no Yarbus calibration"));
}

TEST_F(CalibrationFile, RefusesWhatWasAltered) {
  const json whole = read();
  json file = whole;
  file["version"] = 2;
  EXPECT_THAT(error_after(file), HasSubstr("version"));
  file = whole;
  file["record"]["points"][0]["verdict"] = "splendid";
  EXPECT_THAT(error_after(file), HasSubstr("\"splendid\" is no verdict"));
  file["record"]["points"][0]["verdict"] = "poor";
  file.erase("samples");
  EXPECT_THAT(error_after(file), HasSubstr("has no \"samples\""));
  file = whole;
  file["colour"] = "red";
  EXPECT_THAT(error_after(file), HasSubstr("unknown key \"colour\""));
  file = whole;
  file["samples"][5]["right"]["optical_axis_in_cam"] = {0.0, 1.0};
  EXPECT_THAT(error_after(file), HasSubstr("sample 5, right eye: \"optical_axis_in_cam\" is not 3 numbers"));
  file = whole;
  file["samples"][5]["right"]["optical_axis_in_cam"] = {0.0, 5.0, 0.0};
  EXPECT_THAT(error_after(file), HasSubstr("no unit vector"));
  file = whole;
  for (int i = 0; i < 6; ++i)
    file["samples"][static_cast<std::size_t>(i)]["target_in_screen_mm"] = {90.0, 30.0};
  EXPECT_THAT(error_after(file), HasSubstr("altered"));
  file = whole;
  file["setup"]["cameras"]["left"]["width_px"] = "wide";
  EXPECT_THAT(error_after(file), HasSubstr("the left camera: \"width_px\" is not a whole number"));
  EXPECT_EQ(error_after(whole), "loaded");
}

TEST_F(CalibrationFile, NamesEveryDifferenceOfTheSetup) {
  CalibrationSetup other = saved_.setup;
  other.cameras[0]->name = "HD-6000";
  other.cameras[1]->width_px = 192;
  other.screen.width_mm = 600.0;
  other.screen.viewing_distance_mm = 800.0;
  const auto checked = check_setup(saved_.setup, other);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().message, HasSubstr("right eye's camera is \"HD-6000\""));
  EXPECT_THAT(checked.error().message,
              HasSubstr("left eye's camera is 192x400 px, the calibration's 400x400 px"));
  EXPECT_THAT(checked.error().message, HasSubstr("screen has another size"));
  EXPECT_THAT(checked.error().message, HasSubstr("viewing distance"));
  CalibrationSetup one = saved_.setup;
  one.cameras[1].reset();
  EXPECT_TRUE(check_setup(saved_.setup, one));
  CalibrationSetup right_only = one;
  CalibrationSetup left_only = saved_.setup;
  left_only.cameras[0].reset();
  EXPECT_THAT(check_setup(right_only, left_only).error().message, HasSubstr("other eye"));
}

TEST_F(CalibrationFile, SaysWhereItCannotWrite) {
  EXPECT_EQ(save_calibration(folder_.path() / "no folder" / "x.json", saved_, choice_).error().code,
            ErrorCode::output_unwritable);
}

}  // namespace
}  // namespace yarbus::calibration_file_test
