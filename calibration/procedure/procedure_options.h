#pragma once

#include <span>

#include "eyemodel/types/options.h"

namespace yarbus {

/// Timings and limits of the calibration procedure.
struct ProcedureOptions {
  double margin_share = 0.1;             ///< of the screen's width and height, left free on each side
  double settle_s = 0.4;                 ///< dropped after a target is shown: reaction and saccade
  double sampling_s = 1.0;               ///< of still gaze that a target needs
  double point_timeout_s = 4.0;          ///< after which a target that never got it ends, with the reason
  double display_timeout_s = 3.0;        ///< within which the window must report that the target is shown
  int min_samples = 15;                  ///< of one eye, for a good point
  double min_confidence = 0.6;           ///< of a pupil that is used
  double fixation_window_s = 0.15;       ///< I-DT: the window's length
  double fixation_dispersion_deg = 1.5;  ///< I-DT: the largest extent of still gaze
  double max_spread_deg = 1.0;           ///< of a good point's samples
  double max_data_loss = 0.5;            ///< share of a good point's frames
  bool advance_by_key = false;           ///< the participant's pace: a key ends each target, no timeout
  int automatic_redos = 1;               ///< of a point that is not good, without being asked
  double gate_hold_s = 1.0;              ///< the gate must be open that long before the first target
  double no_eye_s = 15.0;                ///< at the gate, without any eye, before that is called a fault
  double dark_gray = 25.0;               ///< an eye's mean image below this is too dark
  double bright_gray = 235.0;            ///< above this: too bright
  double pursuit_speed_deg_s = 10.0;     ///< highest speed of the moving target
  double elsewhere_deg = 4.0;  ///< a point this far from where all others expect it was not looked at
  double slip_mm = 1.0;        ///< a lasting move of the eye's centre in the camera that counts

  bool camera_on_head = true;     ///< and sees an eye; false: a webcam, and the head moves freely before it
  double head_pass_s = 10.0;      ///< of a target that is looked at while the head moves
  double head_pass_lead_s = 3.0;  ///< before, to read what to do and to look at the target

  /// For gaze from a webcam: coarser, slower, and of a head that moves.
  static ProcedureOptions for_webcam();
  static std::span<const OptionField<ProcedureOptions>> fields();
  [[nodiscard]] Result<void> validate() const;
};

}  // namespace yarbus
