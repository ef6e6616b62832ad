#include "eyemodel/fit/anatomy_prior.h"

#include "eyemodel/types/check.h"

namespace yarbus {

AnatomyPrior prior_from_other_eye(const OpticalAnatomy& other, const Eigen::Matrix4d& covariance_mm2) {
  YARBUS_CHECK(other.vector().allFinite() && covariance_mm2.allFinite());
  YARBUS_CHECK_OP(covariance_mm2.diagonal().minCoeff(), >=, 0.0);
  constexpr double r = anatomy_correlation_between_eyes;
  const AnatomyPrior population;
  AnatomyPrior prior;
  prior.mean_mm = population.mean_mm + r * (other.vector() - population.mean_mm);
  prior.covariance_mm2 = r * r * covariance_mm2 + (1.0 - r * r) * population.covariance_mm2;
  return prior;
}

}  // namespace yarbus
