#include "tracker/face/liveness.h"

#include <algorithm>
#include <cmath>

namespace yarbus {
namespace {

constexpr double lifeless_s = 20.0;
/// Of the distance between the corners (about 30 mm): 2 deg of a globe whose iris is 10.6 mm away.
constexpr double turned_share = 10.6 * 0.035 / 30.0;
constexpr double smoothing = 0.3;  ///< a frame's share in the mean, which takes measurement noise away
constexpr double half_closed = 0.4;

double seconds_between(CaptureTime from, CaptureTime to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Where the iris is between the corners, as a share of their distance.
Eigen::Vector2d place_in_fissure(const IrisObservation& eye) {
  const Eigen::Vector2d along = eye.outer_corner_px - eye.inner_corner_px;
  const Eigen::Vector2d off = eye.limbus.center_px - 0.5 * (eye.inner_corner_px + eye.outer_corner_px);
  const double length2 = std::max(1.0, along.squaredNorm());
  return {along.dot(off) / length2, (along.x() * off.y() - along.y() * off.x()) / length2};
}

}  // namespace

void Liveness::push(CaptureTime at, const FaceOutcome& outcome) {
  const auto lives = [&] {
    since_ = at;
    is_lifeless_ = false;
    mean_ = {};
    low_.fill(Eigen::Vector2d::Constant(1e9));
    high_.fill(Eigen::Vector2d::Constant(-1e9));
  };
  const auto* pair = std::get_if<IrisPair>(&outcome);
  if (!since_ || pair == nullptr) return lives();  // no face, or its eyes are shut
  for (std::size_t side = 0; side < 2; ++side) {
    const auto& eye = pair->eyes[side];
    if (!eye) continue;
    if (eye->openness < half_closed) return lives();
    const Eigen::Vector2d place = place_in_fissure(*eye);
    auto& mean = mean_[side];
    mean = mean ? Eigen::Vector2d((1.0 - smoothing) * *mean + smoothing * place) : place;
    low_[side] = low_[side].cwiseMin(*mean);
    high_[side] = high_[side].cwiseMax(*mean);
    if ((high_[side] - low_[side]).maxCoeff() > turned_share) return lives();
  }
  is_lifeless_ = seconds_between(*since_, at) >= lifeless_s;
}

}  // namespace yarbus
