#include "app/session/camera_modes.h"

#include <fstream>
#include <system_error>

#include <nlohmann/json.hpp>

namespace yarbus {
namespace {

constexpr std::size_t most_cameras = 200;

nlohmann::json read(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return nlohmann::json::object();
  auto read = nlohmann::json::parse(in, nullptr, false);
  return read.is_object() ? read : nlohmann::json::object();
}

}  // namespace

const char* to_string(TrackingMode mode) {
  switch (mode) {
    case TrackingMode::automatic:
      return "automatic";
    case TrackingMode::near_eye:
      return "near-eye";
    case TrackingMode::webcam:
      return "webcam";
  }
  return "unknown";
}

std::optional<TrackingMode> CameraModes::mode_of(const std::string& camera) const {
  if (file_.empty()) return std::nullopt;
  const auto known = read(file_);
  const auto found = known.find(camera);
  if (found == known.end() || !found->is_string()) return std::nullopt;
  for (const TrackingMode mode : {TrackingMode::near_eye, TrackingMode::webcam}) {
    if (*found == to_string(mode)) return mode;
  }
  return std::nullopt;
}

Result<void> CameraModes::remember(const std::string& camera, TrackingMode mode) const {
  if (file_.empty() || camera.empty()) return {};
  auto known = read(file_);
  if (mode == TrackingMode::automatic) {
    known.erase(camera);
  } else {
    if (known.size() >= most_cameras && !known.contains(camera)) known.erase(known.begin());
    known[camera] = to_string(mode);
  }
  std::error_code failure;
  if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path(), failure);
  // Beside it first, so that a full disk leaves the old one.
  const std::filesystem::path beside = file_.string() + ".new";
  {
    std::ofstream out(beside);
    out << known.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    if (!out.flush())
      return Error{ErrorCode::output_unwritable, "the camera's mode cannot be remembered", file_.string(),
                   "Make room on the disk, or check the folder's permissions"};
  }
  std::filesystem::rename(beside, file_, failure);
  if (failure)
    return Error{ErrorCode::output_unwritable, "the camera's mode cannot be remembered: " + failure.message(),
                 file_.string(), "Check the folder's permissions"};
  return {};
}

}  // namespace yarbus
