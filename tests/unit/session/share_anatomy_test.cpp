#include "app/session/share_anatomy.h"

#include <gtest/gtest.h>

namespace yarbus::share_anatomy_test {
namespace {

std::shared_ptr<EyeModel> refraction_model() {
  auto model = std::make_shared<EyeModel>();
  model->stage = FitStage::refraction;
  model->anatomy.cornea_radius_mm += 0.2;
  model->covariance_mm2.setIdentity();
  model->covariance_mm2.bottomRightCorner<4, 4>() *= 0.01;
  model->report.was_run = true;
  model->report.converged = true;
  return model;
}

TEST(ShareAnatomy, APriorComesFromASettledRefractionModelOnly) {
  const auto model = refraction_model();
  const auto prior = prior_from_other_model(model);
  ASSERT_TRUE(prior.has_value());
  const AnatomyPrior expected = prior_from_other_eye(model->anatomy, 0.01 * Eigen::Matrix4d::Identity());
  EXPECT_LT((prior->mean_mm - expected.mean_mm).norm(), 1e-12);
  EXPECT_LT((prior->covariance_mm2 - expected.covariance_mm2).norm(), 1e-12);

  EXPECT_FALSE(prior_from_other_model(nullptr).has_value());
  const auto without_cornea = refraction_model();
  without_cornea->stage = FitStage::edge;
  EXPECT_FALSE(prior_from_other_model(without_cornea).has_value());
  const auto unsettled = refraction_model();
  unsettled->report.converged = false;
  EXPECT_FALSE(prior_from_other_model(unsettled).has_value());
}

}  // namespace
}  // namespace yarbus::share_anatomy_test
