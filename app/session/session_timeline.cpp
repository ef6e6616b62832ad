#include "app/session/session_timeline.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>

#include "app/recording/recorded_session.h"
#include "app/session/session.h"
#include "eyemodel/geometry/iris_axis.h"

namespace yarbus {
namespace {

/// Fills lanes column by column.
class Columns {
 public:
  Columns(CaptureTime start, CaptureTime end, std::size_t count)
      : start_(start), length_(end - start), count_(count) {}

  void add(TimelineLane& lane, CaptureTime at, double value) const {
    if (!std::isfinite(value) || at < start_ || at >= start_ + length_) return;
    if (lane.is_empty()) {
      lane.least.assign(count_, std::numeric_limits<float>::quiet_NaN());
      lane.greatest = lane.least;
    }
    const double share = std::chrono::duration<double>(at - start_) / std::chrono::duration<double>(length_);
    const auto column = std::min(static_cast<std::size_t>(share * static_cast<double>(count_)), count_ - 1);
    const auto small = static_cast<float>(value);
    lane.least[column] = std::isnan(lane.least[column]) ? small : std::min(lane.least[column], small);
    lane.greatest[column] =
        std::isnan(lane.greatest[column]) ? small : std::max(lane.greatest[column], small);
  }

 private:
  CaptureTime start_;
  std::chrono::nanoseconds length_;
  std::size_t count_;
};

std::string milliseconds_text(std::chrono::nanoseconds length) {
  return std::to_string(std::chrono::round<std::chrono::milliseconds>(length).count()) + " ms";
}

std::string label_of(const EventRow& event) {
  std::string text(to_string(event.kind));
  text.front() = static_cast<char>(std::toupper(text.front()));
  text += ", " + milliseconds_text(event.end - event.start);
  if (event.amplitude_deg) {
    std::array<char, 24> amplitude{};
    std::snprintf(amplitude.data(), amplitude.size(), ", %.1f\xC2\xB0", *event.amplitude_deg);
    text += amplitude.data();
  }
  return text;
}

std::string label_of(const GapRow& gap) {
  std::string text;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count > 0) text += (text.empty() ? "" : ", ") + std::to_string(count) + ' ' + what + " lost";
  };
  add(gap.frames_lost, "frames");
  add(gap.pictures_lost, "pictures");
  add(gap.rows_lost, "results");
  if (text.empty()) text = gap.cause == GapCause::clock_set_back ? "clock set back" : "gap";
  return gap.note.empty() ? text : text + ": " + gap.note;
}

/// One reading.
class TimelineReading {
 public:
  TimelineReading(const RecordedSession& session, const std::stop_token& stop, SessionTimeline& out,
                  std::optional<int> camera)
      : session_(session), stop_(stop), out_(out) {
    rows_.analysis = out.analysis;
    rows_.camera = camera;
  }

  void read(std::size_t count) {
    const Columns columns(out_.start, out_.end, count);
    out_.pupil.name = "pupil";
    out_.gaze_x.name = "azimuth";
    out_.gaze_y.name = "elevation";
    out_.confidence.name = "confidence";
    out_.pupil.unit = "mm";
    out_.gaze_x.unit = out_.gaze_y.unit = "\xC2\xB0";
    read_near_eye(columns);
    read_face(columns);
    read_screen(columns);
    read_marks();
  }

 private:
  template <class Row, class Act>
  RowVisitor<Row> each(Act act) const {
    return [this, act](const Row& row) {
      act(row);
      return !stop_.stop_requested();
    };
  }
  void check(const Result<void>& read) {
    if (!read && out_.problem.empty()) out_.problem = read.error().to_text();
  }

  void read_near_eye(const Columns& columns) {
    check(session_.read_poses(rows_, each<PoseRow>([&](const PoseRow& row) {
                                const auto [azimuth_deg, elevation_deg] =
                                    azimuth_elevation_deg(row.pose.gaze_dir_in_cam());
                                columns.add(out_.pupil, row.captured_at, row.pose.pupil_diameter_mm());
                                columns.add(out_.gaze_x, row.captured_at, azimuth_deg);
                                columns.add(out_.gaze_y, row.captured_at, elevation_deg);
                              })));
    const bool in_px = out_.pupil.is_empty();
    if (in_px) out_.pupil.unit = "px";
    check(session_.read_pupils(rows_, each<PupilRow>([&](const PupilRow& row) {
                                 columns.add(out_.confidence, row.captured_at, row.confidence);
                                 if (in_px && !row.miss)
                                   columns.add(out_.pupil, row.captured_at, 2.0 * row.ellipse.semi_major_px);
                               })));
  }

