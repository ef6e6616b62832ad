yarbus_test(yarbus_session_export_tests
  SOURCES unit/export/session/bids_export_test.cpp unit/export/session/session_export_test.cpp golden/export/read_back_test.cpp
          support/bids_rules.cpp support/exported_session.cpp support/run_command.cpp
  LIBRARIES yarbus_session_export nlohmann_json::nlohmann_json PkgConfig::MATIO ZLIB::ZLIB)
