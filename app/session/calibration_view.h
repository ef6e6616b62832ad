#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "eyemodel/types/calibration_terms.h"
#include "eyemodel/types/frame_time.h"
#include "eyemodel/types/gaze_point.h"
#include "eyemodel/types/screen_geometry.h"

namespace yarbus {

/// What a calibration of gaze looks like from outside: plain values and words, for the window, scripts and
/// the network. Frames & units: screen (origin top left, x right, y down; mm), deg.

/// What to calibrate.
struct CalibrationRequest {
  ScreenGeometry screen;
  TargetLayout layout = TargetLayout::nine;
  int validation_points = 4;           ///< 0, 4 or 5
  std::optional<ScreenRegion> region;  ///< recalibrate only there; its points replace those of the
                                       ///< calibration in force within it
  bool advance_by_key = false;         ///< the participant's pace
  bool is_camera_on_head = true;       ///< then a head that moves is unseen between known targets
  std::string name;                    ///< of the result; empty: its date and time
  std::string demo_fault;              ///< of a simulated participant, by name; empty: none
  bool is_webcam_demo = false;         ///< the simulated participant sits before a webcam
  /// After the targets one more is looked at while the head moves; with a webcam alone, which sees the head.
  /// Unset: with a webcam, but not of the demo's participant, who keeps the head still.
  std::optional<bool> head_pass;
  std::optional<std::uint64_t> seed;  ///< of the targets' order; unset: another one each time
};

/// One eye before the start.
struct EyeGateView {
  bool is_tracked = false;
  bool is_ready = false;
  std::string text;    ///< "ready", "image too dark"
  std::string remedy;  ///< empty where ready
  std::string advice;  ///< what will cost points although the eye is ready; empty: nothing
  std::string advice_remedy;
};

/// One mapper and how it did.
struct MapperView {
  std::string name;
  bool is_chosen = false;
  bool is_available = false;
  std::string why_not;
  std::optional<double> left_out_deg;   ///< mean error at targets left out of the fit
  std::optional<double> validated_deg;  ///< accuracy at the validation's targets
};

/// A parameter of the geometric model.
struct ParameterView {
  std::string name;
  std::string unit;
  double value = 0.0;
  double sigma = 0.0;
  bool from_data = false;  ///< otherwise it is the population's
};

/// Data quality of one eye, or both: means over the targets.
struct QualityView {
  int targets = 0;
  std::optional<double> accuracy_deg;
  std::optional<double> worst_accuracy_deg;
  std::optional<double> rms_s2s_deg;
  std::optional<double> std_deg;
  std::optional<double> bcea_deg2;
  double data_loss_percent = 0.0;
  double effective_hz = 0.0;
  double window_s = 0.0;
};

/// Gaze at one validation target.
struct ValidationErrorView {
  int point = 0;
  Eigen::Vector2d target_in_screen_mm = Eigen::Vector2d::Zero();
  std::optional<Eigen::Vector2d> gaze_in_screen_mm;                 ///< mean, with every eye
  std::array<std::optional<Eigen::Vector2d>, 2> eyes_in_screen_mm;  ///< with one eye, by EyeSide
  std::optional<double> error_deg;
};

enum class CalibrationGrade : std::uint8_t { not_validated, good, fair, poor };

/// One finished calibration. Immutable.
struct CalibrationResult {
  std::string path;  ///< of its file; empty: it could not be saved
  std::string name;
  std::string made_at;  ///< "2026-11-26 10:42"
  std::string cameras;  ///< in words
  ScreenGeometry screen;
  TargetLayout layout = TargetLayout::nine;
  double duration_s = 0.0;  ///< from the first target to the last
  int samples = 0;
  std::vector<PointView> points;
  std::vector<FindingView> findings;
  std::vector<MapperView> mappers;
  std::string mapper_reason;
  std::vector<ParameterView> parameters;
  std::array<std::optional<QualityView>, 2> eyes;  ///< by EyeSide
  QualityView both;
  std::optional<double> coverage_68;  ///< share of frames whose stated 68 % region holds the target
  std::vector<ValidationErrorView> errors;
  CalibrationGrade grade = CalibrationGrade::not_validated;
  std::string verdict;              ///< in words
  std::vector<std::string> advice;  ///< what would help; most useful first
  /// Of a simulated participant: the same accuracy against where the eyes really looked.
  std::optional<double> true_accuracy_deg;
};
using CalibrationResultPtr = std::shared_ptr<const CalibrationResult>;

/// A calibration in the library.
struct CalibrationEntry {
  std::string path;
  std::string name;
  std::string made_at;
  std::string setup;  ///< cameras and screen in words
  std::optional<double> accuracy_deg;
  std::string why_not;  ///< why it cannot be used now; empty: it can
};

/// Everything that a wizard needs to draw.
struct CalibrationSnapshot {
  ProcedurePhase phase = ProcedurePhase::idle;
  bool is_paused = false;
  bool is_check = false;             ///< one point, to check or recentre the calibration in force
  CalibrationRequest request;        ///< of the procedure under way or last done
  std::optional<TargetView> target;  ///< unset: draw none
  double progress = 0.0;
  double time_left_s = 0.0;
  std::array<EyeGateView, 2> gate;  ///< by EyeSide
  std::string gate_text;
  double gate_progress = 0.0;
  bool can_go_on = false;  ///< in review: accept() passes over what was found
  std::vector<PointView> points;
  std::vector<FindingView> findings;
  std::vector<std::string> messages;  ///< oldest first
  CalibrationResultPtr result;        ///< in force; null: none
  bool is_participant_simulated = false;
};

enum class GazeFilter : std::uint8_t { none, one_euro, fixation };

/// Gaze on the screen in one frame.
struct ScreenGaze {
  CaptureTime captured_at{};
  GazePoint measured;
  Eigen::Vector2d filtered_in_screen_mm = Eigen::Vector2d::Zero();
  double sigma_mm = 0.0;         ///< radius that stands for the stated covariance: sqrt of its mean variance
  double sigma_deg = 0.0;        ///< the same, seen from the eyes
  double added_latency_s = 0.0;  ///< of the filter, for a slow movement
  bool is_extrapolated = false;  ///< outside the calibrated part of the screen
  std::optional<Eigen::Vector2d> true_gaze_in_screen_mm;  ///< of a simulated participant
};

struct DriftView {
  int known_targets = 0;
  std::optional<double> offset_deg;  ///< of gaze at known targets
  bool is_drifted = false;
  bool has_center_moved = false;  ///< an eye's centre in its camera has left its place
  double center_shift_mm = 0.0;
  std::string text;  ///< the state in words; empty without a calibration
  std::string remedy;
};

/// What is known of gaze on the screen now.
struct ScreenGazeSnapshot {
  bool is_calibrated = false;
  std::optional<ScreenGaze> latest;  ///< unset: no eye now
  DriftView drift;
  GazeFilter filter = GazeFilter::one_euro;
  bool uses_clicks = false;   ///< clicks count as known targets
  bool is_recentred = false;  ///< an offset is subtracted
};

}  // namespace yarbus
