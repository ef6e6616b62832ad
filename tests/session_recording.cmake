# Recording and streaming of a live session, with its threads.
yarbus_test(yarbus_session_recording_tests
  SOURCES unit/session/camera_mjpeg_recording_test.cpp unit/session/live_recording_test.cpp unit/session/recording_desk_test.cpp
          unit/session/stream_desk_test.cpp support/example_jpeg.cpp support/mjpeg_server.cpp support/run_command.cpp
  LIBRARIES yarbus_session PkgConfig::LIBAV opencv_core opencv_imgproc opencv_imgcodecs)
target_include_directories(yarbus_session_recording_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
target_compile_definitions(yarbus_session_recording_tests PRIVATE YARBUS_PYTHON="${YARBUS_PYTHON}")
yarbus_test(yarbus_session_quality_tests
  SOURCES unit/session/measure_session_test.cpp
  LIBRARIES yarbus_session)
