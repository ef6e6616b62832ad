#include "eyemodel/simulation/face/simulated_face.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <Eigen/Geometry>

#include "eyemodel/simulation/eye_motion.h"
#include "eyemodel/simulation/face/covering_hand.h"
#include "eyemodel/simulation/face/face_actor.h"
#include "eyemodel/simulation/face/face_canvas.h"
#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/simulation/face/gaze_course.h"
#include "eyemodel/simulation/face/head_course.h"
#include "eyemodel/simulation/face/room.h"
#include "eyemodel/simulation/face/webcam_sensor.h"
#include "eyemodel/simulation/face/worn_glasses.h"
#include "eyemodel/simulation/random.h"
#include "eyemodel/simulation/scalar_functions.h"

namespace yarbus::simulation {
namespace {

RigidTransform inverse(const RigidTransform& b_from_a) {
  return {b_from_a.rotation.transpose(), -(b_from_a.rotation.transpose() * b_from_a.translation_mm)};
}

RigidTransform operator*(const RigidTransform& c_from_b, const RigidTransform& b_from_a) {
  return {c_from_b.rotation * b_from_a.rotation, c_from_b.point(b_from_a.translation_mm)};
}

Eigen::Matrix3d turn_about(double deg, const Eigen::Vector3d& axis) {
  return Eigen::AngleAxisd(deg * rad_per_deg, axis).toRotationMatrix();
}

/// Above the middle of the screen's upper edge, tilted down to the face.
RigidTransform place_camera(const FaceSimulationOptions& options, Random& random) {
  const Eigen::Matrix3d facing = Eigen::Vector3d(-1.0, 1.0, -1.0).asDiagonal();
  RigidTransform screen_from_cam;
  const double tilt_deg = random.uniform(5.0, 8.5);
  const double yaw_deg = random.uniform(-1.5, 1.5);
  screen_from_cam.rotation = facing * turn_about(yaw_deg, Eigen::Vector3d::UnitY()) *
                             turn_about(-tilt_deg, Eigen::Vector3d::UnitX()) *
                             turn_about(random.uniform(-0.7, 0.7), Eigen::Vector3d::UnitZ());
  const double x_mm = 0.5 * options.screen.width_mm + random.uniform(-3.0, 3.0);
  const double y_mm = -random.uniform(8.0, 15.0);
  screen_from_cam.translation_mm = {x_mm, y_mm, random.uniform(-3.0, 3.0)};
  return screen_from_cam;
}

CameraIntrinsics draw_camera(const FaceSimulationOptions& options, Random& random) {
  const double across_rad = random.uniform(60.0, 65.0) * rad_per_deg;
  const double focal_px = 0.5 * options.width_px / std::tan(0.5 * across_rad);
  return CameraIntrinsics::from_focal_length(focal_px, options.width_px, options.height_px);
}

/// A body follows half of its head's shift and none of its turns.
RigidTransform body_of(const RigidTransform& head_now, const RigidTransform& head_at_rest) {
  RigidTransform body = head_at_rest;
  body.translation_mm = 0.5 * (head_now.translation_mm + head_at_rest.translation_mm);
  if ((head_now.translation_mm - head_at_rest.translation_mm).norm() > 100.0)
    body.translation_mm = head_now.translation_mm;
  return body;
}

}  // namespace

Result<void> FaceSimulationOptions::validate() const {
  std::string wrong;
  const auto check = [&](const char* name, double value, double low, double high) {
    if (value >= low && value <= high) return;
    wrong += (wrong.empty() ? "" : "; ") + std::string(name) + " is " + std::to_string(value) + ", must be " +
             std::to_string(low) + " to " + std::to_string(high);
  };
  check("width_px", width_px, 80, 4096);
  check("height_px", height_px, 60, 2304);
  check("rate_hz", rate_hz, 1.0, 120.0);
  check("screen.width_mm", screen.width_mm, 50.0, 5000.0);
  check("screen.height_mm", screen.height_mm, 50.0, 5000.0);
  check("screen.viewing_distance_mm", screen.viewing_distance_mm, 200.0, 5000.0);
  if (wrong.empty()) return {};
  return Error{ErrorCode::invalid_option, wrong, "simulated face", "Choose values within the bounds"};
}

struct SimulatedFace::Impl {
  /// A person in the room, and what moves them.
  struct Seat {
    FaceActor actor;
    HeadCourse head;
    FaceBlinks blinks;
  };

  FaceSimulationOptions options;
  FaceSetup setup;
  CameraIntrinsics camera;
  RigidTransform screen_from_cam;
  RigidTransform cam_from_screen;
  FaceCanvas canvas;
  cv::Mat1f room;
  WebcamSensor sensor;
  WebcamSettings settings;
  std::vector<Seat> seats;  ///< the nearest first
  std::optional<GazeCourse> gaze;
  std::optional<std::optional<Eigen::Vector2d>> wish;

