#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "app/recording/recorded_session.h"
#include "app/recording/session_recorder.h"

namespace yarbus::test {

/// Frame `frame` of an example recording: a dark disc that wanders over shading and noise, another image for
/// every frame, the same every time.
inline void draw_example_frame(std::int64_t frame, GrayImage& image) {
  const int width = image.width_px();
  const int height = image.height_px();
  const double turn = 0.05 * static_cast<double>(frame);
  const int center_x = width / 2 + static_cast<int>(0.2 * width * std::cos(turn));
  const int center_y = height / 2 + static_cast<int>(0.2 * height * std::sin(turn));
  const int radius = height / 8;
  std::uint32_t noise = static_cast<std::uint32_t>(frame) * 2654435761U + 1U;
  for (int y = 0; y < height; ++y) {
    std::uint8_t* row = image.row(y);
    for (int x = 0; x < width; ++x) {
      noise = noise * 1664525U + 1013904223U;
      const int dx = x - center_x;
      const int dy = y - center_y;
      const int gray = dx * dx + dy * dy < radius * radius ? 25 : 100 + 80 * x / width;
      row[x] = static_cast<std::uint8_t>(gray + static_cast<int>(noise >> 30U));
    }
  }
}

inline bool same_image(const GrayView& a, const GrayView& b) {
  if (a.width_px != b.width_px || a.height_px != b.height_px) return false;
  for (int y = 0; y < a.height_px; ++y) {
    for (int x = 0; x < a.width_px; ++x) {
      if (a.at(x, y) != b.at(x, y)) return false;
    }
  }
  return true;
}

/// The time of frame `frame` at 120 frames a second, long after the clock's start.
inline CaptureTime example_time(std::int64_t frame) {
  return std::chrono::seconds(1000) + std::chrono::nanoseconds(frame * 8'333'333);
}

inline PupilRow example_pupil(int camera, std::int64_t frame, CaptureTime captured_at) {
  PupilRow row;
  row.camera = camera;
  row.frame = frame;
  row.captured_at = captured_at;
  row.ellipse = {{100.0 + 0.25 * static_cast<double>(frame), 90.5}, 30.25, 25.125, 0.5};
  row.confidence = 0.875;
  return row;
}

inline SessionCamera example_camera(int width_px = 160, int height_px = 120) {
  SessionCamera camera;
  camera.name = "example";
  camera.width_px = width_px;
  camera.height_px = height_px;
  camera.nominal_rate_hz = 120.0;
  camera.codec = VideoCodec::ffv1;
  return camera;
}

/// One camera; the disk is never looked at, so that a full one does not end the test.
inline RecordingRequest example_request(const std::filesystem::path& folder) {
  RecordingRequest request;
  request.folder = folder;
  request.name = "Example";
  request.participant = "P07";
  request.notes = "left contact lens";
  request.software_version = "0.1.0-test";
  request.cameras.push_back(example_camera());
  request.options.reserve_mib = 1;
  request.hooks.free_bytes = [](const std::filesystem::path&) { return std::uintmax_t{1} << 40U; };
  return request;
}

/// Adds frames `first` to before `end` of camera 0 with a pupil each, none faster than the queue takes them.
inline void add_example_frames(SessionRecorder& recorder, std::int64_t first, std::int64_t end,
                               int width_px = 160, int height_px = 120) {
  GrayImage image(width_px, height_px);
  for (std::int64_t frame = first; frame < end; ++frame) {
    while (true) {
      const auto now = recorder.snapshot();
      if (!now.is_recording) return;
      if (now.queue_pictures < now.queue_pictures_capacity || now.queue_pictures_capacity == 0) {
        if (now.queue_rows < 100) break;
      }
      std::this_thread::yield();
    }
    draw_example_frame(frame, image);
    FrameToRecord to_record;
    to_record.sequence = static_cast<std::uint64_t>(frame);
    to_record.captured_at = example_time(frame);
    to_record.arrived_at = example_time(frame) + std::chrono::milliseconds(3);
    to_record.gray = image.view();
    recorder.add_frame(to_record);
    recorder.add(example_pupil(0, frame, example_time(frame)));
  }
}

template <class Row, class Read>
std::vector<Row> rows_of(const Read& read) {
  std::vector<Row> rows;
  const auto done = read([&](const Row& row) {
    rows.push_back(row);
    return true;
  });
  if (!done) rows.clear();
  return rows;
}

inline std::vector<FrameRow> frames_of(const RecordedSession& session) {
  return rows_of<FrameRow>([&](const RowVisitor<FrameRow>& visit) { return session.read_frames({}, visit); });
}
inline std::vector<PupilRow> pupils_of(const RecordedSession& session, AnalysisId analysis = live_analysis) {
  return rows_of<PupilRow>(
      [&](const RowVisitor<PupilRow>& visit) { return session.read_pupils({.analysis = analysis}, visit); });
}

}  // namespace yarbus::test
