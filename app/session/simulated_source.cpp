#include "app/session/simulated_source.h"

#include "app/session/simulation_playback.h"
#include "eyemodel/simulation/scenario.h"
#include "eyemodel/simulation/simulated_eye.h"
#include "eyemodel/types/frame.h"

namespace yarbus {
namespace {

SourceInfo describe(const SimulatedSourceOptions& options, const simulation::SimulatedEye& eye) {
  SourceInfo info;
  info.name = "simulated eye " + options.scenario + ", seed " + std::to_string(options.seed);
  info.location = options.scenario;
  info.width_px = eye.camera().width_px;
  info.height_px = eye.camera().height_px;
  info.nominal_rate_hz = eye.rate_hz();
  info.is_live = options.is_live;
  info.is_seekable = !options.is_live;
  return info;
}

class EyeScene : public SimulatedSource {
 public:
  static constexpr std::string_view noun = "simulated eye";
  using Interface = SimulatedSource;

  EyeScene(const SimulatedSourceOptions& options, simulation::SimulatedEye eye)
      : options_(options),
        eye_(std::move(eye)),
        info_(describe(options, eye_)),
        pool_(options.pool_frames, [](Frame& frame) { frame.truth.reset(); }) {}

  const SourceInfo& info() const override { return info_; }
  const CameraIntrinsics& camera() const override { return eye_.camera(); }
  const SimulationControls& controls() const override { return eye_.controls(); }

 protected:
  void render(Frame& frame, std::uint64_t index, CaptureTime captured_at) {
    eye_.render(index, frame.gray, frame.truth.emplace());
    frame.sequence = index;
    frame.camera_id = options_.camera_id;
    frame.eye = options_.eye;
    frame.captured_at = captured_at;
  }
  [[nodiscard]] double rate_hz() const { return eye_.rate_hz(); }
  void take_wish() {
    if (const auto controls = options_.controls != nullptr ? options_.controls->take() : std::nullopt)
      eye_.set_controls(*controls);
  }

  SimulatedSourceOptions options_;
  simulation::SimulatedEye eye_;
  SourceInfo info_;
  FramePool pool_;
};

}  // namespace

Result<std::unique_ptr<SimulatedSource>> open_simulated_source(const SimulatedSourceOptions& options) {
  YARBUS_CHECK(options.is_live || options.controls == nullptr);
  YARBUS_CHECK(!options.is_live || !options.frames.has_value());
  auto eye = simulation::SimulatedEye::create(options.scenario, options.seed, options.eye, options.width_px);
  if (!eye) return eye.error();
  const auto* scenario = simulation::find_scenario(options.scenario);
  YARBUS_CHECK(scenario != nullptr);
  return open_simulation<EyeScene>(options, options.scenario, std::move(*eye), scenario->default_frames);
}

}  // namespace yarbus
