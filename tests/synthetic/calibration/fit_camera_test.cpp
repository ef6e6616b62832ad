// Cameras that are known, boards rendered through them: are they found again?

#include "calibration/camera/fit_camera.h"

#include <cmath>
#include <cstdio>
#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/calib3d.hpp>

#include "calibration/camera/find_board.h"
#include "tests/support/rendered_board.h"

namespace yarbus::fit_camera_test {
namespace {

using test::careful_poses;
using test::exact_view;
using testing::HasSubstr;

CalibrationBoard chessboard() { return {}; }
CalibrationBoard charuco() {
  CalibrationBoard board;
  board.kind = BoardKind::charuco;
  board.columns = 8;
  board.rows = 5;
  return board;
}
CalibrationBoard circles(BoardKind kind) {
  CalibrationBoard board;
  board.kind = kind;
  board.columns = kind == BoardKind::circles ? 8 : 4;
  board.rows = kind == BoardKind::circles ? 6 : 9;
  return board;
}

std::vector<BoardView> rendered_views(const CalibrationBoard& board, const CameraIntrinsics& camera,
                                      int count) {
  std::vector<BoardView> views;
  std::uint64_t seed = 100;
  const test::BoardRenderer renderer(board, camera);
  for (const test::BoardPose& pose : careful_poses(board, camera, count, 35.0, 7)) {
    const GrayImage image = renderer.render(pose, {0.6, 3.0, ++seed});
    auto found = find_board(image.view(), board);
    if (auto* view = std::get_if<BoardView>(&found)) views.push_back(std::move(*view));
  }
  return views;
}

std::vector<BoardView> exact_views(const CalibrationBoard& board, const CameraIntrinsics& camera, int count,
                                   double tilt_deg, double noise_px) {
  std::vector<BoardView> views;
  for (const test::BoardPose& pose : careful_poses(board, camera, count, tilt_deg, 11))
    views.push_back(exact_view(board, pose, camera, noise_px, 50 + views.size()));
  return views;
}

struct Recovery {
  const char* name;
  std::function<CalibrationBoard()> board;
  std::function<CameraIntrinsics()> camera;
  int fewest_found;
};

class RecoversTheCamera : public testing::TestWithParam<Recovery> {};

TEST_P(RecoversTheCamera, FromRenderedBoards) {
  const CameraIntrinsics truth = GetParam().camera();
  const auto views = rendered_views(GetParam().board(), truth, 18);
  EXPECT_GE(static_cast<int>(views.size()), GetParam().fewest_found);
  const auto fit = fit_camera(views);
  ASSERT_TRUE(fit) << fit.error().to_text();
  std::printf(
      "%s: %zu views, rms %.3f px, focal %+.3f %% %+.3f %%, centre %+.2f %+.2f px, sigma %.2f px; %s\n",
      GetParam().name, views.size(), fit->rms_px, 100.0 * (fit->intrinsics.fx_px / truth.fx_px - 1.0),
      100.0 * (fit->intrinsics.fy_px / truth.fy_px - 1.0), fit->intrinsics.cx_px - truth.cx_px,
      fit->intrinsics.cy_px - truth.cy_px, fit->sigma_px[0], fit->left_out.text.c_str());
  EXPECT_LT(fit->rms_px, 0.3);
  EXPECT_NEAR(fit->intrinsics.fx_px, truth.fx_px, 0.003 * truth.fx_px);
  EXPECT_NEAR(fit->intrinsics.fy_px, truth.fy_px, 0.003 * truth.fy_px);
  EXPECT_NEAR(fit->intrinsics.cx_px, truth.cx_px, 1.0);
  EXPECT_NEAR(fit->intrinsics.cy_px, truth.cy_px, 1.0);
  // The lens as a whole, where boards were: rays land where the true camera puts them.
  for (const double radius : {0.1, 0.25, 0.4}) {
    for (int i = 0; i < 12; ++i) {
      const Eigen::Vector3d ray(radius * std::cos(0.52 * i), radius * std::sin(0.52 * i), 1.0);
      EXPECT_LT((fit->intrinsics.project(ray) - truth.project(ray)).norm(), 1.0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Boards, RecoversTheCamera,
    testing::Values(Recovery{"chessboard_standard", chessboard, test::standard_test_camera, 16},
                    Recovery{"chessboard_fisheye", chessboard, test::fisheye_test_camera, 14},
                    Recovery{"charuco_standard", charuco, test::standard_test_camera, 16},
                    Recovery{"charuco_fisheye", charuco, test::fisheye_test_camera, 14},
                    Recovery{"circles_standard", [] { return circles(BoardKind::circles); },
                             test::standard_test_camera, 14},
                    Recovery{"asymmetric_circles_standard",
                             [] { return circles(BoardKind::asymmetric_circles); },
                             test::standard_test_camera, 14}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(FitCamera, ChoosesTheLensThatForetellsViewsLeftOut) {
  const auto standard = fit_camera(exact_views(chessboard(), test::standard_test_camera(), 15, 35.0, 0.1));
  ASSERT_TRUE(standard) << standard.error().to_text();
  EXPECT_EQ(standard->intrinsics.distortion_model, DistortionModel::radial_tangential);
  EXPECT_THAT(standard->left_out.text, HasSubstr(": standard"));
  const auto views = exact_views(chessboard(), test::fisheye_test_camera(), 15, 35.0, 0.1);
  const auto fisheye = fit_camera(views);
  ASSERT_TRUE(fisheye) << fisheye.error().to_text();
  EXPECT_EQ(fisheye->intrinsics.distortion_model, DistortionModel::fisheye);
  EXPECT_LT(*fisheye->left_out.fisheye_px, *fisheye->left_out.standard_px);
  CameraFitOptions options;
  options.lens = LensChoice::standard;
  const auto overridden = fit_camera(views, options);
  ASSERT_TRUE(overridden) << overridden.error().to_text();
  EXPECT_EQ(overridden->intrinsics.distortion_model, DistortionModel::radial_tangential);
}

/// OpenCV's own calibration, which the engine does not use, on the same points.
TEST(FitCamera, AgreesWithOpenCV) {
  const auto views = exact_views(chessboard(), test::standard_test_camera(), 14, 35.0, 0.2);
  CameraFitOptions options;
  options.lens = LensChoice::standard;
  const auto ours = fit_camera(views, options);
  ASSERT_TRUE(ours) << ours.error().to_text();
  std::vector<std::vector<cv::Point3f>> on_board;
  std::vector<std::vector<cv::Point2f>> seen;
  for (const BoardView& view : views) {
    on_board.emplace_back();
    seen.emplace_back();
    for (const BoardPoint& point : view.points) {
      on_board.back().emplace_back(static_cast<float>(point.on_board_mm.x()),
                                   static_cast<float>(point.on_board_mm.y()), 0.0F);
      seen.back().emplace_back(static_cast<float>(point.in_image_px.x()),
                               static_cast<float>(point.in_image_px.y()));
    }
  }
  cv::Mat K;
  cv::Mat k;
  std::vector<cv::Mat> turns;
  std::vector<cv::Mat> places;
  const double rms_px = cv::calibrateCamera(on_board, seen, {640, 480}, K, k, turns, places);
  EXPECT_NEAR(ours->rms_px, rms_px, 0.002);
  EXPECT_NEAR(ours->intrinsics.fx_px, K.at<double>(0, 0), 0.2 * ours->sigma_px[0]);
  EXPECT_NEAR(ours->intrinsics.fy_px, K.at<double>(1, 1), 0.2 * ours->sigma_px[1]);
  EXPECT_NEAR(ours->intrinsics.cx_px, K.at<double>(0, 2), 0.2 * ours->sigma_px[2]);
  EXPECT_NEAR(ours->intrinsics.cy_px, K.at<double>(1, 2), 0.2 * ours->sigma_px[3]);
}

TEST(FitCamera, IsTheSameTwice) {
  const auto views = exact_views(chessboard(), test::standard_test_camera(), 10, 35.0, 0.1);
  const auto first = fit_camera(views);
  const auto second = fit_camera(views);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->intrinsics.fx_px, second->intrinsics.fx_px);
  EXPECT_EQ(first->intrinsics.distortion, second->intrinsics.distortion);
  EXPECT_EQ(first->sigma_px, second->sigma_px);
}

TEST(FitCamera, TheStatedSigmasAreTheSpreadOverRepetitions) {
  const CameraIntrinsics truth = test::standard_test_camera();
  const auto poses = careful_poses(chessboard(), truth, 12, 35.0, 3);
  constexpr int repetitions = 30;
  double squares = 0.0;
  double stated = 0.0;
  CameraFitOptions options;
  options.lens = LensChoice::standard;
  for (int i = 0; i < repetitions; ++i) {
    std::vector<BoardView> views;
    for (const auto& pose : poses)
      views.push_back(exact_view(chessboard(), pose, truth, 0.15, 1000 * i + views.size()));
    const auto fit = fit_camera(views, options);
    ASSERT_TRUE(fit) << fit.error().to_text();
    squares += std::pow(fit->intrinsics.fx_px - truth.fx_px, 2);
    stated += fit->sigma_px[0] / repetitions;
  }
  const double spread = std::sqrt(squares / repetitions);
  std::printf("focal length: spread %.3f px, stated %.3f px\n", spread, stated);
  EXPECT_GT(spread, 0.65 * stated);
  EXPECT_LT(spread, 1.5 * stated);
}

TEST(FitCamera, RemovesAViewWhoseCornersAreFalse) {
  auto views = exact_views(chessboard(), test::standard_test_camera(), 12, 35.0, 0.1);
  std::mt19937 rng(5);
  std::normal_distribution<double> wrong(0.0, 4.0);
  for (BoardPoint& point : views[4].points) point.in_image_px += Eigen::Vector2d(wrong(rng), wrong(rng));
  const auto fit = fit_camera(views);
  ASSERT_TRUE(fit) << fit.error().to_text();
  for (std::size_t i = 0; i < views.size(); ++i) EXPECT_EQ(fit->views[i].is_removed, i == 4) << i;
  EXPECT_THAT(fit->views[4].reason, HasSubstr("miss by"));
  EXPECT_EQ(fit->views_used, 11);
  EXPECT_NEAR(fit->intrinsics.fx_px, 500.0, 1.5);
}

TEST(FitCamera, RefusesWhenMoreThanAThirdIsFalse) {
  auto views = exact_views(chessboard(), test::standard_test_camera(), 12, 35.0, 0.1);
  std::mt19937 rng(5);
  std::normal_distribution<double> wrong(0.0, 6.0);
  for (const std::size_t i : {0U, 2U, 4U, 6U, 8U}) {
    for (BoardPoint& point : views[i].points) point.in_image_px += Eigen::Vector2d(wrong(rng), wrong(rng));
  }
  const auto fit = fit_camera(views);
  ASSERT_FALSE(fit);
  EXPECT_THAT(fit.error().message, HasSubstr("5 of 12 views contradict"));
}

TEST(FitCamera, RefusesAFlatSet) {
  const auto fit = fit_camera(exact_views(chessboard(), test::standard_test_camera(), 15, 0.0, 0.1));
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().code, ErrorCode::unsupported_format);
  EXPECT_THAT(fit.error().message, HasSubstr("cannot be told apart"));
  EXPECT_THAT(fit.error().remedy, HasSubstr("tilted"));
}

TEST(FitCamera, RefusesFewViewsMixedSizesAndUselessCorners) {
  auto views = exact_views(chessboard(), test::standard_test_camera(), 8, 35.0, 0.1);
  EXPECT_THAT(fit_camera(std::span(views).first(4)).error().message, HasSubstr("4 views, at least 6"));
  EXPECT_THAT(fit_camera({}).error().message, HasSubstr("0 views"));
  auto mixed = views;
  mixed[2].width_px = 320;
  EXPECT_THAT(fit_camera(mixed).error().message, HasSubstr("different sizes"));
  const auto noisy = fit_camera(exact_views(chessboard(), test::standard_test_camera(), 40, 35.0, 2.0));
  ASSERT_FALSE(noisy);
  EXPECT_THAT(noisy.error().message, HasSubstr("more than 1.00 px"));
}

TEST(FitCamera, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const auto fit = fit_camera(exact_views(chessboard(), test::standard_test_camera(), 8, 35.0, 0.1), {},
                              source.get_token());
  ASSERT_FALSE(fit);
  EXPECT_EQ(fit.error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace yarbus::fit_camera_test
