#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "calibration/camera/board_view.h"
#include "eyemodel/types/calibration_board.h"
#include "eyemodel/types/frame_time.h"

namespace yarbus {

/// How a board lies in the image, for comparing views. The tilt is estimated with a focal length of the
/// longer image side, so it is good for telling views apart and for no more.
struct ViewPlace {
  Eigen::Vector2d center{0.0, 0.0};  ///< share of the image's width and height
  double size = 0.0;                 ///< square root of the share of the image that it fills
  double turn_deg = 0.0;             ///< about the vertical: positive: the left edge is away from the camera
  double nod_deg = 0.0;              ///< about the horizontal: positive: the upper edge is away
  double roll_deg = 0.0;             ///< in the image plane

  static ViewPlace of(const BoardView& view);
};

struct CollectedView {
  int id = 0;  ///< rising; never used twice
  BoardView view;
  ViewPlace place;
};

/// What was done with a view.
struct ViewVerdict {
  std::optional<int> kept_id;  ///< unset: not kept
  std::string text;            ///< "kept", or why not
};

/// What is covered and what is still missing, in numbers and words.
struct CoverageGuide {
  static constexpr int columns = 8;
  static constexpr int rows = 6;
  std::array<int, columns * rows> points_in_cell{};  ///< of all kept views, row by row
  int regions_covered = 0;                           ///< of the nine thirds by thirds of the image
  int tilts_covered = 0;                             ///< of four: left, right, upper, lower edge away
  bool has_near_view = false;                        ///< the board filled much of the image
  double progress = 0.0;                             ///< 0 .. 1
  std::vector<std::string> missing;                  ///< what to show, most useful first
  std::string text;                                  ///< the first of these, or that it is enough
};

/// Keeps the views worth fitting. No clock: stillness is judged by capture times.
class ViewCollector {
 public:
  struct Options {
    double still_px = 1.0;      ///< mean motion of the points since the last frame, at 640 px image width
    double least_change = 1.0;  ///< from every kept view; 1 = 8 % of the image, 9 degrees, 15 degrees of roll
    int enough_views = 15;
    int most_views = 60;
  };
  ViewCollector() = default;
  explicit ViewCollector(const Options& options) : options_(options) {}

  /// From a moving picture: kept if still, sharp and different.
  ViewVerdict offer(const BoardView& view, CaptureTime captured_at);
  /// A view chosen by a person: kept if it is of the same image size and there is room.
  ViewVerdict take(const BoardView& view);
  /// False if there is no such view.
  bool remove(int id);
  void clear();
  /// The board was lost: the next frame has none to be compared with.
  void lost() { last_.reset(); }

  [[nodiscard]] const std::vector<CollectedView>& views() const { return views_; }
  [[nodiscard]] CoverageGuide guide() const;

 private:
  ViewVerdict keep(const BoardView& view, const ViewPlace& place);
  [[nodiscard]] bool moved_since_last(const BoardView& view, CaptureTime captured_at) const;

  Options options_;
  std::vector<CollectedView> views_;
  int next_id_ = 1;
  double sharpest_edge_px_ = 1e9;
  std::optional<BoardView> last_;
  CaptureTime last_at_{};
};

}  // namespace yarbus
