#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "app/viewing/viewing_plan.h"
#include "app/viewing/viewing_run.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// How a plan's picture was shown. Frames & units: picture px, (0, 0) the centre of its top-left pixel, x
/// right, y down; screen mm.
struct ViewingSetup {
  ViewingPlan plan;
  std::string picture_file;  ///< name within the session's folder; empty: it could not be kept
  int picture_width_px = 0;
  int picture_height_px = 0;
  ScreenRegion picture;  ///< where its outer edges were on the screen
  ScreenGeometry screen;

  [[nodiscard]] Eigen::Vector2d picture_px(const Eigen::Vector2d& in_screen_mm) const;
  [[nodiscard]] Eigen::Vector2d screen_mm(const Eigen::Vector2d& in_picture_px) const;
  [[nodiscard]] bool is_on_picture(const Eigen::Vector2d& in_screen_mm) const;
  /// Of the screen's mm seen from the viewing distance, in the screen's middle.
  [[nodiscard]] double mm_per_deg() const;
  /// The angle between two places, seen from the viewing distance before the screen's middle.
  [[nodiscard]] double angle_deg(const Eigen::Vector2d& one_in_screen_mm,
                                 const Eigen::Vector2d& other_in_screen_mm) const;
};

/// What a recorded session keeps of a viewing, as an annotation (docs/viewing.md): one when it begins, with
/// everything needed to draw the results, one for each showing of the picture when it has ended, and one at
/// the end.
struct ViewingNote {
  CaptureTime at{};
  std::chrono::nanoseconds duration{};
  std::string label;
  std::string details_json;
};

ViewingNote viewing_begin_note(const ViewingSetup& setup, CaptureTime at);
ViewingNote viewing_picture_note(const ViewingPlan& plan, const PictureShowing& showing);
/// `problem`: why it ended early, in words; empty: it did not, or it was cancelled.
ViewingNote viewing_end_note(CaptureTime at, bool is_complete, const std::string& problem);

/// A viewing as its notes tell it.
struct RecordedViewing {
  ViewingSetup setup;
  CaptureTime began_at{};
  std::vector<PictureShowing> showings;  ///< by time
  bool has_end = false;                  ///< false: the recording was cut off
  bool is_complete = false;
  std::string problem;
};

/// The viewings among a session's annotations, by time; other annotations are passed over. Errors:
/// input_unreadable, naming the annotation that is not as viewing_*_note() write it.
Result<std::vector<RecordedViewing>> read_viewing_notes(std::span<const ViewingNote> notes);

}  // namespace yarbus
