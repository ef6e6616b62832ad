#include "calibration/camera/camera_library.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <tuple>

#include <nlohmann/json.hpp>

#include "calibration/camera/camera_file.h"

namespace yarbus {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 80;

/// A file name that no two names share: letters, digits, dots and dashes stay, the rest becomes %XX.
std::string as_file_name(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || (c == '.' && !out.empty())) {
      out += c;
      continue;
    }
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%%%02X", byte);
    out += text.data();
  }
  return out;
}

std::string size_text(int width_px, int height_px) {
  return std::to_string(width_px) + "x" + std::to_string(height_px);
}

template <class T>
void read_if_there(const nlohmann::json& json, const char* key, T& value) {
  const auto found = json.find(key);
  if (found == json.end()) return;
  if constexpr (std::is_same_v<T, std::string>) {
    if (found->is_string()) value = found->get<std::string>();
  } else if constexpr (std::is_same_v<T, int>) {
    if (found->is_number_integer()) value = found->get<int>();
  } else {
    if (found->is_number()) value = found->get<double>();
  }
}

Result<CameraRecord> read_record(const fs::path& path) {
  auto intrinsics = read_camera_intrinsics(path);
  if (!intrinsics) return intrinsics.error();
  std::ifstream stream(path);
  const auto json = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
  CameraRecord record;
  record.intrinsics = *intrinsics;
  read_if_there(json, "camera", record.camera);
  if (record.camera.empty())
    return Error{ErrorCode::input_unreadable, "it names no camera", path.string(), "Delete the file"};
  if (const auto found = json.find("calibration"); found != json.end() && found->is_object()) {
    read_if_there(*found, "origin", record.origin);
    read_if_there(*found, "date", record.date);
    read_if_there(*found, "views", record.views);
    read_if_there(*found, "rms_px", record.rms_px);
    read_if_there(*found, "focal_sigma_px", record.focal_sigma_px);
  }
  return record;
}

}  // namespace

fs::path CameraLibrary::path_of(const std::string& camera, int width_px, int height_px) const {
  return folder_ / (as_file_name(camera) + "_" + size_text(width_px, height_px) + ".json");
}

Result<fs::path> CameraLibrary::save(const CameraRecord& record) const {
  if (folder_.empty())
    return Error{ErrorCode::output_unwritable, "there is no folder for calibrated cameras", record.camera,
                 "Set HOME or XDG_CONFIG_HOME"};
  if (record.camera.empty() || record.camera.size() > longest_name) {
    return Error{ErrorCode::invalid_option, "a camera's name has 1 to 80 characters", "camera library",
                 "Give the camera a short name"};
  }
  if (const auto valid = record.intrinsics.validate(); !valid) return valid.error();
  nlohmann::ordered_json calibration;
  calibration["origin"] = record.origin;
  if (!record.date.empty()) calibration["date"] = record.date;
  if (record.views > 0) calibration["views"] = record.views;
  if (record.rms_px) calibration["rms_px"] = *record.rms_px;
  if (record.focal_sigma_px) calibration["focal_sigma_px"] = *record.focal_sigma_px;
  const std::string text =
      camera_json({record.camera, record.intrinsics},
                  calibration.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));

  const fs::path path = path_of(record.camera, record.intrinsics.width_px, record.intrinsics.height_px);
  const fs::path part = path.string() + ".part";
  std::error_code failed;
  fs::create_directories(folder_, failed);
  {
    std::ofstream stream(part, std::ios::binary | std::ios::trunc);
    stream << text;
    stream.close();
    if (!stream) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(part, path, failed);
  if (!failed) return path;
  std::error_code ignored;
  fs::remove(part, ignored);
  return Error{ErrorCode::output_unwritable, "the camera cannot be saved", path.string(),
               "Make the folder writable, or make room on the disk"};
}

Result<CameraRecord> CameraLibrary::load(const std::string& camera, int width_px, int height_px) const {
  const fs::path path = path_of(camera, width_px, height_px);
  std::error_code ignored;
  if (!folder_.empty() && fs::exists(path, ignored)) {
    auto record = read_record(path);
    if (record && (record->intrinsics.width_px != width_px || record->intrinsics.height_px != height_px)) {
      return Error{ErrorCode::input_unreadable,
                   "the saved camera is of another size than its file's name says", path.string(),
                   "Calibrate the camera again"};
    }
    return record;
  }
  std::string sizes;
  for (const CameraRecord& record : list()) {
    if (record.camera == camera)
      sizes +=
          (sizes.empty() ? "" : ", ") + size_text(record.intrinsics.width_px, record.intrinsics.height_px);
  }
  return Error{ErrorCode::input_missing,
               sizes.empty()
                   ? "no camera of that name is saved"
                   : "the camera is saved at " + sizes + ", not at " + size_text(width_px, height_px),
               camera, "See `yarbus calibrate-camera --list`"};
}

std::optional<CameraRecord> CameraLibrary::other_size(const std::string& camera, int width_px,
                                                      int height_px) const {
  std::optional<CameraRecord> best;
  double best_ratio = 0.0;
  for (CameraRecord& record : list()) {
    const CameraIntrinsics& saved = record.intrinsics;
    if (record.camera != camera || saved.width_px == width_px || !scaled_to(saved, width_px, height_px))
      continue;
    const double ratio =
        static_cast<double>(std::min(saved.width_px, width_px)) / std::max(saved.width_px, width_px);
    if (ratio <= best_ratio) continue;
    best_ratio = ratio;
    best = std::move(record);
  }
  return best;
}

std::vector<CameraRecord> CameraLibrary::list(std::vector<Error>* faults) const {
  std::vector<CameraRecord> records;
  std::error_code failed;
  if (folder_.empty()) return records;
  for (fs::directory_iterator entry(folder_, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() != ".json") continue;
    auto record = read_record(entry->path());
    if (record) {
      records.push_back(std::move(*record));
    } else if (faults != nullptr) {
      faults->push_back(record.error());
    }
  }
  std::sort(records.begin(), records.end(), [](const CameraRecord& a, const CameraRecord& b) {
    return std::tie(a.camera, a.intrinsics.width_px, a.intrinsics.height_px) <
           std::tie(b.camera, b.intrinsics.width_px, b.intrinsics.height_px);
  });
  return records;
}

Result<void> CameraLibrary::remove(const std::string& camera, int width_px, int height_px) const {
  const fs::path path = path_of(camera, width_px, height_px);
  std::error_code failed;
  if (!folder_.empty() && fs::remove(path, failed)) return {};
  if (failed)
    return Error{ErrorCode::output_unwritable, "the saved camera cannot be deleted: " + failed.message(),
                 path.string(), "Make the folder writable"};
  return Error{ErrorCode::input_missing, "no camera of that name and size is saved", camera,
               "See `yarbus calibrate-camera --list`"};
}

}  // namespace yarbus