  Impl(const FaceSimulationOptions& asked, const ScenarioInfo& scenario)
      : Impl(asked, scenario, Random(scramble(asked.seed ^ 0xCA3E4AULL))) {}

  Impl(const FaceSimulationOptions& asked, const ScenarioInfo& scenario, Random random)
      : options(asked),
        setup(set_up_face(scenario, asked.seed)),
        camera(draw_camera(asked, random)),
        screen_from_cam(place_camera(asked, random)),
        cam_from_screen(inverse(screen_from_cam)),
        canvas(camera),
        sensor(asked.seed) {
    const double scale = camera.width_px / 1280.0;
    room = paint_room({camera.width_px, camera.height_px}, asked.seed,
                      setup.exposure < 0.5 ? 0.3 : random.uniform(0.5, 0.9), random.uniform(2.0, 6.0));
    setup.light.screen_from_cam = screen_from_cam;
    setup.light.screen_width_mm = asked.screen.width_mm;
    setup.light.screen_height_mm = asked.screen.height_mm;
    for (int i = 0; i < setup.faces; ++i) seats.push_back(take_seat(i, random));
    settings.defocus_sigma_px = setup.defocus_factor * (0.45 + 0.35 * scale);
    settings.read_noise_gray = setup.read_noise_gray;
    settings.shot_noise_gray = setup.shot_noise_gray;
    settings.jpeg_quality = setup.jpeg_quality;
    settings.is_mirrored = setup.is_mirrored;
    settings.exposure = setup.exposure * exposure_for_face();
    if (!seats.empty()) {
      const Person& person = seats.front().actor.person();
      const double mm_per_deg = asked.screen.viewing_distance_mm * std::tan(rad_per_deg);
      gaze.emplace(asked.screen, GazeHabits{person.fixation_sigma_deg, person.latency_s, mm_per_deg},
                   asked.seed);
    }
  }

  Seat take_seat(int number, Random& random) const {
    const std::uint64_t who = options.seed + 1000ULL * static_cast<std::uint64_t>(number);
    const Person person = draw_person(who);
    const Eigen::Vector2d size_mm(options.screen.width_mm, options.screen.height_mm);
    const double distance_mm = options.screen.viewing_distance_mm * setup.distance_factor;
    // The eyes are some fingers' breadths below the screen's upper edge.
    Eigen::Vector3d seat_mm(0.5 * size_mm.x() + random.uniform(-25.0, 25.0), random.uniform(40.0, 100.0),
                            -distance_mm * random.uniform(0.95, 1.05));
    if (setup.distance_factor > 2.0) seat_mm.y() += 0.12 * distance_mm;
    HeadMotion motion = setup.motion;
    if (number > 0) {  // the others stand behind, to both sides
      constexpr std::array<std::array<double, 3>, 5> places{{{-330.0, -80.0, 420.0},
                                                             {340.0, -60.0, 480.0},
                                                             {-620.0, -120.0, 900.0},
                                                             {600.0, -140.0, 950.0},
                                                             {150.0, -260.0, 800.0}}};
      const auto& place = places[static_cast<std::size_t>(number - 1) % places.size()];
      seat_mm += Eigen::Vector3d(place[0], place[1] + 0.1 * place[2], -place[2]);
    }
    const Eigen::Vector3d looks_to_mm(0.5 * size_mm.x(), 0.4 * size_mm.y(), 0.0);
    const double eyes_before_middle_mm = -person.eye_centers_in_head_mm[0].z();
    return {FaceActor(person), HeadCourse(motion, seat_mm, looks_to_mm, eyes_before_middle_mm, who),
            FaceBlinks(person.blink_interval_s, who)};
  }

  /// As an automatic exposure would choose it, half-way for light and dark skin.
  double exposure_for_face() const {
    const double albedo = seats.empty() ? 0.4 : seats.front().actor.person().skin_albedo;
    FaceLight usual = set_up_face(face_scenarios().front(), options.seed).light;
    const double lit = usual.on(-Eigen::Vector3f::UnitZ(), 1.0F);
    return 0.34 / (lit * std::pow(albedo, 0.6) * std::pow(0.45, 0.4));
  }

  FaceActor::Pose pose_of(Seat& seat, const Eigen::Vector3d& gaze_in_screen_mm, double time_s) const {
    const RigidTransform screen_from_head = seat.head.screen_from_head(time_s);
    FaceActor::Pose pose;
    pose.cam_from_head = cam_from_screen * screen_from_head;
    pose.cam_from_body = cam_from_screen * body_of(screen_from_head, seat.head.screen_from_head(0.0));
    pose.gaze_point_in_cam_mm = cam_from_screen.point(gaze_in_screen_mm);
    pose.closure = setup.is_photo ? 0.0 : blink_closure(seat.blinks.since_s(time_s));
    return pose;
  }

