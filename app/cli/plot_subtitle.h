#pragma once

#include <QString>
#include <cstddef>
#include <string>

#include "app/benchmark/machine.h"

namespace yarbus::cli {

/// "2 subjects, 600 frames that count. Yarbus 1.2 on some processor".
QString plot_subtitle(std::size_t count, const char* noun, std::size_t counted_frames,
                      const std::string& version, const benchmark::Machine& machine);

}  // namespace yarbus::cli
