#include <chrono>
#include <limits>
#include <utility>
#include <vector>

#include "app/benchmark/viewer_eye.h"
#include "app/session/eye_tracker.h"
#include "app/session/gaze_rays.h"
#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/simulation/simulated_eye.h"

namespace yarbus::benchmark {
namespace {

/// As in the window's demo: two eyes at the scenarios' own 640 px take four times as long.
constexpr int image_width_px = 320;

class RenderedEye final : public ViewerEye {
 public:
  RenderedEye(simulation::SimulatedEye eye, EyeSide side)
      : eye_(std::move(eye)),
        side_(side),
        tracker_({}, eye_.camera()),
        frames_(4, [](Frame& frame) { frame.truth.reset(); }) {}

  [[nodiscard]] double rate_hz() const override { return eye_.rate_hz(); }

  ViewerEyeFrame see(std::uint64_t index, const SimulationControls& controls) override {
    eye_.set_controls(controls);
    const auto frame = frames_.acquire();
    YARBUS_CHECK(frame != nullptr);
    eye_.render(index, frame->gray, frame->truth.emplace());
    frame->sequence = index;
    frame->eye = side_;
    frame->captured_at = std::chrono::round<CaptureTime>(
        std::chrono::duration<double>(static_cast<double>(index) / rate_hz()));
    GazeSample sample;
    settled_.clear();
    tracker_.process(frame, sample, settled_);
    ViewerEyeFrame seen;
    seen.ray = eye_ray_of(sample);
    seen.status = eye_status_of(sample);
    seen.visual_axis_in_head = eye_.visual_axis_in_head();
    seen.is_saccade = frame->truth->is_saccade;
    const Eigen::Vector3d& axis = frame->truth->optical_axis_in_cam;
    seen.axis_error_deg = seen.ray ? degrees_of(angle_between_rad(seen.ray->optical_axis_in_cam, axis))
                                   : std::numeric_limits<double>::quiet_NaN();
    if (const auto job = tracker_.take_due_fit_job()) tracker_.apply(fitter_.run(*job));
    return seen;
  }

 private:
  simulation::SimulatedEye eye_;
  EyeSide side_;
  EyeTracker tracker_;
  ModelFitter fitter_;
  FramePool frames_;
  std::vector<LabelledFrame> settled_;
};

}  // namespace

Result<std::unique_ptr<ViewerEye>> make_rendered_eye(const SimulatedViewer& viewer, EyeSide side) {
  const auto which = viewer.eye(side);
  auto eye = simulation::SimulatedEye::create(which.scenario, which.seed, side, image_width_px);
  if (!eye) return eye.error();
  return std::unique_ptr<ViewerEye>(std::make_unique<RenderedEye>(std::move(*eye), side));
}

}  // namespace yarbus::benchmark
