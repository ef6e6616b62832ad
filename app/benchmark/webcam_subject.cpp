#include "app/benchmark/webcam_subject.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <utility>

#include <Eigen/Geometry>

#include "app/session/face_stage.h"
#include "app/session/gaze_rays.h"
#include "calibration/mapping/fit_mappers.h"
#include "eyemodel/types/angle.h"
#include "tracker/face/face_finder.h"

namespace yarbus::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t fewest_targets = 3;
const std::array<std::size_t, 4> fewer_targets{3, 5, 7, 9};
const std::array<std::size_t, 3> fewer_frames{1, 3, 10};

/// A frame with a label.
struct Judged {
  CalibrationSample sample;
  GazeSplit split = GazeSplit::test;
};

double angle_deg(const Eigen::Vector2d& a_mm, const Eigen::Vector2d& b_mm, const Eigen::Vector3d& eye_mm) {
  const Eigen::Vector3d a = Eigen::Vector3d(a_mm.x(), a_mm.y(), 0.0) - eye_mm;
  const Eigen::Vector3d b = Eigen::Vector3d(b_mm.x(), b_mm.y(), 0.0) - eye_mm;
  return std::atan2(a.cross(b).norm(), a.dot(b)) * deg_per_rad;
}

std::optional<double> median_of(std::vector<double> values) {
  const auto statistics = statistics_of(std::move(values));
  return statistics ? std::optional(statistics->median) : std::nullopt;
}

WebcamMapperFigures judge(const MapperCandidate& candidate, const std::vector<Judged>& frames,
                          const Eigen::Vector3d& eye_mm) {
  WebcamMapperFigures figures;
  figures.name = candidate.name;
  figures.why_not = candidate.why_not;
  if (candidate.cross_validation) figures.left_out_deg = candidate.cross_validation->mean_deg;
  if (candidate.mapper == nullptr) return figures;
  std::vector<double> errors_deg;
  std::vector<double> across_deg;
  std::vector<double> down_deg;
  std::vector<double> times_us;
  std::size_t held = 0;
  struct AtTarget {
    Eigen::Vector2d sum_mm = Eigen::Vector2d::Zero();
    Eigen::Vector2d target_mm = Eigen::Vector2d::Zero();
    int frames = 0;
  };
  std::map<int, AtTarget> targets;
  for (const Judged& frame : frames) {
    if (frame.split != GazeSplit::test || frame.sample.rays.face == nullptr) continue;
    const auto start = Clock::now();
    const auto gaze = candidate.mapper->map(frame.sample.rays);
    times_us.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    if (!gaze) continue;
    const Eigen::Vector2d& target_mm = frame.sample.target_in_screen_mm;
    errors_deg.push_back(angle_deg(gaze->point_in_screen_mm, target_mm, eye_mm));
    const Eigen::Vector2d off_deg =
        (gaze->point_in_screen_mm - target_mm).cwiseAbs() / std::abs(eye_mm.z()) * deg_per_rad;
    across_deg.push_back(off_deg.x());
    down_deg.push_back(off_deg.y());
    held += gaze->region_holds(target_mm, 0.68) ? 1 : 0;
    AtTarget& target = targets[frame.sample.target];
    target.sum_mm += gaze->point_in_screen_mm;
    target.target_mm = target_mm;
    ++target.frames;
  }
  figures.frames = errors_deg.size();
  if (figures.frames > 0)
    figures.coverage_68 = static_cast<double>(held) / static_cast<double>(figures.frames);
  std::vector<double> at_targets_deg;
  for (const auto& [number, target] : targets)
    at_targets_deg.push_back(angle_deg(target.sum_mm / target.frames, target.target_mm, eye_mm));
  figures.frame_errors_deg = errors_deg;
  figures.frame_deg = statistics_of(std::move(errors_deg));
  figures.target_deg = statistics_of(std::move(at_targets_deg));
  figures.across_deg = median_of(std::move(across_deg));
  figures.down_deg = median_of(std::move(down_deg));
  figures.map_us = median_of(std::move(times_us));
  return figures;
}

std::vector<CalibrationSample> calibration_samples(const std::vector<Judged>& frames) {
  std::vector<CalibrationSample> samples;
  for (const Judged& frame : frames) {
    if (frame.split == GazeSplit::calibration && frame.sample.rays.face != nullptr)
      samples.push_back(frame.sample);
  }
  return samples;
}

