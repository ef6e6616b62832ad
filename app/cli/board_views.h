#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/cli/calibrate_camera_command.h"
#include "calibration/camera/board_view.h"
#include "eyemodel/types/image.h"

namespace yarbus::cli {

/// A picture or frame, with the board in it or why it is not.
struct LookedAt {
  std::string label;
  std::optional<BoardView> view;
  std::string why_not;
  GrayImage image;  ///< of those with a view
};

struct BoardViews {
  std::vector<LookedAt> looked_at;
  std::string remarks;  ///< about a video or camera: what was read, what is still missing
  bool was_interrupted = false;
};

/// Looks for the board in what the arguments name. Progress on standard error.
/// Errors: those of reading; input_empty if there was no picture.
Result<BoardViews> gather_board_views(const CalibrateCameraArguments& arguments, const std::stop_token& stop);

}  // namespace yarbus::cli
