#include "app/benchmark/calibration_subject.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "app/benchmark/statistics.h"
#include "calibration/validation/data_quality.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/types/check.h"

namespace yarbus::benchmark {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double place_s = 1.0;
constexpr int places_after_slip = 4;
constexpr double slip_watched_s = 6.0;
constexpr std::array<const char*, 3> subject_mapper_names{"geometric", "polynomial", "gaussian process"};

/// A mapper's gaze, recentred.
class RecentredMapper final : public GazeMapper {
 public:
  RecentredMapper(const GazeMapper& mapper, const Eigen::Vector2d& offset_in_screen_mm)
      : mapper_(mapper), offset_mm_(offset_in_screen_mm) {}
  [[nodiscard]] std::string_view name() const override { return mapper_.name(); }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override {
    auto point = mapper_.map(rays);
    if (point) point->point_in_screen_mm -= offset_mm_;
    return point;
  }

 private:
  const GazeMapper& mapper_;
  Eigen::Vector2d offset_mm_;
};

/// Frames in a blink say nothing of where the gaze is thought to be: they are left out.
std::vector<CalibrationSample> seen_only(std::span<const CalibrationSample> samples) {
  std::vector<CalibrationSample> seen;
  for (const CalibrationSample& sample : samples)
    if (sample.rays.eyes[0] || sample.rays.eyes[1]) seen.push_back(sample);
  return seen;
}

class SubjectRun {
 public:
  SubjectRun(const SubjectPlan& plan, std::uint64_t seed, std::stop_token stop)
      : plan_(plan), stop_(std::move(stop)), random_(simulation::scramble(seed ^ 0x5B1EC7ULL)) {
    ViewerOptions options;
    options.seed = seed;
    options.screen = plan.screen;
    options.scenario = plan.scenario;
    options.fault = plan.fault;
    auto viewer = SimulatedViewer::create(options);
    YARBUS_CHECK(viewer.has_value());
    figures_.seed = seed;
    figures_.scenario =
        plan.level == SubjectLevel::rendered ? viewer->eye(EyeSide::right).scenario : "outlines";
    ViewerRun::Eyes eyes;
    for (const EyeSide side : eye_sides) {
      if (plan.level == SubjectLevel::outlined) {
        eyes[index_of(side)] = make_outlined_eye(*viewer, side);
        continue;
      }
      auto eye = make_rendered_eye(*viewer, side);
      YARBUS_CHECK(eye.has_value());
      eyes[index_of(side)] = std::move(*eye);
    }
    run_.emplace(std::move(*viewer), std::move(eyes), plan.screen);
  }

  SubjectFigures run() {
    run_->look_around(plan_.look_around_s, stop_);
    calibrate();
    if (!figures_.is_done || stop_.stop_requested()) return std::move(figures_);
    watch_centers();
    look_at_fresh_places();
    if (plan_.moves_head || plan_.fault == ViewerFault::head_moved) move_head();
    if (plan_.slips) slip();
    return std::move(figures_);
  }

 private:
  [[nodiscard]] const GazeMapper& mapper() const { return done_.choice->mapper(); }

  void calibrate() {
    run_->take_axis_errors_deg();
    ProcedureRequest request;
    request.screen = plan_.screen;
    request.layout = plan_.layout;
    request.seed = figures_.seed;
    done_ = run_->calibrate(request, plan_.limit_s, stop_);
    figures_.is_done = done_.phase == ProcedurePhase::done && done_.choice != nullptr;
    figures_.end = std::string(to_string(done_.phase));
    for (const Finding& finding : done_.findings)
      figures_.findings.push_back({std::string(to_string(finding.kind)), finding.text, finding.is_resolved});
    if (const auto errors = statistics_of(run_->take_axis_errors_deg()))
      figures_.axis_error_deg = errors->median;
    figures_.gate_s = done_.gate_s;
    figures_.to_gaze_s = done_.to_gaze_s;
    figures_.length_s = done_.length_s;
    if (done_.choice == nullptr) return;
    figures_.samples = done_.calibration.size();
    figures_.mapper = std::string(mapper().name());
    for (std::size_t i = 0; i < subject_mapper_names.size(); ++i) {
      const MapperCandidate* candidate = done_.choice->candidate(subject_mapper_names[i]);
      if (candidate != nullptr && candidate->cross_validation)
        figures_.left_out_deg[i] = candidate->cross_validation->mean_deg;
    }
    figures_.fit_ms = std::chrono::duration<double, std::milli>(done_.fit_time).count();
    time_map();
    if (!done_.quality) return;
    figures_.reported_deg = done_.quality->both.accuracy_deg;
    WatchedGaze watched;
    for (const CalibrationSample& sample : done_.validation) {
      const auto truth_mm = run_->true_gaze_at(sample.rays.captured_at);
      if (!truth_mm) continue;
      watched.samples.push_back(sample);
      watched.truth.push_back(*truth_mm);
    }
    figures_.validation = errors_of(mapper(), watched.samples, watched.truth);
  }

