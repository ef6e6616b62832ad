#include "app/export/session/pupil_sizes.h"

#include <algorithm>

namespace yarbus {
namespace {

/// A row a frame, with the size of its pose.
Result<std::vector<PupilSizeSample>> sizes_of(const ExportSource& source, const ExportSource::Span& all,
                                              int camera) {
  std::vector<PupilSizeSample> sizes;
  auto read = source.read_pupils(all, [&](const PupilRow& row) {
    const bool is_next = sizes.empty() || row.captured_at > sizes.back().at;
    if (row.camera == camera && is_next) sizes.push_back({row.captured_at, 0.0});
    return true;
  });
  if (!read) return read.error();
  std::size_t next = 0;
  read = source.read_poses(all, [&](const PoseRow& row) {
    if (row.camera != camera) return true;
    while (next < sizes.size() && sizes[next].at < row.captured_at) ++next;
    if (next == sizes.size()) return false;
    if (sizes[next].at == row.captured_at) sizes[next].diameter = row.pose.pupil_diameter_mm();
    return true;
  });
  if (!read) return read.error();
  return sizes;
}

Result<std::vector<BlinkEvent>> blinks_of(const ExportSource& source, const ExportSource::Span& all,
                                          int camera) {
  std::vector<BlinkEvent> blinks;
  auto read = source.read_events(all, [&](const EventRow& row) {
    if (row.kind != EventKind::blink || row.camera != camera) return true;
    BlinkEvent& blink = blinks.emplace_back();
    blink.onset = row.start;
    blink.offset = row.end;
    return true;
  });
  if (!read) return read.error();
  std::stable_sort(blinks.begin(), blinks.end(),
                   [](const BlinkEvent& a, const BlinkEvent& b) { return a.onset < b.onset; });
  return blinks;
}

}  // namespace

Result<PupilSizes> PupilSizes::read(const ExportSource& source, AnalysisId analysis, int camera) {
  const ExportSource::Span all{analysis, std::nullopt, std::nullopt};
  const auto series = sizes_of(source, all, camera);
  if (!series) return series.error();
  const auto blinks = blinks_of(source, all, camera);
  if (!blinks) return blinks.error();
  const PupilSeriesOptions options;
  const auto flags = flag_pupil_sizes(*series, *blinks, options);
  if (!flags) return flags.error();
  const PupilTrace trace = interpolate_pupil_sizes(*series, *flags, options.longest_gap_s);
  PupilSizes sizes;
  sizes.sizes_.reserve(series->size());
  for (std::size_t i = 0; i < series->size(); ++i) {
    sizes.sizes_.push_back({(*series)[i].at, trace.flags[i], trace.diameters[i]});
    ++sizes.found_[static_cast<std::size_t>((*flags)[i])];
    sizes.interpolated_ += trace.flags[i] == PupilFlag::interpolated ? 1 : 0;
  }
  return sizes;
}

const PupilSizes::Size* PupilSizes::at(CaptureTime captured_at) const {
  const auto found = std::lower_bound(sizes_.begin(), sizes_.end(), captured_at,
                                      [](const Size& each, CaptureTime time) { return each.at < time; });
  return found != sizes_.end() && found->at == captured_at ? &*found : nullptr;
}

}  // namespace yarbus
