#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/viewer_run.h"
#include "eyemodel/types/calibration_terms.h"

namespace yarbus::benchmark {

/// How the eyes of a subject are seen.
enum class SubjectLevel : std::uint8_t {
  rendered,  ///< frames are rendered, pupils detected, the live model follows
  outlined,  ///< the pupil's outline with noise, no image; the live model follows
};

/// What one subject goes through.
struct SubjectPlan {
  SubjectLevel level = SubjectLevel::rendered;
  TargetLayout layout = TargetLayout::nine;
  ViewerFault fault = ViewerFault::none;
  ScreenGeometry screen{530.0, 300.0, 1920, 1080, 600.0};
  std::string scenario;         ///< empty: by the seed
  double look_around_s = 10.0;  ///< before the procedure starts
  double limit_s = 150.0;       ///< of the procedure, moving targets included
  int fresh_places = 10;        ///< looked at afterwards; 0: none
  double wander_s = 5.0;        ///< then no target; 0: none
  bool moves_head = true;       ///< then 20 mm to one side, and a check
  bool slips = true;            ///< then 2 mm of slippage, and a recentre
};

/// Gaze against what is true. Degrees, seen from between the eyes.
struct GazeErrors {
  std::optional<double> to_truth_deg;   ///< mean over places of the mean gaze from the mean true gaze
  std::optional<double> to_target_deg;  ///< likewise, from the place shown
  std::optional<double> worst_deg;      ///< of a place, to the truth
  std::optional<double> covers_truth;   ///< share of frames whose stated 68 % region holds it
  std::optional<double> covers_target;
};

struct NamedFinding {
  std::string name;
  std::string text;
  bool is_resolved = false;
};

/// What the checks after the calibration said when the head had moved or the camera slipped.
struct CheckFigures {
  double offset_deg = 0.0;  ///< that the check found
  DriftCause cause = DriftCause::none;
};

/// What came of one subject.
struct SubjectFigures {
  std::uint64_t seed = 0;
  std::string scenario;
  bool is_done = false;  ///< the procedure ran to its end by itself
  std::string end;       ///< in words
  std::vector<NamedFinding> findings;
  std::optional<double> axis_error_deg;  ///< median of the live models' optical axes during the calibration
  std::optional<double> gate_s;
  std::optional<double> to_gaze_s;
  double length_s = 0.0;
  std::size_t samples = 0;
  std::string mapper;
  std::array<std::optional<double>, 3> left_out_deg;  ///< geometric, polynomial, gaussian process
  std::optional<double> fit_ms;
  std::optional<double> map_us;
  std::optional<double> reported_deg;  ///< the accuracy that the wizard reports
  GazeErrors validation;
  GazeErrors fresh;
  std::optional<double> wander_deg;        ///< mean over frames outside saccades
  std::optional<bool> is_slip_imagined;    ///< the watch reported one before there was any
  std::optional<CheckFigures> head_moved;  ///< a check after the head moved
  std::optional<double> slip_named_s;      ///< from the slip to the watch's report; NaN: never
  std::optional<double> slip_deg;          ///< error after the slip
  std::optional<CheckFigures> slip_check;
  std::optional<double> recentred_deg;  ///< error after one-point recentre
};

/// One subject from the first look around to the last check. Deterministic but for fit_ms and map_us. The
/// scenario of `plan` must exist.
SubjectFigures run_subject(const SubjectPlan& plan, std::uint64_t seed, const std::stop_token& stop = {});

/// The name that the procedure, or for a moved head the check, should give a fault.
std::string expected_name(ViewerFault fault);
/// Whether it did.
bool is_named(const SubjectFigures& subject, ViewerFault fault);

}  // namespace yarbus::benchmark
