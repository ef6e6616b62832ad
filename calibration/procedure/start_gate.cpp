#include "calibration/procedure/start_gate.h"

#include <algorithm>
#include <cmath>

#include "eyemodel/geometry/axis_angles.h"

namespace yarbus {
namespace {

constexpr double average_s = 0.5;
constexpr double open_share = 0.8;
constexpr double close_share = 0.5;
constexpr double reason_lead = 0.1;
constexpr double blink_s = 0.4;
constexpr double direction_memory_s = 10.0;
constexpr double mean_memory_s = 4.0;
/// A pupil that is lost in the middle of a saccade was on its way further.
constexpr double lost_in_saccade_steps = 3.0;
constexpr double off_middle_deg = 5.0;
/// An eye seen for less has no mean direction yet.
constexpr double least_seen_s = 1.0;
constexpr double lost_advice_s = 0.6;
constexpr double lost_share = 0.7;
/// A frame after a gap counts for no more than this.
constexpr double longest_step_s = 0.1;
/// So many intervals between frames in the stillness test's window, and it sees three frames.
constexpr double least_intervals = 2.925;
constexpr double interval_weight = 0.1;

enum Direction : std::size_t { down, up, aside, middle };

/// The pupil itself is what is missing, for a cause that may lie in where the eye looks.
bool is_pupil_lost(GateReason reason) {
  switch (reason) {
    case GateReason::too_dark:
    case GateReason::too_bright:
    case GateReason::out_of_frame:
    case GateReason::occluded:
    case GateReason::low_contrast:
    case GateReason::no_pupil:
    case GateReason::no_face:
    case GateReason::face_turned:
    case GateReason::low_confidence:
      return true;
    default:
      return false;
  }
}

GateReason reason_of_face(FaceMissReason miss) {
  switch (miss) {
    case FaceMissReason::no_face:
      return GateReason::no_face;
    case FaceMissReason::too_dark:
      return GateReason::too_dark;
    case FaceMissReason::too_small:
      return GateReason::face_too_small;
    case FaceMissReason::turned_away:
      return GateReason::face_turned;
    case FaceMissReason::covered:
      return GateReason::occluded;
    case FaceMissReason::eyes_closed:
      return GateReason::eye_closed;
  }
  return GateReason::no_face;
}

Eigen::Vector2d angles_deg(const Eigen::Vector3d& axis_in_cam) {
  return {degrees_of(std::atan2(axis_in_cam.x(), -axis_in_cam.z())),
          degrees_of(std::atan2(-axis_in_cam.y(), std::hypot(axis_in_cam.x(), axis_in_cam.z())))};
}

/// Of a face where the words for a pupil would be wrong; else empty.
std::string_view face_text(GateReason reason) {
  switch (reason) {
    case GateReason::no_pupil:
      return "no iris found";
    case GateReason::occluded:
      return "eye hidden by a lid, a hand, hair, dark glasses or a reflection";
    case GateReason::low_contrast:
      return "image too dark for the iris";
    case GateReason::low_confidence:
      return "iris found, but not surely";
    case GateReason::out_of_frame:
      return "face at the image's edge";
    case GateReason::lost_looking_down:
      return "iris lost when you look down";
    case GateReason::lost_looking_up:
      return "iris lost when you look up";
    case GateReason::lost_looking_aside:
      return "iris lost when you look aside";
    default:
      return {};
  }
}

std::string_view face_remedy(GateReason reason) {
  switch (reason) {
    case GateReason::no_pupil:
      return "look towards the screen, with light on your face";
    case GateReason::too_slow:
      return "more light, or a faster mode of the camera, or close what keeps the computer busy; 12 frames a "
             "second are the least";
    case GateReason::occluded:
      return "free the eye; turn the glasses or the lamp until no reflection covers it";
    case GateReason::too_dark:
    case GateReason::low_contrast:
      return "switch a light on in front of you";
    case GateReason::low_confidence:
      return "more light from the front, or come nearer";
    case GateReason::out_of_frame:
      return "sit in the middle of the picture";
    case GateReason::lost_looking_down:
    case GateReason::lost_looking_up:
    case GateReason::lost_looking_aside:
      return "put the webcam nearer to that side of the screen";
    default:
      return {};
  }
}

}  // namespace

std::string_view to_text(GateReason reason, GateView view) {
  if (view == GateView::face) {
    if (const auto of_face = face_text(reason); !of_face.empty()) return of_face;
  }
  switch (reason) {
    case GateReason::ready:
      return "ready";
    case GateReason::not_tracked:
      return "not tracked";
    case GateReason::invalid_numbers:
      return "the eye's ray is not a number";
    case GateReason::too_dark:
      return "image too dark";
    case GateReason::too_bright:
      return "image too bright";
    case GateReason::eye_closed:
      return "eye closed";
    case GateReason::out_of_frame:
      return "pupil at the image's edge";
    case GateReason::occluded:
      return "pupil hidden by lid, lashes or a reflection";
    case GateReason::low_contrast:
      return "pupil without contrast";
    case GateReason::no_pupil:
      return "no pupil found";
    case GateReason::no_face:
      return "no face found";
    case GateReason::face_too_small:
      return "face too far away";
    case GateReason::face_turned:
      return "face turned away";
    case GateReason::low_confidence:
      return "pupil found, but not surely";
    case GateReason::no_model:
      return "no eye model yet";
    case GateReason::not_settled:
      return "eye model not settled";
    case GateReason::too_slow:
      return "too few frames a second";
    case GateReason::lost_looking_down:
      return "pupil lost when you look down";
    case GateReason::lost_looking_up:
      return "pupil lost when you look up";
    case GateReason::lost_looking_aside:
      return "pupil lost when you look aside";
  }
  return "unknown";
}

std::string_view remedy_for(GateReason reason, GateView view) {
  if (view == GateView::face) {
    if (const auto of_face = face_remedy(reason); !of_face.empty()) return of_face;
  }
  switch (reason) {
    case GateReason::ready:
      return "";
    case GateReason::not_tracked:
      return "open a camera for this eye, or go on with the other";
    case GateReason::invalid_numbers:
      return "start the eye model anew; if that does not help, check the camera's intrinsics";
    case GateReason::too_dark:
      return "switch the camera's light on, or raise exposure or gain";
    case GateReason::too_bright:
      return "lower exposure or gain, or shade the eye from the sun";
    case GateReason::eye_closed:
      return "open the eye";
    case GateReason::out_of_frame:
      return "move the camera until the pupil stays in the image wherever you look";
    case GateReason::occluded:
      return "open the eye wide, or move the camera lower or to the side of the reflection";
    case GateReason::low_contrast:
      return "focus the camera and light the eye evenly";
    case GateReason::no_pupil:
      return "point the camera at the eye";
    case GateReason::no_face:
      return "sit before the camera and look towards it";
    case GateReason::face_too_small:
      return "come nearer: 45 to 75 cm are best; or choose a larger image";
    case GateReason::face_turned:
      return "turn towards the camera, or put it nearer to the screen";
    case GateReason::low_confidence:
      return "focus the camera, remove reflections, and clear lashes from the pupil";
    case GateReason::no_model:
    case GateReason::not_settled:
      return "look around slowly: up, down, left and right";
    case GateReason::too_slow:
      return "choose a faster mode of the camera, or close what keeps the computer busy; 20 frames a second "
             "are the least";
    case GateReason::lost_looking_down:
      return "tilt the camera or move it lower, so that it sees the pupil below the lid";
    case GateReason::lost_looking_up:
      return "tilt the camera or move it higher, so that it sees the pupil of the raised eye";
    case GateReason::lost_looking_aside:
      return "move the camera towards the middle of the eye";
  }
  return "";
}

StartGate::StartGate(const ProcedureOptions& options)
    : view_(options.camera_on_head ? GateView::pupil : GateView::face),
      longest_interval_s_(options.fixation_window_s / least_intervals),
      min_confidence_(options.min_confidence),
      dark_gray_(options.dark_gray),
      bright_gray_(options.bright_gray) {
  clear();
}

void StartGate::clear() {
  eyes_ = {};
  for (Eye& eye : eyes_) eye.shown.view = view_;
  last_.reset();
  interval_s_ = 0.0;
}

void StartGate::push(const ProcedureFrame& frame) {
  if (last_) {
    constexpr double longest_gap_s = 1.0;  // one pause is no slow camera
    const double gap_s = std::min(seconds_of(frame.at() - *last_), longest_gap_s);
    interval_s_ = interval_s_ > 0.0 ? interval_s_ + interval_weight * (gap_s - interval_s_) : gap_s;
  }
  const double step_s = last_ ? std::clamp(seconds_of(frame.at() - *last_), 0.0, longest_step_s) : 0.0;
  last_ = frame.at();
  for (const EyeSide side : eye_sides) {
    push_eye(eyes_[index_of(side)], frame.status[index_of(side)], frame.rays.eye(side), step_s);
  }
}

GateReason StartGate::reason_of(const EyeStatus& status, const std::optional<EyeRay>& ray) const {
  if (!status.is_tracked) return GateReason::not_tracked;
  if ((ray && !is_valid(*ray)) || !std::isfinite(status.confidence)) return GateReason::invalid_numbers;
  if (status.is_closed()) return GateReason::eye_closed;
  if (status.is_missed()) {
    // The light explains any kind of miss.
    if (status.mean_gray && *status.mean_gray < dark_gray_) return GateReason::too_dark;
    if (status.mean_gray && *status.mean_gray > bright_gray_) return GateReason::too_bright;
    if (status.face_miss) return reason_of_face(*status.face_miss);
    switch (*status.pupil_miss) {
      case PupilMissReason::out_of_frame:
        return GateReason::out_of_frame;
      case PupilMissReason::occluded:
        return GateReason::occluded;
      case PupilMissReason::low_contrast:
        return GateReason::low_contrast;
      default:
        return GateReason::no_pupil;
    }
  }
  if (status.confidence < min_confidence_) return GateReason::low_confidence;
  if (!status.has_model || !ray) return GateReason::no_model;
  if (!status.is_model_settled) return GateReason::not_settled;
  return GateReason::ready;
}

void StartGate::push_eye(Eye& eye, const EyeStatus& status, const std::optional<EyeRay>& ray, double step_s) {
  GateReason reason = reason_of(status, ray);
  if (reason == GateReason::ready && interval_s_ > longest_interval_s_) reason = GateReason::too_slow;
  eye.closed_s = reason == GateReason::eye_closed ? eye.closed_s + step_s : 0.0;
  if (reason == GateReason::eye_closed && eye.closed_s < blink_s) return;
  watch_directions(eye, reason, ray, step_s);
  const double weight = 1.0 - std::exp(-step_s / average_s);
  eye.good_share += weight * ((reason == GateReason::ready ? 1.0 : 0.0) - eye.good_share);
  for (std::size_t i = 0; i < gate_reason_count; ++i) {
    eye.reason_share[i] +=
        weight * ((static_cast<std::size_t>(reason) == i ? 1.0 : 0.0) - eye.reason_share[i]);
  }
  show(eye);
  const bool is_fine = eye.shown.is_open && eye.shown.advice == GateReason::ready;
  eye.held_s =
      is_fine ? std::max(0.0, eye.held_s + (reason == GateReason::ready ? step_s : -2.0 * step_s)) : 0.0;
}

void StartGate::watch_directions(Eye& eye, GateReason reason, const std::optional<EyeRay>& ray,
                                 double step_s) {
  const double forget = std::exp(-step_s / direction_memory_s);
  for (double& lost_s : eye.lost_s) lost_s *= forget;
  if (ray && reason != GateReason::invalid_numbers && !is_pupil_lost(reason)) {
    const Eigen::Vector2d seen_deg = angles_deg(ray->optical_axis_in_cam);
    eye.last_step_deg =
        eye.has_axis ? Eigen::Vector2d(seen_deg - eye.last_angles_deg) : Eigen::Vector2d::Zero();
    eye.last_angles_deg = seen_deg;
    const double weight =
        eye.has_axis ? 1.0 - std::exp(-step_s / std::min(mean_memory_s, eye.seen_s + step_s)) : 1.0;
    eye.mean_angles_deg += weight * (eye.last_angles_deg - eye.mean_angles_deg);
    eye.has_axis = true;
    eye.seen_s += step_s;
    return;
  }
  if (eye.seen_s < least_seen_s || !is_pupil_lost(reason)) return;
  const Eigen::Vector2d off_deg =
      eye.last_angles_deg + lost_in_saccade_steps * eye.last_step_deg - eye.mean_angles_deg;
  Direction direction = middle;
  if (off_deg.norm() >= off_middle_deg) {
    direction = std::abs(off_deg.x()) > std::abs(off_deg.y()) ? aside : off_deg.y() < 0.0 ? down : up;
  }
  eye.lost_s[direction] += step_s;
}

void StartGate::show(Eye& eye) {
  EyeGate& shown = eye.shown;
  shown.is_open = eye.good_share >= (shown.is_open ? close_share : open_share);

  const double all_lost_s = eye.lost_s[down] + eye.lost_s[up] + eye.lost_s[aside] + eye.lost_s[middle];
  shown.advice = GateReason::ready;
  constexpr std::array advice{GateReason::lost_looking_down, GateReason::lost_looking_up,
                              GateReason::lost_looking_aside};
  for (std::size_t i = 0; i < advice.size(); ++i) {
    if (eye.lost_s[i] >= lost_advice_s && eye.lost_s[i] >= lost_share * all_lost_s) shown.advice = advice[i];
  }
  if (shown.is_open) {
    shown.reason = GateReason::ready;
    return;
  }
  const auto first_fault = eye.reason_share.begin() + 1;
  const auto most = std::max_element(first_fault, eye.reason_share.end());
  const auto most_reason = static_cast<GateReason>(most - eye.reason_share.begin());
  const double shown_share =
      shown.reason == GateReason::ready ? -1.0 : eye.reason_share[static_cast<std::size_t>(shown.reason)];
  if (*most > shown_share + reason_lead) shown.reason = most_reason;
  if (is_pupil_lost(shown.reason) && shown.advice != GateReason::ready &&
      shown.reason != GateReason::too_dark && shown.reason != GateReason::too_bright) {
    shown.reason = shown.advice;
  }
}

double StartGate::held_s() const { return std::max(eyes_[0].held_s, eyes_[1].held_s); }

std::string StartGate::to_text() const {
  std::string text;
  int tracked = 0;
  int open = 0;
  for (const EyeSide side : eye_sides) {
    const EyeGate& gate = eye(side);
    if (gate.reason == GateReason::not_tracked) continue;
    ++tracked;
    open += gate.is_open ? 1 : 0;
    const GateReason reason = gate.is_open ? gate.advice : gate.reason;
    if (!text.empty()) text += "; ";
    text += std::string(to_string(side)) + " eye";
    if (gate.is_open) text += " ready";
    if (reason != GateReason::ready) {
      text += (gate.is_open ? ", but " : ": ") + std::string(yarbus::to_text(reason, view_)) + ": " +
              std::string(remedy_for(reason, view_));
    }
  }
  if (tracked == 0)
    return "No eye is tracked: " +
           std::string(
               remedy_for(view_ == GateView::face ? GateReason::no_face : GateReason::no_pupil, view_)) +
           ".";
  if (tracked == 2 && open == 1) text += ". One eye is enough";
  return text + '.';
}

}  // namespace yarbus
