#include "app/session/eye_track.h"

#include <algorithm>
#include <utility>

#include "app/session/frame_reader.h"
#include "app/session/percentiles.h"
#include "app/session/source_request.h"
#include "app/session/truth_errors.h"
#include "eyemodel/fit/focal_length_check.h"

namespace yarbus {
namespace {

/// Pupils less visible than this are not asked how near their outline came to the truth.
constexpr double half_visible = 0.5;
/// A short recording's first pass leaves out fewer frames, or none: its model needs them.
constexpr std::uint64_t least_first_pass_frames = 120;

/// The value that `share` of the others lie below; the order of `values` is lost. nullopt without values.
std::optional<double> quantile(std::vector<float>& values, double share) {
  if (values.empty()) return std::nullopt;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::min(index, values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

}  // namespace

/// One run over the source's frames.
struct EyeTrack::Pass {
  EyeTracker tracker;
  ModelFitter fitter;
  ObjectPool<GazeSample> samples;
  std::uint64_t frames = 0;
  FitReport last_report;

  Pass(const EyeTrackerOptions& options, const CameraIntrinsics& intrinsics, std::size_t samples_alive)
      : tracker(options, intrinsics),
        samples(samples_alive, [](GazeSample& sample) { sample = GazeSample{}; }) {}

  void fit_now(const FitJob& job) {
    const FitOutcome outcome = fitter.run(job);
    last_report = outcome.report;
    tracker.apply(outcome);
  }
};

EyeTrack::EyeTrack(const TrackRequest& request, OpenedSource source, std::size_t samples_alive)
    : request_(request), source_(std::move(source)), samples_alive_(samples_alive) {
  summary_.intrinsics = source_.intrinsics;
  summary_.source = describe_source(request_.source, source_.frames->info(),
                                    {source_.intrinsics, source_.intrinsics_origin, source_.intrinsics_note});
  frames_total_ = summary_.source.frame_count;
  if (request_.max_frames && (!frames_total_ || *request_.max_frames < *frames_total_))
    frames_total_ = request_.max_frames;
  if (request_.wearer) {
    WearerUse use = use_of_wearer(*request_.wearer, request_.eye, source_.intrinsics);
    request_.tracker.known = std::move(use.known);
    summary_.wearer_caveat = std::move(use.caveat);
  }
}

Result<OpenedSource> EyeTrack::open(const TrackRequest& request) {
  auto opened = open_source(request.source, request.eye, {false, request.max_frames, nullptr});
  if (!opened) return opened.error();
  if (request.two_pass && !opened->frames->info().is_seekable) {
    return Error{ErrorCode::invalid_option, "two passes need a file or a folder", request.source.location,
                 "Track a live source in one pass, or record it first"};
  }
  return opened;
}

std::optional<Error> EyeTrack::run(Pass& pass, const Report& report, const OnFrame& on_frame,
                                   const std::stop_token& stop, std::uint64_t stride) {
  std::optional<Error> error;
  std::vector<LabelledFrame> settled;
  {
    FrameReader reader(*source_.frames, stop, stride);
    while (!error && !stop.stop_requested() &&
           (!request_.max_frames || pass.frames * stride < *request_.max_frames)) {
      auto frame = reader.next();
      if (!frame.has_value()) {
        error = reader.take_error();
        break;
      }
      auto sample = pass.samples.acquire();
      YARBUS_CHECK(sample != nullptr);
      settled.clear();
      const auto start = std::chrono::steady_clock::now();
      pass.tracker.process(*frame, *sample, settled);
      sample->timings.total = std::chrono::steady_clock::now() - start;
      ++pass.frames;
      error = report(sample, settled);
      if (const auto job = pass.tracker.take_due_fit_job()) pass.fit_now(*job);
      on_frame(std::min(pass.frames * stride, frames_total_.value_or(pass.frames * stride)));
    }
  }
  if (stop.stop_requested()) summary_.was_interrupted = true;
  return error;
}

std::uint64_t EyeTrack::first_pass_stride() const {
  if (!request_.first_pass_interval_s || !frames_total_) return 1;
  const double frames = *request_.first_pass_interval_s * summary_.source.nominal_rate_hz;
  return std::max<std::uint64_t>(
      1, std::min(static_cast<std::uint64_t>(frames), *frames_total_ / least_first_pass_frames));
}

void EyeTrack::fit_first(const OnFrame& on_frame, const std::stop_token& stop) {
  EyeTrackerOptions keeping = request_.tracker;
  keeping.keeps_recording = true;
  Pass first(keeping, source_.intrinsics, 1);
  const auto nothing = [](const GazeSamplePtr&, const std::vector<LabelledFrame>&) -> std::optional<Error> {
    return std::nullopt;
  };
  run(first, nothing, on_frame, stop, first_pass_stride());
  if (!summary_.was_interrupted) {
    first_job_ = first.tracker.make_fit_job(request_.tracker.fit.stage);
    first.fit_now(*first_job_);
  }
  fixed_model_ = first.tracker.model();
  summary_.last_report = first.last_report;
}

void EyeTrack::refit_first(const FitOptions& options, const std::stop_token& stop) {
  if (!first_job_) return;
  first_job_->options = options;
  const FitOutcome outcome = ModelFitter{}.run(*first_job_, stop);
  if (!outcome.model) return;  // the first one stands
  auto model = std::make_shared<EyeModel>(*outcome.model);
  model->version = fixed_model_ ? fixed_model_->version + 1 : 1;
  fixed_model_ = std::move(model);
  summary_.last_report = outcome.report;
}

void EyeTrack::note(const GazeSample& sample) {
  detect_times_.push_back(sample.timings.detect);
  if (sample.observation() != nullptr) {
    ++summary_.frames_with_pupil;
    predict_times_.push_back(sample.timings.predict);
  } else {
    ++summary_.misses[static_cast<std::size_t>(sample.miss()->reason)];
  }
  if (sample.pose) {
    ++summary_.frames_with_gaze;
    reprojection_errors_px_.push_back(static_cast<float>(sample.pose->reprojection_error_px));
  }
  if (const auto& truth = sample.frame->truth; truth && truth->visible_fraction >= half_visible) {
    if (const auto error_px = compare_with_truth(sample).ellipse_px)
      outline_errors_px_.push_back(static_cast<float>(*error_px));
  }
}

std::optional<Error> EyeTrack::report_all(const Report& report, const OnFrame& on_frame,
                                          const std::stop_token& stop) {
  first_job_.reset();
  Pass pass(request_.tracker, source_.intrinsics, samples_alive_);
  if (request_.two_pass) pass.tracker.fix_model(fixed_model_);
  auto error = run(
      pass,
      [&](const GazeSamplePtr& sample, const std::vector<LabelledFrame>& labels) {
        note(*sample);
        return report(sample, labels);
      },
      on_frame, stop);
  source_.frames.reset();  // nobody reads it any more

  std::vector<LabelledFrame> rest;
  pass.tracker.finish(rest);
  if (auto late = report(nullptr, rest); late && !error) error = std::move(late);
  summary_.frames = pass.frames;
  summary_.blinks = pass.tracker.take_blinks();
  summary_.model = pass.tracker.model();
  if (!request_.two_pass) summary_.last_report = pass.last_report;
  return error;
}

TrackSummary EyeTrack::take_summary() {
  if (summary_.model) {
    const auto doubt = doubt_focal_length(*summary_.model);
    summary_.focal_length_doubt = doubt ? doubt->to_text() : "";
  }
  summary_.median_reprojection_error_px = quantile(reprojection_errors_px_, 0.5);
  summary_.median_outline_error_px = quantile(outline_errors_px_, 0.5);
  summary_.p95_outline_error_px = quantile(outline_errors_px_, 0.95);
  summary_.detect = percentiles_of(detect_times_);
  summary_.predict = percentiles_of(predict_times_);
  return std::move(summary_);
}

}  // namespace yarbus
