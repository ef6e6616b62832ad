find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
yarbus_test(yarbus_ui_tests
  SOURCES ui/main.cpp ui/benchmark_plot_test.cpp ui/camera_calibration_test.cpp ui/camera_preview_test.cpp ui/camera_words_test.cpp ui/log_panel_test.cpp ui/start_page_test.cpp ui/recording_window_test.cpp ui/sessions_window_test.cpp ui/replay_window_test.cpp ui/detector_stages_test.cpp ui/synthetic_face.cpp ui/synthetic_sample.cpp ui/eye_scene_test.cpp ui/face_overlay_test.cpp ui/main_window_test.cpp
          ui/overlay_test.cpp ui/presenter_test.cpp ui/simulation_test.cpp ui/source_dialog_test.cpp ui/state_text_test.cpp
          ui/track_plot_test.cpp ui/trace_view_test.cpp ui/webcam_text_test.cpp ui/webcam_window_test.cpp ui/webcam_wizard_test.cpp
          ui/example_calibration.cpp ui/calibration_pages_test.cpp ui/calibration_pdf_test.cpp ui/calibration_screen_test.cpp
          ui/calibration_wizard_test.cpp ui/gaze_overlay_test.cpp ui/viewing_figure_test.cpp ui/viewing_window_test.cpp
  LIBRARIES yarbus_ui Qt6::Test)
target_compile_definitions(yarbus_ui_tests PRIVATE
  QT_NO_KEYWORDS YARBUS_RESOURCES_DIR="${PROJECT_SOURCE_DIR}/resources")
# The window with a real session behind it.
yarbus_test(yarbus_session_outputs_tests
  SOURCES ui/main.cpp ui/session_outputs_test.cpp
  LIBRARIES yarbus_ui yarbus_session Qt6::Test)
target_compile_definitions(yarbus_session_outputs_tests PRIVATE QT_NO_KEYWORDS)
