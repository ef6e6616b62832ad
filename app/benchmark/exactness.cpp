#include "app/benchmark/exactness.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "app/benchmark/held_anatomy.h"
#include "eyemodel/fit/predict.h"
#include "eyemodel/types/check.h"

namespace yarbus::benchmark {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

struct View {
  FitFrame frame;
  SimulatedTruth truth;
};

/// Noise-free outlines of one subject, the gaze somewhere else in each.
std::vector<View> views_of(simulation::SimulatedOutlines& outlines, int frames) {
  std::vector<View> views;
  for (int i = 0; i < frames; ++i) {
    const auto outline = outlines.make(static_cast<std::uint64_t>(i));
    if (outline.observation) views.push_back({frame_of(outline), outline.truth});
  }
  return views;
}

void add_errors(const std::vector<View>& views, const EyeModel& model, std::vector<double>& errors_deg) {
  for (const View& view : views)
    errors_deg.push_back(score_followed(view.truth, predict(model, view.frame.observation)).gaze_error_deg);
}

/// NaN where one is not finite, which is no small error, and for none.
double largest(const std::vector<double>& values) {
  double found = values.empty() ? no_value : 0.0;
  for (const double value : values) found = value > found || std::isnan(value) ? value : found;
  return found;
}

}  // namespace

OpticalAnatomy held_anatomy(HeldAnatomy held, const OpticalAnatomy& own) {
  const OpticalAnatomy mean;
  OpticalAnatomy anatomy = own;
  const bool is_all = held == HeldAnatomy::population;
  if (is_all || held == HeldAnatomy::pupil_plane) anatomy.pupil_plane_mm = mean.pupil_plane_mm;
  if (is_all || held == HeldAnatomy::cornea_center) anatomy.cornea_center_mm = mean.cornea_center_mm;
  if (is_all || held == HeldAnatomy::cornea_radius) anatomy.cornea_radius_mm = mean.cornea_radius_mm;
  if (is_all) anatomy.limbus_radius_mm = mean.limbus_radius_mm;
  return anatomy;
}

std::optional<std::vector<ExactnessFigures>> run_exactness(const SubjectSettings& settings,
                                                           std::size_t subjects, int frames,
                                                           const std::function<void(std::size_t)>& on_done,
                                                           const std::stop_token& stop) {
  struct Values {
    std::vector<double> given_deg, fitted_deg, lateral_mm, depth_mm;
    std::size_t failed = 0;
  };
  std::array<Values, held_anatomies.size()> values;
  for (std::size_t subject = 0; subject < subjects; ++subject) {
    auto options = subject_options(settings, subject, simulation::Population::simulated);
    options.noise_factor = 0.0;
    options.rate_hz = 10.0;
    options.motion.gaze.kind = simulation::GazePlan::Kind::scatter;
    options.motion.gaze.scatter_rate_hz = options.rate_hz;
    simulation::SimulatedOutlines outlines(options);
    const auto views = views_of(outlines, frames);
    YARBUS_CHECK(!views.empty());
    std::vector<FitFrame> fit_frames;
    for (const View& view : views) fit_frames.push_back(view.frame);
    const Eigen::Vector3d true_center = views.front().truth.eye_center_in_cam_mm;
    const OpticalAnatomy own = simulation::optical_anatomy_of(outlines.anatomy());
    for (std::size_t i = 0; i < held_anatomies.size(); ++i) {
      if (stop.stop_requested()) return std::nullopt;
      const OpticalAnatomy anatomy = held_anatomy(held_anatomies[i], own);
      add_errors(views, known_eye(outlines.camera(), true_center, anatomy), values[i].given_deg);
      const auto center = center_with_held_anatomy(fit_frames, outlines.camera(), true_center, anatomy);
      if (!center) {
        ++values[i].failed;
        continue;
      }
      add_errors(views, known_eye(outlines.camera(), *center, anatomy), values[i].fitted_deg);
      values[i].lateral_mm.push_back((*center - true_center).head<2>().norm());
      values[i].depth_mm.push_back(std::abs(center->z() - true_center.z()));
    }
    on_done(subject + 1);
  }
  std::vector<ExactnessFigures> figures;
  for (std::size_t i = 0; i < held_anatomies.size(); ++i) {
    Values& of = values[i];
    figures.push_back({held_anatomies[i], statistics_of(of.given_deg), largest(of.given_deg),
                       statistics_of(of.fitted_deg), largest(of.fitted_deg), statistics_of(of.lateral_mm),
                       statistics_of(of.depth_mm), of.failed});
  }
  return figures;
}

}  // namespace yarbus::benchmark
