#include "app/session/eye_tracker.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/session/next_prior.h"
#include "eyemodel/fit/predict.h"
#include "eyemodel/geometry/conic.h"
#include "eyemodel/geometry/undistort.h"

namespace yarbus {
namespace {

std::chrono::nanoseconds since(std::chrono::steady_clock::time_point start) {
  return std::chrono::steady_clock::now() - start;
}

/// The circle where the corneal sphere of that radius ends.
Circle3 limbus_in_cam(const EyePose& pose, const OpticalAnatomy& anatomy) {
  const double sag_mm = std::sqrt(std::max(0.0, anatomy.cornea_radius_mm * anatomy.cornea_radius_mm -
                                                    anatomy.limbus_radius_mm * anatomy.limbus_radius_mm));
  const Eigen::Vector3d& axis_in_cam = pose.gaze_dir_in_cam();
  return {pose.eye_center_in_cam_mm + (anatomy.cornea_center_mm + sag_mm) * axis_in_cam, axis_in_cam,
          anatomy.limbus_radius_mm};
}

/// Points that cannot be undistorted are left out.
CornealFeatures undistort(const CameraIntrinsics& intrinsics, const CornealFeatures& captured) {
  if (!intrinsics.has_distortion()) return captured;
  CornealFeatures features;
  for (EdgePoint point : captured.limbus_points) {
    const auto position = undistort_point(intrinsics, point.position_px.cast<double>());
    if (!position) continue;
    point.position_px = position->cast<float>();
    features.limbus_points.push_back(point);
  }
  for (Glint glint : captured.glints) {
    const auto position = undistort_point(intrinsics, glint.position_px);
    if (!position) continue;
    glint.position_px = *position;
    features.glints.push_back(glint);
  }
  return features;
}

/// Views kept for a new start of the online model, unless the whole recording is.
constexpr std::size_t most_keyframes = 300;

/// Poses of two models whose eye centres are nearer than this may be compared.
constexpr double same_place_mm = 0.1;

}  // namespace

EyeTracker::EyeTracker(const EyeTrackerOptions& options, const CameraIntrinsics& intrinsics)
    : options_(options),
      intrinsics_(intrinsics),
      detector_(options.detector),
      blinks_(options.blink),
      store_(options.store, intrinsics.width_px, intrinsics.height_px) {
  YARBUS_CHECK(intrinsics.validate().has_value());
}

void EyeTracker::process(const FramePtr& frame, GazeSample& sample, std::vector<LabelledFrame>& settled) {
  sample.frame = frame;
  sample.model = model_;
  sample.pose.reset();

  const auto detect_start = std::chrono::steady_clock::now();
  sample.pupil = detector_.detect(frame->gray.view(), prior_);
  sample.timings.detect = since(detect_start);

  blinks_.push(frame->sequence, frame->captured_at, EyeOpening::of(sample.pupil), settled);
  sample.in_blink = blinks_.in_blink();

  if (const PupilObservation* observation = sample.observation(); observation != nullptr) {
    estimate_pose(*frame, *observation, sample);
  } else {
    sample.timings.predict = {};
  }
  // The time to the next frame is not known yet: it is taken to be the last one.
  const CaptureTime step = last_captured_at_ ? frame->captured_at - *last_captured_at_ : CaptureTime{};
  prior_ = next_prior(sample, prior_, last_pose_, step);
  last_pose_ = prior_ ? sample.pose : std::nullopt;
  last_captured_at_ = frame->captured_at;
}

void EyeTracker::estimate_pose(const Frame& frame, const PupilObservation& observation, GazeSample& sample) {
  const auto predict_start = std::chrono::steady_clock::now();
  const auto undistorted =
      intrinsics_.has_distortion() ? undistort(intrinsics_, observation) : std::optional(observation);
  if (!undistorted) return;
  if (model_) sample.pose = predict_pose(frame, *undistorted);
  sample.timings.predict = since(predict_start);
  keep_for_fit(frame, observation, *undistorted, sample.pose);
}

std::optional<EyePose> EyeTracker::predict_pose(const Frame& frame, const PupilObservation& undistorted) {
  if (model_->stage != FitStage::contrast) return predict(*model_, undistorted, nullptr, frame.captured_at);
  cut_undistorted_patch(intrinsics_, frame.gray.view(), undistorted.ellipse, patch_);
  return predict(*model_, undistorted, &patch_);
}

CornealFeatures EyeTracker::find_corneal_features(const Frame& frame, const PupilObservation& captured,
                                                  const std::optional<EyePose>& pose) {
  const auto limbus = pose && model_->stage == FitStage::refraction
                          ? project_circle(limbus_in_cam(*pose, model_->anatomy), intrinsics_)
                          : std::nullopt;
  CornealFeatures features;
  corneal_features_.find(frame.gray.view(), captured, limbus ? distort(intrinsics_, *limbus) : std::nullopt,
                         features);
  return undistort(intrinsics_, features);
}

void EyeTracker::keep_for_fit(const Frame& frame, const PupilObservation& captured,
                              const PupilObservation& undistorted, const std::optional<EyePose>& pose) {
  // Frames at the edge of a closure carry half-covered pupils: they are left to the blink.
  if (frozen_ || blinks_.in_blink()) return;
  if (stage() == FitStage::refraction || options_.keeps_recording)
    keep_keyframe(frame, captured, undistorted, pose);
  keep_in_store(frame, captured, undistorted, pose);  // of use as soon as another stage is chosen
}

/// Where the lid covers much of the pupil what is left of its outline is short, and partly the lid's. Eyes
/// whose lids always hang low are used as they are.
bool EyeTracker::is_unusually_covered(const PupilObservation& captured) {
  constexpr double much_closure = 0.35;
  constexpr double above_usual = 0.15;
  constexpr double gain = 0.02;
  const double closure = captured.lid_closure.value_or(0.0);
  usual_closure_ = usual_closure_ ? *usual_closure_ + gain * (closure - *usual_closure_) : closure;
  return closure > std::max(much_closure, *usual_closure_ + above_usual);
}

void EyeTracker::keep_keyframe(const Frame& frame, const PupilObservation& captured,
                               const PupilObservation& undistorted, const std::optional<EyePose>& pose) {
  if (is_unusually_covered(captured) || !keyframe_gate_.take(undistorted, frame.captured_at)) return;
  keyframes_.push_back({frame.sequence, undistorted, nullptr, frame.captured_at,
                        find_corneal_features(frame, captured, pose)});
  if (stage() == FitStage::refraction) fresh_.push_back(keyframes_.back());
  if (!options_.keeps_recording && keyframes_.size() > most_keyframes) keyframes_.pop_front();
  if (fresh_.size() > most_keyframes) fresh_.erase(fresh_.begin());
}

void EyeTracker::keep_in_store(const Frame& frame, const PupilObservation& captured,
                               const PupilObservation& undistorted, const std::optional<EyePose>& pose) {
  if (!store_.would_keep(undistorted)) return;
  FitFrame kept{frame.sequence, undistorted, nullptr, frame.captured_at, {}};
  if (options_.fit.refraction_by_contrast) kept.features = find_corneal_features(frame, captured, pose);
  if (options_.fit.stage == FitStage::contrast || options_.fit.refraction_by_contrast) {
    auto patch = std::make_shared<ImagePatch>();
    cut_undistorted_patch(intrinsics_, frame.gray.view(), undistorted.ellipse, *patch);
    kept.patch = std::move(patch);
  }
  if (!store_.add(std::move(kept))) return;
  ++kept_since_fit_;
  ++kept_in_all_;
}

std::optional<FitJob> EyeTracker::take_due_fit_job() {
  if (frozen_) return std::nullopt;
  if (stage() == FitStage::refraction) {
    if (fresh_.empty() || !last_captured_at_) return std::nullopt;
    const auto interval = std::chrono::duration<double>(options_.update_interval_s);
    const bool is_due =
        !last_update_ || *last_captured_at_ < *last_update_ || *last_captured_at_ - *last_update_ >= interval;
    if (!is_due) return std::nullopt;
    last_update_ = last_captured_at_;
    FitJob job = make_fit_job(FitStage::refraction);
    job.kind = FitJob::Kind::assimilate;
    job.frames = std::move(fresh_);
    fresh_.clear();
    return job;
  }
  const double growth = options_.refit_growth * (kept_in_all_ - kept_since_fit_);
  const double due = std::clamp(growth, static_cast<double>(options_.frames_to_first_fit),
                                static_cast<double>(options_.max_frames_between_fits));
  if (kept_since_fit_ < due) return std::nullopt;
  kept_since_fit_ = 0;
  return make_fit_job(stage());
}

FitJob EyeTracker::make_fit_job(FitStage stage) const {
  FitJob job;
  // Pixels are kept in the store, which bounds them, and contrast is fitted with one eye centre.
  const bool is_smoothed = stage == FitStage::refraction && !options_.fit.refraction_by_contrast;
  job.kind = is_smoothed ? FitJob::Kind::smooth : FitJob::Kind::fit;
  job.base_version = version_;
  job.online_model = online_model_;
  job.intrinsics = intrinsics_;
  job.options = options_.fit;
  job.options.stage = stage;
  job.options.refraction_by_contrast &= stage == FitStage::refraction;
  job.online_options = options_.online;
  job.known = options_.known;
  if (is_smoothed) {
    job.frames.assign(keyframes_.begin(), keyframes_.end());
  } else {
    job.frames = store_.frames();
  }
  return job;
}

FitJob EyeTracker::make_refit_job() {
  if (stage() == FitStage::refraction) {
    ++online_model_;
    fresh_.clear();
  }
  FitJob job = make_fit_job(stage());
  if (stage() == FitStage::refraction) job.kind = FitJob::Kind::assimilate;
  return job;
}

bool EyeTracker::apply(const FitOutcome& outcome) {
  if (is_stale(outcome) || !outcome.model.has_value()) return false;
  auto model = std::make_shared<EyeModel>(*outcome.model);
  model->version = ++version_;
  const bool is_near = model_ && model_->stage == model->stage &&
                       (model_->eye_center_in_cam_mm - model->eye_center_in_cam_mm).norm() < same_place_mm;
  if (!is_near) last_pose_.reset();
  model_ = std::move(model);
  return true;
}

void EyeTracker::set_stage(FitStage stage) {
  if (stage == options_.fit.stage) return;
  options_.fit.stage = stage;
  if (stage == FitStage::contrast) store_.clear();  // what was kept has no pixels with it
  kept_in_all_ = static_cast<int>(store_.size());
  kept_since_fit_ = 0;
  if (stage == FitStage::refraction) {
    ++online_model_;
    fresh_.assign(keyframes_.begin(), keyframes_.end());
  }
}

void EyeTracker::begin_with(KnownEye known) {
  reset_model();
  set_stage(FitStage::refraction);
  set_frozen(false);
  options_.known = std::move(known);
}

void EyeTracker::reset_model() {
  options_.known = {};
  store_.clear();
  usual_closure_.reset();
  keyframes_.clear();
  keyframe_gate_.restart();
  fresh_.clear();
  ++online_model_;
  last_update_.reset();
  model_.reset();
  last_pose_.reset();
  ++version_;
  kept_since_fit_ = 0;
  kept_in_all_ = 0;
}

void EyeTracker::restart_time() {
  blinks_.restart();
  keyframe_gate_.restart();
  prior_.reset();
  last_pose_.reset();
  last_captured_at_.reset();
}

void EyeTracker::fix_model(EyeModelPtr model) {
  model_ = std::move(model);
  last_pose_.reset();
  version_ = model_ ? model_->version : 0;
  frozen_ = true;
}

}  // namespace yarbus
