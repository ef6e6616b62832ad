#include "tracker/pupil/pupil_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "tracker/pupil/bright_pupil.h"
#include "tracker/pupil/confidence_model.h"
#include "tracker/pupil/contrast_refiner.h"
#include "tracker/pupil/dark_regions.h"
#include "tracker/pupil/gray_levels.h"
#include "tracker/pupil/gray_pyramid.h"
#include "tracker/pupil/lid_closure.h"
#include "tracker/pupil/outline_consensus.h"
#include "tracker/pupil/outline_evidence.h"
#include "tracker/pupil/outline_judge.h"
#include "tracker/pupil/outline_measurement.h"
#include "tracker/pupil/outline_refinement.h"
#include "tracker/pupil/pupil_detection_trace.h"

namespace yarbus {
namespace {

constexpr int min_image_side_px = 24;
constexpr double smallest_radius_px = 4.0;    // whatever the options say
constexpr double largest_ray_radius_px = 24;  // rays are walked on the level where a region is no larger
constexpr double ray_reach = 2.6;             // of a region's radius: it may be off-centre and too small
constexpr double min_agreement = 0.12;        // share of rays below which an outline is not worth measuring
constexpr double min_aspect_ratio = 0.3;
constexpr int coarse_samples = 64;
constexpr double beyond_doubt = 3.5;       // log-odds of an outline after which no other is looked for
constexpr double good_enough = 2.5;        // the same once the likeliest regions were searched
constexpr std::size_t tiny_regions = 2;    // searched when nothing larger was found
constexpr double least_confidence = 0.03;  // however much speaks for a pupil: the outline is not its
constexpr double worth_reconsidering = -4.0;
constexpr double hopeless_log_odds = -8.0;  // of a coarse outline
constexpr double coarse_half_width_px = 4.0;
constexpr double prior_reach = 0.25;  // of the radius: how far the outline may have moved since the prior
constexpr double followed_log_odds = 2.0;  // with less the prior is not followed but everything searched
constexpr std::size_t max_rivals = 2;      // dark regions looked at beside a pupil that was found at once ...
constexpr double rival_share = 0.5;        // ... if they are about as dark and round as its own
constexpr double rival_margin = 1.5;       // log-odds by which a rival must be better
constexpr double dark_share = 0.4;         // between the image's dark tail and its median: darker is pupil
constexpr double least_contrast_gray = 6.0;  // of an image or an outline that says anything
constexpr double closed_lid = 0.5;           // closure from which on a miss is a blink
constexpr double mostly_hidden = 0.4;        // share of the outline

/// The search goes on to the next round unless this one's best outline is good enough.
struct SearchRound {
  std::size_t regions;  // searched by the end of it, of the likeliest
  std::size_t finalists;
  double enough_log_odds;
};
constexpr std::array<SearchRound, 3> search_rounds{
    {{1, 2, beyond_doubt}, {3, 2, good_enough}, {max_dark_regions, 2, good_enough}}};

struct Hypothesis {
  OutlineShape shape;  // in the image
  OutlineEvidence evidence;
  double log_odds = 0.0;
  std::size_t level = 0;
  bool judged = false;  // at full resolution

