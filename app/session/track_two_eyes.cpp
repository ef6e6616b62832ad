#include "app/session/track_two_eyes.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "app/session/channel.h"
#include "app/session/eye_track.h"
#include "app/session/share_anatomy.h"
#include "app/session/thread_guard.h"

namespace yarbus {
namespace {

constexpr std::array both_eyes{EyeSide::right, EyeSide::left};
/// Samples waiting to be merged, of each eye.
constexpr std::size_t samples_waiting = 2;
/// Those, the ones being made and written, and what the pairing keeps.
constexpr std::size_t pair_samples_alive = samples_waiting + BinocularPairing::kept + 6;

std::size_t at(EyeSide eye) { return static_cast<std::size_t>(eye); }

double seconds_of(CaptureTime time) { return std::chrono::duration<double>(time).count(); }

/// What an eye's thread hands over: a sample, or only labels at its end.
struct Arrival {
  EyeSide eye = EyeSide::right;
  GazeSamplePtr sample;
  std::vector<LabelledFrame> labels;
};

/// Whatever of a list lies in the middle; nullopt of an empty one.
std::optional<double> median(std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// One call of track_two_eyes.
class TwoEyeRun {
 public:
  TwoEyeRun(const TwoEyeRequest& request, TwoEyeSink& sink,
            const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop)
      : request_(request),
        sink_(sink),
        on_progress_(on_progress),
        outer_stop_(stop),
        on_outer_stop_(std::move(stop), [this] { stop_.request_stop(); }) {}

  TwoEyeEnd run() {
    if (auto error = open()) return failed(std::move(*error));
    return run_opened();
  }

  TwoEyeEnd run(std::array<OpenedSource, 2> sources) {
    for (const EyeSide eye : both_eyes) take(eye, std::move(sources[at(eye)]));
    pairing_options_.right_cam_from_left_cam = request_.right_cam_from_left_cam;
    end_.binocular.has_geometry = pairing_options_.right_cam_from_left_cam.has_value();
    return run_opened();
  }

 private:
  TwoEyeEnd run_opened() {
    progress_.passes = request_.of(EyeSide::right).two_pass ? 2 : 1;
    for (const EyeSide eye : both_eyes) {
      if (const auto total = track(eye).frames_total())
        progress_.frames_total = progress_.frames_total.value_or(0) + *total;
    }
    if (progress_.passes == 2) {
      if (auto error = first_pass()) return failed(std::move(*error));
    }
    const std::array sources{track(EyeSide::right).source(), track(EyeSide::left).source()};
    const std::array intrinsics{track(EyeSide::right).intrinsics(), track(EyeSide::left).intrinsics()};
    if (const auto begun = sink_.begin(sources, intrinsics); !begun) return failed(begun.error());
    report_pass();
    return finish();
  }

  void take(EyeSide eye, OpenedSource source) {
    tracks_[at(eye)] = std::make_unique<EyeTrack>(request_.of(eye), std::move(source), pair_samples_alive);
  }

  EyeTrack& track(EyeSide eye) { return *tracks_[at(eye)]; }

  TwoEyeEnd failed(Error error) {
    end_.error = std::move(error);
    return std::move(end_);
  }

  std::optional<Error> open() {
    std::array<std::optional<OpenedSource>, 2> sources;
    for (const EyeSide eye : both_eyes) {
      if (request_.is_one_camera && eye == EyeSide::left) break;
      auto opened = EyeTrack::open(request_.of(eye));
      if (!opened) return opened.error();
      sources[at(eye)] = std::move(*opened);
    }
    is_live_ = sources[0]->frames->info().is_live;
    if (request_.is_one_camera) {
      const SourceInfo& info = sources[0]->frames->info();
      const EyeRegions regions = request_.regions.value_or(EyeRegions::halves(info.width_px, info.height_px));
      auto parts = split_between_eyes(std::move(*sources[0]), regions);
      if (!parts) return parts.error();
      for (const EyeSide eye : both_eyes) sources[at(eye)] = std::move((*parts)[at(eye)]);
    } else if (sources[1]->frames->info().is_live != is_live_) {
      return Error{ErrorCode::invalid_option,
                   "a live source and a file have no time in common, so their frames cannot be paired",
                   request_.of(EyeSide::left).source.location,
                   "Give two files or folders, or two cameras or streams"};
    }
    for (const EyeSide eye : both_eyes) take(eye, std::move(*sources[at(eye)]));
    pairing_options_.right_cam_from_left_cam =
        request_.is_one_camera ? RigidTransform{} : request_.right_cam_from_left_cam;
    end_.binocular.has_geometry = pairing_options_.right_cam_from_left_cam.has_value();
    return std::nullopt;
  }

  /// Calls `body(eye)` on a thread for each eye; what it throws becomes that eye's error and stops both.
  template <class Body>
  std::array<std::jthread, 2> on_threads(Body body) {
    std::array<std::jthread, 2> threads;
    for (const EyeSide eye : both_eyes) {
      threads[at(eye)] = std::jthread([this, eye, body] {
        run_guarded(
            "process", [&] { body(eye); },
            [&](Error error) {
              end_.errors[at(eye)] = std::move(error);
              stop_.request_stop();
            });
      });
    }
    return threads;
  }

  std::optional<Error> first_pass() {
    progress_.pass = 1;
    // Progress is told on this thread only: it waits for one eye after the other and sums what both have
    // done.
    {
      Channel<bool> ticks(1, Overflow::drop_oldest);
      std::atomic<int> running{2};
      auto threads = on_threads([&](EyeSide eye) {
        track(eye).fit_first(
            [&](std::uint64_t frames) {
              frames_done_[at(eye)] = frames;
              ticks.push(true);
            },
            stop_.get_token());
        if (--running == 0) ticks.close();
      });
      const std::stop_callback wake(stop_.get_token(), [&ticks] { ticks.close(); });
      while (ticks.pop()) tell_progress();
      for (auto& thread : threads) thread.join();
    }
    for (const EyeSide eye : both_eyes) {
      if (end_.errors[at(eye)]) return end_.errors[at(eye)];
    }
    if (!stop_.stop_requested())
      share_anatomy(track(EyeSide::right), track(EyeSide::left), stop_.get_token());
    for (const EyeSide eye : both_eyes) {
      if (const auto rewound = track(eye).rewind(); !rewound) return rewound.error();
      frames_done_[at(eye)] = 0;
    }
    progress_.pass = 2;
    return std::nullopt;
  }

  void report_pass() {
    // Live: one queue, in the order of arrival. Files: one an eye, to be merged.
    std::array<Channel<Arrival>, 2> queues{Channel<Arrival>(samples_waiting, Overflow::block),
                                           Channel<Arrival>(samples_waiting, Overflow::block)};
    std::atomic<int> running{2};
    const auto queue_of = [&](EyeSide eye) -> Channel<Arrival>& { return queues[is_live_ ? 0 : at(eye)]; };
    const auto body = [&](EyeSide eye) {
      const auto close = [&] {
        if (--running == 0 || !is_live_) queue_of(eye).close();
      };
      // Whatever happens, the merge must not wait for this eye.
      const std::unique_ptr<const decltype(close), void (*)(const decltype(close)*)> at_the_end(
          &close, [](const auto* each) { (*each)(); });
      const auto report = [&](const GazeSamplePtr& sample,
                              const std::vector<LabelledFrame>& labels) -> std::optional<Error> {
        queue_of(eye).push({eye, sample, labels});
        return std::nullopt;
      };
      auto error = track(eye).report_all(
          report, [&](std::uint64_t frames) { frames_done_[at(eye)] = frames; }, stop_.get_token());
      if (error && !end_.errors[at(eye)]) end_.errors[at(eye)] = std::move(error);
    };
    auto threads = on_threads(body);
    // Should writing throw: no eye's thread must wait for room for ever.
    struct Closing {
      std::stop_source& stop;
      std::array<Channel<Arrival>, 2>& queues;
      ~Closing() {
        stop.request_stop();
        for (auto& queue : queues) queue.close();
      }
    };
    const Closing closing{stop_, queues};
    end_.error = is_live_ ? give_live(queues[0]) : give_merged(queues);
    if (end_.error) {
      stop_.request_stop();
      for (auto& queue : queues) queue.close();
    }
    for (auto& thread : threads) thread.join();
  }

  std::optional<Error> give_live(Channel<Arrival>& queue) {
    BinocularPairing pairing(pairing_options_);
    while (auto arrival = queue.pop()) {
      if (arrival->sample != nullptr) {
        const auto pair = pairing.push(arrival->eye, arrival->sample, arrival->sample->frame->captured_at);
        if (auto error = give(pair)) return error;
      }
      if (auto error = give_labels(*arrival)) return error;
    }
    return std::nullopt;
  }

  std::optional<Error> give_merged(std::array<Channel<Arrival>, 2>& queues) {
    MergedPairing pairing(pairing_options_);
    std::array<std::vector<LabelledFrame>, 2> labels;  // of the samples that wait in the pairing
    while (true) {
      for (const EyeSide eye : both_eyes) {
        while (pairing.wants(eye)) {
          auto arrival = queues[at(eye)].pop();
          if (!arrival) {
            pairing.end(eye);
          } else {
            labels[at(eye)] = std::move(arrival->labels);
            if (arrival->sample != nullptr) {
              pairing.push(eye, arrival->sample, shared_time(eye, *arrival->sample));
            } else if (auto error = give_labels({eye, nullptr, std::move(labels[at(eye)])})) {
              return error;  // the labels at an eye's end come after all of its samples
            }
          }
        }
      }
      const auto pair = pairing.next();
      if (!pair) return std::nullopt;
      if (auto error = give(*pair)) return error;
      if (auto error = give_labels({pair->newest, nullptr, std::move(labels[at(pair->newest)])}))
        return error;
      labels[at(pair->newest)].clear();
    }
  }

  [[nodiscard]] CaptureTime shared_time(EyeSide eye, const GazeSample& sample) const {
    const CaptureTime offset = eye == EyeSide::left && !is_live_ ? request_.left_offset : CaptureTime{};
    return sample.frame->captured_at + offset;
  }

  std::optional<Error> give(const BinocularSample& pair) {
    BinocularSummary& summary = end_.binocular;
    ++(pair.partner() != nullptr ? summary.pairs : summary.without_partner);
    if (const VergencePoint* point = pair.vergence_point()) {
      ++summary.with_vergence;
      distances_mm_.push_back(point->distance_mm);
      gaps_mm_.push_back(point->gap_mm);
    } else {
      ++summary.vergence_misses[static_cast<std::size_t>(std::get<VergenceMiss>(pair.vergence))];
    }
    if (!first_time_) first_time_ = pair.time;
    const double time_s = seconds_of(pair.time - *first_time_);
    end_.last_time_s[at(pair.newest)] = time_s;
    tell_progress();
    if (const auto written = sink_.on_sample(pair, time_s); !written) return written.error();
    return std::nullopt;
  }

  std::optional<Error> give_labels(const Arrival& arrival) {
    for (const LabelledFrame& label : arrival.labels) {
      if (const auto written = sink_.on_label(arrival.eye, label); !written) return written.error();
    }
    return std::nullopt;
  }

  void tell_progress() {
    progress_.frames_done = frames_done_[0] + frames_done_[1];
    on_progress_(progress_);
  }

  TwoEyeEnd finish() {
    for (const EyeSide eye : both_eyes) {
      TrackSummary& summary = end_.summaries[at(eye)];
      summary = track(eye).take_summary();
      summary.was_interrupted = outer_stop_.stop_requested();
      if (summary.frames == 0 && !end_.errors[at(eye)] && !end_.error && !summary.was_interrupted) {
        end_.errors[at(eye)] =
            Error{ErrorCode::input_empty, "the source gave no frames", request_.of(eye).source.location,
                  "Give a video or folder with at least one image"};
      }
    }
    end_.binocular.median_distance_mm = median(distances_mm_);
    end_.binocular.median_gap_mm = median(gaps_mm_);
    return std::move(end_);
  }

  const TwoEyeRequest& request_;
  TwoEyeSink& sink_;
  const std::function<void(const TrackProgress&)>& on_progress_;
  std::stop_token outer_stop_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> on_outer_stop_;
  std::array<std::unique_ptr<EyeTrack>, 2> tracks_;
  bool is_live_ = false;
  PairingOptions pairing_options_;
  std::array<std::atomic<std::uint64_t>, 2> frames_done_{};
  TrackProgress progress_;
  std::optional<CaptureTime> first_time_;
  std::vector<double> distances_mm_;
  std::vector<double> gaps_mm_;
  TwoEyeEnd end_;
};

}  // namespace

TwoEyeEnd track_two_eyes(const TwoEyeRequest& request, TwoEyeSink& sink,
                         const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop) {
  return TwoEyeRun(request, sink, on_progress, std::move(stop)).run();
}

TwoEyeEnd track_two_eyes(const TwoEyeRequest& request, std::array<OpenedSource, 2> sources, TwoEyeSink& sink,
                         const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop) {
  return TwoEyeRun(request, sink, on_progress, std::move(stop)).run(std::move(sources));
}

}  // namespace yarbus
