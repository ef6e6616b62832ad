#pragma once

#include "eyemodel/types/eye_model.h"

namespace yarbus {

/// A model whose typical frame is surer than this (one standard deviation of gaze) is settled, degrees.
constexpr double settled_gaze_sigma_deg = 1.0;

/// Whether a model is good enough to rest on. Stages that state no uncertainty: once a fit was usable.
inline bool is_settled(const EyeModel& model) {
  if (model.stage != FitStage::refraction) return model.report.is_usable();
  return model.report.gaze_sigma_deg > 0.0 && model.report.gaze_sigma_deg < settled_gaze_sigma_deg;
}

}  // namespace yarbus
