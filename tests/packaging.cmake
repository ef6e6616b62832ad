# The Debian package; instrumented builds have none (resources/packaging/package.cmake).
if(TARGET yarbus_packaging)
  add_test(NAME Package.IsWhole COMMAND "${YARBUS_PYTHON}" -B "${PROJECT_SOURCE_DIR}/tests/packaging/package_test.py"
           "${PROJECT_BINARY_DIR}" "${PROJECT_SOURCE_DIR}" "${CMAKE_CPACK_COMMAND}")
  add_test(NAME Package.ManPageOfHelpTexts COMMAND "${YARBUS_PYTHON}" -B
           "${PROJECT_SOURCE_DIR}/tests/packaging/man_page_test.py" "${PROJECT_SOURCE_DIR}")
  set_tests_properties(Package.IsWhole PROPERTIES TIMEOUT 300)
endif()
