#include "calibration/mapping/choose_mapper.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <Eigen/Geometry>

#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {


std::string in_degrees(double value_deg) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f deg", value_deg);
  return text.data();
}

/// Mean of (geometric - other) over the targets that both predicted, and its standard error.
std::pair<double, double> gain_over(const CrossValidation& geometric, const CrossValidation& other) {
  std::vector<double> gains;
  std::map<int, std::pair<double, int>> of_movement;  // sum and count
  for (const TargetError& a : geometric.targets) {
    for (const TargetError& b : other.targets) {
      if (a.target != b.target || !a.is_counted) continue;
      const double gain = a.error_deg - b.error_deg;
      if (a.movement < 0) {
        gains.push_back(gain);
      } else {
        auto& [sum, count] = of_movement[a.movement];
        sum += gain;
        ++count;
      }
    }
  }
  for (const auto& [movement, of] : of_movement) gains.push_back(of.first / of.second);
  if (gains.size() < 3) return {0.0, 0.0};
  double mean = 0.0;
  for (const double gain : gains) mean += gain / static_cast<double>(gains.size());
  double squares = 0.0;
  for (const double gain : gains) squares += (gain - mean) * (gain - mean);
  const auto count = static_cast<double>(gains.size());
  return {mean, std::sqrt(squares / (count - 1.0) / count)};
}

/// So many standard errors better than geometry a mapper must be: with one, every sixth that is no better
/// would be taken, and the ones taken are those whose luck makes them too sure of themselves.
constexpr double sure_errors = 2.0;

}  // namespace

double angle_deg(const Eigen::Vector3d& origin, const Eigen::Vector2d& a, const Eigen::Vector2d& b) {
  const Eigen::Vector3d to_a = Eigen::Vector3d(a[0], a[1], 0.0) - origin;
  const Eigen::Vector3d to_b = Eigen::Vector3d(b[0], b[1], 0.0) - origin;
  return std::atan2(to_a.cross(to_b).norm(), to_a.dot(to_b)) / rad_per_deg;
}

void choose_mapper(MapperChoice& choice) {
  const auto& geometric = choice.candidates[0].cross_validation;
  if (!geometric) {
    choice.reason = "geometric: " + choice.candidates[0].why_not + ", and it needs the fewest";
    return;
  }
  double best_gain = 0.0;
  std::optional<std::size_t> refined;
  choice.reason = "geometric: " + in_degrees(geometric->mean_deg) + " at targets left out";
  for (std::size_t m = 1; m < choice.candidates.size(); ++m) {
    const auto& other = choice.candidates[m].cross_validation;
    if (!other) continue;
    const auto [gain, sigma] = gain_over(*geometric, *other);
    const std::string against = choice.candidates[m].name + " " + in_degrees(other->mean_deg);
    if (choice.candidates[m].is_only_compared) {
      choice.reason += "; " + against;
      continue;
    }
    if (gain > sure_errors * sigma && gain > best_gain) {
      best_gain = gain;
      choice.chosen = m;
    }
    if (choice.candidates[m].refines_geometric && gain > -sigma) refined = m;
    choice.reason += "; " + against +
                     (gain > sure_errors * sigma ? " (better, beyond chance)"
                      : gain > 0.0               ? " (better, but no more than by chance)"
                                                 : "");
  }
  if (choice.chosen != 0) {
    choice.reason = choice.candidates[choice.chosen].name + " chosen. " + choice.reason;
  } else if (refined) {
    choice.chosen = *refined;
    choice.reason = choice.candidates[*refined].name +
                    " chosen: it refines the geometric one and is no worse. " + choice.reason;
  }
}

Result<void> choose_by_name(const std::string& name, MapperChoice& choice) {
  if (name.empty()) return {};
  for (std::size_t m = 0; m < choice.candidates.size(); ++m) {
    const MapperCandidate& candidate = choice.candidates[m];
    if (candidate.name != name) continue;
    if (!candidate.mapper)
      return Error{ErrorCode::invalid_option,
                   "the " + name + " mapper cannot be fitted: " + candidate.why_not, "calibration",
                   "Choose the geometric mapper or calibrate with more targets"};
    if (candidate.is_only_compared)
      return Error{ErrorCode::invalid_option, "the " + name + " mapper is only there to compare with",
                   "calibration", "Choose another mapper"};
    if (choice.chosen != m) choice.reason = name + " as asked for. " + choice.reason;
    choice.chosen = m;
    return {};
  }
  std::string names;
  for (const MapperCandidate& candidate : choice.candidates) {
    if (candidate.is_only_compared) continue;
    const bool is_first = names.empty();
    names += (is_first ? "" : ", ") + candidate.name;
  }
  return Error{ErrorCode::invalid_option, "there is no mapper \"" + name + '"', "calibration",
               "Choose one of: " + names};
}

}  // namespace yarbus
