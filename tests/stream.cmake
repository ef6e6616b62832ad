add_library(yarbus_fake_lsl SHARED support/fake_lsl.cpp)

yarbus_test(yarbus_stream_tests
  SOURCES unit/stream/client_message_test.cpp unit/stream/event_datum_test.cpp unit/stream/gaze_datum_test.cpp
          unit/stream/publisher_faults_test.cpp unit/stream/publisher_test.cpp unit/stream/pupil_datum_test.cpp
          unit/stream/remote_request_test.cpp unit/stream/senders_test.cpp unit/stream/stream_parts_test.cpp
          golden/stream/python_client_test.cpp ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp support/documented_example.cpp support/run_command.cpp support/stream_client.cpp support/udp_receiver.cpp
  LIBRARIES yarbus_stream nlohmann_json::nlohmann_json PkgConfig::ZMQ ${CMAKE_DL_LIBS})
target_include_directories(yarbus_stream_tests SYSTEM PRIVATE "${MSGPACK_INCLUDE_DIR}")
target_compile_definitions(yarbus_stream_tests PRIVATE YARBUS_FAKE_LSL="$<TARGET_FILE:yarbus_fake_lsl>"
                                                       YARBUS_PYTHON="${YARBUS_PYTHON}")
add_dependencies(yarbus_stream_tests yarbus_fake_lsl)

# Latency from a sample given to the publisher to a subscriber on this machine: prints, asserts nothing.
add_executable(yarbus_stream_latency benchmark/stream_latency.cpp)
target_include_directories(yarbus_stream_latency PRIVATE "${PROJECT_SOURCE_DIR}")
target_include_directories(yarbus_stream_latency SYSTEM PRIVATE "${MSGPACK_INCLUDE_DIR}")
target_link_libraries(yarbus_stream_latency PRIVATE yarbus_stream PkgConfig::ZMQ)
set_target_properties(yarbus_stream_latency PROPERTIES EXCLUDE_FROM_ALL ON)
