yarbus_test(yarbus_calibration_tests
  SOURCES unit/calibration/calibration_file_test.cpp unit/calibration/data_quality_test.cpp
          unit/calibration/webcam_file_test.cpp property/calibration/webcam_gradient_test.cpp
          synthetic/calibration/fit_mappers_test.cpp synthetic/calibration/geometric_fit_test.cpp
          synthetic/calibration/webcam_mappers_test.cpp
          ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp
  LIBRARIES yarbus_calibration nlohmann_json::nlohmann_json)
