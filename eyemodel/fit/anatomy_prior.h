#pragma once

#include <Eigen/Core>

#include "eyemodel/types/optical_anatomy.h"

namespace yarbus {

/// What is known of an eye's lengths before it is seen: a normal distribution over OpticalAnatomy::vector().
/// The default is the population's: its means, and its standard deviations as independent.
struct AnatomyPrior {
  Eigen::Vector4d mean_mm = OpticalAnatomy{}.vector();
  Eigen::Matrix4d covariance_mm2 = population_anatomy_sigmas_mm().cwiseAbs2().asDiagonal();
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
