#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

namespace yarbus {

/// Which targets are shown. `one` is the check of a calibration by one point (recentre).
enum class TargetLayout : std::uint8_t { one, five, nine, thirteen, pursuit };

constexpr std::string_view to_string(TargetLayout layout) {
  switch (layout) {
    case TargetLayout::one:
      return "one point";
    case TargetLayout::five:
      return "5 points";
    case TargetLayout::nine:
      return "9 points";
    case TargetLayout::thirteen:
      return "13 points";
    case TargetLayout::pursuit:
      return "a moving point";
  }
  return "unknown";
}

/// Where the procedure of a calibration is.
enum class ProcedurePhase : std::uint8_t {
  idle,
  gate,         ///< waits until an eye is ready
  calibration,  ///< shows targets
  review,       ///< waits for a person: something is wrong
  fitting,      ///< waits for fit_finished()
  validation,   ///< shows the other targets
  scoring,      ///< waits for score_finished()
  done,
  aborted,
};

constexpr std::string_view to_string(ProcedurePhase phase) {
  constexpr std::array<std::string_view, 9> names{"idle",       "gate",    "calibration", "review", "fitting",
                                                  "validation", "scoring", "done",        "aborted"};
  return names[static_cast<std::size_t>(phase)];
}

enum class TargetStep : std::uint8_t {
  requested,  ///< the window must show it and report target_shown()
  settling,   ///< on the screen; reaction and saccade are waited for
  sampling,
};

/// The target to draw. Frames & units: screen, mm.
struct TargetView {
  int target = 0;  ///< number of the showing, for target_shown()
  int point = 0;
  TargetStep step = TargetStep::requested;
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
  double shrink = 0.0;         ///< 0 full size, 1 a dot
  double progress = 0.0;       ///< 0..1 of the still gaze that it needs; of the head pass: of its time
  bool is_gaze_still = false;  ///< of the head pass: the face is seen
  bool waits_for_key = false;
  /// The head pass: it is looked at while the head turns. Words tell the person so.
  bool is_head_pass = false;
  double time_left_s = 0.0;  ///< of the head pass
};

/// What a point of a calibration is worth.
enum class PointVerdict : std::uint8_t { waiting, missing, poor, good };

constexpr std::string_view to_string(PointVerdict verdict) {
  switch (verdict) {
    case PointVerdict::waiting:
      return "waiting";
    case PointVerdict::missing:
      return "missing";
    case PointVerdict::poor:
      return "poor";
    case PointVerdict::good:
      return "good";
  }
  return "unknown";
}

/// What came of a point, in words. Frames & units: screen, mm, deg.
struct PointView {
  int point = 0;
  Eigen::Vector2d position_in_screen_mm = Eigen::Vector2d::Zero();
  bool is_validation = false;
  PointVerdict verdict = PointVerdict::waiting;
  std::string reason;  ///< why it is not good; empty: it is, or waits
  std::string remedy;
  int attempts = 0;
  int samples = 0;
  double spread_deg = 0.0;
  double data_loss = 1.0;         ///< 0..1
  std::optional<double> off_deg;  ///< from where the other points expect the gaze
  bool is_head_pass = false;      ///< looked at while the head moved: no point of the grid
};

/// A fault of a whole calibration, in words.
struct FindingView {
  std::string name;  ///< "one-eye-lost"
  std::string text;
  std::string remedy;
  std::vector<int> points;
  bool is_blocking = false;
  bool is_resolved = false;
  bool is_of_validation = false;
};

}  // namespace yarbus
