#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/benchmark/dataset.h"
#include "app/benchmark/statistics.h"
#include "app/benchmark/times.h"
#include "eyemodel/types/iris_pair.h"

namespace yarbus::benchmark {

/// How one mapper did at the test frames. Errors are angles between the mapped place and the target, seen
/// from where the eyes were in the calibration.
struct WebcamMapperFigures {
  std::string name;
  bool is_chosen = false;
  std::string why_not;                 ///< why there is none
  std::optional<double> left_out_deg;  ///< mean at targets left out of the fit
  std::vector<double> frame_errors_deg;
  std::optional<Statistics> frame_deg;
  std::optional<Statistics> target_deg;  ///< of the mean gaze over a target's frames
  std::optional<double> across_deg;      ///< median over the frames, along the screen's rows
  std::optional<double> down_deg;
  std::optional<double> coverage_68;  ///< share of frames whose stated 68 % region holds the target
  std::size_t frames = 0;             ///< mapped
  std::optional<double> map_us;       ///< median
};

/// The same from fewer samples.
struct SampleFigures {
  std::size_t targets = 0;
  std::size_t samples = 0;
  std::vector<std::pair<std::string, double>> median_deg;  ///< by mapper, and "chosen"
};

/// One recording, or one simulated person.
struct WebcamFigures {
  std::string name;
  std::string group;
  int width_px = 0;
  int height_px = 0;
  std::size_t frames = 0;
  std::size_t with_irises = 0;
  std::array<std::size_t, face_miss_reason_count> misses{};  ///< by FaceMissReason
  std::size_t calibration_targets = 0;
  std::size_t calibration_samples = 0;  ///< with at least one iris
  double calibration_s = 0.0;           ///< from the first calibration frame to the last
  std::size_t test_frames = 0;          ///< labelled, with irises or not
  std::size_t test_targets = 0;
  std::vector<WebcamMapperFigures> mappers;
  std::string choice_reason;
  std::vector<SampleFigures> samples;
  std::optional<Times> track;   ///< head, both eyes, patches
  std::optional<Times> search;  ///< of faces, beside the tracking
  double fit_ms = 0.0;          ///< all mappers with cross-validation
  std::string failure;          ///< why there is no calibration; empty: there is one
};

struct WebcamPlan {
  bool counts_samples = true;  ///< fits again from fewer targets and frames
};

/// Tracks the recording, calibrates with its frames of split "calibration" and judges at those of "test".
/// Errors: the recording's; input_unreadable if it names no screen, no targets or no split.
Result<WebcamFigures> run_webcam_subject(Dataset& dataset, const WebcamPlan& plan,
                                         const std::function<void(std::uint64_t frames)>& on_frame,
                                         const std::stop_token& stop);

}  // namespace yarbus::benchmark
