#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/session/calibration_control.h"
#include "app/session/camera_calibration_control.h"
#include "app/session/recording_control.h"
#include "app/session/replay_control.h"
#include "app/stream/stream_health.h"
#include "app/stream/stream_options.h"
#include "eyemodel/types/binocular_sample.h"
#include "eyemodel/types/blink.h"
#include "eyemodel/types/gaze_sample.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/rigid_transform.h"
#include "eyemodel/types/simulation_controls.h"
#include "eyemodel/types/truth_errors.h"

namespace yarbus {

class CameraPreviewControl;  // camera_preview_control.h
class ViewingControl;        // viewing_control.h

/// What a camera looks at: one eye close up (pupil), or a face at arm's length (both irises).
/// automatic: whatever the first images show.
enum class TrackingMode : std::uint8_t { automatic, near_eye, webcam };

/// What to open for one eye, or of a webcam for both: that one goes to the right eye's place. The same words
/// as on the command line.
struct SourceRequest {
  enum class Kind : std::uint8_t {
    automatic,
    camera,
    video_file,
    image_folder,
    mjpeg_stream,
    simulated_eye,
    recorded_session
  } kind = Kind::automatic;
  /// Camera index, path or name; file; folder; http:// URL; scenario's name; folder of a recorded session.
  std::string location;
  TrackingMode mode = TrackingMode::near_eye;
  int rotate_deg = 0;
  bool mirror = false;
  /// A file (.json, .yml), the name of a calibrated camera in the library, or of a preset; empty: use
  /// focal_px.
  std::string intrinsics_file;
  std::optional<double> focal_px;  ///< unset and no file: the library's, a preset's, or the stated default
  std::string camera_library;      ///< folder of calibrated cameras; empty: none. A session fills it in
  // Cameras only; unset leaves the driver's own.
  std::optional<int> width_px;
  std::optional<int> height_px;
  std::optional<double> rate_hz;
  std::string pixel_format;  ///< "", "MJPG" or "YUYV"
  std::optional<double> exposure;
  std::optional<double> gain;
  // The simulated eye only.
  std::uint64_t seed = 1;
  friend bool operator==(const SourceRequest&, const SourceRequest&) = default;
};

/// How the camera's intrinsics are known.
enum class IntrinsicsOrigin : std::uint8_t {
  assumed,
  stated_focal_length,
  file,
  library,
  preset,
  simulation
};

/// A camera that could be opened, for the source chooser.
struct CameraChoice {
  std::string path;
  std::string name;
  bool is_readable = true;
  std::vector<std::string> formats;                        ///< "MJPG 640x480 at 30, 60 Hz"
  TrackingMode remembered_mode = TrackingMode::automatic;  ///< what somebody said that it looks at
};

/// A scenario of the simulated eye, for the source chooser.
struct ScenarioChoice {
  std::string name;
  std::string summary;  ///< one line
};

enum class PlaybackState : std::uint8_t { closed, opening, playing, paused, ended, reconnecting, failed };

struct SourceSnapshot {
  PlaybackState state = PlaybackState::closed;
  SourceRequest request;
  TrackingMode mode = TrackingMode::near_eye;  ///< the one in use
  std::string mode_reason;                     ///< why that one, in words
  std::string name;
  int width_px = 0;
  int height_px = 0;
  bool is_live = false;
  bool is_seekable = false;
  bool gives_jpeg = false;  ///< its frames carry the camera's own JPEG
  double nominal_rate_hz = 0.0;
  std::optional<std::uint64_t> frame_count;
  std::uint64_t position = 0;  ///< place of the latest frame read; a live source's sequence
  // Of a recorded session, else 0: capture time of its first picture, and from there to the last.
  CaptureTime starts_at{};
  std::chrono::nanoseconds length{};
  double speed = 1.0;  ///< of playback; 0 = as fast as possible
  bool focal_length_is_assumed = false;
  double focal_px = 0.0;
  IntrinsicsOrigin intrinsics_origin = IntrinsicsOrigin::assumed;
  std::string intrinsics_note;  ///< where they come from, in words
};

struct Percentiles {
  std::chrono::nanoseconds p50{};
  std::chrono::nanoseconds p95{};
  std::chrono::nanoseconds p99{};
};

/// Counters since the source was opened; rates and percentiles over the last seconds.
struct HealthSnapshot {
  double capture_rate_hz = 0.0;
  double sample_rate_hz = 0.0;
  std::uint64_t frames_captured = 0;
  std::uint64_t frames_processed = 0;
  std::uint64_t dropped_by_source = 0;  ///< lost in driver, network or pool
  std::uint64_t dropped_by_queue = 0;   ///< newer frames pushed them out
  std::uint64_t stale_fits = 0;         ///< fit outcomes that no longer matched the model
  Percentiles detect;
  Percentiles predict;
  Percentiles total;
};

struct ModelSnapshot {
  EyeModelPtr model;      ///< null before the first usable fit
  FitReport last_report;  ///< of the last fit run, usable or not
  FitStage stage = FitStage::refraction;
  bool is_fitting = false;
  bool is_frozen = false;
  std::size_t observations_kept = 0;
};

/// Everything the window needs to know about one eye, made in one go.
struct EyeSnapshot {
  SourceSnapshot source;
  GazeSamplePtr latest;  ///< null before the first frame
  ModelSnapshot model;
  HealthSnapshot health;
  int blink_count = 0;
  std::optional<SimulationControls> simulation;  ///< of a simulated eye: what it is set to
  std::optional<TruthErrors> truth_errors;       ///< of `latest`, when its frame carries the truth
  int faces_seen = 0;                            ///< webcam: by the last search
  bool is_lifeless = false;                      ///< webcam: nothing has moved in the face for 20 s
};

/// Both eyes together.
struct BinocularSnapshot {
  /// The newest sample of either eye with its partner; unset before the first. It holds frames: let it go
  /// soon.
  std::optional<BinocularSample> latest;
};

/// Something the person should know. Newest last.
struct Notice {
  enum class Severity : std::uint8_t { info, warning, error } severity = Severity::info;
  std::uint64_t id = 0;  ///< rising
  EyeSide eye = EyeSide::right;
  std::string text;
  std::string remedy;
};

/// One point of the traces. Angles of the optical axis in cam: azimuth = atan2(x, -z), positive to image
/// right; elevation = atan2(-y, hypot(x, z)), positive up. NaN = absent.
struct TracePoint {
  std::uint64_t index = 0;  ///< rising without gaps, per eye; restarts at 0 with a new source
  double time_s = 0.0;      ///< capture time since the first frame of the source
  float gaze_azimuth_deg = 0.0F;
  float gaze_elevation_deg = 0.0F;
  float pupil_diameter_mm = 0.0F;
  float confidence = 0.0F;
  bool in_blink = false;
  // One standard deviation each; absent in stages that state none.
  float gaze_azimuth_sigma_deg = std::numeric_limits<float>::quiet_NaN();
  float gaze_elevation_sigma_deg = std::numeric_limits<float>::quiet_NaN();
  float pupil_diameter_sigma_mm = std::numeric_limits<float>::quiet_NaN();
};

/// The window's whole view of the engines: commands in, snapshots out. Commands return at once and take
/// effect in order on the session's own threads; what they led to is seen in the next snapshot or as a
/// Notice. Threads: call from one thread (the window's) only.
class Session {
 public:
  virtual ~Session() = default;

