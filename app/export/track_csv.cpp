#include "app/export/track_csv.h"

#include <array>
#include <numbers>
#include <string_view>
#include <utility>

#include "app/export/csv_text.h"

namespace yarbus {
namespace {

struct Row {
  const GazeSample& sample;
  double time_s;
  bool with_timings;
};

/// One column: its name and how a frame fills it. The empty writer marks blink_id, which comes later.
struct Column {
  std::string_view name;
  void (*write)(std::string& out, const Row& row);
};

template <class Get>
void put_ellipse(std::string& out, const Row& row, Get get) {
  if (const auto* observation = row.sample.observation()) put_number(out, get(observation->ellipse), 4);
}

template <class Get>
void put_pose(std::string& out, const Row& row, int decimals, Get get) {
  if (row.sample.pose) put_number(out, get(*row.sample.pose), decimals);
}

template <class Get>
void put_uncertainty(std::string& out, const Row& row, Get get) {
  if (row.sample.pose && row.sample.pose->uncertainty) put_number(out, get(*row.sample.pose->uncertainty), 4);
}

/// Of a two-dimensional normal distribution within one sigma: 1 - exp(-1/2).
constexpr double one_sigma_share = 0.3934693402873666;

void put_ms(std::string& out, const Row& row, std::chrono::nanoseconds duration) {
  if (row.with_timings) put_number(out, std::chrono::duration<double, std::milli>(duration).count(), 4);
}

constexpr std::array columns{
    Column{"frame",
           [](std::string& out, const Row& row) { out += std::to_string(row.sample.frame->sequence); }},
    Column{"t_s", [](std::string& out, const Row& row) { put_number(out, row.time_s, 6); }},
    Column{"confidence",
           [](std::string& out, const Row& row) { put_number(out, confidence_of(row.sample.pupil), 4); }},
    Column{"miss_reason",
           [](std::string& out, const Row& row) {
             if (const auto* miss = row.sample.miss()) out += to_string(miss->reason);
           }},
    Column{"lid_closure",
           [](std::string& out, const Row& row) {
             if (const auto closure = lid_closure_of(row.sample.pupil)) put_number(out, *closure, 3);
           }},
    Column{"ellipse_cx_px",
           [](std::string& o, const Row& r) {
             put_ellipse(o, r, [](const Ellipse& e) { return e.center_px.x(); });
           }},
    Column{"ellipse_cy_px",
           [](std::string& o, const Row& r) {
             put_ellipse(o, r, [](const Ellipse& e) { return e.center_px.y(); });
           }},
    Column{"semi_major_px",
           [](std::string& o, const Row& r) {
             put_ellipse(o, r, [](const Ellipse& e) { return e.semi_major_px; });
           }},
    Column{"semi_minor_px",
           [](std::string& o, const Row& r) {
             put_ellipse(o, r, [](const Ellipse& e) { return e.semi_minor_px; });
           }},
    Column{"angle_rad",
           [](std::string& o, const Row& r) {
             put_ellipse(o, r, [](const Ellipse& e) { return e.angle_rad; });
           }},
    Column{"blink_id", nullptr},
    Column{"gaze_x",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 6, [](const EyePose& p) { return p.gaze_dir_in_cam().x(); });
           }},
    Column{"gaze_y",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 6, [](const EyePose& p) { return p.gaze_dir_in_cam().y(); });
           }},
    Column{"gaze_z",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 6, [](const EyePose& p) { return p.gaze_dir_in_cam().z(); });
           }},
    Column{"eye_x_mm",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 4, [](const EyePose& p) { return p.eye_center_in_cam_mm.x(); });
           }},
    Column{"eye_y_mm",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 4, [](const EyePose& p) { return p.eye_center_in_cam_mm.y(); });
           }},
    Column{"eye_z_mm",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 4, [](const EyePose& p) { return p.eye_center_in_cam_mm.z(); });
           }},
    Column{"pupil_diameter_mm",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 4, [](const EyePose& p) { return p.pupil_diameter_mm(); });
           }},
    Column{"reprojection_error_px",
           [](std::string& o, const Row& r) {
             put_pose(o, r, 4, [](const EyePose& p) { return p.reprojection_error_px; });
           }},
    Column{"model_version",
           [](std::string& out, const Row& row) {
             if (row.sample.model) out += std::to_string(row.sample.model_version());
           }},
    Column{"detect_ms",
           [](std::string& out, const Row& row) { put_ms(out, row, row.sample.timings.detect); }},
    Column{"predict_ms",
           [](std::string& out, const Row& row) {
             if (row.sample.pose) put_ms(out, row, row.sample.timings.predict);
           }},
    Column{"gaze_sigma_deg",
           [](std::string& o, const Row& r) {
             put_uncertainty(o, r, [](const PoseUncertainty& u) {
               return u.gaze_cone_rad(one_sigma_share) * 180.0 / std::numbers::pi;
             });
           }},
    Column{"pupil_diameter_sigma_mm",
           [](std::string& o, const Row& r) {
             put_uncertainty(o, r, [](const PoseUncertainty& u) { return u.pupil_diameter_mm; });
           }},
};

}  // namespace

TrackCsvWriter::TrackCsvWriter(OutputFile file, bool with_timings)
    : file_(std::move(file)),
      stream_(file_.part_path(), std::ios::binary | std::ios::trunc),
      with_timings_(with_timings) {}

Result<TrackCsvWriter> TrackCsvWriter::create(const std::filesystem::path& path, bool with_timings) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  TrackCsvWriter writer(std::move(*file), with_timings);
  std::string header;
  for (const Column& column : columns) {
    if (!header.empty()) header += ',';
    header += column.name;
  }
  writer.stream_ << header << '\n';
  if (const auto written = writer.flush(); !written) return written.error();
  return writer;
}

Result<void> TrackCsvWriter::flush() {
  if (!stream_.flush()) return unwritable(file_.path(), "the disk is full or the file went away");
  return {};
}

void TrackCsvWriter::add(const GazeSample& sample, double time_s) {
  const Row row{sample, time_s, with_timings_};
  Waiting waiting{sample.frame->sequence, {}, {}};
  std::string* part = &waiting.before_blink;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) *part += ',';
    if (columns[i].write == nullptr) {
      part = &waiting.after_blink;
    } else {
      columns[i].write(*part, row);
    }
  }
  waiting_.push_back(std::move(waiting));
}

Result<void> TrackCsvWriter::label(std::uint64_t sequence, std::optional<int> blink_id) {
  YARBUS_CHECK(!waiting_.empty());
  const Waiting& row = waiting_.front();
  YARBUS_CHECK_OP(row.sequence, ==, sequence);
  stream_ << row.before_blink << (blink_id ? std::to_string(*blink_id) : std::string()) << row.after_blink
          << '\n';
  waiting_.pop_front();
  if (!stream_) return unwritable(file_.path(), "the disk is full or the file went away");
  return {};
}

Result<std::filesystem::path> TrackCsvWriter::close(bool is_complete) {
  const auto flushed = flush();
  stream_.close();
  if (!flushed || !stream_) {
    const auto kept = file_.keep_partial();
    return flushed ? unwritable(file_.path(), "the disk is full") : flushed.error();
  }
  return is_complete ? file_.commit() : file_.keep_partial();
}

}  // namespace yarbus
