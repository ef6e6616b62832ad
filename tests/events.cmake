yarbus_test(yarbus_events_tests
  SOURCES unit/events/blink_detector_test.cpp unit/events/fixation_detector_test.cpp
  LIBRARIES yarbus_events)
