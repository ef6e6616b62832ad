#pragma once

#include <string>

namespace yarbus::test {

/// The first Python program of a page of the documentation, as it stands there; empty: it has none.
std::string documented_example(const std::string& page);

}  // namespace yarbus::test
