#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/calibration_board.h"
#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/frames.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"

namespace yarbus {

struct CameraCalibrationSetup {
  CalibrationBoard board;
  bool takes_views_by_itself = true;  ///< still, sharp and different ones; else only take_view() does
};

/// A view that was kept. Frames & units: image of the open source, or of the pictures given, px.
struct CameraCalibrationView {
  int id = 0;
  std::string picture;  ///< the name of the file that it is from; empty: from the source
  std::vector<Eigen::Vector2d> outline_px;
  double error_px = std::numeric_limits<double>::quiet_NaN();  ///< of the last result; NaN before
  bool is_removed = false;                                     ///< by the fit, as it contradicts the others
  std::string reason;                                          ///< of the removal
};

/// A calibrated camera, of the image as shown (turned and mirrored as the source is).
struct CameraCalibrationResult {
  CameraIntrinsics intrinsics;
  std::array<double, 4> sigma_px{};          ///< one standard deviation of fx, fy, cx, cy
  std::array<double, 5> distortion_sigma{};  ///< in the order of CameraIntrinsics::distortion
  double rms_px = 0.0;                       ///< over the views used
  int views_used = 0;
  double most_tilt_deg = 0.0;  ///< of the board, over the views used
  std::string lens_text;       ///< why this lens model, with the errors on views left out
  std::optional<double> standard_left_out_px;
  std::optional<double> fisheye_left_out_px;
};

/// Everything a page needs to draw, made in one go.
struct CameraCalibrationSnapshot {
  bool is_active = false;
  EyeSide eye = EyeSide::right;  ///< whose source
  CameraCalibrationSetup setup;
  int width_px = 0;  ///< of the images; 0 before the first
  int height_px = 0;

  std::uint64_t frame_sequence = 0;          ///< of the newest frame searched
  std::vector<Eigen::Vector2d> points_px;    ///< found in it; empty: none
  std::shared_ptr<const GrayImage> picture;  ///< a copy of it, as searched; null before the first
  std::string board_text;  ///< what was made of it: "kept", "hold the board still", why there is none
  std::uint64_t frames_searched = 0;
  bool is_from_files = false;          ///< pictures were loaded: the source is not searched any more
  std::vector<std::string> not_taken;  ///< "b.png: no board": of the pictures loaded last

  std::vector<CameraCalibrationView> views;
  int coverage_columns = 0;
  int coverage_rows = 0;
  std::vector<int> coverage;         ///< points of all views in each cell, row by row
  std::string guide_text;            ///< what to show next, or that it is enough
  std::vector<std::string> missing;  ///< all that is still missing, most useful first
  double progress = 0.0;             ///< of collecting, 0 .. 1

  bool is_busy = false;  ///< computing
  std::string busy_text;
  double busy_share = 0.0;

  std::optional<CameraCalibrationResult> result;
  std::string refusal;         ///< why the last computation gave none; empty: it did
  std::string refusal_remedy;  ///< what would help
  std::string saved_as;        ///< the result's name in the library, once it is saved
};

/// A camera in the library.
struct SavedCamera {
  std::string camera;
  int width_px = 0;
  int height_px = 0;
  double focal_px = 0.0;
  DistortionModel lens = DistortionModel::radial_tangential;
  std::string origin;  ///< how it came there
  std::string date;
  std::optional<double> rms_px;
};

/// A common camera's nominal focal length.
struct CameraPresetChoice {
  std::string name;
  int width_px = 0;
  int height_px = 0;
  double focal_px = 0.0;
  std::string derivation;
};

/// A board at its true size.
struct BoardDrawing {
  std::string svg;
  double width_mm = 0.0;  ///< on paper, the white around the pattern included
  double height_mm = 0.0;
};

/// Calibrating the camera of an open source with a board. Commands return at once; what they led to is in the
/// snapshot, or a Notice of the session. The search runs on its own thread, on the newest frame alone, and
/// never holds up tracking. Threads: as Session.
class CameraCalibrationControl {
 public:
  virtual ~CameraCalibrationControl() = default;

  /// Begins anew with that eye's source, which is or will be open.
  virtual void start(EyeSide eye, const CameraCalibrationSetup& setup) = 0;
  /// Ends it; a computation is broken off. The views and the result go.
  virtual void stop() = 0;
  /// Keeps the board as it is seen now, although it may not be still or different.
  virtual void take_view() = 0;
  /// Searches pictures in files, or in one folder, and keeps every one with the board; from then on until
  /// the next start the source is not searched. Views of the source go. Pictures are those of the sensor:
  /// they are not turned as the source is, and the result is theirs.
  virtual void load_pictures(const std::vector<std::string>& paths) = 0;
  virtual void remove_view(int id) = 0;
  virtual void clear_views() = 0;
  virtual void compute(LensChoice lens) = 0;

  /// Saves the result in the library, in the sensor's orientation, under that name (empty: the source's own),
  /// and opens the source anew with it, so that it is used at once and the eye model starts anew. A result
  /// of pictures is used only if it is saved under the source's own name and has its size.
  virtual void save(const std::string& camera_name) = 0;
  /// Writes the result: .json, .yml or .yaml, in the sensor's orientation.
  virtual void export_result(const std::string& path) = 0;

  /// The board as a drawing. Errors: invalid_option, naming each value out of its bounds.
  [[nodiscard]] virtual Result<BoardDrawing> draw_board(const CalibrationBoard& board) const = 0;
  /// Writes the board for printing: .svg or .png.
  virtual void print_board(const std::string& path, const CalibrationBoard& board) = 0;

  // The library. The lists may take some ms.
  virtual std::vector<SavedCamera> list_saved() = 0;
  /// Writes a camera of the library: .json, .yml or .yaml.
  virtual void export_saved(const std::string& camera, int width_px, int height_px,
                            const std::string& path) = 0;
  virtual void remove_saved(const std::string& camera, int width_px, int height_px) = 0;
  /// Puts a file (.json, .yml, .yaml) into the library under that name (empty: the file's own).
  virtual void import_file(const std::string& path, const std::string& camera_name) = 0;
  virtual std::vector<CameraPresetChoice> list_presets() = 0;

  virtual CameraCalibrationSnapshot snapshot() const = 0;
};

}  // namespace yarbus
