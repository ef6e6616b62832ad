yarbus_test(yarbus_capture_tests
  SOURCES unit/capture/container_test.cpp unit/capture/file_source_test.cpp unit/capture/live_source_test.cpp
          unit/capture/mjpeg_test.cpp unit/capture/odd_input_test.cpp unit/capture/stream_fault_test.cpp
          unit/capture/v4l2_devices_test.cpp support/mjpeg_server.cpp
  LIBRARIES yarbus_capture opencv_core opencv_imgproc opencv_imgcodecs opencv_videoio)
