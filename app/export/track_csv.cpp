#include "app/export/track_csv.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <Eigen/Eigenvalues>

#include "app/export/csv_text.h"

namespace yarbus {
namespace {

struct Row {
  const GazeSample& sample;
  double time_s;
  bool with_timings;
  const BinocularSample* pair;  ///< of a table of two eyes
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

void put_ms(std::string& out, const Row& row, std::chrono::nanoseconds duration) {
  if (row.with_timings) put_number(out, std::chrono::duration<double, std::milli>(duration).count(), 4);
}

template <class Get>
void put_vergence(std::string& out, const Row& row, Get get) {
  if (const auto* point = row.pair->vergence_point()) put_number(out, get(*point), 3);
}

/// What a table of two eyes has after the others.
constexpr std::array binocular_columns{
    Column{"eye", [](std::string& out, const Row& row) { out += to_string(row.pair->newest); }},
    Column{"pair_frame",
           [](std::string& out, const Row& row) {
             if (const auto& partner = row.pair->partner()) out += std::to_string(partner->frame->sequence);
           }},
    Column{"pair_offset_ms",
           [](std::string& out, const Row& row) {
             if (row.pair->partner() == nullptr) return;
             put_number(out, std::chrono::duration<double, std::milli>(row.pair->partner_offset).count(), 4);
           }},
    Column{"vergence_x_mm",
           [](std::string& o, const Row& r) {
             put_vergence(o, r, [](const VergencePoint& v) { return v.point_in_right_cam_mm.x(); });
           }},
    Column{"vergence_y_mm",
           [](std::string& o, const Row& r) {
             put_vergence(o, r, [](const VergencePoint& v) { return v.point_in_right_cam_mm.y(); });
           }},
    Column{"vergence_z_mm",
           [](std::string& o, const Row& r) {
             put_vergence(o, r, [](const VergencePoint& v) { return v.point_in_right_cam_mm.z(); });
           }},
    Column{"vergence_gap_mm",
           [](std::string& o, const Row& r) { put_vergence(o, r, [](const auto& v) { return v.gap_mm; }); }},
    Column{"vergence_sigma_mm",
           [](std::string& out, const Row& row) {
             const auto* point = row.pair->vergence_point();
             if (point == nullptr || !point->covariance_mm2) return;
             const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> eigen(*point->covariance_mm2,
                                                                        Eigen::EigenvaluesOnly);
             put_number(out, std::sqrt(std::max(0.0, eigen.eigenvalues()[2])), 3);
           }},
    Column{"vergence_miss",
           [](std::string& out, const Row& row) {
             if (const auto* miss = std::get_if<VergenceMiss>(&row.pair->vergence)) out += to_string(*miss);
           }},
};

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
};

}  // namespace

TrackCsvWriter::TrackCsvWriter(OutputFile file, bool with_timings, bool has_two_eyes)
    : file_(std::move(file)),
      stream_(file_.part_path(), std::ios::binary | std::ios::trunc),
      with_timings_(with_timings),
      has_two_eyes_(has_two_eyes) {}

Result<TrackCsvWriter> TrackCsvWriter::create(const std::filesystem::path& path, bool with_timings,
                                              bool has_two_eyes) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  TrackCsvWriter writer(std::move(*file), with_timings, has_two_eyes);
  std::string header;
  const auto name = [&](const Column& column) {
    if (!header.empty()) header += ',';
    header += column.name;
  };
  for (const Column& column : columns) name(column);
  if (has_two_eyes) {
    for (const Column& column : binocular_columns) name(column);
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
  YARBUS_CHECK(!has_two_eyes_);
  add(sample, nullptr, time_s);
}

void TrackCsvWriter::add(const BinocularSample& pair, double time_s) {
  YARBUS_CHECK(has_two_eyes_);
  add(*pair.newest_sample(), &pair, time_s);
}

void TrackCsvWriter::add(const GazeSample& sample, const BinocularSample* pair, double time_s) {
  const Row row{sample, time_s, with_timings_, pair};
  Waiting waiting{pair != nullptr ? pair->newest : EyeSide::right, sample.frame->sequence, {}, {}, false};
  std::string* part = &waiting.before_blink;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) *part += ',';
    if (columns[i].write == nullptr) {
      part = &waiting.after_blink;
    } else {
      columns[i].write(*part, row);
    }
  }
  if (pair != nullptr) {
    for (const Column& column : binocular_columns) {
      *part += ',';
      column.write(*part, row);
    }
  }
  waiting_.push_back(std::move(waiting));
}

Result<void> TrackCsvWriter::label(EyeSide eye, std::uint64_t sequence, std::optional<int> blink_id) {
  const auto row = std::find_if(waiting_.begin(), waiting_.end(),
                                [&](const Waiting& each) { return !each.is_whole && each.eye == eye; });
  YARBUS_CHECK(row != waiting_.end());
  YARBUS_CHECK_OP(row->sequence, ==, sequence);
  if (blink_id) row->before_blink += std::to_string(*blink_id);
  row->is_whole = true;
  while (!waiting_.empty() && waiting_.front().is_whole) {
    stream_ << waiting_.front().before_blink << waiting_.front().after_blink << '\n';
    waiting_.pop_front();
  }
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
