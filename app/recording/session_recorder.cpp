#include "app/recording/session_recorder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <pthread.h>

#include "app/recording/codec_choice.h"
#include "app/recording/frame_encoder.h"
#include "app/recording/record_queue.h"
#include "app/recording/session_store.h"

namespace yarbus {
namespace {

constexpr std::size_t fewest_pictures = 8;
constexpr std::size_t most_pictures = 2048;

/// How many pictures of the session's cameras the queue's memory holds.
std::size_t picture_capacity(const RecordingRequest& request) {
  if (!request.options.with_video) return 0;
  std::size_t largest = 1;
  for (const SessionCamera& camera : request.cameras) {
    largest = std::max(largest, static_cast<std::size_t>(camera.width_px) *
                                    static_cast<std::size_t>(std::max(camera.height_px, 0)));
  }
  const auto bytes = static_cast<std::size_t>(request.options.queue_pictures_mib) << 20U;
  return std::clamp(bytes / largest, fewest_pictures, most_pictures);
}

/// Sets what the request left open, and tries what it asks for.
Result<std::vector<std::string>> settle_cameras(RecordingRequest& request) {
  std::vector<std::string> reasons;
  const int count = static_cast<int>(request.cameras.size());
  const auto encoded = static_cast<int>(
      std::count_if(request.cameras.begin(), request.cameras.end(), [](const SessionCamera& camera) {
        return camera.codec != VideoCodec::camera_mjpeg;  // its packets cost nothing
      }));
  for (int i = 0; i < count; ++i) {
    SessionCamera& camera = request.cameras[static_cast<std::size_t>(i)];
    camera.camera = i;
    std::string& reason = reasons.emplace_back();
    if (!request.options.with_video) {
      camera.codec.reset();
      camera.video_file.clear();
      continue;
    }
    if (camera.width_px <= 0 || camera.height_px <= 0) {
      return Error{ErrorCode::invalid_option, "a camera's image size is not known", camera.name,
                   "Start to record when its first frame has come"};
    }
    camera.video_file = session_file::video(i);
    if (!camera.codec) {
      const auto choice =
          choose_lossless_codec(camera.width_px, camera.height_px, camera.nominal_rate_hz, encoded);
      if (!choice) return choice.error();
      camera.codec = choice->codec;
      reason = choice->reason;
    } else if (*camera.codec == VideoCodec::camera_mjpeg) {
      reason = "the camera's own MJPEG, passed through";
    } else {
      const auto encoder =
          FrameEncoder::create(*camera.codec, camera.width_px, camera.height_px, camera.nominal_rate_hz, {});
      if (!encoder) return encoder.error();
    }
  }
  return reasons;
}

Result<void> check_is_new(const std::filesystem::path& folder) {
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const auto name = entry->path().filename();
    if (name == session_file::database || name.extension() == ".mkv") {
      return Error{ErrorCode::output_unwritable, "the folder holds a session already", folder.string(),
                   "Record into another folder: nothing that was recorded is written over"};
    }
  }
  return {};
}

}  // namespace

std::span<const OptionField<RecordingOptions>> RecordingOptions::fields() {
  using Field = OptionField<RecordingOptions>;
  static const std::array<Field, 8> table{
      Field{"with_video", &RecordingOptions::with_video, 0, 1, "keep the pictures"},
      Field{"with_results", &RecordingOptions::with_results, 0, 1, "keep what was found in them"},
      Field{"queue_rows", &RecordingOptions::queue_rows, 16, 1 << 20, "rows that may wait for the disk"},
      Field{"queue_pictures_mib", &RecordingOptions::queue_pictures_mib, 1, 1 << 16,
            "memory for pictures that wait for the disk"},
      Field{"commit_interval_s", &RecordingOptions::commit_interval_s, 0.01, 0.5,
            "what a crash may cost, at most"},
      Field{"warn_free_mib", &RecordingOptions::warn_free_mib, 0, 1e9, "warn below that room on the disk"},
      Field{"stop_free_mib", &RecordingOptions::stop_free_mib, 0, 1e9, "end below that room on the disk"},
      Field{"reserve_mib", &RecordingOptions::reserve_mib, 0, 4096, "set aside on the disk for the ending"},
  };
  return table;
}

