yarbus_test(yarbus_architecture_tests
  SOURCES architecture/include_rules.cpp architecture/include_rules_test.cpp
  LIBRARIES "")
find_program(DESKTOP_FILE_VALIDATE desktop-file-validate REQUIRED)
add_test(NAME DesktopEntry.IsValid COMMAND "${DESKTOP_FILE_VALIDATE}" "${PROJECT_SOURCE_DIR}/resources/yarbus.desktop")
