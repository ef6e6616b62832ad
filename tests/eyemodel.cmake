yarbus_test(yarbus_eyemodel_tests
  SOURCES unit/geometry/geometry_test.cpp unit/geometry/outline_conic_test.cpp unit/geometry/outline_distance_test.cpp
          unit/geometry/vergence_test.cpp unit/fit/anatomy_prior_test.cpp
          unit/fit/fit_eye_model_test.cpp unit/fit/predict_outline_test.cpp unit/fit/predict_test.cpp
  LIBRARIES yarbus_eyemodel Ceres::ceres)
