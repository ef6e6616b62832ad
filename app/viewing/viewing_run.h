#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/viewing/viewing_plan.h"
#include "eyemodel/types/frame_time.h"

namespace yarbus {

/// What is to be on the screen. done, cancelled: nothing any more.
enum class ViewingPhase : std::uint8_t { idle, instruction, picture, paused, done, cancelled };

/// How the showing of a picture ended.
enum class ShowingEnd : std::uint8_t { complete, skipped, paused, cancelled };
constexpr std::string_view to_string(ShowingEnd end) {
  switch (end) {
    case ShowingEnd::complete:
      return "complete";
    case ShowingEnd::skipped:
      return "skipped";
    case ShowingEnd::paused:
      return "paused";
    case ShowingEnd::cancelled:
      return "cancelled";
  }
  return "unknown";
}
std::optional<ShowingEnd> showing_end_from_string(std::string_view name);

/// The picture was on the screen for a task, from `start` to `end`.
struct PictureShowing {
  int task = 0;      ///< index in the plan
  int position = 0;  ///< how manieth task it was, from 0
  int attempt = 0;   ///< of this task, from 0: a pause in the middle begins it anew
  CaptureTime start{};
  CaptureTime end{};
  ShowingEnd how = ShowingEnd::complete;
};

/// Where a run is: all that a window needs to draw it.
struct ViewingRunView {
  ViewingPhase phase = ViewingPhase::idle;
  int page = 0;      ///< rising: another number is another thing to be shown
  int task = 0;      ///< index in the plan
  int position = 0;  ///< how manieth task, from 0
  int tasks = 0;
  bool is_shown = false;     ///< the page was reported to be on the screen: its time runs
  double time_left_s = 0.0;  ///< of the page; 0 where a key is waited for
  bool waits_for_key = false;
};

/// What is shown when: for each task its text, then the picture for its time. Time comes with the calls
/// (steady clock, as Frame::captured_at) and never goes back; a page's time runs from the moment at which it
/// was reported to be on the screen, so a slow screen costs a task nothing. A pause takes the picture away;
/// the task then begins anew with its text. Threads: one owner. Reads no clock.
class ViewingRun {
 public:
  /// Errors: those of ViewingPlan::validate().
  static Result<ViewingRun> create(ViewingPlan plan);

  // What cannot be done now changes nothing.
  void start(CaptureTime now);
  /// That page is on the screen since then.
  void page_shown(int page, CaptureTime at);
  /// Time passes: pages whose time is over make room for the next.
  void advance(CaptureTime now);
  void accept(CaptureTime now);  ///< the key: the text has been read
  void pause(CaptureTime now);
  void resume(CaptureTime now);
  void skip(CaptureTime now);  ///< to the next task; also out of a pause
  void cancel(CaptureTime now);

  [[nodiscard]] ViewingRunView view(CaptureTime now) const;
  [[nodiscard]] const ViewingPlan& plan() const { return plan_; }
  [[nodiscard]] bool is_under_way() const;
  /// Those that ended since the last call, oldest first.
  std::vector<PictureShowing> take_showings();

 private:
  explicit ViewingRun(ViewingPlan plan);
  void show(ViewingPhase phase);
  void begin_task();
  void next_task();
  void end_picture(CaptureTime now, ShowingEnd how);
  [[nodiscard]] std::optional<CaptureTime> due() const;

  ViewingPlan plan_;
  std::vector<int> order_;
  std::vector<int> attempts_;  ///< by task
  std::size_t position_ = 0;
  ViewingPhase phase_ = ViewingPhase::idle;
  int page_ = 0;
  std::optional<CaptureTime> shown_at_;
  std::vector<PictureShowing> ended_;
};

}  // namespace yarbus