/// The targets, spread as far as so many can be: first the one nearest to the middle, then each time the one
/// farthest from those before.
std::vector<int> spread_targets(const std::vector<CalibrationSample>& samples) {
  std::map<int, Eigen::Vector2d> places;
  Eigen::Vector2d middle = Eigen::Vector2d::Zero();
  for (const CalibrationSample& sample : samples) places[sample.target] = sample.target_in_screen_mm;
  for (const auto& [number, place] : places) middle += place / static_cast<double>(places.size());
  std::vector<int> order;
  while (order.size() < places.size()) {
    int best = -1;
    double best_mm = 0.0;
    for (const auto& [number, place] : places) {
      if (std::find(order.begin(), order.end(), number) != order.end()) continue;
      double distance_mm = order.empty() ? -(place - middle).norm() : 1e9;
      for (const int chosen : order) distance_mm = std::min(distance_mm, (place - places[chosen]).norm());
      if (best >= 0 && distance_mm <= best_mm) continue;
      best = number;
      best_mm = distance_mm;
    }
    order.push_back(best);
  }
  return order;
}

/// Only some targets, and of each only so many frames, evenly.
std::vector<CalibrationSample> thinned(const std::vector<CalibrationSample>& samples,
                                       const std::vector<int>& targets, std::optional<std::size_t> frames) {
  std::vector<CalibrationSample> kept;
  for (const int target : targets) {
    std::vector<const CalibrationSample*> own;
    for (const CalibrationSample& sample : samples) {
      if (sample.target == target) own.push_back(&sample);
    }
    const std::size_t count = std::min(own.size(), frames.value_or(own.size()));
    for (std::size_t i = 0; i < count; ++i) kept.push_back(*own[(2 * i + 1) * own.size() / (2 * count)]);
  }
  return kept;
}

std::optional<SampleFigures> figures_from(const std::vector<CalibrationSample>& samples, std::size_t targets,
                                          const std::vector<Judged>& frames, const ScreenGeometry& screen) {
  const auto choice = fit_mappers(samples, screen);
  if (!choice) return std::nullopt;
  SampleFigures figures{targets, samples.size(), {}};
  const auto add = [&](const std::string& name, const MapperCandidate& candidate) {
    const auto judged = judge(candidate, frames, choice->gaze_origin_in_screen_mm());
    if (judged.frame_deg) figures.median_deg.emplace_back(name, judged.frame_deg->median);
  };
  add("chosen", choice->candidates[choice->chosen]);
  for (const MapperCandidate& candidate : choice->candidates) add(candidate.name, candidate);
  return figures;
}

void count_samples(const std::vector<Judged>& frames, const ScreenGeometry& screen, WebcamFigures& figures,
                   const std::stop_token& stop) {
  const auto samples = calibration_samples(frames);
  const std::vector<int> order = spread_targets(samples);
  const auto add = [&](std::size_t targets, std::optional<std::size_t> frames_each) {
    if (stop.stop_requested()) return;
    const std::vector<int> some(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(targets));
    const auto few = thinned(samples, some, frames_each);
    if (auto found = figures_from(few, targets, frames, screen)) figures.samples.push_back(std::move(*found));
  };
  for (const std::size_t targets : fewer_targets) {
    if (targets < order.size()) add(targets, std::nullopt);
  }
  for (const std::size_t frames_each : fewer_frames) {
    if (frames_each * order.size() < samples.size()) add(order.size(), frames_each);
  }
  add(order.size(), std::nullopt);
}

