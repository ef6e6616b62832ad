#include "tests/support/rendered_board.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <opencv2/imgproc.hpp>

#include "calibration/camera/board_drawing.h"
#include "eyemodel/types/angle.h"

namespace yarbus::test {
namespace {

constexpr double table_gray = 150.0;  // behind the paper
constexpr double paper_px_per_mm = 8.0;

Eigen::Matrix3d turned(double turn_deg, double nod_deg, double roll_deg) {
  const Eigen::AngleAxisd turn(turn_deg * rad_per_deg, Eigen::Vector3d::UnitY());
  const Eigen::AngleAxisd nod(nod_deg * rad_per_deg, Eigen::Vector3d::UnitX());
  const Eigen::AngleAxisd roll(roll_deg * rad_per_deg, Eigen::Vector3d::UnitZ());
  return (turn * nod * roll).toRotationMatrix();
}

}  // namespace

BoardRenderer::BoardRenderer(const CalibrationBoard& board, const CameraIntrinsics& camera)
    : camera_(camera), paper_(board_image(board, paper_px_per_mm)), margin_mm_(white_margin_mm(board)) {
  const Eigen::Vector2d nothing = Eigen::Vector2d::Constant(std::nan(""));
  for (int y = 0; y <= camera.height_px; ++y) {
    for (int x = 0; x <= camera.width_px; ++x) {
      const auto pinhole = camera.undistort({x - 0.5, y - 0.5});
      rays_.push_back(!pinhole ? nothing
                               : Eigen::Vector2d((pinhole->x() - camera.cx_px) / camera.fx_px,
                                                 (pinhole->y() - camera.cy_px) / camera.fy_px));
    }
  }
}

GrayImage BoardRenderer::render(const BoardPose& pose, const BoardPicture& picture) const {
  const Eigen::Matrix3d board_from_cam = pose.cam_from_board.transpose();
  const Eigen::Vector3d camera_in_board = -(board_from_cam * pose.origin_in_cam_mm);
  const GrayView pixels = paper_.view();
  const auto brightness = [&](const Eigen::Vector2d& at_depth_one) {
    if (!at_depth_one.allFinite()) return 0.0;
    const Eigen::Vector3d ray = board_from_cam * at_depth_one.homogeneous();
    if (!(std::abs(ray.z()) > 1e-9) || !(-camera_in_board.z() / ray.z() > 0.0)) return table_gray;
    const Eigen::Vector3d at = camera_in_board - camera_in_board.z() / ray.z() * ray;
    const double u = (at.x() + margin_mm_) * paper_px_per_mm - 0.5;
    const double v = (at.y() + margin_mm_) * paper_px_per_mm - 0.5;
    if (!(u >= 0.0 && v >= 0.0 && u < pixels.width_px - 1.0 && v < pixels.height_px - 1.0)) return table_gray;
    const int x = static_cast<int>(u);
    const int y = static_cast<int>(v);
    const double fx = u - x;
    const double fy = v - y;
    const double white = (1 - fy) * ((1 - fx) * pixels.at(x, y) + fx * pixels.at(x + 1, y)) +
                         fy * ((1 - fx) * pixels.at(x, y + 1) + fx * pixels.at(x + 1, y + 1));
    return 25.0 + 190.0 / 255.0 * white;
  };
  constexpr int parts = 3;  // rays a pixel, across and down
  const int across = camera_.width_px + 1;
  cv::Mat1f light(camera_.height_px, camera_.width_px);
  for (int y = 0; y < camera_.height_px; ++y) {
    for (int x = 0; x < camera_.width_px; ++x) {
      const Eigen::Vector2d* upper = &rays_[static_cast<std::size_t>(y * across + x)];
      const Eigen::Vector2d* lower = upper + across;
      double sum = 0.0;
      for (int part = 0; part < parts * parts; ++part) {
        const double fx = (part % parts + 0.5) / parts;
        const double fy = (part / parts + 0.5) / parts;
        sum += brightness((1 - fy) * ((1 - fx) * upper[0] + fx * upper[1]) +
                          fy * ((1 - fx) * lower[0] + fx * lower[1]));
      }
      light(y, x) = static_cast<float>(sum / (parts * parts));
    }
  }
  if (picture.blur_px > 0.0) cv::GaussianBlur(light, light, {}, picture.blur_px);
  std::mt19937_64 rng(picture.seed);
  std::normal_distribution<double> noise(0.0, 1.0);
  GrayImage image(camera_.width_px, camera_.height_px);
  for (int y = 0; y < camera_.height_px; ++y) {
    for (int x = 0; x < camera_.width_px; ++x) {
      const double level = light(y, x) + picture.noise * noise(rng);
      image.row(y)[x] = static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, 255.0)));
    }
  }
  return image;
}

GrayImage render_board(const CalibrationBoard& board, const BoardPose& pose, const CameraIntrinsics& camera,
                       const BoardPicture& picture) {
  return BoardRenderer(board, camera).render(pose, picture);
}

