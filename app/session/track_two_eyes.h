#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "app/session/binocular_pairing.h"
#include "app/session/open_source.h"
#include "app/session/split_source.h"
#include "app/session/track_file.h"
#include "eyemodel/types/binocular_sample.h"

namespace yarbus {

/// What `track` shall do with two eyes: two sources, or one whose image shows both.
struct TwoEyeRequest {
  std::array<TrackRequest, 2> by_eye;  ///< index: EyeSide; with `is_one_camera` only the right one's source
  bool is_one_camera = false;
  std::optional<EyeRegions> regions;  ///< of one camera; unset: the halves of the image
  /// Of two cameras; one camera needs none.
  std::optional<RigidTransform> right_cam_from_left_cam;
  /// How much later than the right source's the left source's first frame was taken. Files only.
  std::chrono::nanoseconds left_offset{};

  [[nodiscard]] const TrackRequest& of(EyeSide eye) const { return by_eye[static_cast<std::size_t>(eye)]; }
};

/// Receives the results of the reporting pass, on the caller's thread.
class TwoEyeSink {
 public:
  virtual ~TwoEyeSink() = default;
  /// Once, before the first sample; index: EyeSide.
  virtual Result<void> begin(const std::array<SourceSnapshot, 2>& sources,
                             const std::array<CameraIntrinsics, 2>& intrinsics) = 0;
  /// Each frame of either eye, with its partner; `time_s` since the first frame of both. Of files in order of
  /// capture time.
  virtual Result<void> on_sample(const BinocularSample& sample, double time_s) = 0;
  /// Each frame's final blink label, in order for each eye.
  virtual Result<void> on_label(EyeSide eye, const LabelledFrame& label) = 0;
};

/// How the frames of both eyes came together.
struct BinocularSummary {
  std::uint64_t pairs = 0;  ///< samples with a partner
  std::uint64_t without_partner = 0;
  std::uint64_t with_vergence = 0;
  std::array<std::uint64_t, 4> vergence_misses{};  ///< by VergenceMiss
  std::optional<double> median_distance_mm;        ///< of the vergence points from between the eyes
  std::optional<double> median_gap_mm;
  bool has_geometry = false;
};

struct TwoEyeEnd {
  std::array<TrackSummary, 2> summaries;
  /// What ended an eye early; the other eye went on.
  std::array<std::optional<Error>, 2> errors;
  std::array<std::optional<double>, 2> last_time_s;  ///< of each eye's last frame; unset: it had none
  BinocularSummary binocular;
  /// What ended both: a source that cannot be opened, an output that cannot be written.
  std::optional<Error> error;
};

/// Tracks two eyes from their first frames to their last, each on threads of its own. Files are merged by
/// capture time, so that two runs give the same samples; of live sources each sample is given as it comes. A
/// source that fails or ends does not stop the other. With two passes, an eye whose refraction model settled
/// lends the other its anatomy (prior_from_other_eye). Errors: a source that cannot be opened; invalid_option
/// for a file together with a live source, whose clocks have nothing in common.
TwoEyeEnd track_two_eyes(const TwoEyeRequest& request, TwoEyeSink& sink,
                         const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop);

/// The same over two recorded sources that are open already, by EyeSide, with one clock; the requests'
/// sources then only say what they are called.
TwoEyeEnd track_two_eyes(const TwoEyeRequest& request, std::array<OpenedSource, 2> sources, TwoEyeSink& sink,
                         const std::function<void(const TrackProgress&)>& on_progress, std::stop_token stop);

}  // namespace yarbus
