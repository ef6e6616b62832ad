#pragma once

#include <array>
#include <memory>
#include <string>

#include "app/session/camera_calibration_control.h"

namespace yarbus::test {

/// Collecting: a picture of 320x240 with a board found in it, three views of which one is from a file, and a
/// third of the image covered.
inline CameraCalibrationSnapshot example_collecting() {
  CameraCalibrationSnapshot now;
  now.is_active = true;
  now.width_px = 320;
  now.height_px = 240;
  auto picture = std::make_shared<GrayImage>(320, 240);
  for (int y = 0; y < 240; ++y) {
    for (int x = 0; x < 320; ++x) picture->row(y)[x] = static_cast<std::uint8_t>((x + y) / 3);
  }
  now.picture = picture;
  for (int row = 0; row < 4; ++row) {
    for (int column = 0; column < 5; ++column)
      now.points_px.emplace_back(100.0 + 20.0 * column, 80.0 + 20.0 * row);
  }
  now.board_text = "hold the board still";
  now.frames_searched = 12;
  const auto view = [](int id, double left, double top) {
    CameraCalibrationView kept;
    kept.id = id;
    kept.outline_px = {{left, top}, {left + 80.0, top}, {left + 80.0, top + 60.0}, {left, top + 60.0}};
    return kept;
  };
  now.views = {view(2, 100.0, 80.0), view(3, 20.0, 20.0), view(5, 180.0, 140.0)};
  now.views[2].picture = "shot-05.png";
  now.coverage_columns = 8;
  now.coverage_rows = 6;
  now.coverage.assign(48, 0);
  for (std::size_t i = 0; i < 16; ++i) now.coverage[i] = 3;
  now.guide_text = "show the board at the upper left";
  now.missing = {"show the board at the upper left", "tilt the board: its left edge away from the camera"};
  now.progress = 0.42;
  return now;
}

/// Computed from these: one view taken out.
inline CameraCalibrationSnapshot example_computed() {
  CameraCalibrationSnapshot now = example_collecting();
  now.views[0].error_px = 0.061;
  now.views[1].error_px = 0.812;
  now.views[1].is_removed = true;
  now.views[1].reason = "its error of 0.81 px stands out";
  now.views[2].error_px = 0.072;
  CameraCalibrationResult result;
  result.intrinsics = CameraIntrinsics::from_focal_length(250.0, 320, 240);
  result.intrinsics.fy_px = 251.5;
  result.intrinsics.distortion = {-0.21, 0.05, 0.001, -0.0004, 0.0};
  result.sigma_px = {0.14, 0.15, 0.2, 0.3};
  result.distortion_sigma = {0.002, 0.004, 0.0001, 0.0001, 0.003};
  result.rms_px = 0.066;
  result.views_used = 2;
  result.most_tilt_deg = 33.0;
  result.lens_text = "views left out of the fit: standard 0.070 px, fisheye 0.091 px: standard";
  result.standard_left_out_px = 0.070;
  result.fisheye_left_out_px = 0.091;
  now.result = result;
  return now;
}

}  // namespace yarbus::test
