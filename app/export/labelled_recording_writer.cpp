#include <cmath>
#include <fstream>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "app/export/csv_text.h"
#include "app/export/label_table.h"
#include "app/export/labelled_recording.h"
#include "app/export/output_file.h"

namespace yarbus {
namespace {

namespace fs = std::filesystem;

/// Quick, and hardly larger for images that are noise in their last bits.
constexpr int png_compression = 1;

Result<void> make_empty_folder(const fs::path& folder) {
  std::error_code failed;
  if (fs::exists(folder, failed)) {
    if (!fs::is_directory(folder, failed)) return unwritable(folder, "it exists and is no folder");
    const bool is_empty = fs::is_empty(folder, failed);
    if (failed) return unwritable(folder, failed.message());
    if (!is_empty) {
      return Error{ErrorCode::output_unwritable, "the folder exists and is not empty", folder.string(),
                   "Choose a new folder: no recording is written over another"};
    }
  }
  fs::create_directories(folder / "frames", failed);
  if (failed) return unwritable(folder, failed.message());
  return {};
}

Result<void> write_file(const fs::path& path, const char* bytes, std::size_t count) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes, static_cast<std::streamsize>(count));
  stream.close();
  if (stream) return {};
  std::error_code ignored;
  fs::remove(path, ignored);  // what there is of it is no image
  return unwritable(path, "the disk is full or the folder cannot be written to");
}

Result<void> write_meta(const fs::path& path, const CameraIntrinsics& intrinsics, double rate_hz,
                        const std::string& name, const std::string& description,
                        const LabelledScreen* screen) {
  nlohmann::ordered_json meta;
  meta["name"] = name;
  meta["description"] = description;
  meta["K"] = {{"fx", intrinsics.fx_px}, {"fy", intrinsics.fy_px},       {"cx", intrinsics.cx_px},
               {"cy", intrinsics.cy_px}, {"width", intrinsics.width_px}, {"height", intrinsics.height_px}};
  if (intrinsics.distortion_model == DistortionModel::fisheye) {
    meta["distortion_model"] = to_string(intrinsics.distortion_model);
    for (std::size_t i = 0; i < 4; ++i) meta["distortion"].push_back(intrinsics.distortion[i]);
  } else if (intrinsics.has_distortion()) {
    meta["distortion"] = intrinsics.distortion;
  } else {
    meta["distortion"] = "none";
  }
  for (const Eigen::Vector3d& led : intrinsics.leds_in_cam_mm)
    meta["leds_in_cam_mm"].push_back({led.x(), led.y(), led.z()});
  meta["pixel_convention"] = "integer coordinates at pixel centres";
  meta["fps"] = rate_hz;
  if (screen != nullptr) {
    const ScreenGeometry& geometry = screen->geometry;
    meta["screen"] = {{"width_mm", geometry.width_mm},
                      {"height_mm", geometry.height_mm},
                      {"width_px", geometry.width_px},
                      {"height_px", geometry.height_px}};
    if (screen->screen_from_cam) {
      nlohmann::ordered_json& place = meta["screen_from_cam"];
      const RigidTransform& screen_from_cam = *screen->screen_from_cam;
      for (Eigen::Index row = 0; row < 3; ++row)
        place["rotation"].push_back({screen_from_cam.rotation(row, 0), screen_from_cam.rotation(row, 1),
                                     screen_from_cam.rotation(row, 2)});
      for (const double value_mm : screen_from_cam.translation_mm)
        place["translation_mm"].push_back(value_mm);
    }
  }
  const std::string text = meta.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
  return write_file(path, text.data(), text.size());
}

std::string image_name(std::uint64_t frame) {
  std::string number = std::to_string(frame);
  if (number.size() < 4) number.insert(0, 4 - number.size(), '0');
  return number + ".png";
}

}  // namespace

struct LabelledRecordingWriter::Impl {
  fs::path folder;
  int width_px = 0;
  int height_px = 0;
  std::optional<ScreenGeometry> screen;  ///< of a face
  OutputFile table;
  std::ofstream rows;
  std::uint64_t next_frame = 0;
  std::uintmax_t whole_bytes = 0;  ///< of the table: what was written without a fault
  bool is_closed = false;
  std::vector<std::uint8_t> png;
  std::string row;

  Impl(fs::path to, const CameraIntrinsics& intrinsics, OutputFile gt)
      : folder(std::move(to)),
        width_px(intrinsics.width_px),
        height_px(intrinsics.height_px),
        table(std::move(gt)),
        rows(table.part_path(), std::ios::binary | std::ios::trunc) {}