  void time_map() {
    constexpr int rounds = 20;
    const auto start = Clock::now();
    std::size_t mapped = 0;
    for (int round = 0; round < rounds; ++round)
      for (const CalibrationSample& sample : done_.calibration) mapped += mapper().map(sample.rays) ? 1 : 0;
    if (mapped == 0) return;
    const auto took = std::chrono::duration<double, std::micro>(Clock::now() - start);
    figures_.map_us = took.count() / (rounds * static_cast<double>(done_.calibration.size()));
  }

  [[nodiscard]] GazeErrors errors_of(const GazeMapper& with, std::span<const CalibrationSample> samples,
                                     std::span<const Eigen::Vector2d> truth) const {
    std::array<std::optional<Eigen::Vector3d>, 2> eyes_mm;
    for (const EyeSide side : eye_sides)
      eyes_mm[index_of(side)] = run_->viewer().screen_from_head(side).translation_mm;
    std::vector<CalibrationSample> to_truth(samples.begin(), samples.end());
    for (std::size_t i = 0; i < truth.size(); ++i) to_truth[i].target_in_screen_mm = truth[i];
    const auto of_truth = measure_quality(with, seen_only(to_truth), eyes_mm);
    const auto of_target = measure_quality(with, seen_only(samples), eyes_mm);
    return {of_truth.both.accuracy_deg, of_target.both.accuracy_deg, of_truth.both.worst_accuracy_deg,
            of_truth.coverage_68, of_target.coverage_68};
  }

  std::vector<Eigen::Vector2d> draw_places(int count) {
    constexpr double margin = 0.1;
    std::vector<Eigen::Vector2d> places;
    for (int i = 0; i < count; ++i) {
      const double x = random_.uniform(margin, 1.0 - margin);
      places.emplace_back(x * plan_.screen.width_mm,
                          random_.uniform(margin, 1.0 - margin) * plan_.screen.height_mm);
    }
    return places;
  }

  /// From now on the eyes' centres are watched as the product does while tracking.
  void watch_centers() {
    const ProcedureOptions options;
    for (const EyeSide side : eye_sides) {
      if (const auto reference = CenterReference::of(done_.calibration, side))
        watches_[index_of(side)].emplace(*reference, options.slip_mm);
    }
    run_->on_frame = [this](const ViewerFrame& frame) {
      for (const EyeSide side : eye_sides) {
        auto& watch = watches_[index_of(side)];
        if (watch) watch->push(frame.seen.at(), frame.seen.rays.eye(side));
      }
      if (has_center_moved() && !moved_s_) moved_s_ = run_->now_s();
    };
  }
  [[nodiscard]] bool has_center_moved() const {
    return std::any_of(watches_.begin(), watches_.end(),
                       [](const auto& watch) { return watch && watch->has_moved(); });
  }

  void look_at_fresh_places() {
    if (plan_.fresh_places > 0) {
      const auto watched = run_->show(draw_places(plan_.fresh_places), place_s, 0.5, stop_);
      figures_.fresh = errors_of(mapper(), watched.samples, watched.truth);
    }
    if (plan_.wander_s > 0.0) {
      const auto watched = run_->look_around(plan_.wander_s, stop_);
      figures_.wander_deg = mean_frame_error_deg(watched);
    }
  }

