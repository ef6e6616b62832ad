#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/face_truth.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus::simulation {

struct FaceSimulationOptions {
  std::string scenario = "face-still";
  std::uint64_t seed = 1;  ///< who, and with which camera in which room
  int width_px = 1280;     ///< 80 .. 4096
  int height_px = 720;     ///< 60 .. 2304
  double rate_hz = 30.0;   ///< 1 .. 120
  /// The screen, with the distance of the eyes from it; the camera sits above its middle.
  ScreenGeometry screen{531.0, 299.0, 1920, 1080, 600.0};

  /// Errors: invalid_option naming each value out of its bounds.
  [[nodiscard]] Result<void> validate() const;
};

/// A face before a webcam on a screen, in visible light: a person drawn from the seed, who looks at targets
/// on the screen. The same options and index always give the same pixels, unless somebody steers.
/// Frames & units: image, cam, head, screen (eyemodel/types/frames.h). Method: docs/simulation.md. Shares no
/// geometry with the trackers. Threads: one owner. Cost: a fifth of a second to create a face.
class SimulatedFace {
 public:
  /// Errors: invalid_option for an unknown scenario (naming those that exist) and as validate().
  static Result<SimulatedFace> create(const FaceSimulationOptions& options);
  ~SimulatedFace();
  SimulatedFace(SimulatedFace&&) noexcept;
  SimulatedFace& operator=(SimulatedFace&&) noexcept;

  [[nodiscard]] const CameraIntrinsics& camera() const;
  [[nodiscard]] double rate_hz() const;
  [[nodiscard]] const ScreenGeometry& screen() const;
  /// Where the camera is: known exactly.
  [[nodiscard]] const RigidTransform& screen_from_cam() const;

  /// From the next frame on the person looks there: a saccade to a far place, pursuit of one that glides.
  /// Unset: the scenario's own targets. Frames must then be rendered in rising order.
  void look_at(const std::optional<Eigen::Vector2d>& target_in_screen_mm);

  void render(std::uint64_t index, GrayImage& image, FaceTruth& truth);

 private:
  struct Impl;
  explicit SimulatedFace(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus::simulation
