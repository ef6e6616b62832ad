#include "ui/report/sample_text.h"

#include <cmath>
#include <numbers>

#include "ui/report/face_text.h"

namespace yarbus::ui {

namespace {

constexpr double deg_from_rad = 180.0 / std::numbers::pi;

QString side_text(double angle_deg, const char* positive, const char* negative) {
  return QString("%1° %2").arg(std::abs(angle_deg), 0, 'f', 1).arg(angle_deg >= 0.0 ? positive : negative);
}

QString miss_text(PupilMissReason reason) {
  switch (reason) {
    case PupilMissReason::no_candidate:
      return "looking for the pupil";
    case PupilMissReason::blink:
      return "pupil lost: blink";
    case PupilMissReason::low_contrast:
      return "pupil lost: too little contrast";
    case PupilMissReason::rejected_ellipse:
      return "pupil lost: no clear outline";
    case PupilMissReason::out_of_frame:
      return "pupil lost: cut off by the image border";
    case PupilMissReason::occluded:
      return "pupil lost: mostly hidden";
  }
  return "pupil lost";
}

}  // namespace

GazeAngles gaze_angles_of(const Eigen::Vector3d& direction_in_cam) {
  const double x = direction_in_cam.x();
  const double y = direction_in_cam.y();
  const double z = direction_in_cam.z();
  return {std::atan2(x, -z) * deg_from_rad, std::atan2(-y, std::hypot(x, z)) * deg_from_rad};
}

QString gaze_text(const Eigen::Vector3d& direction_in_cam) {
  const GazeAngles angles = gaze_angles_of(direction_in_cam);
  return side_text(angles.azimuth_deg, "right", "left") + ", " +
         side_text(angles.elevation_deg, "up", "down");
}

QString outcome_text(const PupilOutcome& outcome) {
  if (const auto* miss = std::get_if<PupilMiss>(&outcome)) return miss_text(miss->reason);
  return QString("pupil found, confidence %1").arg(confidence_of(outcome), 0, 'f', 2);
}

QString pupil_text(const GazeSample& sample) {
  if (sample.face) return face_text(sample);
  return sample.in_blink ? "pupil lost: blink" : outcome_text(sample.pupil);
}

QStringList caption_phrases(const GazeSample& sample) {
  QStringList phrases{pupil_text(sample)};
  if (sample.face) {
    if (const QString head = head_text(sample); !head.isEmpty()) phrases << head;
    return phrases;
  }
  if (sample.pose && !sample.in_blink) {
    phrases << "gaze " + gaze_text(sample.pose->gaze_dir_in_cam());
    phrases << QString("pupil %1 mm").arg(sample.pose->pupil_diameter_mm(), 0, 'f', 2);
  } else if (sample.observation() != nullptr && !sample.model) {
    phrases << "no eye model yet";
  }
  return phrases;
}

}  // namespace yarbus::ui
