#include "calibration/procedure/drift_monitor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <vector>

#include <Eigen/Dense>

#include "eyemodel/geometry/axis_angles.h"
#include "eyemodel/types/check.h"

namespace yarbus {
namespace {

/// Squared Mahalanobis distance at which a click counts half.
constexpr double half_weight_square = 6.0;
constexpr int weight_rounds = 12;
/// Of a click that agrees.
constexpr double agreeing_weight = 0.5;

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::span<const OptionField<DriftOptions>> DriftOptions::fields() {
  using O = DriftOptions;
  static constexpr std::array<OptionField<O>, 6> table{{
      {"significance", &O::significance, 1e-9, 0.1, "chance of a false alarm per known target"},
      {"least_offset_deg", &O::least_offset_deg, 0.0, 10.0, "smaller offsets are no drift"},
      {"check_sigma_deg", &O::check_sigma_deg, 0.01, 5.0, "how exactly a person looks at a target"},
      {"click_sigma_deg", &O::click_sigma_deg, 0.01, 10.0, "how exactly a person looks where they click"},
      {"memory_s", &O::memory_s, 1.0, 36000.0, "older known targets are forgotten"},
      {"fewest_clicks", &O::fewest_clicks, 2, 16, "clicks that must agree"},
  }};
  return table;
}

Result<void> DriftOptions::validate() const { return validate_options(*this, fields(), "drift"); }

DriftMonitor::DriftMonitor(const DriftOptions& options, const ScreenGeometry& screen)
    : options_(options), screen_(screen) {
  YARBUS_CHECK(options.validate().has_value());
  YARBUS_CHECK_OP(screen.viewing_distance_mm, >, 0.0);
}

Eigen::Matrix2d DriftMonitor::covariance_of(const KnownTarget& known) const {
  const double sigma_deg = known.is_click ? options_.click_sigma_deg : options_.check_sigma_deg;
  const double sigma_mm = screen_.viewing_distance_mm * radians_of(sigma_deg);
  return known.gaze_covariance_mm2 + sigma_mm * sigma_mm * Eigen::Matrix2d::Identity();
}

void DriftMonitor::push(const KnownTarget& known) {
  if (!known.target_in_screen_mm.allFinite() || !known.gaze_in_screen_mm.allFinite() ||
      !known.gaze_covariance_mm2.allFinite()) {
    return;
  }
  known_.push_back(known);
  while (known_.size() > most_known || seconds_of(known.at - known_.front().at) > options_.memory_s) {
    known_.pop_front();
  }
  DriftReport best;
  int tests = 0;
  for (std::size_t count = 1; count <= known_.size(); ++count) {
    const auto average = average_of_newest(count);
    if (!average) continue;
    ++tests;
    // Without significance the longest average is the best estimate.
    const bool is_sure = average->p_value < options_.significance / static_cast<double>(known_.size());
    const bool best_is_sure = best.p_value < options_.significance / static_cast<double>(known_.size());
    if (tests == 1 || (is_sure && (!best_is_sure || average->p_value < best.p_value)) ||
        (!is_sure && !best_is_sure)) {
      best = *average;
    }
  }
  best.p_value = std::min(1.0, best.p_value * std::max(1, tests));
  best.is_drifted = best.p_value < options_.significance && best.offset_deg >= options_.least_offset_deg;
  report_ = best;
}

std::optional<DriftReport> DriftMonitor::average_of_newest(std::size_t count) const {
  const std::size_t first = known_.size() - count;
  std::vector<double> x_mm;
  std::vector<double> y_mm;
  bool has_check = false;
  for (std::size_t i = first; i < known_.size(); ++i) {
    const Eigen::Vector2d offset_mm = known_[i].gaze_in_screen_mm - known_[i].target_in_screen_mm;
    x_mm.push_back(offset_mm.x());
    y_mm.push_back(offset_mm.y());
    has_check |= !known_[i].is_click;
  }
  if (!has_check && count < static_cast<std::size_t>(options_.fewest_clicks)) return std::nullopt;
  Eigen::Vector2d mean_mm(median_of(x_mm), median_of(y_mm));
  Eigen::Matrix2d information = Eigen::Matrix2d::Zero();
  int agreeing = 0;
  for (int round = 0; round < weight_rounds; ++round) {
    information.setZero();
    Eigen::Vector2d weighted = Eigen::Vector2d::Zero();
    agreeing = 0;
    for (std::size_t i = first; i < known_.size(); ++i) {
      const Eigen::Matrix2d inverse = covariance_of(known_[i]).inverse();
      const Eigen::Vector2d offset_mm(x_mm[i - first], y_mm[i - first]);
      const Eigen::Vector2d off_mm = offset_mm - mean_mm;
      const double weight =
          known_[i].is_click ? 1.0 / (1.0 + off_mm.dot(inverse * off_mm) / half_weight_square) : 1.0;
      agreeing += !known_[i].is_click || weight >= agreeing_weight ? 1 : 0;
      information += weight * inverse;
      weighted += weight * (inverse * offset_mm);
    }
    mean_mm = information.ldlt().solve(weighted);
  }
  if (!has_check && agreeing < options_.fewest_clicks) return std::nullopt;
  DriftReport report;
  report.known_targets = static_cast<int>(count);
  report.is_of_clicks = !has_check;
  report.offset_in_screen_mm = mean_mm;
  report.offset_covariance_mm2 = information.inverse();
  report.offset_deg = degrees_of(std::atan2(mean_mm.norm(), screen_.viewing_distance_mm));
  report.chi_square = mean_mm.dot(information * mean_mm);
  report.p_value = std::exp(-0.5 * report.chi_square);  // exact for two degrees of freedom
  return report;
}

std::string DriftReport::to_text(DriftCause cause) const {
  if (known_targets == 0) return "no known target yet";
  char number[64];
  std::snprintf(number, sizeof number, "%.1f deg (%.0f mm)", offset_deg, offset_in_screen_mm.norm());
  if (!is_drifted) return "no drift: " + std::string(number) + " within what is expected";
  std::string text = "gaze is off by " + std::string(number);
  switch (cause) {
    case DriftCause::slippage:
      return text + ": the camera slipped. Put it back or recentre";
    case DriftCause::head_moved:
      return text + ": the head moved against the screen. Sit as you did, or recentre";
    default:
      return text + ". Recentre, or calibrate again";
  }
}

DriftCause cause_of_drift(const DriftReport& report, std::optional<bool> has_center_moved,
                          bool is_camera_on_head) {
  if (!report.is_drifted) return DriftCause::none;
  if (!has_center_moved || !is_camera_on_head) return DriftCause::unknown;
  return *has_center_moved ? DriftCause::slippage : DriftCause::head_moved;
}

}  // namespace yarbus
