#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "app/viewing/viewing_notes.h"

namespace yarbus {

/// Gaze on the screen in one frame, as a session holds it. Frames & units: screen, mm.
struct ViewedGaze {
  CaptureTime at{};
  Eigen::Vector2d in_screen_mm = Eigen::Vector2d::Zero();
};

/// When a fixation was, as a session holds it.
struct ViewedFixation {
  CaptureTime start{};
  CaptureTime end{};
};

/// Gaze while the picture was shown.
struct PictureGaze {
  double at_s = 0.0;  ///< since the picture came
  Eigen::Vector2d in_screen_mm = Eigen::Vector2d::Zero();
  Eigen::Vector2d in_picture_px = Eigen::Vector2d::Zero();
};

/// A fixation while the picture was shown. The saccade before it is the line from the one before.
struct PictureFixation {
  int number = 0;        ///< from 1, as the circles are numbered
  double start_s = 0.0;  ///< since the picture came
  double duration_s = 0.0;
  Eigen::Vector2d in_screen_mm = Eigen::Vector2d::Zero();  ///< mean gaze during it
  Eigen::Vector2d in_picture_px = Eigen::Vector2d::Zero();
  bool is_on_picture = false;
};

/// The picture as it was looked at for one task.
struct TaskResult {
  int task = 0;       ///< index in the plan
  int position = -1;  ///< how manieth it was shown, from 0; -1: it was not
  std::string text;
  std::optional<ShowingEnd> how;  ///< unset: the picture was not shown for it
  double shown_s = 0.0;
  std::vector<PictureGaze> gaze;
  std::vector<PictureFixation> fixations;

  // Figures, of the fixations on the picture unless they say otherwise.
  int fixation_count = 0;
  double dwell_s = 0.0;                    ///< sum of their durations
  std::optional<double> mean_fixation_s;   ///< unset without a fixation
  double scanpath_px = 0.0;                ///< sum of the ways between one fixation and the next
  double scanpath_deg = 0.0;               ///< likewise
  std::optional<double> mean_saccade_deg;  ///< unset with fewer than two fixations
  int off_picture_count = 0;               ///< fixations beside the picture
};

/// A viewing session, drawn and counted from what the session holds alone.
struct ViewingResults {
  std::string session_folder;
  std::string session_name;
  std::string participant;
  std::int64_t analysis = 0;
  ViewingSetup setup;
  std::string picture_path;        ///< of the picture kept with the session; empty: it is not there
  std::vector<TaskResult> tasks;   ///< by the plan
  std::vector<std::string> notes;  ///< what is to be known of them, a sentence each
};

/// Cuts gaze and fixations by task. Of each task the last showing counts. A fixation that was under way when
/// the picture came is left out (nobody chose it by the picture); one that outlasts it is cut at its end;
/// shorter remainders than `shortest_fixation_s` are left out. `gaze` and `fixations` by rising time;
/// fixations without gaze are left out and counted in a note.
ViewingResults make_viewing_results(const RecordedViewing& viewing, std::span<const ViewedGaze> gaze,
                                    std::span<const ViewedFixation> fixations);

inline constexpr double shortest_fixation_s = 0.05;

}  // namespace yarbus
