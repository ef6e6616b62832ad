yarbus_test(yarbus_viewing_tests
  SOURCES unit/viewing/heat_map_test.cpp unit/viewing/viewing_notes_test.cpp unit/viewing/viewing_plan_test.cpp unit/viewing/viewing_results_test.cpp unit/viewing/viewing_run_test.cpp
  LIBRARIES yarbus_viewing)
# Of recorded sessions, and of a session whose simulated participant looks at a picture.
yarbus_test(yarbus_viewing_session_tests
  SOURCES unit/session/picture_explorer_test.cpp unit/session/viewing_of_session_test.cpp
  LIBRARIES yarbus_session)
find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
yarbus_test(yarbus_viewing_window_tests IN_REAL_TIME
  SOURCES ui/main.cpp ui/viewing_live_test.cpp
  LIBRARIES yarbus_ui yarbus_session Qt6::Test)
target_compile_definitions(yarbus_viewing_window_tests PRIVATE QT_NO_KEYWORDS)
