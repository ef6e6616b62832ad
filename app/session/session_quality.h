#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/session/calibration_view.h"
#include "eyemodel/types/frames.h"

namespace yarbus {

/// How good a recording is: plain values and words, for reports. Angles in deg, times in s or ms as named.

/// What was measured while gaze stood still, without a target: medians over the fixations.
struct FixationPrecision {
  int fixations = 0;      ///< how many were measured
  double window_s = 0.0;  ///< median length
  double rms_s2s_deg = 0.0;
  double std_deg = 0.0;
  double bcea_deg2 = 0.0;  ///< 68 %
};

/// How far the pupil's sizes, by the eye model, can be trusted: frames. The first that applies.
struct PupilSizeQuality {
  std::int64_t frames = 0;  ///< that have a result
  std::int64_t valid = 0;
  std::int64_t missing = 0;  ///< not seen, or without an eye model
  std::int64_t in_blink = 0;
  std::int64_t speed_outliers = 0;  ///< changed faster than pupils do
  std::int64_t isolated = 0;        ///< few, alone among the others
  std::int64_t interpolated = 0;    ///< not valid, but in a gap short enough to be filled
};

/// Peak velocity by amplitude: limit (1 - exp(-amplitude / bend)).
struct MainSequenceQuality {
  double limit_deg_s = 0.0;
  double bend_deg = 0.0;
  std::int64_t saccades = 0;  ///< it rests on
  double smallest_deg = 0.0;  ///< amplitudes it rests on
  double largest_deg = 0.0;
  double spread = 0.0;  ///< median of |ln(velocity / fitted)|: 0.1 is about 10 %
};

struct SaccadeQuality {
  struct Saccade {
    double amplitude_deg = 0.0;
    double peak_velocity_deg_s = 0.0;
  };
  std::vector<Saccade> saccades;
  std::string miss;  ///< why none could be told, in words; empty: they could
  std::optional<MainSequenceQuality> main_sequence;
  std::string main_sequence_miss;  ///< why there is none, in words; empty: there is
};

/// One camera of a session.
struct CameraQuality {
  int camera = 0;
  EyeSide eye = EyeSide::right;
  bool is_webcam = false;
  std::string name;
  std::int64_t frames = 0;          ///< that are there
  std::int64_t frames_lost = 0;     ///< by the camera, the queues or the disk
  std::int64_t looked_at = 0;       ///< frames that have a result; the others had no time, or were left out
  std::int64_t valid = 0;           ///< frames with a pupil outside blinks, or with an eye of a face
  std::int64_t in_blink = 0;        ///< frames; they are lost data, too
  double duration_s = 0.0;          ///< from the first frame to one usual interval after the last
  double nominal_rate_hz = 0.0;     ///< 0: unknown
  double frame_rate_hz = 0.0;       ///< frames over the duration
  double effective_rate_hz = 0.0;   ///< valid frames over the duration
  double data_loss_percent = 0.0;   ///< frames that are not valid or were lost, of all there should be
  double median_interval_ms = 0.0;  ///< between frames
  double p95_interval_ms = 0.0;
  double longest_interval_ms = 0.0;
  double interval_bin_ms = 0.0;               ///< width of the histogram's bins, the first begins at 0
  std::vector<std::int64_t> interval_counts;  ///< the last bin has all that is longer, too
  /// Share (0..1) of valid frames in even pieces of the duration; absent where a piece has no frame.
  std::vector<std::optional<double>> valid_shares;
  std::optional<FixationPrecision> precision;  ///< of the optical axis; absent: no fixation, or a webcam
  std::optional<PupilSizeQuality> pupil_size;  ///< absent: no result, or a webcam
  SaccadeQuality saccades;
};

/// What is missing, by cause.
struct LossQuality {
  std::string cause;
  std::int64_t gaps = 0;
  std::int64_t frames_lost = 0;
  std::int64_t pictures_lost = 0;
  std::int64_t rows_lost = 0;
};

/// A calibration of the session at its validation's targets, by the mapper in use.
struct ScreenQuality {
  std::string name;
  std::string mapper;
  std::array<std::optional<QualityView>, 2> eyes;  ///< by EyeSide
  std::optional<QualityView> both;                 ///< absent: it was not validated
  std::optional<double> mean_accuracy_of_eyes_deg;
};

struct SessionQualityReport {
  std::string name;
  std::string participant;
  std::string session_id;
  double duration_s = 0.0;
  std::int64_t analysis = 0;  ///< whose results; 0: those of the recording
  std::string analysis_name;
  std::string end;       ///< how the recording ended
  std::string end_note;  ///< in words
  std::vector<CameraQuality> cameras;
  std::vector<LossQuality> losses;
  std::vector<ScreenQuality> calibrations;
  std::vector<std::string> notes;
};

}  // namespace yarbus