  // Sources.
  virtual void open_source(EyeSide eye, const SourceRequest& request) = 0;
  virtual void close_source(EyeSide eye) = 0;
  /// Opens the open source again in another mode. A camera's mode is remembered for the next time that it is
  /// opened with `automatic`.
  virtual void set_mode(EyeSide eye, TrackingMode mode) = 0;
  /// Webcam: of several faces, the one nearest to this place of the image is the person.
  virtual void choose_face(EyeSide eye, const Eigen::Vector2d& place_px) = 0;
  virtual std::vector<CameraChoice> list_cameras() = 0;  ///< the one call that may take some ms
  /// Pictures of cameras that are not open yet; null: none can be had.
  virtual CameraPreviewControl* camera_previews() { return nullptr; }

  // Playback of files, folders and recorded sessions, whose two cameras go together; ignored by live sources.
  // `frame` is a place, 0 .. frame_count - 1.
  virtual void play(EyeSide eye) = 0;
  virtual void pause(EyeSide eye) = 0;
  virtual void step(EyeSide eye, int frames) = 0;  ///< pauses, then moves by +-frames
  virtual void seek(EyeSide eye, std::uint64_t frame) = 0;
  virtual void set_speed(EyeSide eye, double factor) = 0;  ///< 0.1 .. 8; 0 = as fast as possible

