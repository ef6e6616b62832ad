yarbus_test(yarbus_benchmark_tests
  SOURCES unit/benchmark/allocation_counter_test.cpp unit/benchmark/compare_test.cpp
          unit/benchmark/calibration_report_test.cpp unit/benchmark/detection_report_test.cpp unit/benchmark/detection_score_test.cpp
          unit/benchmark/detection_summary_test.cpp unit/benchmark/evaluate_detection_test.cpp
          unit/benchmark/evidence_table_test.cpp unit/benchmark/exact_outline_test.cpp support/run_command.cpp
          unit/benchmark/evaluate_test.cpp unit/benchmark/hot_path_allocation_test.cpp unit/benchmark/lid_closure_test.cpp unit/benchmark/metrics_test.cpp unit/benchmark/model_figures_test.cpp unit/benchmark/model_report_test.cpp
          unit/benchmark/reliability_test.cpp unit/benchmark/report_test.cpp unit/benchmark/statistics_test.cpp
          ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp
  LIBRARIES yarbus_benchmark opencv_core opencv_imgproc opencv_imgcodecs)
# The real program at its quick size, and the simulator's pictures before a plain detector.
yarbus_test(yarbus_quick_benchmark_tests
  SOURCES benchmark/quick_size_test.cpp benchmark/model_quick_test.cpp benchmark/calibration_quick_test.cpp benchmark/half_visible_test.cpp support/plain_threshold_detector.cpp
          support/run_command.cpp
  LIBRARIES yarbus_benchmark yarbus_pupil opencv_core opencv_imgproc opencv_imgcodecs nlohmann_json::nlohmann_json)
target_include_directories(yarbus_benchmark_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_include_directories(yarbus_quick_benchmark_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_compile_definitions(yarbus_quick_benchmark_tests PRIVATE YARBUS_EXECUTABLE="$<TARGET_FILE:yarbus>")
add_dependencies(yarbus_quick_benchmark_tests yarbus)
# A simulated viewer goes through the whole calibration.
yarbus_test(yarbus_viewer_wizard_tests
  SOURCES synthetic/session/viewer_wizard_test.cpp
  LIBRARIES yarbus_benchmark)
yarbus_test(yarbus_live_demo_tests IN_REAL_TIME
  SOURCES synthetic/session/live_demo_test.cpp
  LIBRARIES yarbus_session)
