yarbus_test(yarbus_face_tests
  SOURCES golden/face/face_finder_test.cpp golden/face/face_tracker_test.cpp synthetic/face/head_structure_test.cpp synthetic/face/head_tracker_test.cpp synthetic/face/limbus_fit_test.cpp synthetic/face/simulated_face_found_test.cpp
          unit/face/eye_frame_test.cpp unit/face/head_shape_test.cpp unit/face/liveness_test.cpp
  LIBRARIES yarbus_face yarbus_simulation nlohmann_json::nlohmann_json opencv_core opencv_imgproc opencv_imgcodecs opencv_videoio)
target_include_directories(yarbus_face_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
