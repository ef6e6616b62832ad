yarbus_test(yarbus_types_tests
  SOURCES unit/types/fisheye_test.cpp unit/types/object_pool_test.cpp unit/types/rigid_transform_test.cpp unit/types/types_test.cpp
  LIBRARIES yarbus_types)
