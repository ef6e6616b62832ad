#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "app/session/eye_tracker.h"
#include "app/session/open_source.h"
#include "app/session/track_file.h"

namespace yarbus {

/// Tracks one opened source from its first frame to its last, once or twice: what `track` does for each eye.
/// Fits run at fixed frame counts while the frames wait, so that two runs give the same samples.
/// Threads: one owner at a time; reads the source on a thread of its own.
class EyeTrack {
 public:
  /// Takes each sample of the reporting pass with the labels that became final; an error ends the pass.
  using Report = std::function<std::optional<Error>(const GazeSamplePtr&, const std::vector<LabelledFrame>&)>;
  /// Frames done in the pass under way.
  using OnFrame = std::function<void(std::uint64_t)>;

  /// `samples_alive`: how many samples the receiver of the reports may hold on to.
  EyeTrack(const TrackRequest& request, OpenedSource source, std::size_t samples_alive);
  EyeTrack(const EyeTrack&) = delete;
  EyeTrack& operator=(const EyeTrack&) = delete;

  /// Opens the request's source.
  static Result<OpenedSource> open(const TrackRequest& request);

  [[nodiscard]] const SourceSnapshot& source() const { return summary_.source; }
  [[nodiscard]] const CameraIntrinsics& intrinsics() const { return summary_.intrinsics; }
  [[nodiscard]] const TrackRequest& request() const { return request_; }
  /// How many frames a pass has, where that is known.
  [[nodiscard]] std::optional<std::uint64_t> frames_total() const { return frames_total_; }

  /// The first of two passes: every frame is detected, then the eye is fitted to all that was kept. A source
  /// that breaks off does so again in the second pass, which is the one that reports it.
  void fit_first(const OnFrame& on_frame, const std::stop_token& stop);
  /// Fits again to what the first pass kept, with other options.
  void refit_first(const FitOptions& options, const std::stop_token& stop);
  /// What the first pass gave; null without a usable fit.
  [[nodiscard]] const EyeModelPtr& first_model() const { return fixed_model_; }
  /// Back to the first frame, between the passes.
  Result<void> rewind() { return source_.frames->seek(0); }

  /// The reporting pass, once; with the first pass's model if there was one. Returns what ended it early. The
  /// last report has no sample, only labels. The source is closed at its end.
  std::optional<Error> report_all(const Report& report, const OnFrame& on_frame, const std::stop_token& stop);

  /// Of all that was done. Call once, at the end.
  [[nodiscard]] TrackSummary take_summary();

 private:
  struct Pass;
  /// `stride`: every how manieth frame.
  std::optional<Error> run(Pass& pass, const Report& report, const OnFrame& on_frame,
                           const std::stop_token& stop, std::uint64_t stride = 1);
  [[nodiscard]] std::uint64_t first_pass_stride() const;
  void note(const GazeSample& sample);

  TrackRequest request_;
  OpenedSource source_;
  std::size_t samples_alive_;
  std::optional<std::uint64_t> frames_total_;
  EyeModelPtr fixed_model_;
  std::optional<FitJob> first_job_;
  TrackSummary summary_;
  std::vector<float> reprojection_errors_px_;
  std::vector<float> outline_errors_px_;
  std::vector<std::chrono::nanoseconds> detect_times_;
  std::vector<std::chrono::nanoseconds> predict_times_;
};

}  // namespace yarbus
