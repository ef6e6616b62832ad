#include "app/benchmark/evaluate.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "app/benchmark/run_datasets.h"
#include "app/session/eye_tracker.h"
#include "eyemodel/fit/predict.h"
#include "eyemodel/geometry/undistort.h"

namespace yarbus::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

/// Kept frames at which the benchmark asks how good the model already is: from the fewest that a fit takes,
/// each step about a third more.
constexpr int first_learning_step = 10;
constexpr double learning_growth = 1.3;

/// One labelled frame and what the detector found in it.
struct Seen {
  FrameLabel label;
  std::optional<PupilObservation> undistorted;
  CaptureTime captured_at{};
  ImagePatch patch;  ///< the pixels around it, for the contrast stage
};

/// As the tracker predicts it.
std::optional<EyePose> predict_seen(const EyeModel& model, const Seen& seen, ImagePatch& scratch) {
  if (model.stage != FitStage::contrast) return predict(model, *seen.undistorted, nullptr, seen.captured_at);
  scratch = seen.patch;  // a prediction marks in it what it leaves out
  return predict(model, *seen.undistorted, &scratch);
}

/// Mean gaze error over the counted frames under `model`; nullopt: no frame has a pose, or one is not finite.
std::optional<double> mean_gaze_error_deg(const EyeModel& model, const std::vector<Seen>& frames) {
  double sum_deg = 0.0;
  std::size_t count = 0;
  ImagePatch scratch;
  for (const Seen& seen : frames) {
    if (!seen.undistorted || !seen.label.gaze_dir_in_cam || kind_of(seen.label) != FrameKind::counted)
      continue;
    const auto score = score_pose(seen.label, predict_seen(model, seen, scratch), model.intrinsics);
    if (!score.gaze_deg) continue;
    sum_deg += *score.gaze_deg;
    ++count;
  }
  const double mean_deg = sum_deg / static_cast<double>(count);
  return count > 0 && std::isfinite(mean_deg) ? std::optional(mean_deg) : std::nullopt;
}

bool is_good(const FitOutcome& outcome, const std::vector<Seen>& frames) {
  if (!outcome.model) return false;
  const auto error_deg = mean_gaze_error_deg(*outcome.model, frames);
  return error_deg && *error_deg < good_gaze_error_deg;
}

/// Walks down from all kept frames, so that the first failure ends it: an error that is never under the bound
/// costs no fit at all.
std::optional<int> frames_to_good(const FitJob& whole, const FitOutcome& of_whole,
                                  const std::vector<Seen>& frames, const std::stop_token& stop) {
  if (!is_good(of_whole, frames)) return std::nullopt;
  const int kept = static_cast<int>(whole.frames.size());
  std::vector<int> steps;
  for (double step = first_learning_step; step < kept; step *= learning_growth) {
    steps.push_back(static_cast<int>(std::lround(step)));
  }
  int fewest = kept;
  FitJob job = whole;
  for (auto step = steps.rbegin(); step != steps.rend() && !stop.stop_requested(); ++step) {
    job.frames.resize(static_cast<std::size_t>(*step));
    if (!is_good(ModelFitter{}.run(job, stop), frames)) break;
    fewest = *step;
  }
  return fewest;
}

/// Scores all frames under one stage's outcome, and takes the time of each prediction.
void score_stage(const FitOutcome& outcome, std::size_t stage, const std::vector<Seen>& frames,
                 SubjectScores& scores) {
  ImagePatch scratch;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!frames[i].undistorted || !outcome.model) continue;
    const auto start = Clock::now();
    const auto pose = predict_seen(*outcome.model, frames[i], scratch);
    scores.predict_times[stage].push_back(Clock::now() - start);
    scores.scores[i].stages[stage] = score_pose(frames[i].label, pose, outcome.model->intrinsics);
  }
}

}  // namespace

Result<SubjectScores> evaluate(Dataset& dataset, const OnEvaluateProgress& on_progress, std::stop_token stop,
                               const EvaluateOptions& asked) {
  SubjectScores scores;
  scores.name = dataset.name();
  scores.group = dataset.group();
  scores.width_px = dataset.intrinsics().width_px;
  scores.height_px = dataset.intrinsics().height_px;

  EyeTrackerOptions options;
  options.fit.stage = FitStage::contrast;  // keeps the pixels, which the other stages do not mind
  options.fit.refraction_by_contrast = asked.refraction_by_contrast;
  options.keeps_recording = true;
  EyeTracker tracker(options, dataset.intrinsics());
  std::vector<Seen> frames;
  std::vector<FrameLabel> labels;
  std::vector<LabelledFrame> settled;
  GazeSample sample;
  while (true) {
    auto image = dataset.next(stop);
    if (!image) return image.error();
    if (image->frame == nullptr) break;
    settled.clear();
    tracker.process(image->frame, sample, settled);
    scores.detect_times.push_back(sample.timings.detect);
    ++scores.frames;
    on_progress({"detecting", scores.frames, dataset.frame_count()});
    if (!image->label) continue;
    const PupilObservation* observation = sample.observation();
    Seen seen{*image->label, std::nullopt, image->frame->captured_at, {}};
    if (observation != nullptr) seen.undistorted = undistort(dataset.intrinsics(), *observation);
    if (seen.undistorted) {
      cut_undistorted_patch(dataset.intrinsics(), image->frame->gray.view(), seen.undistorted->ellipse,
                            seen.patch);
    }
    scores.scores.push_back(score_detection(
        seen.label, observation != nullptr ? std::optional(observation->ellipse) : std::nullopt));
    labels.push_back(seen.label);
    frames.push_back(std::move(seen));
  }
  if (stop.stop_requested()) return interrupted(dataset.name());
  sample = {};
  for (const FrameLabel& label : dataset.labels_without_frame()) {
    scores.scores.push_back(score_detection(label, std::nullopt));
    labels.push_back(label);
    frames.push_back({label, std::nullopt, {}, {}});
    ++scores.labels_without_frame;
  }
  if (const auto missing = missing_frames(dataset, scores.frames, labels.size())) return *missing;
  scores.measurable = measurable_in(labels);

  scores.frames_kept = tracker.make_fit_job(FitStage::edge).frames.size();
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    on_progress({"fitting " + std::string(to_string(stages[stage])), 0, std::nullopt});
    const FitJob job = tracker.make_fit_job(stages[stage]);
    const FitOutcome outcome = ModelFitter{}.run(job, stop);
    if (stop.stop_requested()) return interrupted(dataset.name());
    scores.fits[stage].report = outcome.report;
    score_stage(outcome, stage, frames, scores);
    if (scores.measurable.gaze) {
      scores.fits[stage].frames_to_good = frames_to_good(job, outcome, frames, stop);
      if (stop.stop_requested()) return interrupted(dataset.name());
    }
  }
  return scores;
}

}  // namespace yarbus::benchmark