  // Eye model.
  virtual void set_stage(EyeSide eye, FitStage stage) = 0;
  virtual void refit(EyeSide eye) = 0;
  virtual void freeze_model(EyeSide eye, bool frozen) = 0;
  virtual void reset_model(EyeSide eye) = 0;
  /// Keeps the model of stage `refraction` for the wearer's next sitting. A notice says that it was done, or
  /// why not.
  virtual void save_model(EyeSide eye, const std::string& path) = 0;
  /// Starts the model of the open source anew from such a file, in stage `refraction` and not frozen. A
  /// notice says how far the file can be used, or why it cannot.
  virtual void load_model(EyeSide eye, const std::string& path) = 0;

  // Two eyes.
  /// Where the left eye's camera is; unset (as at first): unknown, so there is no vergence.
  virtual void set_camera_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam) = 0;

  // The camera's intrinsics.
  virtual CameraCalibrationControl& camera_calibration() = 0;

  // Gaze on the screen.
  virtual CalibrationControl& calibration() = 0;

  // Recording and its library.
  virtual RecordingControl& recording() = 0;

  /// Of recorded sessions that are open; null: sessions cannot be replayed.
  virtual ReplayControl* replay() { return nullptr; }

  /// Pictures that are looked at with tasks in mind; null: none can be shown.
  virtual ViewingControl* viewing() { return nullptr; }

  // Streams to other programs.
  /// How they fare; unset: none was asked for, or they could not be opened (a Notice tells why).
  [[nodiscard]] virtual std::optional<StreamHealth> streams() const { return std::nullopt; }
  /// How often other programs have asked for a calibration, which needs a window to show its targets.
  [[nodiscard]] virtual int calibrations_asked_for() const { return 0; }

  // Simulated eye; ignored by other sources.
  virtual std::vector<ScenarioChoice> list_scenarios() = 0;
  virtual void set_simulation(EyeSide eye, const SimulationControls& controls) = 0;

  // State.
  virtual EyeSnapshot snapshot(EyeSide eye) const = 0;
  virtual BinocularSnapshot binocular() const = 0;
  /// Appends trace points with index >= `from_index` that are still kept (the last 60 s at most).
  virtual void read_traces(EyeSide eye, std::uint64_t from_index, std::vector<TracePoint>& out) const = 0;
  /// Notices with id > `after_id`, oldest first.
  virtual std::vector<Notice> notices(std::uint64_t after_id) const = 0;
};

struct SessionOptions {
  std::string camera_library;       ///< folder of calibrated cameras; empty: none is kept
  std::string calibration_library;  ///< folder of calibrations of gaze; empty: none is kept
  std::string camera_modes_file;    ///< which camera looks at what; empty: not remembered
  std::string session_library;      ///< folder of recorded sessions; empty: none is kept
  std::string software_version;     ///< kept with what is recorded
  std::optional<StreamOptions> streams = std::nullopt;  ///< unset: nothing is streamed
};

/// The real one, with its threads. They stop and join when it goes.
std::unique_ptr<Session> make_session(const SessionOptions& options = {});

/// Azimuth and elevation (degrees) of a direction in cam, as in TracePoint.
std::array<double, 2> azimuth_elevation_deg(const Eigen::Vector3d& direction_in_cam);
/// Their standard deviations (degrees), from the covariance of the unit direction, rad^2; to first order.
std::array<double, 2> azimuth_elevation_sigma_deg(const Eigen::Vector3d& direction_in_cam,
                                                  const Eigen::Matrix3d& covariance_in_cam);

}  // namespace yarbus
