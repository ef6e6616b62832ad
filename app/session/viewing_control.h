#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "app/session/recording_control.h"
#include "app/viewing/viewing_plan.h"
#include "app/viewing/viewing_results.h"
#include "app/viewing/viewing_run.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// What to show, where, and whom. Frames & units: screen mm (origin top left), picture px.
struct ViewingRequest {
  ViewingPlan plan;  ///< `image`: an absolute path
  int picture_width_px = 0;
  int picture_height_px = 0;
  ScreenRegion picture;   ///< where its outer edges are on the screen
  ScreenGeometry screen;  ///< of the calibration in force
  /// Where the picture has most to see: there a simulated participant looks. Empty: anywhere.
  std::vector<Eigen::Vector2d> details_in_screen_mm;
  RecordingWish recording;  ///< of the session; without effect where a recording runs already
};

/// failed: it could not begin, or ended by itself.
enum class ViewingStage : std::uint8_t { idle, starting, running, finishing, done, failed };

/// Of the viewing under way, or of the last one.
struct ViewingView {
  ViewingStage stage = ViewingStage::idle;
  ViewingPlan plan;
  ViewingRunView run;
  std::string session_folder;  ///< empty: no recording yet
  std::string problem;         ///< why it failed, in words, with what to do
  bool was_cancelled = false;
  int pictures_shown = 0;  ///< so far, and seen to the end or skipped
};

/// Viewing sessions: commands in, snapshots out, like Session, of which it is a part. A recording is started
/// for it and ended with it, unless one runs already; all that its results need is kept in the session.
/// Commands return at once; one that cannot be carried out now changes nothing. Threads: the window's.
class ViewingControl {
 public:
  virtual ~ViewingControl() = default;

  /// Refused, with `problem` in the next snapshot: without a calibration in force, with a source that is not
  /// live, with a plan that is not valid, while another one is under way.
  virtual void start(const ViewingRequest& request) = 0;
  /// That page of `ViewingRunView` is on the screen since then (steady clock).
  virtual void page_shown(int page, CaptureTime at) = 0;
  virtual void accept() = 0;  ///< the text has been read
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual void skip() = 0;    ///< to the next task
  virtual void cancel() = 0;  ///< what was shown until then is kept
  [[nodiscard]] virtual ViewingView snapshot() const = 0;

  /// Of a recorded session: its last viewing, with the gaze and fixations of that analysis (unset: the newest
  /// that has gaze). Takes some ms to a second. Errors: input_empty (it holds no viewing), invalid_option (no
  /// such analysis), the session's. Threads: any; the caller waits.
  [[nodiscard]] virtual Result<ViewingResults> results(const std::string& session_folder,
                                                       std::optional<std::int64_t> analysis) const = 0;
};

}  // namespace yarbus
