#include "calibration/procedure/procedure_options.h"

#include <array>

namespace yarbus {

std::span<const OptionField<ProcedureOptions>> ProcedureOptions::fields() {
  using O = ProcedureOptions;
  static constexpr std::array<OptionField<O>, 23> table{{
      {"margin_share", &O::margin_share, 0.0, 0.4, "share of the screen left free on each side"},
      {"settle_s", &O::settle_s, 0.1, 2.0, "dropped after a target is shown"},
      {"sampling_s", &O::sampling_s, 0.2, 10.0, "still gaze that a target needs"},
      {"point_timeout_s", &O::point_timeout_s, 1.0, 60.0, "a target that got no still gaze ends then"},
      {"display_timeout_s", &O::display_timeout_s, 0.2, 60.0, "the target must be on the screen by then"},
      {"min_samples", &O::min_samples, 3, 1000, "samples of one eye that a good point needs"},
      {"min_confidence", &O::min_confidence, 0.0, 1.0, "of a pupil that is used"},
      {"fixation_window_s", &O::fixation_window_s, 0.05, 1.0, "window of the stillness test (I-DT)"},
      {"fixation_dispersion_deg", &O::fixation_dispersion_deg, 0.1, 10.0,
       "largest extent of still gaze (I-DT)"},
      {"max_spread_deg", &O::max_spread_deg, 0.05, 10.0, "spread of a good point's samples"},
      {"max_data_loss", &O::max_data_loss, 0.0, 1.0, "share of frames a good point may lose"},
      {"advance_by_key", &O::advance_by_key, 0.0, 1.0, "a key ends each target, at the participant's pace"},
      {"automatic_redos", &O::automatic_redos, 0, 5, "times a point that is not good is shown again unasked"},
      {"gate_hold_s", &O::gate_hold_s, 0.0, 10.0, "the eye must be ready that long before the first target"},
      {"no_eye_s", &O::no_eye_s, 1.0, 300.0, "without any eye before the start, this long is a fault"},
      {"dark_gray", &O::dark_gray, 0.0, 255.0, "an image darker than this is too dark"},
      {"bright_gray", &O::bright_gray, 0.0, 255.0, "an image brighter than this is too bright"},
      {"pursuit_speed_deg_s", &O::pursuit_speed_deg_s, 1.0, 14.9, "highest speed of the moving target"},
      {"elsewhere_deg", &O::elsewhere_deg, 1.0, 30.0, "a point this far from expected was not looked at"},
      {"slip_mm", &O::slip_mm, 0.1, 20.0, "a lasting move of the eye's centre that counts"},
      {"camera_on_head", &O::camera_on_head, 0.0, 1.0,
       "the camera is on the head and sees an eye, not a face at arm's length"},
      {"head_pass_s", &O::head_pass_s, 2.0, 60.0, "a target is looked at so long while the head moves"},
      {"head_pass_lead_s", &O::head_pass_lead_s, 0.1, 10.0, "before that, to read what to do"},
  }};
  return table;
}

ProcedureOptions ProcedureOptions::for_webcam() {
  ProcedureOptions options;
  // A frame's gaze scatters by about a degree, vertically by more, and there are 15 to 30 frames a second.
  options.sampling_s = 1.2;
  options.min_samples = 8;
  options.fixation_window_s = 0.25;
  options.fixation_dispersion_deg = 5.0;
  options.max_spread_deg = 3.0;
  options.elsewhere_deg = 8.0;
  options.min_confidence = 0.5;
  options.camera_on_head = false;
  return options;
}

Result<void> ProcedureOptions::validate() const { return validate_options(*this, fields(), "calibration"); }

}  // namespace yarbus
