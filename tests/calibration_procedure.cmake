yarbus_test(yarbus_calibration_procedure_tests
  SOURCES
    property/calibration/random_commands_test.cpp
    support/simulated_participant.cpp
    synthetic/calibration/procedure_faults_test.cpp
    synthetic/calibration/procedure_run_test.cpp
    unit/calibration/procedure/axis_step_test.cpp
    unit/calibration/procedure/consistency_test.cpp
    unit/calibration/procedure/drift_monitor_test.cpp
    unit/calibration/procedure/head_pass_recorder_test.cpp
    unit/calibration/procedure/head_pass_test.cpp
    unit/geometry/dispersion_window_test.cpp
    unit/calibration/procedure/start_gate_test.cpp
    unit/calibration/procedure/target_plan_test.cpp
    ${PROJECT_SOURCE_DIR}/app/allocation_counter.cpp
  LIBRARIES yarbus_calibration yarbus_simulation)
