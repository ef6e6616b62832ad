#include "calibration/mapping/fit_mappers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "calibration/mapping/choose_mapper.h"
#include "calibration/mapping/gaussian_process_mapper.h"
#include "calibration/mapping/geometric_mapper.h"
#include "calibration/mapping/polynomial_mapper.h"
#include "calibration/mapping/webcam/fit_webcam_mappers.h"

namespace yarbus {
namespace {

constexpr std::array<const char*, 3> mapper_names{"geometric", "polynomial", "gaussian process"};
/// The scale of a mapper's stated variance is 1 as strongly as so many targets would say it: much where its
/// own scatter rests on the same residuals already (the polynomial), little where they also chose its kernel.
constexpr std::array<double, 3> unscaled_weights{4.0, 12.0, 1.0};
using MapperPtr = std::shared_ptr<const GazeMapper>;

/// The three mappers of one set of fixations; null where they do not allow one.
struct FittedMappers {
  std::array<MapperPtr, 3> mappers;
  std::array<std::string, 3> why_not;
};

FittedMappers make_mappers(const GeometricFit& geometric, std::span<const Fixation> fixations,
                           std::span<const CalibrationSample> samples, int least_for_polynomial,
                           const std::array<double, 3>& variance_scales = {1.0, 1.0, 1.0}) {
  FittedMappers made;
  const auto by_geometry = std::make_shared<const GeometricMapper>(geometric, samples, variance_scales[0]);
  made.mappers[0] = by_geometry;
  auto polynomial = PolynomialMapper::fit(fixations, samples, geometric.left_out, least_for_polynomial);
  if (polynomial) {
    made.mappers[1] = std::make_shared<const PolynomialMapper>(polynomial->scaled(variance_scales[1]));
  } else {
    made.why_not[1] = polynomial.error().message;
  }
  const auto corrected = std::make_shared<const GaussianProcessMapper>(
      by_geometry, fixations, GaussianProcessBounds{}, variance_scales[2]);
  if (corrected->process(EyeSide::right) != nullptr || corrected->process(EyeSide::left) != nullptr) {
    made.mappers[2] = corrected;
  } else {
    made.why_not[2] = "the Gaussian process needs 5 targets of one eye";
  }
  return made;
}

bool is_left_out(const GeometricFit& fit, int target) {
  return std::any_of(fit.left_out.begin(), fit.left_out.end(),
                     [&](const LeftOutTarget& left_out) { return left_out.target == target; });
}

/// What is left out at once: a target, or all of one movement. Indices.
std::vector<std::vector<std::size_t>> groups_of(std::span<const Fixation> fixations) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<int, std::size_t> of_movement;
  for (std::size_t i = 0; i < fixations.size(); ++i) {
    const int movement = fixations[i].movement;
    const bool is_new = movement < 0 || of_movement.try_emplace(movement, groups.size()).second;
    if (is_new) groups.emplace_back();
    groups[movement < 0 ? groups.size() - 1 : of_movement.at(movement)].push_back(i);
  }
  return groups;
}

struct EyeMeans {
  std::array<double, 2> sum_deg{};
  std::array<int, 2> count{};
};

void cross_validate(std::span<const Fixation> fixations, const ScreenGeometry& screen,
                    const MapperOptions& options, MapperChoice& choice) {
  std::array<CrossValidation, 3> results;
  std::array<EyeMeans, 3> eye_means;
  std::array<double, 3> squares{};
  std::array<int, 3> counted_groups{};
  const Eigen::Vector3d origin = choice.gaze_origin_in_screen_mm();
  for (const std::vector<std::size_t>& group : groups_of(fixations)) {
    std::vector<Fixation> others;
    for (std::size_t i = 0; i < fixations.size(); ++i) {
      if (std::find(group.begin(), group.end(), i) == group.end()) others.push_back(fixations[i]);
    }
    const auto refit = fit_geometric(others, screen, options.geometric, &choice.geometric, 2);
    if (!refit) continue;
    const FittedMappers made = make_mappers(*refit, others, {}, PolynomialMapper::min_targets - 1);
    for (std::size_t m = 0; m < 3; ++m) {
      double group_squares = 0.0;
      int group_counted = 0;
      for (const std::size_t left : group) {
        const Fixation& fixation = fixations[left];
        const GazeRays rays = fixation.rays();
        if (!made.mappers[m]) continue;
        const auto point = made.mappers[m]->map(rays);
        if (!point) continue;
        TargetError error;
        error.target = fixation.target;
        error.movement = fixation.movement;
        error.error_mm = (point->point_in_screen_mm - fixation.target_in_screen_mm).norm();
        error.error_deg = angle_deg(origin, point->point_in_screen_mm, fixation.target_in_screen_mm);
        error.is_counted = !is_left_out(choice.geometric, fixation.target);
        results[m].targets.push_back(error);
        if (!error.is_counted) continue;
        const Eigen::Vector2d off = point->point_in_screen_mm - fixation.target_in_screen_mm;
        group_squares += std::min(largest_square, 0.5 * off.dot(point->covariance_mm2.inverse() * off));
        ++group_counted;
        for (const EyeSide side : {EyeSide::right, EyeSide::left}) {
          const auto alone = made.mappers[m]->map_eye(rays, side);
          if (!alone) continue;
          const auto eye = static_cast<std::size_t>(side);
          eye_means[m].sum_deg[eye] += angle_deg(choice.eyes_in_screen_mm[eye].value_or(origin),
                                                 alone->point_in_screen_mm, fixation.target_in_screen_mm);
          ++eye_means[m].count[eye];
        }
      }
      if (group_counted == 0) continue;
      squares[m] += group_squares / group_counted;
      ++counted_groups[m];
    }
  }
  for (std::size_t m = 0; m < 3; ++m) {
    MapperCandidate& candidate = choice.candidates[m];
    int counted = 0;
    for (const TargetError& error : results[m].targets) {
      if (!error.is_counted) continue;
      results[m].mean_mm += error.error_mm;
      results[m].mean_deg += error.error_deg;
      ++counted;
    }
    if (!candidate.mapper) continue;
    if (counted < static_cast<int>(fixations.size() + 1) / 2) {
      candidate.why_not = "too few targets to leave one out";
      continue;
    }
    // Estimated from so many targets of two residuals each, so the region is wider than a normal one.
    const double weight = unscaled_weights[m] + counted_groups[m];
    results[m].variance_scale = student_factor(2.0 * weight) * (unscaled_weights[m] + squares[m]) / weight;
    results[m].mean_mm /= counted;
    results[m].mean_deg /= counted;
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (eye_means[m].count[eye] > 0)
        results[m].mean_of_eye_deg[eye] = eye_means[m].sum_deg[eye] / eye_means[m].count[eye];
    }
    candidate.cross_validation = std::move(results[m]);
  }
}

}  // namespace

