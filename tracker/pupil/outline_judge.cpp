#include "tracker/pupil/outline_judge.h"

#include <algorithm>
#include <cmath>

#include "tracker/pupil/confidence_model.h"
#include "tracker/pupil/outline_refinement.h"
#include "tracker/pupil/sample_bilinear.h"

namespace yarbus {
namespace {

constexpr int samples = 128;
constexpr int passes = 3;
constexpr double exact_half_width_px = 4.0;
constexpr double wide_half_width_per_radius = 0.3;
constexpr int reconsider_draws = 40;
constexpr double out_of_frame_log_odds = -4.0;
constexpr int most_reconsidered = 2;
constexpr double already_judged = 0.03;  // of the radius

}  // namespace

double JudgedOutline::confidence() const { return 1.0 / (1.0 + std::exp(-log_odds)); }
double JudgedOutline::presence() const { return 1.0 / (1.0 + std::exp(-presence_log_odds)); }

bool OutlineLimits::allow(const OutlineShape& shape) const {
  const Ellipse ellipse = shape.to_ellipse();
  return ellipse.is_valid() && ellipse.semi_major_px >= min_radius_px &&
         ellipse.semi_major_px <= max_radius_px && ellipse.aspect_ratio() >= min_aspect_ratio;
}

void OutlineJudge::start(GrayView image, const GrayLevels& levels, const OutlineLimits& limits,
                         float min_slope_gray_per_px) {
  image_ = image;
  levels_ = levels;
  limits_ = limits;
  min_slope_ = min_slope_gray_per_px;
  has_best_ = false;
}

std::optional<double> OutlineJudge::judge(const OutlineShape& start, double half_width_px,
                                          const PupilPrior* prior) {
  last_.shape = start;
  last_.from_prior = prior != nullptr;
  const auto fit = refine_outline(image_, last_.shape, half_width_px, passes, samples, min_slope_,
                                  last_.measurement, prior);
  if (!fit) return std::nullopt;
  last_.covariance_px2 = fit->covariance_px2;
  if (!limits_.allow(last_.shape)) return std::nullopt;
  last_.evidence = read_evidence(image_, last_.shape, last_.measurement, levels_);
  last_.log_odds = final_confidence_model().log_odds(last_.evidence);
  last_.presence_log_odds = presence_model().log_odds(last_.evidence);
  if (last_.is_mostly_outside()) {
    last_.log_odds = std::min(last_.log_odds, out_of_frame_log_odds);
    last_.presence_log_odds = std::min(last_.presence_log_odds, out_of_frame_log_odds);
  }
  if (!has_best_ || last_.log_odds > best_.log_odds) {
    best_ = last_;
    has_best_ = true;
  }
  return last_.log_odds;
}

void OutlineJudge::reconsider(std::minstd_rand& random) {
  if (!has_best_) return;
  const OutlineShape about = best_.shape;
  measure_outline(image_, about, std::clamp(wide_half_width_per_radius * about.mean_radius_px(), 5.0, 20.0),
                  samples, min_slope_, wide_);
  edges_.clear();
  for (std::size_t i = 0; i < wide_.count && !edges_.full(); ++i) {
    const OutlineSample& sample = wide_.samples[i];
    if (sample.kind != OutlineSample::Kind::edge) continue;
    const Eigen::Vector2d position = about.point_at(sample.cos_phi, sample.sin_phi) +
                                     sample.offset_px * about.normal_at(sample.cos_phi, sample.sin_phi);
    RayEdge edge;
    edge.position_px = position.cast<float>();
    edge.slope_gray_per_px = sample.slope_gray_per_px;
    edge.inside_gray = sample.inside_gray;
    edge.ray = static_cast<int>(i);
    const float x = edge.position_px.x();
    const float y = edge.position_px.y();
    const Eigen::Vector2f gradient(
        sample_bilinear(image_, x + 1.5F, y) - sample_bilinear(image_, x - 1.5F, y),
        sample_bilinear(image_, x, y + 1.5F) - sample_bilinear(image_, x, y - 1.5F));
    const float norm = gradient.norm();
    if (!(norm > 0.0F)) continue;
    edge.gradient_dir = gradient / norm;
    edges_.push_back(edge);
  }
  ConsensusSearch search;
  search.min_radius_px = limits_.min_radius_px;
  search.max_radius_px = limits_.max_radius_px;
  search.min_aspect_ratio = limits_.min_aspect_ratio;
  search.core_gray = wide_.inside_gray;
  search.contrast_gray = std::max(10.0, double{wide_.outside_gray} - double{wide_.inside_gray});
  search.ray_count = samples;
  search.draws = reconsider_draws;
  find_consensus(edges_, search, random, consensus_);
  int judged = 0;
  for (const auto& outline : consensus_) {
    if (judged == most_reconsidered) break;
    const double near = already_judged * about.mean_radius_px();
    const bool known = (outline.shape.center_px - about.center_px).norm() < near &&
                       std::abs(outline.shape.s_xx_px - about.s_xx_px) < near &&
                       std::abs(outline.shape.s_yy_px - about.s_yy_px) < near;
    if (known) continue;
    judge(outline.shape, exact_half_width_px);
    ++judged;
  }
}

}  // namespace yarbus
