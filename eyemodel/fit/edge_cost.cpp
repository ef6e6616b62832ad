#include "eyemodel/fit/edge_cost.h"

#include <cmath>

namespace yarbus {

EdgeCost::EdgeCost(const std::vector<Eigen::Vector2d>& edges_px, const PupilChart& chart,
                   double eyeball_radius_mm, const CameraIntrinsics& intrinsics, double scale_px)
    : edges_px_(edges_px),
      chart_(chart),
      eyeball_radius_mm_(eyeball_radius_mm),
      intrinsics_(intrinsics),
      scale_px_(scale_px) {
  mutable_parameter_block_sizes()->assign({3, 3});
  set_num_residuals(static_cast<int>(edges_px.size()));
}

bool EdgeCost::Evaluate(double const* const* parameters, double* residuals, double** jacobians) const {
  PupilParameters all;
  all.head<3>() = Eigen::Map<const Eigen::Vector3d>(parameters[0]);
  all.tail<3>() = Eigen::Map<const Eigen::Vector3d>(parameters[1]);
  const auto outline = pupil_outline(all, chart_, eyeball_radius_mm_, intrinsics_);
  if (!outline) return false;
  Eigen::Matrix<double, 1, 6> row;
  for (std::size_t i = 0; i < edges_px_.size(); ++i) {
    const double d = outline->distance_px(edges_px_[i].x(), edges_px_[i].y(), row);
    const double root = std::sqrt(scale_px_ * scale_px_ + d * d);
    residuals[i] = d * scale_px_ / root;
    if (!std::isfinite(residuals[i])) return false;
    if (jacobians == nullptr) continue;
    row *= scale_px_ * scale_px_ * scale_px_ / (root * root * root);
    for (int block = 0; block < 2; ++block) {
      if (jacobians[block] == nullptr) continue;
      for (int k = 0; k < 3; ++k) jacobians[block][3 * i + static_cast<std::size_t>(k)] = row[3 * block + k];
    }
  }
  return true;
}

}  // namespace yarbus
