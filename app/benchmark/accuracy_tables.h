#pragma once

#include <string>
#include <vector>

#include "app/benchmark/accuracy.h"
#include "app/benchmark/table.h"

namespace yarbus::benchmark {

/// The tables of a run, the paper's two first. What cannot be measured or did not fit says so in words.
std::vector<Table> accuracy_tables(const AccuracyResult& result);

/// The whole report: heading, command, machine, tables, and what they mean.
std::string accuracy_markdown(const AccuracyResult& result);

}  // namespace yarbus::benchmark
