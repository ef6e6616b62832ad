#include "tracker/face/eye_finder.h"

#include <cmath>
#include <utility>

#include "tracker/face/head_shape.h"
#include "tracker/face/iris_voting.h"

namespace yarbus {
namespace {

/// Where the eyes are in the square of a face, of its size from its middle.
constexpr double eyes_aside = 0.217;
constexpr double eyes_above = 0.231;
constexpr int first_looks = 3;

/// The parts of an eye of average size, where no network tells them: fissure 30 x 10 mm, limbus 5.85 mm.
constexpr double half_fissure_mm = 15.0;
constexpr double upper_lid_mm = 5.0;
constexpr double lower_lid_mm = 5.0;
constexpr double iris_radius_mm = 5.85;
constexpr double voted_sigma_mm = 0.8;

EyeLandmarks average_eye(const EyePlace& place, const Eigen::Vector2d& iris_px) {
  const double outwards = place.side == EyeSide::right ? -1.0 : 1.0;
  EyeLandmarks eye;
  eye.iris_px = iris_px;
  const double scale = place.frame.scale_px_per_mm();
  eye.iris_sigma_px.setConstant(voted_sigma_mm * scale);
  eye.iris_radius_px = iris_radius_mm * scale;
  eye.outer_corner_px = place.frame.to_px({outwards * half_fissure_mm, 0.0});
  eye.inner_corner_px = place.frame.to_px({-outwards * half_fissure_mm, 0.0});
  for (std::size_t i = 0; i < lid_points; ++i) {
    const double share = static_cast<double>(i + 1) / (lid_points + 1);
    const double x_mm = outwards * half_fissure_mm * (1.0 - 2.0 * share);
    const double height = 4.0 * share * (1.0 - share);
    eye.upper_lid_px[i] = place.frame.to_px({x_mm, -height * upper_lid_mm});
    eye.lower_lid_px[i] = place.frame.to_px({x_mm, height * lower_lid_mm});
  }
  eye.openness = 1.0;
  eye.eye_probability = 1.0;
  return eye;
}

}  // namespace

Result<EyeFinder> EyeFinder::create(bool uses_network) {
  if (!uses_network) return EyeFinder(std::nullopt);
  auto network = EyeNetwork::create();
  if (!network) return network.error();
  return EyeFinder(std::move(*network));
}

EyeLandmarks EyeFinder::look(const GrayView& image, const EyePlace& place, int looks) {
  if (network_) return looks > 1 ? network_->search(image, place, looks) : network_->find(image, place);
  const auto iris_px = vote_for_iris(image, place.frame);
  return iris_px ? average_eye(place, *iris_px) : EyeLandmarks{};
}

EyeLandmarks EyeFinder::find(const GrayView& image, const EyePlace& place) { return look(image, place, 1); }

FoundEyes EyeFinder::search(const GrayView& image, const FaceBox& face, double least_probability) {
  FoundEyes found;
  found.middles_px = {face.center_px + face.size_px * Eigen::Vector2d(-eyes_aside, -eyes_above),
                      face.center_px + face.size_px * Eigen::Vector2d(eyes_aside, -eyes_above)};
  // First upright; then along the line of the eyes that were seen.
  for (const int looks : {first_looks, 1}) {
    const Eigen::Vector2d along_px = found.middles_px[1] - found.middles_px[0];
    int seen = 0;
    double radius_px = 0.0;
    std::array<Eigen::Vector2d, 2> middles_px = found.middles_px;
    for (std::size_t side = 0; side < 2; ++side) {
      const EyePlace place{EyeFrame::frontal(found.middles_px[side], along_px, eyes_apart_mm),
                           static_cast<EyeSide>(side)};
      found.eyes[side].reset();
      if (!place.frame.is_valid()) continue;
      const EyeLandmarks eye = look(image, place, looks);
      if (eye.eye_probability < least_probability) continue;
      found.eyes[side] = eye;
      middles_px[side] = network_ ? eye.corners_middle_px() : found.middles_px[side];
      radius_px += eye.iris_radius_px;
      ++seen;
    }
    found.has_any = seen > 0;
    if (!found.has_any) return found;
    found.iris_radius_px = radius_px / seen;
    if (seen == 1) {  // the other one keeps its distance
      const std::size_t there = found.eyes[0] ? 0 : 1;
      const Eigen::Vector2d moved = middles_px[there] - found.middles_px[there];
      middles_px[1 - there] = found.middles_px[1 - there] + moved;
    }
    found.middles_px = middles_px;
  }
  return found;
}

}  // namespace yarbus
