#include <map>
#include <utility>

#include "app/export/session/table_columns.h"

namespace yarbus {

Result<void> put_all_rows(const ExportRun& run, TableSink& sink) {
  std::map<int, PupilSizes> sizes;
  for (const SessionCamera& camera : run.source.cameras()) {
    if (camera.view != CameraView::near_eye) continue;
    auto read = PupilSizes::read(run.source, run.options.analysis, camera.camera, run.stop);
    if (!read) return read.error();
    sizes.emplace(camera.camera, std::move(*read));
  }
  auto done = for_each_chunk(run, 0.0, 0.95, [&](const SessionChunk& chunk) -> Result<void> {
    for (const FrameRow& row : chunk.frames) {
      if (auto put = sink.put(FrameTableRow{row, run.time_s(row.captured_at)}); !put) return put;
    }
    for (const PupilRow& row : chunk.pupils) {
      const auto of_camera = sizes.find(row.camera);
      const PupilTableRow whole{row, chunk.pose_of(row.camera, row.captured_at),
                                of_camera != sizes.end() ? of_camera->second.at(row.captured_at) : nullptr,
                                run.camera(row.camera), run.time_s(row.captured_at)};
      if (auto put = sink.put(whole); !put) return put;
    }
    for (const FaceRow& row : chunk.faces) {
      if (auto put = sink.put(FaceTableRow{row, run.time_s(row.captured_at)}); !put) return put;
    }
    for (const GazeRow& row : chunk.gaze) {
      if (auto put = sink.put(GazeTableRow{row, run.source.info(), run.time_s(row.captured_at)}); !put)
        return put;
    }
    return {};
  });
  if (!done) return done;
  const auto events = run.events();
  if (!events) return events.error();
  for (const EventRow& row : *events) {
    if (auto put = sink.put(EventTableRow{row, run.time_s(row.start)}); !put) return put;
  }
  const auto annotations = run.source.annotations();
  if (!annotations) return annotations.error();
  for (const AnnotationRow& row : *annotations) {
    if (auto put = sink.put(AnnotationTableRow{row, run.time_s(row.at)}); !put) return put;
  }
  const auto gaps = run.source.gaps();
  if (!gaps) return gaps.error();
  for (const GapRow& row : *gaps) {
    if (auto put = sink.put(GapTableRow{row, run.time_s(row.start)}); !put) return put;
  }
  return run.check();
}

std::string tables_readme(const ExportRun& run, std::string_view kind) {
  std::string text = "# " + run.source.info().name + "\n\nExported by Yarbus " +
                     run.source.info().software_version + " as " + std::string(kind) + ".\n";
  text += R"(
Tables: frames, pupil (near-eye cameras), face (webcams), gaze, events, annotations, gaps. Rows are in order of time.
An absent value is an empty field (CSV) or NaN (MATLAB).

| what | unit and meaning |
|---|---|
| time_s, start_s | seconds since the session's start, of the frame's capture |
| duration_s | seconds |
| camera, frame | the camera's number in the session; its own number of the frame (gaps are lost frames) |
| ..._px | pixels of the captured image; (0, 0) is the centre of the top-left pixel, x right, y down |
| ellipse_semi_major_px, ellipse_semi_minor_px | half axes |
| ellipse_angle_rad | from x towards y to the major axis, 0 to pi |
| ..._in_cam_x, _y, _z | unit vectors in the camera's frame: x right, y down, z forward out of the camera |
| ..._in_cam_x_mm, _y_mm, _z_mm | mm from the camera's centre of projection, same axes |
| gaze_in_cam | the eye's optical axis, out of the eye |
| x_mm, y_mm, x_px, y_px (gaze) and start_, end_ (events) | on the screen from its top-left corner, x right, y down; of a fixation start_ is its mean |
| covariance | of the gaze point, mm2 |
| pupil_size_flag | valid, or why not: missing, blink, speed_outlier, isolated; interpolated: it was one of these, and short |
| pupil_diameter_filled_mm | the diameter where it is valid, a straight line over short gaps where it is interpolated |
| ..._sigma_mm | one standard deviation |
| confidence | probability, 0 to 1 |
| lid_closure, max_closure | 0 open, 1 the lid covers the pupil |
| ..._deg, ..._deg_s | degrees, degrees a second |
| lost_before | frames lost between the camera's last frame and this one |
)";
  return text;
}

}  // namespace yarbus
