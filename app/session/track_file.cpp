#include "app/session/track_file.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "app/session/channel.h"
#include "app/session/open_source.h"
#include "app/session/percentiles.h"
#include "app/session/source_request.h"
#include "app/session/thread_guard.h"
#include "app/session/truth_errors.h"
#include "tracker/capture/frame_source.h"

namespace yarbus {
namespace {

/// Frames decoded ahead of the one being processed.
constexpr std::size_t frames_ahead = 4;
/// Pupils less visible than this are not asked how near their outline came to the truth.
constexpr double half_visible = 0.5;

/// A source read on its own thread into a bounded channel.
class FrameReader {
 public:
  FrameReader(FrameSource& source, std::stop_token stop)
      : source_(source),
        channel_(frames_ahead, Overflow::block),
        outer_stop_(std::move(stop), [this] { this->stop(); }) {
    thread_ = std::jthread([this](const std::stop_token& token) {
      run_guarded(
          "capture", [&] { read(token); }, [this](Error error) { fail(std::move(error)); });
    });
  }
  ~FrameReader() { stop(); }
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  /// nullopt at the end, after a stop or an error.
  std::optional<FramePtr> next() { return channel_.pop(); }
  /// Why reading ended, once `next()` has returned nullopt.
  std::optional<Error> take_error() {
    thread_.join();
    return std::exchange(error_, std::nullopt);
  }

 private:
  void read(const std::stop_token& token) {
    while (!token.stop_requested()) {
      auto frame = source_.next(token);
      if (token.stop_requested()) break;
      if (!frame) return fail(frame.error());
      if (*frame == nullptr || !channel_.push(std::move(*frame))) break;
    }
    channel_.close();
  }
  void fail(Error error) {
    error_ = std::move(error);
    channel_.close();
  }
  void stop() {
    thread_.request_stop();
    channel_.close();
  }

  FrameSource& source_;
  Channel<FramePtr> channel_;
  std::optional<Error> error_;
  std::jthread thread_;
  std::stop_callback<std::function<void()>> outer_stop_;
};

/// One run over the source's frames.
struct Pass {
  EyeTracker tracker;
  ModelFitter fitter;
  ObjectPool<GazeSample> samples{4, [](GazeSample& sample) { sample = GazeSample{}; }};
  std::uint64_t frames = 0;
  FitReport last_report;

  Pass(const EyeTrackerOptions& options, const CameraIntrinsics& intrinsics) : tracker(options, intrinsics) {}

