#include "app/export/session/session_chunks.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace yarbus {
namespace {

constexpr CaptureTime chunk_length = std::chrono::seconds(10);
/// Two eyes' frames this near in time belong together.
constexpr CaptureTime pairing_reach = std::chrono::milliseconds(25);

template <class Row>
const Row* row_of(const std::vector<Row>& rows, int camera, CaptureTime captured_at) {
  auto row = std::lower_bound(rows.begin(), rows.end(), captured_at,
                              [](const Row& other, CaptureTime time) { return other.captured_at < time; });
  for (; row != rows.end() && row->captured_at == captured_at; ++row) {
    if (row->camera == camera) return &*row;
  }
  return nullptr;
}

template <class Row>
const Row* row_near(const std::vector<Row>& rows, int camera, CaptureTime at) {
  auto row = std::lower_bound(rows.begin(), rows.end(), at - pairing_reach,
                              [](const Row& other, CaptureTime time) { return other.captured_at < time; });
  const Row* nearest = nullptr;
  for (; row != rows.end() && row->captured_at <= at + pairing_reach; ++row) {
    if (row->camera != camera) continue;
    if (nearest == nullptr ||
        std::chrono::abs(row->captured_at - at) < std::chrono::abs(nearest->captured_at - at))
      nearest = &*row;
  }
  return nearest;
}

template <class Row>
auto collect_into(std::vector<Row>& rows) {
  return [&rows](const Row& row) {
    rows.push_back(row);
    return true;
  };
}

/// The last frame's time; nullopt: there are none.
Result<std::optional<CaptureTime>> last_frame_time(const ExportRun& run) {
  std::optional<CaptureTime> last;
  auto read =
      run.source.read_frames({run.options.analysis, std::nullopt, std::nullopt}, [&](const FrameRow& row) {
        last = last ? std::max(*last, row.captured_at) : row.captured_at;
        return !run.stop.stop_requested();
      });
  if (!read) return read.error();
  if (auto going = run.check(); !going) return going.error();
  return last;
}

}  // namespace

const PoseRow* SessionChunk::pose_of(int camera, CaptureTime captured_at) const {
  return row_of(poses, camera, captured_at);
}
const PupilRow* SessionChunk::pupil_of(int camera, CaptureTime captured_at) const {
  return row_of(pupils_around, camera, captured_at);
}
const PoseRow* SessionChunk::pose_near(int camera, CaptureTime at) const {
  return row_near(poses, camera, at);
}
const PupilRow* SessionChunk::pupil_near(int camera, CaptureTime at) const {
  return row_near(pupils_around, camera, at);
}

Result<void> ExportRun::check() const {
  if (!stop.stop_requested()) return {};
  return Error{ErrorCode::interrupted, "the export was stopped", source.info().name,
               "Nothing of it was kept; start it anew"};
}

const SessionCamera* ExportRun::camera(int number) const {
  for (const SessionCamera& one : source.cameras()) {
    if (one.camera == number) return &one;
  }
  return nullptr;
}

const SessionCamera* ExportRun::eye_camera(EyeSide side) const {
  for (const SessionCamera& one : source.cameras()) {
    if (one.view == CameraView::near_eye && one.eye == side) return &one;
  }
  return nullptr;
}

double ExportRun::time_s(CaptureTime at) const {
  return std::chrono::duration<double>(at - source.info().started_at).count();
}

Result<std::vector<EventRow>> ExportRun::events() const {
  std::vector<EventRow> events;
  auto read = source.read_events({options.analysis, std::nullopt, std::nullopt}, collect_into(events));
  if (!read) return read.error();
  std::stable_sort(events.begin(), events.end(),
                   [](const EventRow& a, const EventRow& b) { return a.start < b.start; });
  return events;
}

Result<SessionChunk> read_chunk(const ExportRun& run, std::optional<CaptureTime> start,
                                std::optional<CaptureTime> end) {
  const ExportSource::Span span{run.options.analysis, start, end};
  ExportSource::Span around = span;
  if (start) around.start = *start - pairing_reach;
  if (end) around.end = *end + pairing_reach;
  SessionChunk chunk;
  if (auto read = run.source.read_frames(span, collect_into(chunk.frames)); !read) return read.error();
  if (auto read = run.source.read_pupils(around, collect_into(chunk.pupils_around)); !read)
    return read.error();
  if (auto read = run.source.read_poses(around, collect_into(chunk.poses)); !read) return read.error();
  if (auto read = run.source.read_faces(span, collect_into(chunk.faces)); !read) return read.error();
  if (auto read = run.source.read_gaze(span, collect_into(chunk.gaze)); !read) return read.error();
  for (const PupilRow& row : chunk.pupils_around) {
    const bool is_inside = (!start || row.captured_at >= *start) && (!end || row.captured_at < *end);
    if (is_inside) chunk.pupils.push_back(row);
  }
  return chunk;
}

Result<void> for_each_chunk(const ExportRun& run, double first_share, double last_share,
                            const std::function<Result<void>(const SessionChunk&)>& visit) {
  const auto last = last_frame_time(run);
  if (!last) return last.error();
  if (!*last) {
    return Error{ErrorCode::input_empty, "the session has no frames", run.source.info().name,
                 "Choose a session in which something was recorded"};
  }
  const CaptureTime start = std::min(run.source.info().started_at, **last);
  const auto chunks = static_cast<std::int64_t>((**last - start) / chunk_length) + 1;
  for (std::int64_t i = 0; i < chunks; ++i) {
    if (auto going = run.check(); !going) return going;
    // The first and the last take whatever lies before and after.
    const auto chunk =
        read_chunk(run, i > 0 ? std::optional(start + i * chunk_length) : std::nullopt,
                   i + 1 < chunks ? std::optional(start + (i + 1) * chunk_length) : std::nullopt);
    if (!chunk) return chunk.error();
    if (auto done = visit(*chunk); !done) return done;
    run.tell(first_share +
             (last_share - first_share) * static_cast<double>(i + 1) / static_cast<double>(chunks));
  }
  return run.check();
}

std::size_t FrameTimeline::index_near(CaptureTime at) const {
  if (times.empty()) return 0;
  const auto after = std::lower_bound(times.begin(), times.end(), at);
  if (after == times.begin()) return 0;
  const auto before = std::prev(after);
  const bool is_after_nearer = after != times.end() && *after - at < at - *before;
  return static_cast<std::size_t>((is_after_nearer ? after : before) - times.begin());
}

Result<FrameTimeline> read_timeline(const ExportRun& run) {
  FrameTimeline timeline;
  if (run.source.cameras().empty()) return timeline;
  const int first = std::min_element(run.source.cameras().begin(), run.source.cameras().end(),
                                     [](const auto& a, const auto& b) { return a.camera < b.camera; })
                        ->camera;
  auto read =
      run.source.read_frames({run.options.analysis, std::nullopt, std::nullopt}, [&](const FrameRow& row) {
        if (row.camera != first) return true;
        timeline.video_pts.push_back(
            row.video_pts.value_or(static_cast<std::int64_t>(timeline.times.size())));
        timeline.times.push_back(row.captured_at);
        return !run.stop.stop_requested();
      });
  if (!read) return read.error();
  if (auto going = run.check(); !going) return going.error();
  return timeline;
}

}  // namespace yarbus
