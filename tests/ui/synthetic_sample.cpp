#include "tests/ui/synthetic_sample.h"

#include <cmath>
#include <numbers>

#include <Eigen/Eigenvalues>

#include "eyemodel/types/angle.h"

namespace yarbus::test {

namespace {

constexpr double frame_rate_hz = 60.0;

std::uint8_t shade(double value) { return static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0)); }

}  // namespace

CameraIntrinsics SyntheticEye::intrinsics() const {
  return CameraIntrinsics::from_focal_length(focal_px, width_px, height_px);
}

Eigen::Vector3d SyntheticEye::gaze_at(double azimuth_deg, double elevation_deg) {
  const double a = azimuth_deg * rad_per_deg;
  const double e = elevation_deg * rad_per_deg;
  return {std::sin(a) * std::cos(e), -std::sin(e), -std::cos(a) * std::cos(e)};
}

Circle3 SyntheticEye::pupil_at(double azimuth_deg, double elevation_deg) const {
  Circle3 pupil;
  pupil.normal_in_cam = gaze_at(azimuth_deg, elevation_deg);
  pupil.center_in_cam_mm = eye_center_in_cam_mm + eyeball_radius_mm * pupil.normal_in_cam;
  pupil.radius_mm = pupil_radius_mm;
  return pupil;
}

EyeModelPtr SyntheticEye::model(int discs) const {
  auto model = std::make_shared<EyeModel>();
  model->version = 1;
  model->stage = FitStage::edge;
  model->intrinsics = intrinsics();
  model->eye_center_in_cam_mm = eye_center_in_cam_mm;
  model->eyeball_radius_mm = eyeball_radius_mm;
  for (int i = 0; i < discs; ++i) {
    // A sunflower of directions around straight ahead.
    const double turn = i * 2.4;
    const double reach = 32.0 * std::sqrt((i + 0.5) / discs);
    model->supporting_pupils_in_cam.push_back(pupil_at(reach * std::cos(turn), 0.8 * reach * std::sin(turn)));
  }
  model->report.was_run = true;
  model->report.stage = FitStage::edge;
  model->report.frames_used = 83;
  model->report.frames_rejected = 4;
  model->report.rms_px = 0.41;
  model->report.condition = 12.0;
  model->report.converged = true;
  model->report.iterations = 14;
  model->report.spread_deg = 61.0;
  model->report.gauge = "eyeball radius fixed at 12 mm";
  model->report.wall_time = std::chrono::milliseconds(310);
  return model;
}

std::shared_ptr<EyeModel> SyntheticEye::refraction_model(double gaze_sigma_deg) const {
  auto model = std::make_shared<EyeModel>(*this->model());
  model->stage = model->report.stage = FitStage::refraction;
  model->eyeball_radius_mm = model->anatomy.pupil_plane_mm;
  model->report.gaze_sigma_deg = gaze_sigma_deg;
  model->report.pupil_diameter_sigma_mm = 0.05;
  model->report.shape_sigmas_mm << 0.1, 0.12, 1.3, 0.3, 0.29, 0.25, 0.2;
  model->report.from_priors = {"pupil plane + corneal centre", "corneal radius"};
  return model;
}

std::shared_ptr<GazeSample> SyntheticEye::unsure_sample(std::uint64_t sequence, double azimuth_deg,
                                                        double elevation_deg, double gaze_sigma_deg) const {
  auto sample = this->sample(sequence, azimuth_deg, elevation_deg, refraction_model(gaze_sigma_deg));
  EyePose& pose = *sample->pose;
  const Eigen::Vector3d& gaze = pose.gaze_dir_in_cam();
  const double sigma_rad = gaze_sigma_deg * rad_per_deg;
  pose.eyeball_radius_mm = sample->model->eyeball_radius_mm;
  pose.pupil_in_cam.center_in_cam_mm = eye_center_in_cam_mm + pose.eyeball_radius_mm * gaze;
  pose.uncertainty.emplace();
  pose.uncertainty->gaze_covariance_in_cam =
      sigma_rad * sigma_rad * (Eigen::Matrix3d::Identity() - gaze * gaze.transpose());
  pose.uncertainty->pupil_diameter_mm = 0.05;
  return sample;
}

