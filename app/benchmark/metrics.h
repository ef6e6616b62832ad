#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/benchmark/detection_rate.h"
#include "app/benchmark/frame_kind.h"
#include "app/benchmark/statistics.h"
#include "app/benchmark/times.h"
#include "app/export/labelled_recording.h"
#include "eyemodel/types/eye_model.h"

namespace yarbus::benchmark {

constexpr std::size_t stage_count = 5;
constexpr std::array<FitStage, stage_count> stages{FitStage::unprojection, FitStage::unoptimised,
                                                   FitStage::contrast, FitStage::edge,
                                                   FitStage::refraction};

template <class T>
using PerStage = std::array<T, stage_count>;

/// The error whose first reaching, and keeping, the benchmark reports.
constexpr double good_gaze_error_deg = 1.0;

/// What one stage said about one frame, against the truth; absent where either side has nothing to compare.
struct StageScore {
  bool has_pose = false;
  std::optional<double> gaze_deg;           ///< angle between the estimated and the true optical axis
  std::optional<double> outline_px;         ///< Hausdorff, of the model's pupil, in the undistorted image
  std::optional<double> eye_center_mm;      ///< after fixing the gauge
  std::optional<double> eye_center_across_mm;  ///< the part across the line from camera to eye ...
  std::optional<double> eye_center_depth_mm;   ///< ... and the size of the part along it
  std::optional<double> mahalanobis_squared;   ///< of the true gaze under the stated uncertainty
  std::optional<double> pupil_diameter_mm;  ///< estimated minus true, after fixing the gauge
};

/// One labelled frame.
struct FrameScore {
  std::uint64_t frame = 0;
  FrameKind kind = FrameKind::counted;
  std::optional<double> visible_fraction;
  bool was_found = false;                  ///< the detector reported a pupil, right or wrong
  std::optional<double> center_px;         ///< distance between its centre and the true one
  std::optional<double> outline_px;        ///< Hausdorff, of the detected ellipse
  std::optional<double> eccentricity_deg;  ///< true gaze against the line from the eye to the camera
  PerStage<StageScore> stages;
};

/// What the detector said about one frame; nullopt: no pupil. In the image as captured.
FrameScore score_detection(const FrameLabel& label, const std::optional<Ellipse>& detected);

/// What a stage says about one frame by the pose that `predict` gives it, whether the fit used it or not.
/// A pose with a stated uncertainty has its size from the population and is judged as it is. Of others the gauge: the model's eyeball radius stands for the true distance from eye centre to pupil centre, so
/// every length is multiplied by true / model first. nullopt: no pose.
StageScore score_pose(const FrameLabel& label, const std::optional<EyePose>& pose,
                      const CameraIntrinsics& intrinsics);

/// Which columns a recording has; a metric without its columns is not measurable.
struct Measurable {
  bool gaze = false;
  bool outline = false;
  bool visible_fraction = false;
  bool blink = false;
  bool eye_center = false;      ///< eye and pupil centre
  bool pupil_diameter = false;  ///< eye centre, pupil centre and radius
};
Measurable measurable_in(const std::vector<FrameLabel>& labels);

/// How one stage's fit of one recording went.
struct StageFit {
  FitReport report;
  /// Fewest kept frames from which on the mean gaze error stays under good_gaze_error_deg; nullopt: never.
  std::optional<int> frames_to_good;
};

/// One recording, evaluated.
struct SubjectScores {
  std::string name;
  std::string group;
  std::uint64_t frames = 0;
  int width_px = 0;
  int height_px = 0;
  Measurable measurable;
  std::uint64_t labels_without_frame = 0;
  std::size_t frames_kept = 0;  ///< that the fits rest on
  std::vector<FrameScore> scores;
  PerStage<StageFit> fits;
  std::vector<std::chrono::nanoseconds> detect_times;
  PerStage<std::vector<std::chrono::nanoseconds>> predict_times;
};

/// The recordings of one group taken together: errors pooled over all their frames.
struct GroupSummary {
  struct Fits {
    struct Failure {
      std::string subject;
      std::string reason;
    };
    std::size_t made = 0;
    std::vector<Failure> failures;
    std::optional<Statistics> seconds;
    std::size_t reached_good = 0;              ///< subjects
    std::optional<Statistics> frames_to_good;  ///< of those
  };
  struct BySubject {
    std::string name;
    PerStage<std::optional<Statistics>> gaze_deg;
    std::optional<Statistics> detector_outline_px;
    PerStage<std::optional<Statistics>> outline_px;
    std::optional<DetectionRate> detection;
  };

  std::string name;
  Measurable measurable;
  std::size_t frames = 0;
  std::size_t counted_frames = 0;
  std::size_t closed_frames = 0;
  std::uint64_t labels_without_frame = 0;
  int width_px = 0;
  int height_px = 0;
  PerStage<std::optional<Statistics>> gaze_deg;
  std::optional<Statistics> detector_outline_px;
  PerStage<std::optional<Statistics>> outline_px;
  PerStage<std::optional<Statistics>> eye_center_mm;
  PerStage<std::optional<Statistics>> eye_center_across_mm;
  PerStage<std::optional<Statistics>> eye_center_depth_mm;
  /// Frames whose true gaze lies in the stated region, of stage `refraction`, which alone states one.
  std::optional<DetectionRate> inside_68;
  std::optional<DetectionRate> inside_95;
  PerStage<std::optional<Statistics>> pupil_diameter_mm;  ///< of the error's size
  PerStage<std::optional<double>> pupil_diameter_bias_mm;
  std::optional<DetectionRate> detection;
  std::vector<VisibilityBin> detection_by_visibility;  ///< empty: not measurable
  std::optional<DetectionRate> false_positives;        ///< of closed frames
  PerStage<Fits> fits;
  std::optional<Times> detect;
  PerStage<std::optional<Times>> predict;
  std::vector<BySubject> by_subject;
};

/// `subjects` must be of one group and at least one.
GroupSummary summarise(const std::vector<const SubjectScores*>& subjects);

}  // namespace yarbus::benchmark
