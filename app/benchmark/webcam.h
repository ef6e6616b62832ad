#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/machine.h"
#include "app/benchmark/progress.h"
#include "app/benchmark/webcam_subject.h"

namespace yarbus::benchmark {

/// Everything a run of `yarbus benchmark webcam` found.
struct WebcamResult {
  std::string version;
  std::string command;
  Machine machine;
  std::vector<WebcamFigures> subjects;
  std::size_t subjects_asked = 0;
  std::optional<std::uint64_t> peak_memory_bytes;
};

/// One mapper over the subjects of one group: the median over subjects of their median errors, and the worst.
struct WebcamSummaryRow {
  std::string group;
  std::string mapper;  ///< "chosen" too
  std::size_t subjects = 0;
  double median_deg = 0.0;  ///< per frame
  double worst_deg = 0.0;
  double target_deg = 0.0;            ///< median, per target
  std::optional<double> coverage_68;  ///< mean
};
/// A function of the figures alone, in the order of groups and mappers.
std::vector<WebcamSummaryRow> summarise(const std::vector<WebcamFigures>& subjects);

/// One after another. Errors: run_webcam_subject()'s, of the first that fails. A stop ends it early.
Result<WebcamResult> run_webcam(std::vector<Dataset> datasets, const WebcamPlan& plan,
                                const OnDatasetProgress& on_progress, const std::stop_token& stop);

std::string webcam_markdown(const WebcamResult& result);

}  // namespace yarbus::benchmark
