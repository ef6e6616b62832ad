#include "app/cli/board_views.h"

#include <filesystem>
#include <utility>
#include <variant>

#include "app/cli/progress_bar.h"
#include "app/session/board_footage.h"
#include "calibration/camera/find_board.h"
#include "calibration/camera/image_file.h"

namespace yarbus::cli {
namespace {

Result<BoardViews> from_pictures(const std::vector<std::filesystem::path>& pictures,
                                 const CalibrationBoard& board, const std::stop_token& stop) {
  BoardViews out;
  ProgressBar bar;
  std::uint64_t done = 0;
  std::optional<std::pair<int, int>> size;
  for (const auto& path : pictures) {
    if (stop.stop_requested()) {
      out.was_interrupted = true;
      break;
    }
    auto image = read_gray_image(path);
    if (!image) return image.error();
    LookedAt look{path.filename().string(), std::nullopt, "", {}};
    const std::pair is{image->width_px(), image->height_px()};
    if (!size) size = is;
    if (is != *size) {
      return Error{ErrorCode::size_changed,
                   "the picture has " + std::to_string(is.first) + 'x' + std::to_string(is.second) +
                       " px, those before it " + std::to_string(size->first) + 'x' +
                       std::to_string(size->second),
                   path.string(), "Give pictures of one camera at one resolution"};
    }
    auto found = find_board(image->view(), board);
    if (auto* view = std::get_if<BoardView>(&found)) {
      look.view = std::move(*view);
      look.image = std::move(*image);
    } else {
      look.why_not = std::get<BoardNotFound>(found).text;
    }
    out.looked_at.push_back(std::move(look));
    bar.update("looking for the board", ++done, pictures.size());
  }
  bar.finish();
  return out;
}

Result<BoardViews> from_footage(const SourceRequest& source, const CalibrationBoard& board,
                                const std::stop_token& stop) {
  ProgressBar bar;
  auto footage = collect_board_views(
      source, board, stop, [&](const BoardFootage& now, std::optional<std::uint64_t> total) {
        const std::string views = std::to_string(now.views.size()) + " views, ";
        if (now.is_live) {
          bar.note(views + now.guide.text + " (" + now.last_text + ")");
        } else {
          bar.update(views + "looking for the board", now.frames_read, total);
        }
      });
  bar.finish();
  if (!footage) return footage.error();
  BoardViews out;
  for (FootageView& kept : footage->views)
    out.looked_at.push_back(
        {"frame " + std::to_string(kept.frame), std::move(kept.view), "", std::move(kept.image)});
  out.remarks = std::to_string(footage->frames_read) + " frames read, the board found in " +
                std::to_string(footage->boards_found) + " of " + std::to_string(footage->frames_searched) +
                " searched, " + std::to_string(footage->views.size()) + " views kept";
  if (footage->views.empty() && !footage->last_text.empty()) out.remarks += "; last: " + footage->last_text;
  if (!footage->guide.missing.empty() && !footage->views.empty())
    out.remarks += "; it would help to " + footage->guide.text;
  // Ctrl-C is how a person says that it is enough; what was seen until then is used.
  out.was_interrupted = footage->was_interrupted && !footage->is_live;
  return out;
}

}  // namespace

Result<BoardViews> gather_board_views(const CalibrateCameraArguments& arguments,
                                      const std::stop_token& stop) {
  namespace fs = std::filesystem;
  if (!arguments.camera.location.empty()) {
    SourceRequest camera = arguments.camera;
    camera.kind = SourceRequest::Kind::camera;
    return from_footage(camera, arguments.board, stop);
  }
  std::vector<fs::path> pictures(arguments.inputs.begin(), arguments.inputs.end());
  std::error_code ignored;
  if (pictures.size() == 1 && fs::is_directory(pictures.front(), ignored)) {
    auto in_folder = pictures_in(pictures.front());
    if (!in_folder) return in_folder.error();
    pictures = std::move(*in_folder);
  } else if (pictures.size() == 1 && !is_picture_name(pictures.front())) {
    SourceRequest video;
    video.location = arguments.inputs.front();
    return from_footage(video, arguments.board, stop);
  }
  return from_pictures(pictures, arguments.board, stop);
}

}  // namespace yarbus::cli
