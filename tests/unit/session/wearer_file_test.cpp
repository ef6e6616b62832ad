#include "app/session/wearer_file.h"

#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/temporary_folder.h"

namespace yarbus::wearer_file_test {
namespace {

using nlohmann::json;
using test::TemporaryFolder;
using testing::HasSubstr;

EyeModel settled_model() {
  EyeModel model;
  model.stage = FitStage::refraction;
  model.intrinsics = CameraIntrinsics::from_focal_length(620.0, 640, 480);
  model.eye_center_in_cam_mm = {1.0 / 3.0, -2.25, 38.125};
  model.anatomy = OpticalAnatomy::from({10.125, 5.0 / 0.9, 7.7, 5.9});
  // Some full covariance: A A^T is positive definite.
  ModelCovariance factor = ModelCovariance::Identity() * 0.2;
  for (int i = 0; i < 7; ++i) {
    for (int j = 0; j < i; ++j) factor(i, j) = 0.01 * (i - 2 * j) / 3.0;
  }
  model.covariance_mm2 = factor * factor.transpose();
  return model;
}

json read(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return json::parse(stream);
}

class WearerFile : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(save_wearer(path, EyeSide::left, settled_model())); }
  /// What is said of the saved file after a change to it.
  std::string complaint(const std::function<void(json&)>& change) {
    json file = read(path);
    change(file);
    std::ofstream(folder / "changed.json") << file;
    const auto wearer = load_wearer(folder / "changed.json");
    if (wearer) return "no complaint";
    EXPECT_EQ(wearer.error().code, ErrorCode::input_unreadable);
    EXPECT_EQ(wearer.error().context, (folder / "changed.json").string());
    EXPECT_FALSE(wearer.error().remedy.empty());
    return wearer.error().message;
  }
  TemporaryFolder folder;
  std::filesystem::path path = folder / "anna.json";
};

TEST_F(WearerFile, ComesBackAsItWas) {
  const EyeModel model = settled_model();
  const auto wearer = load_wearer(path);
  ASSERT_TRUE(wearer) << wearer.error().to_text();
  EXPECT_EQ(wearer->eye, EyeSide::left);
  const EyeModel& back = wearer->model;
  EXPECT_EQ(back.stage, FitStage::refraction);
  EXPECT_EQ(back.eye_center_in_cam_mm, model.eye_center_in_cam_mm) << "to the last bit";
  EXPECT_EQ(back.anatomy.vector(), model.anatomy.vector());
  EXPECT_EQ(back.eyeball_radius_mm, model.anatomy.pupil_plane_mm);
  EXPECT_EQ(back.covariance_mm2, model.covariance_mm2);
  EXPECT_EQ(back.intrinsics.camera_matrix(), model.intrinsics.camera_matrix());
  EXPECT_EQ(back.intrinsics.width_px, 640);
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
  EXPECT_EQ(complaint([](json&) {}), "no complaint");
}

TEST_F(WearerFile, TheLastPlaceIsKept) {
  EyeModel model = settled_model();
  model.placements = {{CaptureTime{0}, {0.0, 0.0, 30.0}}, {CaptureTime{9}, {1.0, 2.0, 31.0}}};
  ASSERT_TRUE(save_wearer(path, EyeSide::right, model));
  EXPECT_EQ(load_wearer(path)->model.eye_center_in_cam_mm, Eigen::Vector3d(1.0, 2.0, 31.0));
}

TEST_F(WearerFile, WhatCannotBeSavedIsSaid) {
  EyeModel model = settled_model();
  model.stage = FitStage::edge;
  auto saved = save_wearer(folder / "no.json", EyeSide::right, model);
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().message, HasSubstr("stage edge"));
  model = settled_model();
  model.covariance_mm2.setZero();
  EXPECT_FALSE(save_wearer(folder / "no.json", EyeSide::right, model));
  EXPECT_FALSE(std::filesystem::exists(folder / "no.json"));
  saved = save_wearer(folder / "none/no.json", EyeSide::right, settled_model());
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::output_unwritable);
}

TEST_F(WearerFile, RefusesWhatIsNoSuchFile) {
  EXPECT_EQ(load_wearer(folder / "none.json").error().code, ErrorCode::input_missing);
  EXPECT_EQ(load_wearer(folder.path()).error().code, ErrorCode::input_unreadable);
  std::ofstream(folder / "broken.json") << "{";
  EXPECT_THAT(load_wearer(folder / "broken.json").error().message, HasSubstr("not JSON"));
  std::ofstream(folder / "list.json") << "[1, 2]";
  EXPECT_THAT(load_wearer(folder / "list.json").error().message, HasSubstr("no saved eye"));
  EXPECT_THAT(complaint([](json& f) { f.erase("format"); }), HasSubstr("no saved eye"));
  EXPECT_THAT(complaint([](json& f) { f["version"] = 2; }), HasSubstr("version is 2"));
  EXPECT_THAT(complaint([](json& f) { f.erase("version"); }), HasSubstr("version is absent"));
}

