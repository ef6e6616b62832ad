#pragma once

#include <span>
#include <string>
#include <string_view>

#include "eyemodel/types/camera_intrinsics.h"

namespace yarbus {

/// A common camera's nominal focal length: from its data sheet or its maker, not measured on the one at hand.
/// Lenses of one type differ by some per cent.
struct CameraPreset {
  std::string_view name;
  /// Part of the driver's name by which it is recognised, lower case; empty: never by itself, because the
  /// name or the lens's setting does not tell.
  std::string_view driver_name;
  int width_px;
  int height_px;
  double focal_px;
  std::string_view derivation;

  /// Principal point in the middle, no distortion, marked as assumed.
  [[nodiscard]] CameraIntrinsics intrinsics() const;
};

std::span<const CameraPreset> camera_presets();

/// The preset for a driver's name at that size; null if there is none.
const CameraPreset* preset_for_driver(const std::string& driver_name, int width_px, int height_px);
/// By the preset's own name (any case) at that size; null if there is none.
const CameraPreset* preset_by_name(const std::string& name, int width_px, int height_px);

}  // namespace yarbus
