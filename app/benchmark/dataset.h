#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "app/export/labelled_recording.h"
#include "eyemodel/types/frame.h"
#include "eyemodel/types/result.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus::benchmark {

/// One frame and what is true of it, if its recording says so.
struct LabelledImage {
  FramePtr frame;
  std::optional<FrameLabel> label;
};

/// One recording with truth: a subject before a camera. Frames come one by one, so that none need be kept.
/// Threads: one owner.
class Dataset {
 public:
  /// A folder in the labelled-recording format, read through the product's own frame source, at most
  /// `max_frames` of it. Errors: of the format's reader and of the source; invalid_option if the images have
  /// not the size that meta.json states.
  static Result<Dataset> open_recording(const std::filesystem::path& folder,
                                        std::optional<std::uint64_t> max_frames);
  /// A scenario of the simulated eye or face, rendered as it is read. Errors: invalid_option naming the
  /// scenarios.
  static Result<Dataset> open_scenario(const std::string& scenario, std::uint64_t seed, std::uint64_t frames,
                                       const std::optional<std::pair<int, int>>& face_size_px = std::nullopt);

  ~Dataset();
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;

  /// The folder's name, or "scenario, seed 3".
  [[nodiscard]] const std::string& name() const;
  /// What is reported together: the folder's name, or the scenario's.
  [[nodiscard]] const std::string& group() const;
  [[nodiscard]] const CameraIntrinsics& intrinsics() const;
  /// From now on its camera's lights are in unknown places.
  void forget_lights();
  [[nodiscard]] double rate_hz() const;
  /// What the person looks at, if it is a face before a webcam; its labels then name targets on it.
  [[nodiscard]] std::optional<ScreenGeometry> screen() const;
  /// Unknown for a video that does not say.
  [[nodiscard]] std::optional<std::uint64_t> frame_count() const;
  /// Labels of the frames that `next` has not given (yet); after the last frame, those that have no image.
  [[nodiscard]] std::vector<FrameLabel> labels_without_frame() const;

  /// The next frame; a null frame at the end or after a stop. Errors: the source's.
  Result<LabelledImage> next(std::stop_token stop);

  /// Where the frames come from.
  class Origin;

 private:
  explicit Dataset(std::unique_ptr<Origin> origin);
  std::unique_ptr<Origin> origin_;
};

/// Why a recording that has been read cannot be evaluated; nullopt: it can. `frames` were read, `labels`
/// found (those without a frame too). Error: input_empty.
std::optional<Error> missing_frames(const Dataset& dataset, std::uint64_t frames, std::size_t labels);

/// Which recordings a benchmark is about.
struct DatasetChoice {
  std::vector<std::string> folders;
  std::vector<std::string> scenarios;  ///< neither given: all scenarios
  std::uint64_t first_seed = 1;
  std::optional<int> subjects;  ///< seeds a scenario; default below
  std::optional<std::pair<int, int>>
      face_size_px;                     ///< width, height of a simulated face's images; default 720p
  std::optional<std::uint64_t> frames;  ///< at most, of each; default: all, or the scenario's own number
  bool knows_lights = false;            ///< the fit is told where the lights are, where that is known
  bool is_quick = false;                ///< fewer subjects and frames, unless they are given
};

/// "paper" stands for its two forms, with the cornea and without.
std::vector<std::string> expanded_scenarios(std::span<const std::string> names);

/// The scenarios that are people's eyes: all but "paper" in its two forms, which repeats a published picture.
std::vector<std::string> scenarios_of_people();

/// Opens them all, so that a wrong name is found before any work. Errors: as above.
Result<std::vector<Dataset>> open_datasets(const DatasetChoice& choice);

}  // namespace yarbus::benchmark
