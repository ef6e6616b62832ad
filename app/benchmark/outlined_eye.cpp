#include <limits>

#include "app/benchmark/live_follower.h"
#include "app/benchmark/viewer_eye.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/look_at.h"
#include "eyemodel/types/model_certainty.h"

namespace yarbus::benchmark {
namespace {

/// What a subject's outlines have in common, as in the model's own benchmark.
constexpr double bias_share = 0.16;

simulation::SimulatedOutlineOptions options_of(std::uint64_t seed, EyeSide side) {
  simulation::SimulatedOutlineOptions options;
  options.seed = seed;
  options.bias_sigma_px = bias_share * options.sigma_px;
  auto eye = simulation::draw_anatomy(options.population, seed);
  if (side == EyeSide::left) eye.kappa_horizontal_deg = -eye.kappa_horizontal_deg;
  options.anatomy = eye;
  return options;
}

class OutlinedEye final : public ViewerEye {
 public:
  OutlinedEye(std::uint64_t seed, EyeSide side)
      : outlines_(options_of(seed, side)),
        follower_({}, outlines_.camera()),
        looking_(outlines_.anatomy(), Eigen::Vector2d::Zero(), seed) {}

  [[nodiscard]] double rate_hz() const override { return outlines_.options().rate_hz; }

  ViewerEyeFrame see(std::uint64_t index, const SimulationControls& controls) override {
    const double time_s = outlines_.time_s(index);
    auto state = outlines_.state_at(time_s);
    state.gaze = looking_.at(controls.look_at_in_head_mm, time_s);
    if (controls.blinks != blinks_) {
      blinks_ = controls.blinks;
      blink_s_ = time_s;
    }
    state.closure = controls.is_closed ? 1.0 : blink_s_ ? simulation::blink_closure(time_s - *blink_s_) : 0.0;
    state.is_blinking = state.closure > 0.0;
    state.slip_in_head_mm = {0.0, controls.slip_mm, 0.0};
    state.tilt_deg = {controls.slip_mm, 0.0, 0.0};
    outlines_.make(index, state, outline_);
    ViewerEyeFrame seen;
    seen.visual_axis_in_head = simulation::visual_axis_in_head(outlines_.scene_of(state));
    seen.is_saccade = state.gaze.is_saccade;
    seen.axis_error_deg = std::numeric_limits<double>::quiet_NaN();
    seen.status.is_tracked = true;
    seen.status.in_blink = state.is_blinking && !controls.is_closed;
    std::optional<EyePose> pose;
    if (outline_.observation) {
      pose = follower_.follow(frame_of(outline_));
      seen.status.confidence = outline_.observation->confidence;
    } else {
      seen.status.pupil_miss = seen.status.in_blink ? PupilMissReason::blink : PupilMissReason::no_candidate;
    }
    const auto& model = follower_.model();
    seen.status.has_model = model.has_value();
    seen.status.is_model_settled = model && is_settled(*model);
    if (!pose || seen.status.in_blink) return seen;
    seen.ray = ray_of(*pose, model, seen.status.confidence);
    const Eigen::Vector3d& axis = outline_.truth.optical_axis_in_cam;
    seen.axis_error_deg = degrees_of(angle_between_rad(seen.ray->optical_axis_in_cam, axis));
    return seen;
  }

 private:
  static EyeRay ray_of(const EyePose& pose, const std::optional<EyeModel>& model, double confidence) {
    EyeRay ray;
    if (model) ray.center_covariance_in_cam_mm2 = model->covariance_mm2.topLeftCorner<3, 3>();
    ray.eye_center_in_cam_mm = pose.eye_center_in_cam_mm;
    ray.optical_axis_in_cam = pose.gaze_dir_in_cam();
    if (pose.uncertainty) ray.axis_covariance_in_cam = pose.uncertainty->gaze_covariance_in_cam;
    ray.confidence = confidence;
    return ray;
  }

  simulation::SimulatedOutlines outlines_;
  LiveFollower follower_;
  simulation::LookAtMotion looking_;
  simulation::SimulatedOutline outline_;
  std::uint32_t blinks_ = 0;
  std::optional<double> blink_s_;
};

}  // namespace

std::unique_ptr<ViewerEye> make_outlined_eye(const SimulatedViewer& viewer, EyeSide side) {
  return std::make_unique<OutlinedEye>(viewer.eye(side).seed, side);
}

}  // namespace yarbus::benchmark
