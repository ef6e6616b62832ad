#pragma once

#include <functional>
#include <string>

#include "eyemodel/types/result.h"

namespace yarbus {

/// The top of every thread: names it (15 characters at most, as the kernel keeps), runs `body`, and turns
/// whatever it throws into `on_failure(Error{internal})`. The only place that catches everything.
void run_guarded(const std::string& thread_name, const std::function<void()>& body,
                 const std::function<void(Error)>& on_failure);

}  // namespace yarbus
