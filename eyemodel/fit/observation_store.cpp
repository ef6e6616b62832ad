#include "eyemodel/fit/observation_store.h"

#include <algorithm>
#include <array>
#include <utility>

namespace yarbus {
namespace {

/// A newcomer may be this much less certain than the frame it replaces.
constexpr double confidence_slack = 0.1;

}  // namespace

std::span<const OptionField<ObservationStoreOptions>> ObservationStoreOptions::fields() {
  using O = ObservationStoreOptions;
  static constexpr std::array<OptionField<O>, 3> table{{
      {"bins_across", &O::bins_across, 1, 100, "bins over the image's width"},
      {"frames_per_bin", &O::frames_per_bin, 1, 100, "frames kept in each bin"},
      {"min_confidence", &O::min_confidence, 0.0, 1.0, "frames below are not kept"},
  }};
  return table;
}

Result<void> ObservationStoreOptions::validate() const {
  return validate_options(*this, fields(), "observation store");
}

ObservationStore::ObservationStore(const ObservationStoreOptions& options, int width_px, int height_px)
    : options_(options) {
  YARBUS_CHECK(options.validate().has_value());
  YARBUS_CHECK_OP(std::min(width_px, height_px), >, 0);
  bin_size_px_ = static_cast<double>(width_px) / options.bins_across;
  columns_ = options.bins_across;
  rows_ = static_cast<int>(height_px / bin_size_px_) + 1;
  bins_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
}

std::vector<FitFrame>* ObservationStore::bin_of(const PupilObservation& observation) {
  const auto& ellipse = observation.ellipse;
  if (!ellipse.is_valid() || !(observation.confidence >= options_.min_confidence)) return nullptr;
  const int column = std::clamp(static_cast<int>(ellipse.center_px.x() / bin_size_px_), 0, columns_ - 1);
  const int row = std::clamp(static_cast<int>(ellipse.center_px.y() / bin_size_px_), 0, rows_ - 1);
  return &bins_[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                static_cast<std::size_t>(column)];
}

bool ObservationStore::would_keep(const PupilObservation& observation) const {
  const auto* bin = const_cast<ObservationStore*>(this)->bin_of(observation);
  if (bin == nullptr) return false;
  if (bin->size() < static_cast<std::size_t>(options_.frames_per_bin)) return true;
  return observation.confidence >= bin->front().observation.confidence - confidence_slack;
}

bool ObservationStore::add(FitFrame frame) {
  if (!would_keep(frame.observation)) return false;
  auto& bin = *bin_of(frame.observation);
  if (bin.size() == static_cast<std::size_t>(options_.frames_per_bin)) bin.erase(bin.begin());  // the oldest
  bin.push_back(std::move(frame));
  return true;
}

void ObservationStore::clear() {
  for (auto& bin : bins_) bin.clear();
}

std::size_t ObservationStore::size() const {
  std::size_t count = 0;
  for (const auto& bin : bins_) count += bin.size();
  return count;
}

std::size_t ObservationStore::occupied_bins() const {
  return static_cast<std::size_t>(
      std::count_if(bins_.begin(), bins_.end(), [](const auto& bin) { return !bin.empty(); }));
}

std::vector<FitFrame> ObservationStore::frames() const {
  std::vector<FitFrame> all;
  all.reserve(size());
  for (const auto& bin : bins_) all.insert(all.end(), bin.begin(), bin.end());
  std::sort(all.begin(), all.end(),
            [](const FitFrame& a, const FitFrame& b) { return a.sequence < b.sequence; });
  return all;
}

}  // namespace yarbus
