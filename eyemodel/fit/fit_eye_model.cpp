#include "eyemodel/fit/fit_eye_model.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <string>

#include <Eigen/Eigenvalues>

#include "eyemodel/fit/fit_refraction.h"
#include "eyemodel/fit/fit_state.h"
#include "eyemodel/geometry/unproject_ellipse.h"

namespace yarbus {
namespace {

/// Edge points a frame brings into the joint fit; more add time, not information.
constexpr std::size_t max_fit_edges = 64;

/// A pupil is not rejected while its rms stays below this.
constexpr double rejection_floor_px = 1.0;

std::vector<Eigen::Vector2d> thinned_edges(const PupilObservation& observation) {
  std::vector<Eigen::Vector2d> edges;
  const std::size_t count = observation.edge_points.size();
  if (count < 6) {
    for (std::size_t i = 0; i < max_fit_edges; ++i) {
      edges.push_back(
          observation.ellipse.point_at(2.0 * std::numbers::pi * static_cast<double>(i) / max_fit_edges));
    }
    return edges;
  }
  const std::size_t kept = std::min(count, max_fit_edges);
  for (std::size_t i = 0; i < kept; ++i)
    edges.push_back(observation.edge_points[i * count / kept].position_px.cast<double>());
  return edges;
}

double spread_deg(const FitState& state) {
  double smallest_cosine = 1.0;
  for (const FitPupil& a : state.pupils) {
    if (!a.is_inlier) continue;
    for (const FitPupil& b : state.pupils) {
      if (b.is_inlier)
        smallest_cosine =
            std::min(smallest_cosine, a.pupil_in_cam.normal_in_cam.dot(b.pupil_in_cam.normal_in_cam));
    }
  }
  return std::acos(std::clamp(smallest_cosine, -1.0, 1.0)) * 180.0 / std::numbers::pi;
}

double condition_of(const FitState& state) {
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> eigen(eye_center_information(state));
  const double smallest = eigen.eigenvalues()[0];
  return smallest > 0.0 ? eigen.eigenvalues()[2] / smallest : std::numeric_limits<double>::infinity();
}

std::string gauge_text(double eyeball_radius_mm) {
  std::array<char, 160> text{};
  std::snprintf(text.data(), text.size(),
                "gauge: one camera cannot tell size from distance, so the eyeball radius is set to %.1f mm "
                "with the pupil tangent to it",
                eyeball_radius_mm);
  return text.data();
}

/// The unprojection stage's own answer: the disc's normal as unprojected, at the sphere's depth.
void keep_unprojected_normals(FitState& state) {
  for (FitPupil& pupil : state.pupils) {
    if (!pupil.is_inlier) continue;
    const auto circles =
        unproject_ellipse(pupil.frame->observation.ellipse, state.intrinsics, pupil.pupil_in_cam.radius_mm);
    if (!circles) continue;
    const auto& sphere_normal = pupil.pupil_in_cam.normal_in_cam;
    pupil.pupil_in_cam =
        (*circles)[0].normal_in_cam.dot(sphere_normal) >= (*circles)[1].normal_in_cam.dot(sphere_normal)
            ? (*circles)[0]
            : (*circles)[1];
  }
}

std::optional<FitFailure> run_stages(FitState& state, const FitOptions& options,
                                     const std::stop_token& stop) {
  if (const auto failure = fit_unoptimised(state, options)) return failure;
  // What lies far from the first model is left out of a second one.
  update_rms(state);
  reject_outliers(state, 2.0 * rejection_floor_px);
  if (const auto failure = fit_unoptimised(state, options)) return failure;
  update_rms(state);
  reject_outliers(state, 2.0 * rejection_floor_px);
  if (stop.stop_requested()) return FitFailure::diverged;
  if (options.stage == FitStage::contrast || options.stage == FitStage::edge) {
    const auto optimise = options.stage == FitStage::contrast ? fit_contrast : fit_edges;
    if (const auto failure = optimise(state, options)) return failure;
    update_rms(state);
    // Where lids or lashes hold edges, contrast looks elsewhere: such a frame may stay.
    reject_outliers(state, options.stage == FitStage::edge ? rejection_floor_px : 2.0 * rejection_floor_px);
    if (stop.stop_requested()) return FitFailure::diverged;
    if (const auto failure = optimise(state, options)) return failure;
    update_rms(state);
  }
  if (!state.eye_center_in_cam_mm.allFinite() ||
      !(state.eye_center_in_cam_mm.z() > state.eyeball_radius_mm)) {
    return FitFailure::diverged;
  }
  return std::nullopt;
}

}  // namespace

bool is_usable(const FitFrame& frame) {
  const auto& observation = frame.observation;
  if (!observation.ellipse.is_valid()) return false;
  return std::all_of(observation.edge_points.begin(), observation.edge_points.end(),
                     [](const EdgePoint& edge) { return edge.position_px.allFinite(); });
}

std::span<const OptionField<FitOptions>> FitOptions::fields() {
  using O = FitOptions;
  static constexpr std::array<OptionField<O>, 9> table{{
      {"eyeball_radius_mm", &O::eyeball_radius_mm, 5.0, 30.0,
       "radius of the eyeball, which fixes size and depth"},
      {"min_frames", &O::min_frames, 4, 1000, "fewest frames with a pupil for a fit"},
      {"min_spread_deg", &O::min_spread_deg, 0.0, 90.0,
       "least angle between the two most different gaze directions"},
      {"max_condition", &O::max_condition, 1.0, 1e9,
       "largest ratio of certainty between directions of the eye's centre"},
      {"max_iterations", &O::max_iterations, 1, 1000, "iterations of the optimised stages"},
      {"edge_loss_scale_px", &O::edge_loss_scale_px, 0.1, 20.0,
       "distance from which an edge point counts less"},
      {"contrast_band_px", &O::contrast_band_px, 1.0, 30.0,
       "width of the bands on either side of the outline"},
      {"glint_threshold_gray", &O::glint_threshold_gray, 1, 255, "brightness from which a pixel is a glint"},
      {"refraction_by_contrast", &O::refraction_by_contrast, 0, 1,
       "stage refraction: region contrast in place of edges, in a fit of all frames at once"},
  }};
  return table;
}

Result<void> FitOptions::validate() const { return validate_options(*this, fields(), "eye model fit"); }

FitOutcome fit_eye_model(std::span<const FitFrame> frames, const CameraIntrinsics& intrinsics,
                         const FitOptions& options, std::stop_token stop) {
  YARBUS_CHECK(options.validate().has_value());
  YARBUS_CHECK(intrinsics.validate().has_value());
  const auto start = std::chrono::steady_clock::now();

  FitState state;
  state.intrinsics = intrinsics;
  state.intrinsics.remove_distortion();
  state.eyeball_radius_mm = options.eyeball_radius_mm;
  std::vector<const FitFrame*> ordered;
  for (const FitFrame& frame : frames) {
    if (is_usable(frame)) ordered.push_back(&frame);
  }
  // The answer does not depend on the order in which frames are given.
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto* a, const auto* b) { return a->sequence < b->sequence; });
  if (options.stage == FitStage::refraction) {
    FitOutcome refracted = fit_refraction(ordered, intrinsics, options, stop);
    refracted.report.frames_rejected = static_cast<int>(frames.size()) - refracted.report.frames_used;
    refracted.report.wall_time = std::chrono::steady_clock::now() - start;
    if (refracted.model) refracted.model->report = refracted.report;
    return refracted;
  }
  for (const FitFrame* frame : ordered)
    state.pupils.push_back({frame, {}, thinned_edges(frame->observation), 0.0, true});

  FitOutcome outcome;
  FitReport& report = outcome.report;
  report.was_run = true;
  report.stage = options.stage;
  report.gauge = gauge_text(options.eyeball_radius_mm);
  report.failure = run_stages(state, options, stop);
  report.frames_used = static_cast<int>(state.inliers());
  report.frames_rejected = static_cast<int>(frames.size()) - report.frames_used;
  report.iterations = state.iterations;
  if (!report.failure) {
    report.converged = state.converged;
    report.spread_deg = spread_deg(state);
    report.condition = condition_of(state);
    double sum = 0.0;
    for (const FitPupil& pupil : state.pupils) sum += pupil.is_inlier ? pupil.rms_px * pupil.rms_px : 0.0;
    report.rms_px = std::sqrt(sum / std::max(1, report.frames_used));
    if (report.frames_used < options.min_frames) {
      report.failure = FitFailure::too_few_frames;
    } else if (report.spread_deg < options.min_spread_deg) {
      report.failure = FitFailure::one_direction;
    } else if (!(report.condition <= options.max_condition)) {
      report.failure = FitFailure::ill_conditioned;
    } else if (!report.converged) {
      report.failure = FitFailure::diverged;
    }
  }
  if (options.stage == FitStage::unprojection) keep_unprojected_normals(state);
  report.wall_time = std::chrono::steady_clock::now() - start;
  if (report.failure) return outcome;

  EyeModel model;
  model.stage = options.stage;
  model.intrinsics = intrinsics;
  model.eye_center_in_cam_mm = state.eye_center_in_cam_mm;
  model.eyeball_radius_mm = state.eyeball_radius_mm;
  model.contrast_band_px = options.contrast_band_px;
  model.glint_threshold_gray = options.glint_threshold_gray;
  model.report = report;
  for (const FitPupil& pupil : state.pupils) {
    outcome.pupils.push_back({pupil.frame->sequence, pupil.pupil_in_cam, pupil.is_inlier});
    if (pupil.is_inlier) model.supporting_pupils_in_cam.push_back(pupil.pupil_in_cam);
  }
  outcome.model = std::move(model);
  return outcome;
}

}  // namespace yarbus
