#include "app/session/track_face.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "app/session/face_stage.h"
#include "app/session/frame_reader.h"
#include "app/session/gaze_rays.h"
#include "app/session/open_source.h"
#include "app/session/percentiles.h"
#include "app/session/source_request.h"
#include "calibration/mapping/calibration_file.h"
#include "tracker/face/face_finder.h"

namespace yarbus {
namespace {

std::optional<double> median_of(std::vector<float>& values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// A calibration made with a webcam, as large as this one.
Result<std::shared_ptr<const GazeMapper>> load_mapper(const std::string& path,
                                                      const CameraIntrinsics& camera) {
  auto loaded = load_calibration(path);
  if (!loaded) return loaded.error();
  if (!loaded->choice.webcam)
    return Error{ErrorCode::invalid_option, "the calibration was made with eye cameras", path,
                 "Give one made in webcam mode"};
  for (const auto& made_with : loaded->saved.setup.cameras) {
    if (!made_with || (made_with->width_px == camera.width_px && made_with->height_px == camera.height_px))
      continue;
    return Error{ErrorCode::invalid_option,
                 "the calibration was made with images of " + std::to_string(made_with->width_px) + 'x' +
                     std::to_string(made_with->height_px) + " px, the source gives " +
                     std::to_string(camera.width_px) + 'x' + std::to_string(camera.height_px),
                 path, "Calibrate at the size that is tracked"};
  }
  return loaded->choice.shared_mapper();
}

/// Everything of one run.
struct Run {
  FaceStage stage;
  FaceFinder finder;
  std::shared_ptr<const GazeMapper> mapper;
  FaceTrackSink& sink;
  FaceTrackSummary& summary;
  std::optional<CaptureTime> first_time;
  std::vector<std::chrono::nanoseconds> detect_times;
  std::vector<float> distances_mm;
  std::vector<float> radii_px;
  std::vector<float> errors_mm;

  Result<void> take(const FramePtr& frame) {
    GazeSample sample;
    stage.process(frame, sample);
    if (const auto search = stage.take_due_search()) {
      stage.found({search->frame, finder.find(search->frame->gray.view())});
      summary.most_faces = std::max(summary.most_faces, stage.faces_seen());
      // A face that has just been found is seen in this frame already.
      if (std::holds_alternative<FaceMiss>(*sample.face)) stage.process(frame, sample);
    }
    const ProcedureFrame both = face_frame_of(sample);
    if (!first_time) first_time = frame->captured_at;
    FaceTrackFrame done{sample, std::chrono::duration<double>(frame->captured_at - *first_time).count(), both,
                        mapper ? mapper->map(both.rays) : std::nullopt};
    note(done);
    return sink.on_frame(done);
  }

  void note(const FaceTrackFrame& done) {
    ++summary.frames;
    detect_times.push_back(done.sample.timings.detect);
    summary.is_lifeless |= stage.is_lifeless();
    const auto* pair = std::get_if<IrisPair>(&*done.sample.face);
    if (pair == nullptr) {
      ++summary.misses[static_cast<std::size_t>(std::get<FaceMiss>(*done.sample.face).reason)];
      return;
    }
    ++summary.frames_with_irises;
    distances_mm.push_back(static_cast<float>(pair->sight->head.cam_from_head.translation_mm.norm()));
    for (const auto& eye : pair->eyes) {
      if (eye) radii_px.push_back(static_cast<float>(eye->limbus.semi_major_px));
    }
    if (!done.gaze) return;
    ++summary.frames_with_gaze;
    if (const auto& truth = done.sample.frame->face_truth)
      errors_mm.push_back(
          static_cast<float>((done.gaze->point_in_screen_mm - truth->gaze_in_screen_mm).norm()));
  }

  void finish() {
    summary.blinks = stage.blink_count();
    summary.median_distance_mm = median_of(distances_mm);
    summary.median_iris_radius_px = median_of(radii_px);
    summary.median_gaze_error_mm = median_of(errors_mm);
    summary.detect = percentiles_of(detect_times);
  }
};

std::optional<Error> run_all(Run& run, FrameSource& source, const FaceTrackRequest& request,
                             TrackProgress& progress,
                             const std::function<void(const TrackProgress&)>& on_progress,
                             const std::stop_token& stop) {
  FrameReader reader(source, stop);
  while (!stop.stop_requested() && (!request.max_frames || run.summary.frames < *request.max_frames)) {
    auto frame = reader.next();
    if (!frame) return reader.take_error();
    if (const auto taken = run.take(*frame); !taken) return taken.error();
    progress.frames_done = run.summary.frames;
    on_progress(progress);
  }
  run.summary.was_interrupted = stop.stop_requested();
  return std::nullopt;
}

}  // namespace

FaceTrackEnd track_face(const FaceTrackRequest& request, FaceTrackSink& sink,
                        const std::function<void(const TrackProgress&)>& on_progress,
                        const std::stop_token& stop) {
  auto opened = open_source(request.source, EyeSide::right, {false, request.max_frames, nullptr, nullptr});
  if (!opened) {
    FaceTrackEnd end;
    end.error = opened.error();
    return end;
  }
  return track_face(request, std::move(*opened), sink, on_progress, stop);
}

FaceTrackEnd track_face(const FaceTrackRequest& request, OpenedSource source, FaceTrackSink& sink,
                        const std::function<void(const TrackProgress&)>& on_progress,
                        const std::stop_token& stop) {
  FaceTrackEnd end;
  const auto failed = [&](const Error& error) {
    end.error = error;
    return end;
  };
  std::shared_ptr<const GazeMapper> mapper;
  if (!request.calibration_path.empty()) {
    auto loaded = load_mapper(request.calibration_path, source.intrinsics);
    if (!loaded) return failed(loaded.error());
    mapper = std::move(*loaded);
  }
  auto stage = FaceStage::create(source.intrinsics, request.tracker);
  if (!stage) return failed(stage.error());
  auto finder = FaceFinder::create();
  if (!finder) return failed(finder.error());

  FaceTrackSummary& summary = end.summary;
  summary.intrinsics = source.intrinsics;
  summary.source = describe_source(request.source, source.frames->info(),
                                   {source.intrinsics, source.intrinsics_origin, source.intrinsics_note});
  summary.source.mode = TrackingMode::webcam;
  if (const auto begun = sink.begin(summary.source, summary.intrinsics); !begun) return failed(begun.error());
  TrackProgress progress;
  progress.frames_total = summary.source.frame_count;
  if (request.max_frames && (!progress.frames_total || *request.max_frames < *progress.frames_total))
    progress.frames_total = request.max_frames;
  Run run{std::move(*stage), std::move(*finder), std::move(mapper), sink, summary, {}, {}, {}, {}, {}};
  end.error = run_all(run, *source.frames, request, progress, on_progress, stop);
  run.finish();
  if (summary.frames == 0 && !end.error && !summary.was_interrupted)
    end.error = Error{ErrorCode::input_empty, "the source gave no frames", request.source.location,
                      "Give a video or folder with at least one image"};
  return end;
}

}  // namespace yarbus
