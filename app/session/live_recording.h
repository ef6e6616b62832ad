#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/session/eye_tap.h"
#include "app/session/gaze_tap.h"
#include "app/session/live_rows.h"
#include "app/session/recording_control.h"

namespace yarbus {

/// The setting of what recentring subtracts from gaze from then on: {"x_mm": …, "y_mm": …}.
inline constexpr const char* gaze_offset_setting = "gaze_offset";

/// One live recording: what the taps of its sources see becomes rows and pictures of a session. Frames are
/// taken as they are read, so that one which the tracking has no time for is recorded all the same. The time
/// in which a source was away is a gap, also if it is away when the recording ends. A recentre is a setting,
/// "gaze_offset".
/// Threads: frame_read() and source_lost() on the source's capture thread, sample_made() on its process
/// thread, gaze_made() on the calibration desk's, the rest on the recording desk's. Locks are held for moving
/// a few values; only an ending recording makes a process thread wait, for one move.
class LiveRecording {
 public:
  struct Source {
    EyeSide eye = EyeSide::right;
    SourceSnapshot described;
    CameraIntrinsics intrinsics;
  };

  /// `request` without its cameras. Cost and errors: SessionRecorder::start()'s.
  static Result<std::shared_ptr<LiveRecording>> start(RecordingRequest request, RecordedParts parts,
                                                      const std::vector<Source>& sources, bool lossy_video);

  void frame_read(EyeSide eye, const Frame& frame);
  void source_lost(EyeSide eye, const std::string& why);
  void sample_made(EyeSide eye, const MadeSample& made);
  void gaze_made(const MadeGaze& made);
  /// That source gives no more frames. Returns whether another one still does.
  bool source_closed(EyeSide eye, const std::string& why);

  /// A moment of `duration`, from `at`; unset: now. Threads: any.
  void annotate(const std::string& text, std::optional<CaptureTime> at = std::nullopt,
                std::chrono::nanoseconds duration = {}, std::string details_json = {});
  void add_setting(const std::string& name, std::string value_json);

  [[nodiscard]] RecorderSnapshot snapshot() const { return recorder_->snapshot(); }  ///< Threads: any
  /// Adds the events that only the whole course of gaze tells and ends the session well. What the taps see
  /// later is ignored. Errors: SessionRecorder::finish()'s.
  Result<RecorderSnapshot> finish();

 private:
  /// One source. Each part belongs to the thread of its calls, unless it says otherwise.
  struct Eye {
    int camera = 0;
    bool is_live = false;
    std::atomic<bool> is_open = true;
    std::atomic<bool> is_lost = false;  ///< a cheap look before the lock
    std::mutex lost_mutex;
    std::optional<std::string> lost;             ///< guarded: why it is away, until the next frame
    std::atomic<std::int64_t> last_frame_ns{0};  ///< written by the capture thread, read by any
    std::atomic<std::int64_t> first_sequence{-1};
    // Process thread, and the calibration desk's with gaze, until the end.
    std::mutex rows_mutex;
    std::optional<LiveRows> rows;  ///< guarded
    bool has_samples = false;      ///< guarded
  };
  /// A recorded sample, to find it by its time.
  struct Place {
    CaptureTime at{};
    int camera = 0;
    std::uint64_t sequence = 0;
  };
  static constexpr std::size_t places_kept = 256;

  LiveRecording(std::unique_ptr<SessionRecorder> recorder, RecordedParts parts,
                const std::vector<Source>& sources);
  Eye* eye(EyeSide side) { return eyes_[static_cast<std::size_t>(side)].get(); }
  [[nodiscard]] CaptureTime now() const;
  void add_gap(const Eye& eye, CaptureTime end, std::string note);
  void end_absence(Eye& eye, CaptureTime end);
  void note_offset(CaptureTime at, const Eigen::Vector2d& offset_in_screen_mm);
  void note_place(const Place& place);
  [[nodiscard]] std::optional<Place> find_place(CaptureTime at) const;

  std::unique_ptr<SessionRecorder> recorder_;
  const RecordedParts parts_;
  EventNumbers numbers_;
  std::array<std::unique_ptr<Eye>, 2> eyes_;  ///< by EyeSide; null: not recorded

  mutable std::mutex places_mutex_;
  std::array<Place, places_kept> places_{};  ///< guarded
  std::size_t places_noted_ = 0;             ///< guarded

  std::shared_ptr<const CalibrationRow> calibration_;              ///< calibration desk's thread
  std::optional<std::int64_t> calibration_id_;                     ///< likewise
  Eigen::Vector2d offset_in_screen_mm_ = Eigen::Vector2d::Zero();  ///< likewise: the last one noted
};

}  // namespace yarbus
