#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/result.h"

namespace yarbus {

/// A camera's intrinsics with where they come from. In the sensor's orientation: not turned, not mirrored.
struct CameraRecord {
  std::string camera;  ///< the driver's name, or one given by a person
  CameraIntrinsics intrinsics;
  std::string origin;  ///< "calibrated: chessboard of ...", "imported from calibration.yaml"
  std::string date;    ///< as the caller writes it; empty: not told
  std::optional<double> rms_px;
  std::optional<double> focal_sigma_px;
  int views = 0;
};

/// The calibrated cameras of a user: one JSON file a camera and resolution, readable with `--camera` too.
/// Threads: concurrent-safe for reading; files get their name only when they are whole.
class CameraLibrary {
 public:
  /// `folder` need not exist yet. Empty: a library that is empty and cannot be written to.
  explicit CameraLibrary(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Replaces what was saved for that camera and resolution. Errors: invalid_option (no name, no camera),
  /// output_unwritable.
  Result<std::filesystem::path> save(const CameraRecord& record) const;
  /// Errors: input_missing (with the resolutions there are), and those of reading a file.
  [[nodiscard]] Result<CameraRecord> load(const std::string& camera, int width_px, int height_px) const;
  /// That camera at another resolution of the same shape, the nearest in size; nullopt if there is none.
  [[nodiscard]] std::optional<CameraRecord> other_size(const std::string& camera, int width_px,
                                                       int height_px) const;
  /// By name, then size. Files that cannot be read are told in `faults`, if given.
  [[nodiscard]] std::vector<CameraRecord> list(std::vector<Error>* faults = nullptr) const;
  /// Errors: input_missing, output_unwritable.
  Result<void> remove(const std::string& camera, int width_px, int height_px) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path path_of(const std::string& camera, int width_px, int height_px) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace yarbus
