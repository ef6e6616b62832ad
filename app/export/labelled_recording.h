#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/camera_intrinsics.h"
#include "eyemodel/types/ellipse.h"
#include "eyemodel/types/face_truth.h"
#include "eyemodel/types/image.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/rigid_transform.h"
#include "eyemodel/types/screen_geometry.h"
#include "eyemodel/types/simulated_truth.h"

namespace yarbus {

/// What a labelled recording says about one frame; absent where its table has no such column or an empty
/// field. Frames & units: cam, mm; ellipse in the image as captured, px.
struct FrameLabel {
  std::uint64_t frame = 0;
  std::optional<double> time_s;
  std::optional<Eigen::Vector3d> eye_center_in_cam_mm;    ///< eye_x, eye_y, eye_z
  std::optional<Eigen::Vector3d> gaze_dir_in_cam;         ///< gaze_x, gaze_y, gaze_z: unit, out of the eye
  std::optional<Eigen::Vector3d> pupil_center_in_cam_mm;  ///< pupil_x, pupil_y, pupil_z
  std::optional<double> pupil_radius_mm;                  ///< pupil_r
  std::optional<Ellipse> pupil_ellipse;                   ///< ell_cx, ell_cy, ell_a, ell_b, ell_angle_rad
  std::optional<double> visible_fraction;
  std::optional<bool> in_blink;  ///< blink
  /// target_x_px, target_y_px: what was looked at, in the screen's pixels from its upper left corner.
  std::optional<Eigen::Vector2d> target_px;
  std::optional<GazeSplit> split;  ///< "calibration" or "test"
};

/// The label that a simulated frame's truth gives (gaze is the optical axis).
FrameLabel label_from(std::uint64_t frame, const SimulatedTruth& truth);
/// The label that a simulated face's truth gives: a target only where it is steady and no blink is under way.
FrameLabel label_from(std::uint64_t frame, const FaceTruth& truth, const ScreenGeometry& screen);

/// The screen that a person before a webcam looks at.
struct LabelledScreen {
  ScreenGeometry geometry;
  std::optional<RigidTransform> screen_from_cam;  ///< where the camera is, if it is known
};

/// The labelled-recording format (docs/simulation.md): `frames/%04d.png` or one video, `meta.json` with
/// `K {fx, fy, cx, cy, width, height}` and `fps`, `gt.csv` with a header.
struct LabelledRecording {
  std::string name;              ///< the folder's
  std::filesystem::path images;  ///< what a frame source opens: the frames folder, or the video
  CameraIntrinsics intrinsics;
  double rate_hz = 30.0;
  std::optional<LabelledScreen> screen;  ///< `screen {width_mm, height_mm, width_px, height_px}`
  std::vector<FrameLabel> labels;        ///< ascending frame; frames without a row have none
};

/// Reads meta.json and gt.csv; the images stay for a frame source. Unknown columns are ignored.
/// Errors: input_missing, input_unreadable (file, line and column named), input_empty.
Result<LabelledRecording> read_labelled_recording(const std::filesystem::path& folder);

/// Writes one frame after another. The folder becomes complete with close(); until then gt.csv is a ".part".
/// Threads: one owner.
class LabelledRecordingWriter {
 public:
  /// Errors: output_unwritable, also for a folder that exists and is not empty.
  static Result<LabelledRecordingWriter> create(const std::filesystem::path& folder,
                                                const CameraIntrinsics& intrinsics, double rate_hz,
                                                const std::string& description);
  /// Of a face before a screen.
  static Result<LabelledRecordingWriter> create(const std::filesystem::path& folder,
                                                const CameraIntrinsics& intrinsics, double rate_hz,
                                                const std::string& description, const LabelledScreen& screen);
  ~LabelledRecordingWriter();
  LabelledRecordingWriter(LabelledRecordingWriter&&) noexcept;
  LabelledRecordingWriter& operator=(LabelledRecordingWriter&&) noexcept;

  /// Frames must come in order from 0.
  Result<void> add(const GrayView& image, const SimulatedTruth& truth);
  /// Of a recording created with a screen (YARBUS_CHECK).
  Result<void> add(const GrayView& image, const FaceTruth& truth);
  Result<void> close();

 private:
  struct Impl;
  static Result<LabelledRecordingWriter> open(const std::filesystem::path& folder,
                                              const CameraIntrinsics& intrinsics, double rate_hz,
                                              const std::string& description, const LabelledScreen* screen);
  explicit LabelledRecordingWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yarbus
