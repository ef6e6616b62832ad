#include "app/benchmark/speed.h"

#include <utility>

#include "app/benchmark/run_datasets.h"
#include "app/session/eye_tracker.h"

namespace yarbus::benchmark {
namespace {

using Clock = std::chrono::steady_clock;
using Durations = std::vector<std::chrono::nanoseconds>;

Timing timing_of(std::string name, Durations durations) {
  return {std::move(name), times_of(std::move(durations)).value_or(Times{}), {}};
}

/// What one pass over all frames took.
struct PassTimes {
  Durations detect;
  Durations predict;
  std::chrono::nanoseconds total{};
  std::uint64_t allocations = 0;
};

PassTimes run_pass(EyeTracker& tracker, const std::vector<FramePtr>& frames, const SpeedOptions& options) {
  PassTimes times;
  times.detect.reserve(frames.size());
  times.predict.reserve(frames.size());
  std::vector<LabelledFrame> settled;
  settled.reserve(frames.size());
  GazeSample sample;
  const std::uint64_t allocations_before = options.allocations_so_far ? options.allocations_so_far() : 0;
  for (const FramePtr& frame : frames) {
    settled.clear();
    const auto start = Clock::now();
    tracker.process(frame, sample, settled);
    times.total += Clock::now() - start;
    times.detect.push_back(sample.timings.detect);
    if (sample.pose) times.predict.push_back(sample.timings.predict);
  }
  if (options.allocations_so_far) times.allocations = options.allocations_so_far() - allocations_before;
  return times;
}

Result<std::vector<FramePtr>> read_frames(Dataset& dataset, const SpeedOptions& options,
                                          const std::function<void(const SpeedProgress&)>& on_progress,
                                          const std::stop_token& stop) {
  std::vector<FramePtr> frames;
  while (frames.size() < options.max_frames) {
    auto image = dataset.next(stop);
    if (!image) return image.error();
    if (image->frame == nullptr) break;
    // The source lends its frames from a pool; these stay.
    frames.push_back(std::make_shared<Frame>(*image->frame));
    on_progress({"reading", frames.size(), dataset.frame_count().value_or(options.max_frames)});
  }
  if (frames.empty() && !stop.stop_requested()) {
    return Error{ErrorCode::input_empty, "the recording has no frames", dataset.name(),
                 "Give a recording with at least one frame"};
  }
  return frames;
}

}  // namespace

Result<SpeedResult> run_speed(Dataset& dataset, const SpeedOptions& options,
                              const std::function<void(const SpeedProgress&)>& on_progress,
                              std::stop_token stop) {
  const auto frames = read_frames(dataset, options, on_progress, stop);
  if (!frames) return frames.error();
  if (stop.stop_requested()) return interrupted(dataset.name());

  SpeedResult result;
  result.machine = this_machine();
  result.dataset = dataset.name();
  result.frames = frames->size();
  result.width_px = dataset.intrinsics().width_px;
  result.height_px = dataset.intrinsics().height_px;

  EyeTrackerOptions tracker_options;
  tracker_options.fit.stage = FitStage::contrast;  // keeps the pixels, which the other stages do not mind
  tracker_options.keeps_recording = true;
  EyeTracker tracker(tracker_options, dataset.intrinsics());
  on_progress({"warming up", 0, 0});
  run_pass(tracker, *frames, options);
  result.frames_kept = tracker.make_fit_job(FitStage::edge).frames.size();

  Durations detect;
  std::vector<Timing> predict_timings;
  std::vector<Timing> fit_timings;
  std::chrono::nanoseconds steady_total{};
  std::uint64_t steady_allocations = 0;
  std::size_t steady_frames = 0;
  const auto run_steadily = [&](EyeModelPtr model) {
    EyeTracker steady(tracker_options, dataset.intrinsics());
    steady.fix_model(std::move(model));
    run_pass(steady, *frames, options);  // grows its buffers to the size they need
    steady.restart_time();
    PassTimes times = run_pass(steady, *frames, options);
    detect.insert(detect.end(), times.detect.begin(), times.detect.end());
    steady_total += times.total;
    steady_allocations += times.allocations;
    steady_frames += frames->size();
    return times.predict;
  };
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    const std::string name(to_string(stages[stage]));
    const FitJob job = tracker.make_fit_job(stages[stage]);
    Durations fits;
    FitOutcome outcome;
    for (int run = 0; run < options.fit_runs; ++run) {
      on_progress(
          {"fitting " + name, static_cast<std::uint64_t>(run), static_cast<std::uint64_t>(options.fit_runs)});
      outcome = ModelFitter{}.run(job, stop);
      if (stop.stop_requested()) return interrupted(dataset.name());
      fits.push_back(outcome.report.wall_time);
    }
    fit_timings.push_back(timing_of("fit " + name, std::move(fits)));
    if (!outcome.model) {
      fit_timings.back().failure = outcome.report.failure ? to_string(*outcome.report.failure) : "";
      continue;
    }
    on_progress({"tracking with " + name, 0, 0});
    predict_timings.push_back(
        timing_of("predict " + name, run_steadily(std::make_shared<EyeModel>(*outcome.model))));
    if (stop.stop_requested()) return interrupted(dataset.name());
  }
  if (steady_frames == 0) run_steadily(nullptr);  // no stage gave a model: detection alone

  result.timings.push_back(timing_of("detect", std::move(detect)));
  result.timings.insert(result.timings.end(), predict_timings.begin(), predict_timings.end());
  result.timings.insert(result.timings.end(), fit_timings.begin(), fit_timings.end());
  result.frames_per_s =
      static_cast<double>(steady_frames) / std::chrono::duration<double>(steady_total).count();
  if (options.allocations_so_far) {
    result.allocations_per_frame =
        static_cast<double>(steady_allocations) / static_cast<double>(steady_frames);
  }
  result.peak_memory_bytes = peak_memory_bytes();
  return result;
}

}  // namespace yarbus::benchmark
