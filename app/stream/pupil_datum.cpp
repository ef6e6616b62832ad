#include "app/stream/pupil_datum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "app/stream/sphere_outline.h"

namespace yarbus {
namespace {

constexpr std::array<std::string_view, 2> flat_topics{"pupil.0.2d", "pupil.1.2d"};
constexpr std::array<std::string_view, 2> solid_topics{"pupil.0.3d", "pupil.1.3d"};
constexpr std::array<std::string_view, 2> iris_topics{"iris.0.2d", "iris.1.2d"};

/// By FitStage.
constexpr std::array<std::string_view, 5> solid_methods{"3d yarbus unprojection", "3d yarbus unoptimised",
                                                        "3d yarbus contrast", "3d yarbus edge",
                                                        "3d yarbus refraction"};

Eigen::Vector2d norm_pos_of(const Eigen::Vector2d& point_px, const GrayImage& image) {
  if (image.width_px() <= 0 || image.height_px() <= 0) return {0.0, 1.0};
  return {point_px.x() / image.width_px(), 1.0 - point_px.y() / image.height_px()};
}

void set_ellipse(PupilDatum& datum, const Ellipse& ellipse, const GrayImage& image) {
  datum.norm_pos = norm_pos_of(ellipse.center_px, image);
  datum.ellipse = EllipseDatum::from(ellipse);
}

/// Of a two-dimensional normal error of that sigma: the probability of less than 2 degrees. Fits that state
/// no sigma: whether they can be used at all.
double model_confidence_of(const FitReport& report) {
  constexpr double within_deg = 2.0;
  if (report.stage != FitStage::refraction) return report.is_usable() ? 1.0 : 0.0;
  if (!(report.gaze_sigma_deg > 0.0)) return 0.0;
  const double sigmas = within_deg / report.gaze_sigma_deg;
  return 1.0 - std::exp(-0.5 * sigmas * sigmas);
}

constexpr std::array flat_fields{
    DatumField<PupilDatum>{"id", [](Packer& out, const PupilDatum& d) { pack_value(out, d.eye); }},
    DatumField<PupilDatum>{"topic", [](Packer& out, const PupilDatum& d) { pack_value(out, d.topic); }},
    DatumField<PupilDatum>{"method", [](Packer& out, const PupilDatum& d) { pack_value(out, d.method); }},
    DatumField<PupilDatum>{"norm_pos", [](Packer& out, const PupilDatum& d) { pack_value(out, d.norm_pos); }},
    DatumField<PupilDatum>{"diameter",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.diameter_px); }},
    DatumField<PupilDatum>{"confidence",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.confidence); }},
    DatumField<PupilDatum>{"timestamp",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.timestamp_s); }},
    DatumField<PupilDatum>{"ellipse", [](Packer& out, const PupilDatum& d) { pack_value(out, d.ellipse); }},
};

constexpr std::array sphere_fields{
    DatumField<SolidPupilDatum>{
        "center", [](Packer& out, const SolidPupilDatum& d) { pack_value(out, d.sphere_center_mm); }},
    DatumField<SolidPupilDatum>{
        "radius", [](Packer& out, const SolidPupilDatum& d) { pack_value(out, d.sphere_radius_mm); }},
};

constexpr std::array circle_fields{
    DatumField<Circle3>{"center", [](Packer& out, const Circle3& c) { pack_value(out, c.center_in_cam_mm); }},
    DatumField<Circle3>{"normal", [](Packer& out, const Circle3& c) { pack_value(out, c.normal_in_cam); }},
    DatumField<Circle3>{"radius", [](Packer& out, const Circle3& c) { pack_value(out, c.radius_mm); }},
};

constexpr std::array solid_fields{
    DatumField<PupilDatum>{"location",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.ellipse.center_px); }},
    DatumField<PupilDatum>{"sphere",
                           [](Packer& out, const PupilDatum& d) { pack_map(out, *d.solid, sphere_fields); }},
    DatumField<PupilDatum>{
        "projected_sphere",
        [](Packer& out, const PupilDatum& d) { pack_value(out, d.solid->projected_sphere); }},
    DatumField<PupilDatum>{
        "circle_3d", [](Packer& out, const PupilDatum& d) { pack_map(out, d.solid->circle, circle_fields); }},
    DatumField<PupilDatum>{"diameter_3d",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.solid->diameter_mm); }},
    DatumField<PupilDatum>{
        "model_confidence",
        [](Packer& out, const PupilDatum& d) { pack_value(out, d.solid->model_confidence); }},
    DatumField<PupilDatum>{"theta",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.solid->theta_rad); }},
    DatumField<PupilDatum>{"phi",
                           [](Packer& out, const PupilDatum& d) { pack_value(out, d.solid->phi_rad); }},
};

}  // namespace