const MapperCandidate* MapperChoice::candidate(std::string_view name) const {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [&](const MapperCandidate& each) { return each.name == name; });
  return found == candidates.end() ? nullptr : &*found;
}

Eigen::Vector3d MapperChoice::gaze_origin_in_screen_mm() const {
  const auto& right = eyes_in_screen_mm[0];
  const auto& left = eyes_in_screen_mm[1];
  if (right && left) return 0.5 * (*right + *left);
  return right ? *right : left.value_or(Eigen::Vector3d::Zero());
}

Result<MapperChoice> fit_mappers(std::span<const CalibrationSample> samples, const ScreenGeometry& screen,
                                 const MapperOptions& options) {
  if (std::any_of(samples.begin(), samples.end(),
                  [](const CalibrationSample& sample) { return sample.rays.face != nullptr; }))
    return fit_webcam_mappers(samples, screen, options);
  if (!options.mapper.empty() &&
      std::find(mapper_names.begin(), mapper_names.end(), options.mapper) == mapper_names.end()) {
    return Error{ErrorCode::invalid_option, "there is no mapper \"" + options.mapper + '"', "calibration",
                 "Choose geometric, polynomial or gaussian process"};
  }
  const auto fixations = average_fixations(samples);
  if (!fixations) return fixations.error();
  auto geometric = fit_geometric(*fixations, screen, options.geometric);
  if (!geometric) return geometric.error();
  MapperChoice choice;
  choice.geometric = std::move(*geometric);
  for (const EyeSide side : {EyeSide::right, EyeSide::left})
    choice.eyes_in_screen_mm[static_cast<std::size_t>(side)] = choice.geometric.eye_in_screen_mm(side);
  const FittedMappers made =
      make_mappers(choice.geometric, *fixations, samples, PolynomialMapper::min_targets);
  for (std::size_t m = 0; m < 3; ++m)
    choice.candidates.push_back({mapper_names[m], made.mappers[m], std::nullopt, made.why_not[m]});
  choice.geometric = static_cast<const GeometricMapper&>(*made.mappers[0]).fit();
  cross_validate(*fixations, screen, options, choice);
  std::array<double, 3> scales{1.0, 1.0, 1.0};
  for (std::size_t m = 0; m < 3; ++m) {
    if (const auto& validation = choice.candidates[m].cross_validation)
      scales[m] = validation->variance_scale;
  }
  const FittedMappers scaled =
      make_mappers(choice.geometric, *fixations, samples, PolynomialMapper::min_targets, scales);
  for (std::size_t m = 0; m < 3; ++m) choice.candidates[m].mapper = scaled.mappers[m];
  choose_mapper(choice);
  if (const auto named = choose_by_name(options.mapper, choice); !named) return named.error();
  return choice;
}

}  // namespace yarbus
