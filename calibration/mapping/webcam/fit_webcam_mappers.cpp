#include "calibration/mapping/webcam/fit_webcam_mappers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/LU>

#include "calibration/mapping/choose_mapper.h"
#include "calibration/mapping/webcam/appearance_mapper.h"
#include "calibration/mapping/webcam/mean_target_mapper.h"
#include "calibration/mapping/webcam/patch_ridge.h"
#include "calibration/mapping/webcam/stacked_mapper.h"
#include "calibration/mapping/webcam/tangent_distance_mapper.h"
#include "calibration/mapping/webcam/webcam_geometry_mapper.h"

namespace yarbus {
namespace {

using MapperPtr = std::shared_ptr<const GazeMapper>;

enum Which : std::size_t { geometric, appearance, stacked, tangent, ridge, mean_target, mappers };
constexpr std::array<const char*, mappers> mapper_names{
    "geometric", "appearance process", "stacked", "tangent distance", "ridge", "mean target"};
/// What the stack is made of.
constexpr std::array<Which, 4> stacked_of{geometric, appearance, tangent, ridge};
/// The scale of a mapper's stated variance is 1 as strongly as so many targets would say it. The last three
/// state the targets' own spread, which is no more than a place to begin.
constexpr std::array<double, mappers> unscaled_weights{4.0, 2.0, 2.0, 0.5, 0.5, 0.5};
constexpr std::size_t frames_with_one_eye = 6;
constexpr std::size_t least_groups_to_stack = 4;

struct FittedMappers {
  std::array<MapperPtr, mappers> mappers_;
  std::array<std::string, mappers> why_not;
};

double spread_mm2(std::span<const FaceTarget> targets) {
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  for (const FaceTarget& target : targets)
    mean += target.target_in_screen_mm / static_cast<double>(targets.size());
  double squares = 0.0;
  for (const FaceTarget& target : targets) squares += (target.target_in_screen_mm - mean).squaredNorm();
  return std::max(1.0, 0.5 * squares / static_cast<double>(targets.size()));
}

/// All but the stack, by variance scales.
FittedMappers make_mappers(const WebcamGeometry& geometry, std::span<const FaceTarget> targets,
                           const std::array<double, mappers>& scales) {
  FittedMappers made;
  const auto plain = std::make_shared<const WebcamGeometryMapper>(geometry);
  made.mappers_[geometric] = std::make_shared<const WebcamGeometryMapper>(geometry, scales[geometric]);
  const auto corrected = std::make_shared<const AppearanceMapper>(plain, targets, scales[appearance]);
  if (corrected->process(EyeSide::right) != nullptr || corrected->process(EyeSide::left) != nullptr) {
    made.mappers_[appearance] = corrected;
  } else {
    made.why_not[appearance] = "the appearance process needs " +
                               std::to_string(AppearanceMapper::least_targets) + " targets of one eye";
  }
  const double variance_mm2 = spread_mm2(targets);
  made.mappers_[tangent] = std::make_shared<const TangentDistanceMapper>(
      TangentDistanceMapper::fit(targets, variance_mm2 * scales[tangent]));
  made.mappers_[ridge] =
      std::make_shared<const PatchRidge>(PatchRidge::fit(targets, variance_mm2 * scales[ridge]));
  made.mappers_[mean_target] =
      std::make_shared<const MeanTargetMapper>(targets, variance_mm2 * scales[mean_target]);
  return made;
}

/// What mappers that never saw it said of one frame.
struct LeftOutFrame {
  std::size_t target = 0;  ///< its index
  std::size_t group = 0;
  Eigen::Vector2d truth_mm = Eigen::Vector2d::Zero();
  std::array<std::optional<GazePoint>, mappers> points;
};

struct EyeMeans {
  std::array<double, 2> sum_deg{};
  std::array<int, 2> count{};
};

/// One run of cross-validation.
class LeavingOut {
 public:
  LeavingOut(std::span<const FaceTarget> targets, const ScreenGeometry& screen, const MapperChoice& choice)
      : targets_(targets), choice_(choice), groups_(groups_of(targets)) {
    for (std::size_t g = 0; g < groups_.size(); ++g) predict_group(g, screen);
  }

