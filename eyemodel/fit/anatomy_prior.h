#pragma once

#include <cmath>

#include <Eigen/Core>

#include "eyemodel/types/optical_anatomy.h"

namespace yarbus {

/// How far the limbus that an image shows may be from the corneal border, as a share of its radius: iris and
/// sclera merge, and where in the transition the step is found is the same in all images of an eye.
constexpr double limbus_finding_sigma = 0.03;

/// Standard deviations of the population, mm, with what is found in place of the limbus's own radius.
inline Eigen::Vector4d seen_anatomy_sigmas_mm() {
  Eigen::Vector4d sigmas_mm = population_anatomy_sigmas_mm();
  sigmas_mm[3] = std::hypot(sigmas_mm[3], limbus_finding_sigma * OpticalAnatomy{}.limbus_radius_mm);
  return sigmas_mm;
}

/// What is known of an eye's lengths before it is seen: a normal distribution over OpticalAnatomy::vector().
/// The default is the population's: its means, and its standard deviations as independent. The limbus radius
/// is that of the limbus as it is found, so that no number of frames makes it surer than finding it is.
struct AnatomyPrior {
  Eigen::Vector4d mean_mm = OpticalAnatomy{}.vector();
  Eigen::Matrix4d covariance_mm2 = seen_anatomy_sigmas_mm().cwiseAbs2().asDiagonal();
};

/// How alike the two eyes of a person are: the correlation of their lengths over the population. Axial length
/// and corneal radius of right and left eyes correlate at 0.9 to 0.97 (biometry of both eyes); one value on
/// the careful side serves all lengths.
constexpr double anatomy_correlation_between_eyes = 0.9;

/// What one eye, as fitted with its covariance, says about the other.
/// Method: both eyes' lengths are jointly normal with the population's mean m and covariance S and the
/// correlation r between the eyes. A posterior N(a, C) of one eye then predicts the other as
/// N(m + r (a - m), r^2 C + (1 - r^2) S): with nothing seen (C = S, a = m) the population again, with an eye
/// known exactly (1 - r^2) S. The prediction rests on the other eye's data only, so using it in a fit counts
/// no observation twice, as long as `other` was itself fitted without this eye.
/// Errors: YARBUS_CHECK on values that are not finite or variances below zero. No heap.
AnatomyPrior prior_from_other_eye(const OpticalAnatomy& other, const Eigen::Matrix4d& covariance_mm2);

}  // namespace yarbus
