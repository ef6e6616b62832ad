#pragma once

#include <cstddef>
#include <optional>
#include <random>

#include "eyemodel/types/pupil_prior.h"
#include "tracker/pupil/gray_levels.h"
#include "tracker/pupil/outline_consensus.h"
#include "tracker/pupil/outline_evidence.h"
#include "tracker/pupil/outline_measurement.h"

namespace yarbus {

/// An outline at full resolution with all that is known of it. Frames & units: image, px.
struct JudgedOutline {
  OutlineShape shape;
  OutlineCovariance covariance_px2 = OutlineCovariance::Zero();
  OutlineMeasurement measurement;  ///< of this shape
  OutlineEvidence evidence;
  double log_odds = 0.0;           ///< of lying on the pupil's outline
  double presence_log_odds = 0.0;  ///< of being about a pupil
  bool from_prior = false;

  [[nodiscard]] double confidence() const;
  [[nodiscard]] double presence() const;
  /// More than half of it is not in the image: such an outline is a guess.
  [[nodiscard]] bool is_mostly_outside() const { return evidence[Evidence::out_of_image] > 0.5; }
};

/// Which outlines may be a pupil's at all. Units: px of the image.
struct OutlineLimits {
  double min_radius_px = 4.0;    ///< of the semi-major axis
  double max_radius_px = 150.0;  ///< of the semi-major axis
  double min_aspect_ratio = 0.3;

  [[nodiscard]] bool allow(const OutlineShape& shape) const;
};

/// Refines outlines at full resolution, weighs the evidence for them and keeps the best.
/// Threads: one owner; no heap.
class OutlineJudge {
 public:
  /// For a new image.
  void start(GrayView image, const GrayLevels& levels, const OutlineLimits& limits,
             float min_slope_gray_per_px);

  /// Moves the outline to the edges within `half_width_px` of it and judges it. Returns its log-odds, or
  /// nullopt if there is no ellipse there or it is not allowed.
  /// A prior fills in what the image does not show.
  std::optional<double> judge(const OutlineShape& start, double half_width_px,
                              const PupilPrior* prior = nullptr);
  /// Looks at the edges along the best outline for another one that fewer of them support, but those exactly:
  /// the pupil's, where the best one bends along a lid or lashes. Judges what it finds.
  void reconsider(std::minstd_rand& random);

  [[nodiscard]] const JudgedOutline* best() const { return has_best_ ? &best_ : nullptr; }
  void set_best(const JudgedOutline& outline) { best_ = outline; }
  /// The one judged last; only after `judge` gave log-odds.
  [[nodiscard]] const JudgedOutline& last() const { return last_; }

 private:
  GrayView image_;
  GrayLevels levels_;
  OutlineLimits limits_;
  float min_slope_ = 1.0F;
  JudgedOutline last_;
  JudgedOutline best_;
  bool has_best_ = false;
  OutlineMeasurement wide_;
  RayEdges edges_;
  ConsensusOutlines consensus_;
};

}  // namespace yarbus
