yarbus_test(yarbus_pupil_tests
  SOURCES unit/pupil/bright_pupil_test.cpp unit/pupil/confidence_model_test.cpp unit/pupil/contrast_refiner_test.cpp unit/pupil/dark_regions_test.cpp
          unit/pupil/edge_locator_test.cpp unit/pupil/edge_noise_test.cpp unit/pupil/edge_profiles_test.cpp
          unit/pupil/glints_test.cpp unit/pupil/gray_levels_test.cpp unit/pupil/gray_pyramid_test.cpp
          unit/pupil/lid_closure_test.cpp unit/pupil/limbus_edges_test.cpp unit/pupil/outline_consensus_test.cpp unit/pupil/outline_evidence_test.cpp
          unit/pupil/outline_judge_test.cpp unit/pupil/outline_measurement_test.cpp
          unit/pupil/outline_refinement_test.cpp unit/pupil/outline_step_test.cpp unit/pupil/pupil_detector_test.cpp
          unit/pupil/sample_bilinear_test.cpp unit/pupil/synthetic_pupil_test.cpp unit/pupil/unit_trace_conic_test.cpp
          synthetic/pupil/blink_closure_test.cpp synthetic/pupil/bright_pupil_detection_test.cpp
          synthetic/pupil/corneal_features_test.cpp synthetic/pupil/hard_images_test.cpp synthetic/pupil/miss_reasons_test.cpp
          synthetic/pupil/no_pupil_test.cpp synthetic/pupil/pupil_sizes_test.cpp
          synthetic/pupil/rendered_pupil_test.cpp synthetic/pupil/simulated_outline_test.cpp
          synthetic/pupil/tracked_pupil_test.cpp synthetic/pupil/mistakable_pupil_test.cpp synthetic/pupil/wrong_lock_test.cpp
          golden/pupil/recordings_test.cpp ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp
  LIBRARIES yarbus_pupil yarbus_simulation opencv_core opencv_imgproc opencv_imgcodecs opencv_videoio)
target_include_directories(yarbus_pupil_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
