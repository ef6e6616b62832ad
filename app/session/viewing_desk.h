#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/session/notice_board.h"
#include "app/session/picture_explorer.h"
#include "app/session/recording_desk.h"
#include "app/session/viewing_control.h"

namespace yarbus {

/// What the viewing desk asks of the session around it. Threads: called on the desk's.
struct ViewingHooks {
  std::function<bool()> is_calibrated;
  std::function<bool()> is_live;  ///< an open source gives frames as they happen
  /// A simulated participant looks at it from now on; unset: no longer.
  std::function<void(const std::optional<ShownPicture>&)> show_picture;
};

/// Runs viewing sessions: a thread of its own starts the recording, advances the plan by the clock, keeps in
/// the session what was shown when and where, and ends the recording. Threads: commands from one (the
/// window's), snapshot() and results() from any.
class ViewingDesk final : public ViewingControl {
 public:
  /// `recording` and `notices` outlive the thread.
  ViewingDesk(RecordingDesk& recording, ViewingHooks hooks, NoticeBoard& notices);
  ~ViewingDesk() override { close(); }
  ViewingDesk(const ViewingDesk&) = delete;
  ViewingDesk& operator=(const ViewingDesk&) = delete;

  /// Cancels what runs, with what was shown kept, and ends the thread.
  void close();

  void start(const ViewingRequest& request) override;
  void page_shown(int page, CaptureTime at) override;
  void accept() override;
  void pause() override;
  void resume() override;
  void skip() override;
  void cancel() override;
  [[nodiscard]] ViewingView snapshot() const override;
  [[nodiscard]] Result<ViewingResults> results(const std::string& session_folder,
                                               std::optional<std::int64_t> analysis) const override;

 private:
  using Command = std::function<void()>;
  void post(Command command);
  void post_to_run(std::function<void(ViewingRun&)> command);
  // On the desk's thread.
  void run();
  void start_now(const ViewingRequest& request);
  void look_after();
  void begin_showing(const std::string& folder);
  void follow_run();
  void note(ViewingNote note);
  void end_run(const std::string& problem);
  void fail(const std::string& problem);
  void show_to_participant();
  void publish();
  [[nodiscard]] bool is_busy() const {
    return stage_ == ViewingStage::starting || stage_ == ViewingStage::running ||
           stage_ == ViewingStage::finishing;
  }

  RecordingDesk& recording_;
  const ViewingHooks hooks_;
  NoticeBoard& notices_;

  // Desk's thread.
  ViewingStage stage_ = ViewingStage::idle;
  ViewingRequest request_;
  ViewingSetup setup_;
  std::optional<ViewingRun> run_;
  bool owns_recording_ = false;
  bool cancels_at_start_ = false;
  std::string folder_;
  std::string problem_;
  int pictures_shown_ = 0;
  std::optional<int> page_of_participant_;  ///< the picture's page that a participant looks at

  mutable std::mutex mutex_;
  ViewingView now_;  ///< guarded

  std::mutex commands_mutex_;
  std::condition_variable commands_wait_;
  std::deque<Command> commands_;  ///< guarded, as the next two
  bool is_closed_ = false;
  bool is_watching_ = false;  ///< time matters: the thread looks at the clock
  std::jthread thread_;
};

}  // namespace yarbus