  void fit_now(const FitJob& job) {
    const FitOutcome outcome = fitter.run(job);
    last_report = outcome.report;
    tracker.apply(outcome);
  }
};

/// The value that `share` of the others lie below; the order of `values` is lost. nullopt without values.
std::optional<double> quantile(std::vector<float>& values, double share) {
  if (values.empty()) return std::nullopt;
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::min(index, values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

TrackEnd track_file(const TrackRequest& request, TrackSink& sink,
                    const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop) {
  TrackEnd end;
  TrackSummary& summary = end.summary;
  const auto fail = [&](const Error& error) {
    end.error = error;
    return end;
  };

  const auto opened = open_source(request.source, request.eye, {false, request.max_frames, nullptr});
  if (!opened) return fail(opened.error());
  FrameSource& source = *opened->frames;
  const CameraIntrinsics& intrinsics = opened->intrinsics;
  const SourceInfo& info = source.info();
  if (request.two_pass && !info.is_seekable) {
    return fail({ErrorCode::invalid_option, "two passes need a file or a folder", request.source.location,
                 "Track a live source in one pass, or record it first"});
  }
  summary.intrinsics = intrinsics;
  summary.source = describe_source(request.source, info, intrinsics);

  TrackProgress progress;
  progress.passes = request.two_pass ? 2 : 1;
  progress.frames_total = info.frame_count;
  if (request.max_frames && (!progress.frames_total || *request.max_frames < *progress.frames_total)) {
    progress.frames_total = request.max_frames;
  }

  // Runs over all frames; `report` is called with each sample and may end the pass with an error.
  const auto run_pass = [&](Pass& pass, auto&& report) -> std::optional<Error> {
    std::optional<Error> error;
    std::optional<CaptureTime> first_time;
    std::vector<LabelledFrame> settled;
    {
      FrameReader reader(source, stop);
      while (!error && !stop.stop_requested() && (!request.max_frames || pass.frames < *request.max_frames)) {
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
        if (!first_time) first_time = (*frame)->captured_at;
        ++pass.frames;
        error = report(*sample, seconds((*frame)->captured_at - *first_time), settled);
        if (const auto job = pass.tracker.take_due_fit_job()) pass.fit_now(*job);
        progress.frames_done = pass.frames;
        on_progress(progress);
      }
    }
    if (stop.stop_requested()) summary.was_interrupted = true;
    return error;
  };

  EyeModelPtr fixed_model;
  if (request.two_pass) {
    EyeTrackerOptions keeping = request.tracker;
    keeping.keeps_recording = true;
    Pass first(keeping, intrinsics);
    const auto nothing = [](const GazeSample&, double,
                            const std::vector<LabelledFrame>&) -> std::optional<Error> {
      return std::nullopt;
    };
    // A source that breaks off does so again in the second pass, which is the one that reports it.
    run_pass(first, nothing);
    if (!summary.was_interrupted) first.fit_now(first.tracker.make_fit_job(request.tracker.fit.stage));
    fixed_model = first.tracker.model();
    summary.last_report = first.last_report;
    if (const auto rewound = source.seek(0); !rewound) return fail(rewound.error());
    progress.pass = 2;
  }

  if (const auto begun = sink.begin(summary.source); !begun) return fail(begun.error());
  EyeTrackerOptions options = request.tracker;
  if (request.wearer) {
    WearerUse use = use_of_wearer(*request.wearer, request.eye, intrinsics);
    options.known = std::move(use.known);
    summary.wearer_caveat = std::move(use.caveat);
  }
  Pass pass(options, intrinsics);
  if (request.two_pass) pass.tracker.fix_model(fixed_model);

  std::vector<float> reprojection_errors_px;
  std::vector<float> outline_errors_px;
  std::vector<std::chrono::nanoseconds> detect_times;
  std::vector<std::chrono::nanoseconds> predict_times;
  const auto report_labels = [&](const std::vector<LabelledFrame>& labels) -> std::optional<Error> {
    for (const LabelledFrame& label : labels) {
      if (const auto written = sink.on_label(label); !written) return written.error();
    }
    return std::nullopt;
  };
  const auto report = [&](const GazeSample& sample, double time_s,
                          const std::vector<LabelledFrame>& labels) -> std::optional<Error> {
    detect_times.push_back(sample.timings.detect);
    if (sample.observation() != nullptr) {
      ++summary.frames_with_pupil;
      predict_times.push_back(sample.timings.predict);
    } else {
      ++summary.misses[static_cast<std::size_t>(sample.miss()->reason)];
    }
    if (sample.pose) {
      ++summary.frames_with_gaze;
      reprojection_errors_px.push_back(static_cast<float>(sample.pose->reprojection_error_px));
    }
    if (const auto& truth = sample.frame->truth; truth && truth->visible_fraction >= half_visible) {
      if (const auto error_px = compare_with_truth(sample).ellipse_px)
        outline_errors_px.push_back(static_cast<float>(*error_px));
    }
    if (const auto written = sink.on_sample(sample, time_s); !written) return written.error();
    return report_labels(labels);
  };
  end.error = run_pass(pass, report);

  std::vector<LabelledFrame> rest;
  pass.tracker.finish(rest);
  if (const auto error = report_labels(rest); error && !end.error) end.error = error;

  summary.frames = pass.frames;
  summary.blinks = pass.tracker.take_blinks();
  summary.model = pass.tracker.model();
  if (!request.two_pass) summary.last_report = pass.last_report;
  summary.median_reprojection_error_px = quantile(reprojection_errors_px, 0.5);
  summary.median_outline_error_px = quantile(outline_errors_px, 0.5);
  summary.p95_outline_error_px = quantile(outline_errors_px, 0.95);
  summary.detect = percentiles_of(detect_times);
  summary.predict = percentiles_of(predict_times);
  if (summary.frames == 0 && !end.error && !summary.was_interrupted) {
    end.error = Error{ErrorCode::input_empty, "the source gave no frames", request.source.location,
                      "Give a video or folder with at least one image"};
  }
  return end;
}

}  // namespace yarbus
