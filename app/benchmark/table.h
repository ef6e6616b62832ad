#pragma once

#include <string>
#include <vector>

#include "app/benchmark/detection_rate.h"

namespace yarbus::benchmark {

/// A table with its words: what a run prints and writes.
struct Table {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< each as long as `columns`
  std::vector<std::string> notes;              ///< sentences below it
};

/// Markdown with padded columns, so that it is as readable in a terminal as on a page.
std::string to_markdown(const Table& table);

/// What a cell says when a recording lacks the truth for it.
inline constexpr const char* not_measurable = "not measurable";

/// "98.0 % of 500", or that there is no such frame.
std::string share_text(const DetectionRate& rate);
/// "490/500", "–" for no frames.
std::string count_text(const DetectionRate& rate);

/// `value` with `decimals` digits after the point; "NaN" if it is not finite.
std::string number_text(double value, int decimals);

}  // namespace yarbus::benchmark