  [[nodiscard]] double confidence() const { return 1.0 / (1.0 + std::exp(-log_odds)); }
};

constexpr std::size_t max_hypotheses = max_consensus_outlines * (max_dark_regions + tiny_regions);

OutlineShape to_source(const OutlineShape& shape, std::size_t level) {
  const double scale = GrayPyramid::scale(level);
  return {{GrayPyramid::to_source(shape.center_px.x(), level),
           GrayPyramid::to_source(shape.center_px.y(), level)},
          scale * shape.s_xx_px,
          scale * shape.s_xy_px,
          scale * shape.s_yy_px};
}

/// The level of a region's darker third: reflections and what a lid covers of it are brighter.
double core_level(GrayView plane, const Eigen::Vector2d& center_px, double radius_px) {
  constexpr std::size_t samples = 48;
  std::array<std::uint8_t, samples> values{};
  std::size_t count = 0;
  for (std::size_t k = 0; k < samples; ++k) {
    const double angle = 2.399963 * static_cast<double>(k);  // golden angle: even cover of the disc
    const double radius = 0.7 * radius_px * std::sqrt((static_cast<double>(k) + 0.5) / samples);
    const int x = static_cast<int>(std::lround(center_px.x() + radius * std::cos(angle)));
    const int y = static_cast<int>(std::lround(center_px.y() + radius * std::sin(angle)));
    if (plane.contains(x, y)) values[count++] = plane.at(x, y);
  }
  if (count == 0) return 0.0;
  const auto third = values.begin() + static_cast<std::ptrdiff_t>(count / 3);
  std::nth_element(values.begin(), third, values.begin() + static_cast<std::ptrdiff_t>(count));
  return *third;
}

/// A prior that has nothing to do with the image is none.
bool is_plausible(const PupilPrior& prior, GrayView image) {
  const double reach = 2.0 * std::max(image.width_px, image.height_px);
  return prior.ellipse.is_valid() && prior.ellipse.center_px.cwiseAbs().maxCoeff() < reach &&
         prior.ellipse.semi_major_px < reach && prior.covariance_px2.allFinite() &&
         prior.covariance_px2.diagonal().minCoeff() >= 0.0;
}

void note_found(const DarkRegions& regions, PupilDetectionTrace& trace) {
  for (const auto& region : regions)
    trace.candidates.push_back({region.center_px, region.radius_px, region.response_gray, false});
}

void note_searched(const DarkRegion& region, PupilDetectionTrace& trace) {
  for (auto& candidate : trace.candidates)
    if (candidate.center_px == region.center_px && candidate.radius_px == region.radius_px)
      candidate.was_searched = true;
}

}  // namespace

class PupilDetector::Impl {
 public:
  explicit Impl(const PupilDetectorOptions& options) : options_(options) {
    const auto valid = options.validate();
    YARBUS_CHECK(static_cast<bool>(valid));
  }

  PupilOutcome detect(GrayView image, const std::optional<PupilPrior>& prior, PupilDetectionTrace* trace);

 private:
  void prepare(GrayView image);
  [[nodiscard]] std::size_t level_for(double radius_px) const;
  void search_region(const DarkRegion& region, PupilDetectionTrace* trace);
  void add_hypothesis(OutlineShape shape, std::size_t level, PupilDetectionTrace* trace);
  void judge(const OutlineShape& shape, double half_width_px, const PupilPrior* prior,
             PupilDetectionTrace* trace);
  void judge_hypothesis(const Hypothesis& hypothesis, PupilDetectionTrace* trace);
  [[nodiscard]] OutlineLimits limits() const { return {min_radius_px_, max_radius_px_, min_aspect_ratio}; }
  [[nodiscard]] float min_slope(std::size_t level) const;
  /// Starts from the prior. False: the image does not bear it out.
  bool follow(const PupilPrior& prior, PupilDetectionTrace* trace);
  /// The pupil may be elsewhere and the best outline about something like it: what is as dark and round is
  /// looked at as well.
  void challenge(PupilDetectionTrace* trace);
  void search_everywhere(PupilDetectionTrace* trace);
  void judge_best_hypotheses(std::size_t count, PupilDetectionTrace* trace);
  [[nodiscard]] PupilObservation observe(GrayView image, const JudgedOutline& best);
  [[nodiscard]] PupilMiss explain_miss(GrayView image, const JudgedOutline* best,
                                       const PupilPrior* prior) const;

