// Camera calibration in the real session, as a page of the window drives it. Also run under ThreadSanitizer.

#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "app/session/session.h"
#include "calibration/camera/camera_file.h"
#include "tests/support/eventually.h"
#include "tests/support/rendered_board.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::camera_calibration_test {
namespace {

using testing::HasSubstr;

using test::eventually;

/// A folder of pictures of a chessboard, half as large as the test camera's.
class CameraCalibration : public testing::Test {
 protected:
  static constexpr int pictures = 12;
  static CameraIntrinsics truth() { return scaled_to(test::standard_test_camera(), 320, 240).value(); }
  static void SetUpTestSuite() {
    folder_ = new test::TemporaryFolder;
    std::filesystem::create_directories(*folder_ / "boards");
    const test::BoardRenderer renderer(CalibrationBoard{}, truth());
    int number = 100;
    for (const auto& pose : test::careful_poses(CalibrationBoard{}, truth(), pictures, 35.0, 4)) {
      const GrayImage image = renderer.render(pose, {0.5, 2.0, static_cast<std::uint64_t>(number)});
      const cv::Mat pixels(image.height_px(), image.width_px(), CV_8UC1,
                           const_cast<std::uint8_t*>(image.data()));
      cv::imwrite((*folder_ / "boards" / (std::to_string(number++) + ".png")).string(), pixels);
    }
  }
  static void TearDownTestSuite() { delete folder_; }

  CameraCalibrationControl& desk() { return session_->camera_calibration(); }
  CameraCalibrationSnapshot now() { return desk().snapshot(); }
  bool has_notice(const std::string& words) {
    for (const Notice& notice : session_->notices(0)) {
      if (notice.text.find(words) != std::string::npos) return true;
    }
    return false;
  }
  void open(const SourceRequest& request) {
    session_->open_source(EyeSide::right, request);
    session_->pause(EyeSide::right);
    ASSERT_TRUE(
        eventually([&] { return session_->snapshot(EyeSide::right).source.state == PlaybackState::paused; }));
  }
  static SourceRequest boards() {
    SourceRequest request;
    request.location = (*folder_ / "boards").string();
    return request;
  }
  /// Steps to each picture and takes it.
  void take_all() {
    for (int i = 0; i < pictures; ++i) {
      const auto searched = now().frames_searched;
      if (i > 0 || searched == 0) session_->step(EyeSide::right, 1);
      ASSERT_TRUE(eventually([&] { return now().frames_searched > searched; })) << i;
      desk().take_view();
      ASSERT_TRUE(eventually([&] { return now().views.size() == static_cast<std::size_t>(i + 1); }))
          << i << ": " << now().board_text;
    }
  }

