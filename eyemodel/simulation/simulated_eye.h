#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/simulated_truth.h"
#include "eyemodel/types/simulation_controls.h"

namespace yarbus::simulation {

/// A simulated eye before a simulated camera: the one entry to the simulator. Frame `index` is taken at
/// index / rate_hz(). Without set_controls every frame is a function of scenario, seed and index alone, the
/// same on every run and in any order; with it frames also depend on what was asked before them.
/// Threads: one owner. render() spreads its rows over the machine's cores by itself.
class SimulatedEye {
 public:
  /// A left eye is the mirror image of a right one: nose, kappa and the camera's side.
  /// `width_px`: the same camera with a smaller image, for computers that render slowly; unset: its own.
  /// Errors: invalid_option naming the known scenarios, or the widths that can be.
  static Result<SimulatedEye> create(std::string_view scenario, std::uint64_t seed,
                                     EyeSide side = EyeSide::right,
                                     std::optional<int> width_px = std::nullopt);
  ~SimulatedEye();
  SimulatedEye(SimulatedEye&&) noexcept;
  SimulatedEye& operator=(SimulatedEye&&) noexcept;

  /// With the places of its LEDs, which the truth of a frame leaves out.
  [[nodiscard]] const CameraIntrinsics& camera() const;
  [[nodiscard]] double rate_hz() const;
  /// What the scenario itself has, as a start for changing it.
  [[nodiscard]] const SimulationControls& controls() const;
  /// From the next frame on. Values outside their bounds are brought to them; what is not a number is
  /// ignored.
  void set_controls(const SimulationControls& controls);

  /// Where the frame rendered last looks: the visual axis (unit, from the rotation centre) in head. Without
  /// one: straight ahead.
  [[nodiscard]] Eigen::Vector3d visual_axis_in_head() const;

  /// Renders frame `index` into `image` (resized to the camera's) and says what is true of it.
  void render(std::uint64_t index, GrayImage& image, SimulatedTruth& truth);

 private:
  struct Impl;
  explicit SimulatedEye(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus::simulation