  [[nodiscard]] std::optional<double> mean_frame_error_deg(const WatchedGaze& watched) const {
    Eigen::Vector3d from_mm = Eigen::Vector3d::Zero();
    for (const EyeSide side : eye_sides)
      from_mm += 0.5 * run_->viewer().screen_from_head(side).translation_mm;
    const auto direction = [&](const Eigen::Vector2d& point_mm) {
      return Eigen::Vector3d(Eigen::Vector3d(point_mm.x(), point_mm.y(), 0.0) - from_mm);
    };
    double sum_deg = 0.0;
    int count = 0;
    for (std::size_t i = 0; i < watched.samples.size(); ++i) {
      const auto point = mapper().map(watched.samples[i].rays);
      if (!point) continue;
      sum_deg +=
          degrees_of(angle_between_rad(direction(point->point_in_screen_mm), direction(watched.truth[i])));
      ++count;
    }
    return count > 0 ? std::optional(sum_deg / count) : std::nullopt;
  }

  /// One point in the middle, as the wizard's check has it.
  std::optional<DriftReport> check_one_point() {
    ProcedureRequest request;
    request.screen = plan_.screen;
    request.layout = TargetLayout::one;
    request.validation_points = 0;
    request.seed = figures_.seed;
    constexpr double check_limit_s = 20.0;
    const auto checked = run_->calibrate(request, check_limit_s, stop_);
    const auto known = known_target_of(mapper(), checked.calibration);
    if (!known) return std::nullopt;
    DriftMonitor monitor({}, plan_.screen);
    monitor.push(*known);
    return monitor.report();
  }
  std::optional<CheckFigures> check_figures(const std::optional<DriftReport>& report) const {
    if (!report) return std::nullopt;
    return CheckFigures{report->offset_deg, cause_of_drift(*report, has_center_moved(), true)};
  }

  void move_head() {
    run_->viewer().set_fault(ViewerFault::head_moved);
    run_->look_around(1.0, stop_);
    figures_.head_moved = check_figures(check_one_point());
    run_->viewer().end_fault();
  }

  void slip() {
    figures_.is_slip_imagined = moved_s_.has_value();
    run_->look_around(1.0, stop_);
    moved_s_.reset();
    for (auto& watch : watches_) {
      if (watch && watch->has_moved()) return;  // what it would say of a slip means nothing
    }
    run_->viewer().set_fault(ViewerFault::slippage);
    const double slipped_s = run_->now_s();
    run_->look_around(slip_watched_s, stop_);
    figures_.slip_named_s = moved_s_ ? *moved_s_ - slipped_s : std::numeric_limits<double>::quiet_NaN();
    const auto after = run_->show(draw_places(places_after_slip), place_s, 0.5, stop_);
    figures_.slip_deg = errors_of(mapper(), after.samples, after.truth).to_truth_deg;
    const auto report = check_one_point();
    figures_.slip_check = check_figures(report);
    if (!report) return;
    const RecentredMapper recentred(mapper(), report->offset_in_screen_mm);
    const auto then = run_->show(draw_places(places_after_slip), place_s, 0.5, stop_);
    figures_.recentred_deg = errors_of(recentred, then.samples, then.truth).to_truth_deg;
  }

  SubjectPlan plan_;
  std::stop_token stop_;
  simulation::Random random_;
  mutable std::optional<ViewerRun> run_;
  CalibrationOutcome done_;
  std::array<std::optional<EyeCenterWatch>, 2> watches_;
  std::optional<double> moved_s_;
  SubjectFigures figures_;
};

}  // namespace

SubjectFigures run_subject(const SubjectPlan& plan, std::uint64_t seed, const std::stop_token& stop) {
  return SubjectRun(plan, seed, stop).run();
}

std::string expected_name(ViewerFault fault) {
  return fault == ViewerFault::inattentive ? "gaze-elsewhere" : std::string(to_string(fault));
}

bool is_named(const SubjectFigures& subject, ViewerFault fault) {
  if (fault == ViewerFault::head_moved)
    return subject.head_moved && subject.head_moved->cause == DriftCause::head_moved;
  const std::string name = expected_name(fault);
  return std::any_of(subject.findings.begin(), subject.findings.end(),
                     [&](const NamedFinding& finding) { return finding.name == name; });
}

}  // namespace yarbus::benchmark
