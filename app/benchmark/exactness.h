#pragma once

#include <array>
#include <functional>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "app/benchmark/model_courses.h"
#include "app/benchmark/statistics.h"
#include "eyemodel/types/optical_anatomy.h"

namespace yarbus::benchmark {

/// Which lengths of the eye are the population's mean while the others are the subject's own.
enum class HeldAnatomy : std::uint8_t { own, pupil_plane, cornea_center, cornea_radius, population };
inline constexpr std::array held_anatomies{HeldAnatomy::own, HeldAnatomy::pupil_plane,
                                           HeldAnatomy::cornea_center, HeldAnatomy::cornea_radius,
                                           HeldAnatomy::population};

constexpr std::string_view to_string(HeldAnatomy held) {
  switch (held) {
    case HeldAnatomy::own:
      return "all the subject's own";
    case HeldAnatomy::pupil_plane:
      return "pupil plane at the mean";
    case HeldAnatomy::cornea_center:
      return "corneal centre at the mean";
    case HeldAnatomy::cornea_radius:
      return "corneal radius at the mean";
    case HeldAnatomy::population:
      return "all at the mean";
  }
  return "unknown";
}

OpticalAnatomy held_anatomy(HeldAnatomy held, const OpticalAnatomy& own);

/// Gaze errors of noise-free outlines with that anatomy held.
struct ExactnessFigures {
  HeldAnatomy held = HeldAnatomy::own;
  /// Frame by frame with the true eye centre given: the forward model by itself.
  std::optional<Statistics> given_deg;
  double given_max_deg = 0.0;
  /// And with the eye centre that fits these outlines best.
  std::optional<Statistics> fitted_deg;
  double fitted_max_deg = 0.0;
  std::optional<Statistics> center_lateral_mm;  ///< of the fitted eye centre, across the camera's axis
  std::optional<Statistics> center_depth_mm;    ///< along it, its size
  std::size_t failed_fits = 0;                  ///< subjects without a fitted centre
};

/// Of `subjects` subjects, `frames` views each, all over their gaze; nullopt after a stop.
std::optional<std::vector<ExactnessFigures>> run_exactness(const SubjectSettings& settings,
                                                           std::size_t subjects, int frames,
                                                           const std::function<void(std::size_t)>& on_done,
                                                           const std::stop_token& stop);

}  // namespace yarbus::benchmark
