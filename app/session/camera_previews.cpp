#include "app/session/camera_previews.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <stop_token>
#include <thread>
#include <utility>

#include "app/session/interruptible_wait.h"
#include "app/session/picture_quality.h"
#include "app/session/thread_guard.h"

namespace yarbus {
namespace {

using PreviewClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_pictures{100};
/// Before a camera that could not be opened is tried again.
constexpr std::chrono::seconds before_next_try{2};
/// Pictures that a preview and the window hold at once.
constexpr std::size_t preview_frames_held = 3;

bool is_same_device(const SourceRequest& a, const SourceRequest& b) {
  return a.kind == b.kind && a.location == b.location;
}

bool can_be_watched(const SourceRequest& source) {
  using Kind = SourceRequest::Kind;
  return source.kind == Kind::camera || source.kind == Kind::mjpeg_stream ||
         source.kind == Kind::simulated_eye;
}

}  // namespace

/// Threads: any; the lock is held for small copies only.
class CameraPreviews::Watched {
 public:
  explicit Watched(const PreviewWish& wish) : area_(wish.area) { now_.source = wish.source; }

  [[nodiscard]] CameraPreview now() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void set_area(const PictureArea& area) {
    const std::lock_guard lock(mutex_);
    if (area == area_) return;
    area_ = area;
    forget();  // another part of the scene
  }
  void forget_sharpest() {
    const std::lock_guard lock(mutex_);
    forget();
  }
  void opening() {
    const std::lock_guard lock(mutex_);
    if (now_.state != CameraPreview::State::failed) now_.state = CameraPreview::State::opening;
  }
  void failed(const Error& error) {
    const std::lock_guard lock(mutex_);
    now_.state = CameraPreview::State::failed;
    now_.text = error.message;
    now_.remedy = error.remedy;
    now_.picture.reset();
  }
  void took(const FramePtr& frame, std::optional<EyeSide> open_as) {
    PictureArea area;
    {
      const std::lock_guard lock(mutex_);
      area = area_;
    }
    const PictureQuality quality = judge_picture(frame->gray.view(), area);
    const std::lock_guard lock(mutex_);
    now_.state = open_as ? CameraPreview::State::open_as_source : CameraPreview::State::running;
    now_.open_as = open_as.value_or(EyeSide::right);
    now_.text.clear();
    now_.remedy.clear();
    now_.picture = std::shared_ptr<const GrayImage>(frame, &frame->gray);
    ++now_.pictures;
    now_.quality = quality;
    if (!quality.has_contrast || area != area_) return;
    recent_.add(quality.sharpness);
    const auto median = recent_.value();
    if (!median) return;
    now_.sharpness = *median;
    now_.sharpest = std::max(now_.sharpest, *median);
  }

 private:
  /// The median of the last few numbers: a blink or a wave of the hand is no better focus.
  class RecentMedian {
   public:
    void add(double value) { values_[count_++ % values_.size()] = value; }
    void clear() { count_ = 0; }
    [[nodiscard]] std::optional<double> value() const {
      if (count_ < values_.size()) return std::nullopt;
      auto sorted = values_;
      std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
      return sorted[sorted.size() / 2];
    }

   private:
    std::array<double, 5> values_{};
    std::size_t count_ = 0;
  };

  void forget() {
    recent_.clear();
    now_.sharpness = 0.0;
    now_.sharpest = 0.0;
  }

  mutable std::mutex mutex_;
  PictureArea area_;     ///< guarded
  CameraPreview now_;    ///< guarded
  RecentMedian recent_;  ///< guarded
};

/// One camera's thread. Joins it when it goes.
class CameraPreviews::Worker {
 public:
  Worker(const PreviewWish& wish, const SourceOpener& open, const PreviewHooks& hooks)
      : source_(wish.source),
        area_(wish.area),
        open_(open),
        hooks_(hooks),
        watched_(std::make_shared<Watched>(wish)),
        thread_([this](const std::stop_token& stop) {
          run_guarded(
              "preview", [&] { run(stop); }, [this](const Error& error) { watched_->failed(error); });
        }) {}

