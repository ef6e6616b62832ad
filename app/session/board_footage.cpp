#include "app/session/board_footage.h"

#include <chrono>
#include <utility>
#include <variant>

#include "app/session/open_source.h"
#include "calibration/camera/find_board.h"

namespace yarbus {
namespace {

/// Apart enough to tell a board that moves from one that is still.
constexpr std::chrono::milliseconds between_searches{100};

void search(const Frame& frame, const CalibrationBoard& board, ViewCollector& collector,
            BoardFootage& footage) {
  ++footage.frames_searched;
  const BoardSearch found = find_board(frame.gray.view(), board);
  const auto* view = std::get_if<BoardView>(&found);
  if (view == nullptr) {
    collector.lost();
    footage.last_text = std::get<BoardNotFound>(found).text;
    return;
  }
  ++footage.boards_found;
  const ViewVerdict verdict = collector.offer(*view, frame.captured_at);
  footage.last_text = verdict.text;
  if (!verdict.kept_id) return;
  footage.views.push_back({*view, frame.sequence, frame.gray});
  footage.guide = collector.guide();
}

}  // namespace

Result<BoardFootage> collect_board_views(
    const SourceRequest& request, const CalibrationBoard& board, const std::stop_token& stop,
    const std::function<void(const BoardFootage&, std::optional<std::uint64_t> frames_total)>& on_frame) {
  auto opened = open_source(request, EyeSide::right, {});
  if (!opened) return opened.error();
  FrameSource& source = *opened->frames;
  BoardFootage footage;
  footage.camera = source.info().name;
  footage.is_live = source.info().is_live;
  ViewCollector collector;
  footage.guide = collector.guide();
  std::optional<CaptureTime> searched_at;
  while (!(footage.is_live && footage.guide.missing.empty())) {
    const auto frame = source.next(stop);
    if (stop.stop_requested()) {
      footage.was_interrupted = true;
      break;
    }
    if (!frame) return frame.error();
    if (*frame == nullptr) break;
    ++footage.frames_read;
    const CaptureTime at = (*frame)->captured_at;
    if (!searched_at || at - *searched_at >= between_searches || at < *searched_at) {
      searched_at = at;
      search(**frame, board, collector, footage);
    }
    if (on_frame) on_frame(footage, source.info().frame_count);
  }
  return footage;
}

}  // namespace yarbus
