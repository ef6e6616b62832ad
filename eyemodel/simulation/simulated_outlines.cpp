#include "eyemodel/simulation/simulated_outlines.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>

#include "eyemodel/simulation/outline_tracer.h"
#include "eyemodel/simulation/truth.h"
#include "eyemodel/types/angle.h"
#include "eyemodel/types/check.h"
#include "eyemodel/types/outline_shape.h"

namespace yarbus::simulation {
namespace {

constexpr double smallest_pupil_mm = 0.6;
/// A lid that covers more of the pupil's height leaves too little for an outline.
constexpr double widest_lid_share = 0.6;
constexpr std::size_t fewest_points = 8;
/// Half the arcs at nose and temple where no lid covers the limbus.
constexpr double limbus_arc_rad = 0.7;

double draw(Random& random, const DrawnFrom& from) { return random.uniform(from.low, from.high); }

/// Everything of the subject that does not move.
Scene draw_scene(const SimulatedOutlineOptions& options) {
  Random random(scramble(options.seed ^ 0x0D71E5ULL));
  Scene scene;
  scene.eye = options.anatomy.value_or(draw_anatomy(options.population, options.seed));
  scene.camera = CameraIntrinsics::from_focal_length(draw(random, options.focal_px), options.width_px,
                                                     options.height_px);
  const double distance_mm = draw(random, options.camera_distance_mm);
  const double azimuth_deg = draw(random, options.camera_azimuth_deg);
  const double elevation_deg = draw(random, options.camera_elevation_deg);
  place_camera(scene, distance_mm, azimuth_deg, elevation_deg);
  scene.pupil_radius_mm = draw(random, options.pupil_radius_mm);
  return scene;
}

MotionPlan plan_for(const SimulatedOutlineOptions& options, const Scene& scene) {
  MotionPlan plan = options.motion;
  plan.pupil_radius_mm = scene.pupil_radius_mm;
  return plan;
}

bool is_in_image(const Eigen::Vector2d& point, const CameraIntrinsics& camera) {
  return point.x() >= 0.0 && point.y() >= 0.0 && point.x() <= camera.width_px - 1.0 &&
         point.y() <= camera.height_px - 1.0;
}

/// Share of a disc's area in the part that a level line cuts off, `share` of its height.
double area_above(double share) {
  const double level = 1.0 - 2.0 * share;
  return (std::acos(level) - level * std::sqrt(std::max(0.0, 1.0 - level * level))) / std::numbers::pi;
}

/// The ellipse nearest to the points along its normals, and its covariance when each is off by `sigma_px`.
/// False if no ellipse fits.
bool fit_outline(std::span<const Eigen::Vector2d> points, double sigma_px, PupilObservation& observation) {
  const auto start = fit_ellipse_to_outline(points);
  if (!start) return false;
  OutlineShape shape = OutlineShape::from(start->ellipse);
  const double determinant = shape.s_xx_px * shape.s_yy_px - shape.s_xy_px * shape.s_xy_px;
  OutlineCovariance information = OutlineCovariance::Zero();
  Eigen::Matrix<double, 5, 1> pull = Eigen::Matrix<double, 5, 1>::Zero();
  for (const Eigen::Vector2d& point : points) {
    // The parameter at which the outline lies under the point, to first order.
    const Eigen::Vector2d from_center = point - shape.center_px;
    const Eigen::Vector2d on_circle(
        (shape.s_yy_px * from_center.x() - shape.s_xy_px * from_center.y()) / determinant,
        (shape.s_xx_px * from_center.y() - shape.s_xy_px * from_center.x()) / determinant);
    const Eigen::Vector2d unit = on_circle.normalized();
    const Eigen::Vector2d normal = shape.normal_at(unit.x(), unit.y());
    const double off_px = normal.dot(point - shape.point_at(unit.x(), unit.y()));
    Eigen::Matrix<double, 5, 1> slope;
    slope << normal, normal.x() * unit.x(), normal.x() * unit.y() + normal.y() * unit.x(),
        normal.y() * unit.y();
    information += slope * slope.transpose();
    pull += off_px * slope;
  }
  const Eigen::LDLT<OutlineCovariance> solver(information);
  const Eigen::Matrix<double, 5, 1> step = solver.solve(pull);
  shape.center_px += step.head<2>();
  shape.s_xx_px += step[2];
  shape.s_xy_px += step[3];
  shape.s_yy_px += step[4];
  if (!step.allFinite() || !shape.is_positive_definite()) return false;
  observation.ellipse = shape.to_ellipse();
  observation.covariance_px2 = sigma_px * sigma_px * solver.solve(OutlineCovariance::Identity());
  return observation.ellipse.is_valid();
}

}  // namespace

MotionPlan SimulatedOutlineOptions::looking_around() {
  MotionPlan plan;
  plan.gaze.kind = GazePlan::Kind::look_around;
  plan.gaze.fixation_mean_s = 0.3;
  return plan;
}

SimulatedOutlines::SimulatedOutlines(const SimulatedOutlineOptions& options)
    : options_(options), scene_(draw_scene(options)), motion_(plan_for(options, scene_), options.seed) {
  YARBUS_CHECK_OP(options.rate_hz, >, 0.0);
  YARBUS_CHECK_OP(options.edge_points, >=, static_cast<int>(fewest_points));
  YARBUS_CHECK_OP(options.edge_points, <=, static_cast<int>(max_edge_points));
  YARBUS_CHECK_OP(options.sigma_px, >, 0.0);
  YARBUS_CHECK_OP(options.limbus_sigma_px, >, 0.0);
  YARBUS_CHECK_OP(options.bias_sigma_px, >=, 0.0);
  YARBUS_CHECK_OP(options.noise_factor, >=, 0.0);
  YARBUS_CHECK(options.lid_share >= 0.0 && options.lid_share <= 1.0);
  YARBUS_CHECK_OP(options.limbus_points, >=, 0);
  YARBUS_CHECK_OP(options.limbus_points, <=, static_cast<int>(max_limbus_points));
  YARBUS_CHECK(scene_.eye.validate().has_value());
  Random bias(scramble(options.seed ^ 0xB1A5ULL));
  for (double& part : bias_px_) part = options.bias_sigma_px * bias.normal();
  clean_px_.resize(static_cast<std::size_t>(options.edge_points));
  normal_px_.resize(clean_px_.size());
  seen_px_.reserve(clean_px_.size());
}

Scene SimulatedOutlines::scene_of(const EyeMotion::State& state) const {
  Scene scene = scene_;
  scene.lids.closure = state.closure;
  scene.pupil_radius_mm = std::max(smallest_pupil_mm, state.pupil_radius_mm);
  slip_camera(scene, state.slip_in_head_mm, state.tilt_deg);
  scene.yaw_deg = state.gaze.gaze_deg.x();
  scene.pitch_deg = state.gaze.gaze_deg.y();
  return scene;
}

void SimulatedOutlines::note_edges(double lid_share, Random& noise, PupilObservation& observation) {
  double top_px = clean_px_.front().y();
  double bottom_px = top_px;
  for (const Eigen::Vector2d& point : clean_px_) {
    top_px = std::min(top_px, point.y());
    bottom_px = std::max(bottom_px, point.y());
  }
  const double lid_px = top_px + lid_share * (bottom_px - top_px);
  Eigen::Vector2d middle_px = Eigen::Vector2d::Zero();
  for (const Eigen::Vector2d& point : clean_px_) middle_px += point / static_cast<double>(clean_px_.size());
  seen_px_.clear();
  for (std::size_t i = 0; i < clean_px_.size(); ++i) {
    const Eigen::Vector2d direction = (clean_px_[i] - middle_px).normalized();
    const double common_px =
        bias_px_.dot(Eigen::Vector3d(1.0, direction.x() * direction.x() - direction.y() * direction.y(),
                                     2.0 * direction.x() * direction.y()));
    const double off_px = options_.noise_factor *  // hidden points have their noise too
                          (options_.sigma_px * noise.normal() + common_px);
    if (lid_share > 0.0 && clean_px_[i].y() < lid_px) continue;
    seen_px_.emplace_back(clean_px_[i] + off_px * normal_px_[i]);
    EdgePoint edge;
    edge.position_px = seen_px_.back().cast<float>();
    edge.sigma_px = static_cast<float>(options_.sigma_px);
    observation.edge_points.push_back(edge);
  }
}

void SimulatedOutlines::note_limbus(const Scene& scene, Random& noise, CornealFeatures& features) const {
  for (int i = 0; i < options_.limbus_points; ++i) {
    // From one side to the other in turn, evenly over both arcs.
    const int on_side = (options_.limbus_points + 1) / 2;
    const double place = on_side > 1 ? 2.0 * (i / 2) / (on_side - 1) - 1.0 : 0.0;
    const double t = (i % 2 == 0 ? 0.0 : std::numbers::pi) + limbus_arc_rad * place;
    constexpr double turn_rad = 1e-3;
    const LimbusPoint point = project_limbus_point(scene, t);
    const Eigen::Vector2d along = project_limbus_point(scene, t + turn_rad).position_px - point.position_px;
    const double off_px = options_.noise_factor * options_.limbus_sigma_px * noise.normal();
    if (!point.is_in_sight || !is_in_image(point.position_px, scene.camera)) continue;
    const Eigen::Vector2d normal = Eigen::Vector2d(along.y(), -along.x()).normalized();
    EdgePoint edge;
    edge.position_px = (point.position_px + off_px * normal).cast<float>();
    edge.sigma_px = static_cast<float>(options_.limbus_sigma_px);
    features.limbus_points.push_back(edge);
  }
}

void SimulatedOutlines::make(std::uint64_t index, const EyeMotion::State& state, SimulatedOutline& outline) {
  const double time = time_s(index);
  const Scene scene = scene_of(state);
  outline.sequence = index;
  outline.captured_at = std::chrono::round<CaptureTime>(std::chrono::duration<double>(time));
  outline.observation.reset();
  outline.features = {};

  SimulatedTruth& truth = outline.truth;
  truth = placement_of(scene);
  truth.time_s = time;
  truth.is_saccade = state.gaze.is_saccade;
  truth.in_blink = state.is_blinking && scene.lids.closure > 0.5;
  trace_pupil_outline_fast(scene, clean_px_);
  const std::size_t count = clean_px_.size();
  const auto pupil = fit_ellipse_to_outline(clean_px_);
  YARBUS_CHECK(pupil.has_value());
  truth.pupil_ellipse = pupil->ellipse;
  truth.pupil_ellipse_residual_px = pupil->max_residual_px;
  std::array<Eigen::Vector2d, 12> limbus;  // a plain circle's image is an ellipse: any few points have it
  for (std::size_t i = 0; i < limbus.size(); ++i)
    limbus[i] = project_limbus_point(scene, two_pi * static_cast<double>(i) / limbus.size()).position_px;
  if (const auto fitted = fit_ellipse_to_outline(limbus)) truth.limbus_ellipse = fitted->ellipse;

  const double lid_share = std::max(options_.lid_share, scene.lids.closure);
  truth.visible_fraction = 1.0 - area_above(lid_share);
  bool is_whole = true;
  for (std::size_t i = 0; i < count; ++i) {
    is_whole = is_whole && is_in_image(clean_px_[i], scene.camera);
    const Eigen::Vector2d along = clean_px_[(i + 1) % count] - clean_px_[(i + count - 1) % count];
    const Eigen::Vector2d normal = Eigen::Vector2d(along.y(), -along.x()).normalized();
    normal_px_[i] = normal.dot(clean_px_[i] - truth.pupil_ellipse.center_px) < 0.0 ? -normal : normal;
  }
  if (!is_whole || lid_share > widest_lid_share) return;

  Random noise(scramble(scramble(options_.seed ^ 0x0015EULL) + index));
  PupilObservation& observation = outline.observation.emplace();
  note_edges(lid_share, noise, observation);
  note_limbus(scene, noise, outline.features);
  observation.confidence = options_.confidence;
  observation.lid_closure = lid_share;
  const bool is_good =
      seen_px_.size() >= fewest_points && fit_outline(seen_px_, options_.sigma_px, observation);
  if (!is_good) outline.observation.reset();
}

SimulatedOutline SimulatedOutlines::make(std::uint64_t index) {
  SimulatedOutline outline;
  make(index, outline);
  return outline;
}

}  // namespace yarbus::simulation
