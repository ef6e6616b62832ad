#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/session/session.h"
#include "calibration/camera/view_collector.h"
#include "eyemodel/types/image.h"

namespace yarbus {

/// A view kept from a moving picture.
struct FootageView {
  BoardView view;
  std::uint64_t frame = 0;
  GrayImage image;
};

struct BoardFootage {
  std::string camera;  ///< the source's own name
  bool is_live = false;
  std::vector<FootageView> views;
  CoverageGuide guide;
  std::uint64_t frames_read = 0;
  std::uint64_t frames_searched = 0;
  std::uint64_t boards_found = 0;
  std::string last_text;  ///< what was made of the last frame searched
  bool was_interrupted = false;
};

/// Views of a board from a video or a camera, as ViewCollector keeps them: ten frames a second are searched.
/// A live source is read until everything is covered, or `stop`. Errors: the source's.
Result<BoardFootage> collect_board_views(
    const SourceRequest& request, const CalibrationBoard& board, const std::stop_token& stop,
    const std::function<void(const BoardFootage&, std::optional<std::uint64_t> frames_total)>& on_frame);

}  // namespace yarbus
