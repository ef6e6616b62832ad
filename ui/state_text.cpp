#include "ui/state_text.h"

#include <cmath>

#include "ui/certainty_text.h"
#include "ui/mode_text.h"
#include "ui/report/face_text.h"
#include "ui/report/sample_text.h"

namespace yarbus::ui {

namespace {

QString from_view(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString failure_remedy(FitFailure failure) {
  switch (failure) {
    case FitFailure::too_few_frames:
      return "keep the eye open and in view";
    case FitFailure::one_direction:
    case FitFailure::all_frontal:
    case FitFailure::ill_conditioned:
      return "look slowly around in all directions";
    case FitFailure::diverged:
      return "reset the model and look around again";
  }
  return {};
}

bool shows_frames(PlaybackState state) {
  return state == PlaybackState::playing || state == PlaybackState::paused || state == PlaybackState::ended ||
         state == PlaybackState::reconnecting;
}

/// The eye is there: open, or in a blink that will end.
bool is_seen(const EyeSnapshot& snapshot) {
  if (!shows_frames(snapshot.source.state) || snapshot.source.state == PlaybackState::reconnecting)
    return false;
  if (!snapshot.latest) return false;
  if (snapshot.latest->face) return snapshot.latest->in_blink || iris_pair_of(*snapshot.latest) != nullptr;
  const PupilMiss* miss = snapshot.latest->miss();
  return miss == nullptr || snapshot.latest->in_blink || miss->reason == PupilMissReason::blink;
}

}  // namespace

QString eye_name(EyeSide eye) { return eye == EyeSide::right ? "Right" : "Left"; }

QString source_text(const SourceSnapshot& source) {
  QString name = QString::fromStdString(source.name.empty() ? source.request.location : source.name);
  if (source.name.empty() && source.request.kind == SourceRequest::Kind::simulated_eye)
    name.prepend("simulated eye ");
  switch (source.state) {
    case PlaybackState::closed:
      return "no source open: press Ctrl+O, or drop a file or folder on the window";
    case PlaybackState::opening:
      return "opening " + name + " …";
    case PlaybackState::playing:
      return (source.is_live ? "live: " : "playing ") + name;
    case PlaybackState::paused:
      return "paused: " + name;
    case PlaybackState::ended:
      return "end of " + name;
    case PlaybackState::reconnecting:
      return "lost " + name + ", reconnecting …";
    case PlaybackState::failed:
      return "could not use " + name + ": open another source with Ctrl+O";
  }
  return {};
}

QString tracking_text(const EyeSnapshot& snapshot) {
  if (!snapshot.latest || !shows_frames(snapshot.source.state)) return {};
  return pupil_text(*snapshot.latest);
}

QString model_text(const EyeSnapshot& snapshot) {
  if (!shows_frames(snapshot.source.state)) return {};
  if (is_webcam(snapshot)) return webcam_text(snapshot);
  const ModelSnapshot& state = snapshot.model;
  const QString frozen = state.is_frozen ? ", frozen" : "";
  if (state.model) {
    const FitReport& report = state.model->report;
    if (state.model->stage == FitStage::refraction) {
      // Updated several times a second: that an update is running is not worth a word.
      QString text = "eye model " + certainty_text(snapshot);
      if (report.slips > 0) text += ", " + slips_text(report.slips);
      return text + frozen;
    }
    QString text = QString("eye model settled: %1 fit of %2 frames, %3 px")
                       .arg(from_view(to_string(state.model->stage)))
                       .arg(report.frames_used)
                       .arg(report.rms_px, 0, 'f', 2);
    if (state.is_fitting) text += ", refitting …";
    return text + frozen;
  }
  const bool is_first_fit = state.is_fitting && state.stage != FitStage::refraction;
  if (is_first_fit) return QString("fitting the eye model (%1) …").arg(from_view(to_string(state.stage)));
  if (state.last_report.was_run && state.last_report.failure) {
    return QString("no eye model yet: %1; %2")
               .arg(from_view(to_string(*state.last_report.failure)),
                    failure_remedy(*state.last_report.failure)) +
           frozen;
  }
  if (state.last_report.was_run && !state.last_report.converged) {
    return "no eye model yet: the fit did not settle; look slowly around in all directions" + frozen;
  }
  if (state.stage == FitStage::refraction) return "the eye model starts with the first clear pupil" + frozen;
  return QString("collecting views of the eye: %1 kept").arg(state.observations_kept) + frozen;
}

QString short_state(const EyeSnapshot& snapshot) {
  switch (snapshot.source.state) {
    case PlaybackState::closed:
      return "no source";
    case PlaybackState::opening:
      return "opening";
    case PlaybackState::paused:
      return "paused";
    case PlaybackState::ended:
      return "ended";
    case PlaybackState::reconnecting:
      return "reconnecting";
    case PlaybackState::failed:
      return "failed";
    case PlaybackState::playing:
      break;
  }
  if (!snapshot.latest) return "waiting";
  if (snapshot.latest->in_blink) return "blink";
  if (is_webcam(snapshot)) return webcam_eye_state(snapshot, EyeSide::right);
  return snapshot.latest->observation() != nullptr ? "tracking" : "pupil lost";
}

QString scene_waiting_text(const EyeSnapshot& snapshot) {
  if (!shows_frames(snapshot.source.state)) return "The 3-D eye appears here once a source is open.";
  if (is_webcam(snapshot)) return "Head and eyes appear here once a face is followed.";
  if (snapshot.model.stage == FitStage::refraction)
    return "The 3-D eye appears here with the first clear pupil.";
  const QString text = model_text(snapshot);
  return text.left(1).toUpper() + text.mid(1) +
         ".\n\nThe 3-D eye appears here when the eye has been seen from enough sides.";
}

QString errors_text(const TruthErrors& errors, bool has_model) {
  QStringList parts;
  parts << (errors.gaze_deg ? QString("gaze %1°").arg(*errors.gaze_deg, 0, 'f', 1)
            : has_model     ? QString("no gaze")
                            : QString("no gaze yet"));
  parts << (errors.ellipse_px ? QString("outline %1 px").arg(*errors.ellipse_px, 0, 'f', 2)
                              : QString("no outline"));
  if (errors.pupil_diameter_mm) {
    const double error_mm = *errors.pupil_diameter_mm;
    const QString size = QString::number(std::abs(error_mm), 'f', 2);
    const QString sign = size == "0.00" ? "" : error_mm < 0.0 ? "−" : "+";
    parts << "pupil " + sign + size + " mm";
  } else {
    parts << "no pupil size";
  }
  return parts.join(", ");
}

QString truth_text(const EyeSnapshot& snapshot) {
  if (!snapshot.truth_errors || !shows_frames(snapshot.source.state)) return {};
  return "error: " + errors_text(*snapshot.truth_errors, snapshot.model.model != nullptr);
}

QString binocular_text(const EyeSnapshot& right, const EyeSnapshot& left, const BinocularSnapshot& both) {
  const bool has_right = right.source.state != PlaybackState::closed;
  const bool has_left = left.source.state != PlaybackState::closed;
  if (!has_right && !has_left) return {};
  for (const EyeSnapshot* eye : {&right, &left}) {
    if (!is_webcam(*eye)) continue;
    return is_seen(*eye) ? "one webcam for both eyes: " + tracking_text(*eye)
                         : QString("one webcam for both eyes: no gaze now");
  }
  if (!has_left) return "right eye alone: the left has no source";
  if (!has_right) return "left eye alone: the right has no source";
  const bool sees_right = is_seen(right);
  const bool sees_left = is_seen(left);
  if (!sees_right && !sees_left) return "both eyes lost";
  if (!sees_left) return "left eye lost: right alone";
  if (!sees_right) return "right eye lost: left alone";
  if (!both.latest) return "both eyes";
  if (const VergencePoint* point = both.latest->vergence_point())
    return QString("both eyes, gaze lines meet %1 mm away").arg(point->distance_mm, 0, 'f', 0);
  switch (std::get<VergenceMiss>(both.latest->vergence)) {
    case VergenceMiss::parallel:
      return "both eyes, gaze lines parallel";
    case VergenceMiss::diverging:
      return "both eyes, gaze lines diverge";
    case VergenceMiss::one_eye:
    case VergenceMiss::unknown_geometry:
      break;
  }
  return "both eyes";
}

QString health_text(const EyeSnapshot& snapshot) {
  const HealthSnapshot& health = snapshot.health;
  if (health.frames_captured == 0) return "no frames yet";
  const std::uint64_t lost = health.dropped_by_queue + health.dropped_by_source;
  if (lost == 0) return "keeping up: every frame was used";
  const double share = 100.0 * static_cast<double>(lost) /
                       static_cast<double>(health.frames_captured + health.dropped_by_source);
  return QString("%1 frames (%2 %) lost, the newest always used").arg(lost).arg(share, 0, 'f', 1);
}

QString stage_name(FitStage stage) {
  switch (stage) {
    case FitStage::unprojection:
      return "1  Unprojection";
    case FitStage::unoptimised:
      return "2  Unoptimised model";
    case FitStage::contrast:
      return "3  Region contrast";
    case FitStage::edge:
      return "4  Edge distance";
    case FitStage::refraction:
      return "5  Refraction";
  }
  return {};
}

}  // namespace yarbus::ui
