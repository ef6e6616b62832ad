#include "eyemodel/simulation/simulated_eye.h"

#include <cmath>
#include <string>

#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/scene.h"
#include "eyemodel/simulation/truth.h"

namespace yarbus::simulation {

struct SimulatedEye::Impl {
  Scene scene;
  SimulationControls controls;
};

SimulatedEye::SimulatedEye(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SimulatedEye::~SimulatedEye() = default;
SimulatedEye::SimulatedEye(SimulatedEye&&) noexcept = default;
SimulatedEye& SimulatedEye::operator=(SimulatedEye&&) noexcept = default;

Result<SimulatedEye> SimulatedEye::create(std::string_view scenario, std::uint64_t seed) {
  if (find_scenario(scenario) == nullptr) {
    return Error{ErrorCode::invalid_option, "there is no scenario of that name", std::string(scenario),
                 "Choose one that `yarbus simulate --list` names"};
  }
  auto impl = std::make_unique<Impl>();
  impl->scene.eye = sample_anatomy(seed);
  if (scenario == "paper-no-cornea") impl->scene.eye.refractive_index = 1.0;
  impl->scene.camera = CameraIntrinsics::from_focal_length(620, 640, 480);
  place_camera(impl->scene, 40.0, 20.0, -10.0);
  return SimulatedEye(std::move(impl));
}

const CameraIntrinsics& SimulatedEye::camera() const { return impl_->scene.camera; }
double SimulatedEye::rate_hz() const { return 60.0; }
const SimulationControls& SimulatedEye::controls() const { return impl_->controls; }
void SimulatedEye::set_controls(const SimulationControls& controls) { impl_->controls = controls; }

void SimulatedEye::render(std::uint64_t index, GrayImage& image, SimulatedTruth& truth) {
  Scene& scene = impl_->scene;
  scene.yaw_deg = 20.0 * std::sin(0.13 * static_cast<double>(index));
  scene.pitch_deg = 12.0 * std::sin(0.071 * static_cast<double>(index));
  truth = truth_of(scene);
  truth.time_s = static_cast<double>(index) / rate_hz();
  truth.visible_fraction = 1.0;
  image.resize(scene.camera.width_px, scene.camera.height_px);
  const Ellipse& e = truth.pupil_ellipse;
  for (int y = 0; y < image.height_px(); ++y) {
    for (int x = 0; x < image.width_px(); ++x) {
      const Eigen::Vector2d d = Eigen::Vector2d(x, y) - e.center_px;
      const double r = std::hypot(d.dot(e.major_axis()) / e.semi_major_px, d.dot(e.minor_axis()) / e.semi_minor_px);
      const double edge = std::clamp(0.5 + (r - 1.0) * e.semi_minor_px, 0.0, 1.0);
      image.row(y)[x] = static_cast<std::uint8_t>(40.0 + 80.0 * edge);
    }
  }
}

}  // namespace yarbus::simulation
