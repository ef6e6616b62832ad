#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calibration/procedure/gaze_consistency.h"
#include "calibration/procedure/point_result.h"
#include "calibration/procedure/procedure_options.h"

namespace yarbus {

/// A fault of a whole calibration.
enum class FindingKind : std::uint8_t {
  no_frames,        ///< the camera delivered nothing
  no_eye,           ///< no eye in any frame
  invalid_numbers,  ///< rays that are not numbers
  half_missing,     ///< half of the points or more
  points_missing,   ///< fewer
  points_poor,
  gaze_at_one_place,  ///< the eye did not follow the targets
  gaze_elsewhere,     ///< the eye moved, but not as the targets did
  one_eye_lost,
  slippage,      ///< the eye's centre moved between points
  wrong_size,    ///< the eye turned much more or less than screen and distance ask for
  display_lost,  ///< the window did not show the target
  fit_refused,   ///< by who fits
  head_pass,     ///< the head hardly moved meanwhile, or its face was lost
};

constexpr std::string_view to_string(FindingKind kind) {
  constexpr std::array<std::string_view, 14> names{
      "no-frames",         "no-eye",       "invalid-numbers", "half-missing", "points-missing",
      "points-poor",       "one-place",    "gaze-elsewhere",  "one-eye-lost", "slippage",
      "wrong-screen-size", "display-lost", "fit-refused",     "head-pass"};
  return names[static_cast<std::size_t>(kind)];
}

/// What is wrong, in words, and what to do.
struct Finding {
  FindingKind kind = FindingKind::no_eye;
  std::optional<EyeSide> eye;
  std::vector<int> points;        ///< that it concerns, as in PointResult::point
  std::string text;               ///< a sentence without a full stop
  std::string remedy;             ///< likewise
  bool is_blocking = false;       ///< no fit comes of it unasked
  bool is_resolved = false;       ///< was found earlier and is no longer so
  bool is_of_validation = false;  ///< found after the validation
};

/// Frames recorded while targets were shown.
struct FrameCounts {
  int frames = 0;
  int usable = 0;   ///< with at least one eye
  int invalid = 0;  ///< with a ray that is not a number
};

struct FaultReport {
  std::vector<Finding> findings;
  GazeConsistency consistency;
  std::vector<int> looked_elsewhere;  ///< points, as in PointResult::point
  std::vector<int> before_slip;       ///< likewise

  [[nodiscard]] bool is_blocked() const;
};

/// Names the faults of a calibration from its points (all shown, with their latest results) and its frames.
/// Missing and poor points are those that are, or are not, of the validation as `is_validation` says; the
/// other questions use all points. The head pass is none of them. In the validation nothing blocks. Pure;
/// allocates.
FaultReport find_faults(std::span<const PointResult> points, const FrameCounts& counts,
                        std::array<bool, 2> is_tracked, const ScreenGeometry& screen,
                        const ProcedureOptions& options, bool is_validation);

}  // namespace yarbus
