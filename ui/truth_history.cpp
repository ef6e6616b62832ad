#include "ui/truth_history.h"

#include <algorithm>
#include <vector>

namespace yarbus::ui {

namespace {

std::optional<double> median_of(const std::deque<TruthErrors>& errors,
                                std::optional<double> TruthErrors::*part) {
  std::vector<double> values;
  values.reserve(errors.size());
  for (const TruthErrors& error : errors) {
    if (error.*part) values.push_back(*(error.*part));
  }
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

}  // namespace

void TruthHistory::add(const GazeSamplePtr& sample, const TruthErrors& errors) {
  if (sample == last_.lock()) return;
  last_ = sample;
  errors_.push_back(errors);
  if (errors_.size() > kept) errors_.pop_front();
}

void TruthHistory::clear() {
  errors_.clear();
  last_.reset();
}

TruthErrors TruthHistory::median() const {
  return {median_of(errors_, &TruthErrors::gaze_deg), median_of(errors_, &TruthErrors::ellipse_px),
          median_of(errors_, &TruthErrors::pupil_diameter_mm)};
}

}  // namespace yarbus::ui
