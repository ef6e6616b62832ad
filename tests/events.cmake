# Of the simulator only how eyes move: it needs no renderer.
yarbus_test(yarbus_events_tests
  SOURCES unit/events/blink_detector_test.cpp unit/events/fixation_detector_test.cpp unit/events/fixation_extent_test.cpp unit/events/gaze_events_test.cpp
          unit/events/gaze_velocity_test.cpp unit/events/main_sequence_test.cpp unit/events/pupil_series_test.cpp
          unit/events/saccade_detector_test.cpp synthetic/events/gaze_events_accuracy_test.cpp
          ${PROJECT_SOURCE_DIR}/eyemodel/simulation/eye_motion.cpp ${PROJECT_SOURCE_DIR}/eyemodel/simulation/gaze_motion.cpp
  LIBRARIES yarbus_events)
