#include "calibration/camera/camera_presets.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace yarbus {
namespace {

constexpr std::string_view pupil_labs = "stated by the maker as the default of its own software";
constexpr std::string_view diagonal = "half the image's diagonal over the tangent of half the stated angle";
constexpr std::string_view pixel_pitch = "stated focal length over stated pixel pitch";
constexpr std::string_view binned =
    "stated focal length over twice the stated pixel pitch: 2 by 2 pixels in one";

/// How each was derived stands in docs/camera-calibration.md; tests derive them again.
constexpr std::array<CameraPreset, 19> table{{
    {"Pupil Labs Core eye camera 120 Hz", "pupil cam1 id0", 320, 240, 339.2, pupil_labs},
    {"Pupil Labs Core eye camera 120 Hz", "pupil cam1 id0", 640, 480, 670.8, pupil_labs},
    {"Pupil Labs Core eye camera 120 Hz", "pupil cam1 id1", 320, 240, 339.2, pupil_labs},
    {"Pupil Labs Core eye camera 120 Hz", "pupil cam1 id1", 640, 480, 670.8, pupil_labs},
    {"Pupil Labs Core eye camera 200 Hz", "pupil cam2 id0", 192, 192, 283.3, pupil_labs},
    {"Pupil Labs Core eye camera 200 Hz", "pupil cam2 id0", 400, 400, 562.0, pupil_labs},
    {"Pupil Labs Core eye camera 200 Hz", "pupil cam2 id1", 192, 192, 283.3, pupil_labs},
    {"Pupil Labs Core eye camera 200 Hz", "pupil cam2 id1", 400, 400, 562.0, pupil_labs},
    {"Pupil Labs VR eye camera 200 Hz", "pupil cam3 id0", 192, 192, 140.0, pupil_labs},
    {"Pupil Labs VR eye camera 200 Hz", "pupil cam3 id0", 400, 400, 278.5, pupil_labs},
    {"Pupil Labs VR eye camera 200 Hz", "pupil cam3 id1", 192, 192, 140.0, pupil_labs},
    {"Pupil Labs VR eye camera 200 Hz", "pupil cam3 id1", 400, 400, 278.5, pupil_labs},
    {"PlayStation Eye, wide (75 degrees)", "", 640, 480, 521.3, diagonal},
    {"PlayStation Eye, narrow (56 degrees)", "", 640, 480, 752.3, diagonal},
    {"Raspberry Pi Camera Module 1", "", 2592, 1944, 2571.4, pixel_pitch},
    {"Raspberry Pi Camera Module 1", "", 1296, 972, 1285.7, binned},
    {"Raspberry Pi Camera Module 2", "", 3280, 2464, 2714.3, pixel_pitch},
    {"Raspberry Pi Camera Module 2", "", 1640, 1232, 1357.1, binned},
    {"Logitech C920", "c920", 1920, 1080, 1360.2, diagonal},
}};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

CameraIntrinsics CameraPreset::intrinsics() const {
  CameraIntrinsics camera = CameraIntrinsics::from_focal_length(focal_px, width_px, height_px);
  camera.is_assumed = true;
  return camera;
}

std::span<const CameraPreset> camera_presets() { return table; }

const CameraPreset* preset_for_driver(const std::string& driver_name, int width_px, int height_px) {
  const std::string wanted = lower(driver_name);
  const auto* found = std::find_if(table.begin(), table.end(), [&](const CameraPreset& preset) {
    return !preset.driver_name.empty() && preset.width_px == width_px && preset.height_px == height_px &&
           wanted.find(preset.driver_name) != std::string::npos;
  });
  return found == table.end() ? nullptr : found;
}

const CameraPreset* preset_by_name(const std::string& name, int width_px, int height_px) {
  const std::string wanted = lower(name);
  const auto* found = std::find_if(table.begin(), table.end(), [&](const CameraPreset& preset) {
    return lower(std::string(preset.name)) == wanted && preset.width_px == width_px &&
           preset.height_px == height_px;
  });
  return found == table.end() ? nullptr : found;
}

}  // namespace yarbus
