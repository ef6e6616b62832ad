#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/session/channel.h"
#include "app/session/live_recording.h"
#include "app/session/notice_board.h"
#include "app/session/recording_control.h"
#include "app/session/session_outputs.h"

namespace yarbus {

/// What the recording desk asks of the session around it. Threads: called on the desk's.
struct RecordingHooks {
  std::function<std::optional<ScreenGeometry>()> screen;  ///< of the calibration in force
  std::function<EyeSnapshot(EyeSide)> eye;
};

/// Live recording and the library of sessions: commands go to a thread of its own, which starts and ends
/// recordings (tenths of a second to seconds) and looks after the one that runs; another one repairs. What
/// the eyes and the calibration give goes straight into the recording, from their threads.
/// Threads: the commands, snapshot() and list() from any; the taps as EyeTap and GazeTap say.
class RecordingDesk final : public RecordingControl, public SessionOutputs, public EyeTap, public GazeTap {
 public:
  RecordingDesk(std::filesystem::path library, std::string software_version, RecordingHooks hooks,
                NoticeBoard& notices);
  ~RecordingDesk() override { close(); }
  RecordingDesk(const RecordingDesk&) = delete;
  RecordingDesk& operator=(const RecordingDesk&) = delete;

  /// Ends the recording that runs, well, waits for a repair under way, and ends the threads.
  void close();

  void start(const RecordingWish& wish) override;
  void stop() override;
  void annotate(const std::string& text) override { annotate(text, std::nullopt, {}); }
  /// The same of another moment; unset: now.
  /// `details_json`: a JSON object; empty: nothing more is to be said.
  void annotate(const std::string& text, std::optional<CaptureTime> at, std::chrono::nanoseconds duration,
                std::string details_json = {});
  /// As snapshot() says, but at next to no cost.
  [[nodiscard]] bool is_recording() const { return is_recording_; }
  [[nodiscard]] RecordingView snapshot() const override;
  /// Why the last start failed, which a Notice has said too; empty: it did not, or is under way.
  [[nodiscard]] std::string start_failure() const;
  [[nodiscard]] std::string library() const override { return library_.string(); }
  std::vector<SessionCard> list() override;
  void repair(const std::string& folder) override;
  Result<void> move_to_trash(const std::string& folder) override;
  [[nodiscard]] const SessionOutputs* outputs() const override { return this; }
  // Need nothing of the desk's own state.
  [[nodiscard]] Result<std::vector<SessionResults>> results_of(const std::string& folder) const override;
  [[nodiscard]] Result<SessionQualityReport> measure(const std::string& folder,
                                                     std::int64_t analysis) const override;
  Result<ExportedSession> export_session(const ExportWish& wish,
                                         const std::function<void(double)>& on_progress,
                                         const std::stop_token& stop) const override;

  void source_opened(EyeSide eye, const SourceSnapshot& source, const CameraIntrinsics& intrinsics) override;
  void frame_read(EyeSide eye, const FramePtr& frame) override;
  void sample_made(EyeSide eye, const MadeSample& made) override;
  void source_lost(EyeSide eye, const std::string& why) override;
  void source_closed(EyeSide eye, const std::string& why) override;
  [[nodiscard]] bool wants_calibration() const override { return is_recording_; }
  void gaze_made(const MadeGaze& made) override;

 private:
  using Command = std::function<void()>;
  void run();
  void post(Command command);
  // On the desk's thread.
  void start_now(const RecordingWish& wish);
  void end_now(const std::string& end_note);
  void watch();
  void add_settings(LiveRecording& recording);
  void fail_to_start(const Error& error);

  [[nodiscard]] std::shared_ptr<LiveRecording> current() const;
  [[nodiscard]] static bool is_busy(const RecordingView& view) {
    return view.is_starting || view.is_recording || view.is_finishing;
  }

  const std::filesystem::path library_;
  const std::string software_version_;
  const RecordingHooks hooks_;
  NoticeBoard& notices_;

  std::atomic<bool> is_recording_ = false;  ///< a cheap look before the lock
  mutable std::mutex mutex_;                ///< of the next six; held for copies
  std::shared_ptr<LiveRecording> recording_;
  std::array<std::optional<LiveRecording::Source>, 2> sources_;  ///< open now, by EyeSide
  RecordingView view_;
  std::chrono::steady_clock::time_point began_{};
  int annotations_ = 0;
  std::string start_failure_;

  // Desk's thread: each kind of warning is told once a recording.
  bool has_warned_ = false;
  bool has_warned_of_disk_ = false;

  std::mutex commands_mutex_;
  std::condition_variable commands_wait_;
  std::deque<Command> commands_;  ///< guarded, as the next
  bool is_closed_ = false;
  Channel<Command> repairs_{64, Overflow::drop_oldest};
  std::jthread repair_thread_;
  std::jthread thread_;
};

}  // namespace yarbus
