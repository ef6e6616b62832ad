#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/session/eye_tap.h"
#include "app/session/gaze_tap.h"
#include "app/session/notice_board.h"
#include "app/session/recording_desk.h"
#include "app/stream/publisher.h"

namespace yarbus {

/// What clients of the streams steer. Threads: called on the stream desk's; each returns at once.
struct StreamSurroundings {
  RecordingDesk& recording;
  CalibrationControl& calibration;
  std::function<void(EyeSide)> reset_model;
};

/// Streams of a live session: what the taps see goes to the publisher, what its clients ask for is carried
/// out, and what happened is told to them.
///
/// Without a calibration samples are published as they are made. With one each waits for its gaze, which the
/// calibration desk makes a moment later; a few at most wait, then the oldest goes without.
/// Threads: open() and close() from one owner; the taps as EyeTap and GazeTap say; the rest from any. One of
/// its own, besides the publisher's.
class StreamDesk final : public EyeTap, public GazeTap {
 public:
  explicit StreamDesk(NoticeBoard& notices);
  ~StreamDesk() override { close(); }
  StreamDesk(const StreamDesk&) = delete;
  StreamDesk& operator=(const StreamDesk&) = delete;

  /// A Notice says where it streams, or why it cannot; and a warning if others than this machine can listen.
  void open(const StreamOptions& options, StreamSurroundings surroundings);
  /// Carries out nothing more; what is published later goes nowhere.
  void close();
  [[nodiscard]] std::optional<StreamHealth> health() const;
  /// How often clients have asked for a calibration.
  [[nodiscard]] int calibrations_asked_for() const { return calibrations_asked_for_; }
  /// Where the left eye's camera is. Threads: any.
  void set_camera_geometry(const std::optional<RigidTransform>& right_cam_from_left_cam);
  /// Samples, with their frames, that it and the publisher keep at most.
  [[nodiscard]] static std::size_t samples_held(const std::optional<StreamOptions>& options);

  void source_opened(EyeSide eye, const SourceSnapshot& source, const CameraIntrinsics& intrinsics) override;
  void sample_made(EyeSide eye, const MadeSample& made) override;
  void source_closed(EyeSide eye, const std::string& why) override;
  void gaze_made(const MadeGaze& made) override;
  void mapping_changed(bool is_calibrated) override;

 private:
  /// Samples that wait for their gaze.
  static constexpr std::size_t most_waiting = 8;

  /// What was last told to the clients.
  struct Told {
    std::string recording_folder;  ///< of the recording that was said to have begun
    bool is_recording = false;
    bool awaits_start = false;  ///< a client asked for a recording and has not heard what became of it
    bool is_calibrating = false;
    bool is_check = false;
  };
  void run(const std::stop_token& stop);
  void obey(const StreamCommand& command);
  void start_recording(const std::string& name);
  void start_calibration();
  void recentre();
  void log_error(std::string text);
  void tell_recording();
  void tell_calibration();
  void tell(StreamNews news, std::string text = "");
  void publish_blink(EyeSide eye, const MadeSample& made);
  void keep_time(const Frame& frame);
  void publish_waiting();

  NoticeBoard& notices_;
  std::unique_ptr<StreamCommandQueue> commands_;
  std::optional<StreamSurroundings> surroundings_;
  std::atomic<bool> is_open_ = false;
  std::atomic<int> calibrations_asked_for_ = 0;
  std::array<std::atomic<bool>, 2> is_live_{};     ///< by EyeSide: an open source is live
  std::array<std::atomic<bool>, 2> is_shut_{};     ///< by EyeSide: in a blink; both of a webcam
  std::atomic<std::int64_t> steady_from_capture_;  ///< of files, ns

  std::mutex mutex_;  ///< of the next four; held to move samples into the publisher's queue
  std::array<StreamEyes, most_waiting> waiting_;
  std::size_t waiting_count_ = 0;
  bool is_calibrated_ = false;
  std::shared_ptr<const RigidTransform> geometry_;

  Told told_;  ///< own thread

  std::mutex wake_mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;

  std::unique_ptr<Publisher> publisher_;  ///< null until it is open; its thread wakes this one's
  std::jthread thread_;
};

}  // namespace yarbus
