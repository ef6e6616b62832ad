#include "app/benchmark/no_eye.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "app/benchmark/run_datasets.h"

namespace yarbus::benchmark {
namespace {

/// "a.mp4" of "/somewhere/a.mp4", "frames" of "frames/".
std::string short_name(const std::string& location) {
  std::filesystem::path path(location);
  if (!path.has_filename()) path = path.parent_path();
  return path.has_filename() ? path.filename().string() : location;
}

Result<NoEyeSource> open_no_eye_source(const std::string& location, std::optional<std::uint64_t> max_frames) {
  SourceRequest request;
  request.location = location;
  auto source = open_source(request, EyeSide::right, {});
  if (!source) return source.error();
  if (source->frames->info().is_live && !max_frames) {
    return Error{ErrorCode::invalid_option, "a camera or stream never ends", location, "Give --frames too"};
  }
  return NoEyeSource{short_name(location), std::move(*source), max_frames};
}

}  // namespace

Result<std::vector<NoEyeSource>> open_no_eye_sources(const std::vector<std::string>& locations,
                                                     std::optional<std::uint64_t> max_frames) {
  std::vector<NoEyeSource> sources;
  for (const std::string& location : locations) {
    auto source = open_no_eye_source(location, max_frames);
    if (!source) return source.error();
    const bool is_taken = std::any_of(sources.begin(), sources.end(),
                                      [&](const NoEyeSource& other) { return other.name == source->name; });
    if (is_taken) {
      return Error{ErrorCode::invalid_option, "two sources have the name \"" + source->name + '"', location,
                   "Give each source once, and rename one if two different ones share a name"};
    }
    sources.push_back(std::move(*source));
  }
  return sources;
}

Result<NoEyeScores> evaluate_no_eye(NoEyeSource& input, const DetectionOptions& options,
                                    const OnEvaluateProgress& on_progress, const std::stop_token& stop) {
  FrameSource& source = *input.source.frames;
  auto total = source.info().frame_count;
  if (input.max_frames && (!total || *input.max_frames < *total)) total = input.max_frames;
  NoEyeScores scores;
  scores.name = input.name;
  PerWay<WayRunner> runners{WayRunner(DetectionWay::cold, options.detector),
                            WayRunner(DetectionWay::tracked, options.detector)};
  while (!input.max_frames || scores.frames < *input.max_frames) {
    const auto frame = source.next(stop);
    if (stop.stop_requested()) return interrupted(input.name);
    if (!frame && frame.error().code == ErrorCode::input_truncated && scores.frames > 0) {
      scores.note = frame.error().message;
      break;
    }
    if (!frame) return frame.error();
    if (*frame == nullptr) break;
    for (std::size_t way = 0; way < way_count; ++way) {
      const PupilOutcome& outcome = runners[way].detect((*frame)->gray.view());
      if (!std::holds_alternative<PupilObservation>(outcome)) continue;
      auto& of_way = scores.ways[way];
      ++of_way.reported;
      of_way.highest_confidence = std::max(of_way.highest_confidence, confidence_of(outcome));
    }
    if (options.evidence != nullptr)
      options.evidence->add_without_pupil(input.name, (*frame)->gray.view(), (*frame)->sequence);
    ++scores.frames;
    on_progress({"detecting", scores.frames, total});
  }
  if (scores.frames == 0) {
    return Error{ErrorCode::input_empty, "the source gave no frames", input.name,
                 "Give a video or folder with at least one image"};
  }
  return scores;
}

}  // namespace yarbus::benchmark
