#include "app/export/session/pupil_sizes.h"

#include <algorithm>
#include <chrono>

namespace yarbus {
namespace {

constexpr CaptureTime piece = std::chrono::seconds(10);

Error stopped(const ExportSource& source) {
  return {ErrorCode::interrupted, "the pupil sizes were not read to their end", source.info().name,
          "Start it anew"};
}

/// Adds a row a frame of that stretch, with the size of its pose.
Result<void> add_sizes(const ExportSource& source, const ExportSource::Span& span, int camera,
                       std::vector<PupilSizeSample>& sizes) {
  std::size_t next = sizes.size();
  auto read = source.read_pupils(span, [&](const PupilRow& row) {
    const bool is_next = sizes.empty() || row.captured_at > sizes.back().at;
    if (row.camera == camera && is_next) sizes.push_back({row.captured_at, 0.0});
    return true;
  });
  if (!read) return read;
  return source.read_poses(span, [&](const PoseRow& row) {
    if (row.camera != camera) return true;
    while (next < sizes.size() && sizes[next].at < row.captured_at) ++next;
    if (next == sizes.size()) return false;
    if (sizes[next].at == row.captured_at) sizes[next].diameter = row.pose.pupil_diameter_mm();
    return true;
  });
}

/// Of the whole session, some seconds at a time, so that it can be stopped.
Result<std::vector<PupilSizeSample>> sizes_of(const ExportSource& source, AnalysisId analysis, int camera,
                                              const std::stop_token& stop) {
  std::vector<PupilSizeSample> sizes;
  std::optional<CaptureTime> last;
  auto read = source.read_frames({analysis, std::nullopt, std::nullopt}, [&](const FrameRow& row) {
    if (row.camera == camera) last = last ? std::max(*last, row.captured_at) : row.captured_at;
    return !stop.stop_requested();
  });
  if (!read) return read.error();
  if (!last) return sizes;
  const CaptureTime start = std::min(source.info().started_at, *last);
  const auto pieces = static_cast<std::int64_t>((*last - start) / piece) + 1;
  for (std::int64_t i = 0; i < pieces; ++i) {
    if (stop.stop_requested()) return stopped(source);
    // The first and the last take whatever lies before and after.
    read = add_sizes(source,
                     {analysis, i > 0 ? std::optional(start + i * piece) : std::nullopt,
                      i + 1 < pieces ? std::optional(start + (i + 1) * piece) : std::nullopt},
                     camera, sizes);
    if (!read) return read.error();
  }
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

Result<PupilSizes> PupilSizes::read(const ExportSource& source, AnalysisId analysis, int camera,
                                    const std::stop_token& stop) {
  const ExportSource::Span all{analysis, std::nullopt, std::nullopt};
  const auto series = sizes_of(source, analysis, camera, stop);
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
