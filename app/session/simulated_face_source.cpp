#include "app/session/simulated_face_source.h"

#include <string>

#include "app/session/simulation_playback.h"
#include "eyemodel/simulation/face/face_setup.h"
#include "eyemodel/types/frame.h"

namespace yarbus {
namespace {

SourceInfo describe(const SimulatedFaceSourceOptions& options) {
  SourceInfo info;
  info.name = "simulated face " + options.face.scenario + ", seed " + std::to_string(options.face.seed);
  info.location = options.face.scenario;
  info.width_px = options.face.width_px;
  info.height_px = options.face.height_px;
  info.nominal_rate_hz = options.face.rate_hz;
  info.is_live = options.is_live;
  info.is_seekable = !options.is_live;
  return info;
}

class FaceScene : public SimulatedFaceSource {
 public:
  static constexpr std::string_view noun = "simulated face";
  using Interface = SimulatedFaceSource;

  FaceScene(const SimulatedFaceSourceOptions& options, simulation::SimulatedFace face)
      : options_(options),
        face_(std::move(face)),
        info_(describe(options)),
        pool_(options.pool_frames, [](Frame& frame) { frame.face_truth.reset(); }) {}

  const SourceInfo& info() const override { return info_; }
  const simulation::SimulatedFace& face() const override { return face_; }

 protected:
  void render(Frame& frame, std::uint64_t index, CaptureTime captured_at) {
    face_.render(index, frame.gray, frame.face_truth.emplace());
    frame.sequence = index;
    frame.camera_id = options_.camera_id;
    frame.captured_at = captured_at;
  }
  [[nodiscard]] double rate_hz() const { return face_.rate_hz(); }
  void take_wish() {
    if (const auto wish = options_.mailbox != nullptr ? options_.mailbox->take() : std::nullopt)
      face_.look_at(*wish);
  }

  SimulatedFaceSourceOptions options_;
  simulation::SimulatedFace face_;
  SourceInfo info_;
  FramePool pool_;
};

}  // namespace

Result<std::unique_ptr<SimulatedFaceSource>> open_simulated_face_source(
    const SimulatedFaceSourceOptions& options) {
  YARBUS_CHECK(options.is_live || options.mailbox == nullptr);
  YARBUS_CHECK(!options.is_live || !options.frames.has_value());
  auto face = simulation::SimulatedFace::create(options.face);
  if (!face) return face.error();
  const auto* scenario = simulation::find_face_scenario(options.face.scenario);
  YARBUS_CHECK(scenario != nullptr);
  return open_simulation<FaceScene>(options, options.face.scenario, std::move(*face),
                                    scenario->default_frames);
}

}  // namespace yarbus
