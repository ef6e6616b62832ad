#include "app/session/next_prior.h"

#include "eyemodel/fit/predict_outline.h"

namespace yarbus {
namespace {

/// A pupil this certain is where the next frame starts looking.
constexpr double min_prior_confidence = 0.7;
/// A lid that covers more of the pupil than this is on its way down or up.
constexpr double closing_lid = 0.2;
/// How far it may have got by then, as shares of its mean radius (one standard deviation).
constexpr double center_wander = 0.25;
constexpr double shape_wander = 0.05;

}  // namespace

std::optional<PupilPrior> next_prior(const PupilOutcome& outcome, const std::optional<PupilPrior>& current) {
  const auto* observation = std::get_if<PupilObservation>(&outcome);
  if (observation == nullptr || !(observation->confidence >= min_prior_confidence))
    return lid_closure_of(outcome).value_or(0.0) > closing_lid ? current : std::nullopt;
  PupilPrior prior{observation->ellipse};
  const double radius_px = OutlineShape::from(observation->ellipse).mean_radius_px();
  Eigen::Matrix<double, 5, 1> sigmas_px;
  sigmas_px << Eigen::Vector2d::Constant(center_wander * radius_px),
      Eigen::Vector3d::Constant(shape_wander * radius_px);
  prior.covariance_px2 = sigmas_px.cwiseAbs2().asDiagonal();
  return prior;
}

std::optional<PupilPrior> next_prior(const GazeSample& sample, const std::optional<PupilPrior>& current,
                                     const std::optional<EyePose>& before, std::chrono::nanoseconds step) {
  auto observed = next_prior(sample.pupil, current);
  if (!observed || !sample.model || !sample.pose) return observed;
  const auto predicted = predict_outline(*sample.model, *sample.pose, before ? &*before : nullptr,
                                         std::chrono::duration<double>(step).count());
  return predicted ? predicted : observed;
}

}  // namespace yarbus