  /// Weights from all groups but one, or from all; empty if too little is known.
  [[nodiscard]] Eigen::VectorXd weights_without(std::optional<std::size_t> left_out) const {
    constexpr auto count = static_cast<Eigen::Index>(stacked_of.size());
    Eigen::MatrixXd products = Eigen::MatrixXd::Zero(count, count);
    std::vector<Eigen::MatrixXd> of_group(groups_.size(), Eigen::MatrixXd::Zero(count, count));
    std::vector<double> frames(groups_.size(), 0.0);
    for (const LeftOutFrame& frame : frames_) {
      if (frame.group == left_out || !is_counted(frame.target)) continue;
      Eigen::Matrix<double, 2, count> errors;
      bool is_whole = true;
      for (Eigen::Index m = 0; m < count; ++m) {
        const auto& point = frame.points[stacked_of[static_cast<std::size_t>(m)]];
        is_whole = is_whole && point.has_value();
        if (point) errors.col(m) = point->point_in_screen_mm - frame.truth_mm;
      }
      if (!is_whole) continue;
      of_group[frame.group] += errors.transpose() * errors;
      frames[frame.group] += 1.0;
    }
    std::size_t used = 0;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (frames[g] == 0.0) continue;
      products += of_group[g] / frames[g];
      ++used;
    }
    if (used + 1 < least_groups_to_stack || !products.allFinite()) return {};
    return stacking_weights(products);
  }

  /// Gives each left-out frame what the stack would have said.
  void stack() {
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const Eigen::VectorXd weights = weights_without(g);
      if (weights.size() == 0) continue;
      for (LeftOutFrame& frame : frames_) {
        if (frame.group != g) continue;
        GazePoint sum;
        double total = 0.0;
        for (std::size_t m = 0; m < stacked_of.size(); ++m) {
          const auto& point = frame.points[stacked_of[m]];
          const double weight = weights[static_cast<Eigen::Index>(m)];
          if (!point || weight <= 0.0) continue;
          sum.point_in_screen_mm += weight * point->point_in_screen_mm;
          sum.covariance_mm2 += weight * point->covariance_mm2;
          total += weight;
        }
        if (!(total > 0.0)) continue;
        sum.point_in_screen_mm /= total;
        sum.covariance_mm2 /= total;
        frame.points[stacked] = sum;
      }
    }
  }

  [[nodiscard]] std::optional<CrossValidation> result(Which which) const {
    CrossValidation validation;
    std::vector<double> group_squares(groups_.size(), 0.0);
    std::vector<double> group_frames(groups_.size(), 0.0);
    for (std::size_t t = 0; t < targets_.size(); ++t) {
      TargetError error;
      error.target = targets_[t].target;
      error.movement = targets_[t].movement;
      error.is_counted = is_counted(t);
      double count = 0.0;
      for (const LeftOutFrame& frame : frames_) {
        const auto& point = frame.points[which];
        if (frame.target != t || !point) continue;
        const Eigen::Vector2d off = point->point_in_screen_mm - frame.truth_mm;
        error.error_mm += off.norm();
        error.error_deg +=
            angle_deg(choice_.gaze_origin_in_screen_mm(), point->point_in_screen_mm, frame.truth_mm);
        count += 1.0;
        if (!error.is_counted) continue;
        group_squares[frame.group] +=
            std::min(largest_square, 0.5 * off.dot(point->covariance_mm2.inverse() * off));
        group_frames[frame.group] += 1.0;
      }
      if (count == 0.0) continue;
      error.error_mm /= count;
      error.error_deg /= count;
      validation.targets.push_back(error);
    }
    double counted = 0.0;
    for (const TargetError& error : validation.targets) {
      if (!error.is_counted) continue;
      validation.mean_mm += error.error_mm;
      validation.mean_deg += error.error_deg;
      counted += 1.0;
    }
    if (counted < 0.5 * static_cast<double>(targets_.size())) return std::nullopt;
    validation.mean_mm /= counted;
    validation.mean_deg /= counted;
    double squares = unscaled_weights[which];
    double weight = unscaled_weights[which];
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (group_frames[g] == 0.0) continue;
      squares += group_squares[g] / group_frames[g];
      weight += 1.0;
    }
    // Estimated from so many targets of two residuals each, so the region is wider than a normal one.
    validation.variance_scale = student_factor(2.0 * weight) * squares / weight;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (eyes_[which].count[eye] > 0)
        validation.mean_of_eye_deg[eye] = eyes_[which].sum_deg[eye] / eyes_[which].count[eye];
    }
    return validation;
  }

 private:
  [[nodiscard]] bool is_counted(std::size_t target) const {
    const auto& left_out = choice_.webcam->left_out;
    return std::none_of(left_out.begin(), left_out.end(),
                        [&](const LeftOutTarget& each) { return each.target == targets_[target].target; });
  }

  void predict_group(std::size_t group, const ScreenGeometry& screen) {
    const std::vector<FaceTarget> others = without(targets_, groups_[group]);
    const auto refit = fit_webcam_geometry(others, screen, {}, &*choice_.webcam, 2);
    if (!refit) return;
    std::array<double, mappers> scales{};
    scales.fill(1.0);
    const FittedMappers made = make_mappers(*refit, others, scales);
    for (const std::size_t t : groups_[group]) {
      const std::vector<FaceFrame>& frames = targets_[t].frames;
      const std::size_t step = std::max<std::size_t>(1, frames.size() / frames_with_one_eye);
      for (std::size_t i = 0; i < frames.size(); ++i) {
        LeftOutFrame frame{t, group, frames[i].target_in_screen_mm, {}};
        for (std::size_t m = 0; m < mappers; ++m) {
          if (!made.mappers_[m]) continue;
          frame.points[m] = made.mappers_[m]->map(frames[i].rays);
          if (i % step == 0 && is_counted(t)) add_eyes(*made.mappers_[m], frames[i], eyes_[m]);
        }
        frames_.push_back(frame);
      }
    }
  }

  void add_eyes(const GazeMapper& mapper, const FaceFrame& frame, EyeMeans& means) const {
    for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
      const auto point = mapper.map_eye(frame.rays, side);
      if (!point) continue;
      const auto eye = static_cast<std::size_t>(side);
      means.sum_deg[eye] +=
          angle_deg(choice_.gaze_origin_in_screen_mm(), point->point_in_screen_mm, frame.target_in_screen_mm);
      ++means.count[eye];
    }
  }

  std::span<const FaceTarget> targets_;
  const MapperChoice& choice_;
  std::vector<std::vector<std::size_t>> groups_;
  std::vector<LeftOutFrame> frames_;
  std::array<EyeMeans, mappers> eyes_;
};

}  // namespace

