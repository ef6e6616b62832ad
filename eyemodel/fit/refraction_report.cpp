#include "eyemodel/fit/refraction_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/LU>

namespace yarbus {
namespace {

constexpr std::array<const char*, 7> names{
    "eye position across (x)", "eye position across (y)", "depth",        "pupil plane",
    "corneal centre",          "corneal radius",          "limbus radius"};
/// Lengths with less than this share of a direction are not named in it.
constexpr double named_share = 0.35;
/// What the centre's prior counts as when certainty is compared: where an eye may be before a camera.
constexpr double place_sigma_mm = 10.0;

/// In units of the prior's standard deviations.
ModelCovariance prior_sigmas() {
  Eigen::Matrix<double, 7, 1> sigmas;
  sigmas << Eigen::Vector3d::Constant(place_sigma_mm), seen_anatomy_sigmas_mm();
  return sigmas.asDiagonal();
}

std::string name_of(const Eigen::Matrix<double, 7, 1>& direction) {
  std::string name;
  for (int i = 0; i < 7; ++i) {
    if (std::abs(direction[i]) < named_share) continue;
    name += (name.empty() ? "" : " + ") + std::string(names[static_cast<std::size_t>(i)]);
  }
  return name;
}

}  // namespace

void describe_certainty(const RefractionProblem& problem, const ModelCovariance& covariance_mm2,
                        FitReport& report) {
  const ModelCovariance information = reduced_equations(problem).information;
  const ModelCovariance units = prior_sigmas();
  const Eigen::SelfAdjointEigenSolver<ModelCovariance> eigen(units * information * units);
  report.from_priors.clear();
  for (int i = 0; i < 7; ++i) {
    if (eigen.eigenvalues()[i] < 1.0) report.from_priors.push_back(name_of(eigen.eigenvectors().col(i)));
  }
  // The eye's place alone, the anatomy as it is.
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> place(information.topLeftCorner<3, 3>());
  report.condition = place.eigenvalues()[0] > 0.0 ? place.eigenvalues()[2] / place.eigenvalues()[0]
                                                  : std::numeric_limits<double>::infinity();
  report.shape_sigmas_mm = covariance_mm2.diagonal().cwiseMax(0.0).cwiseSqrt();
  // Gaze and pupil of the typical frame.
  std::vector<double> gaze_rad;
  std::vector<double> diameter_mm;
  double glints = 0.0;
  for (const RefractionFrame& frame : problem.frames) {
    const RefractedFrame view(problem.shape(frame), frame.chart, frame.turn, problem.intrinsics);
    const RefractionEquations equations = refraction_equations(frame.evidence, view);
    const TurnCovariance turn = turn_covariance(equations, covariance_mm2);
    glints += equations.glint_weights;
    gaze_rad.push_back(std::sqrt(0.5 * turn.topLeftCorner<2, 2>().trace()));
    diameter_mm.push_back(2.0 * std::sqrt(turn(2, 2)));
  }
  const auto median = [](std::vector<double>& values) {
    if (values.empty()) return 0.0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
  };
  report.gaze_sigma_deg = median(gaze_rad) * 180.0 / std::numbers::pi;
  report.pupil_diameter_sigma_mm = median(diameter_mm);

  std::string left;
  for (const std::string& name : report.from_priors) left += (left.empty() ? "" : "; ") + name;
  report.gauge = left.empty() ? "the frames determine every length better than the population does"
                              : "left to the population: " + left;
  if (const auto counted = std::lround(glints); counted > 0)
    report.gauge += "; depth also from " + std::to_string(counted) + " glints";
}

}  // namespace yarbus
