yarbus_test(yarbus_session_tests
  SOURCES unit/session/analyse_session_test.cpp unit/session/binocular_pairing_test.cpp unit/session/binocular_state_test.cpp unit/session/calibration_desk_test.cpp unit/session/camera_modes_test.cpp support/simulated_participant.cpp unit/session/gaze_filter_test.cpp unit/session/channel_test.cpp unit/session/contrast_or_edges_test.cpp
          unit/session/eye_state_test.cpp unit/session/eye_tracker_test.cpp unit/session/kept_features_test.cpp unit/session/model_fitter_test.cpp
          unit/session/next_prior_test.cpp unit/session/playback_test.cpp
          unit/session/procedure_request_test.cpp unit/session/process_inbox_test.cpp unit/session/simulated_face_source_test.cpp unit/session/simulated_source_test.cpp unit/session/simulated_viewer_test.cpp
          unit/session/source_camera_test.cpp unit/session/source_request_test.cpp unit/session/session_source_test.cpp unit/session/session_timeline_test.cpp unit/session/share_anatomy_test.cpp unit/session/split_source_test.cpp
          unit/session/truth_errors_test.cpp unit/session/wearer_file_test.cpp ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp
  LIBRARIES yarbus_session nlohmann_json::nlohmann_json)
# Cameras looked at before they are opened, with their threads.
yarbus_test(yarbus_camera_previews_tests
  SOURCES concurrency/camera_previews_test.cpp unit/session/picture_quality_test.cpp support/mjpeg_server.cpp
  LIBRARIES yarbus_session opencv_core opencv_imgproc opencv_imgcodecs)
yarbus_test(yarbus_app_tests
  SOURCES unit/cli/command_line_test.cpp unit/export/export_test.cpp unit/export/labelled_face_test.cpp unit/export/labelled_recording_test.cpp
  LIBRARIES yarbus_cli opencv_core opencv_imgcodecs)
yarbus_test(yarbus_golden_tests
  SOURCES golden/analyse_command_test.cpp golden/calibrate_camera_command_test.cpp golden/recordings_test.cpp golden/session_command_test.cpp golden/simulate_command_test.cpp golden/track_command_test.cpp golden/two_eyes_command_test.cpp golden/webcam_command_test.cpp support/documented_example.cpp support/rendered_board.cpp support/run_command.cpp
  LIBRARIES yarbus_recording yarbus_sessions yarbus_calibration nlohmann_json::nlohmann_json opencv_core opencv_imgproc opencv_imgcodecs opencv_videoio)
target_compile_definitions(yarbus_golden_tests PRIVATE YARBUS_EXECUTABLE="$<TARGET_FILE:yarbus>"
                                                       YARBUS_PYTHON="${YARBUS_PYTHON}")
add_dependencies(yarbus_golden_tests yarbus)
yarbus_test(yarbus_concurrency_tests
  SOURCES concurrency/camera_calibration_test.cpp concurrency/live_session_test.cpp concurrency/replay_test.cpp support/rendered_board.cpp
  LIBRARIES yarbus_session opencv_core opencv_imgproc opencv_imgcodecs)
yarbus_test(yarbus_report_tests
  SOURCES golden/export_command_test.cpp golden/report_command_test.cpp support/bids_rules.cpp support/run_command.cpp
  LIBRARIES yarbus_sessions nlohmann_json::nlohmann_json ZLIB::ZLIB)
target_compile_definitions(yarbus_report_tests PRIVATE YARBUS_EXECUTABLE="$<TARGET_FILE:yarbus>")
add_dependencies(yarbus_report_tests yarbus)
