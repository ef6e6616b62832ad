#include "ui/mode_text.h"

#include "ui/report/face_text.h"

namespace yarbus::ui {

bool is_webcam(const EyeSnapshot& snapshot) {
  return snapshot.source.state != PlaybackState::closed && snapshot.source.mode == TrackingMode::webcam;
}

QString mode_name(TrackingMode mode) {
  switch (mode) {
    case TrackingMode::webcam:
      return "Webcam (face)";
    case TrackingMode::near_eye:
      return "Eye camera (pupil)";
    case TrackingMode::automatic:
      return "Recognise again";
  }
  return {};
}

QString mode_explanation(TrackingMode mode) {
  switch (mode) {
    case TrackingMode::webcam:
      return "An ordinary camera at arm's length from the face: gaze from both irises, at 1 to 3 degrees.";
    case TrackingMode::near_eye:
      return "A camera a few centimetres from one eye, best with infrared light: gaze from the pupil.";
    case TrackingMode::automatic:
      return "The first images show which it is. It can be changed under Source at any time.";
  }
  return {};
}

QString mode_text(const SourceSnapshot& source) {
  if (source.state == PlaybackState::closed || source.state == PlaybackState::failed ||
      source.state == PlaybackState::opening)
    return {};
  QString name = mode_name(source.mode);
  name[0] = name[0].toLower();
  return source.mode_reason.empty() ? name : name + ": " + QString::fromStdString(source.mode_reason);
}

QString webcam_text(const EyeSnapshot& snapshot) {
  if (!is_webcam(snapshot) || !snapshot.latest) return {};
  QStringList parts;
  if (snapshot.faces_seen > 1) parts << QString("%1 faces: click to choose").arg(snapshot.faces_seen);
  if (snapshot.is_lifeless) parts << "nothing moves in this face: a photograph?";
  if (const QString head = head_text(*snapshot.latest); !head.isEmpty()) parts << head;
  return parts.join("; ");
}

QString webcam_eye_state(const EyeSnapshot& snapshot, EyeSide side) {
  if (!snapshot.latest || !snapshot.latest->face) return "waiting";
  const GazeSample& sample = *snapshot.latest;
  if (sample.in_blink) return "blink";
  if (const IrisPair* pair = iris_pair_of(sample)) {
    const auto& eye = pair->eye(side);
    return !eye ? "hidden" : is_sure(*eye) ? "followed" : "unsure";
  }
  switch (std::get<FaceMiss>(*sample.face).reason) {
    case FaceMissReason::no_face:
      return "no face";
    case FaceMissReason::too_dark:
      return "too dark";
    case FaceMissReason::too_small:
      return "too far";
    case FaceMissReason::turned_away:
      return "turned away";
    case FaceMissReason::covered:
      return "hidden";
    case FaceMissReason::eyes_closed:
      return "closed";
  }
  return "no face";
}

QString only_for_eye_cameras() { return "Only for eye cameras: a webcam has no eye model"; }

}  // namespace yarbus::ui
