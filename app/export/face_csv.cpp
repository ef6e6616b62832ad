#include "app/export/face_csv.h"

#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "app/export/csv_text.h"
#include "eyemodel/types/angle.h"

namespace yarbus {
namespace {


struct Row {
  const GazeSample& sample;
  double time_s;
  const std::array<std::optional<FaceCsvAxis>, 2>& axes;
  const std::optional<GazePoint>& gaze;
  bool with_timings;

  [[nodiscard]] const IrisPair* pair() const { return std::get_if<IrisPair>(&*sample.face); }
};

struct Column {
  std::string_view name;
  void (*write)(std::string& out, const Row& row);
};

template <class Get>
void put_head(std::string& out, const Row& row, int decimals, Get get) {
  if (const IrisPair* pair = row.pair()) put_number(out, get(pair->sight->head), decimals);
}
template <class Get>
void put_gaze(std::string& out, const Row& row, Get get) {
  if (row.gaze) put_number(out, get(*row.gaze), 3);
}

/// Where the face looks: azimuth to image right, elevation up; and its tilt to image right.
double azimuth_deg(const HeadPose& head) {
  const Eigen::Vector3d facing = -head.cam_from_head.rotation.col(2);
  return std::atan2(facing.x(), -facing.z()) * deg_per_rad;
}
double elevation_deg(const HeadPose& head) {
  const Eigen::Vector3d facing = -head.cam_from_head.rotation.col(2);
  return std::atan2(-facing.y(), std::hypot(facing.x(), facing.z())) * deg_per_rad;
}
double tilt_deg(const HeadPose& head) {
  const Eigen::Vector3d across = head.cam_from_head.rotation.col(0);
  return std::atan2(across.y(), across.x()) * deg_per_rad;
}

constexpr std::array columns{
    Column{"frame", [](std::string& o, const Row& r) { o += std::to_string(r.sample.frame->sequence); }},
    Column{"time_s", [](std::string& o, const Row& r) { put_number(o, r.time_s, 6); }},
    Column{"status",
           [](std::string& o, const Row& r) {
             const auto* miss = std::get_if<FaceMiss>(&*r.sample.face);
             o += miss != nullptr ? to_string(miss->reason) : std::string_view("irises");
           }},
    Column{"gaze_x_in_screen_mm",
           [](std::string& o, const Row& r) {
             put_gaze(o, r, [](const GazePoint& g) { return g.point_in_screen_mm.x(); });
           }},
    Column{"gaze_y_in_screen_mm",
           [](std::string& o, const Row& r) {
             put_gaze(o, r, [](const GazePoint& g) { return g.point_in_screen_mm.y(); });
           }},
    Column{"gaze_sigma_mm",
           [](std::string& o, const Row& r) {
             put_gaze(o, r, [](const GazePoint& g) { return std::sqrt(0.5 * g.covariance_mm2.trace()); });
           }},
    Column{"head_x_in_cam_mm",
           [](std::string& o, const Row& r) {
             put_head(o, r, 2, [](const HeadPose& h) { return h.cam_from_head.translation_mm.x(); });
           }},
    Column{"head_y_in_cam_mm",
           [](std::string& o, const Row& r) {
             put_head(o, r, 2, [](const HeadPose& h) { return h.cam_from_head.translation_mm.y(); });
           }},
    Column{"head_z_in_cam_mm",
           [](std::string& o, const Row& r) {
             put_head(o, r, 2, [](const HeadPose& h) { return h.cam_from_head.translation_mm.z(); });
           }},
    Column{"head_azimuth_deg", [](std::string& o, const Row& r) { put_head(o, r, 3, azimuth_deg); }},
    Column{"head_elevation_deg", [](std::string& o, const Row& r) { put_head(o, r, 3, elevation_deg); }},
    Column{"head_tilt_deg", [](std::string& o, const Row& r) { put_head(o, r, 3, tilt_deg); }},
    Column{"head_features",
           [](std::string& o, const Row& r) {
             if (const IrisPair* pair = r.pair()) o += std::to_string(pair->sight->head.features);
           }},
    Column{"detect_ms",
           [](std::string& o, const Row& r) {
             if (!r.with_timings) return;
             put_number(o, std::chrono::duration<double, std::milli>(r.sample.timings.detect).count(), 3);
           }},
};

/// Of each eye, after its name.
struct EyeColumn {
  std::string_view name;
  double (*value)(const IrisObservation& iris);
  int decimals = 3;
};
constexpr std::array eye_columns{
    EyeColumn{"iris_x_px", [](const IrisObservation& i) { return i.limbus.center_px.x(); }},
    EyeColumn{"iris_y_px", [](const IrisObservation& i) { return i.limbus.center_px.y(); }},
    EyeColumn{"iris_semi_major_px", [](const IrisObservation& i) { return i.limbus.semi_major_px; }},
    EyeColumn{"iris_semi_minor_px", [](const IrisObservation& i) { return i.limbus.semi_minor_px; }},
    EyeColumn{"iris_angle_rad", [](const IrisObservation& i) { return i.limbus.angle_rad; }, 4},
    EyeColumn{"iris_x_sigma_px",
              [](const IrisObservation& i) { return std::sqrt(i.limbus_covariance_px2(0, 0)); }},
    EyeColumn{"iris_y_sigma_px",
              [](const IrisObservation& i) { return std::sqrt(i.limbus_covariance_px2(1, 1)); }},
    EyeColumn{"openness", [](const IrisObservation& i) { return i.openness; }},
    EyeColumn{"confidence", [](const IrisObservation& i) { return i.confidence; }, 4},
};
struct AxisColumn {
  std::string_view name;
  double (*value)(const FaceCsvAxis& axis);
  int decimals = 4;
};
constexpr std::array axis_columns{
    AxisColumn{"eye_x_in_cam_mm", [](const FaceCsvAxis& a) { return a.eye_center_in_cam_mm.x(); }, 2},
    AxisColumn{"eye_y_in_cam_mm", [](const FaceCsvAxis& a) { return a.eye_center_in_cam_mm.y(); }, 2},
    AxisColumn{"eye_z_in_cam_mm", [](const FaceCsvAxis& a) { return a.eye_center_in_cam_mm.z(); }, 2},
    AxisColumn{"axis_x_in_cam", [](const FaceCsvAxis& a) { return a.optical_axis_in_cam.x(); }},
    AxisColumn{"axis_y_in_cam", [](const FaceCsvAxis& a) { return a.optical_axis_in_cam.y(); }},
    AxisColumn{"axis_z_in_cam", [](const FaceCsvAxis& a) { return a.optical_axis_in_cam.z(); }},
};
constexpr std::array eye_names{"right", "left"};

std::string header() {
  std::string line;
  for (const Column& column : columns)
    line += std::string(line.empty() ? "" : ",") + std::string(column.name);
  for (const char* eye : eye_names) {
    for (const EyeColumn& column : eye_columns)
      line += ',' + std::string(eye) + '_' + std::string(column.name);
    for (const AxisColumn& column : axis_columns)
      line += ',' + std::string(eye) + '_' + std::string(column.name);
  }
  return line;
}

}  // namespace

FaceCsvWriter::FaceCsvWriter(OutputFile file, bool with_timings)
    : file_(std::move(file)),
      stream_(file_.part_path(), std::ios::binary | std::ios::trunc),
      with_timings_(with_timings) {
  stream_ << header() << '\n';
}

Result<FaceCsvWriter> FaceCsvWriter::create(const std::filesystem::path& path, bool with_timings) {
  auto file = OutputFile::create(path);
  if (!file) return file.error();
  FaceCsvWriter writer(std::move(*file), with_timings);
  if (!writer.stream_) return unwritable(path, "the folder is gone or full");
  return writer;
}

Result<void> FaceCsvWriter::add(const GazeSample& sample, double time_s,
                                const std::array<std::optional<FaceCsvAxis>, 2>& axes,
                                const std::optional<GazePoint>& gaze) {
  const Row row{sample, time_s, axes, gaze, with_timings_};
  std::string line;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) line += ',';
    columns[i].write(line, row);
  }
  const IrisPair* pair = row.pair();
  for (std::size_t eye = 0; eye < eye_names.size(); ++eye) {
    for (const EyeColumn& column : eye_columns) {
      line += ',';
      if (pair != nullptr && pair->eyes[eye])
        put_number(line, column.value(*pair->eyes[eye]), column.decimals);
    }
    for (const AxisColumn& column : axis_columns) {
      line += ',';
      if (axes[eye]) put_number(line, column.value(*axes[eye]), column.decimals);
    }
  }
  stream_ << line << '\n';
  if (!stream_) return unwritable(file_.path(), "the disk is full or the file went away");
  return {};
}

Result<std::filesystem::path> FaceCsvWriter::close(bool is_complete) {
  stream_.flush();
  const bool is_whole = static_cast<bool>(stream_);
  stream_.close();
  if (!is_whole || !stream_) {
    const auto kept = file_.keep_partial();
    return unwritable(file_.path(), "the disk is full or the file went away");
  }
  return is_complete ? file_.commit() : file_.keep_partial();
}

}  // namespace yarbus
