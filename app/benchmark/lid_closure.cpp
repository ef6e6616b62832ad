#include "app/benchmark/lid_closure.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yarbus::benchmark {
namespace {

std::optional<double> correlation_of(const std::vector<double>& a, const std::vector<double>& b) {
  const auto mean = [](const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  };
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double aa = 0.0;
  double bb = 0.0;
  double ab = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
    ab += (a[i] - mean_a) * (b[i] - mean_b);
  }
  const double scale = std::sqrt(aa * bb);
  return scale > 1e-12 ? std::optional(ab / scale) : std::nullopt;
}

}  // namespace

double area_under_level_lid(double closure) {
  // A cap of the unit circle: stretching it to an ellipse changes no share.
  const double height = std::clamp(1.0 - 2.0 * closure, -1.0, 1.0);
  return (std::acos(height) - height * std::sqrt(1.0 - height * height)) / std::numbers::pi;
}

std::optional<LidClosureErrors> lid_closure_errors(const std::vector<StatedClosure>& statements) {
  std::vector<double> stated;
  std::vector<double> hidden;
  std::vector<double> errors;
  for (const StatedClosure& statement : statements) {
    stated.push_back(area_under_level_lid(statement.closure));
    hidden.push_back(statement.hidden_share);
    errors.push_back(std::abs(stated.back() - hidden.back()));
  }
  const auto statistics = statistics_of(std::move(errors));
  if (!statistics) return std::nullopt;
  return LidClosureErrors{*statistics, correlation_of(stated, hidden)};
}

}  // namespace yarbus::benchmark
