# Recording and streaming of a live session, with its threads.
yarbus_test(yarbus_session_recording_tests
  SOURCES unit/session/camera_mjpeg_recording_test.cpp unit/session/live_recording_test.cpp unit/session/recording_desk_test.cpp
          unit/session/stream_desk_test.cpp support/example_jpeg.cpp support/mjpeg_server.cpp support/run_command.cpp
  LIBRARIES yarbus_session PkgConfig::LIBAV opencv_core opencv_imgproc opencv_imgcodecs)
target_include_directories(yarbus_session_recording_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_compile_definitions(yarbus_session_recording_tests PRIVATE YARBUS_PYTHON="${YARBUS_PYTHON}")

# A camera's pace while tracking and recording, for as long as is asked for: prints what was lost, and the memory.
add_executable(yarbus_recording_soak EXCLUDE_FROM_ALL benchmark/recording_soak.cpp support/mjpeg_server.cpp)
target_include_directories(yarbus_recording_soak PRIVATE "${PROJECT_SOURCE_DIR}")
target_include_directories(yarbus_recording_soak SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_compile_options(yarbus_recording_soak PRIVATE -Wall -Wextra -Wpedantic)
target_link_libraries(yarbus_recording_soak PRIVATE yarbus_session opencv_core opencv_imgcodecs)

# The first pass of an analysis by the interval of its frames: prints gaze against the truth and times.
add_executable(yarbus_first_pass_benchmark EXCLUDE_FROM_ALL benchmark/first_pass_benchmark.cpp)
target_include_directories(yarbus_first_pass_benchmark PRIVATE "${PROJECT_SOURCE_DIR}")
target_compile_options(yarbus_first_pass_benchmark PRIVATE -Wall -Wextra -Wpedantic)
target_link_libraries(yarbus_first_pass_benchmark PRIVATE yarbus_session)

yarbus_test(yarbus_session_quality_tests
  SOURCES unit/session/measure_session_test.cpp
  LIBRARIES yarbus_session)
