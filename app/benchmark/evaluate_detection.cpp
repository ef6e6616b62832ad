#include "app/benchmark/evaluate_detection.h"

#include <utility>

#include "app/benchmark/run_datasets.h"
#include "app/session/next_prior.h"

namespace yarbus::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

void add_scores(const FrameLabel& label, const PerWay<const PupilOutcome*>& outcomes,
                DetectionSubject& subject, std::vector<FrameLabel>& labels) {
  for (std::size_t way = 0; way < way_count; ++way) {
    subject.scores[way].push_back(score_outcome(label, outcomes[way]));
  }
  labels.push_back(label);
}

void time_ways(const std::vector<GrayImage>& frames, const DetectionOptions& options,
               const OnEvaluateProgress& on_progress, const std::stop_token& stop,
               DetectionSubject& subject) {
  for (std::size_t way = 0; way < way_count; ++way) {
    on_progress({"timing " + std::string(to_string(ways[way])), 0, std::nullopt});
    WayRunner runner(ways[way], options.detector);
    for (const GrayImage& frame : frames) {
      if (stop.stop_requested()) return;
      runner.detect(frame.view());
    }
    runner.restart();
    auto& times = subject.times[way];
    times.reserve(frames.size());
    const std::uint64_t before = options.allocations_so_far ? options.allocations_so_far() : 0;
    for (const GrayImage& frame : frames) {
      if (stop.stop_requested()) return;
      runner.detect(frame.view());
      times.push_back(runner.last_duration());
    }
    if (options.allocations_so_far) subject.allocations[way] = options.allocations_so_far() - before;
  }
}

}  // namespace

const PupilOutcome& WayRunner::detect(const GrayView& image) {
  const auto start = Clock::now();
  outcome_ = detector_.detect(image, prior_);
  last_duration_ = Clock::now() - start;
  if (way_ == DetectionWay::tracked) prior_ = next_prior(outcome_, prior_);
  return outcome_;
}

Result<DetectionSubject> evaluate_detection(Dataset& dataset, const DetectionOptions& options,
                                            const OnEvaluateProgress& on_progress, std::stop_token stop) {
  DetectionSubject subject;
  subject.name = dataset.name();
  subject.group = dataset.group();
  subject.width_px = dataset.intrinsics().width_px;
  subject.height_px = dataset.intrinsics().height_px;

  WayRunner cold(DetectionWay::cold, options.detector);
  WayRunner tracked(DetectionWay::tracked, options.detector);
  std::vector<GrayImage> kept;
  std::vector<FrameLabel> labels;
  while (true) {
    const auto image = dataset.next(stop);
    if (!image) return image.error();
    if (image->frame == nullptr) break;
    const GrayImage& gray = image->frame->gray;
    if (kept.size() < options.max_timed_frames) kept.push_back(gray);
    const PerWay<const PupilOutcome*> outcomes{&cold.detect(gray.view()), &tracked.detect(gray.view())};
    if (image->label) add_scores(*image->label, outcomes, subject, labels);
    if (image->label && options.evidence != nullptr)
      options.evidence->add(dataset.name(), gray.view(), *image->label);
    ++subject.frames;
    on_progress({"detecting", subject.frames, dataset.frame_count()});
  }
  if (stop.stop_requested()) return interrupted(dataset.name());
  for (const FrameLabel& label : dataset.labels_without_frame()) {
    add_scores(label, {nullptr, nullptr}, subject, labels);
    ++subject.labels_without_frame;
  }
  if (const auto missing = missing_frames(dataset, subject.frames, labels.size())) return *missing;
  subject.measurable = measurable_in(labels);
  time_ways(kept, options, on_progress, stop, subject);
  if (stop.stop_requested()) return interrupted(dataset.name());
  return subject;
}

}  // namespace yarbus::benchmark
