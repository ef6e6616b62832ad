yarbus_test(yarbus_calibration_camera_tests
  SOURCES
    support/rendered_board.cpp
    synthetic/calibration/fit_camera_test.cpp
    unit/calibration/camera/board_test.cpp
    unit/calibration/camera/camera_file_test.cpp
    unit/calibration/camera/camera_library_test.cpp
    unit/calibration/camera/camera_presets_test.cpp
    unit/calibration/camera/find_board_test.cpp
    unit/calibration/camera/lens_residual_test.cpp
    unit/calibration/camera/view_collector_test.cpp
  LIBRARIES yarbus_calibration Ceres::ceres nlohmann_json::nlohmann_json opencv_core opencv_imgproc opencv_imgcodecs opencv_calib3d)
