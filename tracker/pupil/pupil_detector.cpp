#include "tracker/pupil/pupil_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "tracker/pupil/confidence_model.h"
#include "tracker/pupil/dark_regions.h"
#include "tracker/pupil/gray_levels.h"
#include "tracker/pupil/gray_pyramid.h"
#include "tracker/pupil/outline_consensus.h"
#include "tracker/pupil/outline_evidence.h"
#include "tracker/pupil/outline_judge.h"
#include "tracker/pupil/outline_measurement.h"
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
constexpr std::size_t finalists = 4;
constexpr double beyond_doubt = 5.0;        // log-odds: such an outline is not reconsidered
constexpr double excellent = 3.0;           // log-odds: with such an outline at hand ...
constexpr std::size_t always_searched = 1;  // ... only this many dark regions are searched
constexpr double prior_reach = 0.25;        // of the radius: how far the outline may have moved since the prior

struct Hypothesis {
  OutlineShape shape;  // in the image
  OutlineEvidence evidence;
  double log_odds = 0.0;
  std::size_t level = 0;
  bool from_prior = false;
  std::size_t order = 0;  // of arrival: breaks ties the same way every time

  [[nodiscard]] double confidence() const { return 1.0 / (1.0 + std::exp(-log_odds)); }
};

constexpr std::size_t max_hypotheses = max_consensus_outlines * max_dark_regions + 1;

OutlineShape to_source(const OutlineShape& shape, std::size_t level) {
  const double scale = GrayPyramid::scale(level);
  return {{GrayPyramid::to_source(shape.center_px.x(), level), GrayPyramid::to_source(shape.center_px.y(), level)},
          scale * shape.s_xx_px,
          scale * shape.s_xy_px,
          scale * shape.s_yy_px};
}

OutlineShape from_source(const OutlineShape& shape, std::size_t level) {
  const double scale = GrayPyramid::scale(level);
  return {{GrayPyramid::from_source(shape.center_px.x(), level),
           GrayPyramid::from_source(shape.center_px.y(), level)},
          shape.s_xx_px / scale,
          shape.s_xy_px / scale,
          shape.s_yy_px / scale};
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

}  // namespace

std::span<const OptionField<PupilDetectorOptions>> PupilDetectorOptions::fields() {
  using Options = PupilDetectorOptions;
  static const std::array<OptionField<Options>, 4> table{{
      {"min_radius_fraction", &Options::min_radius_fraction, 0.01, 0.5,
       "smallest pupil radius, of the image height"},
      {"max_radius_fraction", &Options::max_radius_fraction, 0.02, 0.6,
       "largest pupil radius, of the image height"},
      {"min_confidence", &Options::min_confidence, 0.0, 1.0, "below this confidence the outcome is a miss"},
      {"seed", &Options::seed, 1.0, 2147483646.0, "of the robust fit's random draws"},
  }};
  return table;
}

Result<void> PupilDetectorOptions::validate() const {
  auto result = validate_options(*this, fields(), "PupilDetectorOptions");
  if (!result) return result;
  if (min_radius_fraction < max_radius_fraction) return {};
  return Error{ErrorCode::invalid_option, "min_radius_fraction must be smaller than max_radius_fraction",
               "PupilDetectorOptions", "Give values inside the allowed ranges"};
}

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
  void add_hypothesis(OutlineShape shape, std::size_t level, double half_width_px, bool from_prior,
                      PupilDetectionTrace* trace);
  void judge(const OutlineShape& shape, double half_width_px, bool from_prior, PupilDetectionTrace* trace);
  [[nodiscard]] bool size_allowed(const OutlineShape& shape) const;
  [[nodiscard]] float min_slope(std::size_t level) const;
  [[nodiscard]] PupilMissReason reason_for(GrayView image, const JudgedOutline* best,
                                           const std::optional<PupilPrior>& prior) const;

  PupilDetectorOptions options_;
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

bool PupilDetector::Impl::size_allowed(const OutlineShape& shape) const {
  const Ellipse ellipse = shape.to_ellipse();
  return ellipse.is_valid() && ellipse.semi_major_px >= min_radius_px_ &&
         ellipse.semi_major_px <= max_radius_px_ && ellipse.aspect_ratio() >= min_aspect_ratio;
}

void PupilDetector::Impl::add_hypothesis(OutlineShape shape, std::size_t level, double half_width_px,
                                         bool from_prior, PupilDetectionTrace* trace) {
  const GrayView plane = pyramid_.level(level);
  if (!refine_outline(plane, shape, half_width_px, 1, coarse_samples, min_slope(level), measurement_)) return;
  if (!size_allowed(to_source(shape, level))) return;
  measure_outline(plane, shape, std::clamp(0.15 * shape.mean_radius_px(), 4.0, 8.0), coarse_samples,
                  min_slope(level), measurement_);
  Hypothesis hypothesis{to_source(shape, level), read_evidence(plane, shape, measurement_, levels_), 0.0, level,
                        from_prior, hypotheses_.size()};
  hypothesis.log_odds = coarse_confidence_model().log_odds(hypothesis.evidence);
  if (trace != nullptr)
    trace->hypotheses.push_back(
        {hypothesis.shape.to_ellipse(), hypothesis.evidence, hypothesis.confidence(), from_prior, false});
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
    trace->candidates.push_back({region.center_px, region.radius_px, region.response_gray});
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
    if (outline.agreement >= min_agreement) add_hypothesis(outline.shape, level, 4.0, false, trace);
}

