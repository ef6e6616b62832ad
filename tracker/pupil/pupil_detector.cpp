#include "tracker/pupil/pupil_detector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "tracker/pupil/candidate_search.h"
#include "tracker/pupil/contrast_refiner.h"
#include "tracker/pupil/gray_plane.h"
#include "tracker/pupil/outline_measurement.h"
#include "tracker/pupil/outline_score.h"
#include "tracker/pupil/pupil_detection_trace.h"
#include "tracker/pupil/ransac_ellipse.h"

namespace yarbus {
namespace {

constexpr int min_image_side_px = 24;
constexpr int coarse_height_px = 240;  // outlines are guessed at about this height ...
constexpr int search_height_px = 120;  // ... dark regions at about this one
constexpr int speck_reach_px = 2;      // reflections up to 5 px wide at search height vanish
constexpr double ray_reach = 2.6;      // of a candidate's radius: it may be off-centre and too small
constexpr int ellipse_draws = 50;
constexpr int circle_draws = 40;
constexpr int outlines_per_candidate = 2;  // pupil and iris share a centre
constexpr double min_agreement = 0.15;     // share of rays below which an outline is not worth measuring
constexpr double min_aspect_ratio = 0.3;
constexpr double circle_half_width = 0.1;  // of the radius: the pupil may be this far from the circle
constexpr int coarse_samples = 64;
constexpr int fine_samples = 128;
constexpr std::size_t finalists = 3;
constexpr double same_outline = 0.12;       // of the radius: two hypotheses this close are one
constexpr double well_supported = 0.8;      // an outline as good as this need not be found again
constexpr double excellent = 0.95;          // with such an outline at hand ...
constexpr std::size_t always_searched = 4;  // ... only this many dark regions are searched
constexpr double prior_reach = 0.25;  // of the radius: how far the outline may have moved since the prior

struct Hypothesis {
  OutlineShape shape;  // in the coarse plane, then in the image
  OutlineScore score;
  bool from_prior = false;
  /// Who wins: of two outlines that the image supports alike, the one with more of the image's edges on it.
  /// Rounder ones are preferred a little, because an outline that bends along the lid is flat.
  [[nodiscard]] double rank() const {
    return score.confidence * score.arc_px * (0.5 + 0.5 * score.aspect_ratio);
  }
  std::size_t order = 0;  // of arrival: breaks ties the same way every time
};

constexpr std::size_t max_hypotheses = outlines_per_candidate * (max_dark_candidates + 1) + 1;

OutlineShape scaled(const OutlineShape& shape, const GrayPlane& plane) {
  const double factor = plane.factor();
  return {{plane.to_source(shape.center_px.x()), plane.to_source(shape.center_px.y())},
          factor * shape.s_xx_px,
          factor * shape.s_xy_px,
          factor * shape.s_yy_px};
}

OutlineShape reduced(const OutlineShape& shape, const GrayPlane& plane) {
  const double factor = plane.factor();
  return {{plane.from_source(shape.center_px.x()), plane.from_source(shape.center_px.y())},
          shape.s_xx_px / factor,
          shape.s_xy_px / factor,
          shape.s_yy_px / factor};
}

struct Content {
  int x0, y0, x1, y1;
};

/// The image without uniform bars along its borders (letterbox), which would falsify what "dark" means.
Content content_of(GrayView image) {
  constexpr int bar_range_gray = 16;  // a line whose levels differ less belongs to a bar
  const auto is_bar = [&](int x0, int y0, int x1, int y1) {
    int low = 255;
    int high = 0;
    for (int y = y0; y < y1; ++y) {
      for (int x = x0; x < x1; ++x) {
        low = std::min<int>(low, image.at(x, y));
        high = std::max<int>(high, image.at(x, y));
      }
    }
    return high - low < bar_range_gray;
  };
  const int width = image.width_px;
  const int height = image.height_px;
  Content content{0, 0, width, height};
  while (content.y0 < height / 4 && is_bar(0, content.y0, width, content.y0 + 1)) ++content.y0;
  while (content.y1 > height * 3 / 4 && is_bar(0, content.y1 - 1, width, content.y1)) --content.y1;
  while (content.x0 < width / 4 && is_bar(content.x0, content.y0, content.x0 + 1, content.y1)) ++content.x0;
  while (content.x1 > width * 3 / 4 && is_bar(content.x1 - 1, content.y0, content.x1, content.y1))
    --content.x1;
  return content;
}

/// An iris holds a pupil, a pupil holds nothing round: true if `inner` is a trusted, complete outline well
/// inside `outer`.
bool holds_a_pupil(const Hypothesis& outer, const Hypothesis& inner) {
  const double outer_radius = 0.5 * (outer.shape.s_xx_px + outer.shape.s_yy_px);
  const double inner_radius = 0.5 * (inner.shape.s_xx_px + inner.shape.s_yy_px);
  return inner_radius < 0.75 * outer_radius &&
         (inner.shape.center_px - outer.shape.center_px).norm() + inner_radius < 1.1 * outer_radius &&
         inner.score.support > 0.75 && inner.score.aspect_ratio > outer.score.aspect_ratio - 0.15 &&
         inner.score.confidence > 0.5;
}

bool is_same(const OutlineShape& a, const OutlineShape& b) {
  const double limit = same_outline * 0.5 * (a.s_xx_px + a.s_yy_px);
  return (a.center_px - b.center_px).norm() < limit && std::abs(a.s_xx_px - b.s_xx_px) < limit &&
         std::abs(a.s_xy_px - b.s_xy_px) < limit && std::abs(a.s_yy_px - b.s_yy_px) < limit;
}

}  // namespace

std::span<const OptionField<PupilDetectorOptions>> PupilDetectorOptions::fields() {
  using Options = PupilDetectorOptions;
  static const std::array<OptionField<Options>, 5> table{{
      {"min_radius_fraction", &Options::min_radius_fraction, 0.01, 0.5,
       "smallest pupil radius, of the image height"},
      {"max_radius_fraction", &Options::max_radius_fraction, 0.02, 0.6,
       "largest pupil radius, of the image height"},
      {"min_confidence", &Options::min_confidence, 0.0, 1.0, "below this confidence the outcome is a miss"},
      {"seed", &Options::seed, 1.0, 2147483646.0, "of the robust fit's random draws"},
      {"refine_by_contrast", &Options::refine_by_contrast, 0.0, 1.0,
       "move the found outline to where the region contrast across it is greatest"},
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
  void add_candidate_outlines(const Eigen::Vector2d& center_px, double radius_px, PupilDetectionTrace* trace);
  void add_hypothesis(OutlineShape shape, double half_width_px, bool from_prior, PupilDetectionTrace* trace);
  [[nodiscard]] bool size_allowed(const OutlineShape& shape, double height_px) const;
  [[nodiscard]] PupilMissReason reason_for(GrayView image, const Hypothesis* best,
                                           const std::optional<PupilPrior>& prior) const;

  PupilDetectorOptions options_;
  GrayPlane coarse_;
  GrayPlane search_;
  CandidateSearch candidate_search_;
  DarkCandidates candidates_;
  RayEdges edges_;
  OutlineMeasurement measurement_;
  FixedVector<Hypothesis, max_hypotheses> hypotheses_;
  ContrastRefiner contrast_refiner_;
  std::minstd_rand random_;
  double noise_gray_ = 0.0;
  double dark_gray_ = 0.0;
  double median_gray_ = 0.0;
  float min_slope_ = 1.0F;
};

void PupilDetector::Impl::prepare(GrayView image) {
  coarse_.reduce(
      image,
      std::max(1, static_cast<int>(std::lround(static_cast<double>(image.height_px) / coarse_height_px))));
  const GrayView plane = coarse_.view();
  // Noise from differences of horizontal neighbours: their median is 0.95 sigma of the pixels for Gaussian
  // noise.
  std::array<int, 256> differences{};
  std::array<int, 256> levels{};
  int pixels = 0;
  const Content content = content_of(plane);
  for (int y = content.y0 + 1; y < content.y1; y += 3) {
    const std::uint8_t* row = plane.row(y);
    for (int x = content.x0 + 1; x < content.x1; x += 2) {
      ++differences[static_cast<std::size_t>(std::abs(row[x] - row[x - 1]))];
      ++levels[row[x]];
      ++pixels;
    }
  }
  const auto quantile = [pixels](const std::array<int, 256>& histogram, double share) {
    double below = 0.0;
    for (std::size_t level = 0; level < histogram.size(); ++level) {
      const double next = below + histogram[level];
      if (next >= share * pixels)
        return static_cast<double>(level) +
               (histogram[level] > 0 ? (share * pixels - below) / histogram[level] : 0.0) - 0.5;
      below = next;
    }
    return 255.0;
  };
  noise_gray_ = std::max(0.3, quantile(differences, 0.5));
  dark_gray_ = quantile(levels, 0.02);
  median_gray_ = quantile(levels, 0.5);
  min_slope_ = static_cast<float>(std::clamp(0.5 * noise_gray_, 0.6, 4.0));
  coarse_.smooth();
  search_.reduce(
      coarse_.view(),
      std::max(1, static_cast<int>(std::lround(static_cast<double>(plane.height_px) / search_height_px))));
  search_.suppress_bright_specks(speck_reach_px);
  random_.seed(static_cast<unsigned>(options_.seed));
  hypotheses_.clear();
}

bool PupilDetector::Impl::size_allowed(const OutlineShape& shape, double height_px) const {
  const Ellipse ellipse = shape.to_ellipse();
  return ellipse.is_valid() && ellipse.semi_major_px >= options_.min_radius_fraction * height_px &&
         ellipse.semi_major_px <= options_.max_radius_fraction * height_px &&
         ellipse.aspect_ratio() >= min_aspect_ratio;
}

void PupilDetector::Impl::add_hypothesis(OutlineShape shape, double half_width_px, bool from_prior,
                                         PupilDetectionTrace* trace) {
  const GrayView plane = coarse_.view();
  for (const auto& kept : hypotheses_)
    if (kept.score.confidence > well_supported && is_same(kept.shape, shape)) return;
  if (!refine_outline(plane, shape, half_width_px, 2, coarse_samples, min_slope_, measurement_)) return;
  if (!size_allowed(shape, plane.height_px)) return;
  const double radius = 0.5 * (shape.s_xx_px + shape.s_yy_px);
  measure_outline(plane, shape, std::clamp(0.15 * radius, 4.0, 8.0), coarse_samples, min_slope_,
                  measurement_);
  const Hypothesis hypothesis{shape, score_outline(plane, shape, measurement_, noise_gray_, dark_gray_),
                              from_prior, hypotheses_.size()};
  if (trace != nullptr)
    trace->hypotheses.push_back({scaled(shape, coarse_).to_ellipse(), hypothesis.score, from_prior, false});
  for (auto& kept : hypotheses_) {
    if (!is_same(kept.shape, shape)) continue;
    if (hypothesis.rank() > kept.rank()) kept = hypothesis;
    return;
  }
  if (!hypotheses_.full()) hypotheses_.push_back(hypothesis);
}

void PupilDetector::Impl::add_candidate_outlines(const Eigen::Vector2d& center_px, double radius_px,
                                                 PupilDetectionTrace* trace) {
  const GrayView plane = coarse_.view();
  const double smallest = options_.min_radius_fraction * plane.height_px;
  const double largest = options_.max_radius_fraction * plane.height_px;
  find_ray_edges(plane, center_px, 0.3 * smallest, std::min(ray_reach * radius_px, 1.6 * largest) + 4.0,
                 min_slope_, edges_);
  if (trace != nullptr) {
    for (const auto& edge : edges_)
      trace->ray_edges_px.emplace_back(coarse_.to_source(edge.position_px.x()),
                                       coarse_.to_source(edge.position_px.y()));
  }
  const EllipseLimits limits{smallest, largest, min_aspect_ratio};
  std::array<bool, RayEdges::max_size()> used{};
  const auto circle = find_outline(edges_, OutlineModel::circle, limits, circle_draws, random_, used);
  if (circle && circle->agreement >= min_agreement)
    add_hypothesis(OutlineShape::from(circle->ellipse),
                   circle_half_width * circle->ellipse.semi_major_px + 3.0, false, trace);
  used.fill(false);
  for (int k = 0; k < 2; ++k) {
    const auto ellipse = find_outline(edges_, OutlineModel::ellipse, limits, ellipse_draws, random_, used);
    if (!ellipse || ellipse->agreement < min_agreement) return;
    add_hypothesis(OutlineShape::from(ellipse->ellipse), 4.0, false, trace);
  }
}

PupilMissReason PupilDetector::Impl::reason_for(GrayView image, const Hypothesis* best,
                                                const std::optional<PupilPrior>& prior) const {
  if (prior) {
    // Where the pupil was it is bright now: the lid has come down.
    const OutlineShape shape = OutlineShape::from(prior->ellipse);
    const double dark_limit = dark_gray_ + 0.4 * (median_gray_ - dark_gray_);
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
  if (best->score.out_of_image > 0.25) return PupilMissReason::out_of_frame;
  if (best->score.contrast_gray < 6.0 + 3.0 * noise_gray_) return PupilMissReason::low_contrast;
  return PupilMissReason::rejected_ellipse;
}

PupilOutcome PupilDetector::Impl::detect(GrayView image, const std::optional<PupilPrior>& prior,
                                         PupilDetectionTrace* trace) {
  if (trace != nullptr) *trace = {};
  if (image.empty() || std::min(image.width_px, image.height_px) < min_image_side_px) return PupilMiss{};
  prepare(image);
  const bool has_prior = prior && prior->ellipse.is_valid();
  if (has_prior) {
    const OutlineShape shape = reduced(OutlineShape::from(prior->ellipse), coarse_);
    const double radius = 0.5 * (shape.s_xx_px + shape.s_yy_px);
    add_hypothesis(shape, std::max(4.0, prior_reach * radius), true, trace);
  }
  const GrayView plane = search_.view();
  candidate_search_.find(plane, options_.min_radius_fraction * plane.height_px,
                         options_.max_radius_fraction * plane.height_px, dark_gray_, candidates_);
  std::size_t searched = 0;
  for (const auto& candidate : candidates_) {
    const bool settled =
        std::any_of(hypotheses_.begin(), hypotheses_.end(),
                    [](const Hypothesis& hypothesis) { return hypothesis.score.confidence > excellent; });
    if (settled && searched >= always_searched) break;
    ++searched;
    const Eigen::Vector2d center(search_.to_source(candidate.center_px.x()),
                                 search_.to_source(candidate.center_px.y()));
    const double radius = candidate.radius_px * search_.factor();
    if (trace != nullptr) {
      trace->candidates.push_back({{coarse_.to_source(center.x()), coarse_.to_source(center.y())},
                                   radius * coarse_.factor(),
                                   candidate.response_gray});
    }
    add_candidate_outlines(center, radius, trace);
  }

  const float fine_slope = min_slope_ / static_cast<float>(coarse_.factor());
  // The best few go to full resolution; the best of those wins.
  std::sort(hypotheses_.begin(), hypotheses_.end(), [](const Hypothesis& a, const Hypothesis& b) {
    return a.score.confidence != b.score.confidence ? a.score.confidence > b.score.confidence
                                                    : a.order < b.order;
  });
  Hypothesis best;
  bool found = false;
  OutlineMeasurement best_measurement;
  for (std::size_t i = 0; i < std::min(finalists, hypotheses_.size()); ++i) {
    Hypothesis hypothesis = hypotheses_[i];
    hypothesis.shape = scaled(hypothesis.shape, coarse_);
    if (!refine_outline(image, hypothesis.shape, 2.0 + 2.5 * coarse_.factor(), 3, fine_samples, fine_slope,
                        measurement_))
      continue;
    if (!size_allowed(hypothesis.shape, image.height_px)) continue;
    const double radius = 0.5 * (hypothesis.shape.s_xx_px + hypothesis.shape.s_yy_px);
    measure_outline(image, hypothesis.shape, std::clamp(0.15 * radius, 4.0, 10.0), fine_samples, fine_slope,
                    measurement_);
    hypothesis.score = score_outline(image, hypothesis.shape, measurement_, noise_gray_, dark_gray_);
    if (trace != nullptr)
      trace->hypotheses.push_back(
          {hypothesis.shape.to_ellipse(), hypothesis.score, hypothesis.from_prior, true});
    if (found && !holds_a_pupil(best, hypothesis) &&
        (hypothesis.rank() <= best.rank() || holds_a_pupil(hypothesis, best)))
      continue;
    best = hypothesis;
    best_measurement = measurement_;
    found = true;
  }
  if (!found || best.score.confidence < options_.min_confidence)
    return PupilMiss{
        reason_for(image, found ? &best : nullptr, has_prior ? prior : std::optional<PupilPrior>{}),
        found ? best.score.confidence : 0.0, std::nullopt};

  PupilObservation observation;
  observation.ellipse = best.shape.to_ellipse();
  observation.confidence = best.score.confidence;
  const double tolerance = support_tolerance_px(0.5 * (best.shape.s_xx_px + best.shape.s_yy_px));
  for (const auto& sample : best_measurement.view()) {
    if (sample.kind != OutlineSample::Kind::edge || std::abs(sample.offset_px) > tolerance) continue;
    const Eigen::Vector2d position = best.shape.point_at(sample.cos_phi, sample.sin_phi) +
                                     sample.offset_px * best.shape.normal_at(sample.cos_phi, sample.sin_phi);
    // Noise moves an edge by noise / slope; the outline's own departure from an ellipse is the floor.
    const double sigma = std::hypot(noise_gray_ / std::max(1e-3F, sample.slope_gray_per_px) * 0.5,
                                    0.5 * best.score.residual_px);
    observation.edge_points.push_back(
        {position.cast<float>(), static_cast<float>(std::clamp(sigma, 0.05, 2.0))});
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