BoardPose board_pose(const CalibrationBoard& board, const CameraIntrinsics& camera,
                     const Eigen::Vector2d& at_share, double distance_mm, double turn_deg, double nod_deg,
                     double roll_deg) {
  const Eigen::Vector2d at_px(at_share.x() * camera.width_px, at_share.y() * camera.height_px);
  const Eigen::Vector2d pinhole = camera.undistort(at_px).value();
  const Eigen::Vector3d sight((pinhole.x() - camera.cx_px) / camera.fx_px,
                              (pinhole.y() - camera.cy_px) / camera.fy_px, 1.0);
  BoardPose pose;
  pose.cam_from_board = turned(turn_deg, nod_deg, roll_deg);
  const Eigen::Vector2d middle = 0.5 * pattern_size_mm(board);
  pose.origin_in_cam_mm =
      distance_mm * sight.normalized() - pose.cam_from_board * Eigen::Vector3d(middle.x(), middle.y(), 0.0);
  return pose;
}

std::vector<BoardPose> careful_poses(const CalibrationBoard& board, const CameraIntrinsics& camera, int count,
                                     double most_tilt_deg, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  const Eigen::Vector2d size = pattern_size_mm(board);
  const double fills_at_mm =
      std::max(size.x() * camera.fx_px / camera.width_px, size.y() * camera.fy_px / camera.height_px);
  const auto is_inside = [&](const BoardPose& pose) {
    for (const Eigen::Vector2d& corner :
         {Eigen::Vector2d(0.0, 0.0), Eigen::Vector2d(size.x(), 0.0), Eigen::Vector2d(0.0, size.y()), size}) {
      const Eigen::Vector3d in_cam = pose.to_cam_mm(corner);
      if (in_cam.z() < 20.0) return false;
      const Eigen::Vector2d px = camera.project(in_cam);
      if (px.x() < 2.0 || px.y() < 2.0 || px.x() > camera.width_px - 3.0 || px.y() > camera.height_px - 3.0)
        return false;
    }
    return true;
  };
  std::vector<BoardPose> poses;
  while (static_cast<int>(poses.size()) < count) {
    const int tilt = static_cast<int>(poses.size()) % 5;
    const double angle_deg = most_tilt_deg * (0.6 + 0.4 * uniform(rng));
    const double turn_deg = tilt == 0 ? angle_deg : tilt == 1 ? -angle_deg : 4.0 * (uniform(rng) - 0.5);
    const double nod_deg = tilt == 2 ? angle_deg : tilt == 3 ? -angle_deg : 4.0 * (uniform(rng) - 0.5);
    const auto pose =
        board_pose(board, camera, {0.15 + 0.7 * uniform(rng), 0.15 + 0.7 * uniform(rng)},
                   fills_at_mm * (0.9 + 1.1 * uniform(rng)), most_tilt_deg > 0.0 ? turn_deg : 0.0,
                   most_tilt_deg > 0.0 ? nod_deg : 0.0, 20.0 * (uniform(rng) - 0.5));
    if (is_inside(pose)) poses.push_back(pose);
  }
  return poses;
}

BoardView exact_view(const CalibrationBoard& board, const BoardPose& pose, const CameraIntrinsics& camera,
                     double noise_px, std::uint64_t seed) {
  std::mt19937_64 rng(seed);
  std::normal_distribution<double> noise(0.0, 1.0);
  BoardView view;
  view.width_px = camera.width_px;
  view.height_px = camera.height_px;
  view.edge_width_px = 2.5;
  const auto points = board_points_mm(board);
  std::vector<cv::Point2f> all;
  for (std::size_t i = 0; i < points.size(); ++i) {
    Eigen::Vector2d px = camera.project(pose.to_cam_mm(points[i]));
    px += noise_px * Eigen::Vector2d(noise(rng), noise(rng));
    view.points.push_back({static_cast<int>(i), px, points[i]});
    all.emplace_back(static_cast<float>(px.x()), static_cast<float>(px.y()));
  }
  std::vector<cv::Point2f> hull;
  cv::convexHull(all, hull);
  for (const cv::Point2f& corner : hull) view.outline_px.emplace_back(corner.x, corner.y);
  view.spacing_px = (view.points[1].in_image_px - view.points[0].in_image_px).norm();
  return view;
}

CameraIntrinsics standard_test_camera() {
  CameraIntrinsics camera = CameraIntrinsics::from_focal_length(500.0, 640, 480);
  camera.fy_px = 503.0;
  camera.cx_px = 326.0;
  camera.cy_px = 233.5;
  camera.distortion = {-0.25, 0.09, 0.001, -0.0008, -0.012};
  return camera;
}

CameraIntrinsics fisheye_test_camera() {
  CameraIntrinsics camera = CameraIntrinsics::from_focal_length(285.0, 640, 480);
  camera.fy_px = 284.0;
  camera.cx_px = 316.0;
  camera.cy_px = 244.0;
  camera.distortion_model = DistortionModel::fisheye;
  camera.distortion = {-0.02, 0.006, -0.003, 0.0006, 0.0};
  return camera;
}

}  // namespace yarbus::test