  void read_face(const Columns& columns) {
    check(session_.read_faces(
        rows_, each<FaceRow>([&](const FaceRow& row) {
          double confidence = 0.0;
          int eyes = 0;
          Eigen::Vector3d axes = Eigen::Vector3d::Zero();
          for (const auto& eye : row.eyes) {
            if (!eye) continue;
            confidence += eye->confidence;
            ++eyes;
            if (!row.head) continue;
            const Eigen::Vector3d center_in_cam_mm =
                row.head->cam_from_head.point(eye->eye_center_in_head_mm);
            if (const auto axis = optical_axis_through_iris(center_in_cam_mm, eye->iris_dir_in_cam))
              axes += *axis;
          }
          if (!axes.isZero()) {
            const auto [azimuth_deg, elevation_deg] = azimuth_elevation_deg(axes);
            columns.add(out_.gaze_x, row.captured_at, azimuth_deg);
            columns.add(out_.gaze_y, row.captured_at, elevation_deg);
          }
          columns.add(out_.confidence, row.captured_at, eyes > 0 ? confidence / eyes : 0.0);
        })));
  }

  void read_screen(const Columns& columns) {
    if (!out_.gaze_x.is_empty()) return;
    out_.gaze_x.name = "gaze x";
    out_.gaze_y.name = "gaze y";
    out_.gaze_x.unit = out_.gaze_y.unit = "mm";
    check(session_.read_gaze(rows_, each<GazeRow>([&](const GazeRow& row) {
                               columns.add(out_.gaze_x, row.captured_at, row.gaze.point_in_screen_mm.x());
                               columns.add(out_.gaze_y, row.captured_at, row.gaze.point_in_screen_mm.y());
                             })));
  }

  void read_marks() {
    RowSelection all = rows_;
    all.camera.reset();  // events of both eyes together have no camera
    check(session_.read_events(all, each<EventRow>([&](const EventRow& event) {
                                 if (event.camera && rows_.camera && *event.camera != *rows_.camera) return;
                                 std::vector<TimelineSpan>* lane =
                                     event.kind == EventKind::blink      ? &out_.blinks
                                     : event.kind == EventKind::fixation ? &out_.fixations
                                     : event.kind == EventKind::saccade  ? &out_.saccades
                                                                         : nullptr;
                                 if (lane != nullptr)
                                   lane->push_back({event.start, event.end, label_of(event)});
                               })));
    if (const auto annotations = session_.annotations()) {
      for (const AnnotationRow& row : *annotations)
        out_.annotations.push_back({row.at, row.at + row.duration, row.label});
    } else {
      check(annotations.error());
    }
    if (const auto gaps = session_.gaps()) {
      for (const GapRow& gap : *gaps) {
        if (!gap.camera || !rows_.camera || *gap.camera == *rows_.camera)
          out_.gaps.push_back({gap.start, gap.end, label_of(gap)});
      }
    } else {
      check(gaps.error());
    }
  }

  const RecordedSession& session_;
  const std::stop_token& stop_;
  SessionTimeline& out_;
  RowSelection rows_;
};

Result<void> find_time_span(const RecordedSession& session, SessionTimeline& timeline) {
  bool is_first = true;
  RowSelection all;
  const auto first = session.read_frames(all, [&](const FrameRow& row) {
    timeline.start = row.captured_at;
    is_first = false;
    return false;
  });
  if (is_first) {
    if (!first) return first.error();
    return Error{ErrorCode::input_empty, "the session has no frame", session.folder().string(),
                 "Choose another session"};
  }
  timeline.end = session.info().started_at + session.info().duration + CaptureTime(1);
  if (session.info().duration.count() <= 0 || timeline.end <= timeline.start)
    timeline.end = timeline.start + CaptureTime(1);
  // Frames may come after what was noted at the end, or nothing was noted.
  all.start = timeline.end;
  static_cast<void>(session.read_frames(all, [&](const FrameRow& row) {
    timeline.end = row.captured_at + CaptureTime(1);
    return true;
  }));
  return {};
}

}  // namespace

Result<SessionTimeline> read_timeline(const TimelineWish& wish, const std::stop_token& stop,
                                      std::size_t columns) {
  const auto session = RecordedSession::open(wish.folder);
  if (!session) return session.error();
  SessionTimeline timeline;
  timeline.folder = wish.folder;
  timeline.eye = wish.eye;
  if (const auto found = find_time_span(*session, timeline); !found) return found.error();
  if (const auto analyses = session->analyses()) {
    for (auto analysis = analyses->rbegin(); analysis != analyses->rend(); ++analysis)
      timeline.analyses.push_back({analysis->analysis, analysis->name});
  } else {
    timeline.problem = analyses.error().to_text();
  }
  timeline.analysis = timeline.analyses.empty() ? live_analysis : timeline.analyses.front().analysis;
  for (const AnalysisChoice& choice : timeline.analyses) {
    if (choice.analysis == wish.analysis) timeline.analysis = choice.analysis;
  }
  std::optional<int> camera;
  for (const SessionCamera& of : session->cameras()) {
    if (of.eye == wish.eye && !camera) camera = of.camera;
  }
  if (!camera && session->cameras().size() == 1) camera = session->cameras().front().camera;
  // Two frames a column, so that none is empty for being short.
  const auto frames = session->frame_count(camera.value_or(0));
  if (frames) columns = std::clamp<std::size_t>(static_cast<std::size_t>(*frames) / 2, 1, columns);
  TimelineReading(*session, stop, timeline, camera).read(columns);
  return timeline;
}

}  // namespace yarbus