Ellipse SyntheticEye::ellipse_of(const Circle3& pupil) const {
  constexpr int points = 360;
  const CameraIntrinsics K = intrinsics();
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (int i = 0; i < points; ++i)
    mean += K.project(point_on_circle(pupil, 2.0 * std::numbers::pi * i / points));
  mean /= points;
  Eigen::Matrix2d spread = Eigen::Matrix2d::Zero();
  for (int i = 0; i < points; ++i) {
    const Eigen::Vector2d d = K.project(point_on_circle(pupil, 2.0 * std::numbers::pi * i / points)) - mean;
    spread += d * d.transpose();
  }
  // Along a principal axis of half length a the mean square of an evenly travelled ellipse is a^2 / 2.
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> axes(spread / points);
  Ellipse ellipse;
  ellipse.center_px = mean;
  ellipse.semi_minor_px = std::sqrt(2.0 * axes.eigenvalues()[0]);
  ellipse.semi_major_px = std::sqrt(2.0 * axes.eigenvalues()[1]);
  const Eigen::Vector2d major = axes.eigenvectors().col(1);
  ellipse.angle_rad = std::atan2(major.y(), major.x());
  if (ellipse.angle_rad < 0.0) ellipse.angle_rad += std::numbers::pi;
  if (ellipse.angle_rad >= std::numbers::pi) ellipse.angle_rad -= std::numbers::pi;
  return ellipse;
}

FramePtr SyntheticEye::frame(std::uint64_t sequence, double azimuth_deg, double elevation_deg,
                             bool open) const {
  auto frame = std::make_shared<Frame>();
  frame->sequence = sequence;
  frame->captured_at = std::chrono::nanoseconds(
      static_cast<std::int64_t>(1e9 * static_cast<double>(sequence) / frame_rate_hz));
  frame->gray.resize(width_px, height_px);
  const CameraIntrinsics K = intrinsics();
  const Ellipse pupil = ellipse_of(pupil_at(azimuth_deg, elevation_deg));
  const Eigen::Vector2d iris_center = pupil.center_px;
  const Eigen::Vector2d eye = K.project(eye_center_in_cam_mm);
  const double eye_radius_px = focal_px * eyeball_radius_mm / eye_center_in_cam_mm.z();
  for (int y = 0; y < height_px; ++y) {
    for (int x = 0; x < width_px; ++x) {
      const Eigen::Vector2d p(x, y);
      const Eigen::Vector2d from_eye = (p - eye) / eye_radius_px;
      double gray = 150.0 - 40.0 * from_eye.norm() + 6.0 * std::sin(0.31 * x) * std::cos(0.23 * y);
      const double lid = open ? std::pow(from_eye.x(), 2) + std::pow(from_eye.y() / 0.62, 2) : 2.0;
      if (lid < 1.0) {
        gray = 190.0 - 30.0 * lid;
        const Eigen::Vector2d d = p - iris_center;
        const double u = d.dot(pupil.major_axis());
        const double v = d.dot(pupil.minor_axis()) / pupil.aspect_ratio();
        const double r = std::hypot(u, v) / pupil.semi_major_px;
        if (r < 2.9) gray = 108.0 + 8.0 * std::sin(12.0 * std::atan2(v, u));
        const double edge = std::clamp(0.5 + (1.0 - r) * pupil.semi_minor_px, 0.0, 1.0);
        gray += edge * (28.0 - gray);
        if ((p - iris_center - Eigen::Vector2d(5, -6)).norm() < 2.2) gray = 250.0;
      }
      frame->gray.row(y)[x] = shade(gray);
    }
  }
  return frame;
}

