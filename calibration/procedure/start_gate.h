#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "calibration/procedure/procedure_frame.h"
#include "calibration/procedure/procedure_options.h"

namespace yarbus {

/// Why an eye is not ready to be calibrated, or may not stay so.
enum class GateReason : std::uint8_t {
  ready,
  not_tracked,
  invalid_numbers,
  too_dark,
  too_bright,
  eye_closed,
  out_of_frame,
  occluded,
  low_contrast,
  no_pupil,
  no_face,
  face_too_small,
  face_turned,
  low_confidence,
  no_model,
  not_settled,
  too_slow,  ///< too few frames a second to see still gaze
  lost_looking_down,
  lost_looking_up,
  lost_looking_aside,
};
constexpr std::size_t gate_reason_count = static_cast<std::size_t>(GateReason::lost_looking_aside) + 1;

/// What the camera sees, for the words: an eye's pupil close up, or a face with its irises.
enum class GateView : std::uint8_t { pupil, face };
std::string_view to_text(GateReason reason, GateView view);     ///< "pupil lost when you look down"
std::string_view remedy_for(GateReason reason, GateView view);  ///< "tilt the camera so that ..."

/// One eye at the gate.
struct EyeGate {
  bool is_open = false;
  GateReason reason = GateReason::not_tracked;  ///< `ready` when open
  /// In an open eye too: what will cost points (the pupil is lost in some direction of gaze); else `ready`.
  GateReason advice = GateReason::ready;
  GateView view = GateView::pupil;
};

/// Looks at both eyes until the calibration can start. One eye is enough.
/// Method: leaky averages (0.5 s) of the share of good frames and of each reason's share; an eye opens at
/// 80 % good, closes below 50 %, and the reason shown changes only for one that is clearly more frequent.
/// Blinks of up to 0.4 s do not count. A loss is attributed to the direction, against the eye's mean, in
/// which it was last seen. Threads: one owner. No heap.
class StartGate {
 public:
  explicit StartGate(const ProcedureOptions& options);

  void clear();
  void push(const ProcedureFrame& frame);  ///< times rise
  [[nodiscard]] const EyeGate& eye(EyeSide side) const { return eyes_[index_of(side)].shown; }
  [[nodiscard]] bool is_open() const { return eyes_[0].shown.is_open || eyes_[1].shown.is_open; }
  /// For how long an open eye without advice against it has been seen, s; losses count double against it.
  [[nodiscard]] double held_s() const;
  /// "left eye ready; right eye: image too dark. One eye is enough."
  [[nodiscard]] std::string to_text() const;

 private:
  struct Eye {
    EyeGate shown;
    double good_share = 0.0;
    std::array<double, gate_reason_count> reason_share{};
    double held_s = 0.0;
    double closed_s = 0.0;
    bool has_axis = false;
    Eigen::Vector2d mean_angles_deg = Eigen::Vector2d::Zero();  ///< azimuth, elevation in cam
    Eigen::Vector2d last_angles_deg = Eigen::Vector2d::Zero();
    Eigen::Vector2d last_step_deg = Eigen::Vector2d::Zero();  ///< between the last two frames that saw it
    std::array<double, 4> lost_s{};  ///< by where the eye was last seen: down, up, aside, middle
    double seen_s = 0.0;
  };
  [[nodiscard]] GateReason reason_of(const EyeStatus& status, const std::optional<EyeRay>& ray) const;
  void push_eye(Eye& eye, const EyeStatus& status, const std::optional<EyeRay>& ray, double step_s);
  static void watch_directions(Eye& eye, GateReason reason, const std::optional<EyeRay>& ray, double step_s);
  static void show(Eye& eye);

  GateView view_;
  double longest_interval_s_;  ///< between frames that still show what is still
  double min_confidence_;
  double dark_gray_;
  double bright_gray_;
  std::array<Eye, 2> eyes_;
  std::optional<CaptureTime> last_;
  double interval_s_ = 0.0;  ///< between frames, leaky average
};

}  // namespace yarbus
