#include "app/recording/session_thumbnail.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "app/recording/recorded_video.h"
#include "app/recording/session_folder.h"
#include "app/recording/session_head.h"
#include "app/recording/thumbnail.h"

namespace yarbus {
namespace {

constexpr int longest_px = 320;

/// Looks among the first rows only: a session of an hour without a good frame has no picture.
constexpr const char* first_good_frame = R"sql(
SELECT frames.camera, frames.frame, frames.captured_at_ns, frames.video_pts FROM (
  SELECT camera, frame, captured_at_ns FROM (
    SELECT camera, frame, captured_at_ns FROM pupils
    WHERE analysis = 0 AND miss IS NULL AND confidence >= 0.6 ORDER BY captured_at_ns LIMIT 1000)
  UNION ALL
  SELECT camera, frame, captured_at_ns FROM (
    SELECT camera, frame, captured_at_ns FROM faces
    WHERE analysis = 0 AND miss IS NULL AND max(ifnull(right_confidence, 0), ifnull(left_confidence, 0)) >= 0.6
    ORDER BY captured_at_ns LIMIT 1000)) AS good
JOIN frames ON frames.camera = good.camera AND frames.frame = good.frame
WHERE frames.video_pts IS NOT NULL ORDER BY good.captured_at_ns LIMIT 1)sql";

}  // namespace

void make_session_thumbnail(const std::filesystem::path& folder, const SqlDatabase& database) {
  std::error_code failed;
  const auto file = folder / session_file::thumbnail;
  if (std::filesystem::exists(file, failed)) return;
  auto select = database.prepare(first_good_frame);
  if (!select) return;
  const auto there = select->step();
  if (!there || !*there) return;
  const auto number = static_cast<int>(select->integer(0));
  const VideoPicture picture{select->integer(1), CaptureTime(select->integer(2)), select->integer(3)};
  const auto cameras = read_cameras(database);
  if (!cameras) return;
  const auto camera = std::find_if(cameras->begin(), cameras->end(),
                                   [&](const SessionCamera& of) { return of.camera == number; });
  if (camera == cameras->end() || camera->video_file.empty()) return;
  auto video = RecordedVideo::open(folder / camera->video_file, *camera, {picture});
  GrayImage image;
  if (!video || !video->read(0, image)) return;
  static_cast<void>(write_thumbnail(image.view(), longest_px, file));  // the session is whole without it
}

}  // namespace yarbus
