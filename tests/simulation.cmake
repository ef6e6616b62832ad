yarbus_test(yarbus_simulation_tests
  SOURCES unit/simulation/corneal_optics_test.cpp
  LIBRARIES yarbus_simulation)