Result<MapperChoice> fit_webcam_mappers(std::span<const CalibrationSample> samples,
                                        const ScreenGeometry& screen, const MapperOptions& options) {
  const auto targets = collect_face_targets(samples);
  if (!targets) return targets.error();
  auto geometry = fit_webcam_geometry(*targets, screen);
  if (!geometry) return geometry.error();
  MapperChoice choice;
  choice.webcam = std::move(*geometry);
  for (std::size_t eye = 0; eye < 2; ++eye) {
    if (choice.webcam->has_eye[eye]) choice.eyes_in_screen_mm[eye] = choice.webcam->eyes_in_screen_mm[eye];
  }
  LeavingOut leaving_out(*targets, screen, choice);
  leaving_out.stack();
  std::array<double, mappers> scales{};
  scales.fill(1.0);
  std::array<std::optional<CrossValidation>, mappers> results;
  for (std::size_t m = 0; m < mappers; ++m) {
    results[m] = leaving_out.result(static_cast<Which>(m));
    if (results[m]) scales[m] = results[m]->variance_scale;
  }
  FittedMappers made = make_mappers(*choice.webcam, *targets, scales);
  const Eigen::VectorXd weights = leaving_out.weights_without(std::nullopt);
  if (weights.size() > 0 && results[stacked]) {
    std::array<double, mappers> plain{};
    plain.fill(1.0);
    std::vector<StackedMapper::Member> members;
    const FittedMappers unscaled = make_mappers(*choice.webcam, *targets, plain);
    for (std::size_t m = 0; m < stacked_of.size(); ++m)
      members.push_back({unscaled.mappers_[stacked_of[m]], weights[static_cast<Eigen::Index>(m)]});
    made.mappers_[stacked] = std::make_shared<const StackedMapper>(std::move(members), scales[stacked]);
  } else {
    made.why_not[stacked] = "too few targets to weigh mappers by";
  }
  for (std::size_t m = 0; m < mappers; ++m) {
    MapperCandidate candidate{mapper_names[m], made.mappers_[m], std::nullopt,
                              made.why_not[m], m == mean_target, m == appearance};
    if (candidate.mapper && results[m]) {
      candidate.cross_validation = std::move(results[m]);
    } else if (candidate.mapper) {
      candidate.why_not = "too few targets to leave one out";
    }
    choice.candidates.push_back(std::move(candidate));
  }
  choose_mapper(choice);
  if (const auto named = choose_by_name(options.mapper, choice); !named) return named.error();
  return choice;
}

}  // namespace yarbus
