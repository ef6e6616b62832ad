#include "app/cli/two_eye_outputs.h"

#include <QPainter>
#include <algorithm>

#include "app/cli/closed_outputs.h"
#include "app/cli/track_outputs.h"
#include "calibration/procedure/procedure_frame.h"

namespace yarbus::cli {
namespace {

/// An eye's picture older than this is taken off the overlay: the eye is lost.
constexpr double stale_s = 0.5;

void paint_no_frames(QPainter& painter, const QRectF& area, EyeSide eye) {
  painter.fillRect(area, QColor(40, 40, 40));
  painter.setPen(Qt::white);
  QFont font = painter.font();
  font.setPixelSize(std::max(12, static_cast<int>(area.height() / 24.0)));
  painter.setFont(font);
  painter.drawText(area, Qt::AlignCenter, QString("%1 eye: no frames").arg(to_string(eye)));
}

}  // namespace

std::vector<BlinkEvent> blinks_of_both(const std::vector<BlinkEvent>& right,
                                       const std::vector<BlinkEvent>& left) {
  std::vector<BlinkEvent> all(right);
  all.insert(all.end(), left.begin(), left.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const BlinkEvent& a, const BlinkEvent& b) { return a.onset < b.onset; });
  std::vector<BlinkEvent> merged;
  for (const BlinkEvent& blink : all) {
    if (!merged.empty() && blink.onset <= merged.back().offset) {
      merged.back().offset = std::max(merged.back().offset, blink.offset);
      merged.back().max_closure = std::max(merged.back().max_closure, blink.max_closure);
    } else {
      merged.push_back(blink);
      merged.back().id = static_cast<int>(merged.size()) - 1;
    }
  }
  return merged;
}

Result<void> TwoEyeOutputs::check_paths() const {
  std::vector<std::string> inputs{arguments_.request.source.location};
  if (!arguments_.two_eyes->is_one_camera) inputs.push_back(arguments_.two_eyes->left.location);
  return check_output_paths({arguments_.csv_path, arguments_.overlay_path, arguments_.plot_path}, inputs);
}

Result<void> TwoEyeOutputs::begin(const std::array<SourceSnapshot, 2>& sources,
                                  const std::array<CameraIntrinsics, 2>& intrinsics) {
  std::array<TrackedCamera, 2> cameras;
  for (const EyeSide eye : {EyeSide::right, EyeSide::left})
    cameras[index_of(eye)] = {sources[index_of(eye)], intrinsics[index_of(eye)], eye, {}};
  if (!sources[index_of(EyeSide::left)].is_live)
    cameras[index_of(EyeSide::left)].offset = arguments_.two_eyes->left_offset();
  auto recording = start_recording(arguments_, cameras);
  if (!recording) return recording.error();
  recording_ = std::move(*recording);
  auto csv = TrackCsvWriter::create(arguments_.csv_path, arguments_.with_timings, /*has_two_eyes=*/true);
  if (!csv) return csv.error();
  csv_.emplace(std::move(*csv));
  if (arguments_.overlay_path.empty()) return {};

  int left_px = 0;
  int height_px = 0;
  double rate_hz = 0.0;
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    const SourceSnapshot& source = sources[index_of(eye)];
    const int factor = overlay_factor(source.width_px);
    halves_[index_of(eye)].area = QRectF(left_px, 0, source.width_px * factor, source.height_px * factor);
    left_px += source.width_px * factor;
    height_px = std::max(height_px, source.height_px * factor);
    rate_hz = std::max(rate_hz, source.nominal_rate_hz);
  }
  canvas_ = QImage(left_px, height_px, QImage::Format_RGB32);
  canvas_.fill(Qt::black);
  auto overlay = VideoWriter::create(arguments_.overlay_path, canvas_.width(), canvas_.height(), rate_hz);
  if (!overlay) return overlay.error();
  overlay_.emplace(std::move(*overlay));
  return {};
}

Result<void> TwoEyeOutputs::on_sample(const BinocularSample& sample, double time_s) {
  csv_->add(sample, time_s);
  if (recording_) {
    if (const auto added = recording_->add(*sample.newest_sample()); !added) return added;
  }
  if (!arguments_.plot_path.empty())
    plot_points_[index_of(sample.newest)].push_back(plot_point(*sample.newest_sample(), time_s));
  return overlay_ ? paint_overlay(sample, time_s) : Result<void>{};
}

Result<void> TwoEyeOutputs::paint_overlay(const BinocularSample& sample, double time_s) {
  Half& half = halves_[index_of(sample.newest)];
  // One video frame holds at most one sample of each eye.
  if (half.is_new) {
    if (const auto written = write_canvas(); !written) return written.error();
  }
  if (!canvas_s_) canvas_s_ = time_s;
  QPainter painter(&canvas_);
  painter.setClipRect(half.area);
  paint_track_overlay(painter, half.area, *sample.newest_sample());
  half.is_new = true;
  half.painted_s = time_s;
  return {};
}

Result<void> TwoEyeOutputs::write_canvas() {
  if (!canvas_s_) return {};
  const double time_s = *canvas_s_;
  canvas_s_.reset();
  for (const EyeSide eye : {EyeSide::right, EyeSide::left}) {
    Half& half = halves_[index_of(eye)];
    if (!half.is_new && (!half.painted_s || time_s - *half.painted_s > stale_s)) {
      QPainter painter(&canvas_);
      paint_no_frames(painter, half.area, eye);
    }
    half.is_new = false;
  }
  if (written_s_ && time_s <= *written_s_) return {};  // of live eyes one may come late
  written_s_ = time_s;
  return write_overlay_frame(*overlay_, canvas_, time_s);
}

Result<void> TwoEyeOutputs::on_label(EyeSide eye, const LabelledFrame& label) {
  return csv_->label(eye, label.sequence, label.blink_id);
}

Result<std::vector<std::filesystem::path>> TwoEyeOutputs::close(const TwoEyeEnd& end, bool is_complete) {
  ClosedOutputs closed(is_complete);
  closed.close(csv_);
  if (overlay_) {
    if (const auto last = write_canvas(); !last) closed.fail(last.error());
  }
  closed.close(overlay_);
  close_recording(
      recording_,
      {end.summaries[index_of(EyeSide::right)].blinks, end.summaries[index_of(EyeSide::left)].blinks}, closed,
      arguments_.recording.folder);
  if (!plot_points_[0].empty() || !plot_points_[1].empty()) {
    closed.add_picture(arguments_.plot_path,
                       [&](const auto& part_path) { return write_plot(end, part_path); });
  }
  return closed.result();
}

Result<void> TwoEyeOutputs::write_plot(const TwoEyeEnd& end, const std::filesystem::path& path) {
  const TrackSummary& right = end.summaries[index_of(EyeSide::right)];
  const TrackSummary& left = end.summaries[index_of(EyeSide::left)];
  const auto fit_text = [](const TrackSummary& summary) {
    FitReport report = summary.model ? summary.model->report : summary.last_report;
    report.gauge.clear();
    return QString::fromStdString(report.to_text());
  };
  ui::TrackPlotInput plot;
  plot.title = QString::fromStdString(right.source.name + "  and  " + left.source.name);
  plot.subtitle = "right: " + fit_text(right) + "; left: " + fit_text(left);
  plot.points = std::move(plot_points_[index_of(EyeSide::right)]);
  plot.left_points = std::move(plot_points_[index_of(EyeSide::left)]);
  plot.blinks = blinks_of_both(right.blinks, left.blinks);
  return ui::write_track_plot(plot, QString::fromStdString(path.string()));
}

}  // namespace yarbus::cli
