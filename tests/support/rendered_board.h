#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Geometry>

#include "calibration/camera/board_view.h"
#include "eyemodel/types/calibration_board.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/image.h"

namespace yarbus::test {

/// Where a board is. Frames & units: cam, mm; the board's frame is that of board_points_mm.
struct BoardPose {
  Eigen::Matrix3d cam_from_board = Eigen::Matrix3d::Identity();
  Eigen::Vector3d origin_in_cam_mm{0.0, 0.0, 500.0};

  [[nodiscard]] Eigen::Vector3d to_cam_mm(const Eigen::Vector2d& on_board_mm) const {
    return cam_from_board * Eigen::Vector3d(on_board_mm.x(), on_board_mm.y(), 0.0) + origin_in_cam_mm;
  }
};

/// What spoils a picture.
struct BoardPicture {
  double blur_px = 0.6;  ///< one standard deviation
  double noise = 3.0;    ///< one standard deviation, gray levels
  std::uint64_t seed = 1;
};

/// Makes gray images of a board: every pixel's rays through the lens, nine a pixel, onto the plane.
class BoardRenderer {
 public:
  BoardRenderer(const CalibrationBoard& board, const CameraIntrinsics& camera);
  [[nodiscard]] GrayImage render(const BoardPose& pose, const BoardPicture& picture = {}) const;

 private:
  CameraIntrinsics camera_;
  GrayImage paper_;
  double margin_mm_;
  std::vector<Eigen::Vector2d>
      rays_;  ///< normalised, of the pixels' corners; NaN: the lens shows nothing there
};

/// One image.
GrayImage render_board(const CalibrationBoard& board, const BoardPose& pose, const CameraIntrinsics& camera,
                       const BoardPicture& picture = {});

/// The pose whose pattern centre is seen at that share of the image's width and height, tilted about the
/// vertical (`turn_deg`), the horizontal (`nod_deg`) and the line of sight (`roll_deg`).
BoardPose board_pose(const CalibrationBoard& board, const CameraIntrinsics& camera,
                     const Eigen::Vector2d& at_share, double distance_mm, double turn_deg, double nod_deg,
                     double roll_deg);

/// Poses as a careful person takes them: over the whole image, near and far, tilted up to `most_tilt_deg`;
/// the whole pattern inside the image.
std::vector<BoardPose> careful_poses(const CalibrationBoard& board, const CameraIntrinsics& camera, int count,
                                     double most_tilt_deg, std::uint64_t seed);

/// The view without an image: true points with noise added.
BoardView exact_view(const CalibrationBoard& board, const BoardPose& pose, const CameraIntrinsics& camera,
                     double noise_px, std::uint64_t seed);

/// 640x480, 65 degrees across, a barrel lens.
CameraIntrinsics standard_test_camera();
/// 640x480, 130 degrees across.
CameraIntrinsics fisheye_test_camera();

}  // namespace yarbus::test
