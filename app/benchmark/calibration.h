#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/calibration_subject.h"
#include "app/benchmark/machine.h"
#include "app/benchmark/statistics.h"
#include "app/benchmark/times.h"

namespace yarbus::benchmark {

/// How much of everything. The defaults are the full size.
struct CalibrationOptions {
  SubjectPlan plan;           ///< of the rendered subjects; the outlined ones stop after the validation
  std::size_t subjects = 10;  ///< rendered
  std::size_t outline_subjects = 400;
  std::uint64_t first_seed = 1;
  unsigned threads = 1;  ///< for outlined subjects; a rendered one uses all cores by itself

  /// The size that the tests run: one short course, a few outlined subjects.
  void make_quick();
};

/// Median and largest over subjects.
struct MiddleAndWorst {
  std::size_t subjects = 0;
  double median = 0.0;
  double worst = 0.0;
};
/// nullopt for no values. One that is not finite makes both so.
std::optional<MiddleAndWorst> middle_and_worst(std::vector<double> values);

/// What subjects of one level gave together: a function of the figures alone.
struct CalibrationSummary {
  std::size_t subjects = 0;
  std::size_t done = 0;   ///< ran to the end by themselves
  std::size_t named = 0;  ///< in which the fault asked for was named
  std::optional<MiddleAndWorst> reported_deg;
  std::optional<MiddleAndWorst> true_deg;   ///< at the validation's targets
  std::optional<MiddleAndWorst> fresh_deg;  ///< true error at other places, afterwards
  std::optional<MiddleAndWorst> wander_deg;
  std::optional<MiddleAndWorst> reported_off_deg;        ///< |reported - true| at the validation's targets
  std::optional<MiddleAndWorst> reported_off_fresh_deg;  ///< |reported - true| at other places
  std::array<std::optional<MiddleAndWorst>, 3> left_out_deg;  ///< by mapper
  std::array<std::size_t, 3> chosen{};
  /// Mean over subjects of the share of validation frames whose stated 68 % region holds the target, and the
  /// place truly looked at; and the standard error of the first.
  std::optional<double> coverage_68;
  std::optional<double> coverage_68_se;
  std::optional<double> truth_coverage_68;
  std::optional<MiddleAndWorst> axis_error_deg;
  std::optional<MiddleAndWorst> gate_s;
  std::optional<MiddleAndWorst> to_gaze_s;
  std::optional<MiddleAndWorst> length_s;
  std::optional<MiddleAndWorst> samples;
  std::optional<MiddleAndWorst> map_us;
  std::optional<Times> fit;
  std::size_t slips = 0;  ///< subjects whose camera slipped after the calibration
  std::size_t slips_imagined = 0;
  std::size_t slips_in_time = 0;  ///< named within slip_within_s
  std::optional<MiddleAndWorst> slip_named_s;
  std::optional<MiddleAndWorst> slip_deg;
  std::optional<MiddleAndWorst> recentred_deg;
  std::size_t head_moves = 0;
  std::size_t head_moves_named = 0;
};
constexpr double slip_within_s = 5.0;

CalibrationSummary summarise(const std::vector<SubjectFigures>& subjects, ViewerFault fault);

/// Everything a run of `yarbus benchmark calibration` found.
struct CalibrationResult {
  std::string version;
  std::string command;
  Machine machine;
  CalibrationOptions options;
  std::vector<SubjectFigures> rendered;
  std::vector<SubjectFigures> outlined;
  std::optional<std::uint64_t> peak_memory_bytes;
  bool was_interrupted = false;
};

/// Rendered subjects one after another, then the outlined ones in parallel; `on_progress(part, done, total)`.
CalibrationResult run_calibration(
    const CalibrationOptions& options,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& on_progress,
    const std::stop_token& stop);

}  // namespace yarbus::benchmark