Result<void> RecordingOptions::validate() const { return validate_options(*this, fields(), "recording"); }

class SessionRecorder::Impl {
 public:
  Impl(const RecordingRequest& request, SessionLock lock, std::unique_ptr<SessionStore> store)
      : folder_(request.folder),
        with_results_(request.options.with_results),
        lock_(std::move(lock)),
        store_(std::move(store)),
        queue_(static_cast<std::size_t>(request.options.queue_rows), picture_capacity(request)) {
    snapshot_.queue_pictures_capacity = picture_capacity(request);
    for (const SessionCamera& camera : request.cameras) codecs_.push_back(camera.codec);
    store_->fill(snapshot_);
    thread_ = std::jthread([this] { run(); });
  }
  ~Impl() { static_cast<void>(finish({})); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void add_frame(const FrameToRecord& frame) {
    if (frame.camera < 0 || static_cast<std::size_t>(frame.camera) >= codecs_.size()) return;
    const auto& codec = codecs_[static_cast<std::size_t>(frame.camera)];
    FrameRow row;
    row.camera = frame.camera;
    row.frame = static_cast<std::int64_t>(frame.sequence);
    row.captured_at = frame.captured_at;
    row.arrived_at = frame.arrived_at;
    const bool is_packet = codec == VideoCodec::camera_mjpeg && !frame.jpeg.empty();
    queue_.put_frame(row, codec && !is_packet ? frame.gray : GrayView{},
                     is_packet ? frame.jpeg : std::span<const std::uint8_t>());
  }
  void add_row(SessionRow row) { queue_.put_row(std::move(row)); }
  void add_result(SessionRow row) {
    if (with_results_) queue_.put_row(std::move(row));
  }
  std::int64_t next_calibration() { return ++calibrations_; }

  [[nodiscard]] RecorderSnapshot snapshot() const {
    const auto figures = queue_.figures();
    const std::lock_guard lock(mutex_);
    RecorderSnapshot snapshot = snapshot_;
    snapshot.queue_rows = figures.rows;
    snapshot.queue_pictures = figures.pictures;
    snapshot.most_queue_rows = figures.most_rows;
    snapshot.most_queue_pictures = figures.most_pictures;
    // What came while, or after, it ended by itself.
    snapshot.rows_lost += figures.rows_refused;
    for (CameraFigures& camera : snapshot.cameras) camera.frames_lost += queue_.frames_refused(camera.camera);
    return snapshot;
  }

  Result<RecorderSnapshot> finish(std::vector<EventRow> events) {
    last_events_ = std::move(events);
    queue_.end();
    if (thread_.joinable()) thread_.join();
    lock_.reset();
    if (ended_) return snapshot();
    return ended_.error();
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  void run() {
    pthread_setname_np(pthread_self(), "recorder");
    try {
      record();
      put_last_events();
      ended_ = store_->finish();
    } catch (const std::exception& exception) {
      ended_ = Error{ErrorCode::internal, exception.what(), "recorder thread",
                     "This is a fault in Yarbus: please report it with the log. Repair the session"};
    }
    queue_.close();
    const std::lock_guard lock(mutex_);
    store_->fill(snapshot_);
    snapshot_.is_recording = false;
    snapshot_.end = ended_ ? store_->wanted_end() : SessionEnd::write_failed;
    snapshot_.end_note = ended_ ? store_->end_note() : ended_.error().to_text();
    store_.reset();
  }

  void record() {
    std::vector<QueuedRow> taken;
    while (queue_.take(store_->next_commit(), taken)) {
      // Before the frames that follow what was lost, so that the jump in their numbers is understood.
      put_losses();
      for (QueuedRow& queued : taken) {
        store_->put(queued);
        if (queued.picture != nullptr) queue_.give_back(queued.picture);
        commit_if_wanted();
      }
      taken.clear();
      commit_if_wanted();
      const std::lock_guard lock(mutex_);
      store_->fill(snapshot_);
    }
    put_losses();
  }

  /// A queue's room was too small for those of a long recording.
  void put_last_events() {
    if (!with_results_ || !queue_.is_ended()) return;
    for (EventRow& event : last_events_) {
      QueuedRow queued{std::make_shared<const EventRow>(std::move(event)), nullptr};
      store_->put(queued);
      commit_if_wanted();
    }
  }

  void put_losses() {
    if (const auto losses = queue_.take_losses(); !losses.empty()) store_->put_losses(losses);
  }

  void commit_if_wanted() {
    const auto now = std::chrono::steady_clock::now();
    if (store_->wants_commit(now)) store_->commit(now);
    if (store_->wanted_end() != SessionEnd::finished) queue_.close();  // what waits is still taken
  }

  std::filesystem::path folder_;
  bool with_results_;
  std::vector<std::optional<VideoCodec>> codecs_;
  std::optional<SessionLock> lock_;
  std::unique_ptr<SessionStore> store_;  ///< of the recorder's thread once that runs
  RecordQueue queue_;
  std::atomic<std::int64_t> calibrations_{0};
  mutable std::mutex mutex_;
  RecorderSnapshot snapshot_;
  std::vector<EventRow> last_events_;  ///< written before the queue is ended, read after that
  Result<void> ended_;                 ///< read after the thread has ended
  std::jthread thread_;
};

SessionRecorder::SessionRecorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SessionRecorder::~SessionRecorder() = default;

Result<std::unique_ptr<SessionRecorder>> SessionRecorder::start(RecordingRequest request) {
  if (const auto valid = request.options.validate(); !valid) return valid.error();
  if (request.cameras.empty()) {
    return Error{ErrorCode::invalid_option, "there is nothing to record: no camera is open", "recording",
                 "Open a camera first"};
  }
  std::error_code failed;
  std::filesystem::create_directories(request.folder, failed);
  if (failed) {
    return Error{ErrorCode::output_unwritable, "the session's folder cannot be made: " + failed.message(),
                 request.folder.string(), "Choose a folder that you may write to"};
  }
  auto lock = SessionLock::take(request.folder);
  if (!lock) return lock.error();
  if (const auto is_new = check_is_new(request.folder); !is_new) return is_new.error();
  auto reasons = settle_cameras(request);
  if (!reasons) return reasons.error();
  auto store = SessionStore::create(request, std::move(*reasons));
  if (!store) return store.error();
  return std::unique_ptr<SessionRecorder>(
      new SessionRecorder(std::make_unique<Impl>(request, std::move(*lock), std::move(*store))));
}

void SessionRecorder::add_frame(const FrameToRecord& frame) { impl_->add_frame(frame); }
void SessionRecorder::add_done(int camera, std::uint64_t sequence, CaptureTime processed_at) {
  impl_->add_row(FrameDone{camera, static_cast<std::int64_t>(sequence), processed_at});
}
void SessionRecorder::add(const PupilRow& row) { impl_->add_result(row); }
void SessionRecorder::add(const PoseRow& row) { impl_->add_result(row); }
void SessionRecorder::add(const FaceRow& row) { impl_->add_result(row); }
void SessionRecorder::add(const GazeRow& row) { impl_->add_result(row); }
void SessionRecorder::add(ModelRow row) {
  impl_->add_result(std::make_shared<const ModelRow>(std::move(row)));
}
void SessionRecorder::add(EventRow row) {
  impl_->add_result(std::make_shared<const EventRow>(std::move(row)));
}
void SessionRecorder::add(AnnotationRow row) {
  impl_->add_row(std::make_shared<const AnnotationRow>(std::move(row)));
}
void SessionRecorder::add(SettingRow row) {
  impl_->add_row(std::make_shared<const SettingRow>(std::move(row)));
}
void SessionRecorder::add(GapRow row) { impl_->add_row(std::move(row)); }
std::int64_t SessionRecorder::add(CalibrationRow row) {
  row.id = impl_->next_calibration();
  const std::int64_t id = row.id;
  impl_->add_row(std::make_shared<const CalibrationRow>(std::move(row)));
  return id;
}

RecorderSnapshot SessionRecorder::snapshot() const { return impl_->snapshot(); }
const std::filesystem::path& SessionRecorder::folder() const { return impl_->folder(); }
Result<RecorderSnapshot> SessionRecorder::finish(std::vector<EventRow> events) {
  return impl_->finish(std::move(events));
}

}  // namespace yarbus