TEST_F(WearerFile, NamesTheKeyThatIsWrong) {
  EXPECT_THAT(complaint([](json& f) { f["colour"] = "blue"; }), HasSubstr("unknown key \"colour\""));
  EXPECT_THAT(complaint([](json& f) { f["anatomy"]["lens_mm"] = 3; }), HasSubstr("unknown key \"lens_mm\""));
  EXPECT_THAT(complaint([](json& f) { f["camera"].erase("focal_length_y_px"); }),
              HasSubstr("has no \"focal_length_y_px\""));
  EXPECT_THAT(complaint([](json& f) { f.erase("place"); }), HasSubstr("has no \"place\""));
  EXPECT_THAT(complaint([](json& f) { f["eye"] = "third"; }), HasSubstr("known are \"right\" and \"left\""));
  EXPECT_THAT(complaint([](json& f) { f["camera"]["image_width_px"] = 640.5; }), HasSubstr("whole number"));
  EXPECT_THAT(complaint([](json& f) { f["camera"]["focal_length_x_px"] = -3; }), HasSubstr("no camera"));
  EXPECT_THAT(complaint([](json& f) { f["camera"] = 3; }), HasSubstr("\"camera\" is not of the form"));
  EXPECT_THAT(complaint([](json& f) { f["anatomy"]["cornea_radius_mm"] = 78; }),
              HasSubstr("an eye has 6.0 to 10.0"));
  EXPECT_THAT(complaint([](json& f) { f["place"]["eye_center_in_cam_mm"][2] = -30.0; }),
              HasSubstr("behind the camera"));
  EXPECT_THAT(complaint([](json& f) {
                f["place"]["eye_center_in_cam_mm"] = {1.0, 2.0};
              }),
              HasSubstr("3 finite numbers"));
}

TEST_F(WearerFile, RefusesWhatIsNotFinite) {
  // JSON has no NaN: it is written as null.
  EXPECT_THAT(complaint([](json& f) { f["anatomy"]["pupil_plane_mm"] = std::nan(""); }),
              HasSubstr("finite number"));
  EXPECT_THAT(complaint([](json& f) { f["anatomy"]["pupil_plane_mm"] = "10"; }), HasSubstr("finite number"));
  EXPECT_THAT(complaint([](json& f) { f["anatomy"]["covariance_mm2"][1][1] = std::nan(""); }),
              HasSubstr("4 by 4 finite numbers"));
  EXPECT_THAT(complaint([](json& f) { f["place"]["covariance_with_anatomy_mm2"].erase(6); }),
              HasSubstr("7 by 7 finite numbers"));
  EXPECT_THAT(complaint([](json& f) { f["place"]["eye_center_in_cam_mm"][0] = nullptr; }),
              HasSubstr("finite numbers"));
}

TEST_F(WearerFile, RefusesWhatIsNoCovariance) {
  const auto at = [](json& f, int i, int j) -> json& {
    return f["place"]["covariance_with_anatomy_mm2"][i][j];
  };
  EXPECT_THAT(complaint([&](json& f) { at(f, 0, 0) = -0.04; }), HasSubstr("positive definite"));
  EXPECT_THAT(complaint([&](json& f) { at(f, 0, 1) = at(f, 0, 1).get<double>() + 0.02; }),
              HasSubstr("symmetric"));
  EXPECT_THAT(complaint([&](json& f) { at(f, 0, 0) = 0.0; }), HasSubstr("positive definite"));
  EXPECT_THAT(complaint([](json& f) { f["anatomy"]["covariance_mm2"][0][0] = 0.5; }),
              HasSubstr("last four rows and columns"));
}

TEST_F(WearerFile, APlaceOfAnotherCameraOrEyeIsNotUsed) {
  const Wearer wearer = *load_wearer(path);
  const auto use = [&](EyeSide eye, const CameraIntrinsics& camera) {
    return use_of_wearer(wearer, eye, camera);
  };
  auto camera = CameraIntrinsics::from_focal_length(620.5, 640, 480);
  camera.distortion = {0.1, 0.0, 0.0, 0.0, 0.0};
  EXPECT_TRUE(use(EyeSide::left, camera).known.uses_place);
  EXPECT_EQ(use(EyeSide::left, camera).caveat, "");
  ASSERT_NE(use(EyeSide::left, camera).known.model, nullptr);
  EXPECT_EQ(use(EyeSide::left, camera).known.model->anatomy.vector(), settled_model().anatomy.vector());
  const auto other = use(EyeSide::left, CameraIntrinsics::from_focal_length(700.0, 640, 480));
  EXPECT_FALSE(other.known.uses_place);
  EXPECT_EQ(other.caveat,
            "saved with another camera (640x480 px, focal length 620 px): the eye's place is not used, its "
            "anatomy is");
  EXPECT_FALSE(use(EyeSide::left, CameraIntrinsics::from_focal_length(620.0, 320, 240)).known.uses_place);
  EXPECT_THAT(use(EyeSide::right, camera).caveat, HasSubstr("saved for the left eye"));
  EXPECT_FALSE(use(EyeSide::right, camera).known.uses_place);
}

}  // namespace
}  // namespace yarbus::wearer_file_test