EllipseDatum EllipseDatum::from(const Ellipse& ellipse) {
  EllipseDatum datum;
  datum.center_px = ellipse.center_px;
  datum.axes_px = 2.0 * Eigen::Vector2d(ellipse.semi_minor_px, ellipse.semi_major_px);
  datum.angle_deg = std::fmod(ellipse.angle_rad * 180.0 / std::numbers::pi + 90.0, 180.0);
  if (datum.angle_deg < 0.0) datum.angle_deg += 180.0;
  return datum;
}

PupilDatum pupil_datum(const GazeSample& sample, double timestamp_s) {
  PupilDatum datum;
  datum.eye = static_cast<int>(sample.frame->eye);
  datum.topic = flat_topics[static_cast<std::size_t>(datum.eye)];
  datum.method = "2d yarbus";
  datum.timestamp_s = timestamp_s;
  if (const auto* pupil = sample.observation()) {
    set_ellipse(datum, pupil->ellipse, sample.frame->gray);
    datum.diameter_px = 2.0 * pupil->ellipse.semi_major_px;
    datum.confidence = pupil->confidence;
  }
  return datum;
}

std::optional<PupilDatum> solid_pupil_datum(const GazeSample& sample, double timestamp_s) {
  if (!sample.pose || sample.model == nullptr) return std::nullopt;
  const EyePose& pose = *sample.pose;
  const Eigen::Vector3d& normal = pose.gaze_dir_in_cam();
  PupilDatum datum = pupil_datum(sample, timestamp_s);
  datum.topic = solid_topics[static_cast<std::size_t>(datum.eye)];
  datum.method = solid_methods[static_cast<std::size_t>(sample.model->stage)];
  SolidPupilDatum& solid = datum.solid.emplace();
  solid.sphere_center_mm = pose.eye_center_in_cam_mm;
  solid.sphere_radius_mm = pose.eyeball_radius_mm;
  if (const auto outline =
          sphere_outline(pose.eye_center_in_cam_mm, pose.eyeball_radius_mm, sample.model->intrinsics))
    solid.projected_sphere = EllipseDatum::from(*outline);
  solid.circle = pose.pupil_in_cam;
  solid.diameter_mm = pose.pupil_diameter_mm();
  solid.model_confidence = model_confidence_of(sample.model->report);
  solid.theta_rad = std::acos(std::clamp(normal.y(), -1.0, 1.0));
  solid.phi_rad = std::atan2(normal.z(), normal.x());
  return datum;
}

PupilDatum best_pupil_datum(const GazeSample& sample, double timestamp_s) {
  if (auto solid = solid_pupil_datum(sample, timestamp_s)) return *std::move(solid);
  return pupil_datum(sample, timestamp_s);
}

std::optional<PupilDatum> iris_datum(const GazeSample& sample, EyeSide eye, double timestamp_s) {
  if (!sample.face) return std::nullopt;
  const auto* irises = std::get_if<IrisPair>(&*sample.face);
  if (irises == nullptr || !irises->eye(eye)) return std::nullopt;
  PupilDatum datum;
  datum.eye = static_cast<int>(eye);
  datum.topic = iris_topics[static_cast<std::size_t>(eye)];
  datum.method = "2d yarbus webcam iris";
  datum.timestamp_s = timestamp_s;
  set_ellipse(datum, irises->eye(eye)->limbus, sample.frame->gray);
  datum.confidence = irises->eye(eye)->confidence;
  return datum;
}

void pack_value(Packer& out, const EllipseDatum& ellipse) {
  static constexpr std::array fields{
      DatumField<EllipseDatum>{"center",
                               [](Packer& p, const EllipseDatum& e) { pack_value(p, e.center_px); }},
      DatumField<EllipseDatum>{"axes", [](Packer& p, const EllipseDatum& e) { pack_value(p, e.axes_px); }},
      DatumField<EllipseDatum>{"angle", [](Packer& p, const EllipseDatum& e) { pack_value(p, e.angle_deg); }},
  };
  pack_map(out, ellipse, fields);
}

void pack_value(Packer& out, const PupilDatum& datum) {
  if (datum.solid)
    pack_map(out, datum, flat_fields, solid_fields);
  else
    pack_map(out, datum, flat_fields);
}

}  // namespace yarbus
