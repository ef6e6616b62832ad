yarbus_test(yarbus_eyemodel_tests
  SOURCES unit/geometry/geometry_test.cpp unit/geometry/outline_conic_test.cpp unit/geometry/outline_distance_test.cpp
          unit/geometry/vergence_test.cpp unit/fit/anatomy_prior_test.cpp
          unit/fit/fit_eye_model_test.cpp unit/fit/predict_outline_test.cpp unit/fit/predict_test.cpp
          unit/online/keyframe_gate_test.cpp unit/online/known_eye_test.cpp
          property/geometry/corneal_passage_test.cpp property/geometry/corneal_reflection_test.cpp property/fit/refracted_frame_test.cpp
          property/fit/refraction_evidence_test.cpp
          unit/geometry/band_sectors_test.cpp property/fit/refracted_contrast_test.cpp
          synthetic/fit/fit_refraction_test.cpp synthetic/fit/fit_glints_test.cpp synthetic/fit/focal_length_check_test.cpp synthetic/fit/refraction_contrast_test.cpp synthetic/fit/predict_refraction_test.cpp
          synthetic/online/online_eye_model_test.cpp synthetic/online/slip_test_test.cpp synthetic/online/smooth_recording_test.cpp
          ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp
  LIBRARIES yarbus_eyemodel yarbus_simulation Ceres::ceres)

# Ceres and Eigen want up to 2 GB a compilation where eight sources are one.
set_target_properties(yarbus_eyemodel_tests PROPERTIES UNITY_BUILD_BATCH_SIZE 4)
