#include "calibration/camera/charuco_layout.h"

#include <algorithm>

namespace yarbus {

CharucoLayout CharucoLayout::of(const CalibrationBoard& board) {
  const auto& known = marker_dictionaries();
  const auto found = std::find_if(known.begin(), known.end(), [&](const MarkerDictionary& entry) {
    return entry.name == board.dictionary;
  });
  YARBUS_CHECK(found != known.end());
  // The table is in the order of OpenCV's names, from DICT_4X4_50 on.
  const auto name = static_cast<cv::aruco::PREDEFINED_DICTIONARY_NAME>(found - known.begin());
  CharucoLayout layout;
  layout.board = cv::aruco::CharucoBoard::create(
      board.columns + 1, board.rows + 1, static_cast<float>(board.square_mm),
      static_cast<float>(board.marker_side_mm()), cv::aruco::getPredefinedDictionary(name));
  const auto& corners = layout.board->objPoints.front();  // top left, top right, bottom right, bottom left
  layout.y_is_up = corners[3].y < corners[0].y;
  layout.height_mm = board.square_mm * (board.rows + 1);
  return layout;
}

}  // namespace yarbus
