yarbus_test(yarbus_calibration_tests
  SOURCES unit/calibration/data_quality_test.cpp
          synthetic/calibration/fit_mappers_test.cpp synthetic/calibration/geometric_fit_test.cpp
  LIBRARIES yarbus_calibration)
