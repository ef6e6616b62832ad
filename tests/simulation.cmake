yarbus_test(yarbus_simulation_tests
  SOURCES unit/simulation/corneal_optics_test.cpp unit/simulation/look_at_test.cpp unit/simulation/motion_test.cpp unit/simulation/renderer_test.cpp
          unit/simulation/simulated_eye_test.cpp unit/simulation/simulated_outlines_test.cpp
          synthetic/simulation/eye_painter_test.cpp synthetic/simulation/simulated_face_test.cpp
  LIBRARIES yarbus_simulation opencv_core)
target_include_directories(yarbus_simulation_tests SYSTEM PRIVATE ${OpenCV_INCLUDE_DIRS})
