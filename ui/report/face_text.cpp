#include "ui/report/face_text.h"

#include <algorithm>
#include <cmath>

#include "ui/report/face_geometry.h"

namespace yarbus::ui {

namespace {

constexpr double least_said_turn_deg = 3.0;
constexpr double least_said_tilt_deg = 5.0;

QString confidence_text(double confidence) { return QString("confidence %1").arg(confidence, 0, 'f', 2); }

QString whole_deg(double angle_deg, const char* positive, const char* negative) {
  return QString("%1° %2").arg(std::abs(angle_deg), 0, 'f', 0).arg(angle_deg >= 0.0 ? positive : negative);
}

QString turn_text(const HeadTurn& turn) {
  QStringList parts;
  if (std::abs(turn.azimuth_deg) >= least_said_turn_deg)
    parts << whole_deg(turn.azimuth_deg, "right", "left");
  if (std::abs(turn.elevation_deg) >= least_said_turn_deg)
    parts << whole_deg(turn.elevation_deg, "up", "down");
  QString text = parts.isEmpty() ? QString("facing the camera") : "turned " + parts.join(", ");
  if (std::abs(turn.tilt_deg) >= least_said_tilt_deg)
    text += ", leaning " + whole_deg(turn.tilt_deg, "right", "left");
  return text;
}

QString without_gaze(const std::optional<IrisObservation>& eye) { return eye ? "unsure" : "hidden"; }

}  // namespace

bool is_sure(const IrisObservation& eye) { return eye.confidence >= least_sure_confidence; }

const IrisPair* iris_pair_of(const GazeSample& sample) {
  return sample.face ? std::get_if<IrisPair>(&*sample.face) : nullptr;
}

QString face_miss_text(FaceMissReason reason) {
  switch (reason) {
    case FaceMissReason::no_face:
      return "no face: look towards the camera";
    case FaceMissReason::too_dark:
      return "image too dark: switch a light on";
    case FaceMissReason::too_small:
      return "face too far away: come nearer";
    case FaceMissReason::turned_away:
      return "head turned away: face the camera";
    case FaceMissReason::covered:
      return "eyes hidden by a hand, hair, dark glasses or a reflection: free them";
    case FaceMissReason::eyes_closed:
      return "eyes closed: open them";
  }
  return "no face";
}

QString face_text(const GazeSample& sample) {
  if (!sample.face) return {};
  if (sample.in_blink) return "eyes closed: blink";
  if (const auto* miss = std::get_if<FaceMiss>(&*sample.face)) return face_miss_text(miss->reason);
  const IrisPair& pair = std::get<IrisPair>(*sample.face);
  const auto& right = pair.eye(EyeSide::right);
  const auto& left = pair.eye(EyeSide::left);
  if (!right && !left) return face_miss_text(FaceMissReason::covered);
  const bool has_right = right && is_sure(*right);
  const bool has_left = left && is_sure(*left);
  if (has_right && has_left)
    return "both irises followed, " + confidence_text(0.5 * (right->confidence + left->confidence));
  if (has_right)
    return "right iris followed, " + confidence_text(right->confidence) + "; left eye " + without_gaze(left);
  if (has_left)
    return "left iris followed, " + confidence_text(left->confidence) + "; right eye " + without_gaze(right);
  const double best = std::max(right ? right->confidence : 0.0, left ? left->confidence : 0.0);
  return "irises unsure, " + confidence_text(best) + ": more light, or open the eyes";
}

QString head_text(const GazeSample& sample) {
  const IrisPair* pair = iris_pair_of(sample);
  if (pair == nullptr || !pair->sight) return {};
  const HeadPose& head = pair->sight->head;
  const double distance_cm = 0.1 * head.cam_from_head.translation_mm.z();
  if (!std::isfinite(distance_cm) || !head.cam_from_head.rotation.allFinite()) return {};
  return QString("head %1 cm away, ").arg(distance_cm, 0, 'f', 0) + turn_text(head_turn_of(head));
}

QString face_eye_text(const GazeSample& sample, EyeSide side) {
  if (!sample.face) return {};
  if (const auto* miss = std::get_if<FaceMiss>(&*sample.face)) {
    if (miss->reason == FaceMissReason::eyes_closed || sample.in_blink) return "closed";
    return miss->reason == FaceMissReason::covered ? "hidden" : "not seen";
  }
  const auto& eye = std::get<IrisPair>(*sample.face).eye(side);
  if (!eye) return sample.in_blink ? "closed" : "hidden";
  return QString("iris %1, %2, %3 % open")
      .arg(is_sure(*eye) ? "followed" : "unsure", confidence_text(eye->confidence))
      .arg(100.0 * eye->openness, 0, 'f', 0);
}

}  // namespace yarbus::ui