void PupilDetector::Impl::judge(const OutlineShape& shape, double half_width_px, bool from_prior,
                                PupilDetectionTrace* trace) {
  if (!judge_.judge(shape, half_width_px, from_prior) || trace == nullptr) return;
  const JudgedOutline& judged = judge_.last();
  trace->hypotheses.push_back(
      {judged.shape.to_ellipse(), judged.evidence, judged.confidence(), from_prior, true});
}

PupilMissReason PupilDetector::Impl::reason_for(GrayView image, const JudgedOutline* best,
                                                const std::optional<PupilPrior>& prior) const {
  if (prior) {
    // Where the pupil was it is bright now: the lid has come down.
    const OutlineShape shape = OutlineShape::from(prior->ellipse);
    const double dark_limit = levels_.dark_gray + 0.4 * (levels_.median_gray - levels_.dark_gray);
    int dark = 0;
    int counted = 0;
    for (int k = 0; k < coarse_samples; ++k) {
      const double angle = 2.399963 * k;  // golden angle: even cover of the disc
      const double radius = std::sqrt((k + 0.5) / coarse_samples);
      const Eigen::Vector2d point = shape.point_at(radius * std::cos(angle), radius * std::sin(angle));
      const int x = static_cast<int>(std::lround(point.x()));
      const int y = static_cast<int>(std::lround(point.y()));
      if (!image.contains(x, y)) continue;
      ++counted;
      dark += image.at(x, y) <= dark_limit ? 1 : 0;
    }
    if (counted > 0 && dark < 0.5 * counted) return PupilMissReason::blink;
  }
  if (best == nullptr) return PupilMissReason::no_candidate;
  if (best->evidence[Evidence::out_of_image] > 0.25) return PupilMissReason::out_of_frame;
  if (best->evidence.contrast_gray < 6.0 + 3.0 * levels_.noise_gray) return PupilMissReason::low_contrast;
  return PupilMissReason::rejected_ellipse;
}

PupilOutcome PupilDetector::Impl::detect(GrayView image, const std::optional<PupilPrior>& prior,
                                         PupilDetectionTrace* trace) {
  if (trace != nullptr) *trace = {};
  if (image.empty() || std::min(image.width_px, image.height_px) < min_image_side_px) return PupilMiss{};
  prepare(image);
  const bool has_prior = prior && prior->ellipse.is_valid();
  if (has_prior) {
    const std::size_t level = level_for(prior->ellipse.semi_major_px);
    const OutlineShape shape = from_source(OutlineShape::from(prior->ellipse), level);
    add_hypothesis(shape, level, std::max(4.0, prior_reach * shape.mean_radius_px()), true, trace);
  }
  region_search_.prepare(pyramid_, levels_);
  region_search_.find(min_radius_px_, max_radius_px_, regions_);
  std::size_t searched = 0;
  for (const auto& region : regions_) {
    const bool settled =
        std::any_of(hypotheses_.begin(), hypotheses_.end(),
                    [](const Hypothesis& hypothesis) { return hypothesis.log_odds > excellent; });
    if (settled && searched >= always_searched) break;
    ++searched;
    search_region(region, trace);
  }

  // The best few go to full resolution; the best of those wins.
  std::sort(hypotheses_.begin(), hypotheses_.end(), [](const Hypothesis& a, const Hypothesis& b) {
    return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.order < b.order;
  });
  judge_.start(image, levels_, {min_radius_px_, max_radius_px_, min_aspect_ratio}, min_slope(0));
  for (std::size_t i = 0; i < std::min(finalists, hypotheses_.size()); ++i) {
    if (judge_.best() != nullptr && judge_.best()->log_odds > beyond_doubt) break;
    judge(hypotheses_[i].shape, 2.0 + 2.5 * GrayPyramid::scale(hypotheses_[i].level), hypotheses_[i].from_prior, trace);
  }
  if (judge_.best() != nullptr && judge_.best()->log_odds < beyond_doubt) judge_.reconsider(random_);
  const JudgedOutline* found = judge_.best();
  if (found == nullptr || found->confidence() < options_.min_confidence)
    return PupilMiss{
        reason_for(image, found, has_prior ? prior : std::optional<PupilPrior>{}),
        found != nullptr ? found->confidence() : 0.0, std::nullopt};
  const JudgedOutline& best = *found;

  PupilObservation observation;
  observation.ellipse = best.shape.to_ellipse();
  observation.confidence = best.confidence();
  const double tolerance = support_tolerance_px(best.shape.mean_radius_px());
  const double residual_px = best.evidence[Evidence::residual] * (0.3 + 0.006 * best.shape.mean_radius_px());
  for (const auto& sample : best.measurement.view()) {
    if (sample.kind != OutlineSample::Kind::edge || std::abs(sample.offset_px) > tolerance) continue;
    const Eigen::Vector2d position = best.shape.point_at(sample.cos_phi, sample.sin_phi) +
                                     sample.offset_px * best.shape.normal_at(sample.cos_phi, sample.sin_phi);
    // Noise moves an edge by noise / slope; the outline's own departure from an ellipse is the floor.
    const double sigma = std::hypot(levels_.noise_gray / std::max(1e-3F, sample.slope_gray_per_px) * 0.5,
                                    0.5 * residual_px);
    observation.edge_points.push_back(
        {position.cast<float>(), static_cast<float>(std::clamp(sigma, 0.05, 2.0))});
  }
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
