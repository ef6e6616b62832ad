#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "app/session/model_fitter.h"
#include "eyemodel/fit/observation_store.h"
#include "eyemodel/online/keyframe_gate.h"
#include "eyemodel/types/gaze_sample.h"
#include "tracker/events/blink_detector.h"
#include "tracker/pupil/corneal_feature_finder.h"
#include "tracker/pupil/pupil_detector.h"

namespace yarbus {

/// The options of everything one frame goes through.
struct EyeTrackerOptions {
  PupilDetectorOptions detector;
  BlinkDetectorOptions blink;
  ObservationStoreOptions store;
  FitOptions fit;
  OnlineModelOptions online;
  KnownEye known;                     ///< stage `refraction`: what its model begins with
  double update_interval_s = 0.2;     ///< stage `refraction`: between updates of the model
  bool keeps_recording = false;       ///< keep the views of a whole recording, for a fit over all of it
  int frames_to_first_fit = 30;       ///< kept observations before the first fit
  double refit_growth = 0.5;          ///< next fit after this fraction of new observations ...
  int max_frames_between_fits = 300;  ///< ... but no later than after this many
};

/// What a frame goes through, from image to gaze, for one eye: detection, undistortion, prediction, blink
/// filter, and the keeping of observations for the next fit. The one path for the window and for files.
/// Threads: one owner. No allocation per frame once warm, apart from the observations kept for a fit.
class EyeTracker {
 public:
  EyeTracker(const EyeTrackerOptions& options, const CameraIntrinsics& intrinsics);

  /// Fills everything of `sample` but `timings.total`. Labels that became final are appended to `settled`.
  void process(const FramePtr& frame, GazeSample& sample, std::vector<LabelledFrame>& settled);
  /// Labels the frames still waiting at the end of a stream.
  void finish(std::vector<LabelledFrame>& settled) { blinks_.finish(settled); }

  /// A fit whose time has come, unless frozen: by the number of observations, or for the online model of
  /// stage `refraction` by time.
  std::optional<FitJob> take_due_fit_job();
  /// A fit of that stage over all that is kept now; stage `refraction` follows slips, unless it is fitted to
  /// contrast.
  [[nodiscard]] FitJob make_fit_job(FitStage stage) const;
  /// The model anew from what is kept: a fit, or a new online model that sees it all again.
  FitJob make_refit_job();
  /// Takes the model of a usable outcome that started from the current model. False: stale or unusable;
  /// nothing changes.
  bool apply(const FitOutcome& outcome);
  /// True if the outcome started from another model than the current one.
  [[nodiscard]] bool is_stale(const FitOutcome& outcome) const { return outcome.base_version != version_; }

  void set_stage(FitStage stage);
  void set_frozen(bool frozen) { frozen_ = frozen; }
  [[nodiscard]] bool is_frozen() const { return frozen_; }
  /// Begins anew, in stage `refraction` and not frozen, with what is known of the wearer's eye.
  void begin_with(KnownEye known);
  /// Forgets model and observations, and what was known of the wearer.
  void reset_model();
  /// After a seek: time may go back; the model stays.
  void restart_time();
  /// Uses this model from now on and fits no other (the second pass over a file).
  void fix_model(EyeModelPtr model);

  [[nodiscard]] const CameraIntrinsics& intrinsics() const { return intrinsics_; }
  [[nodiscard]] const EyeModelPtr& model() const { return model_; }
  [[nodiscard]] FitStage stage() const { return options_.fit.stage; }
  [[nodiscard]] std::size_t observations_kept() const {
    return stage() == FitStage::refraction ? keyframes_.size() : store_.size();
  }
  [[nodiscard]] int blink_count() const { return blinks_.blink_count(); }
  std::vector<BlinkEvent> take_blinks() { return blinks_.take_events(); }

 private:
  void estimate_pose(const Frame& frame, const PupilObservation& observation, GazeSample& sample);
  std::optional<EyePose> predict_pose(const Frame& frame, const PupilObservation& undistorted);
  void keep_for_fit(const Frame& frame, const PupilObservation& captured, const PupilObservation& undistorted,
                    const std::optional<EyePose>& pose);
  bool is_unusually_covered(const PupilObservation& captured);
  void keep_in_store(const Frame& frame, const PupilObservation& captured,
                     const PupilObservation& undistorted, const std::optional<EyePose>& pose);
  void keep_keyframe(const Frame& frame, const PupilObservation& captured,
                     const PupilObservation& undistorted, const std::optional<EyePose>& pose);
  CornealFeatures find_corneal_features(const Frame& frame, const PupilObservation& captured,
                                        const std::optional<EyePose>& pose);

  EyeTrackerOptions options_;
  CameraIntrinsics intrinsics_;
  PupilDetector detector_;
  CornealFeatureFinder corneal_features_;
  BlinkDetector blinks_;
  ObservationStore store_;      ///< stages up to `edge`, and fits to contrast
  KeyframeGate keyframe_gate_;  ///< stage `refraction`, as the next two
  std::deque<FitFrame> keyframes_;
  std::vector<FitFrame> fresh_;  ///< not yet assimilated
  std::uint64_t online_model_ = 0;
  std::optional<CaptureTime> last_update_;
  EyeModelPtr model_;
  std::uint64_t version_ = 0;         ///< rises with each applied model and each reset
  std::optional<PupilPrior> prior_;   ///< of the next frame
  std::optional<EyePose> last_pose_;  ///< of the last frame, if trusted, under the current model
  std::optional<CaptureTime> last_captured_at_;
  ImagePatch patch_;                     ///< of the frame at hand, for the contrast stage; keeps its memory
  std::optional<double> usual_closure_;  ///< of the lid, a slow mean over the frames with a pupil
  bool frozen_ = false;
  int kept_since_fit_ = 0;
  int kept_in_all_ = 0;
};

}  // namespace yarbus
