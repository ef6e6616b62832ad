#include "app/session/track_file.h"

#include <chrono>
#include <utility>

#include "app/session/eye_track.h"

namespace yarbus {
namespace {

/// The one that is reported, and one its receiver may keep.
constexpr std::size_t samples_alive = 4;

double seconds(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

TrackEnd track_file(const TrackRequest& request, TrackSink& sink,
                    const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop) {
  auto opened = EyeTrack::open(request);
  if (!opened) {
    TrackEnd end;
    end.error = opened.error();
    return end;
  }
  return track_file(request, std::move(*opened), sink, on_progress, std::move(stop));
}

TrackEnd track_file(const TrackRequest& request, OpenedSource source, TrackSink& sink,
                    const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop) {
  TrackEnd end;
  EyeTrack track(request, std::move(source), samples_alive);
  const auto finish = [&](std::optional<Error> error) {
    end.summary = track.take_summary();
    end.error = std::move(error);
    return end;
  };
  TrackProgress progress;
  progress.passes = request.two_pass ? 2 : 1;
  progress.frames_total = track.frames_total();
  const auto on_frame = [&](std::uint64_t frames) {
    progress.frames_done = frames;
    on_progress(progress);
  };

  if (request.two_pass) {
    track.fit_first(on_frame, stop);
    if (const auto rewound = track.rewind(); !rewound) return finish(rewound.error());
    progress.pass = 2;
  }
  if (const auto begun = sink.begin(track.source(), track.intrinsics()); !begun) return finish(begun.error());

  std::optional<CaptureTime> first_time;
  const auto report = [&](const GazeSamplePtr& sample,
                          const std::vector<LabelledFrame>& labels) -> std::optional<Error> {
    if (sample != nullptr) {
      const CaptureTime time = sample->frame->captured_at;
      if (!first_time) first_time = time;
      if (const auto written = sink.on_sample(*sample, seconds(time - *first_time)); !written)
        return written.error();
    }
    for (const LabelledFrame& label : labels) {
      if (const auto written = sink.on_label(label); !written) return written.error();
    }
    return std::nullopt;
  };
  finish(track.report_all(report, on_frame, stop));
  if (end.summary.frames == 0 && !end.error && !end.summary.was_interrupted) {
    end.error = Error{ErrorCode::input_empty, "the source gave no frames", request.source.location,
                      "Give a video or folder with at least one image"};
  }
  return end;
}

}  // namespace yarbus
