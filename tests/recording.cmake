# A process that records until it is killed, or until the disk is full.
add_executable(yarbus_record_child support/record_child.cpp support/example_jpeg.cpp)
target_include_directories(yarbus_record_child PRIVATE "${PROJECT_SOURCE_DIR}")
target_include_directories(yarbus_record_child SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_compile_options(yarbus_record_child PRIVATE -Wall -Wextra -Wpedantic)
target_link_libraries(yarbus_record_child PRIVATE yarbus_sessions opencv_core opencv_imgcodecs)

yarbus_test(yarbus_recording_tests
  SOURCES unit/recording/camera_clock_test.cpp unit/recording/codec_choice_test.cpp unit/recording/disk_full_test.cpp
          unit/recording/killed_recording_test.cpp unit/recording/record_queue_test.cpp unit/recording/recorder_fault_test.cpp
          unit/recording/recorder_soak_test.cpp unit/recording/recorder_test.cpp unit/recording/repair_test.cpp
          unit/recording/row_round_trip_test.cpp unit/recording/schema_test.cpp unit/recording/session_editor_test.cpp
          unit/recording/session_list_test.cpp unit/recording/video_test.cpp support/example_jpeg.cpp support/run_command.cpp
  LIBRARIES yarbus_sessions SQLite::SQLite3 nlohmann_json::nlohmann_json opencv_core opencv_imgproc opencv_imgcodecs)
target_include_directories(yarbus_recording_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_compile_definitions(yarbus_recording_tests PRIVATE YARBUS_RECORD_CHILD="$<TARGET_FILE:yarbus_record_child>")
add_dependencies(yarbus_recording_tests yarbus_record_child)

# What recording costs on this machine; run by hand.
add_executable(yarbus_sessions_benchmark EXCLUDE_FROM_ALL benchmark/sessions_benchmark.cpp)
target_include_directories(yarbus_sessions_benchmark PRIVATE "${PROJECT_SOURCE_DIR}")
target_compile_options(yarbus_sessions_benchmark PRIVATE -Wall -Wextra -Wpedantic)
target_link_libraries(yarbus_sessions_benchmark PRIVATE yarbus_sessions)
