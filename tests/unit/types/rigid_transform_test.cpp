#include "eyemodel/types/rigid_transform.h"

#include <fstream>

#include <Eigen/LU>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eyemodel/types/camera_intrinsics.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::rigid_transform_test {
namespace {

using testing::HasSubstr;

Result<RigidTransform> read(const std::string& text) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "rig.json") << text;
  return read_right_from_left(folder / "rig.json");
}

TEST(RigidTransform, ReadsARotationAndAShift) {
  const auto transform =
      read(R"({"rotation": [[0, 0, 1], [0, 1, 0], [-1, 0, 0]], "translation_mm": [62, -1, 3.5]})");
  ASSERT_TRUE(transform.has_value()) << transform.error().to_text();
  EXPECT_LT((transform->point({1, 2, 3}) - Eigen::Vector3d(65, 1, 2.5)).norm(), 1e-12);
  EXPECT_LT((transform->direction({1, 0, 0}) - Eigen::Vector3d(0, 0, -1)).norm(), 1e-12);
}

TEST(RigidTransform, SetsRoundedRotationsRight) {
  const auto transform = read(
      R"({"rotation": [[0.9553, 0, 0.2955], [0, 1, 0], [-0.2955, 0, 0.9553]], "translation_mm": [0, 0, 0]})");
  ASSERT_TRUE(transform.has_value()) << transform.error().to_text();
  EXPECT_LT((transform->rotation.transpose() * transform->rotation - Eigen::Matrix3d::Identity()).norm(),
            1e-12);
  EXPECT_NEAR(transform->rotation.determinant(), 1.0, 1e-12);
}

TEST(RigidTransform, SaysWhatIsWrong) {
  const std::string shift = R"(, "translation_mm": [0, 0, 0]})";
  for (const auto& [text, words] : std::vector<std::pair<std::string, const char*>>{
           {"{", "not JSON"},
           {"[1]", "no JSON object"},
           {R"({"translation_mm": [0, 0, 0]})", "no \"rotation\""},
           {R"({"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]})", "no \"translation_mm\""},
           {R"({"rotation": [[1, 0], [0, 1]])" + shift, "three rows of three"},
           {R"({"rotation": [[1, 0, "a"], [0, 1, 0], [0, 0, 1]])" + shift, "three rows of three"},
           {R"({"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "translation_mm": [1, 2]})", "three numbers"},
           {R"({"rotation": [[2, 0, 0], [0, 1, 0], [0, 0, 1]])" + shift, "unit length"},
           {R"({"rotation": [[1, 0.1, 0], [0, 1, 0], [0, 0, 1]])" + shift, "right angles"},
           {R"({"rotation": [[-1, 0, 0], [0, 1, 0], [0, 0, 1]])" + shift, "mirror image"},
           {R"({"rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "shift": 1)" + shift,
            "unknown key \"shift\""}}) {
    const auto transform = read(text);
    ASSERT_FALSE(transform.has_value()) << text;
    EXPECT_THAT(transform.error().to_text(), HasSubstr(words)) << text;
    EXPECT_THAT(transform.error().context, HasSubstr("rig.json")) << text;
  }
  const auto missing = read_right_from_left("none.json");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::input_missing);
}

TEST(CroppedIntrinsics, ProjectWhereTheWholeImageDoes) {
  CameraIntrinsics whole = CameraIntrinsics::from_focal_length(900, 1280, 480);
  whole.distortion = {-0.1, 0.02, 0.001, -0.002, 0.0};
  const ImageRegion region{1000, 40, 280, 400};
  const CameraIntrinsics part = cropped(whole, region);
  EXPECT_TRUE(part.validate().has_value()) << "its principal point is far outside";
  EXPECT_EQ(part.width_px, 280);
  EXPECT_EQ(part.height_px, 400);
  const Eigen::Vector3d point_mm(30, -7, 70);
  EXPECT_LT((part.project(point_mm) + Eigen::Vector2d(1000, 40) - whole.project(point_mm)).norm(), 1e-10);
  CameraIntrinsics not_cropped = part;
  not_cropped.is_crop = false;
  EXPECT_FALSE(not_cropped.validate().has_value());
  CameraIntrinsics broken = part;
  broken.cx_px = std::nan("");
  EXPECT_FALSE(broken.validate().has_value());
}

}  // namespace
}  // namespace yarbus::rigid_transform_test
