#include "calibration/procedure/target_plan.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

using Places = std::vector<Eigen::Vector2d>;  // in the unit square

Places calibration_places(TargetLayout layout) {
  switch (layout) {
    case TargetLayout::one:
      return {{0.5, 0.5}};
    case TargetLayout::five:
      return {{0, 0}, {1, 0}, {0.5, 0.5}, {0, 1}, {1, 1}};
    case TargetLayout::nine:
      return {{0, 0}, {0.5, 0}, {1, 0}, {0, 0.5}, {0.5, 0.5}, {1, 0.5}, {0, 1}, {0.5, 1}, {1, 1}};
    case TargetLayout::thirteen:
      return {{0, 0},   {0.5, 0},     {1, 0},       {0.25, 0.25}, {0.75, 0.25}, {0, 0.5}, {0.5, 0.5},
              {1, 0.5}, {0.25, 0.75}, {0.75, 0.75}, {0, 1},       {0.5, 1},     {1, 1}};
    case TargetLayout::pursuit:
      break;
  }
  return {};
}

/// Between the points of the calibration.
Places validation_places(TargetLayout layout, int count) {
  if (count == 0) return {};
  Places places = layout == TargetLayout::thirteen
                      ? Places{{0.5, 0.25}, {0.25, 0.5}, {0.75, 0.5}, {0.5, 0.75}, {0.625, 0.375}}
                      : Places{{0.25, 0.25}, {0.75, 0.25}, {0.25, 0.75}, {0.75, 0.75}, {0.5, 0.25}};
  places.resize(static_cast<std::size_t>(count));
  return places;
}

/// Random numbers that are the same on every platform (Vigna's xorshift64*, seeded through SplitMix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) {
    std::uint64_t x = seed + 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    state_ = (x ^ (x >> 31U)) | 1U;
  }
  void shuffle(std::vector<int>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[next() % i]);
  }

 private:
  std::uint64_t next() {
    state_ ^= state_ >> 12U;
    state_ ^= state_ << 25U;
    state_ ^= state_ >> 27U;
    return (state_ * 0x2545F4914F6CDD1DULL) >> 11U;
  }
  std::uint64_t state_;
};

/// Looks for a way through all points without a jump beyond the limit; tries in the order of chance.
bool extend_way(const std::vector<Eigen::Vector2d>& at_mm, double longest_mm, const std::vector<int>& tries,
                std::vector<bool>& is_used, std::vector<int>& way) {
  if (way.size() == at_mm.size()) return true;
  for (const int next : tries) {
    if (is_used[next]) continue;
    if (!way.empty() && (at_mm[next] - at_mm[way.back()]).norm() > longest_mm) continue;
    is_used[next] = true;
    way.push_back(next);
    if (extend_way(at_mm, longest_mm, tries, is_used, way)) return true;
    way.pop_back();
    is_used[next] = false;
  }
  return false;
}

std::vector<int> short_way(const std::vector<Eigen::Vector2d>& at_mm, std::uint64_t seed) {
  std::vector<int> tries(at_mm.size());
  std::iota(tries.begin(), tries.end(), 0);
  Dice(seed).shuffle(tries);
  std::vector<double> lengths_mm{0.0};
  for (std::size_t i = 0; i < at_mm.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) lengths_mm.push_back((at_mm[i] - at_mm[k]).norm() * (1.0 + 1e-9));
  }
  std::sort(lengths_mm.begin(), lengths_mm.end());
  std::vector<int> way;
  for (const double longest_mm : lengths_mm) {
    std::vector<bool> is_used(at_mm.size(), false);
    way.clear();
    if (extend_way(at_mm, longest_mm, tries, is_used, way)) break;
  }
  return way;
}

bool is_between(double value, double low, double high) {
  return value >= low && value <= high;
}  // NaN: false

}  // namespace

Result<void> ProcedureRequest::validate() const {
  std::string wrong;
  const auto add = [&](const std::string& text) { wrong += (wrong.empty() ? "" : "; ") + text; };
  if (!is_between(screen.width_mm, 50.0, 5000.0)) add("the screen's width must be 50 to 5000 mm");
  if (!is_between(screen.height_mm, 50.0, 5000.0)) add("the screen's height must be 50 to 5000 mm");
  if (!is_between(screen.viewing_distance_mm, 100.0, 10000.0)) {
    add("the viewing distance must be 100 to 10000 mm");
  }
  if (validation_points != 0 && validation_points != 4 && validation_points != 5) {
    add("validation has 0, 4 or 5 points");
  }
  if (region) {
    const Eigen::Vector2d size = region->high_mm - region->low_mm;
    const bool is_inside = is_between(region->low_mm.x(), 0.0, screen.width_mm) &&
                           is_between(region->low_mm.y(), 0.0, screen.height_mm) &&
                           is_between(region->high_mm.x(), 0.0, screen.width_mm) &&
                           is_between(region->high_mm.y(), 0.0, screen.height_mm);
    if (!is_inside || !(size.x() >= 10.0 && size.y() >= 10.0)) {
      add("the region must lie on the screen and be at least 10 mm wide and high");
    }
  }
  if (wrong.empty()) return {};
  return Error{ErrorCode::invalid_option, wrong, "calibration",
               "correct the screen's size and the choice of points"};
}

TargetPlan plan_targets(const ProcedureRequest& request, const ProcedureOptions& options) {
  YARBUS_CHECK(request.validate().has_value());
  const Eigen::Vector2d size_mm(request.screen.width_mm, request.screen.height_mm);
  const Eigen::Vector2d low_mm =
      request.region ? request.region->low_mm : Eigen::Vector2d(options.margin_share * size_mm);
  const Eigen::Vector2d high_mm =
      request.region ? request.region->high_mm : Eigen::Vector2d(size_mm - low_mm);
  TargetPlan plan;
  if (request.layout == TargetLayout::pursuit) {
    plan.path.emplace(request.screen, low_mm, high_mm, options.pursuit_speed_deg_s);
    for (int arc = 0; arc < PursuitPath::arc_count; ++arc) {
      plan.points.push_back({plan.path->at(arc * plan.path->arc_s()), false, arc, false});
    }
  }
  const auto place = [&](const Eigen::Vector2d& unit, bool is_validation) {
    plan.points.push_back({low_mm + unit.cwiseProduct(high_mm - low_mm), is_validation, std::nullopt, false});
  };
  for (const auto& unit : calibration_places(request.layout)) place(unit, false);
  const auto calibration_count = plan.points.size();
  for (const auto& unit : validation_places(request.layout, request.validation_points)) place(unit, true);
  const int validation_begin = static_cast<int>(calibration_count) + (request.head_pass ? 1 : 0);

  std::vector<Eigen::Vector2d> calibration_mm;
  std::vector<Eigen::Vector2d> validation_mm;
  for (const auto& point : plan.points) {
    (point.is_validation ? validation_mm : calibration_mm).push_back(point.position_in_screen_mm);
  }
  if (plan.path) {
    plan.calibration_order.resize(calibration_mm.size());
    std::iota(plan.calibration_order.begin(), plan.calibration_order.end(), 0);
  } else {
    plan.calibration_order = short_way(calibration_mm, request.seed);
  }
  plan.validation_order = short_way(validation_mm, request.seed + 1);
  for (int& index : plan.validation_order) index += validation_begin;
  if (request.head_pass) {
    plan.head_pass = static_cast<int>(calibration_count);
    plan.points.insert(plan.points.begin() + *plan.head_pass,
                       {0.5 * (low_mm + high_mm), false, std::nullopt, true});
  }
  return plan;
}

}  // namespace yarbus