std::shared_ptr<GazeSample> SyntheticEye::sample(std::uint64_t sequence, double azimuth_deg,
                                                 double elevation_deg, EyeModelPtr model) const {
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame(sequence, azimuth_deg, elevation_deg);
  const Circle3 pupil = pupil_at(azimuth_deg, elevation_deg);
  PupilObservation observation;
  observation.ellipse = ellipse_of(pupil);
  observation.confidence = 0.95;
  for (int i = 0; i < 48; ++i) {
    observation.edge_points.push_back(
        {observation.ellipse.point_at(2.0 * std::numbers::pi * i / 48).cast<float>(), 0.5F});
  }
  sample->pupil = observation;
  if (model) {
    EyePose pose;
    pose.eye_center_in_cam_mm = eye_center_in_cam_mm;
    pose.eyeball_radius_mm = eyeball_radius_mm;
    pose.pupil_in_cam = pupil;
    pose.reprojected_ellipse = observation.ellipse;
    sample->pose = pose;
  }
  sample->model = std::move(model);
  return sample;
}

std::shared_ptr<GazeSample> SyntheticEye::blink(std::uint64_t sequence, EyeModelPtr model) const {
  auto sample = std::make_shared<GazeSample>();
  sample->frame = frame(sequence, 0.0, 0.0, false);
  sample->pupil = PupilMiss{PupilMissReason::blink, 0.1};
  sample->in_blink = true;
  sample->model = std::move(model);
  return sample;
}

std::shared_ptr<GazeSample> SyntheticEye::simulated_sample(std::uint64_t sequence, double azimuth_deg,
                                                           double elevation_deg, EyeModelPtr model,
                                                           double off_deg) const {
  auto sample = this->sample(sequence, azimuth_deg, elevation_deg, std::move(model));
  auto frame = std::make_shared<Frame>(*sample->frame);
  SimulatedTruth truth;
  truth.intrinsics = intrinsics();
  truth.eye_center_in_cam_mm = eye_center_in_cam_mm;
  truth.eyeball_radius_mm = eyeball_radius_mm;
  truth.pupil_in_cam = pupil_at(azimuth_deg + off_deg, elevation_deg);
  truth.optical_axis_in_cam = truth.pupil_in_cam.normal_in_cam;
  truth.pupil_ellipse = ellipse_of(truth.pupil_in_cam);
  truth.visible_fraction = 1.0;
  frame->truth = truth;
  sample->frame = frame;
  return sample;
}

EyeSnapshot running_simulation(const std::string& scenario, GazeSamplePtr latest,
                               const SimulationControls& controls) {
  EyeSnapshot snapshot = playing_file("Simulated eye: " + scenario, std::move(latest));
  snapshot.source.request = {};
  snapshot.source.request.kind = SourceRequest::Kind::simulated_eye;
  snapshot.source.request.location = scenario;
  snapshot.source.is_live = true;
  snapshot.source.is_seekable = false;
  snapshot.source.frame_count.reset();
  snapshot.source.focal_length_is_assumed = false;
  snapshot.simulation = controls;
  return snapshot;
}

EyeSnapshot playing_file(const std::string& name, GazeSamplePtr latest, std::uint64_t frame_count) {
  EyeSnapshot snapshot;
  snapshot.source.state = PlaybackState::playing;
  snapshot.source.name = name;
  snapshot.source.request.location = "/recordings/" + name;
  snapshot.source.is_seekable = true;
  snapshot.source.width_px = 320;
  snapshot.source.height_px = 240;
  snapshot.source.nominal_rate_hz = frame_rate_hz;
  snapshot.source.frame_count = frame_count;
  snapshot.source.position = latest && latest->frame ? latest->frame->sequence : 0;
  snapshot.source.focal_px = 320.0;
  snapshot.source.focal_length_is_assumed = true;
  if (latest) {
    snapshot.model.model = latest->model;
    if (latest->model) snapshot.model.last_report = latest->model->report;
  }
  snapshot.model.observations_kept = 83;
  snapshot.latest = std::move(latest);
  return snapshot;
}

}  // namespace yarbus::test
