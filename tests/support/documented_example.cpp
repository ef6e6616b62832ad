#include "tests/support/documented_example.h"

#include <fstream>

namespace yarbus::test {

std::string documented_example(const std::string& page) {
  std::ifstream stream(std::string(YARBUS_SOURCE_DIR) + "/docs/" + page);
  std::string program;
  bool is_inside = false;
  for (std::string line; std::getline(stream, line);) {
    if (line == "```python") {
      is_inside = true;
    } else if (line == "```") {
      if (is_inside) break;
    } else if (is_inside) {
      program += line + '\n';
    }
  }
  return program;
}

}  // namespace yarbus::test