  void paint(double time_s, FaceTruth& truth) {
    canvas.clear(room);
    if (seats.empty()) return;
    const GazeCourse::State state = gaze->at(time_s);
    truth.target_in_screen_mm = state.target_in_screen_mm;
    truth.gaze_in_screen_mm = state.gaze_in_screen_mm;
    truth.split = state.split;
    truth.is_saccade = state.is_saccade;
    for (std::size_t i = seats.size(); i-- > 0;) {
      Seat& seat = seats[i];
      Eigen::Vector3d gaze_mm(state.gaze_in_screen_mm.x(), state.gaze_in_screen_mm.y(), 0.0);
      if (i > 0) gaze_mm = {0.5 * options.screen.width_mm, 0.0, 0.0};  // into the camera
      const FaceActor::Pose pose = pose_of(seat, gaze_mm, time_s);
      seat.actor.paint(pose, setup.light, canvas);
      if (i > 0) continue;
      seat.actor.tell(pose, canvas, truth);
      const double since_s = seat.blinks.since_s(time_s);
      truth.in_blink = !setup.is_photo && since_s >= 0.0 && since_s < blink_duration_s;
      if (setup.has_glasses) wear_glasses(seat.actor.person(), pose.cam_from_head, setup, canvas, truth);
      if (setup.has_hand)
        hold_hand(seat.actor.person(), pose.cam_from_head, setup.light, time_s, canvas, truth);
    }
    truth.is_target_steady = state.target_age_s >= 0.5 - 1e-9 && !truth.in_blink;
  }
};

SimulatedFace::SimulatedFace(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SimulatedFace::~SimulatedFace() = default;
SimulatedFace::SimulatedFace(SimulatedFace&&) noexcept = default;
SimulatedFace& SimulatedFace::operator=(SimulatedFace&&) noexcept = default;

Result<SimulatedFace> SimulatedFace::create(const FaceSimulationOptions& options) {
  const ScenarioInfo* scenario = find_face_scenario(options.scenario);
  if (scenario == nullptr) {
    std::string known;
    for (const ScenarioInfo& each : face_scenarios())
      known += (known.empty() ? "" : ", ") + std::string(each.name);
    return Error{ErrorCode::invalid_option, "there is no scenario of that name", options.scenario,
                 "Choose one of " + known};
  }
  if (const auto valid = options.validate(); !valid) return valid.error();
  return SimulatedFace(std::make_unique<Impl>(options, *scenario));
}

const CameraIntrinsics& SimulatedFace::camera() const { return impl_->camera; }
double SimulatedFace::rate_hz() const { return impl_->options.rate_hz; }
const ScreenGeometry& SimulatedFace::screen() const { return impl_->options.screen; }
const RigidTransform& SimulatedFace::screen_from_cam() const { return impl_->screen_from_cam; }

void SimulatedFace::look_at(const std::optional<Eigen::Vector2d>& target_in_screen_mm) {
  impl_->wish = target_in_screen_mm;
}

void SimulatedFace::render(std::uint64_t index, GrayImage& image, FaceTruth& truth) {
  Impl& self = *impl_;
  const double time_s = static_cast<double>(index) / self.options.rate_hz;
  if (self.wish && self.gaze) self.gaze->look_at(*std::exchange(self.wish, std::nullopt), time_s);
  truth = FaceTruth{};
  truth.time_s = time_s;
  truth.screen_from_cam = self.screen_from_cam;
  constexpr double photo_taken_s = 0.6;
  self.paint(self.setup.is_photo ? photo_taken_s : time_s, truth);
  WebcamSettings settings = self.settings;
  if (self.setup.exposure_hunt > 0.0) {
    constexpr double hunt_hz = 0.45;
    settings.exposure *= 1.0 + self.setup.exposure_hunt * std::sin(2.0 * std::numbers::pi * hunt_hz * time_s);
  }
  self.sensor.expose(self.canvas.light, settings, index, image);
  if (!self.setup.is_mirrored) return;
  const double last_px = self.camera.width_px - 1;
  for (FaceEyeTruth& eye : truth.eyes) {
    eye.limbus.center_px.x() = last_px - eye.limbus.center_px.x();
    eye.limbus.angle_rad = eye.limbus.angle_rad > 0.0 ? std::numbers::pi - eye.limbus.angle_rad : 0.0;
    eye.inner_corner_px.x() = last_px - eye.inner_corner_px.x();
    eye.outer_corner_px.x() = last_px - eye.outer_corner_px.x();
  }
}

}  // namespace yarbus::simulation
