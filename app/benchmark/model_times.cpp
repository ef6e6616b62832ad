#include "app/benchmark/model_times.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "app/benchmark/live_follower.h"
#include "eyemodel/fit/predict.h"

namespace yarbus::benchmark {
namespace {

using Clock = std::chrono::steady_clock;
using Durations = std::vector<std::chrono::nanoseconds>;
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

struct Observed {
  std::vector<FitFrame> frames;
  std::vector<SimulatedTruth> truths;
};

Observed observe(const SubjectSettings& settings, double rate_hz, std::size_t count) {
  auto options = subject_options(settings, 0, simulation::Population::simulated);
  options.rate_hz = rate_hz;
  simulation::SimulatedOutlines outlines(options);
  Observed observed;
  for (std::uint64_t index = 0; observed.frames.size() < count && index < 2 * count; ++index) {
    const auto outline = outlines.make(index);
    if (!outline.observation) continue;
    observed.frames.push_back(frame_of(outline));
    observed.truths.push_back(outline.truth);
  }
  return observed;
}

/// Predictions and updates of the live model, each on the clock; then the allocations of predictions alone.
void time_live_model(const SubjectSettings& settings, const ModelTimesPlan& plan, const std::stop_token& stop,
                     ModelTimes& times) {
  const auto count = static_cast<std::size_t>(std::llround(plan.course_s * settings.rate_hz));
  const Observed observed = observe(settings, settings.rate_hz, count);
  auto options = subject_options(settings, 0, simulation::Population::simulated);
  LiveFollower follower({}, simulation::SimulatedOutlines(options).camera());
  Durations predicts;
  Durations updates;
  predicts.reserve(count);
  updates.reserve(count);
  follower.on_predict = [&](std::chrono::nanoseconds took) { predicts.push_back(took); };
  follower.on_update = [&](std::chrono::nanoseconds took) { updates.push_back(took); };
  for (const FitFrame& frame : observed.frames) {
    if (stop.stop_requested()) return;
    follower.follow(frame);
  }
  times.predict = times_of(std::move(predicts));
  times.update = times_of(std::move(updates));
  if (!plan.allocations_so_far || !follower.model()) return;
  const std::uint64_t before = plan.allocations_so_far();
  for (const FitFrame& frame : observed.frames) predict(*follower.model(), frame.observation);
  times.allocations_per_predict =
      static_cast<double>(plan.allocations_so_far() - before) / static_cast<double>(observed.frames.size());
}

double mean_error_deg(const Observed& observed, std::size_t count, const EyeModel& model) {
  double sum = 0.0;
  for (std::size_t i = 0; i < count; ++i)
    sum += score_followed(observed.truths[i], predict(model, observed.frames[i].observation)).gaze_error_deg;
  return sum / static_cast<double>(count);
}

JointFitTime time_joint_fit(const Observed& observed, const CameraIntrinsics& camera, int frames, int runs,
                            const std::stop_token& stop) {
  const auto count = std::min(static_cast<std::size_t>(frames), observed.frames.size());
  FitOptions options;
  options.stage = FitStage::refraction;
  JointFitTime time;
  time.frames = static_cast<int>(count);
  std::vector<double> seconds;
  FitOutcome outcome;
  for (int run = 0; run < runs && !stop.stop_requested(); ++run) {
    const auto start = Clock::now();
    outcome = fit_eye_model(std::span(observed.frames).first(count), camera, options, stop);
    seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
  }
  std::sort(seconds.begin(), seconds.end());
  time.seconds = seconds.empty() ? no_value : seconds[seconds.size() / 2];
  time.ms_per_frame = 1e3 * time.seconds / static_cast<double>(count);
  time.gaze_error_deg = outcome.model ? mean_error_deg(observed, count, *outcome.model) : no_value;
  if (!outcome.model) time.failure = outcome.report.failure ? to_string(*outcome.report.failure) : "no model";
  return time;
}

}  // namespace

std::optional<ModelTimes> run_model_times(const SubjectSettings& settings, const ModelTimesPlan& plan,
                                          const std::function<void(const std::string&)>& on_step,
                                          const std::stop_token& stop) {
  ModelTimes times;
  on_step("timing predictions and updates");
  time_live_model(settings, plan, stop, times);
  const int most =
      plan.fit_frames.empty() ? 0 : *std::max_element(plan.fit_frames.begin(), plan.fit_frames.end());
  const Observed observed = observe(settings, plan.fit_rate_hz, static_cast<std::size_t>(most));
  const CameraIntrinsics camera =
      simulation::SimulatedOutlines(subject_options(settings, 0, simulation::Population::simulated)).camera();
  for (const int frames : plan.fit_frames) {
    if (stop.stop_requested()) break;
    on_step("fitting " + std::to_string(frames) + " frames");
    times.joint_fits.push_back(time_joint_fit(observed, camera, frames, plan.fit_runs, stop));
  }
  if (stop.stop_requested()) return std::nullopt;
  times.per_frame_ratio = times.joint_fits.size() < 2
                              ? no_value
                              : times.joint_fits.back().ms_per_frame / times.joint_fits.front().ms_per_frame;
  return times;
}

}  // namespace yarbus::benchmark