  ~Impl() {
    if (is_closed || next_frame == 0) return;
    rows.close();
    std::error_code ignored;
    fs::resize_file(table.part_path(), whole_bytes, ignored);  // without the half row of a full disk
    static_cast<void>(table.keep_partial());
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// The row reaches the file at once, so that a table is never behind its images by more than one.
  Result<void> write_row() {
    row += '\n';
    rows << row;
    rows.flush();
    if (!rows) return unwritable(table.path(), "the disk is full");
    whole_bytes += row.size();
    return {};
  }

  Result<void> write_header() {
    row.clear();
    for (const LabelColumn& column : label_columns()) {
      if (!is_written(column)) continue;
      if (!row.empty()) row += ',';
      row += column.name;
    }
    return write_row();
  }

  [[nodiscard]] bool is_written(const LabelColumn& column) const {
    return screen ? column.face_value != nullptr : column.value != nullptr;
  }

  /// Its word, or the number; nothing where it is absent.
  void put_field(const LabelColumn& column, double value) {
    if (&column != &label_columns().front()) row += ',';
    const auto words = words_of(column);
    if (words.empty()) {
      put_number(row, value, column.decimals);
    } else if (!std::isnan(value)) {
      row += words[static_cast<std::size_t>(value)];
    }
  }

  Result<void> write_labels(const FaceTruth& truth) {
    row.clear();
    for (const LabelColumn& column : label_columns()) {
      if (is_written(column)) put_field(column, column.face_value({next_frame, truth, *screen}));
    }
    return write_row();
  }

  Result<void> write_labels(const SimulatedTruth& truth) {
    row.clear();
    for (const LabelColumn& column : label_columns()) {
      if (is_written(column)) put_field(column, column.value({next_frame, truth}));
    }
    return write_row();
  }

  Result<void> write_image(const GrayView& image) {
    YARBUS_CHECK_OP(image.width_px, ==, width_px);
    YARBUS_CHECK_OP(image.height_px, ==, height_px);
    const fs::path path = folder / "frames" / image_name(next_frame);
    const cv::Mat pixels(image.height_px, image.width_px, CV_8UC1, const_cast<std::uint8_t*>(image.data),
                         static_cast<std::size_t>(image.stride_bytes));
    if (!cv::imencode(".png", pixels, png, {cv::IMWRITE_PNG_COMPRESSION, png_compression}))
      return unwritable(path, "PNG encoding failed");
    return write_file(path, reinterpret_cast<const char*>(png.data()), png.size());
  }
};

LabelledRecordingWriter::LabelledRecordingWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LabelledRecordingWriter::~LabelledRecordingWriter() = default;
LabelledRecordingWriter::LabelledRecordingWriter(LabelledRecordingWriter&&) noexcept = default;
LabelledRecordingWriter& LabelledRecordingWriter::operator=(LabelledRecordingWriter&&) noexcept = default;

Result<LabelledRecordingWriter> LabelledRecordingWriter::create(const fs::path& folder,
                                                                const CameraIntrinsics& intrinsics,
                                                                double rate_hz,
                                                                const std::string& description) {
  return open(folder, intrinsics, rate_hz, description, nullptr);
}

Result<LabelledRecordingWriter> LabelledRecordingWriter::create(const fs::path& folder,
                                                                const CameraIntrinsics& intrinsics,
                                                                double rate_hz,
                                                                const std::string& description,
                                                                const LabelledScreen& screen) {
  return open(folder, intrinsics, rate_hz, description, &screen);
}

Result<LabelledRecordingWriter> LabelledRecordingWriter::open(const fs::path& folder,
                                                              const CameraIntrinsics& intrinsics,
                                                              double rate_hz, const std::string& description,
                                                              const LabelledScreen* screen) {
  if (const auto made = make_empty_folder(folder); !made) return made.error();
  std::error_code failed;
  const fs::path named = fs::absolute(folder, failed).lexically_normal();
  const std::string name = (named.has_filename() ? named : named.parent_path()).filename().string();
  if (const auto meta = write_meta(folder / "meta.json", intrinsics, rate_hz, name, description, screen);
      !meta)
    return meta.error();
  auto table = OutputFile::create(folder / "gt.csv");
  if (!table) return table.error();
  auto impl = std::make_unique<Impl>(folder, intrinsics, std::move(*table));
  if (screen != nullptr) impl->screen = screen->geometry;
  if (const auto header = impl->write_header(); !header) return header.error();
  return LabelledRecordingWriter(std::move(impl));
}

Result<void> LabelledRecordingWriter::add(const GrayView& image, const FaceTruth& truth) {
  YARBUS_CHECK(impl_ != nullptr && !impl_->is_closed);
  YARBUS_CHECK(impl_->screen.has_value());
  if (const auto written = impl_->write_image(image); !written) return written.error();
  if (const auto written = impl_->write_labels(truth); !written) return written.error();
  ++impl_->next_frame;
  return {};
}

Result<void> LabelledRecordingWriter::add(const GrayView& image, const SimulatedTruth& truth) {
  YARBUS_CHECK(impl_ != nullptr && !impl_->is_closed);
  YARBUS_CHECK(!impl_->screen.has_value());
  if (const auto written = impl_->write_image(image); !written) return written.error();
  if (const auto written = impl_->write_labels(truth); !written) return written.error();
  ++impl_->next_frame;
  return {};
}

Result<void> LabelledRecordingWriter::close() {
  YARBUS_CHECK(impl_ != nullptr && !impl_->is_closed);
  impl_->rows.close();
  if (!impl_->rows) return unwritable(impl_->table.path(), "the disk is full");
  const auto committed = impl_->table.commit();
  if (!committed) return committed.error();
  impl_->is_closed = true;
  return {};
}

}  // namespace yarbus
