# What is installed beside the program, and the Debian package (docs/packaging.md): cpack --preset release
# Not of instrumented builds, which nobody installs.
if(YARBUS_SANITIZE OR YARBUS_FUZZ)
  return()
endif()

# One version and date for the manual page, the metainfo and Debian's changelog.
set(YARBUS_RELEASE_DATE "2026-11-27")
set(YARBUS_RELEASE_DATE_RFC5322 "Fri, 27 Nov 2026 12:00:00 +0000")
set(YARBUS_DEBIAN_REVISION 1)

set(YARBUS_PACKAGE_MAINTAINER "The Yarbus developers <no-address@yarbus.invalid>" CACHE STRING
    "Who answers for the Debian package: Name <address>")

set(packaging "${PROJECT_SOURCE_DIR}/resources/packaging")
set(packaged "${PROJECT_BINARY_DIR}/packaging")
find_program(YARBUS_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
find_program(GZIP_PROGRAM gzip REQUIRED)

# The manual page, from what --help says.
add_custom_command(OUTPUT "${packaged}/yarbus.1.gz"
  COMMAND "${YARBUS_PYTHON}" "${packaging}/man_page.py" $<TARGET_FILE:yarbus> "${packaging}/yarbus.1.in" "${packaged}/yarbus.1"
          --version "${PROJECT_VERSION}" --date "${YARBUS_RELEASE_DATE}"
  COMMAND "${GZIP_PROGRAM}" -9nkf "${packaged}/yarbus.1"
  DEPENDS yarbus "${packaging}/man_page.py" "${packaging}/yarbus.1.in"
  COMMENT "Writing the manual page from --help" VERBATIM)

configure_file("${packaging}/debian_changelog.in" "${packaged}/changelog.Debian" @ONLY)
configure_file("${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${packaged}/changelog" COPYONLY)
foreach(log changelog changelog.Debian)
  add_custom_command(OUTPUT "${packaged}/${log}.gz" COMMAND "${GZIP_PROGRAM}" -9nkf "${packaged}/${log}"
                     DEPENDS "${packaged}/${log}" VERBATIM)
endforeach()
add_custom_target(yarbus_packaging ALL
  DEPENDS "${packaged}/yarbus.1.gz" "${packaged}/changelog.gz" "${packaged}/changelog.Debian.gz")

set(YARBUS_METAINFO "local.yarbus.yarbus.metainfo.xml")
configure_file("${packaging}/yarbus.metainfo.xml.in" "${packaged}/${YARBUS_METAINFO}" @ONLY)

install(FILES "${packaged}/yarbus.1.gz" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${PROJECT_SOURCE_DIR}/resources/yarbus.desktop" DESTINATION "${CMAKE_INSTALL_DATADIR}/applications")
install(FILES "${PROJECT_SOURCE_DIR}/resources/icons/yarbus.svg"
        DESTINATION "${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps")
install(FILES "${packaged}/${YARBUS_METAINFO}" DESTINATION "${CMAKE_INSTALL_DATADIR}/metainfo")
install(FILES "${packaging}/70-yarbus-cameras.rules" DESTINATION lib/udev/rules.d)
install(FILES "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/LICENSE" "${packaging}/copyright"
              "${packaged}/changelog.gz" "${packaged}/changelog.Debian.gz"
        DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DOCDIR}/docs")
install(FILES "${packaging}/lintian_overrides" DESTINATION "${CMAKE_INSTALL_DATADIR}/lintian/overrides" RENAME yarbus)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME yarbus)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "${YARBUS_PACKAGE_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "real-time eye tracker with a 3-D eye model")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE "${YARBUS_DEBIAN_REVISION}")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Yarbus follows an eye in the pictures of a near-eye infrared camera, or a
face and both irises in those of an ordinary webcam. It finds the pupil, fits
a physical 3-D model of the eye, and gives gaze, pupil diameter and blinks
live; after a calibration also where on the screen the person looks.

It records sessions, analyses them anew, exports them for other programs, and
sends live data to them. A simulated eye lets everything be tried without a
camera.")
# What the program links is found in it; this is what it reads: without it no webcam can be tracked.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "opencv-data")
# Windows under Wayland; opening a folder of recordings in the file manager.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland, xdg-utils")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "v4l-utils")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${packaging}/postinst;${packaging}/postrm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
