#include "tracker/capture/v4l2_devices.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace yarbus {
namespace {

/// A driver that never says "no more" is not asked for ever.
constexpr std::uint32_t max_entries = 256;

class SystemDeviceCalls final : public DeviceCalls {
 public:
  std::vector<int> device_numbers() override {
    std::vector<int> numbers;
    std::error_code failed;
    for (std::filesystem::directory_iterator entry("/dev", failed), end; !failed && entry != end;
         entry.increment(failed)) {
      const std::string name = entry->path().filename().string();
      int number = 0;
      if (!name.starts_with("video")) continue;
      const char* last = name.data() + name.size();
      const auto parsed = std::from_chars(name.data() + 5, last, number);
      if (parsed.ec == std::errc() && parsed.ptr == last) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
  int open(const std::string& path) override {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return descriptor >= 0 ? descriptor : -errno;
  }
  int control(int descriptor, unsigned long request, void* argument) override {
    int result = 0;
    do {
      result = ioctl(descriptor, request, argument);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : 0;
  }
  void close(int descriptor) override { ::close(descriptor); }
};

/// An open device that closes itself.
class Device {
 public:
  Device(DeviceCalls& calls, const std::string& path) : calls_(calls), descriptor_(calls.open(path)) {}
  ~Device() {
    if (descriptor_ >= 0) calls_.close(descriptor_);
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  [[nodiscard]] int error() const { return descriptor_ < 0 ? -descriptor_ : 0; }
  int control(unsigned long request, void* argument) {
    return calls_.control(descriptor_, request, argument);
  }

 private:
  DeviceCalls& calls_;
  int descriptor_;
};

std::string four_characters(std::uint32_t format) {
  std::string text;
  for (int i = 0; i < 4; ++i) text += static_cast<char>((format >> (8 * i)) & 0x7F);
  return text;
}

std::vector<double> rates_of(Device& device, std::uint32_t format, std::uint32_t width,
                             std::uint32_t height) {
  std::vector<double> rates;
  for (std::uint32_t index = 0; index < max_entries; ++index) {
    v4l2_frmivalenum interval{};
    interval.index = index;
    interval.pixel_format = format;
    interval.width = width;
    interval.height = height;
    if (device.control(VIDIOC_ENUM_FRAMEINTERVALS, &interval) != 0) break;
    const bool discrete = interval.type == V4L2_FRMIVAL_TYPE_DISCRETE;
    const v4l2_fract& shortest = discrete ? interval.discrete : interval.stepwise.min;
    if (shortest.numerator != 0)
      rates.push_back(static_cast<double>(shortest.denominator) / shortest.numerator);
    if (!discrete) break;  // a range: its highest rate
  }
  return rates;
}

std::vector<CameraMode> modes_of(Device& device) {
  std::vector<CameraMode> modes;
  for (std::uint32_t index = 0; index < max_entries; ++index) {
    v4l2_fmtdesc format{};
    format.index = index;
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (device.control(VIDIOC_ENUM_FMT, &format) != 0) break;
    for (std::uint32_t size_index = 0; size_index < max_entries; ++size_index) {
      v4l2_frmsizeenum size{};
      size.index = size_index;
      size.pixel_format = format.pixelformat;
      if (device.control(VIDIOC_ENUM_FRAMESIZES, &size) != 0) break;
      const bool discrete = size.type == V4L2_FRMSIZE_TYPE_DISCRETE;
      const std::uint32_t width = discrete ? size.discrete.width : size.stepwise.max_width;
      const std::uint32_t height = discrete ? size.discrete.height : size.stepwise.max_height;
      modes.push_back({four_characters(format.pixelformat), static_cast<int>(width), static_cast<int>(height),
                       rates_of(device, format.pixelformat, width, height)});
      if (!discrete) break;
    }
  }
  return modes;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

}  // namespace

DeviceCalls& system_device_calls() {
  static SystemDeviceCalls calls;
  return calls;
}

std::vector<CameraInfo> list_cameras(DeviceCalls& calls) {
  std::vector<CameraInfo> cameras;
  for (const int number : calls.device_numbers()) {
    CameraInfo camera;
    camera.index = number;
    camera.path = "/dev/video" + std::to_string(number);
    camera.name = camera.path;
    Device device(calls, camera.path);
    if (device.error() == EACCES || device.error() == EPERM) {
      camera.is_readable = false;
      cameras.push_back(camera);
      continue;
    }
    v4l2_capability capability{};
    if (device.error() != 0 || device.control(VIDIOC_QUERYCAP, &capability) != 0) continue;
    const std::uint32_t abilities = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0
                                        ? capability.device_caps
                                        : capability.capabilities;
    if ((abilities & V4L2_CAP_VIDEO_CAPTURE) == 0) continue;  // a metadata or output node
    const auto text = [](const auto& bytes) {
      const char* start = reinterpret_cast<const char*>(bytes);
      return std::string(start, strnlen(start, sizeof(bytes)));
    };
    camera.name = text(capability.card);
    camera.bus = text(capability.bus_info);
    camera.modes = modes_of(device);
    cameras.push_back(std::move(camera));
  }
  return cameras;
}

std::vector<CameraInfo> list_cameras() { return list_cameras(system_device_calls()); }

Result<CameraInfo> find_camera(const std::string& location, DeviceCalls& calls) {
  const auto cameras = list_cameras(calls);
  const bool is_index =
      !location.empty() &&
      std::all_of(location.begin(), location.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  std::error_code no_link;
  const std::string linked = is_index ? "" : std::filesystem::canonical(location, no_link).string();
  std::vector<CameraInfo> matches;
  for (const CameraInfo& camera : cameras) {
    const bool exact = is_index ? std::to_string(camera.index) == location
                                : camera.path == location || camera.path == linked;
    if (exact) return camera;
    if (!is_index && lower(camera.name).find(lower(location)) != std::string::npos) matches.push_back(camera);
  }
  if (matches.size() == 1) return matches[0];
  if (matches.empty()) {
    return Error{ErrorCode::input_missing, "there is no such camera", location,
                 "`yarbus devices` lists the cameras"};
  }
  std::string names;
  for (const CameraInfo& camera : matches)
    names += (names.empty() ? "" : ", ") + camera.path + " (" + camera.name + ")";
  return Error{ErrorCode::invalid_option, "several cameras have that name: " + names, location,
               "Give the path of one of them"};
}

bool names_a_camera(const std::string& location, DeviceCalls& calls) {
  const auto found = find_camera(location, calls);
  return found || found.error().code == ErrorCode::invalid_option;
}

Result<void> probe_camera(const std::string& path, DeviceCalls& calls) {
  const Error busy{ErrorCode::device_busy, "the camera is used by another program", path,
                   "Close the other program"};
  Device device(calls, path);
  switch (device.error()) {
    case 0:
      break;
    case EACCES:
    case EPERM:
      return Error{ErrorCode::permission_denied, "no permission to open the camera", path,
                   "Add yourself to the video group (sudo usermod -aG video $USER), then log in again"};
    case EBUSY:
      return busy;
    default:
      return Error{ErrorCode::input_missing,
                   std::string("the camera cannot be opened: ") + std::strerror(device.error()), path,
                   "Plug it in again; `yarbus devices` lists the cameras"};
  }
  // Another program that streams holds the buffers: asking for some of our own shows it.
  v4l2_requestbuffers request{};
  request.count = 1;
  request.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  request.memory = V4L2_MEMORY_MMAP;
  const int answer = device.control(VIDIOC_REQBUFS, &request);
  if (answer == -EBUSY) return busy;
  if (answer == 0) {
    request.count = 0;
    device.control(VIDIOC_REQBUFS, &request);
  }
  return {};
}

}  // namespace yarbus