  static test::TemporaryFolder* folder_;
  test::TemporaryFolder library_;
  std::unique_ptr<Session> session_ = make_session({library_.path().string(), {}});
};
test::TemporaryFolder* CameraCalibration::folder_ = nullptr;

TEST_F(CameraCalibration, FromFramesToACameraThatIsUsedAtOnce) {
  CameraCalibrationSetup setup;
  setup.takes_views_by_itself = false;
  desk().start(EyeSide::right, setup);
  SourceRequest request = boards();
  request.rotate_deg = 90;
  open(request);
  EXPECT_EQ(session_->snapshot(EyeSide::right).source.intrinsics_origin, IntrinsicsOrigin::assumed);
  take_all();
  const auto collected = now();
  EXPECT_EQ(collected.width_px, 240) << "turned";
  EXPECT_EQ(collected.points_px.size(), 54U);
  EXPECT_EQ(collected.views.back().outline_px.size() >= 4, true);
  EXPECT_GT(collected.progress, 0.4);
  EXPECT_EQ(collected.coverage.size(),
            static_cast<std::size_t>(collected.coverage_columns * collected.coverage_rows));

  desk().compute(LensChoice::automatic);
  ASSERT_TRUE(eventually([&] { return !now().is_busy && (now().result || !now().refusal.empty()); }));
  const auto done = now();
  ASSERT_TRUE(done.result) << done.refusal;
  // A quarter turn: across is down.
  EXPECT_NEAR(done.result->intrinsics.fx_px, truth().fy_px, 0.006 * truth().fy_px);
  EXPECT_LT(done.result->rms_px, 0.3);
  EXPECT_LT(done.views[0].error_px, 0.5);
  EXPECT_THAT(done.result->lens_text, HasSubstr("left out"));

  desk().export_result((library_ / "out.yml").string());
  desk().save("Test camera");
  ASSERT_TRUE(eventually([&] {
    return session_->snapshot(EyeSide::right).source.intrinsics_origin == IntrinsicsOrigin::library;
  }));
  EXPECT_TRUE(has_notice("saved as Test camera and is used from now on"));
  EXPECT_EQ(now().saved_as, "Test camera");
  EXPECT_NEAR(session_->snapshot(EyeSide::right).source.focal_px, done.result->intrinsics.fx_px, 1e-9);
  // In the library it is the sensor's: not turned.
  const auto saved = desk().list_saved();
  ASSERT_EQ(saved.size(), 1U);
  EXPECT_EQ(saved[0].width_px, 320);
  EXPECT_NEAR(saved[0].focal_px, done.result->intrinsics.fy_px, 1e-9);
  const auto exported = read_camera_file(library_ / "out.yml");
  ASSERT_TRUE(exported) << exported.error().to_text();
  EXPECT_NEAR(exported->intrinsics.cx_px, truth().cx_px, 1.0);

  desk().import_file((library_ / "out.yml").string(), "Other");
  ASSERT_TRUE(eventually([&] { return desk().list_saved().size() == 2; }));
  desk().remove_saved("Other", 320, 240);
  ASSERT_TRUE(eventually([&] { return desk().list_saved().size() == 1; }));
}

TEST_F(CameraCalibration, TooFewViewsAreRefusedInWordsAndViewsCanBeRemoved) {
  desk().start(EyeSide::right, {CalibrationBoard{}, false});
  open(boards());
  session_->step(EyeSide::right, 1);
  ASSERT_TRUE(eventually([&] { return !now().points_px.empty(); }));
  desk().take_view();
  desk().take_view();
  ASSERT_TRUE(eventually([&] { return now().views.size() == 2; }));
  desk().compute(LensChoice::standard);
  ASSERT_TRUE(eventually([&] { return !now().refusal.empty(); }));
  EXPECT_THAT(now().refusal, HasSubstr("2 views"));
  EXPECT_FALSE(now().refusal_remedy.empty());
  desk().save("Nothing");
  ASSERT_TRUE(eventually([&] { return has_notice("no camera calibration to save"); }));
  desk().remove_view(now().views[0].id);
  ASSERT_TRUE(eventually([&] { return now().views.size() == 1; }));
  desk().clear_views();
  ASSERT_TRUE(eventually([&] { return now().views.empty() && now().refusal.empty(); }));
  desk().stop();
  EXPECT_TRUE(eventually([&] { return !now().is_active; }));
}

TEST_F(CameraCalibration, AnImpossibleBoardIsRefusedAndMirroredImagesAreUnderstood) {
  CameraCalibrationSetup setup;
  setup.board.columns = 1;
  desk().start(EyeSide::right, setup);
  ASSERT_TRUE(eventually([&] { return has_notice("columns is 1"); }));
  EXPECT_FALSE(now().is_active);
  desk().start(EyeSide::right, {CalibrationBoard{}, false});
  SourceRequest request = boards();
  request.mirror = true;
  open(request);
  take_all();
  desk().compute(LensChoice::standard);
  ASSERT_TRUE(eventually([&] { return !now().is_busy && (now().result || !now().refusal.empty()); }));
  ASSERT_TRUE(now().result) << now().refusal;
  EXPECT_NEAR(now().result->intrinsics.cx_px, 319.0 - truth().cx_px, 1.5);
}

TEST_F(CameraCalibration, PicturesFromFilesGiveTheSensorsCamera) {
  desk().start(EyeSide::right, {});
  SourceRequest request = boards();
  request.rotate_deg = 90;
  open(request);
  session_->step(EyeSide::right, 1);
  ASSERT_TRUE(eventually([&] { return now().picture != nullptr; }));
  EXPECT_EQ(now().picture->width_px(), 240) << "the frame as searched";
  test::TemporaryFolder others;
  std::filesystem::copy_file(*folder_ / "boards" / "100.png", others / "a.png");
  std::ofstream(others / "b.png") << "no picture";
  cv::imwrite((others / "c.png").string(), cv::Mat(240, 320, CV_8UC1, cv::Scalar(90)));
  cv::imwrite((others / "d.png").string(), cv::Mat(100, 100, CV_8UC1, cv::Scalar(90)));
  desk().load_pictures({(others / "a.png").string(), (others / "b.png").string(), (others / "c.png").string(),
                        (others / "d.png").string()});
  ASSERT_TRUE(eventually([&] { return has_notice("found in 1 of 4 pictures"); }));
  EXPECT_TRUE(now().is_from_files);
  ASSERT_EQ(now().not_taken.size(), 3U);
  EXPECT_THAT(now().not_taken[0], HasSubstr("b.png: the picture cannot be read"));
  EXPECT_THAT(now().not_taken[1], HasSubstr("c.png: "));
  ASSERT_EQ(now().views.size(), 1U);
  EXPECT_EQ(now().views[0].picture, "a.png");

  // A folder's pictures come to those before; the source is not searched any more.
  const auto searched = now().frames_searched;
  desk().load_pictures({(*folder_ / "boards").string()});
  session_->step(EyeSide::right, 1);
  ASSERT_TRUE(eventually([&] { return now().views.size() == 1U + pictures && !now().is_busy; }));
  EXPECT_EQ(now().frames_searched, searched);
  EXPECT_TRUE(now().not_taken.empty());
  EXPECT_EQ(now().picture->width_px(), 320) << "not turned";
  desk().compute(LensChoice::standard);
  ASSERT_TRUE(eventually([&] { return !now().is_busy && (now().result || !now().refusal.empty()); }));
  ASSERT_TRUE(now().result) << now().refusal;
  EXPECT_NEAR(now().result->intrinsics.fx_px, truth().fx_px, 0.006 * truth().fx_px);
  EXPECT_GT(now().result->most_tilt_deg, 20.0);

  // Saved under another name it is not this source's; under its own it is used, turned with the image.
  desk().save("Another camera");
  ASSERT_TRUE(eventually([&] { return now().saved_as == "Another camera"; }));
  ASSERT_TRUE(eventually([&] { return has_notice("saved as Another camera"); }));
  EXPECT_EQ(session_->snapshot(EyeSide::right).source.intrinsics_origin, IntrinsicsOrigin::assumed);
  desk().save("");
  ASSERT_TRUE(eventually([&] {
    return session_->snapshot(EyeSide::right).source.intrinsics_origin == IntrinsicsOrigin::library;
  }));
  EXPECT_NEAR(session_->snapshot(EyeSide::right).source.focal_px, now().result->intrinsics.fy_px, 1e-9);
  desk().export_saved("Another camera", 320, 240, (others / "saved.yml").string());
  ASSERT_TRUE(eventually([&] { return has_notice("was written to"); }));
  const auto exported = read_camera_file(others / "saved.yml");
  ASSERT_TRUE(exported) << exported.error().to_text();
  EXPECT_NEAR(exported->intrinsics.fx_px, now().result->intrinsics.fx_px, 1e-6);
  desk().export_saved("None such", 320, 240, (others / "none.yml").string());
  EXPECT_TRUE(eventually([&] { return has_notice("None such"); }));

  // A new start goes back to the source.
  desk().start(EyeSide::right, {});
  ASSERT_TRUE(eventually([&] { return now().is_active && !now().is_from_files; }));
  ASSERT_TRUE(eventually([&] {
    session_->step(EyeSide::right, 1);
    return now().frames_searched > 0;
  }));
}

TEST_F(CameraCalibration, LoadingPicturesCanBeLeft) {
  desk().start(EyeSide::right, {});
  desk().load_pictures(std::vector<std::string>(500, (*folder_ / "boards" / "100.png").string()));
  ASSERT_TRUE(eventually([&] { return !now().views.empty(); }));
  desk().stop();
  ASSERT_TRUE(eventually([&] { return !now().is_active; }));
  EXPECT_TRUE(now().views.empty());
}

TEST_F(CameraCalibration, ABoardIsDrawnAtItsTrueSizeOrRefused) {
  CalibrationBoard board;
  const auto drawing = desk().draw_board(board);
  ASSERT_TRUE(drawing);
  EXPECT_DOUBLE_EQ(drawing->width_mm, 10 * board.square_mm + 2 * board.square_mm);
  EXPECT_THAT(drawing->svg, HasSubstr("width=\"300mm\""));
  board.columns = 1;
  const auto refused = desk().draw_board(board);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("columns is 1"));
}

TEST_F(CameraCalibration, EndsCleanlyInTheMiddleOfEverything) {
  desk().start(EyeSide::right, {});
  session_->open_source(EyeSide::right, boards());
  session_->set_speed(EyeSide::right, 0.0);
  ASSERT_TRUE(eventually([&] { return now().frames_searched > 0; }));
  desk().compute(LensChoice::automatic);
  session_.reset();
}

}  // namespace
}  // namespace yarbus::camera_calibration_test