  PupilDetectorOptions options_;
  BrightPupilInverter inverter_;
  GrayPyramid pyramid_;
  GrayLevels levels_;
  double min_radius_px_ = 0.0;
  double max_radius_px_ = 0.0;
  DarkRegionSearch region_search_;
  DarkRegions regions_;
  RayEdges edges_;
  ConsensusOutlines consensus_;
  OutlineMeasurement measurement_;
  OutlineJudge judge_;
  FixedVector<Hypothesis, max_hypotheses> hypotheses_;
  ContrastRefiner contrast_refiner_;
  std::minstd_rand random_;
};

void PupilDetector::Impl::prepare(GrayView image) {
  pyramid_.build(image);
  levels_ = read_gray_levels(pyramid_.level(std::min<std::size_t>(1, pyramid_.level_count() - 1)));
  min_radius_px_ = std::max(smallest_radius_px, options_.min_radius_fraction * image.height_px);
  max_radius_px_ = options_.max_radius_fraction * image.height_px;
  random_.seed(static_cast<unsigned>(options_.seed));
  hypotheses_.clear();
}

std::size_t PupilDetector::Impl::level_for(double radius_px) const {
  std::size_t level = 0;
  while (level + 1 < pyramid_.level_count() && radius_px / GrayPyramid::scale(level) > largest_ray_radius_px)
    ++level;
  return level;
}

float PupilDetector::Impl::min_slope(std::size_t level) const {
  // Noise falls by half with each level, edges get steeper.
  const double slope = std::clamp(0.5 * levels_.noise_gray, 0.6, 4.0);
  return static_cast<float>(level == 0 ? 0.5 * slope : slope);
}

void PupilDetector::Impl::add_hypothesis(OutlineShape shape, std::size_t level, PupilDetectionTrace* trace) {
  const GrayView plane = pyramid_.level(level);
  if (!limits().allow(to_source(shape, level))) return;
  measure_outline(plane, shape, coarse_half_width_px, coarse_samples, min_slope(level), measurement_);
  Hypothesis hypothesis{to_source(shape, level), read_evidence(plane, shape, measurement_, levels_), 0.0,
                        level};
  hypothesis.log_odds = coarse_confidence_model().log_odds(hypothesis.evidence);
  if (trace != nullptr)
    trace->hypotheses.push_back(
        {hypothesis.shape.to_ellipse(), hypothesis.evidence, hypothesis.confidence(), false, false});
  for (auto& kept : hypotheses_) {
    if (!is_same_outline(kept.shape, hypothesis.shape)) continue;
    if (hypothesis.log_odds > kept.log_odds) kept = hypothesis;
    return;
  }
  if (!hypotheses_.full()) hypotheses_.push_back(hypothesis);
}

void PupilDetector::Impl::search_region(const DarkRegion& region, PupilDetectionTrace* trace) {
  const std::size_t level = level_for(region.radius_px);
  const double scale = GrayPyramid::scale(level);
  const GrayView plane = pyramid_.level(level);
  const Eigen::Vector2d center(GrayPyramid::from_source(region.center_px.x(), level),
                               GrayPyramid::from_source(region.center_px.y(), level));
  const double reach = std::min(ray_reach * region.radius_px, 1.6 * max_radius_px_) / scale + 4.0;
  find_ray_edges(plane, center, 0.3 * min_radius_px_ / scale, reach, min_slope(level), edges_);
  if (trace != nullptr) {
    note_searched(region, *trace);
    for (const auto& edge : edges_)
      trace->ray_edges_px.emplace_back(GrayPyramid::to_source(edge.position_px.x(), level),
                                       GrayPyramid::to_source(edge.position_px.y(), level));
  }
  ConsensusSearch search;
  search.min_radius_px = min_radius_px_ / scale;
  search.max_radius_px = max_radius_px_ / scale;
  search.min_aspect_ratio = min_aspect_ratio;
  search.core_gray = core_level(plane, center, region.radius_px / scale);
  search.contrast_gray = std::max(20.0, region.response_gray);
  find_consensus(edges_, search, random_, consensus_);
  for (const auto& outline : consensus_)
    if (outline.agreement >= min_agreement) add_hypothesis(outline.shape, level, trace);
}

void PupilDetector::Impl::judge(const OutlineShape& shape, double half_width_px, const PupilPrior* prior,
                                PupilDetectionTrace* trace) {
  if (!judge_.judge(shape, half_width_px, prior) || trace == nullptr) return;
  const JudgedOutline& judged = judge_.last();
  trace->hypotheses.push_back(
      {judged.shape.to_ellipse(), judged.evidence, judged.confidence(), judged.from_prior, true});
}

void PupilDetector::Impl::judge_hypothesis(const Hypothesis& hypothesis, PupilDetectionTrace* trace) {
  judge(hypothesis.shape, 2.0 + 2.5 * GrayPyramid::scale(hypothesis.level), nullptr, trace);
}

PupilMiss PupilDetector::Impl::explain_miss(GrayView image, const JudgedOutline* best,
                                            const PupilPrior* prior) const {
  PupilMiss miss;
  miss.best_confidence = best != nullptr ? best->confidence() : 0.0;
  // Without dark and bright in the image (the light is off) nothing tells where a lid is.
  const bool has_contrast =
      levels_.median_gray - levels_.dark_gray > least_contrast_gray + 2.0 * levels_.noise_gray;
  if (prior != nullptr && has_contrast)
    miss.lid_closure =
        lid_closure(image, OutlineShape::from(prior->ellipse),
                    levels_.dark_gray + dark_share * (levels_.median_gray - levels_.dark_gray));
  if (miss.lid_closure.value_or(0.0) > closed_lid)
    miss.reason = PupilMissReason::blink;
  else if (best == nullptr)  // nothing at all, or nothing where something is expected
    miss.reason = prior != nullptr ? PupilMissReason::low_contrast : PupilMissReason::no_candidate;
  else if (best->evidence[Evidence::out_of_image] > 0.25)
    miss.reason = PupilMissReason::out_of_frame;
  else if (best->evidence[Evidence::glint] > mostly_hidden)
    miss.reason = PupilMissReason::occluded;
  else if (best->evidence.contrast_gray < least_contrast_gray + 3.0 * levels_.noise_gray)
    miss.reason = PupilMissReason::low_contrast;
  else if (best->evidence[Evidence::covered] + best->evidence[Evidence::glint] > mostly_hidden)
    miss.reason = PupilMissReason::occluded;
  else
    miss.reason = PupilMissReason::rejected_ellipse;
  return miss;
}

PupilOutcome PupilDetector::Impl::detect(GrayView image, const std::optional<PupilPrior>& prior,
                                         PupilDetectionTrace* trace) {
  if (trace != nullptr) *trace = {};
  if (image.empty() || std::min(image.width_px, image.height_px) < min_image_side_px) return PupilMiss{};
  if (options_.bright_pupil) image = inverter_.invert(image);
  prepare(image);
  const PupilPrior* expected = prior && is_plausible(*prior, image) ? &*prior : nullptr;
  judge_.start(image, levels_, limits(), min_slope(0));
  region_search_.prepare(pyramid_, levels_);
  region_search_.find(min_radius_px_, max_radius_px_, regions_);
  if (trace != nullptr) note_found(regions_, *trace);
  if (expected == nullptr || !follow(*expected, trace)) search_everywhere(trace);
  const JudgedOutline* best = judge_.best();
  if (best == nullptr || best->is_mostly_outside() || best->presence() < options_.min_presence ||
      best->confidence() < least_confidence)
    return explain_miss(image, best, expected);
  return observe(image, *best);
}

bool PupilDetector::Impl::follow(const PupilPrior& prior, PupilDetectionTrace* trace) {
  const OutlineShape shape = OutlineShape::from(prior.ellipse);
  const double spread = std::sqrt(std::max(prior.covariance_px2(0, 0), prior.covariance_px2(1, 1)));
  const double half_width =
      std::min(std::max(2.0 * spread, 5.0), std::max(5.0, 4.0 + prior_reach * shape.mean_radius_px()));
  judge(shape, half_width, &prior, trace);
  if (judge_.best() == nullptr || judge_.best()->log_odds < followed_log_odds) return false;
  challenge(trace);
  return true;
}

void PupilDetector::Impl::challenge(PupilDetectionTrace* trace) {
  const JudgedOutline holder = *judge_.best();
  const OutlineShape& own = holder.shape;
  const auto is_own = [&](const DarkRegion& region) {
    return (region.center_px - own.center_px).norm() < own.mean_radius_px() + 0.5 * region.radius_px;
  };
  double own_response = 0.0;
  for (const auto& region : regions_)
    if (is_own(region)) own_response = std::max(own_response, region.response_gray);
  std::size_t rivals = 0;
  for (const auto& region : regions_) {
    if (rivals == max_rivals) break;
    if (is_own(region) || region.response_gray < rival_share * own_response) continue;
    ++rivals;
    search_region(region, trace);
  }
  for (auto& hypothesis : hypotheses_) {
    if (hypothesis.judged || hypothesis.log_odds < 0.0) continue;
    hypothesis.judged = true;
    judge_hypothesis(hypothesis, trace);
  }
  if (judge_.best()->log_odds < holder.log_odds + (holder.from_prior ? rival_margin : 0.0))
    judge_.set_best(holder);
}

void PupilDetector::Impl::search_everywhere(PupilDetectionTrace* trace) {
  std::size_t searched = 0;
  for (const SearchRound& round : search_rounds) {
    for (; searched < std::min(round.regions, regions_.size()); ++searched)
      search_region(regions_[searched], trace);
    judge_best_hypotheses(round.finalists, trace);
    const JudgedOutline* best = judge_.best();
    if (best != nullptr && best->log_odds > round.enough_log_odds) {
      if (searched == search_rounds.front().regions) challenge(trace);
      return;
    }
    if (best == nullptr || best->log_odds < worth_reconsidering) continue;
    judge_.reconsider(random_);
    if (judge_.best()->log_odds > round.enough_log_odds) return;
  }
  if (judge_.best() != nullptr && judge_.best()->presence() > options_.min_presence) return;
  region_search_.find_tiny(pyramid_, min_radius_px_, regions_);
  if (trace != nullptr) note_found(regions_, *trace);
  for (std::size_t i = 0; i < std::min(tiny_regions, regions_.size()); ++i) search_region(regions_[i], trace);
  judge_best_hypotheses(1, trace);
}

void PupilDetector::Impl::judge_best_hypotheses(std::size_t count, PupilDetectionTrace* trace) {
  for (std::size_t judged = 0; judged < count; ++judged) {
    Hypothesis* next = nullptr;
    for (auto& hypothesis : hypotheses_)
      if (!hypothesis.judged && (next == nullptr || hypothesis.log_odds > next->log_odds)) next = &hypothesis;
    if (next == nullptr || next->log_odds < hopeless_log_odds) return;
    next->judged = true;
    judge_hypothesis(*next, trace);
    if (judge_.best() != nullptr && judge_.best()->log_odds > beyond_doubt) return;
  }
}

PupilObservation PupilDetector::Impl::observe(GrayView image, const JudgedOutline& best) {
  PupilObservation observation;
  observation.ellipse = best.shape.to_ellipse();
  observation.confidence = best.confidence();
  observation.lid_closure =
      lid_closure(image, best.shape, 0.5 * (best.measurement.inside_gray + best.measurement.outside_gray));
  const double tolerance = support_tolerance_px(best.shape.mean_radius_px());
  observation.covariance_px2 = best.covariance_px2;
  for (const auto& sample : best.measurement.view()) {
    if (sample.kind != OutlineSample::Kind::edge || std::abs(sample.offset_px) > tolerance) continue;
    const Eigen::Vector2d position = best.shape.point_at(sample.cos_phi, sample.sin_phi) +
                                     sample.offset_px * best.shape.normal_at(sample.cos_phi, sample.sin_phi);
    observation.edge_points.push_back({position.cast<float>(), sample.sigma_px});
  }
  if (options_.refine_by_contrast) contrast_refiner_.refine(image, observation);
  return observation;
}

PupilDetector::PupilDetector(const PupilDetectorOptions& options) : impl_(std::make_unique<Impl>(options)) {}
PupilDetector::~PupilDetector() = default;
PupilDetector::PupilDetector(PupilDetector&&) noexcept = default;
PupilDetector& PupilDetector::operator=(PupilDetector&&) noexcept = default;

PupilOutcome PupilDetector::detect(GrayView image, const std::optional<PupilPrior>& prior,
                                   PupilDetectionTrace* trace) {
  return impl_->detect(image, prior, trace);
}

}  // namespace yarbus
