#pragma once

#include <string>
#include <vector>

#include "app/benchmark/detection.h"
#include "app/benchmark/table.h"

namespace yarbus::benchmark {

/// The tables of a run, what was found first. What cannot be measured says so in words.
std::vector<Table> detection_tables(const DetectionResult& result);

/// The whole report: heading, command, machine, tables, and what they mean.
std::string detection_markdown(const DetectionResult& result);

}  // namespace yarbus::benchmark
