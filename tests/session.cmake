yarbus_test(yarbus_session_tests
  SOURCES unit/session/channel_test.cpp unit/session/eye_state_test.cpp unit/session/playback_test.cpp
          unit/session/process_inbox_test.cpp unit/session/source_request_test.cpp
  LIBRARIES yarbus_session)
yarbus_test(yarbus_app_tests
  SOURCES unit/cli/command_line_test.cpp unit/export/export_test.cpp
  LIBRARIES yarbus_cli)