  [[nodiscard]] const SourceRequest& source() const { return source_; }
  [[nodiscard]] PreviewWish wish() const { return {source_, area_}; }
  [[nodiscard]] const std::shared_ptr<Watched>& watched() const { return watched_; }
  void set_area(const PictureArea& area) {
    area_ = area;
    watched_->set_area(area);
  }
  void request_stop() { thread_.request_stop(); }

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      watched_->opening();
      if (const auto eye = hooks_.open_as(source_)) {
        show_source(*eye, stop);
      } else {
        show_own(stop);
        if (!wait_until(PreviewClock::now() + before_next_try, stop)) return;
      }
    }
  }
  /// While it is open as that eye's source: its newest frames.
  void show_source(EyeSide eye, const std::stop_token& stop) {
    FramePtr last;
    while (hooks_.open_as(source_) == eye) {
      FramePtr frame = hooks_.newest_frame(eye);
      if (frame != nullptr && frame != last) {
        last = frame;
        watched_->took(frame, eye);
      }
      if (!wait_until(PreviewClock::now() + between_pictures, stop)) return;
    }
  }
  /// Opens it and looks until it ends, fails or is stopped.
  void show_own(const std::stop_token& stop) {
    SimulationUse live;
    live.is_live = true;
    auto opened = open_(source_, EyeSide::right, live, preview_frames_held);
    if (!opened) return watched_->failed(opened.error());
    FrameSource& frames = *opened->frames;
    frames.set_status_listener([this](const SourceStatus& status) {
      if (status.state == SourceStatus::State::reconnecting) watched_->failed(status.cause);
    });
    const bool is_drawn = source_.kind == SourceRequest::Kind::simulated_eye;
    auto due = PreviewClock::now();
    while (!stop.stop_requested()) {
      // A camera's or stream's frames are all taken, as what waits in its queue would be old.
      auto frame = frames.next(stop);
      if (!frame) return watched_->failed(frame.error());
      if (*frame == nullptr) return;
      if (PreviewClock::now() < due) continue;
      due = PreviewClock::now() + between_pictures;
      watched_->took(*frame, std::nullopt);
      frame->reset();
      if (is_drawn && !wait_until(due, stop)) return;  // drawing costs: only what is shown is drawn
    }
  }

  const SourceRequest source_;
  PictureArea area_;
  const SourceOpener& open_;
  const PreviewHooks& hooks_;
  const std::shared_ptr<Watched> watched_;
  std::jthread thread_;
};

CameraPreviews::CameraPreviews(const SourceOpener& open, PreviewHooks hooks)
    : open_(open), hooks_(std::move(hooks)) {}

CameraPreviews::~CameraPreviews() { close(); }

void CameraPreviews::watch(const std::vector<PreviewWish>& wishes) {
  std::vector<std::unique_ptr<Worker>> kept(wishes.size());
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const auto same = std::find_if(workers_.begin(), workers_.end(), [&](const auto& worker) {
      return worker != nullptr && worker->source() == wishes[i].source;
    });
    if (same == workers_.end()) continue;
    kept[i] = std::move(*same);
    kept[i]->set_area(wishes[i].area);
  }
  // What is no longer wanted lets go, all at once, before others ask for the same camera.
  for (const auto& worker : workers_) {
    if (worker != nullptr) worker->request_stop();
  }
  workers_.clear();
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (kept[i] == nullptr && can_be_watched(wishes[i].source))
      kept[i] = std::make_unique<Worker>(wishes[i], open_, hooks_);
    if (kept[i] != nullptr) workers_.push_back(std::move(kept[i]));
  }
  publish();
}

void CameraPreviews::make_way(const SourceRequest& source) {
  bool has_changed = false;
  for (auto& worker : workers_) {
    if (!is_same_device(worker->source(), source)) continue;
    const PreviewWish wish = worker->wish();
    worker.reset();
    worker = std::make_unique<Worker>(wish, open_, hooks_);
    has_changed = true;
  }
  if (has_changed) publish();
}

void CameraPreviews::close() { watch({}); }

void CameraPreviews::publish() {
  std::vector<std::shared_ptr<Watched>> watched;
  for (const auto& worker : workers_) watched.push_back(worker->watched());
  const std::lock_guard lock(mutex_);
  watched_ = std::move(watched);
}

void CameraPreviews::forget_sharpest() {
  const std::lock_guard lock(mutex_);
  for (const auto& watched : watched_) watched->forget_sharpest();
}

std::vector<CameraPreview> CameraPreviews::previews() const {
  std::vector<std::shared_ptr<Watched>> watched;
  {
    const std::lock_guard lock(mutex_);
    watched = watched_;
  }
  std::vector<CameraPreview> all;
  all.reserve(watched.size());
  for (const auto& one : watched) all.push_back(one->now());
  return all;
}

}  // namespace yarbus
