#pragma once

#include <QString>
#include <optional>

#include "app/session/session.h"

namespace yarbus::ui {

/// How sure a model of stage `refraction` is, in words. Pure functions.

/// One sigma of a pose's gaze in each direction, degrees. Nullopt where the stage states none.
std::optional<double> gaze_sigma_deg(const EyePose& pose);
/// Of the frame shown, as in the 3-D eye; of a frame without gaze, of the typical frame of the last update.
/// Nullopt for other stages and without either.
std::optional<double> gaze_sigma_deg(const EyeSnapshot& snapshot);

/// "±0.3°", "±8°": one decimal below 2 degrees, then whole.
QString angle_sigma_text(double sigma_deg);

/// "settled, ±0.3°", "learning, ±8°: look around": the word by the typical frame of the last update, so that
/// one half-covered pupil does not change it; the number by the frame shown.
QString certainty_text(const EyeSnapshot& snapshot);

/// "headset slipped 2 times, followed"; empty without a slip.
QString slips_text(int slips);

/// "x 1.21 ± 0.08, y −3.42 ± 0.08, z 38.2 ± 1.3 mm"
QString eye_center_text(const EyeModel& model);

/// The lengths that a person may ask about, as FitReport::from_priors names them.
enum class AnatomyLength : std::uint8_t { pupil_plane, corneal_centre, corneal_radius };
/// "10.02 ± 0.30 mm, from the population", "... partly from the population", "... from the frames".
QString anatomy_text(const EyeModel& model, AnatomyLength length);

}  // namespace yarbus::ui
