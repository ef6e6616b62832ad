#include "app/session/picture_explorer.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace yarbus {
namespace {

constexpr double shortest_look_s = 0.2;
constexpr double longest_look_s = 0.4;
constexpr int invented_details = 14;  ///< of a picture of which nothing is known
constexpr double picture_margin = 0.08;
constexpr double near_share = 0.35;    ///< of the diagonal: within that most jumps stay
constexpr double beside_share = 0.01;  ///< of the diagonal: how far beside a detail is looked
constexpr double liking_spread = 1.1;  ///< sigma of the logarithm
/// Targets of the procedure are numbered from 0; these must be others.
constexpr int first_target = 1'000'000;
constexpr int targets_a_showing = 10'000;

}  // namespace

PictureExplorer::PictureExplorer(ShownPicture picture, std::uint64_t seed)
    : picture_(std::move(picture)),
      random_(simulation::scramble(seed ^ 0x9A7C1EULL) +
              simulation::scramble(static_cast<std::uint64_t>(picture_.task) + 1)) {
  const Eigen::Vector2d size_mm = picture_.area.high_mm - picture_.area.low_mm;
  if (picture_.details_in_screen_mm.empty()) {
    for (int i = 0; i < invented_details; ++i) {
      const double x = random_.uniform(picture_margin, 1.0 - picture_margin);
      const Eigen::Vector2d share(x, random_.uniform(picture_margin, 1.0 - picture_margin));
      picture_.details_in_screen_mm.push_back(picture_.area.low_mm + size_mm.cwiseProduct(share));
    }
  }
  for (std::size_t i = 0; i < picture_.details_in_screen_mm.size(); ++i)
    liking_.push_back(std::exp(liking_spread * random_.normal()));
  // The first look is to the middle, as people's is.
  place_mm_ = picture_.area.low_mm + 0.5 * size_mm;
  detail_ = picture_.details_in_screen_mm.size();
}

std::size_t PictureExplorer::choose_detail() {
  const auto& details = picture_.details_in_screen_mm;
  const double near_mm = near_share * (picture_.area.high_mm - picture_.area.low_mm).norm();
  std::vector<double> weights;
  double sum = 0.0;
  for (std::size_t i = 0; i < details.size(); ++i) {
    const double way_mm = (details[i] - place_mm_).norm();
    weights.push_back(i == detail_ && details.size() > 1 ? 0.0 : liking_[i] * std::exp(-way_mm / near_mm));
    sum += weights.back();
  }
  double left = random_.uniform() * sum;
  for (std::size_t i = 0; i < details.size(); ++i) {
    left -= weights[i];
    if (left < 0.0) return i;
  }
  return details.size() - 1;
}

void PictureExplorer::jump() {
  detail_ = choose_detail();
  const double beside_mm = beside_share * (picture_.area.high_mm - picture_.area.low_mm).norm();
  const double across = random_.normal();
  const Eigen::Vector2d place_mm =
      picture_.details_in_screen_mm[detail_] + beside_mm * Eigen::Vector2d(across, random_.normal());
  place_mm_ = place_mm.cwiseMax(picture_.area.low_mm).cwiseMin(picture_.area.high_mm);
  jumps_ = (jumps_ + 1) % targets_a_showing;
}

VisibleTarget PictureExplorer::look(double t_s) {
  if (next_jump_s_ == 0.0) {
    next_jump_s_ = t_s + random_.uniform(shortest_look_s, longest_look_s);
  } else if (t_s >= next_jump_s_) {
    jump();
    next_jump_s_ = t_s + random_.uniform(shortest_look_s, longest_look_s);
  }
  return {first_target + targets_a_showing * (picture_.showing % 1000) + jumps_, place_mm_};
}

}  // namespace yarbus
