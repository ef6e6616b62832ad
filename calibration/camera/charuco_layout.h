#pragma once

#include <opencv2/aruco/charuco.hpp>

#include "eyemodel/types/calibration_board.h"

namespace yarbus {

/// OpenCV's ChArUco board, and whether its y points up. Private to calibration/camera.
struct CharucoLayout {
  cv::Ptr<cv::aruco::CharucoBoard> board;
  bool y_is_up = false;
  double height_mm = 0.0;

  /// The board must be valid.
  static CharucoLayout of(const CalibrationBoard& board);
  /// To the board frame: y down.
  [[nodiscard]] Eigen::Vector2d to_board_mm(const cv::Point3f& point) const {
    return {point.x, y_is_up ? height_mm - point.y : point.y};
  }
};

}  // namespace yarbus