/// Follows the recording; a target that comes again has a new number.
Result<std::vector<Judged>> follow(Dataset& dataset, const ScreenGeometry& screen, WebcamFigures& figures,
                                   const std::function<void(std::uint64_t)>& on_frame,
                                   const std::stop_token& stop) {
  auto finder = FaceFinder::create();
  if (!finder) return finder.error();
  auto stage = FaceStage::create(dataset.intrinsics());
  if (!stage) return stage.error();
  std::vector<Judged> judged;
  std::vector<std::chrono::nanoseconds> track_times;
  std::vector<std::chrono::nanoseconds> search_times;
  std::optional<Eigen::Vector2d> last_target_px;
  int target = -1;
  const Eigen::Vector2d mm_per_px(screen.width_mm / screen.width_px, screen.height_mm / screen.height_px);
  while (!stop.stop_requested()) {
    auto next = dataset.next(stop);
    if (!next) return next.error();
    if (next->frame == nullptr) break;
    GazeSample sample;
    stage->process(next->frame, sample);
    track_times.push_back(sample.timings.detect);
    if (const auto search = stage->take_due_search()) {
      const auto start = Clock::now();
      FaceSearchOutcome outcome{search->frame, finder->find(search->frame->gray.view())};
      search_times.push_back(Clock::now() - start);
      const bool is_lost = std::holds_alternative<FaceMiss>(*sample.face);
      stage->found(outcome);
      if (is_lost) stage->process(next->frame, sample);  // no frame is missed while nothing hurries
    }
    ++figures.frames;
    on_frame(figures.frames);
    if (const auto* miss = std::get_if<FaceMiss>(&*sample.face)) {
      ++figures.misses[static_cast<std::size_t>(miss->reason)];
    } else {
      ++figures.with_irises;
    }
    if (!next->label || !next->label->target_px || !next->label->split) continue;
    if (!last_target_px || *last_target_px != *next->label->target_px) ++target;
    last_target_px = next->label->target_px;
    Judged frame;
    frame.sample.rays = face_frame_of(sample).rays;
    frame.sample.target = target;
    frame.sample.target_in_screen_mm = last_target_px->cwiseProduct(mm_per_px);
    frame.split = *next->label->split;
    judged.push_back(std::move(frame));
  }
  figures.track = times_of(std::move(track_times));
  figures.search = times_of(std::move(search_times));
  return judged;
}

}  // namespace

Result<WebcamFigures> run_webcam_subject(Dataset& dataset, const WebcamPlan& plan,
                                         const std::function<void(std::uint64_t)>& on_frame,
                                         const std::stop_token& stop) {
  const auto screen = dataset.screen();
  if (!screen)
    return Error{ErrorCode::input_unreadable, "the recording names no screen that is looked at",
                 dataset.name(), "Add \"screen\" to its meta.json (docs/simulation.md)"};
  WebcamFigures figures;
  figures.name = dataset.name();
  figures.group = dataset.group();
  figures.width_px = dataset.intrinsics().width_px;
  figures.height_px = dataset.intrinsics().height_px;
  auto frames = follow(dataset, *screen, figures, on_frame, stop);
  if (!frames) return frames.error();
  if (stop.stop_requested()) return figures;
  if (frames->empty())
    return Error{ErrorCode::input_unreadable, "no frame of the recording names a target and its split",
                 dataset.name(), "Add target_x_px, target_y_px and split to its gt.csv (docs/simulation.md)"};

  const auto samples = calibration_samples(*frames);
  figures.calibration_samples = samples.size();
  std::vector<int> calibration_targets;
  std::vector<int> test_targets;
  for (const Judged& frame : *frames) {
    auto& targets = frame.split == GazeSplit::calibration ? calibration_targets : test_targets;
    if (targets.empty() || targets.back() != frame.sample.target) targets.push_back(frame.sample.target);
    figures.test_frames += frame.split == GazeSplit::test ? 1 : 0;
  }
  figures.calibration_targets = calibration_targets.size();
  figures.test_targets = test_targets.size();
  if (!samples.empty())
    figures.calibration_s =
        std::chrono::duration<double>(samples.back().rays.captured_at - samples.front().rays.captured_at)
            .count();
  const auto start = Clock::now();
  const auto choice = fit_mappers(samples, *screen);
  figures.fit_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (!choice) {
    figures.failure = choice.error().message;
    return figures;
  }
  figures.choice_reason = choice->reason;
  for (std::size_t i = 0; i < choice->candidates.size(); ++i) {
    figures.mappers.push_back(judge(choice->candidates[i], *frames, choice->gaze_origin_in_screen_mm()));
    figures.mappers.back().is_chosen = i == choice->chosen;
  }
  if (plan.counts_samples && figures.calibration_targets > fewest_targets)
    count_samples(*frames, *screen, figures, stop);
  return figures;
}

}  // namespace yarbus::benchmark
