#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <Eigen/Core>

#include "eyemodel/types/binocular_sample.h"
#include "eyemodel/types/rigid_transform.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// What the streams are fed with: values of the tracker's own conventions (eyemodel/types/frames.h). What
/// other programs expect is made of them in the publisher's thread.

/// Gaze on the screen at one time. Frames & units: screen, mm.
struct StreamGaze {
  CaptureTime captured_at{};
  Eigen::Vector2d point_in_screen_mm = Eigen::Vector2d::Zero();
  Eigen::Matrix2d covariance_mm2 = Eigen::Matrix2d::Zero();
  double sigma_mm = 0.0;             ///< radius that stands for the covariance
  std::optional<double> confidence;  ///< 0..1; absent: the mean of the eyes'
  std::array<bool, 2> eyes{};        ///< which eyes it rests on, by EyeSide
  ScreenGeometry screen;
  /// Where each eye alone looks, where that is known; by EyeSide.
  std::array<std::optional<Eigen::Vector2d>, 2> eyes_in_screen_mm;
};

/// One new sample, with the other eye's nearest and with gaze where there is a calibration.
struct StreamEyes {
  BinocularSample pair;
  std::optional<StreamGaze> gaze;
  /// Where two cameras are to each other; null: not known, or one camera.
  std::shared_ptr<const RigidTransform> right_cam_from_left_cam;

  /// Of a single eye, or of a webcam.
  static StreamEyes of(GazeSamplePtr sample, std::optional<StreamGaze> gaze = std::nullopt) {
    StreamEyes eyes;
    eyes.pair.newest = sample->frame->eye;
    eyes.pair.time = sample->frame->captured_at;
    (eyes.pair.newest == EyeSide::right ? eyes.pair.right : eyes.pair.left) = std::move(sample);
    eyes.gaze = std::move(gaze);
    return eyes;
  }
};

/// The lids begin to close, or are open again.
struct StreamBlink {
  bool is_onset = true;
  CaptureTime at{};
  double confidence = 0.0;  ///< 0..1
  GazeSamplePtr sample;     ///< in which it was noticed; may be null
};

/// A fixation so far, or one that has ended. Frames & units: screen, mm.
struct StreamFixation {
  int id = 0;  ///< the same while it goes on
  CaptureTime start{};
  CaptureTime end{};
  Eigen::Vector2d point_in_screen_mm = Eigen::Vector2d::Zero();
  ScreenGeometry screen;
  double dispersion_deg = 0.0;
  double confidence = 0.0;
};

struct StreamAnnotation {
  std::string label;
  CaptureTime at{};
  double duration_s = 0.0;
};

enum class LogLevel : std::uint8_t { debug, info, warning, error, critical };

struct StreamLogLine {
  LogLevel level = LogLevel::info;
  std::string text;
};

/// What the application tells everyone that happened to it.
enum class StreamNews : std::uint8_t {
  recording_started,
  recording_stopped,
  calibration_started,
  calibration_stopped,
  calibration_successful,
  calibration_failed,
  validation_started,
  validation_stopped,
  validation_successful,
  validation_failed,
};

struct StreamNotification {
  StreamNews news = StreamNews::recording_started;
  std::string text;  ///< the recording's folder; why something failed; otherwise empty
};

using StreamEvent =
    std::variant<StreamBlink, StreamFixation, StreamAnnotation, StreamLogLine, StreamNotification>;

/// Everything that can be published.
using StreamItem = std::variant<StreamEyes, StreamEvent>;

}  // namespace yarbus
