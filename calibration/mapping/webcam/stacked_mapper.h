#pragma once

#include <memory>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "calibration/mapping/gaze_mapper.h"

namespace yarbus {

/// The average of mappers with weights that are not negative and sum to one (stacking: Wolpert 1992, Breiman
/// 1996). Where one has no point the others answer. Its variance is as if the errors all went together.
class StackedMapper final : public GazeMapper {
 public:
  struct Member {
    std::shared_ptr<const GazeMapper> mapper;
    double weight = 0.0;
  };
  explicit StackedMapper(std::vector<Member> members, double fitted_scale = 1.0)
      : members_(std::move(members)), fitted_scale_(fitted_scale) {}

  [[nodiscard]] std::string_view name() const override { return "stacked"; }
  [[nodiscard]] std::optional<GazePoint> map(const GazeRays& rays) const override;
  [[nodiscard]] const std::vector<Member>& members() const { return members_; }

 private:
  std::vector<Member> members_;
  double fitted_scale_ = 1.0;
};

/// Weights with the least sum of squared errors w' P w, where P holds the sums of products of the mappers'
/// errors. Method: projected gradient over the simplex, which has one minimum. P must be finite.
Eigen::VectorXd stacking_weights(const Eigen::MatrixXd& error_products);

}  // namespace yarbus
